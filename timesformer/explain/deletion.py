"""Deletion test of a heatmap: mask its top patches, and random ones, and compare predictions.

After Petsiuk et al. 2018, "RISE" (arXiv 1806.07421).
"""

import warnings
from dataclasses import dataclass
from statistics import fmean

import numpy as np
import torch
from torch import Tensor

from ..models.outputs import probabilities_of
from ..models.timesformer import TimesformerForVideoClassification
from ..progress import Progress, ignore_progress
from .perturb import Imputer, blur, mask_patches, random_heatmap, top_patches
from .target import batch_size
from .types import as_numbers

FRACTIONS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0)  # of the patches that are masked or shown
TOP_FRACTION = 0.1  # of the patches, masked for the drops of a Check
RANDOM_HEATMAPS = 3
NUM_PREDICTIONS = 2 * (len(FRACTIONS) - 1) * (1 + RANDOM_HEATMAPS)  # of one test


@dataclass(frozen=True)
class DeletionCurves:
    """Probabilities of a class as patches are masked, at FRACTIONS of the patches.

    deletion: with the top patches masked. insertion: with all but the top patches masked.
    """

    deletion: tuple[float, ...]
    insertion: tuple[float, ...]

    @property
    def area(self) -> float:
        """Area under insertion minus area under deletion, -1 to 1; higher is more faithful."""
        return float(np.trapezoid(np.subtract(self.insertion, self.deletion), FRACTIONS))

    def drop(self, fraction: float) -> float:
        """Return the drop of the probability with that fraction of the patches masked."""
        return self.deletion[0] - self.deletion[FRACTIONS.index(fraction)]


@dataclass(frozen=True)
class Check:
    """Result of a deletion test: the curves of a heatmap, and of random heatmaps.

    The probability is that of `label`: the class that the heatmap explains, or the most likely.
    """

    label: str
    curves: DeletionCurves
    random: tuple[DeletionCurves, ...]

    @property
    def drop(self) -> float:
        """Drop of the probability with the top tenth of the patches masked."""
        return self.curves.drop(TOP_FRACTION)

    @property
    def random_drop(self) -> float:
        """Mean drop of the probability with a random tenth of the patches masked."""
        return fmean(curves.drop(TOP_FRACTION) for curves in self.random)

    @property
    def random_area(self) -> float:
        """Mean area of the random heatmaps, as `DeletionCurves.area`."""
        return fmean(curves.area for curves in self.random)

    @property
    def fall(self) -> float:
        """Deprecated name of `drop`."""
        warnings.warn("Check.fall is now Check.drop", DeprecationWarning, stacklevel=2)
        return self.drop


def deletion_test(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    heatmaps: np.ndarray,
    *,
    index: int,
    label: str,
    on_progress: Progress = ignore_progress,
) -> Check:
    """Test heatmaps (T, h, w) of pixel values (1, T, C, H, W) with blurred frames as masks.

    `index` and `label` are of the class. `on_progress` is called after each heatmap.
    """
    heatmap = torch.from_numpy(heatmaps).flatten(1)
    random = [random_heatmap(heatmap.shape, seed=seed) for seed in range(RANDOM_HEATMAPS)]
    curves: list[DeletionCurves] = []
    for tested in (heatmap, *random):
        curves.append(deletion_curves(model, pixel_values, tested, index=index))
        on_progress(len(curves), 1 + len(random))
    return Check(label, curves[0], tuple(curves[1:]))


@torch.no_grad()
def deletion_curves(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    heatmap: Tensor,
    *,
    index: int,
    imputer: Imputer = blur,
    seed: int = 0,
) -> DeletionCurves:
    """Return the curves of class `index` for a heatmap (T, N) of pixel values (1, T, C, H, W).

    Patches with equal heat come in a random order, which `seed` sets.
    """
    T, grid = pixel_values.shape[1], model.config.grid_of(*pixel_values.shape[-2:])
    flat = heatmap.flatten().cpu()
    top = torch.stack([top_patches(flat, fraction, seed=seed) for fraction in FRACTIONS[:-1]])
    masks = top.view(-1, T, *grid)
    deleted = mask_patches(pixel_values, masks, imputer=imputer)
    inserted = mask_patches(pixel_values, ~masks, imputer=imputer)
    batches = torch.cat([deleted, inserted]).split(batch_size(heatmap.numel()))
    logits = torch.cat([model(batch).logits for batch in batches])
    probabilities = as_numbers(probabilities_of(logits, model.config)[:, index], model.config)
    deletion, insertion = probabilities[: len(masks)], probabilities[len(masks) :]
    return DeletionCurves((*deletion, insertion[0]), (*insertion, deletion[0]))
