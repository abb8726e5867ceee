"""Scores of heatmaps, stored as JSON beside the weights."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import torch
from torch import Tensor

from ..explain import METHODS

RANDOM, UNIFORM, CENTRE, DIFFERENCE, TRUTH = (
    "random", "uniform", "centre", "frame difference", "true mask",
)  # fmt: skip
BASELINES = (RANDOM, UNIFORM, CENTRE, DIFFERENCE, TRUTH)
MAX_RANDOMIZED = 0.5  # highest acceptable rank correlation with a randomized model
MIN_RANGE = 0.05  # between random heatmap and true mask, for faithfulness to have a meaning


@dataclass(frozen=True)
class MethodScores:
    """Scores of one heatmap method on one model.

    They are means over `clips` clips with a moving object, all predicted correctly.

    energy: share of heat on the object over the share of the picture it covers.
    pointing, auroc, precision: 0 to 1; chance is 0.5 for auroc.
    centroid_error: distance of the centroids of heat and object, in half-widths.
    centroid_correlation: Pearson's r of both centroids over time.
    in_window: share of heat in the frames with motion, over the share of a uniform heatmap.
    discrimination: of two objects, how often the heat prefers the one whose label is the target.
    insertion_deletion: area between the insertion and deletion curves. Each clip is masked in one
        of three ways. Slow methods have fewer clips.
    faithfulness: insertion_deletion on a scale from the random heatmap, 0, to the true mask, 1.
        None if the predictions do not depend on the object, and for slow methods.
    randomized_classifier, randomized_all: rank correlation with the heatmap of a model whose
        classifier, or all weights, are randomized.
    motion_on_mover: share of the heat of motion in patches that the moving object touches. These
        clips have a still object too. scenery_elsewhere: share of the other heat in all other
        patches. moved_share: share of all heat that is due to motion.

    None means not measured.
    """

    method: str
    clips: int
    energy: float
    pointing: float
    auroc: float
    precision: float
    centroid_error: float | None
    centroid_correlation: float | None
    in_window: float | None = None
    discrimination: float | None = None
    insertion_deletion: float | None = None
    faithfulness: float | None = None
    randomized_classifier: float | None = None
    randomized_all: float | None = None
    motion_on_mover: float | None = None
    scenery_elsewhere: float | None = None
    moved_share: float | None = None


@dataclass(frozen=True)
class HeatmapScores:
    """Scores of all heatmap methods on one model.

    clips: in total. windowed: with motion in a window of frames. distractors: with two objects.
    perturbed: masked patch by patch. precision: of the model, such as "bfloat16". ranking: methods
    by how often they point at the object, the best first: the order in which `explain` chooses.
    """

    model: str
    scheme: str
    seeds: int
    clips: int
    windowed: int
    distractors: int
    perturbed: int
    scores: tuple[MethodScores, ...]
    machine: str
    day: str
    precision: str = "float32"
    ranking: tuple[str, ...] = ()

    def of(self, method: str) -> MethodScores:
        """Return the scores of a method."""
        return next(row for row in self.scores if row.method == method)

    def has(self, method: str) -> bool:
        """Return True if a method was measured."""
        return any(row.method == method for row in self.scores)

    def warnings(self, method: str) -> list[str]:
        """Return the tests that a method fails: keys of the catalogs' section `warnings`."""
        if method in BASELINES or not self.has(method):
            return []
        own, random, difference = self.of(method), self.of(RANDOM), self.of(DIFFERENCE)
        keys = []
        if own.randomized_all is not None and own.randomized_all > MAX_RANDOMIZED:
            keys.append("randomized")
        same_clips = own.clips == random.clips
        if (same_clips and own.energy <= random.energy) or (
            own.faithfulness is not None and own.faithfulness <= 0
        ):
            keys.append("random")
        if same_clips and own.energy <= difference.energy:
            keys.append("difference")
        return keys


def ranking_of(scores: Sequence[MethodScores], *, clips: int) -> tuple[str, ...]:
    """Return the methods that were measured on all `clips`, by pointing, the best first."""
    rows = [row for row in scores if row.method in METHODS and row.clips == clips]
    rows.sort(key=lambda row: row.pointing, reverse=True)
    return tuple(row.method for row in rows)


PLAIN_MEANS = tuple(
    field.name
    for field in fields(MethodScores)
    if field.name not in ("method", "clips", "energy", "faithfulness")
)


@dataclass
class ScoreCollector:
    """Scores of single clips, by method and by name of the score."""

    values: dict[str, dict[str, list[Tensor]]] = field(default_factory=dict)

    def add(self, method: str, **scores: Tensor) -> None:
        """Add the scores of more clips, (B,) each."""
        for name, value in scores.items():
            self.values.setdefault(method, {}).setdefault(name, []).append(value.double())

    def add_all(self, other: "ScoreCollector") -> None:
        """Add the scores of another collector."""
        for method, scores in other.values.items():
            for name, values in scores.items():
                self.add(method, **{name: torch.cat(values)})

    def mean(self, method: str, name: str) -> float | None:
        """Return the mean over the clips that have the score, or None without any."""
        parts = self.values.get(method, {}).get(name)
        mean = torch.nan if parts is None else float(torch.cat(parts).nanmean())
        return None if math.isnan(mean) else mean

    def method_scores(self) -> tuple[MethodScores, ...]:
        """Return the mean scores of every method."""
        return tuple(self._method_scores(method) for method in self.values)

    def _method_scores(self, method: str) -> MethodScores:
        means: dict[str, Any] = {name: self.mean(method, name) for name in PLAIN_MEANS}
        means["faithfulness"] = self._faithfulness(method)
        energy, chance = self.mean(method, "energy"), self.mean(method, "chance")
        assert energy is not None
        assert chance is not None
        clips = self._count(method, "energy")
        return MethodScores(method, clips, energy=energy / chance, **means)

    def _faithfulness(self, method: str) -> float | None:
        """Return `insertion_deletion` on its scale, if all were measured on the same clips."""
        name = "insertion_deletion"
        own, worst, best = (self.mean(row, name) for row in (method, RANDOM, TRUTH))
        if own is None or worst is None or best is None or best - worst < MIN_RANGE:
            return None
        is_comparable = self._count(method, name) == self._count(RANDOM, name)
        return (own - worst) / (best - worst) if is_comparable else None

    def _count(self, method: str, name: str) -> int:
        return sum(map(len, self.values[method][name]))
