"""Inference for the page: recognizers at work, with progress, limits and retries.

Functions that take long are generators. They yield sentences with the progress and return a result.
"""

import math
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from functools import wraps
from typing import Any, TypeVar

import numpy as np
import torch

from ..errors import TimesformerError
from ..experiments import (
    EXPERIMENTS,
    TIMING_RUNS,
    ExperimentResult,
    TimedPrediction,
    time_prediction,
)
from ..explain import METHODS, Check, Explanation, Target
from ..explain.deletion import NUM_PREDICTIONS
from ..explain.sharper import SHIFTS
from ..hub.source import Repository
from ..i18n import t
from ..progress import Progress
from ..video.clip import Clip
from ..visualize import export
from ..visualize.explorer import queries_file, rollouts_file
from .background import Amount, convert_steps, run_in_background
from .model_cache import (
    ModelName,
    NoGPU,
    OnCPU,
    asks_for_gpu,
    clear_gpu,
    lent_gpu,
    recognizer_named,
)
from .server import limits

Result = TypeVar("Result")
Steps = Generator[str, None, Result]  # sentences, and at the end a result


def retry_on_cpu(work: Callable[..., Steps[Result]]) -> Callable[..., Steps[Result]]:
    """Return `work` with retries: once more on the GPU with a cleared cache, then on the CPU.

    If ZeroGPU lends no GPU, the retry on the CPU follows at once.
    """

    @wraps(work)
    def retrying(name: str | Repository, *inputs: Any, **options: Any) -> Any:
        try:
            for _ in range(2):
                with suppress(torch.OutOfMemoryError):
                    return (yield from work(name, *inputs, **options))
                clear_gpu()  # after `with`: the error has references to tensors
            yield t("status.on_cpu")
        except NoGPU:
            yield t("status.no_gpu")
        return (yield from work(OnCPU(name), *inputs, **options))

    return retrying


def _retry_call_on_oom(function: Callable[..., Result]) -> Callable[..., Result]:
    """Return a function with the retries of `retry_on_cpu`, without sentences."""

    @wraps(function)
    def retrying(name: str | Repository, *inputs: Any, **options: Any) -> Result:
        for _ in range(2):
            with suppress(torch.OutOfMemoryError):
                return function(name, *inputs, **options)
            clear_gpu()
        return function(OnCPU(name), *inputs, **options)

    return retrying


# Only what takes long asks ZeroGPU for a GPU. Files of numbers take one or two predictions.
@lent_gpu(lambda name, clip, options: _num_predictions(clip, **options))
def _explain(name: ModelName, clip: Clip, options: dict[str, Any]) -> Explanation:
    return recognizer_named(name).explain(clip, **options)


def _num_predictions(clip: Clip, *, method: str, sharper: bool = False, **_: object) -> int:
    """Return an upper bound of the predictions that an explanation takes."""
    shifts = len(SHIFTS) if sharper else 1
    return METHODS[method].num_predictions(len(clip.frames)) * shifts


@lent_gpu(lambda *_: NUM_PREDICTIONS)
def _check(name: ModelName, clip: Clip, explanation: Explanation, options: dict[str, Any]) -> Check:
    return recognizer_named(name).check(clip, explanation, **options)


@lent_gpu(
    lambda name, clip, experiment, _: EXPERIMENTS[experiment].num_predictions(len(clip.frames))
)
def _experiment(
    name: ModelName, clip: Clip, experiment: str, options: dict[str, Any]
) -> ExperimentResult:
    change = EXPERIMENTS[experiment].change
    assert change is not None
    return change(recognizer_named(name), clip, **options)


@lent_gpu(lambda *_: TIMING_RUNS)
def _measure(name: ModelName, clip: Clip) -> TimedPrediction:
    return time_prediction(recognizer_named(name), clip)


@_retry_call_on_oom
def arrays_of(name: ModelName, clip: Clip, explanation: Explanation) -> dict[str, np.ndarray]:
    """Return the numbers of an explanation for download, with the attention of every head."""
    return export.arrays_of(recognizer_named(name), clip, explanation)


@_retry_call_on_oom
def queries_of(
    name: ModelName, clip: Clip, *, model: str, blocks: Sequence[int] | None = None
) -> bytes:
    """Return a file with the queries and keys of all blocks, or of some."""
    return queries_file(recognizer_named(name), clip, model=model, blocks=blocks)


@_retry_call_on_oom
def rollouts_of(name: ModelName, clip: Clip, *, model: str, frame: int) -> bytes:
    """Return a file with the attention rollout of every patch of a frame."""
    return rollouts_file(recognizer_named(name), clip, model=model, frame=frame)


@retry_on_cpu
def explain(
    name: ModelName, clip: Clip, *, method: str, target: Target | None, sharper: bool = False
) -> Steps[Explanation]:
    """Return an explanation. Raises TimesformerError if it would take too long."""
    options: dict[str, Any] = {"method": method, "target": target, "sharper": sharper}
    num_predictions = _num_predictions(clip, **options)
    if num_predictions == 1:
        return _explain(name, clip, options)
    _check_seconds(name, clip, num_predictions=num_predictions)
    steps = _with_progress(
        name, lambda more: _explain(name, clip, options | more), "status.explaining"
    )
    return (yield from steps)


@retry_on_cpu
def check(name: ModelName, clip: Clip, explanation: Explanation) -> Steps[Check]:
    """Return the deletion test of an explanation. Raises TimesformerError as `explain`."""
    _check_seconds(name, clip, num_predictions=NUM_PREDICTIONS)
    return (yield from _with_progress(name, lambda more: _check(name, clip, explanation, more)))


@retry_on_cpu
def run_experiment(
    name: ModelName, clip: Clip, experiment: str, **options: Any
) -> Steps[ExperimentResult]:
    """Return the result of an experiment. Raises TimesformerError as `explain`."""
    num_predictions = EXPERIMENTS[experiment].num_predictions(len(clip.frames))
    _check_seconds(name, clip, num_predictions=num_predictions)
    steps = _with_progress(
        name,
        lambda more: _experiment(name, clip, experiment, options | more),
        "status.experimenting",
    )
    return (yield from steps)


@retry_on_cpu
def measure(name: ModelName, clip: Clip) -> Steps[TimedPrediction]:
    """Return the prediction for a clip with its cost. Raises TimesformerError as `explain`."""
    _check_seconds(name, clip, num_predictions=TIMING_RUNS)
    steps = _with_progress(name, lambda _: _measure(name, clip), "status.experimenting")
    return (yield from steps)


def is_without_gpu(name: ModelName, explanation: Explanation) -> bool:
    """Return True if ZeroGPU was asked for a GPU and the CPU computed the explanation."""
    return asks_for_gpu(name) and explanation.processor.startswith("CPU")


def _check_seconds(name: ModelName, clip: Clip, *, num_predictions: int) -> None:
    """Raise TimesformerError if as many predictions would exceed MAX_WORK_SECONDS."""
    if asks_for_gpu(name):  # MAX_GPU_SECONDS applies
        return
    recognizer, seconds = recognizer_named(name), math.inf
    for _ in range(2):  # the first prediction of a model takes longer
        start = time.monotonic()
        recognizer.predict(clip)
        seconds = min(seconds, num_predictions * (time.monotonic() - start))
        if seconds <= limits.MAX_WORK_SECONDS:
            return
    raise TimesformerError(
        "page.too_slow", minutes=seconds / 60, limit=limits.MAX_WORK_SECONDS / 60
    )


def _with_progress(
    name: ModelName,
    work: Callable[[dict[str, Progress]], Result],
    key: str = "status.masking",
) -> Steps[Result]:
    """Run work in the background, with `on_progress` among its options, and report its progress.

    `key` names the sentence before the first progress, and with _part the sentence with it.
    """

    def run(on_progress: Progress) -> Result:
        # ZeroGPU copies a call's arguments to another process, which cannot report back.
        return work({} if asks_for_gpu(name) else {"on_progress": on_progress})

    def sentence(amount: Amount | None) -> str:
        done, total = amount or (0, None)
        return t(f"{key}_part", done=done, total=total) if total else t(key)

    return convert_steps(run_in_background(run), sentence)
