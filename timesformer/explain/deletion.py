"""Deletion test of a heatmap: mask its top patches, and random ones, and compare predictions."""

from dataclasses import dataclass
from statistics import fmean

import numpy as np
import torch
from torch import Tensor

from ..models.timesformer import TimesformerForVideoClassification
from ..progress import Progress, ignore_progress
from .metrics import FRACTIONS, Curves, curves, random_map

TOP_FRACTION = 0.1  # of the patches, masked for the two drops of a Check
RANDOM_HEATMAPS = 3
NUM_PREDICTIONS = 2 * (len(FRACTIONS) - 1) * (1 + RANDOM_HEATMAPS)  # of one test


@dataclass(frozen=True)
class Check:
    """Result of a deletion test: curves of a heatmap, and of random heatmaps.

    The probability is that of `label`: the class that the heatmap explains, or the likeliest.
    """

    label: str
    curves: Curves
    random: tuple[Curves, ...]

    @property
    def fall(self) -> float:
        """Drop of the probability when the top tenth of the patches is masked."""
        return self.curves.fall(TOP_FRACTION)

    @property
    def random_fall(self) -> float:
        """Mean drop of the probability when a random tenth is masked."""
        return fmean(curves.fall(TOP_FRACTION) for curves in self.random)

    @property
    def random_gap(self) -> float:
        """Mean insertion minus deletion area of the random heatmaps."""
        return fmean(curves.gap for curves in self.random)


def deletion_test(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    heatmaps: np.ndarray,
    *,
    index: int,
    label: str,
    on_progress: Progress = ignore_progress,
) -> Check:
    """Test heatmaps (T, h, w) on pixel values (1, T, C, H, W), with blurred frames as masks.

    `on_progress` is called after each heatmap.
    """
    heatmap = torch.from_numpy(heatmaps).flatten(1)
    tested = [heatmap, *(random_map(heatmap.shape, seed=seed) for seed in range(RANDOM_HEATMAPS))]
    results = []
    for number, values in enumerate(tested, start=1):
        results.append(curves(model, pixel_values, values, index=index))
        on_progress(number, len(tested))
    return Check(label, results[0], tuple(results[1:]))
