"""What the camera does: nothing without clutter but expose, and never out of range."""

import torch

from timesformer.synthetic.camera import BLOCK, _compressed, _cosines, film_frames
from timesformer.synthetic.rng import Dice


def test_frames_stay_in_range_and_keep_their_shape() -> None:
    frames = torch.rand(20, 4, 3, 32, 40)
    filmed = film_frames(frames, Dice(20, seed=0))
    assert filmed.shape == frames.shape
    assert filmed.min() >= 0
    assert filmed.max() <= 1
    assert (filmed - frames).abs().mean() > 0.05


def test_without_clutter_a_still_scene_stays_one_picture() -> None:
    """The light may drift: each frame is then an affine function of the first."""
    frames = torch.rand(6, 1, 3, 16, 16).expand(-1, 4, -1, -1, -1) * 0.2 + 0.4
    filmed = film_frames(frames, Dice(6, seed=0, clutter=0.0)).flatten(2)
    centred = filmed - filmed.mean(-1, keepdim=True)
    cosine = torch.cosine_similarity(centred[:, :1], centred, dim=-1)
    torch.testing.assert_close(cosine, torch.ones(6, 4))


def test_the_cosine_basis_is_orthonormal() -> None:
    basis = _cosines(BLOCK)
    torch.testing.assert_close(basis @ basis.T, torch.eye(BLOCK))


def test_compression_alters_some_clips_a_little_and_leaves_the_rest() -> None:
    frames = torch.rand(40, 2, 3, 16, 24)
    change = (_compressed(frames, Dice(40, seed=1)) - frames).abs().flatten(1).amax(1)
    altered = change > 0
    assert 0.1 < altered.float().mean() < 0.5
    assert change[altered].min() > 1e-3
    assert change.max() < 1.0
