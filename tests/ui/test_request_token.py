"""Request tokens drop the outputs of older requests, and discard clips that are replaced."""

from typing import Any

import gradio as gr
import pytest
from visitors import request_of

from timesformer.ui import request_token
from timesformer.ui.outputs import NO_STATUS
from timesformer.ui.request_token import (
    RequestToken,
    cancels,
    starts_request,
    stop_requests,
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
    assert [is_skipped(values) for values in older] == [True]
    newer = until_superseded(lambda name: iter([(name, 1)]), OUTPUTS)(token, "b")
    assert is_skipped(next(newer))
    *values, last = newer
    assert values == [("b", 1)]
    assert is_skipped(last)


def test_an_answer_that_waited_too_long_yields_nothing() -> None:
    """The tab started another request before the answer's turn came."""
    token, answer = RequestToken(), lambda needs_model, sent: iter([(sent, 1)])
    start = starts_request(lambda sent: None)
    requests = [request_of("a", method=method) for method in ("rollout", "relevance")]
    for request in requests:
        start(token, request)
    older, newer = (
        list(until_superseded(answer, OUTPUTS, is_answer=True)(token, True, request))
        for request in requests
    )
    assert (len(older), is_skipped(older[0])) == (1, True)
    assert newer[1:-1] == [(requests[1], 1)]


def test_a_stop_ends_the_running_work_and_the_waiting_answer() -> None:
    token, request = RequestToken(), request_of("a")
    starts_request(lambda sent: None)(token, request)
    work = until_superseded(lambda sent: iter([(sent,)] * 2), OUTPUTS[:1])(token, request)
    assert [next(work), next(work)][1] == (request,)
    assert stop_requests(token) == NO_STATUS
    assert [is_skipped(values) for values in work] == [True]
    answer = until_superseded(lambda sent: iter([(sent,)]), OUTPUTS[:1], is_answer=True)
    assert [is_skipped(values) for values in answer(token, request)] == [True]


def test_a_replaced_clip_is_discarded_once(discarded: list[str]) -> None:
    token, start = RequestToken(), starts_request(lambda sent: None)
    for path in ("first", "first", "second"):
        start(token, request_of(path))
    assert discarded == ["first"]
    start(token, {"clip": {"example": "hand-waving"}})
    start(token, request_of(None))
    assert discarded == ["first", "second"]


@pytest.mark.parametrize("sent", [None, [], "first", {}, {"clip": "first"}, {"clip": {"path": 5}}])
def test_a_strange_request_replaces_the_clip_too(sent: object, discarded: list[str]) -> None:
    token, start = RequestToken(), starts_request(lambda sent: None)
    start(token, request_of("first"))
    start(token, sent)
    start(token, sent)
    assert discarded == ["first"]


def test_a_cancelled_request_yields_nothing_and_its_clip_is_discarded(
    discarded: list[str],
) -> None:
    token, request = RequestToken(), request_of("first")
    starts_request(lambda sent: None)(token, request)
    work = until_superseded(lambda sent: iter([(sent,)] * 2), OUTPUTS[:1])(token, request)
    assert [next(work), next(work)][1] == (request,)
    assert cancels(lambda *inputs: inputs)(token, request, "file") == (request, "file")
    assert discarded == ["first"]
    assert [is_skipped(values) for values in work] == [True]
