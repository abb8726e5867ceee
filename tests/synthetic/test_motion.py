"""Drawn clips move as labelled, and the same seed draws the same clips."""

import pytest
import torch

from timesformer.synthetic.clips import CAMERA_SHARE, MotionClips, draw_clips, patch_coverage
from timesformer.synthetic.motion import (
    ANTICLOCKWISE,
    AWAY,
    CLOCKWISE,
    DOWN,
    LABELS,
    LEFT,
    MAX_TURN,
    RIGHT,
    SHAKING,
    STILL,
    TOWARD,
    UP,
    draw_motion,
)
from timesformer.synthetic.objects import (
    SECOND_SHARE,
    DrawnObject,
    draw_second_objects,
    plan_second_objects,
)
from timesformer.synthetic.rng import BatchRng

COUNT = 200


@pytest.fixture(scope="module")
def clips() -> MotionClips:
    return draw_clips(COUNT, num_frames=8, size=48, seed=3)


def test_shapes_and_ranges(clips: MotionClips) -> None:
    assert clips.pixels.shape == (COUNT, 8, 3, 48, 48)
    assert clips.masks.shape == (COUNT, 8, 48, 48)
    assert clips.steps.shape == (COUNT, 8, 4)
    assert clips.pixels.min() >= 0
    assert clips.pixels.max() <= 1
    assert clips.masks.min() >= 0
    assert clips.masks.max() <= 1


def test_labels_have_equal_shares(clips: MotionClips) -> None:
    assert clips.labels.bincount().tolist() == [COUNT // len(LABELS)] * len(LABELS)


def test_clips_are_determined_by_the_seed() -> None:
    first, again, other = (draw_clips(4, num_frames=8, size=32, seed=s) for s in (1, 1, 2))
    assert torch.equal(first.pixels, again.pixels)
    assert not torch.equal(first.pixels, other.pixels)


@pytest.mark.parametrize(
    ("label", "step", "sign"),
    [
        (LEFT, 0, -1),
        (RIGHT, 0, 1),
        (UP, 1, -1),
        (DOWN, 1, 1),
        (TOWARD, 2, 1),
        (AWAY, 2, -1),
        (CLOCKWISE, 3, 1),
        (ANTICLOCKWISE, 3, -1),
    ],
)
def test_subjects_move_as_labelled(clips: MotionClips, label: int, step: int, sign: int) -> None:
    moved = clips.steps[clips.labels == label, :, step].sum(1) * sign
    assert (moved > 0).all()


def test_still_clips_do_not_move_and_shaking_ones_reverse(clips: MotionClips) -> None:
    assert (clips.steps[clips.labels == STILL] == 0).all()
    shaking = clips.steps[clips.labels == SHAKING]
    path = shaking[..., [0, 1, 3]]
    strongest = path.gather(2, path.abs().sum(1).argmax(-1)[:, None, None].expand(-1, 8, 1))[..., 0]
    reverses = (strongest.max(1).values > 0) & (strongest.min(1).values < 0)
    assert reverses.float().mean() > 0.9


def test_the_mask_moves_with_the_object(clips: MotionClips) -> None:
    by_camera = (clips.masks == 1).flatten(1).all(1)
    assert by_camera.float().mean() == pytest.approx(CAMERA_SHARE, abs=0.1)
    axis = torch.linspace(-1, 1, 48)
    area = clips.masks.sum((2, 3)).clamp(min=1)
    x = (clips.masks.sum(2) * axis).sum(2) / area
    for label, sign in ((LEFT, -1), (RIGHT, 1)):
        selected = (clips.labels == label) & ~by_camera
        moved = (x[selected, -1] - x[selected, 0]) * sign
        assert (moved > 0).float().mean() > 0.9  # the rest leave the picture or are hidden


def test_at_difficulty_0_only_the_masked_object_changes() -> None:
    drawn = draw_clips(100, num_frames=8, size=48, seed=9, difficulty=0.0, camera_share=0.0)
    first, last = drawn.pixels[:, 0], drawn.pixels[:, -1]
    brightness = (last.mean((1, 2, 3)) / first.mean((1, 2, 3)))[:, None, None, None]
    change = (last - first * brightness).abs().mean(1)  # (B, H, W) but for the changing light
    covered = (drawn.masks[:, 0] + drawn.masks[:, -1]) > 0
    moving = drawn.labels < SHAKING
    inside = change[moving][covered[moving]].mean()
    outside = change[moving][~covered[moving]].mean()
    assert inside > 4 * outside


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_camera_moves_in_its_share_of_clips(share: float) -> None:
    drawn = draw_clips(20, num_frames=8, size=32, seed=4, camera_share=share)
    assert (drawn.masks == 1).flatten(1).all(1).float().mean() == share


def test_turns_are_limited_a_frame(clips: MotionClips) -> None:
    turning = clips.steps[(clips.labels == CLOCKWISE) | (clips.labels == ANTICLOCKWISE), :, 3]
    assert turning.abs().max() < MAX_TURN + 0.17  # and the drift


def test_a_video_background_advances_frame_by_frame() -> None:
    video = torch.arange(8, dtype=torch.uint8).view(1, 8, 1, 1, 1).expand(1, -1, 3, 16, 16) * 30
    drawn = draw_clips(
        10, num_frames=8, size=16, seed=0, difficulty=0.0, pictures=video, picture_share=1.0
    )
    corner = drawn.pixels[drawn.labels == STILL][:, :, :, 0, 0].mean(-1)
    assert (corner.diff(dim=1) > 0).all()


def test_straying_objects_are_small_and_followed_objects_do_not_roll() -> None:
    """Otherwise the clip would be about the second object, or both would have different flows."""
    labels = torch.arange(len(LABELS)).repeat(100)
    rng = BatchRng(len(labels), seed=0)
    plan = plan_second_objects(labels, rng, distractors=False)
    assert not (plan.follows & plan.strays).any()
    assert (labels[plan.follows] <= DOWN).all()
    pose = draw_motion(labels, 8, rng, may_roll=~plan.follows)
    assert pose.angle[plan.follows].diff().abs().max() < 0.17  # a drift, no roll
    first = DrawnObject(pose, torch.full((len(labels),), 0.4), torch.zeros(len(labels)) > 0)
    second, second_labels = draw_second_objects(labels, first, plan, rng, distractors=False)
    assert torch.equal(second_labels[plan.follows], labels[plan.follows])
    assert (second_labels[~plan.follows & ~plan.strays] == STILL).all()
    assert (second.radius[plan.strays] <= 0.2).all()
    assert not second.is_limb[plan.strays].any()
    assert second.is_limb.any()


@pytest.mark.parametrize("window", [(0, 3), (4, 7)])
def test_all_motion_lies_in_the_window(window: tuple[int, int]) -> None:
    drawn = draw_clips(40, num_frames=8, size=16, seed=3, camera_share=0.0, window=window)
    first, last = window
    signed = drawn.labels < SHAKING
    steps = drawn.steps[signed].abs().sum(-1)  # (B, T)
    outside = [frame for frame in range(8) if not first <= frame <= last]
    assert steps[:, outside].max() < 1e-6
    assert (steps[:, first + 1 : last].sum(1) > 0.02).all()


def test_distractors_are_as_large_and_move_independently() -> None:
    drawn = draw_clips(60, num_frames=8, size=64, seed=3, camera_share=0.0, distractors=True)
    first, second = drawn.coverage((8, 8)), patch_coverage(drawn.second_masks, (8, 8))
    assert (first + second <= 1 + 1e-5).all()  # a pixel shows one of the two
    assert second.mean() > 0.4 * first.mean()
    assert len(drawn.second_labels.unique()) == len(LABELS)
    assert (drawn.second_labels == drawn.labels).float().mean() < 0.3


def test_second_objects_have_masks_in_their_share_of_clips() -> None:
    drawn = draw_clips(60, num_frames=8, size=32, seed=3)
    share = (drawn.second_masks.amax((1, 2, 3)) > 0.5).float().mean()
    assert share == pytest.approx(SECOND_SHARE, abs=0.2)


def test_indexing_selects_clips(clips: MotionClips) -> None:
    indices = torch.tensor([4, 1])
    for name, values in vars(clips[indices]).items():
        assert torch.equal(values, getattr(clips, name)[indices])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"size": 20}, "multiple of 8"),
        ({"pictures": torch.zeros(1, 3, 3, 8, 8, dtype=torch.uint8)}, "videos of 3 frames"),
        ({"seed": 2**32}, "below 2"),
    ],
)
def test_invalid_arguments_are_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        draw_clips(1, **({"num_frames": 8, "size": 16, "seed": 0} | changes))


def test_coverage_is_the_mean_mask_of_a_patch(clips: MotionClips) -> None:
    covered = clips.coverage((24, 12))
    assert covered.shape == (COUNT, 8, 2 * 4)
    torch.testing.assert_close(covered[..., 5], clips.masks[..., 24:, 12:24].mean((2, 3)))


@pytest.mark.parametrize(
    ("step", "flow"),
    [
        ((0.1, -0.2, 0.0, 0.0), (0.1, -0.2)),
        ((0.0, 0.0, 0.3, 0.0), (0.3 * 0.25, 0.3 * -0.75)),
        ((0.0, 0.0, 0.0, 0.2), (0.2 * 0.75, 0.2 * 0.25)),
    ],
)
def test_flow_is_that_of_a_rigid_body(step: tuple[float, ...], flow: tuple[float, float]) -> None:
    """At the patch a quarter right of and three quarters above the centre (0.5, 0.5)."""
    empty = torch.zeros(1, 1)
    clips = MotionClips(
        pixels=empty,
        masks=empty,
        labels=empty,
        centres=torch.tensor([[[0.5, 0.5]]]),
        steps=torch.tensor([[step]]),
        second_masks=empty,
        second_labels=empty,
    )
    at_patch = clips.flow((4, 4)).unflatten(2, (4, 4))[0, 0, 1, 3]
    torch.testing.assert_close(at_patch, torch.tensor(flow))
