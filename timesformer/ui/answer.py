"""The answer that the page shows: pictures, sentences and files, drawn from an analysis."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..checkpoints.registry import EMBEDDED_FOLDER, embedded_models
from ..evaluation import HEATMAPS_FILE, HeatmapScores
from ..evaluation.records import read_record
from ..i18n import Message, Value, joined, label_text, t, translate
from ..visualize import export
from ..visualize.captions import TOP_K, heatmap_text
from ..visualize.explorer import explorer_html, is_sent_whole
from ..visualize.strip import strip_html
from . import inference
from .analysis import Analysis
from .model_cache import ModelName
from .request import AnalysisRequest


@dataclass(frozen=True, eq=False)
class Answer:
    """The parts of the page that show an analysis.

    `overlay`, `sheet` and `attention` are files, `strip` and `explorer` are HTML. `best` is the
    most probable label, in words, with its probability. `probabilities` are of TOP_K labels; those
    of a regression are text.
    """

    best: tuple[str, float]
    notes: str
    probabilities: dict[str, float] | str
    overlay: Path
    strip: str
    sheet: Path | None = None
    explorer: str = ""
    attention: Path | None = None


def top_probabilities(analysis: Analysis) -> dict[str, float] | str:
    """Return the probabilities of the TOP_K labels, in words, or the values of a regression."""
    predictions = analysis.explanation.predictions[:TOP_K]
    if isinstance(predictions[0].probability, Value):
        return joined(
            t("report.label", label=label_text(p.label), probability=p.probability)
            for p in predictions
        )
    return {label_text(prediction.label): prediction.probability for prediction in predictions}


def draw_answer(request: AnalysisRequest, analysis: Analysis, folder: Path) -> Answer:
    """Return an answer without its sheet and explorer. Its files are in `folder`."""
    clip, explanation, overlay = analysis.clip, analysis.explanation, folder / "overlay.mp4"
    export.write_videos(
        clip, explanation, overlay=overlay, longest=export.VIDEO_SIZE, smooth=request.smooth
    )
    best = explanation.predictions[0]
    notes = (*analysis.recognizer.notes, *clip.notes)
    part = part_seen(clip.times[0], clip.times[-1], clip.duration)
    remarks = (heatmap_text(explanation), *caveats(analysis.name, request.method))
    return Answer(
        best=(label_text(best.label), best.probability),
        notes=" ".join(filter(None, (part, *map(translate, notes)))),
        probabilities=top_probabilities(analysis),
        overlay=overlay,
        strip=strip_html(clip, explanation, smooth=request.smooth, remarks=remarks),
    )


def draw_explorer(request: AnalysisRequest, analysis: Analysis, folder: Path) -> dict[str, Any]:
    """Return the fields `explorer` and, unless the model is large, `attention` of an answer."""
    recognizer, clip = analysis.recognizer, analysis.clip
    section = explorer_html(recognizer, clip, analysis.explanation, model=request.choice)
    if not is_sent_whole(recognizer):
        return {"explorer": section}
    file = folder / "attention.safetensors"
    file.write_bytes(inference.queries_of(analysis.name, clip, model=request.choice))
    return {"explorer": section, "attention": file}


def draw_sheet(request: AnalysisRequest, analysis: Analysis, folder: Path) -> Path:
    """Return the file of the contact sheet."""
    file, model = folder / "sheet.png", request.choice
    file.write_bytes(export.contact_sheet(analysis.clip, analysis.explanation, footer=model))
    return file


def write_archive(request: AnalysisRequest, analysis: Analysis, file: Path) -> None:
    """Write all files of an answer into a ZIP file."""
    arrays = inference.arrays_of(analysis.name, analysis.clip, analysis.explanation)
    queries = None
    if is_sent_whole(analysis.recognizer):
        queries = inference.queries_of(analysis.name, analysis.clip, model=request.choice)
    export.write_archive(
        file, analysis.recognizer, analysis.clip, analysis.explanation, model=request.choice,
        arrays=arrays, queries=queries, longest=export.VIDEO_SIZE, smooth=request.smooth,
    )  # fmt: skip


def part_seen(first: float, last: float, duration: float) -> str:
    """Return a sentence with the part of a longer video that a clip shows, or nothing."""
    if duration - (last - first) < 0.5:
        return ""
    settings = t("page.settings")
    return t("status.part_seen", first=first, last=last, duration=duration, settings=settings)


def caveats(name: ModelName, method: str) -> Iterator[str]:
    """Yield the limits of a method, in general and as measured for a model."""
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
