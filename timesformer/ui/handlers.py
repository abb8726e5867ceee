"""What happens when somebody presses something: convert, call the recognizer, convert back."""

import logging
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from .. import exports
from ..checkpoints import EMBEDDED_FOLDER, embedded_models
from ..config import TimesformerConfig
from ..errors import TimesformerError
from ..evaluation import EXPLAINED_FILE, Explained
from ..explain import METHODS
from ..explanations import Explanation, Target
from ..labels import DATASETS, dataset_labels
from ..places import Repository
from ..published import published_as
from ..recognizer import Recognizer
from ..records import read_record
from ..video import Clip
from ..words import where_and_when
from . import engine, guard, text
from .strip import check_html, strip_html

OVERLAY_SIDE = 640  # pixels of the longer side
TOP_K = 5

NO_FILE = gr.update(value=None, interactive=False)
NOTHING = (None, None, "", NO_FILE, "", NO_FILE)

log = logging.getLogger(__name__)


def status(sentence: str, *, stage: float | None = None, fault: bool = False) -> str:
    """The line over the answer, with a bar while `stage` (0..1) tells how far the work is."""
    bar = "" if stage is None else f'<progress max="1" value="{stage}"></progress>'
    role = "alert" if fault else "status"
    return f'<div class="status" role="{role}">{bar}<span>{escape(sentence)}</span></div>'


@dataclass(frozen=True)
class Asked:
    """What somebody wants to know, in the order of the page's inputs."""

    path: str | None
    choice: str
    method: str
    start: float | None
    smooth: bool
    about: str | None = None
    than: str | None = None

    @property
    def target(self) -> Target | None:
        """The label to explain, or two for a contrast; None for the likeliest, or no label."""
        method = METHODS.get(self.method)
        if method is None or not method.of_a_label or not self.about:
            return None
        return (self.about, self.than) if self.than else self.about


@dataclass(frozen=True, eq=False)
class Looked:
    """What came of it."""

    recognizer: Recognizer
    name: str | Repository
    clip: Clip
    explanation: Explanation


def answer(*inputs: Any) -> Iterator[tuple[Any, ...]]:
    """Status, five bars, overlay video, strip and sheet, as they come; stops at any yield.

    A check and a file that were of another clip go at once.
    """
    yield from _said(_answered, Asked(*inputs), NOTHING)


def check(*inputs: Any) -> Iterator[tuple[Any, ...]]:
    """Status, and what covering the hottest patches did."""
    yield from _said(_checked, Asked(*inputs), ("",))


def pack(*inputs: Any) -> Iterator[tuple[Any, ...]]:
    """Status, and all there is to take along, as one file."""
    yield from _said(_packed, Asked(*inputs), (NO_FILE,))


def labels_for(choice: str) -> tuple[Any, Any]:
    """The labels of a model to choose from, for both of a contrast."""
    choices = list(known_labels(choice))
    return gr.update(choices=choices, value=None), gr.update(choices=choices, value=None)


def known_labels(choice: str) -> tuple[str, ...]:
    """The labels of a model, where they are known before it is loaded; others can be typed."""
    if choice not in guard.offered_models():
        return ()
    if guard.offered_models()[choice] in embedded_models():
        config = TimesformerConfig.from_pretrained(EMBEDDED_FOLDER / choice)
        return tuple(config.id2label[number] for number in sorted(config.id2label))
    known = published_as(choice)
    return dataset_labels(DATASETS[known.num_labels]) if known else ()


def stopped() -> str:
    """What the stop button says."""
    return status(text.STOPPED)


def _said(
    work: Callable[[Asked], Iterator[tuple[Any, ...]]], asked: Asked, nothing: tuple[Any, ...]
) -> Iterator[tuple[Any, ...]]:
    """What the work yields, and a sentence in its place where it fails."""
    if asked.path is None:
        yield (status(text.NO_CLIP, fault=True), *nothing)
        return
    try:
        yield from work(asked)
    except TimesformerError as error:
        yield (status(str(error), fault=True), *nothing)
    except gr.Error:  # from Spaces, where a GPU is lent call by call
        log.exception("no GPU")
        yield (status(text.NO_GPU, fault=True), *nothing)
    except Exception:
        log.exception("an answer failed")
        yield (status(text.TOO_STRANGE, fault=True), *nothing)


def _answered(asked: Asked) -> Iterator[tuple[Any, ...]]:
    began, waiting = time.monotonic(), (gr.skip(),) * len(NOTHING)
    yield (status(text.LOADING, stage=0.1), *NOTHING)
    looked = yield from _looked(asked, waiting)
    clip, explanation = looked.clip, looked.explanation
    bars = {p.label: p.probability for p in explanation.predictions[:TOP_K]}
    yield (status(text.DRAWING, stage=0.8), bars, *waiting[1:])
    with tempfile.TemporaryDirectory() as folder:
        overlay, sheet = Path(folder, "overlay.mp4"), Path(folder, "sheet.png")
        exports.write_films(
            clip, explanation, overlay=overlay, longest=OVERLAY_SIDE, smooth=asked.smooth
        )
        footer = f"{asked.choice}, {asked.method}"
        sheet.write_bytes(exports.sheet_of(clip, explanation, footer=footer))
        best = explanation.predictions[0]
        said = text.looked_at(best.label, best.probability, time.monotonic() - began)
        part = text.part_seen(clip.times[0], clip.times[-1], clip.duration)
        notes = " ".join(filter(None, (said, part, *looked.recognizer.notes, *clip.notes)))
        remarks = (where_and_when(explanation), *_caveats(looked.name, asked.method))
        strip = strip_html(clip, explanation, smooth=asked.smooth, remarks=remarks)
        ready = gr.update(value=str(sheet), interactive=True)
        yield status(notes), bars, str(overlay), strip, ready, gr.skip(), gr.skip()


def _checked(asked: Asked) -> Iterator[tuple[Any, ...]]:
    yield status(text.LOADING, stage=0.1), gr.skip()
    looked = yield from _looked(asked, (gr.skip(),))
    checking = engine.checked(looked.name, looked.clip, looked.explanation)
    found = yield from _staged(checking, 0.7, (gr.skip(),))
    yield status(text.CHECKED), check_html(looked.explanation, found)


def _packed(asked: Asked) -> Iterator[tuple[Any, ...]]:
    yield status(text.LOADING, stage=0.1), gr.skip()
    looked = yield from _looked(asked, (gr.skip(),))
    yield status(text.PACKING, stage=0.8), gr.skip()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "timesformer.zip")
        arrays = engine.arrays_of(looked.name, looked.clip, looked.explanation)
        exports.write_all(
            file, looked.recognizer, looked.clip, looked.explanation,
            model=asked.choice, arrays=arrays, longest=OVERLAY_SIDE, smooth=asked.smooth,
        )  # fmt: skip
        yield status(text.PACKED), gr.update(value=str(file), interactive=True)


def _looked(asked: Asked, waiting: tuple[Any, ...]) -> Generator[tuple[Any, ...], None, Looked]:
    """The way from a choice and a file to an explanation, told as it goes."""
    assert asked.path is not None
    name = guard.admitted(asked.choice)
    if isinstance(name, Repository):
        guard.check_work(name)
    for sentence in engine.downloading(name):
        yield (status(sentence, stage=0.1), *waiting)
    recognizer = engine.recognizer_named(name)
    guard.check_asked(recognizer, asked.method, asked.target, than=asked.than)
    yield (status(text.READING, stage=0.3), *waiting)
    clip = recognizer.read(asked.path, start=asked.start or 0.0)
    yield (status(text.LOOKING, stage=0.5), *waiting)
    looking = engine.explained(name, clip, method=asked.method, target=asked.target)
    explanation = yield from _staged(looking, 0.6, waiting)
    return Looked(recognizer, name, clip, explanation)


def _staged(
    work: Generator[str, None, Any], stage: float, waiting: tuple[Any, ...]
) -> Generator[tuple[Any, ...], None, Any]:
    """The sentences of long work as statuses; gives what it comes to."""
    try:
        while True:
            yield (status(next(work), stage=stage), *waiting)
    except StopIteration as end:
        return end.value
    finally:
        work.close()


def _caveats(name: str | Repository, method: str) -> Iterator[str]:
    """What is to be kept in mind of the method, in general and of this model."""
    yield METHODS[method].caveat
    measured = name in embedded_models() and EMBEDDED_FOLDER / str(name) / EXPLAINED_FILE
    if not measured or not measured.exists():
        yield text.NOT_MEASURED
        return
    warnings = read_record(measured, Explained).warnings(method)
    if warnings:
        yield text.measured(warnings)
