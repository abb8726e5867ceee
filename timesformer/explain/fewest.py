"""The fewest patches that keep the answer: the hottest alone are shown, all others are masked.

After the sufficient input subsets of Carter et al. 2019 (arXiv 1810.03805). The order of a heatmap
takes the place of their search.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..i18n import Value
from ..models.outputs import probabilities_of
from ..models.timesformer import TimesformerForVideoClassification
from ..progress import Progress, ignore_progress
from .perturb import mask_patches, random_heatmap, rank_patches
from .target import batch_size
from .types import as_numbers

KEPT = 0.9  # of the probability of the whole clip
STEPS = 24  # numbers of patches that are tried first, evenly on a logarithmic scale
MAX_HALVINGS = 14  # of the step below the smallest number that suffices
NUM_PREDICTIONS = 2 * (STEPS + MAX_HALVINGS)  # for the heatmap and for a random order


@dataclass(frozen=True, eq=False)
class PatchOrder:
    """Patches in an order, and what the first of them alone give.

    ranks: (T, h, w), the place of each patch, from 0. curve: the probability of a class by the
    number of patches that are shown. count: the smallest of these numbers that keeps the answer.
    """

    ranks: np.ndarray
    curve: dict[int, float]
    count: int


@dataclass(frozen=True, eq=False)
class FewestPatches:
    """The fewest patches that keep KEPT of a class's probability, by heat and in random order.

    The Value of a regression is kept if it changes by at most a tenth.
    """

    by_heat: PatchOrder
    random: PatchOrder

    @property
    def total(self) -> int:
        """Number of patches of the clip."""
        return int(self.by_heat.ranks.size)


@torch.no_grad()
def fewest_patches(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    heatmaps: np.ndarray,
    *,
    index: int,
    on_progress: Progress = ignore_progress,
) -> FewestPatches:
    """Return the fewest patches of pixel values (1, T, C, H, W), by heatmaps (T, h, w).

    `index` is of the class; masked patches are blurred. STEPS numbers of patches are tried, and
    then halvings of the step below the smallest that suffices. `on_progress` is called with
    predictions, of at most NUM_PREDICTIONS.
    """
    done, total = 0, heatmaps.size

    def probabilities(ranks: Tensor, counts: Sequence[int]) -> dict[int, float]:
        nonlocal done
        found: list[float] = []
        for part in torch.tensor(counts, device="cpu").split(batch_size(total)):
            masks = ranks >= part[:, None, None, None]
            logits = model(mask_patches(pixel_values, masks)).logits
            found += as_numbers(probabilities_of(logits, model.config)[:, index], model.config)
            done += len(part)
            on_progress(done, NUM_PREDICTIONS)
        return dict(zip(counts, found, strict=True))

    heat = torch.from_numpy(heatmaps)
    orders = [
        _order(values, probabilities) for values in (heat, random_heatmap(heat.shape, seed=0))
    ]
    on_progress(NUM_PREDICTIONS, NUM_PREDICTIONS)
    return FewestPatches(*orders)


def _order(
    heatmap: Tensor, probabilities: Callable[[Tensor, Sequence[int]], dict[int, float]]
) -> PatchOrder:
    """Return the order of a heatmap (T, h, w), hottest first; ties are in random order."""
    total = heatmap.numel()
    ranks = rank_patches(heatmap.flatten(), seed=0).argsort().view(heatmap.shape)
    steps = np.geomspace(1, total, STEPS).round().astype(int)
    curve = probabilities(ranks, sorted(set(steps.tolist())))
    for _ in range(MAX_HALVINGS):
        count = smallest_count(curve)
        below = max((tried for tried in curve if tried < count), default=0)
        if below == count - 1:
            break
        curve |= probabilities(ranks, [(below + count) // 2])
    return PatchOrder(ranks.numpy(), dict(sorted(curve.items())), smallest_count(curve))


def smallest_count(curve: dict[int, float]) -> int:
    """Return the smallest number of patches that keeps the answer.

    The largest number in the curve is that of all patches.
    """
    whole = curve[max(curve)]
    if isinstance(whole, Value):
        return min(n for n, value in curve.items() if abs(value - whole) <= (1 - KEPT) * abs(whole))
    return min(n for n, probability in curve.items() if probability >= KEPT * whole)
