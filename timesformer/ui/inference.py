"""Models at work for the page: loaded once for everybody, told of while they work, and stopped."""

import contextvars
import logging
import math
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache, lru_cache, wraps
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch

from ..checkpoints.checkpoint import download_checkpoint
from ..checkpoints.registry import embedded_models
from ..errors import TimesformerError
from ..experiments import TIMED, TRIALS, Run, Trial, answers_of, measured
from ..explain import METHODS, Check, Explanation, Target
from ..explain.deletion import NUM_PREDICTIONS
from ..hub.source import Repository
from ..i18n import t
from ..progress import Progress
from ..recognizer import Recognizer, load
from ..video.clip import Clip
from ..visualize import export
from ..visualize.explorer import queries_file, rollouts_file
from .catalog import owners_dtype

MODELS_HELD = 2  # beside the embedded ones, which are small
GPU_SECONDS = 30
HEARD_EVERY = 0.5  # seconds, of long work
LONGEST = 120.0  # seconds: what would take longer by an estimate is not begun
LENT = "SPACES_ZERO_GPU" in os.environ  # whether a GPU is lent call by call

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Heard = list[tuple[int, int | None]]

loading: defaultdict[str | Repository, threading.Lock] = defaultdict(threading.Lock)
fetching = threading.Lock()  # of models that are not offered: one at a time


class Stopped(Exception):
    """Nobody waits for this work any more."""


class OnProcessor(NamedTuple):
    """A model by its name, but on the processor where there is a GPU, too."""

    name: str | Repository


Name = str | Repository | OnProcessor


def on_gpu(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as Spaces wants it where a GPU is lent call by call; unchanged elsewhere."""
    if not LENT:
        return function
    import spaces

    return spaces.GPU(duration=GPU_SECONDS)(function)


def _loaded(name: str | Repository) -> Recognizer:
    """On the processor where a GPU is lent: Spaces' stand-in for one is for the main thread."""
    late = LENT and threading.current_thread() is not threading.main_thread()
    return load(name, device="cpu" if late else None, dtype=owners_dtype())


_load = lru_cache(maxsize=MODELS_HELD)(_loaded)
_load_embedded = cache(_loaded)


@lru_cache(maxsize=1)
def _load_on_processor(name: str | Repository) -> Recognizer:
    return load(name, device="cpu", dtype=owners_dtype())


def recognizer_named(name: Name) -> Recognizer:
    """The recognizer, loaded once for everybody."""
    if isinstance(name, OnProcessor):
        with loading[name.name]:
            return _load_on_processor(name.name)
    with loading[name]:
        return _load_embedded(name) if name in embedded_models() else _load(name)


def load_at_start(names: Sequence[str]) -> None:
    """Loads the first model; where a GPU is lent, all that need no download, to be lent it too."""
    first, *others = names
    for name in (first, *(set(others) & set(embedded_models()) if LENT else ())):
        recognizer_named(name)


def sparing(
    work: Callable[..., Generator[str, None, Result]],
) -> Callable[..., Generator[str, None, Result]]:
    """Work with a model, which goes on where a GPU has no memory left, with the same answer.

    Once more without what earlier work left in it, and then on the processor, which is told.
    """

    @wraps(work)
    def spared(name: str | Repository, *inputs: Any, **options: Any) -> Any:
        for _ in range(2):
            try:
                return (yield from work(name, *inputs, **options))
            except torch.OutOfMemoryError:
                log.warning("the GPU has no memory left")
            torch.cuda.empty_cache()  # behind the error, which holds what did fit
        yield t("status.on_cpu")
        return (yield from work(OnProcessor(name), *inputs, **options))

    return spared


def _at_once(function: Callable[..., Result]) -> Callable[..., Result]:
    """The same for a function that tells nothing."""

    def work(name: Name, *inputs: Any, **options: Any) -> Generator[str, None, Result]:
        yield from ()
        return function(name, *inputs, **options)

    @wraps(function)
    def done(name: str | Repository, *inputs: Any, **options: Any) -> Result:
        steps = sparing(work)(name, *inputs, **options)
        try:
            while True:
                next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result

    return done


@on_gpu
def _explain(name: Name, clip: Clip, options: dict[str, Any]) -> Explanation:
    return recognizer_named(name).explain(clip, **options)


@on_gpu
def _check(name: Name, clip: Clip, explanation: Explanation, options: dict[str, Any]) -> Check:
    return recognizer_named(name).check(clip, explanation, **options)


@on_gpu
def _try(name: Name, clip: Clip, trial: str, options: dict[str, Any]) -> Trial:
    return TRIALS[trial](recognizer_named(name), clip, **options)


@on_gpu
def _measure(name: Name, clip: Clip) -> Run:
    return measured(recognizer_named(name), clip)


@_at_once
@on_gpu
def arrays_of(name: Name, clip: Clip, explanation: Explanation) -> dict[str, np.ndarray]:
    """The numbers to take along, with the attention of every head."""
    return export.arrays_of(recognizer_named(name), clip, explanation)


@_at_once
@on_gpu
def queries_of(name: Name, clip: Clip, *, model: str, blocks: Sequence[int] | None = None) -> bytes:
    """The queries and keys of all blocks, or of some, as a file."""
    return queries_file(recognizer_named(name), clip, model=model, blocks=blocks)


@_at_once
@on_gpu
def rollouts_of(name: Name, clip: Clip, *, model: str, frame: int) -> bytes:
    """What each patch of a frame draws through all blocks, as a file."""
    return rollouts_file(recognizer_named(name), clip, model=model, frame=frame)


@sparing
def explained(
    name: Name, clip: Clip, *, method: str, target: Target | None
) -> Generator[str, None, Explanation]:
    """The explanation; tells how far it is where that takes long."""
    options: dict[str, Any] = {"method": method, "target": target}
    if not METHODS[method].is_slow:
        return _explain(name, clip, options)
    _check_patience(name, clip, answers=METHODS[method].num_predictions)
    return (yield from _told(lambda more: _explain(name, clip, options | more)))


@sparing
def checked(name: Name, clip: Clip, explanation: Explanation) -> Generator[str, None, Check]:
    """The check of an explanation; tells how far it is."""
    _check_patience(name, clip, answers=NUM_PREDICTIONS)
    return (yield from _told(lambda more: _check(name, clip, explanation, more)))


@sparing
def tried(name: Name, clip: Clip, trial: str, **options: Any) -> Generator[str, None, Trial]:
    """A trial of TRIALS with its options; tells how far it is."""
    _check_patience(name, clip, answers=answers_of(trial, len(clip.frames)))
    return (
        yield from _told(
            lambda more: _try(name, clip, trial, options | more), "status.experimenting"
        )
    )


@sparing
def run(name: Name, clip: Clip) -> Generator[str, None, Run]:
    """The answer to a clip with what it takes; each sentence is a chance to stop."""
    _check_patience(name, clip, answers=TIMED)
    return (yield from _told(lambda _: _measure(name, clip), "status.experimenting"))


def _check_patience(name: Name, clip: Clip, *, answers: int) -> None:
    """Raises TimesformerError where so many answers would take too long here."""
    if LENT:  # where its own limit holds
        return
    recognizer, seconds = recognizer_named(name), math.inf
    for _ in range(2):  # the first answer of a model takes longer
        began = time.monotonic()
        recognizer.predict(clip)
        seconds = min(seconds, answers * (time.monotonic() - began))
        if seconds <= LONGEST:
            return
    raise TimesformerError("page.too_slow", minutes=seconds / 60, limit=LONGEST / 60)


def _told(
    work: Callable[[dict[str, Progress]], Result],
    key: str = "status.masking",
) -> Generator[str, None, Result]:
    """What the work comes to; yields how far it is, and stops it where nobody waits any more.

    `key` is of the sentence before the first progress; the one with the progress ends in _part.
    """
    heard: Heard = []
    stop = threading.Event()

    def on_progress(done: int, pieces: int | None) -> None:
        heard.append((done, pieces))
        if stop.is_set():
            raise Stopped

    pool = ThreadPoolExecutor(1)
    here = contextvars.copy_context()  # in which Spaces finds whose turn it is
    coming = pool.submit(lambda: here.run(work, {} if LENT else {"on_progress": on_progress}))
    pool.shutdown(wait=False)
    try:
        for done, pieces in _heard_of(coming, heard):
            yield t(f"{key}_part", done=done, total=pieces) if pieces else t(key)
    finally:
        stop.set()
    return coming.result()


def _heard_of(coming: Future[Any], heard: Heard) -> Iterator[tuple[int, int | None]]:
    """The latest that was heard, twice a second until it is done: each is a chance to stop."""
    while not coming.done():
        wait([coming], timeout=HEARD_EVERY)
        if not coming.done():
            yield heard[-1] if heard else (0, None)


def downloading(name: str | Repository) -> Iterator[str]:
    """How far the download of a model is, twice a second; nothing where it is here already.

    Of models that are not offered one is fetched at a time, even where its visitor has gone.
    """
    heard: Heard = []
    visiting = isinstance(name, Repository)
    if visiting and not fetching.acquire(blocking=False):
        raise TimesformerError("page.downloading")
    pool = ThreadPoolExecutor(1)
    try:
        coming = pool.submit(download_checkpoint, name, on_progress=lambda *now: heard.append(now))
    except RuntimeError:  # there is no thread to be had
        if visiting:
            fetching.release()
        raise
    if visiting:
        coming.add_done_callback(lambda _: fetching.release())
    pool.shutdown(wait=False)  # whoever stops does not wait for what is on its way
    for now in _heard_of(coming, heard):
        yield _downloaded(str(name), *now) if heard else t("status.loading")
    coming.result()


def _downloaded(name: str, done: int, total: int | None) -> str:
    if total is None:
        return t("status.downloading", name=name, done=done / 1e6)
    return t("status.downloading_of", name=name, done=done / 1e6, total=total / 1e6)
