"""How well heatmaps (B, T, N) find the thing that moves, whose share of each patch is known."""

import torch
import torch.nn.functional as F
from torch import Tensor

HIT = 0.5  # the least share of the hottest patch that the thing has to cover


def covered_patches(masks: Tensor, patch: tuple[int, int]) -> Tensor:
    """The share of each patch, (B, T, N), that masks (B, T, H, W) cover."""
    return F.avg_pool2d(masks, patch).flatten(2)


def heat_inside(heat: Tensor, covered: Tensor) -> Tensor:
    """The share of each clip's heat that lies on the thing, (B,); an even map has covered.mean."""
    return (heat * covered).sum((1, 2)) / heat.sum((1, 2))


def pointing_hits(heat: Tensor, covered: Tensor) -> Tensor:
    """1 where the hottest patch of all a clip's frames is at least half covered, else 0, (B,).

    NaN where no patch of the clip is, as there is nothing to point at. This is the pointing game
    of Zhang et al. 2016 (arXiv 1608.00507), without its margin.
    """
    heat, covered = heat.flatten(1), covered.flatten(1)
    hottest = covered.gather(1, heat.argmax(1, keepdim=True))[:, 0]
    hits = (hottest >= HIT).double()
    return hits.where(covered.amax(1) >= HIT, torch.nan)


def frame_difference(pixel_values: Tensor, patch: tuple[int, int]) -> Tensor:
    """How much each patch of pixel values (B, T, 3, H, W) differs from the frames beside it.

    (B, T, N), the mean of absolute differences: where a plain motion detector would point.
    """
    steps = pixel_values.diff(dim=1).abs().mean(2)  # (B, T-1, H, W)
    before, after = torch.cat([steps[:, :1], steps], 1), torch.cat([steps, steps[:, -1:]], 1)
    return covered_patches((before + after) / 2, patch)


def random_map(shape: torch.Size, *, seed: int) -> Tensor:
    """Heat of the given shape that knows nothing."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))
