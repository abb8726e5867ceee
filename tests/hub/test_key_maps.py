"""Weights of every code base give its answers; weights of none or of two are refused."""

from functools import partial
from pathlib import Path

import peers
import pytest
import torch
from tiny import SCHEMES, Trap, random_pixels, randomized, refused, tiny_checkpoint
from torch import Tensor, nn

import timesformer
from timesformer.checkpoints.infer_config import infer_config
from timesformer.hub.key_maps import KEY_MAPS, find_key_map
from timesformer.i18n import Message

KINDS = (peers.Released, peers.Mmaction)


def video() -> Tensor:
    return random_pixels(2, peers.T, 3, peers.SIDE, peers.SIDE)


def written(path: Path, model: nn.Module, wrap=lambda state: state) -> Path:
    torch.save(wrap(model.state_dict()), path)
    return path


@torch.no_grad()
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_another_code_base_gives_its_answers(
    kind: type[nn.Module], scheme: str, tmp_path: Path
) -> None:
    theirs = randomized(kind(scheme))
    file = written(tmp_path / "model.pyth", theirs)
    ours = timesformer.load(file, dtype="float64", num_attention_heads=peers.HEADS)
    assert ours.model.config.attention_type == scheme
    logits = theirs.double()(video().double()).float()
    assert logits.std() > 0.1  # a model that ignored its input would agree with anything
    torch.testing.assert_close(ours.logits(video()), logits, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda state: {
            "model_state": {f"model.{k}": v for k, v in state.items()},
            "epoch": 15,
            "optimizer_state": {"state": {0: torch.ones(2)}},
            "cfg": "A: 1",
        },
        lambda state: {"model": state},
        lambda state: {"module": state},
        lambda state: {"state_dict": {f"module.{k}": v for k, v in state.items()}, "meta": {}},
        lambda state: {"model_state": {f"module.model.{k}": v for k, v in state.items()}},
    ],
    ids=["model_state", "model", "module", "state_dict", "both prefixes"],
)
def test_containers_and_wrappers_are_taken_off(wrap, tmp_path: Path) -> None:
    theirs = randomized(peers.Released("divided_space_time"))
    file = written(tmp_path / "model.pyth", theirs, wrap)
    ours = timesformer.load(file, dtype="float64", num_attention_heads=peers.HEADS)
    with torch.no_grad():
        logits = theirs.double()(video().double()).float()
    torch.testing.assert_close(ours.logits(video()), logits, atol=1e-5, rtol=1e-5)


def test_files_from_before_torch_1_6_are_read(tmp_path: Path) -> None:
    theirs = randomized(peers.Released("divided_space_time"))
    torch.save(theirs.state_dict(), tmp_path / "old.pyth", _use_new_zipfile_serialization=False)
    loaded = timesformer.load(tmp_path / "old.pyth", num_attention_heads=peers.HEADS)
    assert loaded.model.config.num_labels == peers.K


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_config_is_inferred_from_shapes(kind: type[nn.Module], scheme: str) -> None:
    state = kind(scheme).state_dict()
    config = infer_config(state, find_key_map(state), num_attention_heads=peers.HEADS)
    assert config.attention_type == scheme
    assert config.image_shape == (peers.SIDE, peers.SIDE)
    assert config.patch_shape == (peers.PATCH, peers.PATCH)
    assert config.hidden_size == peers.D
    assert config.num_hidden_layers == peers.BLOCKS
    assert config.num_attention_heads == peers.HEADS
    assert config.intermediate_size == 2 * peers.D
    assert config.num_labels == peers.K
    assert config.num_frames == (8 if scheme == "space_only" else peers.T)


def test_every_key_map_has_a_signature_of_its_own() -> None:
    for key_map in KEY_MAPS:
        assert find_key_map([key_map.signature]) is key_map
    assert len({key_map.signature for key_map in KEY_MAPS}) == len(KEY_MAPS)


def refusal(path: Path) -> Message:
    return refused(partial(timesformer.load, num_attention_heads=peers.HEADS), path)


def test_heads_that_no_shape_tells_are_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path / "model.pyth", peers.Released("divided_space_time"))
    assert refused(timesformer.load, path) == Message("errors.weights.no_heads", width=peers.D)
    loaded = timesformer.load(path, num_attention_heads=4)
    assert loaded.model.config.num_attention_heads == 4
    message = refused(partial(timesformer.load, num_attention_heads=0), path)
    assert message.key == "errors.weights.shapes"


def test_heads_beside_a_config_must_be_its_own(tmp_path: Path) -> None:
    folder = tiny_checkpoint(tmp_path / "mine")
    assert timesformer.load(folder, num_attention_heads=4)
    message = refused(partial(timesformer.load, num_attention_heads=2), folder)
    assert message == Message("errors.checkpoint.other_heads", heads=4)


def test_no_code_in_a_file_is_run(tmp_path: Path) -> None:
    state = peers.Released("divided_space_time").state_dict()
    torch.save(state | {"head.bias": Trap(tmp_path / "made")}, tmp_path / "bad.pth")
    assert refusal(tmp_path / "bad.pth").key == "errors.weights.damaged"
    assert not (tmp_path / "made").exists()


def test_weights_of_another_model_are_refused_with_their_keys(tmp_path: Path) -> None:
    torch.save({"fc.weight": torch.ones(2, 2), "conv.bias": torch.ones(2)}, tmp_path / "net.pth")
    message = refusal(tmp_path / "net.pth")
    assert message.key == "errors.weights.not_timesformer"
    assert message.values["first"] == "conv.bias, fc.weight"
    assert all(key_map.name in message for key_map in KEY_MAPS)


def test_weights_of_two_code_bases_are_refused_with_their_signatures(tmp_path: Path) -> None:
    both = peers.Released("space_only").state_dict() | peers.Mmaction("space_only").state_dict()
    torch.save(both, tmp_path / "both.pth")
    message = refusal(tmp_path / "both.pth")
    assert message.key == "errors.weights.several_kinds"
    assert "blocks.0.norm2.weight" in message
    assert "backbone.transformer_layers.layers.0.norms.1.weight" in message


def test_a_long_key_is_shortened_to_printable_text(tmp_path: Path) -> None:
    torch.save({"a\nb\x1b[31m" + "c" * 5000: torch.ones(2)}, tmp_path / "net.pth")
    message = refusal(tmp_path / "net.pth")
    assert message.isprintable()
    assert "a?b?[31mccc" in message
    assert len(message) < 500


@pytest.mark.parametrize("suffix", ["temporal_fc.weight", "pos_embed", "blocks.1.norm1.bias"])
def test_a_missing_key_is_named(suffix: str, tmp_path: Path) -> None:
    state = peers.Released("divided_space_time").state_dict()
    (key,) = [key for key in state if key.endswith(suffix)][-1:]
    torch.save({k: v for k, v in state.items() if k != key}, tmp_path / "part.pth")
    assert key in refusal(tmp_path / "part.pth")


def test_a_key_left_over_is_named(tmp_path: Path) -> None:
    state = peers.Released("joint_space_time").state_dict() | {"blocks.0.extra": torch.ones(1)}
    torch.save(state, tmp_path / "more.pth")
    assert "blocks.0.extra" in refusal(tmp_path / "more.pth")


def test_a_file_that_contains_itself_is_refused(tmp_path: Path) -> None:
    state: dict[str, object] = {}
    state["model"] = state
    torch.save(state, tmp_path / "ring.pth")
    assert refusal(tmp_path / "ring.pth").key == "errors.weights.damaged"


def test_a_tensor_larger_than_its_file_is_refused(tmp_path: Path) -> None:
    state = peers.Released("space_only").state_dict()
    torch.save(state | {"norm.weight": torch.zeros(1).expand(10**11)}, tmp_path / "big.pth")
    assert refusal(tmp_path / "big.pth").key == "errors.weights.damaged"


def test_the_config_beside_a_file_is_its_own(tmp_path: Path) -> None:
    """Use heads of 8 numbers, which the shapes of the weights do not show."""
    folder = tiny_checkpoint(tmp_path / "mine")
    of_folder, of_file = (
        timesformer.load(path, dtype="float32") for path in (folder, folder / "model.safetensors")
    )
    assert of_file.model.config == of_folder.model.config
    assert of_file.preprocess == of_folder.preprocess
