"""Heatmaps on a grid twice as fine: the mean over clips shifted by half a patch."""

from collections.abc import Callable, Sequence
from itertools import product

import torch
from torch import Tensor

from ..models.config import TimesformerConfig
from .types import Heatmap, share_of

SHIFTS = tuple(product((0, 1), (0, 1)))  # in half patches, of the content: up and to the left


def sharpen(
    compute: Callable[[Tensor, int], Heatmap], pixel_values: Tensor, config: TimesformerConfig
) -> Heatmap:
    """Return the logits, and the heatmap (B, T, 4*N) of pixel_values (B, T, C, H, W).

    `compute` takes the clips of one of SHIFTS and its number; the first is not shifted. A cell of
    the finer grid is a quarter of a patch. It has the mean heat of all patches over it. Shifted
    clips repeat their last row or column. Raises ValueError for patches with an odd side.
    """
    sides, (h, w) = config.patch_shape, config.grid_of(*pixel_values.shape[-2:])
    if any(side % 2 for side in sides):
        raise ValueError(f"sharper needs patches with even sides; they are {sides[0]} x {sides[1]}")
    heatmaps = [
        compute(_shifted(pixel_values, down * sides[0] // 2, across * sides[1] // 2), number)
        for number, (down, across) in enumerate(SHIFTS)
    ]
    heat = _mean([heatmap.patches for heatmap in heatmaps], (h, w))
    if heatmaps[0].moved is None:
        return Heatmap(heatmaps[0].logits, heat)
    motion = _mean([heatmap.motion for heatmap in heatmaps], (h, w))
    return Heatmap(heatmaps[0].logits, heat, share_of(motion, heat))


def _mean(patches: Sequence[Tensor], grid: tuple[int, int]) -> Tensor:
    """Return the mean (B, T, 4*N) of the heat (B, T, N) of patches, one tensor for each shift."""
    (h, w), (B, T, _) = grid, patches[0].shape
    total = patches[0].new_zeros(B, T, 2 * h, 2 * w)
    count = torch.zeros_like(total)
    for (down, across), of_shift in zip(SHIFTS, patches, strict=True):
        heat = of_shift.unflatten(2, grid).repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
        total[..., down:, across:] += heat[..., : 2 * h - down, : 2 * w - across]
        count[..., down:, across:] += 1
    return (total / count).flatten(2)


def _shifted(pixel_values: Tensor, up: int, left: int) -> Tensor:
    """Return clips whose content is moved by some pixels; the last row and column are repeated."""
    rows, columns = (
        (torch.arange(size, device=pixel_values.device) + by).clamp(max=size - 1)
        for size, by in zip(pixel_values.shape[-2:], (up, left), strict=True)
    )
    return pixel_values[..., rows[:, None], columns]
