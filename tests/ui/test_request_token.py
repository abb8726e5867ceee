"""Request tokens drop the outputs of older requests, and discard clips that are replaced."""

from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest
from visitors import request_of

from timesformer.ui import request_token
from timesformer.ui.outputs import NO_STATUS
from timesformer.ui.request_token import (
    RequestToken,
    forgets_clip,
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


def counted(count: int, path: str | None = None) -> dict[str, Any]:
    return request_of(path, count=count)


def work_on(token: RequestToken, request: dict[str, Any]) -> Iterator[Any]:
    """Start work that yields its request twice."""
    work: Iterator[Any] = until_superseded(lambda sent: iter([(sent, 1), (sent, 2)]), OUTPUTS)(
        token, request
    )
    assert is_skipped(next(work))
    return work


def test_an_older_request_yields_nothing_more() -> None:
    token, requests = RequestToken(), [counted(1), counted(2)]
    older = work_on(token, requests[0])
    assert next(older) == (requests[0], 1)
    assert starts_request(lambda sent: sent)(token, requests[1]) is requests[1]
    assert [is_skipped(values) for values in older] == [True]
    *values, last = work_on(token, requests[1])
    assert values == [(requests[1], 1), (requests[1], 2)]
    assert is_skipped(last)


def test_an_answer_that_waited_too_long_yields_nothing() -> None:
    """The tab started another request before the answer's turn came."""
    token, start = RequestToken(), starts_request(lambda sent: None)
    for count in (1, 2):
        start(token, counted(count))
    assert [is_skipped(values) for values in work_on(token, counted(1))] == [True]
    assert len(list(work_on(token, counted(2)))) == 3


def test_a_stop_ends_what_was_started_before_it_alone() -> None:
    token = RequestToken()
    work = work_on(token, counted(1))
    next(work)
    assert stop_requests(token, {"count": 2}) == NO_STATUS
    assert [is_skipped(values) for values in work] == [True]
    assert len(list(work_on(token, counted(2)))) == 1  # it waited in the queue
    assert len(list(work_on(token, counted(3)))) == 3  # pressed right after the stop


def test_a_late_request_ends_nothing_newer() -> None:
    token, start = RequestToken(), starts_request(lambda sent: None)
    start(token, counted(5))
    start(token, counted(3))
    stop_requests(token, {"count": 4})
    assert len(list(work_on(token, counted(5)))) == 3


def test_requests_of_other_programs_have_no_count() -> None:
    token, start = RequestToken(), starts_request(lambda sent: None)
    for sent in (request_of(None), {"count": "9"}, {"count": True}, None):
        start(token, sent)
        stop_requests(token, sent)
        token.forget(sent)
        assert len(list(work_on(token, request_of(None)))) == 3


def test_an_ended_request_can_have_outputs_of_its_own() -> None:
    token, ended = RequestToken(), ("", None)
    generate = until_superseded(lambda sent: iter([(sent, 1)]), OUTPUTS, ended=ended)
    assert list(generate(token, counted(1)))[-1] != ended
    stop_requests(token, {"count": 3})
    assert list(generate(token, counted(3)))[1:] == [ended]


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


def test_a_forgotten_clip_is_discarded_and_its_requests_end(discarded: list[str]) -> None:
    token, request = RequestToken(), counted(1, "first")
    starts_request(lambda sent: None)(token, request)
    work = work_on(token, request)
    next(work)
    forget = forgets_clip(lambda *files: files)
    assert forget(token, counted(2, "first"), "file") == ("file",)
    assert [is_skipped(values) for values in work] == [True]
    starts_request(lambda sent: None)(token, counted(4, "second"))
    forget(token, counted(3, "first"))  # it came late
    assert discarded == ["first", "first"]
    assert len(list(work_on(token, counted(4, "second")))) == 3
    starts_request(lambda sent: None)(token, counted(5))
    assert discarded == ["first", "first", "second"]
