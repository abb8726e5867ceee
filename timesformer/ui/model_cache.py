"""Models in memory, loaded once for all visitors, and their downloads."""

import logging
import math
import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache, lru_cache, wraps
from typing import Any, NamedTuple

import torch
from huggingface_hub import try_to_load_from_cache

from ..checkpoints.checkpoint import download_checkpoint
from ..checkpoints.registry import embedded_models
from ..errors import CheckpointError, TimesformerError
from ..hub.source import Repository
from ..hub.weight_files import SAFETENSORS_FILE
from ..i18n import Message, t
from ..recognizer import Recognizer, load
from ..video.clip import Clip
from .background import run_in_background
from .model_choices import owners_dtype
from .model_cost import ModelCost
from .server import limits

IS_ZERO_GPU = "SPACES_ZERO_GPU" in os.environ  # a Space whose GPU is lent for single calls

# Fork, start of CUDA, 0.5 GB of weights to the GPU, and attention or gradients beside predictions:
# generous estimates for an RTX Pro 6000, of which 5e12 is a fiftieth. Not measured on ZeroGPU.
GPU_START_SECONDS = 3.0
GPU_MULTIPLICATIONS_PER_SECOND = 5e12

log = logging.getLogger(__name__)

_load_locks: defaultdict[str | Repository, threading.Lock] = defaultdict(threading.Lock)
_download_lock = threading.Lock()  # of models that are not offered: one at a time
if hasattr(os, "register_at_fork"):  # a fork of ZeroGPU would wait for locks that others held
    os.register_at_fork(after_in_child=_load_locks.clear)


class OnCPU(NamedTuple):
    """The name of a model that runs on the CPU although there is a GPU."""

    name: str | Repository


class OnLentGPU(NamedTuple):
    """The name of a model in the process to which ZeroGPU has lent a GPU."""

    name: str | Repository


ModelName = str | Repository | OnCPU | OnLentGPU


class NoGPU(Exception):
    """The refusal of ZeroGPU to lend a GPU, or its failure to compute a result."""


def asks_for_gpu(name: ModelName) -> bool:
    """Return True if ZeroGPU is asked for a GPU: never for embedded models, which are small."""
    is_named = isinstance(name, str | Repository)
    return IS_ZERO_GPU and is_named and name not in embedded_models() and owners_dtype() != "int8"


def lent_gpu(count: Callable[..., int]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that lends a GPU to each call on ZeroGPU, if the model asks for it.

    The function's first inputs are the name of a model and a clip. `count` returns the number of
    predictions of a call with the same inputs. A call raises NoGPU if no GPU is lent.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        if not IS_ZERO_GPU:
            return function
        import spaces

        @wraps(function)
        def on_gpu(name: str | Repository, *inputs: Any, **options: Any) -> Any:
            return function(OnLentGPU(name), *inputs, **options)

        def duration(name: ModelName, clip: Clip, *inputs: Any, **options: Any) -> int:
            num_predictions = count(name, clip, *inputs, **options)
            return gpu_seconds(recognizer_named(name), clip, num_predictions)

        lent = spaces.GPU(duration=duration)(on_gpu)

        @wraps(function)
        def call(name: ModelName, *inputs: Any, **options: Any) -> Any:
            if not asks_for_gpu(name):
                return function(name, *inputs, **options)
            if duration(name, *inputs, **options) > limits.MAX_GPU_SECONDS:
                raise NoGPU
            try:
                return lent(name, *inputs, **options)
            except Exception as error:  # gr.Error, RuntimeError or an error of the network
                log.warning("ZeroGPU: %s: %s", type(error).__name__, error)
                raise NoGPU from error

        return call

    return decorate


def gpu_seconds(recognizer: Recognizer, clip: Clip, num_predictions: int) -> int:
    """Return the whole seconds for which a GPU is requested, from the cost of the model."""
    cost = ModelCost.of(recognizer.model.config, recognizer.preprocess)
    share = len(clip.frames) / cost.frames
    seconds = num_predictions * cost.multiplications * share / GPU_MULTIPLICATIONS_PER_SECOND
    return math.ceil(GPU_START_SECONDS + seconds)


def recognizer_named(name: ModelName) -> Recognizer:
    """Return the recognizer of a model. All visitors share it."""
    if isinstance(name, OnLentGPU):
        return _on_lent_gpu(name.name)
    if isinstance(name, OnCPU) and IS_ZERO_GPU:  # where all models are loaded on the CPU
        name = name.name
    if isinstance(name, OnCPU):
        with _load_locks[name.name]:
            return _load_on_cpu(name.name)
    with _load_locks[name]:
        return _load_embedded(name) if name in embedded_models() else _load(name)


def download(name: str | Repository) -> Iterator[str]:
    """Download a model that is not here, and yield sentences with the progress.

    The download goes on if its visitor leaves. One model that is not offered is downloaded at a
    time. Raises TimesformerError for a second one, or CheckpointError if it cannot be downloaded.
    For an offered model, the error is for visitors and ends with the reason.
    """
    is_visitors = isinstance(name, Repository)
    if isinstance(name, Repository):
        if _is_downloaded(name):
            return
        if not _download_lock.acquire(blocking=False):
            raise TimesformerError("page.downloading")
    steps = run_in_background(
        lambda on_progress: download_checkpoint(name, on_progress=on_progress),
        stop_when_closed=False,
        on_end=_download_lock.release if is_visitors else lambda: None,
    )
    try:
        for amount in steps:
            yield _progress_sentence(str(name), *amount) if amount else t("status.loading")
    except CheckpointError as error:
        if is_visitors:
            raise
        raise TimesformerError("page.model_unavailable", name=name, reason=error.message) from error


def _is_downloaded(repository: Repository) -> bool:
    """Return True if the weights are in the Hub's cache. They are downloaded last."""
    path = try_to_load_from_cache(repository.name, SAFETENSORS_FILE, revision=repository.revision)
    return isinstance(path, str)


def clear_gpu() -> None:
    """Free the GPU memory that failed work has left."""
    log.warning("the GPU has no memory left")
    torch.cuda.empty_cache()


def _loaded(name: str | Repository) -> Recognizer:
    """Load a model. If the GPU has no memory for it, load it on the CPU, with a note."""
    with suppress(torch.OutOfMemoryError):
        return load(name, device="cpu" if IS_ZERO_GPU else None, dtype=owners_dtype())
    clear_gpu()
    recognizer = _load_on_cpu(name)
    return replace(recognizer, notes=(*recognizer.notes, Message("status.on_cpu")))


_load = lru_cache(maxsize=limits.MAX_LOADED_MODELS)(_loaded)
_load_embedded = cache(_loaded)


@lru_cache(maxsize=1)
def _load_on_cpu(name: str | Repository) -> Recognizer:
    return load(name, device="cpu", dtype=owners_dtype())


def _on_lent_gpu(name: str | Repository) -> Recognizer:
    """Return a recognizer moved to the GPU. This process is a fork, so others keep theirs."""
    recognizer = recognizer_named(name)
    if torch.cuda.is_available() and recognizer.device.type != "cuda":
        recognizer.model.to("cuda")
    return recognizer


def _progress_sentence(name: str, done: int, total: int | None) -> str:
    if total is None:
        return t("status.downloading", name=name, done=done / 1e6)
    return t("status.downloading_of", name=name, done=done / 1e6, total=total / 1e6)
