"""Initial values: heads attend to their offsets, and patches are whitened."""

import pytest
import torch

from timesformer.models.attention import full_weights
from timesformer.models.blocks import State
from timesformer.models.config import TimesformerConfig
from timesformer.models.timesformer import TimesformerModel
from timesformer.synthetic.clips import draw_clips
from timesformer.training.init import (
    FREE_BLOCKS,
    JOINT_OFFSETS,
    SPACE_OFFSETS,
    TIME_OFFSETS,
    init_encoder,
)

T, h, w = 8, 6, 7
BLOCKS = FREE_BLOCKS + 2  # an even and an odd block have offsets


def initialized(scheme: str) -> tuple[TimesformerModel, torch.Tensor]:
    """Return an encoder initialized on frames of its size, 48 x 56 pixels, and the frames."""
    torch.manual_seed(0)
    config = TimesformerConfig(
        image_size=(48, 56), patch_size=8, num_frames=T, hidden_size=128, num_hidden_layers=BLOCKS,
        num_attention_heads=4, intermediate_size=256, attention_type=scheme,
    )  # fmt: skip
    encoder = TimesformerModel(config).eval()
    clips = draw_clips(32, num_frames=2, size=64, seed=0)
    frames = clips.pixels[:, 0, :, :48, :56] * 2 - 1
    init_encoder(encoder, frames)
    return encoder, frames


@torch.no_grad()
def state_after(encoder: TimesformerModel, block: int) -> State:
    """Return the output of one block for a clip in which every patch is the mean patch."""
    bias = encoder.patch_embedding.bias.data
    weight = encoder.patch_embedding.weight.flatten(1)
    mean = -torch.linalg.lstsq(weight, bias[:, None]).solution.view(1, 1, 3, 8, 8)
    return encoder.blocks[block](encoder.embed(mean.repeat(1, T, 1, h, w)), observe=full_weights)


@pytest.mark.parametrize("odd", [0, 1])
def test_time_heads_attend_to_frames_before_and_after(odd: int) -> None:
    encoder, _ = initialized("divided_space_time")
    time = state_after(encoder, odd).time_observed.mean(0)  # (A, T, T)
    for head, offset in enumerate(TIME_OFFSETS[odd]):
        for t in range(2, T - 2):
            assert time[head, t].argmax() == t + offset["frame"]
            assert time[head, t].max() > 0.5


@pytest.mark.parametrize("odd", [0, 1])
@pytest.mark.parametrize("scheme", ["divided_space_time", "space_only"])
def test_space_heads_attend_one_patch_away(scheme: str, odd: int) -> None:
    encoder, _ = initialized(scheme)
    space = state_after(encoder, odd).space_observed.mean(0)[:, 1:, 1:]
    for head, offset in enumerate(SPACE_OFFSETS[odd]):
        attended = space[head].unflatten(0, (h, w))[1:-1, 1:-1].argmax(-1)
        rows, columns = torch.meshgrid(
            torch.arange(1, h - 1), torch.arange(1, w - 1), indexing="ij"
        )
        assert torch.equal(attended // w, rows + offset["row"])
        assert torch.equal(attended % w, columns + offset["column"])


@pytest.mark.parametrize("odd", [0, 1])
def test_joint_heads_attend_to_other_frames_at_the_same_position(odd: int) -> None:
    encoder, _ = initialized("joint_space_time")
    joint = state_after(encoder, odd).space_observed[0, :, 1:, 1:].unflatten(1, (h, w, T))
    for head, offset in enumerate(JOINT_OFFSETS[odd]):
        attended = joint[head, 2, 3, 4].argmax()
        expected = (2 + offset["row"], 3 + offset["column"], 4 + offset["frame"])
        assert attended == (expected[0] * w + expected[1]) * T + expected[2]


@torch.no_grad()
def test_joint_heads_find_their_patch_in_a_drawn_clip() -> None:
    """Check that tokens of different norms do not hide the position encoding."""
    encoder, _ = initialized("joint_space_time")
    pixels = draw_clips(2, num_frames=T, size=64, seed=1).pixels[..., :48, :56] * 2 - 1
    state = encoder.blocks[0](encoder.embed(pixels), observe=full_weights)
    weights = state.space_observed[:, :, 1:, 1:].unflatten(2, (h * w, T)).unflatten(4, (h * w, T))
    for head, offset in enumerate(JOINT_OFFSETS[0]):
        step = offset["frame"]
        frames = torch.arange(1, T - 1)
        own = weights[:, head].diagonal(dim1=1, dim2=3)  # (B, T, T, N) the same position alone
        assert own[:, frames, frames + step].mean() > 0.4


def test_patches_are_whitened() -> None:
    encoder, frames = initialized("divided_space_time")
    embedded = encoder.patch_embedding(frames).flatten(2).transpose(1, 2).flatten(0, 1)[:, :40]
    covariance = torch.cov(embedded.T)
    off_diagonal = covariance - covariance.diag().diag()
    assert 0.3 < covariance.diag().mean() < 1.5
    assert off_diagonal.abs().mean() < 0.15


def test_a_step_is_a_rotation_of_the_table() -> None:
    encoder, _ = initialized("divided_space_time")
    table = encoder.time_table[0]
    products = table @ table.T
    assert torch.allclose(products.diagonal(), products[0, 0].expand(T), atol=1e-4)
    assert torch.allclose(products.diagonal(1), products[0, 1].expand(T - 1), atol=1e-4)
