"""Experiments of the page: their steps while they run, and the HTML of their results."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import TimesformerError
from ..experiments import SCHEMES, Run, frame_counts
from ..hub.source import Repository
from ..i18n import t
from ..recognizer import Recognizer
from ..video.clip import Clip
from . import inference
from .analysis import Steps, at_stage, load_model, read_clip
from .model_cache import recognizer_named
from .request import AnalysisRequest, check_request
from .sections.experiments import runs_html, trial_html


@dataclass(frozen=True, eq=False)
class Subject:
    """The model and the clip of an experiment.

    `name` is the model's name for `load`. `more_clips` are the clip as the further recognizers of
    the experiment read it. `mask` is JSON: masked patches (frame, row, column), counted from 1.
    """

    request: AnalysisRequest
    name: str | Repository
    recognizer: Recognizer
    clip: Clip
    more_clips: Sequence[Clip] = ()
    mask: str = ""


def run(experiment: str, mask: str, request: AnalysisRequest) -> Steps[str]:
    """Run an experiment of the catalog's `experiments.buttons` and return its HTML.

    Raise TimesformerError if it does not fit the model or the clip.
    """
    name, recognizer = yield from load_model(request)
    if experiment == "hottest":
        check_request(recognizer, request)
    recognizers = [recognizer, *_more_recognizers(experiment, recognizer)]
    clip, *more_clips = yield from read_clip(request, recognizers)
    subject = Subject(request, name, recognizer, clip, more_clips, mask)
    sentences = EXPERIMENTS.get(experiment, _single_change)(experiment, subject)
    return (yield from at_stage(0.6, sentences))


def _more_recognizers(experiment: str, recognizer: Recognizer) -> list[Recognizer]:
    if experiment == "frames":
        counts = frame_counts(recognizer.preprocess.num_frames)
        return [recognizer.adapted(num_frames=count) for count in counts]
    return [recognizer_named(name) for name in SCHEMES] if experiment == "schemes" else []


def _single_change(experiment: str, subject: Subject) -> inference.Steps[str]:
    """Change one thing about the clip and predict again."""
    request, name, clip = subject.request, subject.name, subject.clip
    options: dict[str, Any] = {}
    if experiment == "cover":
        options["patches"] = masked_patches(subject)
    if experiment == "hottest":
        steps = inference.explain(name, clip, method=request.method, target=request.target)
        options["explanation"] = yield from steps
    trial = yield from inference.run_experiment(name, clip, experiment, **options)
    scheme = subject.recognizer.model.config.attention_type
    return trial_html(trial, clip=clip, scheme=scheme, model=request.choice)


def masked_patches(subject: Subject) -> list[tuple[int, int, int]]:
    """Return the masked patches (frame, row, column), counted from 0. Raise TimesformerError."""
    H, W = subject.recognizer.preprocess.crop_size
    height, width = subject.recognizer.model.config.patch_shape
    sizes = (len(subject.clip.frames), H // height, W // width)
    try:
        mask = json.loads(subject.mask or "[]")
        patches = [(int(frame) - 1, int(row) - 1, int(column) - 1) for frame, row, column in mask]
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:  # not from the page
        raise TimesformerError("experiment.masked_elsewhere") from error
    if not patches:
        raise TimesformerError("experiment.nothing_masked")
    if not all(0 <= i < size for patch in patches for i, size in zip(patch, sizes, strict=True)):
        raise TimesformerError("experiment.masked_elsewhere")
    return patches


def _frames(_: str, subject: Subject) -> inference.Steps[str]:
    """Predict with half as many frames, as many, and twice as many."""
    runs: dict[str, Run] = {}
    T = subject.recognizer.preprocess.num_frames
    for count, clip in zip(frame_counts(T), subject.more_clips, strict=True):
        runs[_frames_head(count)] = yield from inference.measure(subject.name, clip)
    own, largest = runs[_frames_head(T)], runs[_frames_head(2 * T)]
    cost = t(
        "experiments.frames_cost",
        T=2 * T,
        comparisons=largest.all_comparisons / own.all_comparisons,
        seconds=largest.seconds / own.seconds,
    )
    trained_T = subject.recognizer.model.config.num_frames
    notes = [cost, t("experiments.frames_caveat", T=trained_T)]
    return runs_html("frames", subject.request.choice, runs, notes=notes)


def _frames_head(T: int) -> str:
    return t("experiments.frames_one" if T == 1 else "experiments.frames", T=T)


def _schemes(_: str, subject: Subject) -> inference.Steps[str]:
    """Predict with an embedded model of each attention scheme."""
    runs: dict[str, Run] = {}
    explained = []
    for name, clip in zip(SCHEMES, subject.more_clips, strict=True):
        run = yield from inference.measure(name, clip)
        explanation = yield from inference.explain(name, clip, method="rollout", target=None)
        scheme = t(f"schemes.{run.scheme}")
        runs[t("experiments.model_and_scheme", model=name, scheme=scheme)] = run
        explained.append((clip, explanation))
    N, T = run.N, run.T
    notes = [t("experiments.schemes_cost", N=N, T=T, divided=N + T, joint=N * T)]
    if subject.name not in SCHEMES:
        notes.append(t("experiments.other_model", model=subject.request.choice))
    models = t("experiments.three_models")
    return runs_html("schemes", models, runs, notes=notes, explained=explained)


EXPERIMENTS = {"frames": _frames, "schemes": _schemes}  # those that compare several models or clips
