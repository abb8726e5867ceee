"""Weights load out of every container and wrapper around them; what cannot load is named."""

import argparse
import itertools
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file, save_model
from tiny import Trap, refused, tiny_checkpoint, tiny_model
from torch import Tensor, nn

import timesformer
from timesformer.checkpoints.checkpoint import load_checkpoint
from timesformer.hub.weight_files import INDEX_SUFFIX, PICKLE_FILE, SAFETENSORS_FILE
from timesformer.i18n import Message
from timesformer.models.timesformer import TimesformerForVideoClassification

State = dict[str, Tensor]
PREFIXES = ("module.", "model.", "_orig_mod.", "net.", "backbone.", "state_dict.")
WRAPPED = ["".join(parts) for count in (1, 2) for parts in itertools.permutations(PREFIXES, count)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny_checkpoint(tmp_path / "mine")


def state_of(folder: Path) -> State:
    return load_file(folder / SAFETENSORS_FILE)


def with_state(folder: Path, state: object, *, pickled: bool = True) -> Path:
    """Replace the weights of a folder."""
    expected = folder / SAFETENSORS_FILE
    expected.unlink(missing_ok=True)
    if pickled:
        torch.save(state, folder / PICKLE_FILE)
    else:
        assert isinstance(state, dict)
        save_file({key: value.clone() for key, value in state.items()}, expected)
    return folder


def assert_loads(path: Path, **options: int) -> timesformer.Recognizer:
    """Load a checkpoint, which must hold the weights of `tiny_model`."""
    checkpoint = load_checkpoint(path, **options)
    ours, expected = checkpoint.model.state_dict(), tiny_model().state_dict()
    assert ours.keys() == expected.keys()
    assert all(torch.equal(ours[name], expected[name]) for name in ours)
    return checkpoint


@pytest.mark.parametrize("pickled", [True, False], ids=["pickle", "safetensors"])
def test_any_names_before_the_keys_are_taken_off(folder: Path, pickled: bool) -> None:
    state = state_of(folder)
    for prefix in random.Random(0).sample(WRAPPED, 12):
        wrapped = {prefix + key: value for key, value in state.items()}
        assert_loads(with_state(folder, wrapped, pickled=pickled))


@pytest.mark.parametrize("wrapper", ["module", "_orig_mod", "_fsdp_wrapped_module"])
def test_wrappers_of_a_part_are_taken_off(folder: Path, wrapper: str) -> None:
    """Compile or wrap each block, or the encoder alone."""
    state = state_of(folder)
    for part in (r"encoder.layer.0.", r"timesformer."):
        wrapped = {key.replace(part, f"{part}{wrapper}."): v for key, v in state.items()}
        assert wrapped.keys() != state.keys()
        assert_loads(with_state(folder, wrapped))


class Settings:
    """A class that no other program has."""

    def __init__(self) -> None:
        self.rate = 1e-3


CONTAINERS: dict[str, Callable[[State], object]] = {
    "a training loop": lambda s: {"epoch": 3, "model_state_dict": s, "optimizer_state_dict": {}},
    "nested": lambda s: {"checkpoint": {"state": {"model": s}}, "step": torch.tensor(5)},
    "optimizer": lambda s: {
        "net": s,
        "optimizer": {"state": {0: {"exp_avg": torch.ones(2, 2)}}, "param_groups": [{"lr": 0.1}]},
    },
    "Lightning": lambda s: {
        "pytorch-lightning_version": "2.5",
        "state_dict": {f"model.{k}": v for k, v in s.items()} | {"loss.weight": torch.ones(5)},
        "hyper_parameters": {"lr": 1e-3},
    },
    "arguments": lambda s: {"model": s, "args": argparse.Namespace(lr=1, folder=Path("a"))},
    "numpy": lambda s: {"model": s, "best": np.float64(0.5), "history": np.arange(3)},
    "own class": lambda s: {"model": s, "settings": Settings()},
    "averaging": lambda s: (
        {"module." + k: v for k, v in s.items()} | {"n_averaged": torch.tensor(5)}
    ),
    "counter": lambda s: s | {"n_averaged": torch.tensor(5)},
    "parameters": lambda s: {key: nn.Parameter(value) for key, value in s.items()},
}


@pytest.mark.parametrize("wrap", CONTAINERS.values(), ids=CONTAINERS)
def test_containers_are_taken_off(folder: Path, wrap: Callable[[State], object]) -> None:
    assert assert_loads(with_state(folder, wrap(state_of(folder)))).notes == ()


def test_no_class_of_a_container_is_imported(folder: Path, tmp_path: Path) -> None:
    """Refuse what would run; and leave the classes that torch.load knows as they were."""
    before = set(torch.serialization.get_safe_globals())
    with_state(folder, {"model": state_of(folder), "args": argparse.Namespace(trap=1)})
    assert_loads(folder)
    with_state(folder, {"model": state_of_tiny(), "args": Trap(tmp_path / "sprung")})
    assert refused(load_checkpoint, folder).key == "errors.weights.damaged"
    assert not (tmp_path / "sprung").exists()
    assert set(torch.serialization.get_safe_globals()) == before


def state_of_tiny() -> State:
    return {key: value.clone() for key, value in tiny_model().state_dict().items()}


@pytest.mark.parametrize(
    ("first", "second", "used"),
    [
        ("state_dict_ema.", "state_dict.", "state_dict.*"),
        ("model_ema.module.", "model.", "model.*"),
        ("", "ema.", "*"),
        ("teacher.", "student.", "student.*"),
        ("first.", "second.", "first.*"),
    ],
)
@pytest.mark.parametrize("pickled", [True, False], ids=["pickle", "safetensors"])
def test_of_several_sets_of_weights_the_plain_one_is_used_and_named(
    folder: Path, first: str, second: str, used: str, pickled: bool
) -> None:
    state = state_of(folder)
    sets = {first: state, second: state}
    for prefix in sets:
        if f"{prefix}*" != used:
            sets[prefix] = {key: value + 1 for key, value in state.items()}
    flat = {prefix + key: value for prefix, part in sets.items() for key, value in part.items()}
    (note,) = assert_loads(with_state(folder, flat, pickled=pickled)).notes
    assert note.key == "notes.checkpoint.several_weights"
    assert note.values["used"] == used


def test_our_own_names_are_a_known_format(tmp_path: Path) -> None:
    model = tiny_model()
    torch.save(model.state_dict(), tmp_path / "a.pt")
    save_file(state_of_tiny(), tmp_path / "b.safetensors")
    save_model(model, str(tmp_path / "c.safetensors"))
    torch.save({"state_dict": nn.DataParallel(model).state_dict()}, tmp_path / "d.ckpt")
    prepared = timesformer.load(tiny_checkpoint(tmp_path / "mine"), dtype="float32").model
    torch.save(prepared.state_dict(), tmp_path / "e.pt")
    for name in ("a.pt", "b.safetensors", "c.safetensors", "d.ckpt", "e.pt"):
        assert_loads(tmp_path / name, num_attention_heads=4)


def test_a_folder_of_a_trainer_loads(folder: Path) -> None:
    """Read the keys of this package beside the files of accelerate and transformers' Trainer."""
    save_model(tiny_model(), str(folder / SAFETENSORS_FILE))
    for name in ("optimizer.pt", "scheduler.pt", "rng_state.pth", "training_args.bin"):
        (folder / name).write_bytes(b"not read")
    assert_loads(folder)


@pytest.mark.parametrize("name", [SAFETENSORS_FILE, PICKLE_FILE])
def test_shards_are_put_together(folder: Path, name: str) -> None:
    state = {f"module.{key}": value for key, value in state_of(folder).items()}
    keys, stem, suffix = list(state), *name.split(".")
    names = [f"{stem}-0000{number}-of-00003.{suffix}" for number in (1, 2, 3)]
    (folder / SAFETENSORS_FILE).unlink()
    for number, file in enumerate(names):
        part = {key: state[key].clone() for key in keys[number::3]}
        save = save_file if suffix == "safetensors" else torch.save
        save(part, folder / file)
    index = {key: names[number % 3] for number, key in enumerate(keys)}
    (folder / f"{name}{INDEX_SUFFIX}").write_text(json.dumps({"weight_map": index}))
    assert_loads(folder)
    assert_loads(folder / f"{name}{INDEX_SUFFIX}")
    (folder / names[1]).unlink()
    message = refused(load_checkpoint, folder)
    assert message == Message("errors.weights.no_shard", name="mine", file=names[1])


@pytest.mark.parametrize("files", [{}, {"a": "../a.safetensors"}, {"a": 3}, ["a"], {"a": ""}])
def test_an_index_of_other_files_is_refused(folder: Path, files: object) -> None:
    (folder / SAFETENSORS_FILE).unlink()
    name = SAFETENSORS_FILE + INDEX_SUFFIX
    (folder / name).write_text(json.dumps({"weight_map": files}))
    assert refused(load_checkpoint, folder) == Message(
        "errors.weights.bad_index", file=name, name="mine"
    )


def test_a_dict_that_is_referred_to_very_often_is_refused(folder: Path) -> None:
    state: dict[str, object] = {"end": 1}
    for _ in range(7):
        state = {str(number): state for number in range(60)}  # 60^7 entries in a small file
    message = refused(load_checkpoint, with_state(folder, state))
    assert message.key == "errors.weights.damaged"


# Number formats


@pytest.mark.parametrize("pickled", [True, False], ids=["pickle", "safetensors"])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_floats_load(folder: Path, dtype: torch.dtype, pickled: bool) -> None:
    state = {key: value.to(dtype) for key, value in state_of(folder).items()}
    with_state(folder, state, pickled=pickled)
    loaded = load_checkpoint(folder).model.classifier.weight
    assert torch.equal(loaded, state["classifier.weight"].float())


@pytest.mark.parametrize("pickled", [True, False], ids=["pickle", "safetensors"])
@pytest.mark.parametrize(
    "name", ["float8_e4m3fn", "float8_e5m2", "int8", "uint8", "bool", "int64", "complex64"]
)
def test_other_numbers_are_refused_by_format_and_key(
    folder: Path, name: str, pickled: bool
) -> None:
    state = state_of(folder)
    state["classifier.weight"] = state["classifier.weight"].to(getattr(torch, name))
    message = refused(load_checkpoint, with_state(folder, state, pickled=pickled))
    assert message == Message(
        "errors.weights.number_format", source="mine", format=name, keys="classifier.weight"
    )


def test_numbers_too_large_for_float32_are_refused(folder: Path) -> None:
    state = {key: value.double() for key, value in state_of(folder).items()}
    state["classifier.weight"][0, 0] = 1e300
    message = refused(load_checkpoint, with_state(folder, state))
    assert message.key == "errors.weights.not_finite"


def test_weights_of_bitsandbytes_are_named(folder: Path) -> None:
    state, key = state_of(folder), "timesformer.encoder.layer.0.output.dense"
    state[f"{key}.weight"] = state[f"{key}.weight"].to(torch.int8)
    state[f"{key}.SCB"] = torch.ones(32)
    message = refused(load_checkpoint, with_state(folder, state, pickled=False))
    assert message.values["format"] == "int8, bitsandbytes"


# Other files


def test_a_pickled_model_is_refused_for_what_it_is(folder: Path) -> None:
    (folder / SAFETENSORS_FILE).unlink()
    expected = Message(
        "errors.weights.whole_module",
        file=Message("errors.weights.file_of", file=PICKLE_FILE, source="mine"),
    )
    torch.save(tiny_model(), folder / PICKLE_FILE)
    assert refused(load_checkpoint, folder) == expected
    with zipfile.ZipFile(folder / PICKLE_FILE, "w") as program:  # as TorchScript saves one
        program.writestr("model/constants.pkl", b"")
    assert refused(load_checkpoint, folder) == expected


POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 486000000\n"


@pytest.mark.parametrize("name", [SAFETENSORS_FILE, "config.json", "preprocessor_config.json"])
def test_a_pointer_of_git_lfs_is_named(folder: Path, name: str) -> None:
    (folder / name).write_text(POINTER)
    message = refused(load_checkpoint, folder)
    assert message.key == "errors.checkpoint.lfs_pointer"
    assert name in message


@pytest.mark.parametrize(
    ("files", "key", "value"),
    [
        (["adapter_config.json", "adapter_model.safetensors"], "adapter", "mine"),
        (["onnx/model.onnx"], "other_format", "ONNX"),
        (["tf_model.h5"], "other_format", "TensorFlow"),
        (["flax_model.msgpack"], "other_format", "Flax"),
        (["best_model.safetensors", "training_args.bin"], "other_name", "best_model.safetensors"),
        (["epoch=3.ckpt", "optimizer.pt"], "other_name", "epoch=3.ckpt"),
        (["checkpoint-500/model.safetensors"], "other_name", "checkpoint-500/model.safetensors"),
        (["optimizer.pt", "rng_state_0.pth", "notes.txt"], "none", "pytorch_model.bin"),
    ],
)
@pytest.mark.parametrize("with_config", [True, False])
def test_files_that_are_there_instead_are_named(
    folder: Path, files: list[str], key: str, value: str, with_config: bool
) -> None:
    (folder / SAFETENSORS_FILE).unlink()
    if not with_config:
        (folder / "config.json").unlink()
    for file in files:
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes(b"not read")
    message = refused(load_checkpoint, folder)
    assert message.key == f"errors.weights.{key}"
    assert value in message
    assert "training_args" not in message


def test_a_file_under_another_name_loads_with_the_config_beside_it(folder: Path) -> None:
    (folder / SAFETENSORS_FILE).rename(folder / "best_model.safetensors")
    checkpoint = assert_loads(folder / "best_model.safetensors")
    assert checkpoint.notes == ()


def test_weights_of_an_adapter_are_named(tmp_path: Path) -> None:
    save_file(
        {"base_model.model.timesformer.x.lora_A.weight": torch.ones(2, 2)},
        tmp_path / "adapter_model.safetensors",
    )
    message = refused(load_checkpoint, tmp_path / "adapter_model.safetensors")
    assert message.key == "errors.weights.adapter"


def test_frames_of_other_channels_are_refused(tmp_path: Path) -> None:
    message = refused(load_checkpoint, tiny_checkpoint(tmp_path / "mine", num_channels=1))
    assert message == Message("errors.checkpoint.channels", name="mine", channels=1)


def test_weights_read_in_inference_mode_can_be_trained(folder: Path) -> None:
    with torch.inference_mode():
        model = TimesformerForVideoClassification.from_pretrained(folder)
    model(torch.ones(1, 4, 3, 32, 32)).logits.sum().backward()
    assert model.classifier.weight.grad is not None
