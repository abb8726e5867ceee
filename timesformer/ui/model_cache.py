"""Models in memory, loaded once for all visitors, and their downloads."""

import logging
import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any, NamedTuple

import torch
from huggingface_hub import try_to_load_from_cache

from ..checkpoints.checkpoint import download_checkpoint
from ..checkpoints.registry import embedded_models
from ..errors import TimesformerError
from ..hub.source import Repository
from ..hub.state_dict import SAFETENSORS_FILE
from ..i18n import Message, t
from ..recognizer import Recognizer, load
from .background import run_in_background
from .model_choices import owners_dtype
from .server import limits

IS_ZERO_GPU = "SPACES_ZERO_GPU" in os.environ  # a Space whose GPU is lent for single calls

log = logging.getLogger(__name__)

_load_locks: defaultdict[str | Repository, threading.Lock] = defaultdict(threading.Lock)
_download_lock = threading.Lock()  # of models that are not offered: one at a time


class OnCPU(NamedTuple):
    """The name of a model that runs on the CPU although there is a GPU."""

    name: str | Repository


ModelName = str | Repository | OnCPU


def zero_gpu(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with a GPU lent for each call on ZeroGPU, and unchanged elsewhere."""
    if not IS_ZERO_GPU:
        return function
    import spaces

    return spaces.GPU(duration=limits.MAX_GPU_SECONDS)(function)


def recognizer_named(name: ModelName) -> Recognizer:
    """Return the recognizer of a model. All visitors share it."""
    if isinstance(name, OnCPU):
        with _load_locks[name.name]:
            return _load_on_cpu(name.name)
    with _load_locks[name]:
        return _load_embedded(name) if name in embedded_models() else _load(name)


def load_at_start(names: Sequence[str]) -> None:
    """Load the first model, and on ZeroGPU all embedded ones: only those get the GPU."""
    first, *others = names
    recognizer_named(first)
    for name in set(others) & set(embedded_models()) if IS_ZERO_GPU else ():
        recognizer_named(name)


def download(name: str | Repository) -> Iterator[str]:
    """Download a model that is not here, and yield sentences with the progress.

    The download goes on if its visitor leaves. One model that is not offered is downloaded at a
    time. Raises TimesformerError for a second one.
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
    for amount in steps:
        yield _progress_sentence(str(name), *amount) if amount else t("status.loading")


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
    # On ZeroGPU, models get the GPU only if the main thread loads them, at the start.
    is_late = IS_ZERO_GPU and threading.current_thread() is not threading.main_thread()
    with suppress(torch.OutOfMemoryError):
        return load(name, device="cpu" if is_late else None, dtype=owners_dtype())
    clear_gpu()
    recognizer = _load_on_cpu(name)
    return replace(recognizer, notes=(*recognizer.notes, Message("status.on_cpu")))


_load = lru_cache(maxsize=limits.MAX_LOADED_MODELS)(_loaded)
_load_embedded = cache(_loaded)


@lru_cache(maxsize=1)
def _load_on_cpu(name: str | Repository) -> Recognizer:
    return load(name, device="cpu", dtype=owners_dtype())


def _progress_sentence(name: str, done: int, total: int | None) -> str:
    if total is None:
        return t("status.downloading", name=name, done=done / 1e6)
    return t("status.downloading_of", name=name, done=done / 1e6, total=total / 1e6)
