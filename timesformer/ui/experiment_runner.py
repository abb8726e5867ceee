"""Experiments as they go: sentences while they work, and the HTML of what came of them."""

import json
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import TimesformerError
from ..experiments import SCHEMES, Run, frame_counts
from ..explain import Target
from ..hub.source import Repository
from ..i18n import t
from ..recognizer import Recognizer
from ..video.clip import Clip
from . import inference
from .sections.experiments import runs_html, trial_html

Steps = Generator[str, None, str]  # sentences, and at the end HTML


@dataclass(frozen=True, eq=False)
class Given:
    """What an experiment starts from.

    `choice` is the model in the visitor's words and `name` what `load` takes for it; `more` is the
    clip for each of `others`; `painted` is the JSON of covered patches, counted from 1; `method`
    and `target` are of the heatmap.
    """

    choice: str
    name: str | Repository
    recognizer: Recognizer
    clip: Clip
    more: Sequence[Clip]
    painted: str
    method: str
    target: Target | None

    @property
    def scheme(self) -> str:
        """Which attention the model has."""
        return self.recognizer.model.config.attention_type


def others(experiment: str, recognizer: Recognizer) -> list[Recognizer]:
    """To which other recognizers an experiment shows the clip."""
    if experiment == "frames":
        counts = frame_counts(recognizer.preprocess.num_frames)
        return [recognizer.adapted(num_frames=count) for count in counts]
    return [inference.recognizer_named(name) for name in SCHEMES] if experiment == "schemes" else []


def tried(experiment: str, given: Given) -> Steps:
    """One of `experiments.buttons`. Raises TimesformerError where it cannot be done."""
    if experiment == "frames":
        return (yield from _frames(given))
    if experiment == "schemes":
        return (yield from _schemes(given))
    options: dict[str, Any] = {}
    if experiment == "cover":
        options["patches"] = painted_patches(given)
    if experiment == "hottest":
        looking = inference.explained(
            given.name, given.clip, method=given.method, target=given.target
        )
        options["explanation"] = yield from looking
    trial = yield from inference.tried(given.name, given.clip, experiment, **options)
    return trial_html(trial, clip=given.clip, scheme=given.scheme, model=given.choice)


def painted_patches(given: Given) -> list[tuple[int, int, int]]:
    """The covered patches (frame, row, column), counted from 0. Raises TimesformerError."""
    H, W = given.recognizer.preprocess.crop_size
    height, width = given.recognizer.model.config.patch_shape
    sizes = (len(given.clip.frames), H // height, W // width)
    try:
        patches = json.loads(given.painted or "[]")
        places = [(int(frame) - 1, int(row) - 1, int(column) - 1) for frame, row, column in patches]
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:  # sent by hand
        raise TimesformerError("experiment.masked_elsewhere") from error
    if not places:
        raise TimesformerError("experiment.nothing_masked")
    if not all(0 <= i < size for place in places for i, size in zip(place, sizes, strict=True)):
        raise TimesformerError("experiment.masked_elsewhere")
    return places


def _frames(given: Given) -> Steps:
    """The clip with half as many frames, and with twice as many."""
    runs: dict[str, Run] = {}
    T = given.recognizer.preprocess.num_frames
    for count, clip in zip(frame_counts(T), given.more, strict=True):
        runs[_frames_head(count)] = yield from inference.run(given.name, clip)
    own, most = runs[_frames_head(T)], runs[_frames_head(2 * T)]
    cost = t(
        "experiments.frames_cost",
        T=2 * T,
        comparisons=most.all_comparisons / own.all_comparisons,
        seconds=most.seconds / own.seconds,
    )
    made_for = given.recognizer.model.config.num_frames
    notes = [cost, t("experiments.frames_caveat", T=made_for)]
    return runs_html("frames", given.choice, runs, notes=notes)


def _frames_head(T: int) -> str:
    return t("experiments.frames_one" if T == 1 else "experiments.frames", T=T)


def _schemes(given: Given) -> Steps:
    """The clip through the three embedded models."""
    runs: dict[str, Run] = {}
    looked = []
    for name, clip in zip(SCHEMES, given.more, strict=True):
        run = yield from inference.run(name, clip)
        explanation = yield from inference.explained(name, clip, method="rollout", target=None)
        scheme = t(f"schemes.{run.scheme}")
        runs[t("experiments.model_and_scheme", model=name, scheme=scheme)] = run
        looked.append((clip, explanation))
    N, T = run.N, run.T
    notes = [t("experiments.schemes_cost", N=N, T=T, divided=N + T, joint=N * T)]
    if given.name not in SCHEMES:
        notes.append(t("experiments.other_model", model=given.choice))
    return runs_html("schemes", t("experiments.three_models"), runs, notes=notes, looked=looked)
