"""Draws labelled clips of moving things, each with the mask and the motion that made it.

A clip is a world (a textured ground, a thing, perhaps another thing) seen by a camera. Either the
thing moves or the camera does, in one of ten ways as the viewer sees it. Places are in half-widths
of the picture: x runs right and y down from -1 to 1, angles run clockwise.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .camera import BLOCK, film_frames
from .rng import Dice
from .textures import paint_surfaces, pixel_centres, sample

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
HELD_OUT_SEEDS = 3 * 10**9  # no training draws from these and above

DISTANCES = (0.3, 1.5)  # gone in a direction, in half-widths
GROWTHS = (1.4, 3.5)  # times the size, toward or away
TURNS = (0.6, 2.4)  # radians
CAMERA_SHARE = 0.25  # of clips in which the camera makes the motion
PICTURE_SHARE = 0.6  # of surfaces cut from pictures, where there are any
OTHER_SHARE = 0.5  # of clips with a second thing
OTHER_FOLLOWS_SHARE = 0.2  # of second things that move with the first
OTHER_STRAYS_SHARE = 0.3  # of second things that move otherwise, each smaller than the first
MOST_TURN = 0.5  # radians a frame: past that, marks are taken for their neighbours
ARM_SHARE = 0.2  # of things that reach in from an edge


@dataclass(frozen=True, eq=False)
class MotionClips:
    """B drawn clips.

    pixels (B, T, 3, H, W) in 0..1; masks (B, T, H, W), the share of each pixel that what the clip
    is about covers; labels (B,), class indices into LABELS; centres (B, T, 2), the place it grows
    and turns around; steps (B, T, 4), its motion around each frame: right, down (half-widths a
    frame), log scale and clockwise radians a frame.
    """

    pixels: Tensor
    masks: Tensor
    labels: Tensor
    centres: Tensor
    steps: Tensor
    other_masks: Tensor
    other_labels: Tensor

    def flow(self, grid: tuple[int, int]) -> Tensor:
        """How what the clip is about moves at each patch of a grid (h, w), were it there.

        (B, T, h*w, 2), right and down in half-widths a frame.
        """
        places = pixel_centres(*grid).flatten(0, 1).to(self.centres.device)  # (N, 2)
        arm = places - self.centres[:, :, None]  # (B, T, N, 2)
        turned = torch.stack([-arm[..., 1], arm[..., 0]], dim=-1)
        shift, growth, turn = self.steps[:, :, None].split([2, 1, 1], dim=-1)
        return shift + growth * arm + turn * turned

    def covered(self, patch: tuple[int, int]) -> Tensor:
        """The share of each patch, (B, T, N), that what the clip is about covers."""
        return covered_by(self.masks, patch)

    def __getitem__(self, which: Tensor) -> "MotionClips":
        return MotionClips(*(values[which] for values in vars(self).values()))

    def to(self, device: torch.device) -> "MotionClips":
        """The same clips on another device."""
        return MotionClips(*(values.to(device) for values in vars(self).values()))


@dataclass(frozen=True, eq=False)
class Pose:
    """Where a thing is in each frame: four tensors (B, T)."""

    x: Tensor
    y: Tensor
    log_scale: Tensor
    angle: Tensor

    def seen_from(self, points: Tensor) -> Tensor:
        """Coordinates on the thing itself of points (B, T, H, W, 2) in the world around it."""
        x = points[..., 0] - self.x[..., None, None]
        y = points[..., 1] - self.y[..., None, None]
        scale = self.log_scale.neg().exp()[..., None, None]
        cos, sin = (self.angle.cos()[..., None, None], self.angle.sin()[..., None, None])
        return torch.stack([(x * cos + y * sin) * scale, (y * cos - x * sin) * scale], dim=-1)

    def steps(self) -> Tensor:
        """Change around each frame, (B, T, 4): x, y, log scale, angle."""
        path = torch.stack([self.x, self.y, self.log_scale, self.angle], dim=-1)
        return torch.gradient(path, dim=1)[0]

    def where(self, condition: Tensor, other: "Pose") -> "Pose":
        """This pose for the clips where condition (B,) holds, the other elsewhere."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Pose(*(torch.where(condition[:, None], mine, theirs) for mine, theirs in pairs))


def covered_by(masks: Tensor, patch: tuple[int, int]) -> Tensor:
    """The share of each patch, (B, T, N), that masks (B, T, H, W) cover."""
    return F.avg_pool2d(masks, patch).flatten(2)


def is_one_of(labels: Tensor, wanted: Iterable[int]) -> Tensor:
    """Where labels (B,) are among the wanted classes, (B,)."""
    return torch.isin(labels, torch.tensor(list(wanted)))


def draw_clips(
    count: int,
    *,
    num_frames: int,
    size: int,
    seed: int,
    clutter: float = 1.0,
    camera_share: float = CAMERA_SHARE,
    pictures: Tensor | None = None,
    picture_share: float = PICTURE_SHARE,
    window: tuple[int, int] | None = None,
    rivals: bool = False,
) -> MotionClips:
    """`count` clips of `size` x `size` pixels with labels in equal shares; the same for a seed.

    `clutter` runs from 0, one thing moving plainly over a still ground, to 1, all that can happen;
    in `camera_share` of the clips the camera moves. `picture_share` of grounds and things are cut
    from `pictures`, a bank (M, F, 3, S, S) uint8 of stills, F = 1, or of films, F = num_frames.
    What the clip is about moves from frame `window[0]` to `window[1]` alone, if that is given; the
    second thing goes its own way and is as large as the first, if `rivals`.
    Raises ValueError for a size that blocks of 8 do not divide, or films of another length.
    """
    if size % BLOCK:
        raise ValueError(f"size is {size}; it must be a multiple of {BLOCK}")
    if pictures is not None and pictures.shape[1] not in (1, num_frames):
        raise ValueError(f"films of {pictures.shape[1]} frames make no clips of {num_frames}")
    dice = Dice(count, seed=seed, clutter=clutter)
    start = torch.randint(len(LABELS), (), generator=dice.generator)  # small batches miss some
    labels = (torch.randperm(count, generator=dice.generator) + start) % len(LABELS)
    by_camera = dice.chance(camera_share)
    ground = paint_surfaces(2 * size, dice, pictures=pictures, share=picture_share)
    skins = [
        paint_surfaces(max(size, 64), dice, pictures=pictures, share=picture_share)[:, :1]
        for _ in range(2)
    ]
    company = _company(labels, dice, rivals=rivals)
    motion = _moving(
        labels, num_frames, dice, may_roll=~by_camera & ~company.follows, window=window
    )
    resting = _moving(torch.full_like(labels, STILL), num_frames, dice)
    camera = _shaken_hand(motion.where(by_camera, _at_origin(count, num_frames)), dice)
    world = camera.seen_from(pixel_centres(size, size).expand(count, num_frames, -1, -1, -1))
    picture = sample(ground, world / 2)

    thing = Thing(
        pose=resting.where(by_camera, motion),
        radius=dice.between(0.22, 0.6),
        is_arm=dice.chance(ARM_SHARE) & ~is_one_of(labels, (CLOCKWISE, ANTICLOCKWISE)),
    )
    other, other_labels = _other(labels, thing, company, dice, rivals=rivals)
    drawn, alpha = _seen(thing, skins[0], world=world, dice=dice)
    extra, cover = _seen(other, skins[1], world=world, dice=dice)
    cover = cover * company.present[:, None, None, None]
    in_front = dice.chance(0.3)[:, None, None, None]
    picture = _over(picture, extra, cover * ~in_front)
    picture = _over(picture, drawn, alpha)
    picture = _over(picture, extra, cover * in_front)

    together = company.follows[:, None, None, None]
    mask = torch.where(together, alpha.maximum(cover), alpha * (1 - cover * in_front))
    masks = torch.where(by_camera[:, None, None, None], 1.0, mask)
    others = torch.where(in_front, cover, cover * (1 - alpha))
    path = torch.stack([motion.x, motion.y], dim=-1)
    pixels = film_frames(picture, dice)
    return MotionClips(pixels, masks, labels, path, motion.steps(), others, other_labels)


def _moving(
    labels: Tensor,
    num_frames: int,
    dice: Dice,
    *,
    may_roll: Tensor | None = None,
    window: tuple[int, int] | None = None,
) -> Pose:
    """The path of each label: first what every path has of drift, then what the label adds.

    Where may_roll (B,) holds, some of what goes in a direction rolls.
    """
    time = torch.linspace(0, 1, num_frames)
    progress = _progress(time, dice, window)
    x, y, log_scale, angle = _drifting(labels, progress, dice)

    distance = dice.between(*DISTANCES, 1)
    slant = dice.between(-0.4, 0.4, 1) * dice.clutter
    rolling = dice.mishap(0.3, 1) * dice.sign(1) * dice.between(0.5, 2.0, 1)
    if may_roll is not None:
        rolling = rolling * may_roll[:, None]
    for label, heading in HEADINGS.items():
        here = (labels == label)[:, None] * distance
        x = x + here * torch.cos(heading + slant) * (progress - 0.5)
        y = y + here * torch.sin(heading + slant) * (progress - 0.5)
        angle = angle + here * rolling * progress

    least, most = GROWTHS
    growth = dice.between(math.log(least), math.log(most), 1) * (progress - 0.5)
    log_scale = log_scale + _signed(labels, TOWARD, AWAY) * growth
    fastest = progress.diff(dim=1).amax(dim=1, keepdim=True)
    turn = dice.between(*TURNS, 1).minimum(MOST_TURN / fastest) * progress
    angle = angle + _signed(labels, CLOCKWISE, ANTICLOCKWISE) * turn

    sway = _sway(time, dice) * (labels == SHAKING)[:, None]
    twist = dice.chance(0.25, 1)
    towards = dice.between(-math.pi, math.pi, 1)
    amplitude = dice.between(0.1, 0.35, 1)
    x = x + sway * ~twist * amplitude * towards.cos()
    y = y + sway * ~twist * amplitude * towards.sin()
    return Pose(x, y, log_scale, angle + sway * twist * amplitude * 2.2)


def _drifting(labels: Tensor, progress: Tensor, dice: Dice) -> tuple[Tensor, ...]:
    """x, y, log scale and angle, (B, T) each, of a path that goes nowhere much."""
    centre = dice.between(-0.45, 0.45, 2, 1)
    drift = dice.normal(4, 1).clamp(-2, 2) * 0.04 * dice.clutter * progress[:, None]  # (B, 4, T)
    drift = drift * (labels != STILL)[:, None, None]
    x, y = (centre + drift[:, :2]).unbind(1)
    return x, y, drift[:, 2], 2 * drift[:, 3] + dice.between(-math.pi, math.pi, 1)


def _progress(time: Tensor, dice: Dice, window: tuple[int, int] | None) -> Tensor:
    """How much of the motion is done, (B, T) from 0 to 1: late starts, early stops, easing."""
    partly = dice.mishap(0.5, 1)
    begin = dice.between(0, 0.3, 1) * partly
    end = 1 - dice.between(0, 0.3, 1) * partly
    if window is not None:
        begin, end = (torch.full_like(begin, float(time[frame])) for frame in window)
    done = ((time - begin) / (end - begin)).clamp(0, 1)
    eased = done * done * (3 - 2 * done)
    ease = dice.between(0, 1, 1)
    return (ease * eased + (1 - ease) * done) ** dice.between(0.75, 1.35, 1)


def _sway(time: Tensor, dice: Dice) -> Tensor:
    """Back and forth between -1 and 1, (B, T): as a swing or without any rhythm."""
    phase = dice.between(0, 2 * math.pi, 1)
    swing = torch.sin(2 * math.pi * dice.between(1.25, 3.3, 1) * time + phase)
    jitter = dice.between(-1, 1, len(time))
    return torch.where(dice.chance(0.25, 1), jitter, swing)


def _signed(labels: Tensor, positive: int, negative: int) -> Tensor:
    return ((labels == positive).float() - (labels == negative).float())[:, None]


def _at_origin(count: int, num_frames: int) -> Pose:
    return Pose(*torch.zeros(4, count, num_frames))


def _shaken_hand(pose: Pose, dice: Dice) -> Pose:
    """The pose with the tremble of a camera that somebody holds, in half of the clips."""
    tremble = 0.008 * dice.mishap(0.5, 1, 1) * dice.normal(2, pose.x.shape[1])
    return Pose(pose.x + tremble[:, 0], pose.y + tremble[:, 1], pose.log_scale, pose.angle)


@dataclass(frozen=True, eq=False)
class Company:
    """Where (B,) a second thing is present, where it moves with the first, where otherwise."""

    present: Tensor
    follows: Tensor
    strays: Tensor


@dataclass(frozen=True, eq=False)
class Thing:
    """A pose, a radius (B,) in half-widths, and where (B,) it is an arm that reaches an edge."""

    pose: Pose
    radius: Tensor
    is_arm: Tensor


def _company(labels: Tensor, dice: Dice, *, rivals: bool) -> Company:
    """Mostly a second thing is at rest; rivals always go their own way."""
    present, kind = dice.mishap(OTHER_SHARE), dice.between(0, 1)
    if rivals:
        present, kind = torch.ones_like(present), torch.ones_like(kind)
    follows = present & (kind < OTHER_FOLLOWS_SHARE) & is_one_of(labels, HEADINGS)
    return Company(present, follows, kind > 1 - OTHER_STRAYS_SHARE)


def _other(
    labels: Tensor, thing: Thing, company: Company, dice: Dice, *, rivals: bool
) -> tuple[Thing, Tensor]:
    """The second thing and its labels (B,).

    One that moves otherwise is small, unless it is a rival, and no arm, whose clip it would be.
    """
    num_frames, strays = thing.pose.x.shape[1], company.strays
    own_labels = torch.where(strays, dice.below(len(LABELS)), STILL)
    own = _moving(own_labels, num_frames, dice)
    pose = thing.pose.where(company.follows, own)
    away = dice.sign(2, 1) * dice.between(0.25, 0.7, 2, 1)
    pose = Pose(pose.x + away[:, 0], pose.y + away[:, 1], pose.log_scale, pose.angle)
    smaller, own_size = thing.radius * dice.between(0.6, 1), dice.between(0.15, 0.5)
    radius = torch.where(company.follows, smaller, own_size)
    radius = torch.where(strays, thing.radius * dice.between(0.25, 0.5), radius)
    radius = torch.where(strays & (labels == STILL), dice.between(0.04, 0.1), radius)
    is_arm = dice.chance(ARM_SHARE) & ~strays
    other_labels = torch.where(company.follows, labels, own_labels)
    return Thing(pose, thing.radius if rivals else radius, is_arm), other_labels


def _seen(thing: Thing, skin: Tensor, *, world: Tensor, dice: Dice) -> tuple[Tensor, Tensor]:
    """Colours (B, T, 3, H, W) and alpha (B, T, H, W) of a thing seen at world points."""
    points = thing.pose.seen_from(world) / thing.radius[:, None, None, None, None]
    size = world.shape[2]
    sharpness = thing.radius[:, None] * thing.pose.log_scale.exp() * size / 2  # pixels a unit
    alpha = (1 - _outline(points, thing.is_arm, dice)) * sharpness[..., None, None] + 0.5
    return sample(skin, points * 0.8), alpha.clamp(0, 1)


def _outline(points: Tensor, is_arm: Tensor, dice: Dice) -> Tensor:
    """Below 1 inside a thing of about unit radius: ellipse, box, blob, star, or arm to an edge."""
    one = (1, 1, 1)
    x, y = points.unbind(-1)
    power = dice.between(1.2, 6, *one)
    width, height = dice.between(0.35, 1, *one), dice.between(0.8, 1, *one)
    inside = ((x / width).abs() ** power + (y / height).abs() ** power + 1e-9) ** (1 / power)
    depth = dice.between(0, 0.35, *one) * dice.chance(0.5, *one)
    direction = torch.atan2(y, x + 1e-9)
    lobes = torch.cos((2 + dice.below(6, *one)) * direction + dice.between(0, 6, *one))
    inside = inside / (1 + depth * lobes)
    arm = torch.where(y > 0, x.abs() / width, inside)
    return torch.where(is_arm[:, None, None, None], arm, inside)


def _over(picture: Tensor, colours: Tensor, alpha: Tensor) -> Tensor:
    return picture + alpha[:, :, None] * (colours - picture)
