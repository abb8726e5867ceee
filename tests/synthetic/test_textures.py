"""Textures are determined by the seed, cut from pictures, and sampled frame by frame."""

import numpy as np
import pytest
import torch

from timesformer.synthetic.rng import BatchRng
from timesformer.synthetic.textures import (
    PICTURE_SIZE,
    dead_leaves,
    paint_textures,
    picture_bank,
    pixel_centres,
    sample,
)


def test_textures_are_determined_by_the_seed() -> None:
    first, again, other = (paint_textures(16, BatchRng(3, seed=seed)) for seed in (1, 1, 2))
    assert first.shape == (3, 1, 3, 16, 16)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_sampling_at_the_own_pixels_is_the_identity() -> None:
    texture = torch.rand(2, 1, 3, 9, 9)
    points = pixel_centres(9, 9).expand(2, 4, -1, -1, -1)
    torch.testing.assert_close(sample(texture, points), texture.expand(-1, 4, -1, -1, -1))


def test_a_video_is_sampled_frame_by_frame() -> None:
    video = torch.rand(2, 4, 3, 9, 9)
    points = pixel_centres(9, 9).expand(2, 4, -1, -1, -1)
    torch.testing.assert_close(sample(video, points), video)
    torch.testing.assert_close(sample(video, points[:, :1]), video)


def test_a_texture_is_mirrored_beyond_its_edges() -> None:
    texture = torch.rand(1, 1, 3, 8, 8)
    points = pixel_centres(8, 8).expand(1, 1, -1, -1, -1)
    torch.testing.assert_close(sample(texture, points + 2.0), texture.flip(-1, -2))


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_share_of_textures_is_cut_from_the_pictures(share: float) -> None:
    red = torch.zeros(1, 1, 3, 20, 20, dtype=torch.uint8)
    red[:, :, 0] = 200
    painted = paint_textures(12, BatchRng(300, seed=0), pictures=red, share=share)
    flat = painted.flatten(3).std(-1).amax((1, 2)) < 1e-5  # a red picture is one colour all over
    assert flat.float().mean() == pytest.approx(share, abs=0.1)


def test_a_bank_holds_both_ends_of_every_picture() -> None:
    picture = np.zeros((30, 60, 3), np.uint8)
    picture[:, :30, 0] = 255
    bank = picture_bank([picture])
    assert bank.shape == (2, 1, 3, PICTURE_SIZE, PICTURE_SIZE)
    assert (bank[0, 0, 0] == 255).all()
    assert (bank[1] == 0).all()


def test_dead_leaves_have_the_spectrum_of_photographs() -> None:
    leaves = dead_leaves(2, seed=1)
    assert leaves.shape == (2, 1, 3, PICTURE_SIZE, PICTURE_SIZE)
    assert torch.equal(leaves, dead_leaves(2, seed=1))
    power = torch.fft.rfft(leaves[:, 0].float().mean(1)).abs().mean((0, 1))
    assert power[1:8].mean() > 4 * power[32:64].mean()  # most of it in large shapes, as in nature
