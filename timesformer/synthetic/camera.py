"""What a cheap camera and a thrifty codec make of drawn frames."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from .rng import Dice

BLOCK = 8  # pixels a side, as JPEG and the MPEG family cut frames


def film_frames(frames: Tensor, dice: Dice) -> Tensor:
    """Frames (B, T, 3, H, W) with exposure, changing light, blur, blocks and noise, in 0..1."""
    frames = _compressed(_blurred(_lit(frames, dice), dice), dice)
    grain = dice.between(0, 0.05, 1, 1, 1, 1) * dice.clutter
    return (frames + grain * dice.normal(*frames.shape[1:])).clamp(0, 1)


def _lit(frames: Tensor, dice: Dice) -> Tensor:
    """Contrast and brightness of the clip, light that drifts, and a lamp that flickers."""
    T = frames.shape[1]
    contrast, brightness = dice.between(0.5, 1.1, 1, 1, 1, 1), dice.between(-0.2, 0.2, 1, 1, 1, 1)
    drift = 0.12 * dice.normal(1, 1, 1, 1) * torch.linspace(-1, 1, T)[:, None, None, None]
    flicker = 0.04 * dice.normal(T, 1, 1, 1) * dice.mishap(0.25, 1, 1, 1, 1)
    return (frames - 0.5) * contrast * (1 + drift) + 0.5 + brightness + flicker


def _blurred(frames: Tensor, dice: Dice) -> Tensor:
    """Some of the clips softened over 3 or 5 pixels."""
    for width, share in ((3, 0.3), (5, 0.12)):
        here = dice.mishap(share)
        soft = frames[here].flatten(0, 1)
        soft = F.avg_pool2d(soft, width, 1, width // 2, count_include_pad=False)
        frames = frames.index_put((here,), soft.unflatten(0, (-1, frames.shape[1])))
    return frames


def _compressed(frames: Tensor, dice: Dice) -> Tensor:
    """Some of the clips with the cosine transform of their blocks coarsely rounded.

    The blocks lie anywhere, alike in all the clips, since a frame is resized after it was
    compressed.
    """
    here = dice.mishap(0.3)
    coarse = dice.between(0.02, 0.12, 1, 1, 1, 1, 1)[here]
    down, right = torch.randint(BLOCK, (2,), generator=dice.generator).tolist()
    shifted = frames[here].roll((down, right), (-2, -1))
    basis = _cosines(BLOCK)
    steps = coarse * (1 + 0.5 * (torch.arange(BLOCK)[:, None] + torch.arange(BLOCK)))
    blocks = shifted.unfold(-2, BLOCK, BLOCK).unfold(-2, BLOCK, BLOCK)  # (n,T,3,h,w,8,8)
    rounded = ((basis @ blocks @ basis.T) / steps[..., None, :, :]).round() * steps[..., None, :, :]
    blocks = basis.T @ rounded @ basis
    restored = blocks.transpose(-3, -2).flatten(-4, -3).flatten(-2, -1)
    return frames.index_put((here,), restored.roll((-down, -right), (-2, -1)))


def _cosines(count: int) -> Tensor:
    """The orthonormal cosine basis (count, count), one frequency a row."""
    rows = torch.arange(count)[:, None]
    basis = torch.cos(math.pi * rows * (torch.arange(count) + 0.5) / count)
    basis[0] *= math.sqrt(0.5)
    return basis * math.sqrt(2 / count)
