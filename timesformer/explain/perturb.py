"""Masks of patches: which patches to mask, and with what."""

from collections.abc import Callable, Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

BLUR_SIZE = 4  # pixels a side that are left of a blurred frame: too few to recognize an object

Imputer = Callable[[Tensor], Tensor]  # clips to the pixels that replace masked patches


def mean_colour(pixel_values: Tensor) -> Tensor:
    """Return clips (B, T, 3, H, W) of the mean colour of each clip."""
    return pixel_values.mean(dim=(1, 3, 4), keepdim=True).expand_as(pixel_values)


def blur(pixel_values: Tensor) -> Tensor:
    """Return blurred clips (B, T, 3, H, W), in which no object can be recognized."""
    frames = pixel_values.flatten(0, 1)
    small = F.adaptive_avg_pool2d(frames, BLUR_SIZE)
    wide = F.interpolate(small, size=frames.shape[-2:], mode="bilinear")
    return wide.view_as(pixel_values)


def mean_frame(pixel_values: Tensor) -> Tensor:
    """Return clips (B, T, 3, H, W) without motion: the mean of the frames of each clip."""
    return pixel_values.mean(dim=1, keepdim=True).expand_as(pixel_values)


IMPUTERS: Mapping[str, Imputer] = {
    "mean colour": mean_colour,
    "blur": blur,
    "mean frame": mean_frame,
}


def mask_patches(pixel_values: Tensor, mask: Tensor, *, imputer: Imputer = blur) -> Tensor:
    """Return a clip (1, T, C, H, W) with each of the masks applied, (B, T, C, H, W).

    `mask` (B, T, h, w) is True for patches to replace.
    """
    (H, W), (h, w) = pixel_values.shape[-2:], mask.shape[-2:]
    pixels = mask.repeat_interleave(H // h, 2).repeat_interleave(W // w, 3)[:, :, None]
    return torch.where(pixels.to(pixel_values.device), imputer(pixel_values), pixel_values)


def rank_patches(heatmap: Tensor, *, seed: int) -> Tensor:
    """Return the indices of the patches of a heatmap (n,), hottest first; ties in random order."""
    generator = torch.Generator().manual_seed(seed)
    shuffled = torch.randperm(len(heatmap), generator=generator, device="cpu")
    return shuffled[heatmap[shuffled].argsort(descending=True, stable=True)]


def top_patches(heatmap: Tensor, fraction: float, *, seed: int) -> Tensor:
    """Return a mask (n,) of the hottest fraction of the patches of a heatmap (n,)."""
    top = rank_patches(heatmap, seed=seed)[: round(fraction * len(heatmap))]
    return torch.zeros(len(heatmap), dtype=torch.bool, device="cpu").index_fill(0, top, True)


def random_heatmap(shape: Sequence[int], *, seed: int) -> Tensor:
    """Return a heatmap of random numbers, 0 to 1."""
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(tuple(shape), generator=generator, dtype=torch.float32, device="cpu")
