"""What happens when somebody presses something: convert, call the recognizer, convert back."""

import logging
import secrets
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from ..checkpoints.registry import EMBEDDED_FOLDER, embedded_models
from ..errors import TimesformerError
from ..evaluation import HEATMAPS_FILE, HeatmapScores
from ..evaluation.records import read_record
from ..explain import Explanation
from ..hub.client import DISK_FULL
from ..hub.source import Repository
from ..i18n import Message, joined, label_text, t, translate
from ..recognizer import Recognizer
from ..video.clip import Clip
from ..visualize import export
from ..visualize.captions import where_and_when
from ..visualize.explorer import explorer_html, sent_whole
from ..visualize.strip import check_html, strip_html
from . import catalog, inference
from .answer_cache import EXAMPLES, Answer, Keeper, bundled
from .experiment_runner import Given, others, tried
from .request import Asked, sent_again, status
from .server.clip_cache import Gone, Held

TOP_K = 5

NO_FILE = gr.update(value=None, interactive=False)
NOTHING = (None, None, "", NO_FILE, "", NO_FILE, "", "", NO_FILE)
KEPT = Keeper()
HELD = Held()

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Looked:
    """What came of it."""

    recognizer: Recognizer
    name: str | Repository
    clip: Clip
    explanation: Explanation


def recall(*inputs: Any) -> tuple[Any, ...]:
    """Whether the answer is still to be found; and, where it is kept, all that `answer` gives."""
    found = KEPT.recall(Asked(*inputs))
    if found is None:
        return (True, *(gr.skip(),) * (1 + len(NOTHING)))
    label, probability = found.best
    said = t("status.answered_before", label=label, probability=probability)
    return False, _sentences(said, found), *_shown(found)


def recall_linked(*inputs: Any) -> tuple[Any, ...]:
    """What `recall` gives, for a link, which may be of no clip."""
    if Asked(*inputs).path is None:
        return (False, *(gr.skip(),) * (1 + len(NOTHING)))
    return recall(*inputs)


def answer(*inputs: Any) -> Iterator[tuple[Any, ...]]:
    """Status, five bars, overlay video, strip and sheet, as they come; stops at any yield.

    Behind the strip come the explorer and its file, and last the sheet, of which the status says
    nothing anew. A check, a file and an experiment that were of another clip go at once.
    """
    yield from _said(_answered, Asked(*inputs), NOTHING, button="run")


def answer_if(wanted: bool, *inputs: Any) -> Iterator[tuple[Any, ...]]:
    """What `answer` gives, where it is still `wanted` after `recall`.

    Of thirty who ask the same at once one is answered by the model; the others find it kept.
    """
    sought, *found = recall(*inputs)
    if wanted:
        yield from answer(*inputs) if sought else iter([tuple(found)])
        return
    said, bars, *others = found  # again: older work may have been on its way
    yield said, bars, *(gr.skip() for _ in others)


def prepare(choice: str) -> None:
    """Answers every bundled clip with a model, so that visitors need not wait for it."""
    for file in EXAMPLES.values():
        for _ in answer(str(file), choice, "rollout", 0, False, None, None):
            pass


def check(*inputs: Any) -> Iterator[tuple[Any, ...]]:
    """Status, and what covering the hottest patches did."""
    yield from _said(_checked, Asked(*inputs), ("",), button="check")


def pack(*inputs: Any) -> Iterator[tuple[Any, ...]]:
    """Status, and all there is to take along, as one file."""
    yield from _said(_packed, Asked(*inputs), (NO_FILE,), button="pack")


def fetch(part: str) -> Callable[..., Iterator[tuple[Any, ...]]]:
    """What the explorer asks of a large model: one of explorer.PARTS, by its number from 1.

    The number is the last input. It gives the status and a file.
    """

    def fetches(*inputs: Any) -> Iterator[tuple[Any, ...]]:
        *asked, number = inputs
        work = partial(_fetched, part, number)
        yield from _said(work, Asked(*asked), (NO_FILE,), button=f"fetch-{part}")

    return fetches


def try_out(experiment: str) -> Callable[..., Iterator[tuple[Any, ...]]]:
    """What the button of an experiment does, given the covered patches before the page's inputs.

    It gives the status, and what came of it; until then the status again, where it will be.
    """

    def tries(painted: str, *inputs: Any) -> Iterator[tuple[Any, ...]]:
        work = partial(_tried, experiment, painted)
        for said, found in _said(work, Asked(*inputs), (None,), button=f"try-{experiment}"):
            yield said, f'<div aria-hidden="true">{said}</div>' if found is None else found

    return tries


def forget(clip: str | None, *made: str | None) -> tuple[Any, ...]:
    """Deletes a visitor's clip and the files made of it; the page is as it was at first."""
    if clip is None or bundled(clip):
        return None, status(t("status.example_stays") if clip else t("status.welcome")), *NOTHING
    HELD.let_go(clip)
    for file in filter(None, made):
        if not bundled(file) and not KEPT.has(file):  # which others may be looking at
            Path(file).unlink(missing_ok=True)
    return None, status(t("status.deleted")), *NOTHING


def cleared() -> tuple[Any, ...]:
    """The page without a clip: nothing stays of the one before."""
    return status(t("status.welcome")), *NOTHING


def stopped() -> str:
    """What the stop button says."""
    return status(t("status.stopped"))


def _said(
    work: Callable[[Asked], Iterator[tuple[Any, ...]]],
    asked: Asked,
    nothing: tuple[Any, ...],
    *,
    button: str,
) -> Iterator[tuple[Any, ...]]:
    """What the work of a button yields, and a sentence in its place where it fails."""
    if asked.path is None:
        yield (status(t("errors.page.no_clip"), fault=True), *nothing)
        return
    try:
        yield from work(asked)
    except Gone:
        yield (sent_again(button), *nothing)
    except TimesformerError as error:
        yield (status(translate(error.message), fault=True), *nothing)
    except gr.Error:  # from Spaces, where a GPU is lent call by call
        log.exception("no GPU")
        yield (status(t("errors.page.no_gpu"), fault=True), *nothing)
    except Exception as error:
        log.exception("an answer failed")
        is_full = getattr(error, "errno", None) in DISK_FULL
        key = "errors.server.disk_full" if is_full else "errors.page.internal"
        yield (status(t(key), fault=True), *nothing)


def _answered(asked: Asked) -> Iterator[tuple[Any, ...]]:
    began, waiting = time.monotonic(), (gr.skip(),) * len(NOTHING)
    yield (status(t("status.loading"), stage=0.1), *NOTHING)
    looked = yield from _looked(asked, waiting)
    bars = {label_text(p.label): p.probability for p in looked.explanation.predictions[:TOP_K]}
    yield (status(t("status.drawing"), stage=0.8), bars, *waiting[1:])
    with tempfile.TemporaryDirectory() as folder:
        answer = _drawn(asked, looked, bars, Path(folder))
        label, probability = answer.best
        said = t(
            "status.answered",
            label=label,
            probability=probability,
            seconds=time.monotonic() - began,
            device=looked.explanation.processor,
        )
        yield (_sentences(said, answer), *_shown(answer)[:-2], *waiting[-2:])
        answer = replace(answer, **_explored(asked, looked, Path(folder)))
        yield (gr.skip(), *waiting[:-2], *_shown(answer)[-2:])
        answer = replace(answer, sheet=_sheet(asked, looked, Path(folder)))
        KEPT.keep(asked, answer)
        yield (gr.skip(), *waiting[:3], _file(answer.sheet), *waiting[4:])


def _drawn(asked: Asked, looked: Looked, bars: dict[str, float], folder: Path) -> Answer:
    """An answer, but for its explorer and its sheet, with its files in a folder."""
    clip, explanation, overlay = looked.clip, looked.explanation, folder / "overlay.mp4"
    export.write_films(
        clip, explanation, overlay=overlay, longest=export.FILM_SIDE, smooth=asked.smooth
    )
    best = explanation.predictions[0]
    notes = (*looked.recognizer.notes, *clip.notes)
    part = part_seen(clip.times[0], clip.times[-1], clip.duration)
    remarks = (where_and_when(explanation), *_caveats(looked.name, asked.method))
    return Answer(
        best=(label_text(best.label), best.probability),
        notes=" ".join(filter(None, (part, *map(translate, notes)))),
        bars=bars,
        overlay=overlay,
        strip=strip_html(clip, explanation, smooth=asked.smooth, remarks=remarks),
    )


def _sheet(asked: Asked, looked: Looked, folder: Path) -> Path:
    """The contact sheet, which nobody sees before it is asked for."""
    file, footer = folder / "sheet.png", f"{asked.choice}, {asked.method}"
    file.write_bytes(export.sheet_of(looked.clip, looked.explanation, footer=footer))
    return file


def _sentences(first: str, answer: Answer) -> str:
    return status(f"{first} {answer.notes}".strip())


def _shown(answer: Answer) -> tuple[Any, ...]:
    """What the page shows of an answer, but for the status, in the order of its outputs."""
    overlay = gr.update(value=str(answer.overlay))  # plain, Gradio's script spoils it at a skip
    return (
        answer.bars, overlay, answer.strip, _file(answer.sheet),
        "", NO_FILE, "", answer.explorer, _file(answer.attention),
    )  # fmt: skip


def _file(file: Path | None) -> Any:
    return NO_FILE if file is None else gr.update(value=str(file), interactive=True)


def _explored(asked: Asked, looked: Looked, folder: Path) -> dict[str, Any]:
    """The explorer, and the file of queries and keys in a folder, if it comes unasked."""
    recognizer, clip = looked.recognizer, looked.clip
    section = explorer_html(recognizer, clip, looked.explanation, model=asked.choice)
    if not sent_whole(recognizer):
        return {"explorer": section}
    file = folder / "attention.safetensors"
    file.write_bytes(inference.queries_of(looked.name, clip, model=asked.choice))
    return {"explorer": section, "attention": file}


def _fetched(part: str, number: int, asked: Asked) -> Iterator[tuple[Any, ...]]:
    yield status(t("status.loading"), stage=0.1), gr.skip()
    name, recognizer = yield from _chosen(asked, (gr.skip(),))
    catalog.check_part(recognizer, part, number)
    yield status(t("status.reading"), stage=0.3), gr.skip()
    [clip] = _read(asked, [recognizer])
    yield status(t("status.looking"), stage=0.5), gr.skip()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{part}-{number}-{secrets.token_hex(4)}.safetensors")
        if part == "block":
            content = inference.queries_of(name, clip, model=asked.choice, blocks=[number - 1])
        else:
            content = inference.rollouts_of(name, clip, model=asked.choice, frame=number - 1)
        file.write_bytes(content)
        said = t(f"status.fetched.{part}", number=number)
        yield status(said), gr.update(value=str(file), interactive=True)


def _checked(asked: Asked) -> Iterator[tuple[Any, ...]]:
    yield status(t("status.loading"), stage=0.1), gr.skip()
    looked = yield from _looked(asked, (gr.skip(),))
    checking = inference.checked(looked.name, looked.clip, looked.explanation)
    found = yield from _staged(checking, 0.7, (gr.skip(),))
    yield status(t("status.checked")), check_html(looked.explanation, found)


def _packed(asked: Asked) -> Iterator[tuple[Any, ...]]:
    yield status(t("status.loading"), stage=0.1), gr.skip()
    looked = yield from _looked(asked, (gr.skip(),))
    yield status(t("status.packing"), stage=0.8), gr.skip()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "timesformer.zip")
        arrays = inference.arrays_of(looked.name, looked.clip, looked.explanation)
        queries = None
        if sent_whole(looked.recognizer):
            queries = inference.queries_of(looked.name, looked.clip, model=asked.choice)
        export.write_all(
            file, looked.recognizer, looked.clip, looked.explanation, model=asked.choice,
            arrays=arrays, queries=queries, longest=export.FILM_SIDE, smooth=asked.smooth,
        )  # fmt: skip
        yield status(t("status.packed")), gr.update(value=str(file), interactive=True)


def _tried(experiment: str, painted: str, asked: Asked) -> Iterator[tuple[Any, ...]]:
    yield status(t("status.loading"), stage=0.1), None
    name, recognizer = yield from _chosen(asked, (None,))
    if experiment == "hottest":
        catalog.check_asked(recognizer, asked.method, asked.target, than=asked.than)
    yield status(t("status.reading"), stage=0.3), None
    clip, *more = _read(asked, [recognizer, *others(experiment, recognizer)])
    given = Given(
        asked.choice, name, recognizer, clip, more, painted, asked.method, asked.target
    )  # fmt: skip
    found = yield from _staged(tried(experiment, given), 0.6, (None,))
    yield status(t("status.experiment_done")), found


def _read(asked: Asked, recognizers: Sequence[Recognizer]) -> list[Clip]:
    """The clip for each of them, all at once: after that its file is gone."""
    assert asked.path is not None
    if asked.start is not None and asked.start < 0:
        raise TimesformerError("page.negative_start")
    return HELD.read(asked.path, recognizers, start=asked.start or 0.0)


def _looked(asked: Asked, waiting: tuple[Any, ...]) -> Generator[tuple[Any, ...], None, Looked]:
    """The way from a choice and a file to an explanation, told as it goes."""
    name, recognizer = yield from _chosen(asked, waiting)
    catalog.check_asked(recognizer, asked.method, asked.target, than=asked.than)
    yield (status(t("status.reading"), stage=0.3), *waiting)
    [clip] = _read(asked, [recognizer])
    yield (status(t("status.looking"), stage=0.5), *waiting)
    looking = inference.explained(name, clip, method=asked.method, target=asked.target)
    explanation = yield from _staged(looking, 0.6, waiting)
    return Looked(recognizer, name, clip, explanation)


def _chosen(
    asked: Asked, waiting: tuple[Any, ...]
) -> Generator[tuple[Any, ...], None, tuple[str | Repository, Recognizer]]:
    """The way from a choice to what `load` takes for it and what it gives, told as it goes."""
    name = catalog.admitted(asked.choice)
    if isinstance(name, Repository):
        catalog.check_work(name)
    for sentence in inference.downloading(name):
        yield (status(sentence, stage=0.1), *waiting)
    return name, inference.recognizer_named(name)


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


def part_seen(first: float, last: float, duration: float) -> str:
    """Return which part of a longer video the clip is; nothing if it is all but a moment."""
    if duration - (last - first) < 0.5:
        return ""
    settings = t("page.settings")
    return t("status.part_seen", first=first, last=last, duration=duration, settings=settings)


def _caveats(name: str | Repository, method: str) -> Iterator[str]:
    """What is to be kept in mind of the method, in general and of this model."""
    yield t(f"methods.{method}.caveat")
    file = name in embedded_models() and EMBEDDED_FOLDER / str(name) / HEATMAPS_FILE
    scores = read_record(file, HeatmapScores) if file and file.exists() else None
    if scores is None or not scores.has(method):
        yield t("warnings.not_measured")
        return
    warnings = scores.warnings(method)
    if warnings:
        findings = joined((Message(f"warnings.{name}") for name in warnings), "lists.and")
        yield t("warnings.measured", findings=findings)
