"""Drawn clips are what their labels say, and the same for a seed."""

import pytest
import torch

from timesformer.synthetic import motion
from timesformer.synthetic.motion import (
    ANTICLOCKWISE,
    AWAY,
    CAMERA_SHARE,
    CLOCKWISE,
    DOWN,
    LABELS,
    LEFT,
    MOST_TURN,
    RIGHT,
    SHAKING,
    STILL,
    TOWARD,
    UP,
    MotionClips,
    covered_by,
    draw_clips,
)
from timesformer.synthetic.rng import Dice

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


def test_labels_come_in_equal_shares(clips: MotionClips) -> None:
    assert clips.labels.bincount().tolist() == [COUNT // len(LABELS)] * len(LABELS)


def test_a_seed_draws_the_same_and_another_does_not() -> None:
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
def test_the_motion_is_the_one_named(clips: MotionClips, label: int, step: int, sign: int) -> None:
    moved = clips.steps[clips.labels == label, :, step].sum(1) * sign
    assert (moved > 0).all()


def test_still_clips_do_not_move_and_shaken_ones_turn_back(clips: MotionClips) -> None:
    assert (clips.steps[clips.labels == STILL] == 0).all()
    shaken = clips.steps[clips.labels == SHAKING]
    path = shaken[..., [0, 1, 3]]
    strongest = path.gather(2, path.abs().sum(1).argmax(-1)[:, None, None].expand(-1, 8, 1))[..., 0]
    turns_back = (strongest.max(1).values > 0) & (strongest.min(1).values < 0)
    assert turns_back.float().mean() > 0.9


def test_the_mask_moves_with_the_thing(clips: MotionClips) -> None:
    by_camera = (clips.masks == 1).flatten(1).all(1)
    assert by_camera.float().mean() == pytest.approx(CAMERA_SHARE, abs=0.1)
    axis = torch.linspace(-1, 1, 48)
    area = clips.masks.sum((2, 3)).clamp(min=1)
    x = (clips.masks.sum(2) * axis).sum(2) / area
    for label, sign in ((LEFT, -1), (RIGHT, 1)):
        chosen = (clips.labels == label) & ~by_camera
        went = (x[chosen, -1] - x[chosen, 0]) * sign
        assert (went > 0).float().mean() > 0.9  # the rest leave the picture or are hidden


def test_without_clutter_only_what_the_mask_covers_changes() -> None:
    drawn = draw_clips(100, num_frames=8, size=48, seed=9, clutter=0.0, camera_share=0.0)
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


def test_no_turn_is_too_fast_to_follow(clips: MotionClips) -> None:
    turning = clips.steps[(clips.labels == CLOCKWISE) | (clips.labels == ANTICLOCKWISE), :, 3]
    assert turning.abs().max() < MOST_TURN + 0.17  # and what all paths drift


def test_a_live_ground_is_seen_frame_by_frame() -> None:
    film = torch.arange(8, dtype=torch.uint8).view(1, 8, 1, 1, 1).expand(1, -1, 3, 16, 16) * 30
    drawn = draw_clips(
        10, num_frames=8, size=16, seed=0, clutter=0.0, pictures=film, picture_share=1.0
    )
    corner = drawn.pixels[drawn.labels == STILL][:, :, :, 0, 0].mean(-1)
    assert (corner.diff(dim=1) > 0).all()


def test_what_strays_is_small_and_what_follows_does_not_roll() -> None:
    """Else a clip would be about the second thing, or its own flow would be another's."""
    labels = torch.arange(len(LABELS)).repeat(100)
    dice = Dice(len(labels), seed=0)
    company = motion._company(labels, dice, rivals=False)
    assert not (company.follows & company.strays).any()
    assert (labels[company.follows] <= DOWN).all()
    pose = motion._moving(labels, 8, dice, may_roll=~company.follows)
    assert pose.angle[company.follows].diff().abs().max() < 0.17  # a drift, no roll
    thing = motion.Thing(pose, torch.full((len(labels),), 0.4), torch.zeros(len(labels)) > 0)
    other, other_labels = motion._other(labels, thing, company, dice, rivals=False)
    assert torch.equal(other_labels[company.follows], labels[company.follows])
    assert (other_labels[~company.follows & ~company.strays] == STILL).all()
    assert (other.radius[company.strays] <= 0.2).all()
    assert not other.is_arm[company.strays].any()
    assert other.is_arm.any()


@pytest.mark.parametrize("window", [(0, 3), (4, 7)])
def test_in_a_window_of_frames_all_motion_is_in_it(window: tuple[int, int]) -> None:
    drawn = draw_clips(40, num_frames=8, size=16, seed=3, camera_share=0.0, window=window)
    first, last = window
    signed = drawn.labels < SHAKING
    steps = drawn.steps[signed].abs().sum(-1)  # (B, T)
    outside = [frame for frame in range(8) if not first <= frame <= last]
    assert steps[:, outside].max() < 1e-6
    assert (steps[:, first + 1 : last].sum(1) > 0.02).all()


def test_of_two_rivals_each_is_as_large_and_goes_its_own_way() -> None:
    drawn = draw_clips(60, num_frames=8, size=64, seed=3, camera_share=0.0, rivals=True)
    ours, theirs = drawn.covered((8, 8)), covered_by(drawn.other_masks, (8, 8))
    assert (ours + theirs <= 1 + 1e-5).all(), "a place shows one of the two"
    assert theirs.mean() > 0.4 * ours.mean()
    assert len(drawn.other_labels.unique()) == len(LABELS)
    assert (drawn.other_labels == drawn.labels).float().mean() < 0.3


def test_the_second_thing_of_other_clips_has_a_mask_too() -> None:
    drawn = draw_clips(60, num_frames=8, size=32, seed=3)
    share = (drawn.other_masks.amax((1, 2, 3)) > 0.5).float().mean()
    assert share == pytest.approx(motion.OTHER_SHARE, abs=0.2)


def test_a_part_of_the_clips_is_those_clips(clips: MotionClips) -> None:
    which = torch.tensor([4, 1])
    for name, values in vars(clips[which]).items():
        assert torch.equal(values, getattr(clips, name)[which])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"size": 20}, "multiple of 8"),
        ({"pictures": torch.zeros(1, 3, 3, 8, 8, dtype=torch.uint8)}, "films of 3 frames"),
        ({"seed": 2**32}, "below 2"),
    ],
)
def test_clips_that_cannot_be_drawn(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        draw_clips(1, **({"num_frames": 8, "size": 16, "seed": 0} | changes))


def test_patches_are_covered_as_far_as_the_mask_covers_them(clips: MotionClips) -> None:
    covered = clips.covered((24, 12))
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
def test_flow_is_that_of_a_rigid_thing(step: tuple[float, ...], flow: tuple[float, float]) -> None:
    """At the patch a quarter right of and three quarters above the centre (0.5, 0.5)."""
    empty = torch.zeros(1, 1)
    clips = MotionClips(
        pixels=empty,
        masks=empty,
        labels=empty,
        centres=torch.tensor([[[0.5, 0.5]]]),
        steps=torch.tensor([[step]]),
        other_masks=empty,
        other_labels=empty,
    )
    at_patch = clips.flow((4, 4)).unflatten(2, (4, 4))[0, 0, 1, 3]
    torch.testing.assert_close(at_patch, torch.tensor(flow))
