"""Work on a thread of its own that reports its progress and can be stopped."""

import contextvars
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from ..progress import Progress

PROGRESS_SECONDS = 0.5  # between two reports: often enough to see that the work goes on

Value = TypeVar("Value")
Shown = TypeVar("Shown")
Result = TypeVar("Result")
Amount = tuple[int, int | None]  # done, and total if known


class Stopped(Exception):
    """The end of work whose visitor no longer waits."""


def run_in_background(
    work: Callable[[Progress], Result],
    *,
    stop_when_closed: bool = True,
    on_end: Callable[[], None] = lambda: None,
) -> Generator[Amount | None, None, Result]:
    """Run `work(on_progress)` on a thread and return its result.

    Yield the last progress, or None before the first, every PROGRESS_SECONDS until the result is
    there. If the generator is closed, it does not wait for the work. With `stop_when_closed`,
    `on_progress` then raises Stopped in the work. `on_end` is called when the work ends, and if
    no thread could start.
    """
    last: Amount | None = None
    stop = threading.Event()

    def on_progress(done: int, total: int | None) -> None:
        nonlocal last
        last = done, total
        if stop.is_set():
            raise Stopped

    pool = ThreadPoolExecutor(1)
    context = contextvars.copy_context()  # ZeroGPU finds the visitor's request in it
    try:
        future = pool.submit(lambda: context.run(work, on_progress))
    except RuntimeError:  # no thread could start
        on_end()
        raise
    future.add_done_callback(lambda _: on_end())
    pool.shutdown(wait=False)
    try:
        while not future.done():
            wait([future], timeout=PROGRESS_SECONDS)
            if not future.done():
                yield last
    finally:
        if stop_when_closed:
            stop.set()
    return future.result()


def convert_steps(
    steps: Generator[Value, None, Result], convert: Callable[[Value], Shown]
) -> Generator[Shown, None, Result]:
    """Yield the converted values of a generator, and return its result.

    If this generator is closed, `steps` is closed too.
    """
    try:
        while True:
            yield convert(next(steps))
    except StopIteration as end:
        result: Result = end.value
        return result
    finally:
        steps.close()
