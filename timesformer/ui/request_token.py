"""Request tokens: outputs of an older request of the same tab are dropped."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr

from .analysis import CLIP_CACHE


class RequestToken:
    """The state of a tab: the number of its last request, and that request's inputs and clip."""

    number = 0
    inputs: tuple[Any, ...] = ()
    clip: str | None = None

    def replace_clip(self, clip: str | None) -> None:
        """Set the clip, and discard an earlier one that differs."""
        if self.clip and self.clip != clip:
            CLIP_CACHE.discard(self.clip)
        self.clip = clip


def starts_request(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return a handler that starts a new request. Its first input is the clip."""

    def start(token: RequestToken, clip: str | None, *inputs: Any) -> Any:
        token.number += 1
        token.inputs = (clip, *inputs)
        token.replace_clip(clip)
        return handler(clip, *inputs)

    return start


def cancels(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return a handler that ends all requests of the tab and discards its clip."""

    def cancel(token: RequestToken, *inputs: Any) -> Any:
        token.number += 1
        token.replace_clip(None)
        return handler(*inputs)

    return cancel


def if_clip(handler: Callable[[], Any]) -> Callable[[RequestToken], Any]:
    """Return a handler that changes nothing if the tab has no clip."""

    def handle(token: RequestToken) -> Any:
        return handler() if token.clip else gr.skip()

    return handle


def until_superseded(
    handler: Callable[..., Any], outputs: Sequence[Any], *, is_answer: bool = False
) -> Callable[..., Any]:
    """Return a generator of outputs that ends when the tab starts another request.

    An answer waits in the queue. It has no outputs if the tab started another request meanwhile.
    """

    def generate(token: RequestToken, *inputs: Any) -> Iterator[Any]:
        number = token.number
        yield (gr.skip(),) * len(outputs)  # Gradio empties the outputs of a generator without any
        if is_answer and inputs[1:] != token.inputs:  # after the result of the request itself
            return
        for values in handler(*inputs):
            if token.number != number:
                return
            yield values

    return generate
