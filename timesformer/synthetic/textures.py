"""What drawn things and grounds look like: noise, patterns, fallen leaves, and given pictures.

A bank of pictures is (M, F, 3, S, S) uint8: M stills with F = 1, or M films of F frames.
"""

import math
from collections.abc import Iterable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .rng import Dice

DISCS = 100  # enough to cover most of a picture
PICTURE_SIZE = 256  # pixels a side of a bank's pictures
GRAINS = (3, 6, 12, 24)  # cells of soft noise across a surface


def pixel_centres(H: int, W: int) -> Tensor:
    """Places (H, W, 2), x then y, of the pixels of a picture that spans -1 to 1."""
    y, x = torch.meshgrid(_middles(H), _middles(W), indexing="ij")
    return torch.stack([x, y], dim=-1)


def _middles(count: int) -> Tensor:
    """The middles of `count` equal parts of the way from -1 to 1."""
    return (torch.arange(count) + 0.5) * 2 / count - 1


def paint_surfaces(
    size: int, dice: Dice, *, pictures: Tensor | None = None, share: float = 0.0
) -> Tensor:
    """Colours (B, F, 3, size, size): for `share` of the clips part of a random picture.

    They may run a little beyond 0 and 1, as light in a scene does before it is filmed.
    """
    painted = _soft_noise(size, dice)[:, None]
    if pictures is None:
        return painted
    painted = painted.repeat(1, pictures.shape[1], 1, 1, 1)
    here = dice.chance(share)
    choice = dice.below(len(pictures))[here]
    zoom = dice.between(0.4, 1, 1, 1, 1)
    middle = dice.between(-1, 1, 1, 1, 2) * (1 - zoom)
    window = middle + zoom * pixel_centres(size, size) * dice.sign(1, 1, 2)  # (B, size, size, 2)
    colours = sample(pictures[choice].float() / 255, window[here, None])  # (n, F, 3, size, size)
    grey = colours.mean(dim=2, keepdim=True)
    contrast = dice.between(0.6, 1.2, 1, 1, 1, 1)[here]
    colours = torch.where(dice.chance(0.15, 1, 1, 1, 1)[here], grey, colours)
    tint = dice.between(0.85, 1.15, 1, 3, 1, 1)[here]
    painted[here] = ((colours - 0.5) * contrast + 0.5) * tint
    return painted


def sample(surface: Tensor, points: Tensor) -> Tensor:
    """Colours (B, T, 3, H, W) of surfaces (B, F, 3, S, S) at points (B, T, H, W, 2).

    F is 1 or T, or T is 1. A surface spans -1 to 1 and is mirrored without end beyond.
    """
    B, F_, _, _, _ = surface.shape
    _, T, H, W, _ = points.shape
    if F_ == 1:
        rows = points.reshape(B, T * H, W, 2)
        colours = F.grid_sample(surface[:, 0], rows, padding_mode="reflection", align_corners=False)
        return colours.unflatten(2, (T, H)).transpose(1, 2)
    points = points.expand(B, F_, H, W, 2).flatten(0, 1)
    colours = F.grid_sample(
        surface.flatten(0, 1), points, padding_mode="reflection", align_corners=False
    )
    return colours.unflatten(0, (B, F_))


def bank_of(pictures: Iterable[np.ndarray]) -> Tensor:
    """A bank of both ends, as squares, of every picture (H, W, 3) uint8."""
    squares = []
    for picture in pictures:
        side = min(picture.shape[:2])
        pixels = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
        for square in (pixels[..., :side, :side], pixels[..., -side:, -side:]):
            squares.append(F.interpolate(square, (PICTURE_SIZE,) * 2, mode="area"))
    return torch.stack(squares).round().byte()


def fallen_leaves(count: int, *, seed: int) -> Tensor:
    """A bank of `count` pictures of discs and squares of all sizes that cover each other.

    Such pictures share the edges and the spectrum of photographs (Lee, Mumford and Huang 2001).
    """
    dice, size = Dice(count, seed=seed), PICTURE_SIZE
    places = pixel_centres(size, size)
    shades = _soft_noise(size, dice)
    picture = shades
    for _ in range(DISCS):
        radius = 0.03 * dice.between(0.002, 1, 1, 1) ** -0.5  # areas as 1 / area squared
        offset = places - dice.between(-1, 1, 1, 1, 2)
        round_, square = offset.norm(dim=-1), offset.abs().amax(dim=-1)
        distance = round_.lerp(square, dice.between(0, 1, 1, 1))
        alpha = ((radius - distance) * size / 2 + 0.5).clamp(0, 1)[:, None]
        colour = dice.between(0, 1, 3, 1, 1) + dice.between(0, 0.6, 1, 1, 1) * (shades - 0.5)
        picture = picture + alpha * (colour - picture)
    return (picture.clamp(0, 1) * 255).round().byte()[:, None]


def _soft_noise(size: int, dice: Dice) -> Tensor:
    """Colours (B, 3, size, size): soft noise of four grains, with stripes, checks or dots."""
    noise = torch.zeros(dice.count, 1, size, size)
    for grain in GRAINS:
        coarse = dice.normal(1, grain, grain) * dice.between(0, 1, 1, 1, 1)
        noise = noise + F.interpolate(coarse, size=(size, size), mode="bilinear")
    first, third = dice.between(0, 1, 3, 1, 1), dice.between(0, 1, 3, 1, 1)
    second = (first + dice.between(0.3, 0.7, 3, 1, 1)) % 1  # a contrast in every channel
    blend = torch.sigmoid(noise * dice.between(1.5, 6, 1, 1, 1))
    picture = first * blend + second * (1 - blend)
    pattern = torch.sigmoid(_pattern(size, dice) * dice.between(2, 20, 1, 1, 1))
    strength = dice.between(0, 0.8, 1, 1, 1) * dice.chance(0.5, 1, 1, 1)
    return picture + strength * pattern * (third - picture)


def _pattern(size: int, dice: Dice) -> Tensor:
    """Waves between -1 and 1, (B, 1, size, size): stripes, or where two cross, checks or dots."""
    points = pixel_centres(size, size)
    heading = dice.between(0, math.pi, 1, 1)
    pitch = dice.between(3, 14, 1, 1)
    x = points[..., 0] * heading.cos() + points[..., 1] * heading.sin()
    y = points[..., 1] * heading.cos() - points[..., 0] * heading.sin()
    along = torch.sin(x * pitch + dice.between(0, 2 * math.pi, 1, 1))
    across = torch.sin(y * pitch)
    kind = dice.between(0, 3, 1, 1)
    waves = torch.where(kind < 1, along, torch.where(kind < 2, along * across, along + across - 1))
    return waves[:, None]
