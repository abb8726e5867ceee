"""What happens when somebody presses something: convert, call the recognizer, convert back."""

import logging
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from .. import render
from ..checkpoints import download_checkpoint
from ..errors import TimesformerError
from ..explanations import Explanation
from ..places import Repository
from ..recognizer import Recognizer, load
from ..video import Clip, write_mp4
from . import guard, text
from .strip import strip_html

MODELS_HELD = 2
OVERLAY_SIDE = 640  # pixels of the longer side
TOP_K = 5
SLOWEST = 2.0  # frames a second at which an overlay still reads as moving
GPU_SECONDS = 30
HEARD_EVERY = 0.5  # seconds, of a download

NOTHING = (None, None, "", gr.update(value=None, interactive=False))

log = logging.getLogger(__name__)
loading: defaultdict[str | Repository, threading.Lock] = defaultdict(threading.Lock)
fetching = threading.Lock()  # of models that are not offered: one at a time


def on_gpu(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as Spaces wants it where a GPU is lent call by call; unchanged elsewhere."""
    try:
        import spaces
    except ImportError:
        return function
    return spaces.GPU(duration=GPU_SECONDS)(function)


@lru_cache(maxsize=MODELS_HELD)
def _load(name: str | Repository) -> Recognizer:
    return load(name)


def recognizer_named(name: str | Repository) -> Recognizer:
    """The recognizer, loaded once for everybody."""
    with loading[name]:
        return _load(name)


@on_gpu
def explain(name: str | Repository, clip: Clip, method: str) -> Explanation:
    """The one call that needs the GPU; decoding and drawing stay outside."""
    return recognizer_named(name).explain(clip, method=method)


def status(sentence: str, *, stage: float | None = None, fault: bool = False) -> str:
    """The line over the answer, with a bar while `stage` (0..1) tells how far the work is."""
    bar = "" if stage is None else f'<progress max="1" value="{stage}"></progress>'
    role = "alert" if fault else "status"
    return f'<div class="status" role="{role}">{bar}<span>{escape(sentence)}</span></div>'


def answer(
    path: str | None, choice: str, method: str, start: float | None, smooth: bool
) -> Iterator[tuple[Any, ...]]:
    """Status, five bars, overlay video, strip and sheet, as they come; stops at any yield."""
    if path is None:
        yield (status(text.NO_CLIP, fault=True), *NOTHING)
        return
    try:
        yield from _stages(path, choice, method, start or 0.0, smooth)
    except TimesformerError as error:
        yield (status(str(error), fault=True), *NOTHING)
    except gr.Error:  # from Spaces, where a GPU is lent call by call
        log.exception("no GPU")
        yield (status(text.NO_GPU, fault=True), *NOTHING)
    except Exception:
        log.exception("an answer failed")
        yield (status(text.TOO_STRANGE, fault=True), *NOTHING)


def _stages(
    path: str, choice: str, method: str, start: float, smooth: bool
) -> Iterator[tuple[Any, ...]]:
    began = time.monotonic()
    waiting = (gr.skip(),) * 4
    yield (status(text.LOADING, stage=0.1), *NOTHING)
    name = guard.admitted(choice)
    if isinstance(name, Repository):
        guard.check_work(name)
    for sentence in _downloading(name):
        yield (status(sentence, stage=0.1), *waiting)
    recognizer = recognizer_named(name)
    yield (status(text.READING, stage=0.3), *waiting)
    clip = recognizer.read(path, start=start)
    yield (status(text.LOOKING, stage=0.5), *waiting)
    explanation = explain(name, clip, method)
    bars = {p.label: p.probability for p in explanation.predictions[:TOP_K]}
    yield (status(text.DRAWING, stage=0.8), bars, *waiting[1:])
    with tempfile.TemporaryDirectory() as folder:
        overlay, sheet = _files(Path(folder), clip, explanation, choice, smooth)
        best = explanation.predictions[0]
        said = text.looked_at(best.label, best.probability, time.monotonic() - began)
        part = text.part_seen(clip.times[0], clip.times[-1], clip.duration)
        notes = " ".join(filter(None, (said, part, *recognizer.notes, *clip.notes)))
        strip = strip_html(clip, explanation, smooth=smooth)
        yield status(notes), bars, overlay, strip, gr.update(value=sheet, interactive=True)


def _downloading(name: str | Repository) -> Iterator[str]:
    """How far the download of a model is, twice a second; nothing where it is here already.

    Of models that are not offered one is fetched at a time, even where its visitor has gone.
    """
    heard: list[tuple[int, int | None]] = []
    visiting = isinstance(name, Repository)
    if visiting and not fetching.acquire(blocking=False):
        raise TimesformerError(text.FETCHING)
    pool = ThreadPoolExecutor(1)
    try:
        coming = pool.submit(download_checkpoint, name, tell=lambda *now: heard.append(now))
    except RuntimeError:  # there is no thread to be had
        if visiting:
            fetching.release()
        raise
    if visiting:
        coming.add_done_callback(lambda _: fetching.release())
    pool.shutdown(wait=False)  # whoever stops does not wait for what is on its way
    while not coming.done():
        wait([coming], timeout=HEARD_EVERY)
        if not coming.done():  # a chance to stop, also while nothing is heard
            yield text.downloading(str(name), *heard[-1]) if heard else text.LOADING
    coming.result()


def _files(
    folder: Path, clip: Clip, explanation: Explanation, name: str, smooth: bool
) -> tuple[str, str]:
    """The overlay video and the contact sheet, written into a folder that is soon gone."""
    frames, box = render.shrink(clip.frames, explanation.box, longest=OVERLAY_SIDE)
    drawn = render.film(frames, explanation.heatmaps, box, smooth=smooth)
    overlay, sheet = folder / "overlay.mp4", folder / "sheet.png"
    write_mp4(overlay, drawn, fps=max(clip.fps, SLOWEST))
    sheet.write_bytes(
        render.sheet(
            clip.frames,
            explanation.heatmaps,
            explanation.box,
            times=clip.times,
            probabilities=[(p.label, p.probability) for p in explanation.predictions[:TOP_K]],
            footer=f"{name}, {explanation.method}",
        )
    )
    return str(overlay), str(sheet)


def stopped() -> str:
    """What the stop button says."""
    return status(text.STOPPED)
