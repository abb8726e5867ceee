"""Weights of every code base give its own answers, and what is of none or of two is refused."""

import re
from pathlib import Path

import peers
import pytest
import torch
from safetensors.torch import load_file, save_file
from sentences import says
from tiny import SCHEMES, Trap, random_pixels, randomised, refused, tiny_checkpoint
from torch import Tensor, nn

import timesformer
from timesformer.checkpoints.infer_config import infer_config
from timesformer.hub.key_maps import KEY_MAPS, RELEASED, find_key_map

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
    theirs = randomised(kind(scheme))
    ours = timesformer.load(written(tmp_path / "model.pyth", theirs), dtype="float64")
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
    theirs = randomised(peers.Released("divided_space_time"))
    ours = timesformer.load(written(tmp_path / "model.pyth", theirs, wrap), dtype="float64")
    with torch.no_grad():
        logits = theirs.double()(video().double()).float()
    torch.testing.assert_close(ours.logits(video()), logits, atol=1e-5, rtol=1e-5)


def test_files_from_before_torch_1_6_are_read(tmp_path: Path) -> None:
    theirs = randomised(peers.Released("divided_space_time"))
    torch.save(theirs.state_dict(), tmp_path / "old.pyth", _use_new_zipfile_serialization=False)
    assert timesformer.load(tmp_path / "old.pyth").model.config.num_labels == peers.K


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_shapes_tell_the_config(kind: type[nn.Module], scheme: str) -> None:
    state = kind(scheme).state_dict()
    config = infer_config(state, find_key_map(state))
    assert config.attention_type == scheme
    assert config.image_shape == (peers.SIDE, peers.SIDE)
    assert config.patch_shape == (peers.PATCH, peers.PATCH)
    assert config.hidden_size == peers.D
    assert config.num_hidden_layers == peers.BLOCKS
    assert config.num_attention_heads == peers.HEADS
    assert config.intermediate_size == 2 * peers.D
    assert config.num_labels == peers.K
    assert config.num_frames == (8 if scheme == "space_only" else peers.T)


def test_every_layout_has_a_key_that_gives_it_away() -> None:
    for key_map in KEY_MAPS:
        assert find_key_map([key_map.signature]) is key_map
    assert len({key_map.signature for key_map in KEY_MAPS}) == len(KEY_MAPS)


def refusal(path: Path) -> str:
    return refused(timesformer.load, path)


def test_nothing_in_a_file_is_run(tmp_path: Path) -> None:
    state = peers.Released("divided_space_time").state_dict()
    torch.save(state | {"head.bias": Trap(tmp_path / "made")}, tmp_path / "bad.pth")
    assert re.fullmatch(says("errors.weights.damaged"), refusal(tmp_path / "bad.pth"))
    assert not (tmp_path / "made").exists()


def test_weights_of_something_else_are_refused_with_their_keys(tmp_path: Path) -> None:
    torch.save({"fc.weight": torch.ones(2, 2), "conv.bias": torch.ones(2)}, tmp_path / "net.pth")
    message = refusal(tmp_path / "net.pth")
    assert "conv.bias, fc.weight" in message
    assert RELEASED.name in message


def test_weights_of_two_kinds_are_refused_with_what_gave_them_away(tmp_path: Path) -> None:
    both = peers.Released("space_only").state_dict() | peers.Mmaction("space_only").state_dict()
    torch.save(both, tmp_path / "both.pth")
    message = refusal(tmp_path / "both.pth")
    assert "blocks.0.norm2.weight" in message
    assert "backbone.transformer_layers.layers.0.norms.1.weight" in message


def test_a_name_of_a_file_s_choosing_is_shown_in_part_and_on_one_line(tmp_path: Path) -> None:
    torch.save({"a\nb\x1b[31m" + "c" * 5000: torch.ones(2)}, tmp_path / "net.pth")
    message = refusal(tmp_path / "net.pth")
    assert message.isprintable()
    assert "a?b?[31mccc" in message
    assert len(message) < 500


@pytest.mark.parametrize("left_out", ["temporal_fc.weight", "pos_embed", "blocks.1.norm1.bias"])
def test_what_is_missing_is_named(left_out: str, tmp_path: Path) -> None:
    state = peers.Released("divided_space_time").state_dict()
    (key,) = [key for key in state if key.endswith(left_out)][-1:]
    torch.save({k: v for k, v in state.items() if k != key}, tmp_path / "part.pth")
    assert key in refusal(tmp_path / "part.pth")


def test_what_is_left_over_is_named(tmp_path: Path) -> None:
    state = peers.Released("joint_space_time").state_dict() | {"blocks.0.extra": torch.ones(1)}
    torch.save(state, tmp_path / "more.pth")
    assert "blocks.0.extra" in refusal(tmp_path / "more.pth")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_refused(value: float, tmp_path: Path) -> None:
    state = peers.Released("space_only").state_dict()
    state["norm.weight"][3] = value
    save_file(state, tmp_path / "model.safetensors")
    message = refusal(tmp_path / "model.safetensors")
    assert re.fullmatch(says("errors.weights.not_finite", keys="norm.weight"), message)


def test_a_name_that_comes_twice_is_refused(tmp_path: Path) -> None:
    """The library keeps one of the two without a word."""
    save_file({"a": torch.ones(2), "b": torch.ones(2)}, tmp_path / "model.safetensors")
    data = (tmp_path / "model.safetensors").read_bytes()
    (tmp_path / "model.safetensors").write_bytes(data.replace(b'"b"', b'"a"'))
    assert "damaged" in refusal(tmp_path / "model.safetensors")


def test_an_endless_header_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    save_file(peers.Released("space_only").state_dict(), file)
    data = file.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = data[8 : 8 + length] + b" " * 1_000_000
    file.write_bytes(len(header).to_bytes(8, "little") + header + data[8 + length :])
    assert len(load_file(file)) > 10  # the library takes it
    assert "damaged" in refusal(file)


def test_a_file_that_holds_itself_is_not_followed_for_ever(tmp_path: Path) -> None:
    state: dict[str, object] = {}
    state["model"] = state
    torch.save(state, tmp_path / "ring.pth")
    assert re.fullmatch(says("errors.weights.damaged"), refusal(tmp_path / "ring.pth"))


def test_a_tensor_larger_than_its_file_is_refused(tmp_path: Path) -> None:
    state = peers.Released("space_only").state_dict()
    torch.save(state | {"norm.weight": torch.zeros(1).expand(10**11)}, tmp_path / "big.pth")
    assert re.fullmatch(says("errors.weights.damaged"), refusal(tmp_path / "big.pth"))


def test_the_config_beside_a_file_is_its_own(tmp_path: Path) -> None:
    """Its heads are of 8 numbers, which the weights alone do not tell."""
    folder = tiny_checkpoint(tmp_path / "mine")
    of_folder, of_file = (
        timesformer.load(path, dtype="float32") for path in (folder, folder / "model.safetensors")
    )
    assert of_file.model.config == of_folder.model.config
    assert of_file.preprocess == of_folder.preprocess
