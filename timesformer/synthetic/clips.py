"""Labelled clips of moving objects, each with the mask and the motion that made it.

A clip is a world (a textured background, an object, perhaps a second object) seen by a camera.
Either the object moves or the camera does, in one of ten ways as the viewer sees it. The subject of
a clip is the moving object, or the whole picture where the camera moves. Coordinates are as
in `motion`.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .camera import BLOCK, degrade_frames
from .motion import ANTICLOCKWISE, CLOCKWISE, LABELS, STILL, Pose, draw_motion, is_one_of
from .objects import (
    LIMB_SHARE,
    DrawnObject,
    SecondObjectPlan,
    draw_second_objects,
    plan_second_objects,
)
from .rng import BatchRng
from .textures import paint_textures, pixel_centres, sample

HELD_OUT_SEEDS = 3 * 10**9  # training draws from smaller seeds only

CAMERA_SHARE = 0.25  # of clips in which the camera makes the motion
PICTURE_SHARE = 0.6  # of textures cut from pictures, where there are any


@dataclass(frozen=True, eq=False)
class MotionClips:
    """B drawn clips.

    pixels: (B, T, 3, H, W) in 0..1. masks: (B, T, H, W), the share of each pixel that the subject
    covers. labels: (B,), class indices into LABELS. centres: (B, T, 2), the point around which the
    subject grows and turns. steps: (B, T, 4), its motion around each frame: half-widths right and
    down, log scale, and clockwise radians. second_masks and second_labels: the same for the second
    object.
    """

    pixels: Tensor
    masks: Tensor
    labels: Tensor
    centres: Tensor
    steps: Tensor
    second_masks: Tensor
    second_labels: Tensor

    def flow(self, grid: tuple[int, int]) -> Tensor:
        """Return the motion that the subject has, or would have, at each patch of a grid (h, w).

        (B, T, h*w, 2), right and down in half-widths a frame.
        """
        points = pixel_centres(*grid).flatten(0, 1).to(self.centres.device)  # (N, 2)
        arm = points - self.centres[:, :, None]  # (B, T, N, 2) from the centre of rotation
        turned = torch.stack([-arm[..., 1], arm[..., 0]], dim=-1)
        shift, growth, turn = self.steps[:, :, None].split([2, 1, 1], dim=-1)
        return shift + growth * arm + turn * turned

    def coverage(self, patch: tuple[int, int]) -> Tensor:
        """Return the share of each patch, (B, T, N), that the subject covers."""
        return patch_coverage(self.masks, patch)

    def __getitem__(self, indices: Tensor) -> "MotionClips":
        return MotionClips(*(values[indices] for values in vars(self).values()))

    def to(self, device: torch.device) -> "MotionClips":
        """Return the same clips on another device."""
        return MotionClips(*(values.to(device) for values in vars(self).values()))


def patch_coverage(masks: Tensor, patch: tuple[int, int]) -> Tensor:
    """Return the share of each patch, (B, T, N), that masks (B, T, H, W) cover."""
    return F.avg_pool2d(masks, patch).flatten(2)


def draw_clips(
    count: int,
    *,
    num_frames: int,
    size: int,
    seed: int,
    difficulty: float = 1.0,
    camera_share: float = CAMERA_SHARE,
    pictures: Tensor | None = None,
    picture_share: float = PICTURE_SHARE,
    window: tuple[int, int] | None = None,
    distractors: bool = False,
) -> MotionClips:
    """Return `count` clips of `size` x `size` pixels with labels in equal shares.

    The same seed gives the same clips. `difficulty` runs from 0, one object that moves before a
    still background, to 1, all variation. In `camera_share` of the clips the camera moves.
    `picture_share` of backgrounds and objects are cut from `pictures`. This bank (M, F, 3, S, S)
    uint8 holds stills, F = 1, or videos, F = num_frames. With `window`, the subject moves from
    frame `window[0]` to `window[1]` only. With `distractors`, the second object of every clip has
    a motion of its own and the size of the first. Raises ValueError for a size that is no multiple
    of 8, or videos of another length.
    """
    if size % BLOCK:
        raise ValueError(f"size is {size}; it must be a multiple of {BLOCK}")
    if pictures is not None and pictures.shape[1] not in (1, num_frames):
        raise ValueError(f"videos of {pictures.shape[1]} frames make no clips of {num_frames}")
    rng = BatchRng(count, seed=seed, difficulty=difficulty)
    start = torch.randint(len(LABELS), (), generator=rng.generator)  # small batches miss some
    labels = (torch.randperm(count, generator=rng.generator) + start) % len(LABELS)
    by_camera = rng.chance(camera_share)
    background = paint_textures(2 * size, rng, pictures=pictures, share=picture_share)
    textures = [
        paint_textures(max(size, 64), rng, pictures=pictures, share=picture_share)[:, :1]
        for _ in range(2)
    ]
    plan = plan_second_objects(labels, rng, distractors=distractors)
    motion = draw_motion(
        labels, num_frames, rng, may_roll=~by_camera & ~plan.follows, window=window
    )
    resting = draw_motion(torch.full_like(labels, STILL), num_frames, rng)
    camera = _shake(motion.where(by_camera, Pose.at_origin(count, num_frames)), rng)
    world = camera.to_local(pixel_centres(size, size).expand(count, num_frames, -1, -1, -1))
    picture = sample(background, world / 2)

    first = DrawnObject(
        pose=resting.where(by_camera, motion),
        radius=rng.uniform(0.22, 0.6),
        is_limb=rng.chance(LIMB_SHARE) & ~is_one_of(labels, (CLOCKWISE, ANTICLOCKWISE)),
    )
    second, second_labels = draw_second_objects(labels, first, plan, rng, distractors=distractors)
    layers = [
        drawn.render(texture, world=world, rng=rng)
        for drawn, texture in zip((first, second), textures, strict=True)
    ]
    picture, masks, second_masks = _compose(picture, layers, plan, by_camera, rng)
    centres = torch.stack([motion.x, motion.y], dim=-1)
    pixels = degrade_frames(picture, rng)
    return MotionClips(pixels, masks, labels, centres, motion.steps(), second_masks, second_labels)


def _compose(
    picture: Tensor,
    layers: list[tuple[Tensor, Tensor]],
    plan: SecondObjectPlan,
    by_camera: Tensor,
    rng: BatchRng,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the picture with both objects, the masks of the subject and of the second object."""
    (colours, alpha), (second_colours, second_alpha) = layers
    second_alpha = second_alpha * plan.present[:, None, None, None]
    in_front = rng.chance(0.3)[:, None, None, None]
    picture = _blend(picture, second_colours, second_alpha * ~in_front)
    picture = _blend(picture, colours, alpha)
    picture = _blend(picture, second_colours, second_alpha * in_front)
    follows = plan.follows[:, None, None, None]
    mask = torch.where(follows, alpha.maximum(second_alpha), alpha * (1 - second_alpha * in_front))
    masks = torch.where(by_camera[:, None, None, None], 1.0, mask)
    return picture, masks, torch.where(in_front, second_alpha, second_alpha * (1 - alpha))


def _shake(pose: Pose, rng: BatchRng) -> Pose:
    """Return the pose of a handheld camera, which trembles in half of the clips."""
    tremble = 0.008 * rng.chance_scaled(0.5, 1, 1) * rng.normal(2, pose.x.shape[1])
    return pose.moved(tremble[:, 0], tremble[:, 1])


def _blend(picture: Tensor, colours: Tensor, alpha: Tensor) -> Tensor:
    return picture + alpha[:, :, None] * (colours - picture)
