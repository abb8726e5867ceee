"""Starting values: heads look where told, patches come in whitened, image models carry over."""

import dataclasses
from pathlib import Path

import peers
import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tiny import random_pixels, randomised
from torch import nn

from timesformer.errors import CheckpointError
from timesformer.models.attention import full_weights
from timesformer.models.config import TimesformerConfig
from timesformer.models.timesformer import State, TimesformerModel
from timesformer.synthetic.motion import draw_clips
from timesformer.training.init import (
    FREE_BLOCKS,
    JOINT_LOOKS,
    SPACE_LOOKS,
    TIME_LOOKS,
    set_out,
    start_from_images,
)

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
    return encoder.blocks[block](encoder.embed(mean.repeat(1, T, 1, h, w)), observe=full_weights)


@pytest.mark.parametrize("odd", [0, 1])
def test_heads_of_time_look_frames_before_and_after(odd: int) -> None:
    encoder, _ = started("divided_space_time")
    time = state_after(encoder, odd).time_observed.mean(0)  # (A, T, T)
    for head, look in enumerate(TIME_LOOKS[odd]):
        for t in range(2, T - 2):
            assert time[head, t].argmax() == t + look["frame"]
            assert time[head, t].max() > 0.5


@pytest.mark.parametrize("odd", [0, 1])
@pytest.mark.parametrize("scheme", ["divided_space_time", "space_only"])
def test_heads_of_space_look_one_patch_away(scheme: str, odd: int) -> None:
    encoder, _ = started(scheme)
    space = state_after(encoder, odd).space_observed.mean(0)[:, 1:, 1:]
    for head, look in enumerate(SPACE_LOOKS[odd]):
        looked = space[head].unflatten(0, (h, w))[1:-1, 1:-1].argmax(-1)
        rows, columns = torch.meshgrid(
            torch.arange(1, h - 1), torch.arange(1, w - 1), indexing="ij"
        )
        assert torch.equal(looked // w, rows + look["row"])
        assert torch.equal(looked % w, columns + look["column"])


@pytest.mark.parametrize("odd", [0, 1])
def test_joint_heads_look_frames_before_and_after_at_the_same_place(odd: int) -> None:
    encoder, _ = started("joint_space_time")
    joint = state_after(encoder, odd).space_observed[0, :, 1:, 1:].unflatten(1, (h, w, T))
    for head, look in enumerate(JOINT_LOOKS[odd]):
        looked = joint[head, 2, 3, 4].argmax()
        wanted = (2 + look["row"], 3 + look["column"], 4 + look["frame"])
        assert looked == (wanted[0] * w + wanted[1]) * T + wanted[2]


@torch.no_grad()
def test_joint_heads_find_their_patch_among_all_that_the_clip_shows() -> None:
    """Some hold much and some little, which tells on how loudly each says where it is."""
    encoder, _ = started("joint_space_time")
    pixels = draw_clips(2, num_frames=T, size=64, seed=1).pixels[..., :48, :56] * 2 - 1
    state = encoder.blocks[0](encoder.embed(pixels), observe=full_weights)
    weights = state.space_observed[:, :, 1:, 1:].unflatten(2, (h * w, T)).unflatten(4, (h * w, T))
    for head, look in enumerate(JOINT_LOOKS[0]):
        step = look["frame"]
        frames = torch.arange(1, T - 1)
        own = weights[:, head].diagonal(dim1=1, dim2=3)  # (B, T, T, N) the same place alone
        assert own[:, frames, frames + step].mean() > 0.4


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


# From an image model


def image_model(folder: Path, side: int = peers.SIDE) -> tuple[Path, nn.Module]:
    """A file as of timm, and the model in it."""
    model = randomised(peers.Released("space_only"))
    places = (side // peers.PATCH) ** 2
    model.pos_embed = nn.Parameter(torch.randn(1, 1 + places, peers.D))
    save_file(model.state_dict(), folder / "vit.safetensors")
    return folder / "vit.safetensors", model


def clip_encoder(scheme: str, **changes: object) -> TimesformerModel:
    config = TimesformerConfig(
        image_size=peers.SIDE, patch_size=peers.PATCH, num_frames=peers.T, hidden_size=peers.D,
        num_hidden_layers=peers.BLOCKS, num_attention_heads=peers.HEADS,
        intermediate_size=2 * peers.D, attention_type=scheme,
    )  # fmt: skip
    return randomised(TimesformerModel(dataclasses.replace(config, **changes)))


@torch.no_grad()
@pytest.mark.parametrize(
    "scheme", ["divided_space_time", "space_only"]
)  # joint has one cls for all
def test_an_image_model_sees_a_still_clip_as_it_sees_the_image(scheme: str, tmp_path: Path) -> None:
    file, images = image_model(tmp_path)
    encoder = clip_encoder(scheme)
    start_from_images(encoder, file)
    image = random_pixels(2, 1, 3, peers.SIDE, peers.SIDE)
    cls = encoder(image.repeat(1, peers.T, 1, 1, 1)).last_hidden_state[:, 0]
    wanted = images(image.repeat(1, peers.T, 1, 1, 1))
    torch.testing.assert_close(images.head(cls), wanted, atol=1e-4, rtol=1e-5)


def test_time_attention_starts_as_a_copy_that_counts_for_nothing(tmp_path: Path) -> None:
    file, _ = image_model(tmp_path)
    encoder = clip_encoder("divided_space_time")
    start_from_images(encoder, file)
    for block in encoder.blocks:
        assert torch.equal(block.time_attention.qkv.weight, block.space_attention.qkv.weight)
        assert torch.equal(block.time_norm.bias, block.space_norm.bias)
        assert not block.time_output.weight.any()
        assert not block.time_output.bias.any()
    assert not encoder.time_table.any()


def test_a_head_is_no_part_of_the_start_and_heads_are_the_encoder_s(tmp_path: Path) -> None:
    """What timm saves with num_classes=0; how wide its heads are, no weight tells."""
    file, _ = image_model(tmp_path)
    headed, without = (clip_encoder("space_only", num_attention_heads=8) for _ in range(2))
    start_from_images(headed, file)
    state = {key: value for key, value in load_file(file).items() if not key.startswith("head.")}
    save_file(state, tmp_path / "headless.safetensors")
    start_from_images(without, tmp_path / "headless.safetensors")
    for name, value in headed.state_dict().items():
        assert torch.equal(value, without.state_dict()[name]), name


def test_an_image_model_of_another_size_has_its_places_resized(tmp_path: Path) -> None:
    file, images = image_model(tmp_path, side=6 * peers.PATCH)
    encoder = clip_encoder("divided_space_time")
    start_from_images(encoder, file)
    table = images.pos_embed[:, 1:].transpose(1, 2).unflatten(2, (6, 6))
    resized = F.interpolate(table, size=(4, 4), mode="bicubic").flatten(2).transpose(1, 2)
    assert torch.equal(encoder.position_table[:, 1:], resized)
    assert torch.equal(encoder.position_table[:, :1], images.pos_embed[:, :1])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"num_hidden_layers": 3}, r"missing: blocks\.2\."),
        ({"num_hidden_layers": 1}, r"left over: blocks\.1\."),
        ({"patch_size": 16}, r"patch_embed\.proj\.weight \(128, 3, 8, 8\) ≠"),
    ],
)
def test_an_image_model_of_another_shape_is_no_start(
    changes: dict[str, object], words: str, tmp_path: Path
) -> None:
    file, _ = image_model(tmp_path)
    with pytest.raises(CheckpointError, match=f"vit.safetensors do not fit .*{words}"):
        start_from_images(clip_encoder("joint_space_time", **changes), file)


def test_a_video_model_is_no_start(tmp_path: Path) -> None:
    save_file(peers.Released("divided_space_time").state_dict(), tmp_path / "video.safetensors")
    with pytest.raises(CheckpointError, match=r"left over: blocks\.0\.temporal_attn"):
        start_from_images(clip_encoder("divided_space_time"), tmp_path / "video.safetensors")
