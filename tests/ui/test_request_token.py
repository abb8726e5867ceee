"""Request tokens drop the outputs of older requests, and discard clips that are replaced."""

from typing import Any

import gradio as gr
import pytest

from timesformer.ui import handlers, request_token
from timesformer.ui.request_token import (
    RequestToken,
    cancels,
    if_clip,
    starts_request,
    until_superseded,
)

OUTPUTS = [object(), object()]


@pytest.fixture
def discarded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The clips that are discarded."""
    paths: list[str] = []
    monkeypatch.setattr(request_token.CLIP_CACHE, "discard", paths.append)
    return paths


def is_skipped(values: tuple[Any, ...]) -> bool:
    return all(value == gr.skip() for value in values)


def test_an_older_request_yields_nothing_more() -> None:
    token = RequestToken()
    older = until_superseded(lambda name: iter([(name, 1), (name, 2)]), OUTPUTS)(token, "a")
    assert is_skipped(next(older))
    assert next(older) == ("a", 1)
    assert starts_request(lambda name: name)(token, "b") == "b"
    assert list(older) == []
    newer = until_superseded(lambda name: iter([(name, 1)]), OUTPUTS)(token, "b")
    assert is_skipped(next(newer))
    assert list(newer) == [("b", 1)]


def test_an_answer_that_waited_too_long_yields_nothing() -> None:
    """The tab started another request before the answer's turn came."""
    token, answer = RequestToken(), lambda needs_model, *inputs: iter([inputs])
    start, inputs = starts_request(lambda *inputs: None), [("a", "rollout"), ("a", "relevance")]
    for one in inputs:
        start(token, *one)
    older, newer = (
        list(until_superseded(answer, OUTPUTS, is_answer=True)(token, True, *one)) for one in inputs
    )
    assert (len(older), is_skipped(older[0])) == (1, True)
    assert newer[1:] == [inputs[1]]


def test_a_replaced_clip_is_discarded_once(discarded: list[str]) -> None:
    token, start = RequestToken(), starts_request(lambda clip, method: None)
    for clip in ("first", "first", "second"):
        start(token, clip, "rollout")
    assert discarded == ["first"]
    token.replace_clip(None)
    token.replace_clip(None)
    assert discarded == ["first", "second"]


def test_a_cancelled_request_yields_nothing_and_its_clip_is_discarded(
    discarded: list[str],
) -> None:
    token, stop = RequestToken(), if_clip(handlers.stop)
    starts_request(lambda clip: None)(token, "first")
    work = until_superseded(lambda clip: iter([(clip,)] * 2), OUTPUTS[:1])(token, "first")
    assert [next(work), next(work)][1] == ("first",)
    assert stop(token) == handlers.stop()
    assert cancels(handlers.clear)(token) == handlers.clear()
    assert discarded == ["first"]
    assert list(work) == []
    assert stop(token) == gr.skip()
