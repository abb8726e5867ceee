"""The ten motions: their labels, and random poses over time for each.

Coordinates are in half-widths of the picture: x runs right and y down from -1 to 1. Angles run
clockwise.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from .rng import BatchRng

LABELS = (
    "moving left",
    "moving right",
    "moving up",
    "moving down",
    "moving toward you",
    "moving away from you",
    "turning clockwise",
    "turning anticlockwise",
    "shaking",
    "standing still",
)
LEFT, RIGHT, UP, DOWN, TOWARD, AWAY, CLOCKWISE, ANTICLOCKWISE, SHAKING, STILL = range(10)

HEADINGS = {LEFT: math.pi, RIGHT: 0.0, UP: -math.pi / 2, DOWN: math.pi / 2}

DISTANCES = (0.3, 1.5)  # travelled in a direction, in half-widths
GROWTHS = (1.4, 3.5)  # change of size, toward or away
TURNS = (0.6, 2.4)  # radians
MAX_TURN = 0.5  # radians a frame: above, a mark is mistaken for the next one


@dataclass(frozen=True, eq=False)
class Pose:
    """Position, size and angle of an object in each frame: four tensors (B, T)."""

    x: Tensor
    y: Tensor
    log_scale: Tensor
    angle: Tensor

    def to_local(self, points: Tensor) -> Tensor:
        """Return points (B, T, H, W, 2) of the world in the coordinates of the object."""
        x = points[..., 0] - self.x[..., None, None]
        y = points[..., 1] - self.y[..., None, None]
        scale = self.log_scale.neg().exp()[..., None, None]
        cos, sin = (self.angle.cos()[..., None, None], self.angle.sin()[..., None, None])
        return torch.stack([(x * cos + y * sin) * scale, (y * cos - x * sin) * scale], dim=-1)

    def steps(self) -> Tensor:
        """Return the change around each frame, (B, T, 4): x, y, log scale, angle."""
        path = torch.stack([self.x, self.y, self.log_scale, self.angle], dim=-1)
        return torch.gradient(path, dim=1)[0]

    def where(self, condition: Tensor, other: "Pose") -> "Pose":
        """Return this pose for the clips where condition (B,) holds, the other pose elsewhere."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Pose(*(torch.where(condition[:, None], mine, theirs) for mine, theirs in pairs))

    def moved(self, dx: Tensor, dy: Tensor) -> "Pose":
        """Return the pose shifted by dx and dy, (B, T) or (B, 1) each."""
        return Pose(self.x + dx, self.y + dy, self.log_scale, self.angle)

    @classmethod
    def at_origin(cls, count: int, num_frames: int) -> "Pose":
        """Return the pose of an object that stays at the origin."""
        return cls(*torch.zeros(4, count, num_frames))


def is_one_of(labels: Tensor, classes: Iterable[int]) -> Tensor:
    """Return True for labels (B,) that are among the classes."""
    return torch.isin(labels, torch.tensor(list(classes)))


def draw_motion(
    labels: Tensor,
    num_frames: int,
    rng: BatchRng,
    *,
    may_roll: Tensor | None = None,
    window: tuple[int, int] | None = None,
) -> Pose:
    """Return a random pose over time for each label: a drift, plus the motion of the label.

    Where may_roll (B,) holds, some objects that move in a direction roll. All motion lies between
    frames `window[0]` and `window[1]`, if given.
    """
    time = torch.linspace(0, 1, num_frames)
    progress = _progress(time, rng, window)
    x, y, log_scale, angle = _drift(labels, progress, rng)

    distance = rng.uniform(*DISTANCES, 1)
    slant = rng.uniform(-0.4, 0.4, 1) * rng.difficulty
    rolling = rng.chance_scaled(0.3, 1) * rng.sign(1) * rng.uniform(0.5, 2.0, 1)
    if may_roll is not None:
        rolling = rolling * may_roll[:, None]
    for label, heading in HEADINGS.items():
        travelled = (labels == label)[:, None] * distance
        x = x + travelled * torch.cos(heading + slant) * (progress - 0.5)
        y = y + travelled * torch.sin(heading + slant) * (progress - 0.5)
        angle = angle + travelled * rolling * progress

    smallest, largest = GROWTHS
    growth = rng.uniform(math.log(smallest), math.log(largest), 1) * (progress - 0.5)
    log_scale = log_scale + _signed(labels, TOWARD, AWAY) * growth
    fastest = progress.diff(dim=1).amax(dim=1, keepdim=True)
    turn = rng.uniform(*TURNS, 1).minimum(MAX_TURN / fastest) * progress
    angle = angle + _signed(labels, CLOCKWISE, ANTICLOCKWISE) * turn

    sway = _sway(time, rng) * (labels == SHAKING)[:, None]
    twist = rng.chance(0.25, 1)
    towards = rng.uniform(-math.pi, math.pi, 1)
    amplitude = rng.uniform(0.1, 0.35, 1)
    x = x + sway * ~twist * amplitude * towards.cos()
    y = y + sway * ~twist * amplitude * towards.sin()
    return Pose(x, y, log_scale, angle + sway * twist * amplitude * 2.2)


def _drift(labels: Tensor, progress: Tensor, rng: BatchRng) -> tuple[Tensor, ...]:
    """Return x, y, log scale and angle, (B, T) each, of a slow drift from a random position."""
    centre = rng.uniform(-0.45, 0.45, 2, 1)
    drift = rng.normal(4, 1).clamp(-2, 2) * 0.04 * rng.difficulty * progress[:, None]  # (B, 4, T)
    drift = drift * (labels != STILL)[:, None, None]
    x, y = (centre + drift[:, :2]).unbind(1)
    return x, y, drift[:, 2], 2 * drift[:, 3] + rng.uniform(-math.pi, math.pi, 1)


def _progress(time: Tensor, rng: BatchRng, window: tuple[int, int] | None) -> Tensor:
    """Return the finished share of the motion, (B, T): late starts, early stops, easing."""
    is_short = rng.chance_scaled(0.5, 1)
    begin = rng.uniform(0, 0.3, 1) * is_short
    end = 1 - rng.uniform(0, 0.3, 1) * is_short
    if window is not None:
        begin, end = (torch.full_like(begin, float(time[frame])) for frame in window)
    linear = ((time - begin) / (end - begin)).clamp(0, 1)
    eased = linear * linear * (3 - 2 * linear)
    ease = rng.uniform(0, 1, 1)
    return (ease * eased + (1 - ease) * linear) ** rng.uniform(0.75, 1.35, 1)


def _sway(time: Tensor, rng: BatchRng) -> Tensor:
    """Return oscillations from -1 to 1, (B, T): periodic, or random in some clips."""
    phase = rng.uniform(0, 2 * math.pi, 1)
    swing = torch.sin(2 * math.pi * rng.uniform(1.25, 3.3, 1) * time + phase)
    jitter = rng.uniform(-1, 1, len(time))
    return torch.where(rng.chance(0.25, 1), jitter, swing)


def _signed(labels: Tensor, positive: int, negative: int) -> Tensor:
    return ((labels == positive).float() - (labels == negative).float())[:, None]
