"""Draws labelled clips of moving things, each with the mask and the motion that made it.

A clip is a world (a textured ground, a thing, perhaps another thing) seen by a camera. Either the
thing moves or the camera does, in one of ten ways as the viewer sees it. Places are in half-widths
of the picture: x runs right and y down from -1 to 1, angles run clockwise.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

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
CAMERA_SHARE = 0.2  # of clips in which the camera makes the motion
OTHER_SHARE = 0.5  # of clips with a second thing
OTHER_MOVES_SHARE = 0.3  # of second things that move, each smaller than the thing itself
ARM_SHARE = 0.15  # of things that reach in from an edge


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

    def flow(self, grid: tuple[int, int]) -> Tensor:
        """How what the clip is about moves at each patch of a grid (h, w), were it there.

        (B, T, h*w, 2), right and down in half-widths a frame.
        """
        h, w = grid
        y, x = torch.meshgrid(_centres(h), _centres(w), indexing="ij")
        places = torch.stack([x, y], dim=-1).flatten(0, 1).to(self.centres.device)  # (N, 2)
        arm = places - self.centres[:, :, None]  # (B, T, N, 2)
        turned = torch.stack([-arm[..., 1], arm[..., 0]], dim=-1)
        shift, growth, turn = self.steps[:, :, None].split([2, 1, 1], dim=-1)
        return shift + growth * arm + turn * turned

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


class Dice:
    """Random numbers for B clips from one seed; `clutter` scales what makes clips hard."""

    def __init__(self, count: int, seed: int, clutter: float) -> None:
        self.count = count
        self.clutter = clutter
        self.generator = torch.Generator().manual_seed(seed)

    def between(self, low: float, high: float, *shape: int) -> Tensor:
        """Uniform numbers (B, *shape)."""
        return low + (high - low) * torch.rand(self.count, *shape, generator=self.generator)

    def normal(self, *shape: int) -> Tensor:
        """Standard normal numbers (B, *shape)."""
        return torch.randn(self.count, *shape, generator=self.generator)

    def chance(self, share: float, *shape: int) -> Tensor:
        """True for about that share, (B, *shape)."""
        return self.between(0, 1, *shape) < share

    def mishap(self, share: float, *shape: int) -> Tensor:
        """True for about that share of clips as hard as they come, less in easier ones."""
        return self.chance(share * self.clutter, *shape)

    def sign(self, *shape: int) -> Tensor:
        """-1 or 1, (B, *shape)."""
        return self.chance(0.5, *shape) * 2.0 - 1.0


def draw_clips(
    count: int, *, num_frames: int, size: int, seed: int, clutter: float = 1.0
) -> MotionClips:
    """`count` clips of `size` x `size` pixels with labels in equal shares; the same for a seed.

    `clutter` runs from 0, one thing moving plainly over a still ground, to 1, all that can happen.
    """
    dice = Dice(count, seed, clutter)
    labels = torch.randperm(count, generator=dice.generator) % len(LABELS)
    by_camera = dice.mishap(CAMERA_SHARE)

    motion = _moving(labels, num_frames, dice)
    resting = _moving(torch.full_like(labels, STILL), num_frames, dice)
    camera = _shaken_hand(motion.where(by_camera, _at_origin(count, num_frames)), dice)
    thing = resting.where(by_camera, motion)
    radius = dice.between(0.2, 0.55)

    world = camera.seen_from(_pixel_centres(size).expand(count, num_frames, -1, -1, -1))
    picture = _sample(_texture(max(size, 64), dice), world)
    other, other_alpha = _other_thing(world, labels, radius, size, dice)
    on_top = dice.chance(0.3)[:, None, None, None]
    picture = _over(picture, other, other_alpha * ~on_top)
    drawn, alpha = _thing(world, thing, radius, size, dice)
    picture = _over(picture, drawn, alpha)
    picture = _over(picture, other, other_alpha * on_top)

    masks = torch.where(by_camera[:, None, None, None], 1.0, alpha * (1 - other_alpha * on_top))
    centres = torch.stack([motion.x, motion.y], dim=-1)
    return MotionClips(_filmed(picture, dice), masks, labels, centres, motion.steps())


def _moving(labels: Tensor, num_frames: int, dice: Dice) -> Pose:
    """The path of each label: first what every path has of drift, then what the label adds."""
    time = torch.linspace(0, 1, num_frames)
    progress = _progress(time, dice)
    centre = dice.between(-0.45, 0.45, 2, 1)
    drift = dice.normal(4, 1).clamp(-2, 2) * 0.04 * dice.clutter * progress[:, None]  # (B, 4, T)
    x, y = (centre + drift[:, :2]).unbind(1)
    log_scale, angle = drift[:, 2], 2 * drift[:, 3]

    still = (labels == STILL)[:, None]
    x, y = torch.where(still, centre[:, 0], x), torch.where(still, centre[:, 1], y)
    log_scale = log_scale * ~still
    angle = angle * ~still + dice.between(-math.pi, math.pi, 1)

    distance = dice.between(0.35, 1.7, 1)
    slant = dice.between(-0.4, 0.4, 1) * dice.clutter
    rolling = dice.mishap(0.3, 1) * dice.sign(1) * dice.between(0.5, 2.0, 1)
    for label, heading in HEADINGS.items():
        here = (labels == label)[:, None] * distance
        x = x + here * torch.cos(heading + slant) * (progress - 0.5)
        y = y + here * torch.sin(heading + slant) * (progress - 0.5)
        angle = angle + here * rolling * progress

    growth = dice.between(math.log(1.4), math.log(3.5), 1) * (progress - 0.5)
    log_scale = log_scale + _signed(labels, TOWARD, AWAY) * growth
    turn = dice.between(0.6, 3.6, 1) * progress
    angle = angle + _signed(labels, CLOCKWISE, ANTICLOCKWISE) * turn

    sway = _sway(time, dice) * (labels == SHAKING)[:, None]
    twist = dice.chance(0.25, 1)
    towards = dice.between(-math.pi, math.pi, 1)
    amplitude = dice.between(0.07, 0.35, 1)
    x = x + sway * ~twist * amplitude * towards.cos()
    y = y + sway * ~twist * amplitude * towards.sin()
    return Pose(x, y, log_scale, angle + sway * twist * amplitude * 2.2)


def _progress(time: Tensor, dice: Dice) -> Tensor:
    """How much of the motion is done, (B, T) from 0 to 1: late starts, early stops, easing."""
    partly = dice.mishap(0.5, 1)
    begin = dice.between(0, 0.3, 1) * partly
    end = 1 - dice.between(0, 0.3, 1) * partly
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


def _pixel_centres(size: int) -> Tensor:
    y, x = torch.meshgrid(_centres(size), _centres(size), indexing="ij")
    return torch.stack([x, y], dim=-1)  # (H, W, 2)


def _centres(count: int) -> Tensor:
    """The middles of `count` equal parts of the way from -1 to 1."""
    return (torch.arange(count) + 0.5) * 2 / count - 1


def _texture(size: int, dice: Dice) -> Tensor:
    """Coloured pictures (B, 3, size, size): soft noise of four grains, stripes, checks or dots."""
    noise = torch.zeros(dice.count, 1, size, size)
    for grain in (3, 6, 12, 24):
        coarse = dice.normal(1, grain, grain) * dice.between(0, 1, 1, 1, 1)
        noise = noise + F.interpolate(coarse, size=(size, size), mode="bilinear")
    first, second, third = (dice.between(0, 1, 3, 1, 1) for _ in range(3))
    blend = torch.sigmoid(noise * dice.between(1, 6, 1, 1, 1))
    picture = first * blend + second * (1 - blend)
    pattern = torch.sigmoid(_pattern(size, dice) * dice.between(2, 20, 1, 1, 1))
    strength = dice.between(0, 1, 1, 1, 1) * dice.chance(0.6, 1, 1, 1)
    return picture + strength * pattern * (third - picture)


def _pattern(size: int, dice: Dice) -> Tensor:
    """Waves between -1 and 1, (B, 1, size, size): stripes, or where two cross, checks or dots."""
    points = _pixel_centres(size)
    heading = dice.between(0, math.pi, 1, 1)
    pitch = dice.between(3, 16, 1, 1)
    x = points[..., 0] * heading.cos() + points[..., 1] * heading.sin()
    y = points[..., 1] * heading.cos() - points[..., 0] * heading.sin()
    along = torch.sin(x * pitch + dice.between(0, 2 * math.pi, 1, 1))
    across = torch.sin(y * pitch)
    kind = dice.between(0, 3, 1, 1)
    waves = torch.where(kind < 1, along, torch.where(kind < 2, along * across, along + across - 1))
    return waves[:, None]


def _sample(texture: Tensor, points: Tensor) -> Tensor:
    """Colours (B, T, 3, H, W) of texture (B, 3, S, S), mirrored without end, at the points."""
    B, T, H, W, _ = points.shape
    colours = F.grid_sample(
        texture, points.reshape(B, T * H, W, 2), padding_mode="reflection", align_corners=False
    )
    return colours.unflatten(2, (T, H)).transpose(1, 2)


def _thing(
    world: Tensor, pose: Pose, radius: Tensor, size: int, dice: Dice
) -> tuple[Tensor, Tensor]:
    """Colours (B, T, 3, H, W) and alpha (B, T, H, W) of a thing seen at world points."""
    points = pose.seen_from(world) / radius[:, None, None, None, None]
    colours = _sample(_texture(64, dice), points * 0.8)
    sharpness = radius[:, None] * pose.log_scale.exp() * size / 2  # pixels a unit
    alpha = (1 - _outline(points, dice)) * sharpness[..., None, None] + 0.5
    return colours, alpha.clamp(0, 1)


def _outline(points: Tensor, dice: Dice) -> Tensor:
    """Below 1 inside a thing of about unit radius: ellipse, box, blob, star, or arm to an edge."""
    one = (1, 1, 1)
    x, y = points.unbind(-1)
    power = dice.between(1.2, 6, *one)
    width, height = dice.between(0.5, 1, *one), dice.between(0.7, 1, *one)
    inside = ((x / width).abs() ** power + (y / height).abs() ** power + 1e-9) ** (1 / power)
    lobes = torch.randint(2, 7, (dice.count, *one), generator=dice.generator)
    depth = dice.between(0, 0.35, *one) * dice.chance(0.5, *one)
    direction = torch.atan2(y, x + 1e-9)
    inside = inside / (1 + depth * torch.cos(lobes * direction + dice.between(0, 6, *one)))
    arm = torch.where(y > 0, x.abs() / width, inside)
    return torch.where(dice.chance(ARM_SHARE, *one), arm, inside)


def _other_thing(
    world: Tensor, labels: Tensor, radius: Tensor, size: int, dice: Dice
) -> tuple[Tensor, Tensor]:
    """A second thing in some clips, mostly at rest and smaller than the first where it moves."""
    T = world.shape[1]
    others = torch.randint(len(LABELS), (dice.count,), generator=dice.generator)
    moves = dice.chance(OTHER_MOVES_SHARE) & (labels != STILL)
    pose = _moving(torch.where(moves, others, STILL), T, dice)
    away = dice.sign(2, 1) * dice.between(0.2, 0.6, 2, 1)
    pose = Pose(pose.x + away[:, 0], pose.y + away[:, 1], pose.log_scale, pose.angle)
    small = torch.where(moves, radius * dice.between(0.25, 0.5), dice.between(0.15, 0.4))
    colours, alpha = _thing(world, pose, small, size, dice)
    return colours, alpha * dice.mishap(OTHER_SHARE, 1, 1, 1)


def _over(picture: Tensor, colours: Tensor, alpha: Tensor) -> Tensor:
    return picture + alpha[:, :, None] * (colours - picture)


def _filmed(picture: Tensor, dice: Dice) -> Tensor:
    """What a cheap camera makes of it: exposure, changing light, a little blur, noise."""
    T = picture.shape[1]
    contrast, brightness = dice.between(0.5, 1.1, 1, 1, 1, 1), dice.between(-0.2, 0.2, 1, 1, 1, 1)
    light = 1 + dice.normal(1, 1, 1, 1) * 0.1 * torch.linspace(-1, 1, T)[:, None, None, None]
    picture = (picture - 0.5) * contrast * light + 0.5 + brightness
    blurred = F.avg_pool2d(picture.flatten(0, 1), 3, 1, 1, count_include_pad=False)
    blurred = blurred.unflatten(0, picture.shape[:2])
    picture = torch.where(dice.mishap(0.3, 1, 1, 1, 1), blurred, picture)
    grain = dice.between(0, 0.05, 1, 1, 1, 1) * dice.clutter
    return (picture + grain * dice.normal(*picture.shape[1:])).clamp(0, 1)
