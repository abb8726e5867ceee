"""Work in the background reports its progress, and can be left alone or stopped."""

import contextvars
import threading
from collections.abc import Callable, Generator
from typing import Any

import pytest

from timesformer.ui import background
from timesformer.ui.background import Stopped, run_in_background

WAIT = 30  # seconds, at most


@pytest.fixture(autouse=True)
def frequent_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "PROGRESS_SECONDS", 0.01)


def run_to_end(steps: Generator[Any, None, Any]) -> tuple[list[Any], Any]:
    """Return all reports, and the result."""
    reports = []
    try:
        while True:
            reports.append(next(steps))
    except StopIteration as end:
        return reports, end.value


def test_the_result_comes_after_reports_of_progress() -> None:
    seen = threading.Event()

    def work(on_progress: Callable[[int, int | None], None]) -> str:
        on_progress(1, 2)
        seen.wait(WAIT)
        return "done"

    steps = run_in_background(work)
    while next(steps) != (1, 2):
        pass
    seen.set()
    reports, result = run_to_end(steps)
    assert set(reports) <= {(1, 2)}
    assert result == "done"


def test_an_error_of_the_work_is_raised() -> None:
    def work(_: object) -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        run_to_end(run_in_background(work))


def test_the_work_runs_in_the_caller_s_context() -> None:
    """The language and, on ZeroGPU, the visitor's request are context variables."""
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="")
    token = variable.set("here")
    assert run_to_end(run_in_background(lambda _: variable.get()))[1] == "here"
    variable.reset(token)


@pytest.mark.parametrize("is_stopped", [True, False])
def test_a_closed_generator_does_not_wait_for_the_work(is_stopped: bool) -> None:
    closed, ended, outcome = threading.Event(), threading.Event(), []

    def work(on_progress: Callable[[int, int | None], None]) -> None:
        closed.wait(WAIT)
        try:
            on_progress(1, 2)
            outcome.append("went on")
        except Stopped:
            outcome.append("stopped")

    steps = run_in_background(work, stop_when_closed=is_stopped, on_end=ended.set)
    next(steps)
    steps.close()
    assert not ended.is_set()
    closed.set()
    assert ended.wait(WAIT)
    assert outcome == ["stopped" if is_stopped else "went on"]


def test_on_end_is_called_if_no_thread_can_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    ended = threading.Event()
    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(RuntimeError):
        next(run_in_background(lambda _: None, on_end=ended.set))
    assert ended.is_set()
