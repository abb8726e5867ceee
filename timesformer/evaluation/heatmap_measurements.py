"""Measurements of heatmaps against a known object, on drawn clips and on videos with masks."""

import torch
from torch import Tensor

from ..explain import metrics
from ..explain.deletion import deletion_curves
from ..explain.perturb import IMPUTERS, random_heatmap
from ..models.timesformer import TimesformerForVideoClassification
from .heatmap_methods import Heatmaps
from .heatmap_scores import CENTRE, DIFFERENCE, RANDOM, TRUTH, UNIFORM, ScoreCollector


def baselines(
    coverage: Tensor, pixel_values: Tensor, patch: tuple[int, int], *, seed: int
) -> Heatmaps:
    """Return heatmaps (B, T, N) without a model, for clips with an object's coverage (B, T, N)."""
    grid = _grid(pixel_values, patch)
    return {
        RANDOM: random_heatmap(coverage.shape, seed=seed),
        UNIFORM: torch.ones_like(coverage),
        CENTRE: metrics.centre_heatmap(coverage.shape, grid),
        DIFFERENCE: metrics.frame_difference(pixel_values, patch),
        TRUTH: coverage,
    }


def add_localization(
    scores: ScoreCollector,
    heatmaps: Heatmaps,
    coverage: Tensor,
    grid: tuple[int, int],
    *,
    seed: int,
) -> None:
    """Add how well heatmaps (B, T, N) find an object, by its coverage (B, T, N) of the grid."""
    for method, heatmap in heatmaps.items():
        scores.add(
            method,
            energy=metrics.energy_pointing_game(heatmap, coverage),
            chance=coverage.mean((1, 2)),
            pointing=metrics.pointing_game(heatmap, coverage),
            auroc=metrics.auroc(heatmap, coverage),
            precision=metrics.average_precision(heatmap, coverage, seed=seed),
            centroid_error=metrics.centroid_error(heatmap, coverage, grid),
            centroid_correlation=metrics.centroid_correlation(heatmap, coverage, grid),
        )


def add_faithfulness(
    scores: ScoreCollector,
    heatmaps: Heatmaps,
    model: TimesformerForVideoClassification,
    values: Tensor,
    *,
    index: int,
    number: int,
    seed: int,
) -> None:
    """Add the area between insertion and deletion for heatmaps (1, T, N) of one clip.

    The area is of the probability of class `index`. Clip `number` is masked by one of IMPUTERS, in
    turn.
    """
    imputer = list(IMPUTERS.values())[number % len(IMPUTERS)]
    for method, heatmap in heatmaps.items():
        curves = deletion_curves(model, values, heatmap[0], index=index, imputer=imputer, seed=seed)
        scores.add(method, insertion_deletion=torch.tensor([curves.area]))


def _grid(pixel_values: Tensor, patch: tuple[int, int]) -> tuple[int, int]:
    H, W = pixel_values.shape[-2:]
    return H // patch[0], W // patch[1]
