"""Drawn objects: shapes with a pose, and the second object of a clip."""

from dataclasses import dataclass

import torch
from torch import Tensor

from .motion import HEADINGS, LABELS, STILL, Pose, draw_motion, is_one_of
from .rng import BatchRng
from .textures import sample

SECOND_SHARE = 0.5  # of clips with a second object
FOLLOWING_SHARE = 0.2  # of second objects that move with the first
STRAYING_SHARE = 0.3  # of second objects that have a smaller size and a motion of their own
LIMB_SHARE = 0.2  # of objects that reach in from an edge, such as an arm


@dataclass(frozen=True, eq=False)
class DrawnObject:
    """An object: its pose, its radius (B,) in half-widths, and where (B,) it is a limb.

    A limb, such as an arm, reaches in from an edge of the picture.
    """

    pose: Pose
    radius: Tensor
    is_limb: Tensor

    def render(self, texture: Tensor, *, world: Tensor, rng: BatchRng) -> tuple[Tensor, Tensor]:
        """Return colours (B, T, 3, H, W) and alpha (B, T, H, W) at points of the world."""
        points = self.pose.to_local(world) / self.radius[:, None, None, None, None]
        size = world.shape[2]
        # pixels a unit
        sharpness = self.radius[:, None] * self.pose.log_scale.exp() * size / 2
        alpha = (1 - _outline(points, self.is_limb, rng)) * sharpness[..., None, None] + 0.5
        return sample(texture, points * 0.8), alpha.clamp(0, 1)


@dataclass(frozen=True, eq=False)
class SecondObjectPlan:
    """Clips (B,) in which a second object is present, follows the first, or strays."""

    present: Tensor
    follows: Tensor
    strays: Tensor


def plan_second_objects(labels: Tensor, rng: BatchRng, *, distractors: bool) -> SecondObjectPlan:
    """Return which second objects rest, follow or stray; with `distractors`, all stray."""
    present, kind = rng.chance_scaled(SECOND_SHARE), rng.uniform(0, 1)
    if distractors:
        present, kind = torch.ones_like(present), torch.ones_like(kind)
    follows = present & (kind < FOLLOWING_SHARE) & is_one_of(labels, HEADINGS)
    return SecondObjectPlan(present, follows, kind > 1 - STRAYING_SHARE)


def draw_second_objects(
    labels: Tensor, first: DrawnObject, plan: SecondObjectPlan, rng: BatchRng, *, distractors: bool
) -> tuple[DrawnObject, Tensor]:
    """Return the second objects and their labels (B,).

    An object that strays is small and no limb, or the clip would be about that object. With
    `distractors`, it is as large as the first.
    """
    num_frames, strays = first.pose.x.shape[1], plan.strays
    own_labels = torch.where(strays, rng.integers(len(LABELS)), STILL)
    own = draw_motion(own_labels, num_frames, rng)
    offset = rng.sign(2, 1) * rng.uniform(0.25, 0.7, 2, 1)
    pose = first.pose.where(plan.follows, own).moved(offset[:, 0], offset[:, 1])
    following_radius, resting_radius = first.radius * rng.uniform(0.6, 1), rng.uniform(0.15, 0.5)
    radius = torch.where(plan.follows, following_radius, resting_radius)
    radius = torch.where(strays, first.radius * rng.uniform(0.25, 0.5), radius)
    radius = torch.where(strays & (labels == STILL), rng.uniform(0.04, 0.1), radius)
    is_limb = rng.chance(LIMB_SHARE) & ~strays
    second_labels = torch.where(plan.follows, labels, own_labels)
    return DrawnObject(pose, first.radius if distractors else radius, is_limb), second_labels


def _outline(points: Tensor, is_limb: Tensor, rng: BatchRng) -> Tensor:
    """Return values below 1 inside an object of about unit radius.

    The shape is an ellipse, box, blob or star, or a limb that reaches an edge.
    """
    one = (1, 1, 1)
    x, y = points.unbind(-1)
    power = rng.uniform(1.2, 6, *one)
    width, height = rng.uniform(0.35, 1, *one), rng.uniform(0.8, 1, *one)
    inside = ((x / width).abs() ** power + (y / height).abs() ** power + 1e-9) ** (1 / power)
    depth = rng.uniform(0, 0.35, *one) * rng.chance(0.5, *one)
    direction = torch.atan2(y, x + 1e-9)
    lobes = torch.cos((2 + rng.integers(6, *one)) * direction + rng.uniform(0, 6, *one))
    inside = inside / (1 + depth * lobes)
    limb = torch.where(y > 0, x.abs() / width, inside)
    return torch.where(is_limb[:, None, None, None], limb, inside)
