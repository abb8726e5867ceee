"""Request tokens: what a tab asked for earlier ends when it asks for something else, or stops.

The page counts what its visitor starts, and sends the `count` with every request.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import gradio as gr

from .analysis import CLIP_CACHE
from .outputs import NO_STATUS


class RequestToken:
    """The state of a tab: its uploaded clip, and the count up to which its requests have ended."""

    ended = -1
    clip: str | None = None

    def start(self, sent: Any) -> None:
        """End all earlier requests, and discard an earlier clip that differs."""
        self.end(count_of(sent) - 1)
        clip = _clip_of(sent)
        if self.clip and self.clip != clip:
            CLIP_CACHE.discard(self.clip)
        self.clip = clip

    def end(self, count: int) -> None:
        """End requests up to a count, also those that wait in the queue."""
        self.ended = max(self.ended, count)

    def forget(self, sent: Any) -> None:
        """End all earlier requests of a clip, and discard it."""
        self.end(count_of(sent))
        clip = _clip_of(sent)
        if clip is None:
            return
        CLIP_CACHE.discard(clip)
        if self.clip == clip:
            self.clip = None


def count_of(sent: Any) -> int:
    """Return the count of a request; 0 if it has none, as those of other programs."""
    count = sent.get("count") if isinstance(sent, Mapping) else None
    return count if type(count) is int else 0


def _clip_of(sent: Any) -> str | None:
    clip = sent.get("clip") if isinstance(sent, Mapping) else None
    path = clip.get("path") if isinstance(clip, Mapping) else None
    return path if isinstance(path, str) else None


def starts_request(handler: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return a handler that starts a new request."""

    def start(token: RequestToken, sent: Any) -> Any:
        token.start(sent)
        return handler(sent)

    return start


def stop_requests(token: RequestToken, sent: Any) -> str:
    """End all requests so far and return an empty status: the page says that they stopped."""
    token.end(count_of(sent))
    return NO_STATUS


def forgets_clip(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return a handler that ends all earlier requests and discards the clip."""

    def forget(token: RequestToken, sent: Any, *files: Any) -> Any:
        token.forget(sent)
        return handler(*files)

    return forget


def until_superseded(handler: Callable[..., Any], outputs: Sequence[Any]) -> Callable[..., Any]:
    """Return a generator of outputs that ends when the tab stops it or starts another request.

    A request that ended in the queue has no outputs. The request is the last input.
    """

    def generate(token: RequestToken, *inputs: Any) -> Iterator[Any]:
        count, skips = count_of(inputs[-1]), (gr.skip(),) * len(outputs)
        yield skips  # Gradio empties the outputs of a generator without any
        if count <= token.ended:
            return
        for values in handler(*inputs):
            if count <= token.ended:
                break
            yield values
        yield skips  # Gradio sends the last values once more at the end

    return generate
