"""Degradations keep frames in range, and quantization is bounded by its steps."""

import pytest
import torch

from timesformer.synthetic.camera import BLOCK, degrade_frames, quantize_blocks
from timesformer.synthetic.rng import BatchRng


def test_degraded_frames_keep_range_and_shape() -> None:
    frames = torch.rand(20, 4, 3, 32, 40)
    degraded = degrade_frames(frames, BatchRng(20, seed=0))
    assert degraded.shape == frames.shape
    assert degraded.min() >= 0
    assert degraded.max() <= 1
    assert (degraded - frames).abs().mean() > 0.05


def test_at_difficulty_0_each_frame_is_an_affine_function_of_the_first() -> None:
    frames = torch.rand(6, 1, 3, 16, 16).expand(-1, 4, -1, -1, -1) * 0.2 + 0.4
    degraded = degrade_frames(frames, BatchRng(6, seed=0, difficulty=0.0)).flatten(2)
    centred = degraded - degraded.mean(-1, keepdim=True)
    cosine = torch.cosine_similarity(centred[:, :1], centred, dim=-1)
    torch.testing.assert_close(cosine, torch.ones(6, 4))


@pytest.mark.parametrize("step", [1e-4, 0.05, 0.5])
def test_quantization_error_is_at_most_half_a_step_a_frequency(step: float) -> None:
    frames = torch.rand(2, 3, 16, 24)
    error = quantize_blocks(frames, torch.full((1, BLOCK, BLOCK), step)) - frames
    blocks = error.unfold(-2, BLOCK, BLOCK).unfold(-2, BLOCK, BLOCK)
    assert blocks.norm(dim=(-2, -1)).max() <= step / 2 * BLOCK + 1e-5  # Parseval
    assert error.abs().max() > step / 1000
