"""Request tokens: what a tab asked for earlier ends when it asks for something else, or stops.

The page counts what its visitor starts, and sends the `count` with every request.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .analysis import CLIP_CACHE
from .outputs import NO_STATUS, SKIP, Outputs


class RequestToken:
    """The state of a tab: its uploaded clip, and the count up to which its requests have ended."""

    ended = -1
    clip: str | None = None

    def start(self, sent: Any) -> None:
        """End all earlier requests, and discard an earlier clip that differs."""
        count = count_of(sent)
        if count is not None:
            self.end(count - 1)
        clip = _clip_of(sent)
        if self.clip and self.clip != clip:
            CLIP_CACHE.discard(self.clip)
        self.clip = clip

    def end(self, count: int) -> None:
        """End requests up to a count, also those that wait in the queue."""
        self.ended = max(self.ended, count)

    def forget(self, sent: Any) -> None:
        """Discard the clip of a request, and end all requests up to it."""
        self.stop(sent)
        clip = _clip_of(sent)
        if clip is None:
            return
        CLIP_CACHE.discard(clip)
        if self.clip == clip:
            self.clip = None

    def stop(self, sent: Any) -> None:
        """End all requests up to that of a stop."""
        count = count_of(sent)
        if count is not None:
            self.end(count)

    def has_ended(self, sent: Any) -> bool:
        """Return True if a request has ended."""
        count = count_of(sent)
        return count is not None and count <= self.ended


def count_of(sent: Any) -> int | None:
    """Return the count of a request, or None for those of other programs."""
    count = sent.get("count") if isinstance(sent, Mapping) else None
    return count if type(count) is int else None


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
    token.stop(sent)
    return NO_STATUS


def forgets_clip(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return a handler that ends all earlier requests and discards the clip."""

    def forget(token: RequestToken, sent: Any, *files: Any) -> Any:
        token.forget(sent)
        return handler(*files)

    return forget


def until_superseded(
    handler: Callable[..., Any], outputs: Sequence[Any], *, ended: Outputs = ()
) -> Callable[..., Any]:
    """Return a generator of outputs that ends when the tab stops it or starts another request.

    Its last outputs are then `ended`, or the earlier ones. The request is the last input.
    """

    def generate(token: RequestToken, *inputs: Any) -> Iterator[Any]:
        skips = (SKIP,) * len(outputs)
        yield skips  # Gradio empties the outputs of a generator without any
        if not token.has_ended(inputs[-1]):
            for values in handler(*inputs):
                if token.has_ended(inputs[-1]):
                    break
                yield values
            else:
                yield skips  # Gradio sends the last values once more at the end
                return
        yield ended or skips

    return generate
