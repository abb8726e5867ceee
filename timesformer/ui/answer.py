"""The answer as data, which assets/web/js/stage.js draws."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np

from ..checkpoints.registry import embedded_models
from ..explain import METHODS, Explanation
from ..i18n import (
    Message,
    Value,
    format_number,
    joined,
    label_text,
    probability_text,
    t,
    translate,
)
from ..preprocess import Box
from ..synthetic.motion import LABELS
from ..visualize import export, overlay
from ..visualize.captions import TOP_K, curve_text, heatmap_name, heatmap_text, short_heatmap_text
from ..visualize.explorer import explorer_html, is_sent_whole
from ..visualize.strip import jpeg
from . import inference, model_choices
from .analysis import Analysis
from .model_cache import ModelName
from .request import AnalysisRequest
from .server.examples import EXAMPLE_PREFIX, example_name

FRAME_SIZE, SMALL_FRAME_SIZE = 256, 96  # pixels of the longer side; up to 13 and 3.2 kB
MAX_LARGE_FRAMES = 16  # more frames are small, so that an answer stays below 400 kB
MIN_SURE = 0.4  # a lower probability is shown as a guess


class HeatmapKey(NamedTuple):
    """A method, the labels that it explains, and whether the heatmap is sharper."""

    method: str
    labels: tuple[str, ...]
    is_sharper: bool

    @classmethod
    def of(cls, explanation: Explanation) -> Self:
        """Return the key of a heatmap."""
        return cls(explanation.method, explanation.labels, explanation.options.sharper)

    @property
    def text(self) -> str:
        """The key as assets/web/js/answers.js writes it."""
        return "|".join((self.method + "+sharper" * self.is_sharper, *self.labels))


@dataclass(frozen=True, eq=False)
class Answer:
    """Predictions and heatmaps of a clip, in no language. `frames` are JPEGs as data URLs.

    `box` is the crop as shares of the frame. `times`, `start` and `duration` are in seconds of the
    video. `seconds` is how long the analysis took.
    """

    id: str
    choice: str
    name: ModelName
    example: str | None
    frames: tuple[str, ...]
    size: tuple[int, int]  # width and height
    box: Box
    times: tuple[float, ...]
    start: float
    duration: float
    notes: tuple[Message | str, ...]
    seconds: float
    explanations: Mapping[HeatmapKey, Explanation]

    def with_heatmap(self, explanation: Explanation) -> "Answer":
        """Return the answer with one heatmap more."""
        key = HeatmapKey.of(explanation)
        return replace(self, explanations={**self.explanations, key: explanation})

    def has_heatmap(self, request: AnalysisRequest) -> bool:
        """Return True if the answer holds the heatmap that a request asks for."""
        return self.heatmap_key(request) in self.explanations

    def heatmap_key(self, request: AnalysisRequest) -> HeatmapKey:
        """Return the key of the heatmap that a request asks for."""
        if not METHODS[request.method].is_class_specific:
            return HeatmapKey(request.method, (), request.sharper)
        best = next(iter(self.explanations.values())).predictions[0].label
        labels = request.label or best, request.contrast
        return HeatmapKey(request.method, tuple(filter(None, labels)), request.sharper)


def answer_id(request: AnalysisRequest) -> str:
    """Return the name of the answer of a clip and a model, whatever the heatmap."""
    clip = example_name(request.path) or request.path
    return hashlib.sha256(f"{clip}|{request.choice}|{request.start}".encode()).hexdigest()[:16]


def make_answer(request: AnalysisRequest, analysis: Analysis, seconds: float) -> Answer:
    """Return the answer of an analysis that took `seconds`."""
    clip, explanation = analysis.clip, analysis.explanation
    longest = FRAME_SIZE if len(clip.frames) <= MAX_LARGE_FRAMES else SMALL_FRAME_SIZE
    small, _ = overlay.shrink(clip.frames, explanation.box, longest=longest)
    H, W = clip.frames.shape[1:3]
    left, top, width, height = explanation.box
    answer = Answer(
        id=answer_id(request),
        choice=request.choice,
        name=analysis.name,
        example=example_name(request.path),
        frames=tuple(jpeg(frame, is_small=True) for frame in small),
        size=(W, H),
        box=Box(left / W, top / H, width / W, height / H),
        times=tuple(clip.times.tolist()),
        start=request.start,
        duration=clip.duration,
        notes=(*analysis.recognizer.notes, *clip.notes),
        seconds=seconds,
        explanations={},
    )
    return answer.with_heatmap(explanation)


def answer_data(answer: Answer, request: AnalysisRequest) -> dict[str, Any]:
    """Return an answer in the current language, as JSON.

    The answer that the page knows already comes as its id and its heatmaps only. Visitors can ask
    for heatmaps of hundreds of labels. Of those that are not shown, only the requested one comes.
    """
    explanation = next(iter(answer.explanations.values()))
    key = answer.heatmap_key(request)
    usual = {(), *((prediction.label,) for prediction in explanation.predictions[:TOP_K])}
    heatmaps = [
        _heatmap_data(answer, heatmap)
        for heatmap_key, heatmap in answer.explanations.items()
        if heatmap_key == key or heatmap_key.labels in usual
    ]
    shown = {"id": answer.id, "heatmaps": heatmaps, "shown": key.text}
    if request.known == answer.id:
        return shown
    return shown | {
        "model": answer.choice,
        "example": answer.example,
        "frames": answer.frames,
        "size": answer.size,
        "box": answer.box,
        "times": answer.times,
        "start": answer.start,
        "duration": answer.duration,
        "predictions": [
            {"label": p.label, "text": label_text(p.label), "share": p.share,
             "percent": probability_text(p.probability)}
            for p in explanation.predictions[:TOP_K]
        ],
        "labels": sorted(((p.label, label_text(p.label)) for p in explanation.predictions),
                         key=lambda pair: pair[1]),
        "limits": "" if answer.example else _limits_text(answer.name),
        "part": _part_text(answer),
        "notes": [translate(note) for note in answer.notes],
        "details": t("answer.details", model=answer.choice, seconds=answer.seconds,
                     device=explanation.processor),
        **_verdict(explanation),
    }  # fmt: skip


def _verdict(explanation: Explanation) -> dict[str, Any]:
    best = explanation.predictions[0]
    label = label_text(best.label)
    is_value = isinstance(best.probability, Value)
    is_unsure = not is_value and best.probability < MIN_SURE
    number = probability_text(best.probability)
    return {
        "verdict": t("answer.unsure", label=label) if is_unsure else label[:1].upper() + label[1:],
        "sure": number if is_value or is_unsure else t("answer.sure", percent=number),
        "isUnsure": is_unsure,
    }


def _limits_text(name: ModelName) -> str:
    """Return the sentence on what an embedded model knows, or nothing for another model."""
    return t("answer.limits", count=len(LABELS)) if name in embedded_models() else ""


def _part_text(answer: Answer) -> str:
    """Return the sentence on the part of a longer video that a clip shows, or nothing."""
    first, last = answer.times[0], answer.times[-1]
    if answer.duration - (last - first) < 0.5:
        return ""
    return t("answer.part", first=first, last=last, duration=answer.duration)


def _heatmap_data(answer: Answer, explanation: Explanation) -> dict[str, Any]:
    """Return heatmaps (T, h, w) as JSON.

    `values` are T*h*w bytes in base64: square roots of the shares of the brightest colour. `moved`
    are as many bytes, the shares of motion, or empty.
    """
    name = heatmap_name(explanation)
    top = overlay.scale_top(explanation.heatmaps)
    values = np.sqrt((explanation.heatmaps / top).clip(0, 1))
    shares = explanation.frame_shares.tolist()
    return {
        "key": HeatmapKey.of(explanation).text,
        "name": name[:1].upper() + name[1:],
        "values": _bytes_of(values),
        "moved": "" if explanation.moved is None else _bytes_of(explanation.moved),
        "grid": explanation.heatmaps.shape[1:],
        "top": format_number(top, ".1f"),
        "shares": explanation.frame_shares.round(3).tolist(),
        "text": short_heatmap_text(explanation),
        "numbers": heatmap_text(explanation),
        "curve": curve_text(shares, list(answer.times)),
        "caveats": " ".join(_caveats(answer.name, explanation.method)),
    }


def _bytes_of(shares: np.ndarray) -> str:
    """Return numbers, 0 to 1, as bytes in base64."""
    return base64.b64encode((shares * 255).round().astype(np.uint8).tobytes()).decode()


def _caveats(name: ModelName, method: str) -> Iterator[str]:
    """Yield what a method is for, and its limits, in general and as measured for a model."""
    yield t(f"methods.{method}.use")
    yield t(f"methods.{method}.caveat")
    scores = model_choices.measured_heatmaps(str(name))
    if scores is None or not scores.has(method):
        yield t("warnings.not_measured")
        return
    if warnings := scores.warnings(method):
        findings = joined((Message(f"warnings.{name}") for name in warnings), "lists.and")
        yield t("warnings.measured", findings=findings)


def draw_explorer(
    request: AnalysisRequest, analysis: Analysis, folder: Path
) -> tuple[str, Path | None]:
    """Return the explorer's HTML and, unless the model is large, the file with its numbers."""
    recognizer, clip = analysis.recognizer, analysis.clip
    section = explorer_html(recognizer, clip, analysis.explanation, model=request.choice)
    if not is_sent_whole(recognizer):
        return section, None
    prefix = EXAMPLE_PREFIX if example_name(request.path) else ""
    file = folder / f"{prefix}attention.safetensors"
    file.write_bytes(inference.queries_of(analysis.name, clip, model=request.choice))
    return section, file


def write_download(kind: str, request: AnalysisRequest, analysis: Analysis, folder: Path) -> Path:
    """Write one of DOWNLOADS and return its file."""
    file = folder / DOWNLOADS[kind]
    if kind == "video":
        export.write_videos(
            analysis.clip, analysis.explanation, overlay=file, longest=export.VIDEO_SIZE,
            smooth=request.smooth,
        )  # fmt: skip
    elif kind == "sheet":
        sheet = export.contact_sheet(analysis.clip, analysis.explanation, footer=request.choice)
        file.write_bytes(sheet)
    else:
        _write_archive(request, analysis, file)
    return file


DOWNLOADS: Mapping[str, str] = {
    "video": "timesformer.mp4",
    "sheet": "timesformer.png",
    "archive": "timesformer.zip",
}


def _write_archive(request: AnalysisRequest, analysis: Analysis, file: Path) -> None:
    arrays = inference.arrays_of(analysis.name, analysis.clip, analysis.explanation)
    queries = None
    if is_sent_whole(analysis.recognizer):
        queries = inference.queries_of(analysis.name, analysis.clip, model=request.choice)
    export.write_archive(
        file, analysis.recognizer, analysis.clip, analysis.explanation, model=request.choice,
        arrays=arrays, queries=queries, longest=export.VIDEO_SIZE, smooth=request.smooth,
    )  # fmt: skip
