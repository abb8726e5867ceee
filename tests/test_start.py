"""Starting values: heads look where they are told to, and patches come in whitened."""

import pytest
import torch

from timesformer.config import TimesformerConfig
from timesformer.model import State, TimesformerModel
from timesformer.motion import draw_clips
from timesformer.start import FREE_BLOCKS, JOINT_LOOKS, SPACE_LOOKS, TIME_LOOKS, set_out

T, h, w = 8, 6, 7
BLOCKS = FREE_BLOCKS + 2  # an even and an odd one that are aimed


def started(scheme: str) -> tuple[TimesformerModel, torch.Tensor]:
    """An encoder of 48 x 56 pixels set out on frames of that size, and a clip of grey for it."""
    torch.manual_seed(0)
    config = TimesformerConfig(
        image_size=(48, 56), patch_size=8, num_frames=T, hidden_size=128, num_hidden_layers=BLOCKS,
        num_attention_heads=4, intermediate_size=256, attention_type=scheme,
    )  # fmt: skip
    encoder = TimesformerModel(config).eval()
    clips = draw_clips(32, num_frames=2, size=64, seed=0)
    frames = clips.pixels[:, 0, :, :48, :56] * 2 - 1
    set_out(encoder, frames)
    return encoder, frames


@torch.no_grad()
def state_after(encoder: TimesformerModel, block: int) -> State:
    """What one block makes of the embedding of a clip in which every patch shows the mean patch."""
    bias = encoder.patch_embedding.bias.data
    weight = encoder.patch_embedding.weight.flatten(1)
    mean = -torch.linalg.lstsq(weight, bias[:, None]).solution.view(1, 1, 3, 8, 8)
    return encoder.blocks[block](encoder.embed(mean.repeat(1, T, 1, h, w)), return_weights=True)


@pytest.mark.parametrize("odd", [0, 1])
def test_heads_of_time_look_frames_before_and_after(odd: int) -> None:
    encoder, _ = started("divided_space_time")
    time = state_after(encoder, odd).time_weights.mean(0)  # (A, T, T)
    for head, look in enumerate(TIME_LOOKS[odd]):
        for t in range(2, T - 2):
            assert time[head, t].argmax() == t + look["frame"]
            assert time[head, t].max() > 0.5


@pytest.mark.parametrize("odd", [0, 1])
@pytest.mark.parametrize("scheme", ["divided_space_time", "space_only"])
def test_heads_of_space_look_one_patch_away(scheme: str, odd: int) -> None:
    encoder, _ = started(scheme)
    space = state_after(encoder, odd).space_weights.mean(0)[:, 1:, 1:]
    for head, look in enumerate(SPACE_LOOKS[odd]):
        looked = space[head].unflatten(0, (h, w))[1:-1, 1:-1].argmax(-1)
        rows, columns = torch.meshgrid(
            torch.arange(1, h - 1), torch.arange(1, w - 1), indexing="ij"
        )
        assert torch.equal(looked // w, rows + look["row"])
        assert torch.equal(looked % w, columns + look["column"])


@pytest.mark.parametrize("odd", [0, 1])
def test_joint_heads_look_one_step_away_in_space_or_time(odd: int) -> None:
    encoder, _ = started("joint_space_time")
    joint = state_after(encoder, odd).space_weights[0, :, 1:, 1:].unflatten(1, (h, w, T))
    for head, look in enumerate(JOINT_LOOKS[odd]):
        looked = joint[head, 2, 3, 4].argmax()
        wanted = (2 + look["row"], 3 + look["column"], 4 + look["frame"])
        assert looked == (wanted[0] * w + wanted[1]) * T + wanted[2]


def test_patches_are_whitened() -> None:
    encoder, frames = started("divided_space_time")
    seen = encoder.patch_embedding(frames).flatten(2).transpose(1, 2).flatten(0, 1)[:, :40]
    covariance = torch.cov(seen.T)
    off_diagonal = covariance - covariance.diag().diag()
    assert 0.3 < covariance.diag().mean() < 1.5
    assert off_diagonal.abs().mean() < 0.15


def test_a_step_is_a_rotation_of_the_table() -> None:
    encoder, _ = started("divided_space_time")
    table = encoder.time_table[0]
    products = table @ table.T
    assert torch.allclose(products.diagonal(), products[0, 0].expand(T), atol=1e-4)
    assert torch.allclose(products.diagonal(1), products[0, 1].expand(T - 1), atol=1e-4)
