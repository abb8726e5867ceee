"""Occlusion: cover one piece of space and time after the other and watch the score.

Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014 (arXiv 1311.2901),
with pieces that last some frames. It knows nothing of what a model is made of, and is slow.
"""

import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from ..models.timesformer import TimesformerForVideoClassification
from ..progress import Progress, ignore_progress
from .target import batch_size, score_of
from .types import Heatmap

PIECES = (4, 7, 7)  # about as many, of frames, rows and columns, as a clip is cut into


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
    """How far a score falls, or, if `negative`, rises, as each patch is covered, (B, T, N).

    A piece is `cell` frames, rows and columns of patches, or as many as make PIECES of the clip;
    what covers it is the mean colour of the clip. `target` is as in `score_of`; without one
    it is the class that is likeliest with nothing covered. `on_progress` is called
    with pieces.
    """
    logits, sign = model(pixel_values).logits, -1 if negative else 1
    if target is None:
        target = torch.nn.functional.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits)
    wanted = target.expand_as(logits)
    whole = score_of(logits, wanted)
    height, width = model.config.patch_shape
    B, T, _, H, W = pixel_values.shape
    grid = (T, H // height, W // width)
    mean = pixel_values.mean(dim=(1, 3, 4), keepdim=True)
    falls = pixel_values.new_zeros(B, *grid, dtype=torch.float32)
    cell = cell or [-(-length // most) for length, most in zip(grid, PIECES, strict=True)]
    pieces = list(_pieces(grid, cell))
    step = max(1, batch_size(math.prod(grid)) // B)
    for first in range(0, len(pieces), step):
        some = pieces[first : first + step]
        covered = pixel_values.repeat(len(some), 1, 1, 1, 1)
        for number, (t, y, x) in enumerate(some):
            rows, columns = _scaled(y, height), _scaled(x, width)
            covered[number * B : (number + 1) * B, t, :, rows, columns] = mean
        scores = score_of(model(covered).logits, wanted.repeat(len(some), 1)).float()
        for (t, y, x), score in zip(some, scores.unflatten(0, (len(some), B)), strict=True):
            falls[:, t, y, x] = (whole.float() - score)[:, None, None, None]
        on_progress(min(first + step, len(pieces)), len(pieces))
    return Heatmap(logits, (sign * falls).clamp(min=0).flatten(2))


def _pieces(grid: Sequence[int], cell: Sequence[int]) -> Iterator[tuple[slice, slice, slice]]:
    """Frames, rows and columns of patches, piece by piece; the last ones may be smaller."""
    steps = [
        [slice(first, min(first + size, length)) for first in range(0, length, size)]
        for length, size in zip(grid, cell, strict=True)
    ]
    for frames in steps[0]:
        for rows in steps[1]:
            for columns in steps[2]:
                yield frames, rows, columns


def _scaled(patches: slice, size: int) -> slice:
    return slice(patches.start * size, patches.stop * size)
