"""Occlusion: mask one cell of space and time after another, and measure the drop of a score.

Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014 (arXiv 1311.2901),
with cells that span frames. The method works for any model and is slow.
"""

import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from ..models.timesformer import TimesformerForVideoClassification
from ..progress import Progress, ignore_progress
from .target import batch_size, most_likely, score_of
from .types import Heatmap

MAX_CELLS = (4, 7, 7)  # along frames, rows and columns; 2 x 2 x 2 patches of 8 frames of 14 x 14

Cell = tuple[slice, slice, slice]  # frames, rows and columns of patches


@torch.no_grad()
def occlusion(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    *,
    target: Tensor | None = None,
    negative: bool = False,
    cell: Sequence[int] | None = None,
    on_progress: Progress = ignore_progress,
) -> Heatmap:
    """Return the drop of the score of `target` as each patch of pixel_values is masked.

    A cell is `cell` frames, rows and columns of patches; by default MAX_CELLS cells cover the clip.
    The mask is the mean colour of the clip. `target` is that of `score_of`; the default is the
    most likely class of the unmasked clip. `negative` returns rises instead of drops. `on_progress`
    is called with cells.
    """
    logits, sign = model(pixel_values).logits, -1 if negative else 1
    target = (most_likely(logits) if target is None else target).expand_as(logits)
    unmasked = score_of(logits, target).float()
    B, T, _, H, W = pixel_values.shape
    grid = (T, *model.config.grid_of(H, W))
    drops = pixel_values.new_zeros(B, *grid, dtype=torch.float32)
    cell = cell or [-(-length // count) for length, count in zip(grid, MAX_CELLS, strict=True)]
    cells = list(_cells(grid, cell))
    step = max(1, batch_size(math.prod(grid)) // B)
    for first in range(0, len(cells), step):
        batch = cells[first : first + step]
        masked = _mask_each(pixel_values, batch, model.config.patch_shape)
        scores = score_of(model(masked).logits, target.repeat(len(batch), 1)).float()
        for index, score in zip(batch, scores.unflatten(0, (len(batch), B)), strict=True):
            drops[:, *index] = (unmasked - score)[:, None, None, None]
        on_progress(min(first + step, len(cells)), len(cells))
    return Heatmap(logits, (sign * drops).clamp(min=0).flatten(2))


def _mask_each(pixel_values: Tensor, cells: Sequence[Cell], patch: tuple[int, int]) -> Tensor:
    """Return the clips (B, T, C, H, W) with each of n cells masked, (n*B, T, C, H, W)."""
    B = len(pixel_values)
    mean = pixel_values.mean(dim=(1, 3, 4), keepdim=True)
    masked = pixel_values.repeat(len(cells), 1, 1, 1, 1)
    for number, (t, y, x) in enumerate(cells):
        rows, columns = _to_pixels(y, patch[0]), _to_pixels(x, patch[1])
        masked[number * B : (number + 1) * B, t, :, rows, columns] = mean
    return masked


def _cells(grid: Sequence[int], cell: Sequence[int]) -> Iterator[Cell]:
    """Yield the cells of a grid; the last along each axis may be smaller."""
    steps = [
        [slice(first, min(first + size, length)) for first in range(0, length, size)]
        for length, size in zip(grid, cell, strict=True)
    ]
    for frames in steps[0]:
        for rows in steps[1]:
            for columns in steps[2]:
                yield frames, rows, columns


def _to_pixels(patches: slice, size: int) -> slice:
    return slice(patches.start * size, patches.stop * size)
