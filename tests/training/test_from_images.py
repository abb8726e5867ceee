"""Weights of image models carry over to an encoder."""

import dataclasses
from pathlib import Path

import peers
import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tiny import random_pixels, randomized
from torch import nn

from timesformer.errors import CheckpointError
from timesformer.models.config import TimesformerConfig
from timesformer.models.timesformer import TimesformerModel
from timesformer.training.from_images import start_from_images


def image_model(folder: Path, side: int = peers.SIDE) -> tuple[Path, nn.Module]:
    """Return a file as timm saves it, and its model."""
    model = randomized(peers.Released("space_only"))
    positions = (side // peers.PATCH) ** 2
    model.pos_embed = nn.Parameter(torch.randn(1, 1 + positions, peers.D))
    save_file(model.state_dict(), folder / "vit.safetensors")
    return folder / "vit.safetensors", model


def clip_encoder(scheme: str, **changes: object) -> TimesformerModel:
    config = TimesformerConfig(
        image_size=peers.SIDE, patch_size=peers.PATCH, num_frames=peers.T, hidden_size=peers.D,
        num_hidden_layers=peers.BLOCKS, num_attention_heads=peers.HEADS,
        intermediate_size=2 * peers.D, attention_type=scheme,
    )  # fmt: skip
    return randomized(TimesformerModel(dataclasses.replace(config, **changes)))


@torch.no_grad()
@pytest.mark.parametrize(
    "scheme", ["divided_space_time", "space_only"]
)  # joint has one cls for all
def test_a_still_clip_gives_the_features_of_the_image(scheme: str, tmp_path: Path) -> None:
    file, images = image_model(tmp_path)
    encoder = clip_encoder(scheme)
    start_from_images(encoder, file)
    image = random_pixels(2, 1, 3, peers.SIDE, peers.SIDE)
    cls = encoder(image.repeat(1, peers.T, 1, 1, 1)).last_hidden_state[:, 0]
    expected = images(image.repeat(1, peers.T, 1, 1, 1))
    torch.testing.assert_close(images.head(cls), expected, atol=1e-4, rtol=1e-5)


def test_time_attention_starts_as_a_copy_with_output_0(tmp_path: Path) -> None:
    file, _ = image_model(tmp_path)
    encoder = clip_encoder("divided_space_time")
    start_from_images(encoder, file)
    for block in encoder.blocks:
        assert torch.equal(block.time_attention.qkv.weight, block.space_attention.qkv.weight)
        assert torch.equal(block.time_norm.bias, block.space_norm.bias)
        assert not block.time_output.weight.any()
        assert not block.time_output.bias.any()
    assert not encoder.time_table.any()


def test_classifiers_are_ignored_and_heads_are_those_of_the_encoder(tmp_path: Path) -> None:
    """Load what timm saves with num_classes=0; no weight has the number of heads."""
    file, _ = image_model(tmp_path)
    headed, without = (clip_encoder("space_only", num_attention_heads=8) for _ in range(2))
    start_from_images(headed, file)
    state = {key: value for key, value in load_file(file).items() if not key.startswith("head.")}
    save_file(state, tmp_path / "headless.safetensors")
    start_from_images(without, tmp_path / "headless.safetensors")
    for name, value in headed.state_dict().items():
        assert torch.equal(value, without.state_dict()[name]), name


def test_the_position_table_of_another_size_is_resized(tmp_path: Path) -> None:
    file, images = image_model(tmp_path, side=6 * peers.PATCH)
    encoder = clip_encoder("divided_space_time")
    start_from_images(encoder, file)
    table = images.pos_embed[:, 1:].transpose(1, 2).unflatten(2, (6, 6))
    resized = F.interpolate(table, size=(4, 4), mode="bicubic").flatten(2).transpose(1, 2)
    assert torch.equal(encoder.position_table[:, 1:], resized)
    assert torch.equal(encoder.position_table[:, :1], images.pos_embed[:, :1])


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"num_hidden_layers": 3}, r"blocks\.2\."),
        ({"num_hidden_layers": 1}, r"blocks\.1\."),
        ({"patch_size": 16}, r"patch_embed\.proj\.weight"),
    ],
)
def test_an_image_model_of_another_shape_is_refused(
    changes: dict[str, object], key: str, tmp_path: Path
) -> None:
    file, _ = image_model(tmp_path)
    with pytest.raises(CheckpointError, match=f"vit.safetensors.*{key}"):
        start_from_images(clip_encoder("joint_space_time", **changes), file)


@torch.no_grad()
def test_a_video_model_keeps_its_time_attention(tmp_path: Path) -> None:
    """Read a file of the released code, with the weights in their container."""
    video = randomized(peers.Released("divided_space_time"))
    state = {f"model.{key}": value for key, value in video.state_dict().items()}
    torch.save({"epoch": 3, "model_state": state}, tmp_path / "video.pyth")
    encoder = clip_encoder("divided_space_time")
    start_from_images(encoder, tmp_path / "video.pyth")
    clip = random_pixels(2, peers.T, 3, peers.SIDE, peers.SIDE)
    logits = video.head(encoder(clip).last_hidden_state[:, 0])
    torch.testing.assert_close(logits, video(clip), atol=1e-4, rtol=1e-5)
    longer = clip_encoder("divided_space_time", num_frames=2 * peers.T)
    start_from_images(longer, tmp_path / "video.pyth")
    table = encoder.time_table.repeat_interleave(2, dim=1)
    assert longer.time_table.shape == table.shape
    assert torch.equal(longer.blocks[0].time_output.weight, encoder.blocks[0].time_output.weight)


@pytest.mark.parametrize("scheme", ["joint_space_time", "space_only"])
def test_time_attention_that_the_encoder_lacks_is_refused(scheme: str, tmp_path: Path) -> None:
    torch.save(peers.Released("divided_space_time").state_dict(), tmp_path / "video.pyth")
    with pytest.raises(CheckpointError, match=r"blocks\.0\.temporal_attn"):
        start_from_images(clip_encoder(scheme), tmp_path / "video.pyth")
