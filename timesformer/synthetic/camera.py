"""Degradations of drawn frames: what a cheap camera and a low bit rate add."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from .rng import BatchRng

BLOCK = 8  # pixels a side, as in JPEG and the MPEG codecs


def degrade_frames(frames: Tensor, rng: BatchRng) -> Tensor:
    """Return frames (B, T, 3, H, W) in 0..1 with exposure, blur, compression and noise."""
    frames = _compress(_blur(_change_light(frames, rng), rng), rng)
    noise = rng.uniform(0, 0.05, 1, 1, 1, 1) * rng.difficulty
    return (frames + noise * rng.normal(*frames.shape[1:])).clamp(0, 1)


def quantize_blocks(frames: Tensor, steps: Tensor) -> Tensor:
    """Round the cosine transform of each block of frames (..., H, W) to multiples of `steps`.

    `steps` (..., 1, BLOCK, BLOCK) has one step a frequency; its first axes broadcast.
    """
    basis = _cosine_basis(BLOCK)
    blocks = frames.unfold(-2, BLOCK, BLOCK).unfold(-2, BLOCK, BLOCK)  # (..., h, w, 8, 8)
    steps = steps[..., None, :, :]
    rounded = ((basis @ blocks @ basis.T) / steps).round() * steps
    blocks = basis.T @ rounded @ basis
    return blocks.transpose(-3, -2).flatten(-4, -3).flatten(-2, -1)


def _change_light(frames: Tensor, rng: BatchRng) -> Tensor:
    """Change contrast and brightness; let the light drift and, in some clips, flicker."""
    T = frames.shape[1]
    contrast, brightness = rng.uniform(0.5, 1.1, 1, 1, 1, 1), rng.uniform(-0.2, 0.2, 1, 1, 1, 1)
    drift = 0.12 * rng.normal(1, 1, 1, 1) * torch.linspace(-1, 1, T)[:, None, None, None]
    flicker = 0.04 * rng.normal(T, 1, 1, 1) * rng.chance_scaled(0.25, 1, 1, 1, 1)
    return (frames - 0.5) * contrast * (1 + drift) + 0.5 + brightness + flicker


def _blur(frames: Tensor, rng: BatchRng) -> Tensor:
    """Average some of the clips over 3 or 5 pixels."""
    for width, probability in ((3, 0.3), (5, 0.12)):
        blurred = rng.chance_scaled(probability)
        soft = frames[blurred].flatten(0, 1)
        soft = F.avg_pool2d(soft, width, 1, width // 2, count_include_pad=False)
        frames = frames.index_put((blurred,), soft.unflatten(0, (-1, frames.shape[1])))
    return frames


def _compress(frames: Tensor, rng: BatchRng) -> Tensor:
    """Quantize the blocks of some of the clips.

    The block grid has a random offset, one for the batch: a frame is resized after compression.
    """
    compressed = rng.chance_scaled(0.3)
    coarse = rng.uniform(0.02, 0.12, 1, 1, 1, 1, 1)[compressed]
    down, right = torch.randint(BLOCK, (2,), generator=rng.generator).tolist()
    shifted = frames[compressed].roll((down, right), (-2, -1))
    steps = coarse * (1 + 0.5 * (torch.arange(BLOCK)[:, None] + torch.arange(BLOCK)))
    restored = quantize_blocks(shifted, steps)
    return frames.index_put((compressed,), restored.roll((-down, -right), (-2, -1)))


def _cosine_basis(count: int) -> Tensor:
    """Return the orthonormal cosine basis (count, count), one frequency a row."""
    rows = torch.arange(count)[:, None]
    basis = torch.cos(math.pi * rows * (torch.arange(count) + 0.5) / count)
    basis[0] *= math.sqrt(0.5)
    return basis * math.sqrt(2 / count)
