"""Experiments of the page: their steps while they run, and the HTML of their results."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..errors import TimesformerError
from ..experiments import EXPERIMENTS, Experiment, TimedPrediction, frame_variants
from ..hub.source import Repository
from ..i18n import t
from ..recognizer import Recognizer
from ..video.clip import Clip
from . import inference
from .analysis import Steps, at_stage, load_model, read_clip
from .model_cache import recognizer_named
from .request import AnalysisRequest, check_request
from .sections.experiments import change_html, comparison_html


@dataclass(frozen=True, eq=False)
class Subject:
    """The model and the clip of an experiment.

    `name` is the model's name for `load`. `more_clips` are the clip as the recognizers of a
    comparison read it. `mask` are masked patches (frame, row, column), counted from 1.
    """

    request: AnalysisRequest
    name: str | Repository
    recognizer: Recognizer
    clip: Clip
    more_clips: Sequence[Clip] = ()
    mask: object = None


def run(experiment: str, mask: object, request: AnalysisRequest) -> Steps[str]:
    """Run one of EXPERIMENTS and return its HTML.

    Raises TimesformerError if it does not fit the model or the clip.
    """
    name, recognizer = yield from load_model(request)
    if EXPERIMENTS[experiment].needs == "explanation":
        check_request(recognizer, request)
    recognizers = [recognizer, *_more_recognizers(EXPERIMENTS[experiment], recognizer)]
    clip, *more_clips = yield from read_clip(request, recognizers)
    subject = Subject(request, name, recognizer, clip, more_clips, mask)
    steps = COMPARISONS[experiment] if experiment in COMPARISONS else partial(_change, experiment)
    return (yield from at_stage(0.6, steps(subject)))


def _more_recognizers(experiment: Experiment, recognizer: Recognizer) -> list[Recognizer]:
    """Return the recognizers of a comparison."""
    if experiment.change:
        return []
    if experiment.models:
        return [recognizer_named(name) for name in experiment.models]
    return frame_variants(recognizer)


def _change(name: str, subject: Subject) -> inference.Steps[str]:
    """Change one thing about the clip and predict again."""
    request, model, clip = subject.request, subject.name, subject.clip
    inputs: dict[str, Any] = {}
    if EXPERIMENTS[name].needs == "patches":
        inputs["patches"] = masked_patches(subject)
    if EXPERIMENTS[name].needs == "explanation":
        steps = inference.explain(model, clip, method=request.method, target=request.target)
        inputs["explanation"] = yield from steps
    result = yield from inference.run_experiment(model, clip, name, **inputs)
    scheme = subject.recognizer.model.config.attention_type
    box = subject.recognizer.preprocess(clip).box
    return change_html(result, clip=clip, box=box, scheme=scheme, model=request.choice)


def masked_patches(subject: Subject) -> list[tuple[int, int, int]]:
    """Return the masked patches (frame, row, column), counted from 0. Raises TimesformerError."""
    recognizer = subject.recognizer
    grid = recognizer.model.config.grid_of(*recognizer.preprocess.crop_size)
    sizes = (len(subject.clip.frames), *grid)
    try:
        mask: Any = subject.mask or []
        patches = [(int(frame) - 1, int(row) - 1, int(column) - 1) for frame, row, column in mask]
    except (ValueError, TypeError, ArithmeticError) as error:  # not from the page
        raise TimesformerError("experiment.masked_elsewhere") from error
    if not patches:
        raise TimesformerError("experiment.nothing_masked")
    if not all(0 <= i < size for patch in patches for i, size in zip(patch, sizes, strict=True)):
        raise TimesformerError("experiment.masked_elsewhere")
    return patches


def _frames(subject: Subject) -> inference.Steps[str]:
    """Predict with half as many frames, as many, and twice as many."""
    timed: dict[str, TimedPrediction] = {}
    for clip in subject.more_clips:
        timed[_frames_head(len(clip.frames))] = yield from inference.measure(subject.name, clip)
    T = subject.recognizer.preprocess.num_frames
    own, largest = timed[_frames_head(T)], timed[_frames_head(2 * T)]
    cost = t(
        "experiments.frames_cost",
        T=2 * T,
        comparisons=largest.all_comparisons / own.all_comparisons,
        seconds=largest.seconds / own.seconds,
    )
    trained_T = subject.recognizer.model.config.num_frames
    notes = [cost, t("experiments.frames_caveat", T=trained_T)]
    return comparison_html("frames", subject.request.choice, timed, notes=notes)


def _frames_head(T: int) -> str:
    return t("experiments.frames_one" if T == 1 else "experiments.frames", T=T)


def _schemes(subject: Subject) -> inference.Steps[str]:
    """Predict with an embedded model of each attention scheme."""
    timed: dict[str, TimedPrediction] = {}
    explained = []
    models = EXPERIMENTS["schemes"].models
    for name, clip in zip(models, subject.more_clips, strict=True):
        prediction = yield from inference.measure(name, clip)
        explanation = yield from inference.explain(name, clip, method="rollout", target=None)
        scheme = t(f"schemes.{prediction.scheme}")
        timed[t("experiments.model_and_scheme", model=name, scheme=scheme)] = prediction
        explained.append((clip, explanation))
    N, T = prediction.N, prediction.T
    notes = [t("experiments.schemes_cost", N=N, T=T, divided=N + T, joint=N * T)]
    if subject.name not in models:
        notes.append(t("experiments.other_model", model=subject.request.choice))
    heading = t("experiments.three_models")
    return comparison_html("schemes", heading, timed, notes=notes, explained=explained)


COMPARISONS: Mapping[str, Callable[[Subject], inference.Steps[str]]] = {
    "frames": _frames,
    "schemes": _schemes,
}
