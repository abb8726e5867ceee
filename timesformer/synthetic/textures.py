"""Textures of drawn objects and backgrounds: noise, patterns, dead leaves, given pictures.

A picture bank is (M, F, 3, S, S) uint8. It holds M stills, F = 1, or M videos of F frames.
"""

import math
from collections.abc import Iterable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .rng import BatchRng

NUM_LEAVES = 100  # enough to cover most of a picture
PICTURE_SIZE = 256  # pixels a side of the pictures of a bank
NOISE_GRIDS = (3, 6, 12, 24)  # cells of soft noise across a texture


def pixel_centres(H: int, W: int) -> Tensor:
    """Return the coordinates (H, W, 2), x then y, of pixels of a picture that spans -1 to 1."""
    y, x = torch.meshgrid(_cell_centres(H), _cell_centres(W), indexing="ij")
    return torch.stack([x, y], dim=-1)


def _cell_centres(count: int) -> Tensor:
    """Return the centres of `count` equal cells from -1 to 1."""
    return (torch.arange(count) + 0.5) * 2 / count - 1


def paint_textures(
    size: int, rng: BatchRng, *, pictures: Tensor | None = None, share: float = 0.0
) -> Tensor:
    """Return colours (B, F, 3, size, size); `share` of the clips show part of a random picture.

    Colours may exceed 0..1 a little, as light in a scene does.
    """
    painted = _soft_noise(size, rng)[:, None]
    if pictures is None:
        return painted
    painted = painted.repeat(1, pictures.shape[1], 1, 1, 1)
    from_picture = rng.chance(share)
    choice = rng.integers(len(pictures))[from_picture]
    zoom = rng.uniform(0.4, 1, 1, 1, 1)
    centre = rng.uniform(-1, 1, 1, 1, 2) * (1 - zoom)
    window = centre + zoom * pixel_centres(size, size) * rng.sign(1, 1, 2)  # (B, size, size, 2)
    points = window[from_picture, None]
    colours = sample(pictures[choice].float() / 255, points)  # (n, F, 3, size, size)
    grey = colours.mean(dim=2, keepdim=True)
    contrast = rng.uniform(0.6, 1.2, 1, 1, 1, 1)[from_picture]
    colours = torch.where(rng.chance(0.15, 1, 1, 1, 1)[from_picture], grey, colours)
    tint = rng.uniform(0.85, 1.15, 1, 3, 1, 1)[from_picture]
    painted[from_picture] = ((colours - 0.5) * contrast + 0.5) * tint
    return painted


def sample(texture: Tensor, points: Tensor) -> Tensor:
    """Return the colours (B, T, 3, H, W) of textures at points.

    texture is (B, F, 3, S, S), and points is (B, T, H, W, 2). F is 1 or T, or T is 1. A texture
    spans -1 to 1 and is mirrored beyond.
    """
    B, F_, _, _, _ = texture.shape
    _, T, H, W, _ = points.shape
    if F_ == 1:
        rows = points.reshape(B, T * H, W, 2)
        colours = F.grid_sample(texture[:, 0], rows, padding_mode="reflection", align_corners=False)
        return colours.unflatten(2, (T, H)).transpose(1, 2)
    points = points.expand(B, F_, H, W, 2).flatten(0, 1)
    colours = F.grid_sample(
        texture.flatten(0, 1), points, padding_mode="reflection", align_corners=False
    )
    return colours.unflatten(0, (B, F_))


def picture_bank(pictures: Iterable[np.ndarray]) -> Tensor:
    """Return a bank of two squares, one from each end, of every picture (H, W, 3) uint8."""
    squares = []
    for picture in pictures:
        side = min(picture.shape[:2])
        pixels = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
        for square in (pixels[..., :side, :side], pixels[..., -side:, -side:]):
            squares.append(F.interpolate(square, (PICTURE_SIZE,) * 2, mode="area"))
    return torch.stack(squares).round().byte()


def dead_leaves(count: int, *, seed: int) -> Tensor:
    """Return a bank of `count` dead-leaves pictures: discs and squares of all sizes that overlap.

    The model has the edges and the spectrum of photographs (Lee, Mumford and Huang 2001).
    """
    rng, size = BatchRng(count, seed=seed), PICTURE_SIZE
    points = pixel_centres(size, size)
    shades = _soft_noise(size, rng)
    picture = shades
    for _ in range(NUM_LEAVES):
        radius = 0.03 * rng.uniform(0.002, 1, 1, 1) ** -0.5  # areas as 1 / area squared
        offset = points - rng.uniform(-1, 1, 1, 1, 2)
        disc, square = offset.norm(dim=-1), offset.abs().amax(dim=-1)
        distance = disc.lerp(square, rng.uniform(0, 1, 1, 1))
        alpha = ((radius - distance) * size / 2 + 0.5).clamp(0, 1)[:, None]
        colour = rng.uniform(0, 1, 3, 1, 1) + rng.uniform(0, 0.6, 1, 1, 1) * (shades - 0.5)
        picture = picture + alpha * (colour - picture)
    return (picture.clamp(0, 1) * 255).round().byte()[:, None]


def _soft_noise(size: int, rng: BatchRng) -> Tensor:
    """Return colours (B, 3, size, size): soft noise with stripes, checks or dots."""
    noise = torch.zeros(rng.count, 1, size, size)
    for cells in NOISE_GRIDS:
        coarse = rng.normal(1, cells, cells) * rng.uniform(0, 1, 1, 1, 1)
        noise = noise + F.interpolate(coarse, size=(size, size), mode="bilinear")
    first, third = rng.uniform(0, 1, 3, 1, 1), rng.uniform(0, 1, 3, 1, 1)
    second = (first + rng.uniform(0.3, 0.7, 3, 1, 1)) % 1  # a contrast in every channel
    blend = torch.sigmoid(noise * rng.uniform(1.5, 6, 1, 1, 1))
    picture = first * blend + second * (1 - blend)
    pattern = torch.sigmoid(_pattern(size, rng) * rng.uniform(2, 20, 1, 1, 1))
    strength = rng.uniform(0, 0.8, 1, 1, 1) * rng.chance(0.5, 1, 1, 1)
    return picture + strength * pattern * (third - picture)


def _pattern(size: int, rng: BatchRng) -> Tensor:
    """Return waves from -1 to 1, (B, 1, size, size): stripes, or two that cross: checks or dots."""
    points = pixel_centres(size, size)
    heading = rng.uniform(0, math.pi, 1, 1)
    pitch = rng.uniform(3, 14, 1, 1)
    x = points[..., 0] * heading.cos() + points[..., 1] * heading.sin()
    y = points[..., 1] * heading.cos() - points[..., 0] * heading.sin()
    along = torch.sin(x * pitch + rng.uniform(0, 2 * math.pi, 1, 1))
    across = torch.sin(y * pitch)
    kind = rng.uniform(0, 3, 1, 1)
    waves = torch.where(kind < 1, along, torch.where(kind < 2, along * across, along + across - 1))
    return waves[:, None]
