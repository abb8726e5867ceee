"""Request tokens: outputs of an older request of the same tab are dropped."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import gradio as gr

from .analysis import CLIP_CACHE
from .outputs import NO_STATUS


class RequestToken:
    """The state of a tab: the number of its last request, what it sent, and its uploaded clip.

    `sent` is a digest: a tab could send large values.
    """

    number = 0
    sent = b""
    clip: str | None = None

    def start(self, sent: Any) -> None:
        """Start a request, and discard an earlier clip that differs."""
        self.number += 1
        self.sent = digest_of(sent)
        clip = sent.get("clip") if isinstance(sent, Mapping) else None
        self._replace_clip(clip.get("path") if isinstance(clip, Mapping) else None)

    def stop(self) -> None:
        """End the tab's requests, also an answer that waits in the queue."""
        self.number += 1
        self.sent = b""

    def cancel(self) -> None:
        """Discard the tab's clip and end its requests. A newer request, of an example, goes on."""
        if self.clip is None:
            return
        self.stop()
        self._replace_clip(None)

    def _replace_clip(self, clip: Any) -> None:
        if self.clip and self.clip != clip:
            CLIP_CACHE.discard(self.clip)
        self.clip = clip if isinstance(clip, str) else None


def digest_of(sent: Any) -> bytes:
    """Return the SHA-256 of a JSON value."""
    return hashlib.sha256(json.dumps(sent, sort_keys=True).encode()).digest()


def starts_request(handler: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return a handler that starts a new request."""

    def start(token: RequestToken, sent: Any) -> Any:
        token.start(sent)
        return handler(sent)

    return start


def stop_requests(token: RequestToken) -> str:
    """End all requests of the tab and return an empty status: the page says that they stopped."""
    token.stop()
    return NO_STATUS


def cancels(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return a handler that ends all requests of the tab and discards its clip."""

    def cancel(token: RequestToken, *inputs: Any) -> Any:
        token.cancel()
        return handler(*inputs)

    return cancel


def until_superseded(
    handler: Callable[..., Any], outputs: Sequence[Any], *, is_answer: bool = False
) -> Callable[..., Any]:
    """Return a generator of outputs that ends when the tab stops it or starts another request.

    An answer waits in the queue. It has no outputs if the tab started another request meanwhile.
    The request is the last input.
    """

    def generate(token: RequestToken, *inputs: Any) -> Iterator[Any]:
        number, skips = token.number, (gr.skip(),) * len(outputs)
        yield skips  # Gradio empties the outputs of a generator without any
        if is_answer and digest_of(inputs[-1]) != token.sent:
            return
        for values in handler(*inputs):
            if token.number != number:
                break
            yield values
        yield skips  # Gradio sends the last values once more at the end

    return generate
