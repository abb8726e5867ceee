"""Weights go to transformers and back unchanged; errors name the keys that do not fit."""

import json
from pathlib import Path

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from tiny import (
    SCHEMES,
    TINY,
    Trap,
    random_pixels,
    randomized,
    refused,
    tiny_config,
    tiny_model,
)
from torch import Tensor, nn

from timesformer.hub.key_maps import TRANSFORMERS
from timesformer.hub.weight_files import PICKLE_FILE, SAFETENSORS_FILE, expected_files
from timesformer.i18n import Message, joined
from timesformer.models.timesformer import TimesformerForVideoClassification, TimesformerModel

CLASSIFIER_KEY = "classifier.weight"
BLOCK_KEY = "timesformer.encoder.layer.1.attention.attention.qkv.weight"


def peer(scheme: str, kind: type = transformers.TimesformerForVideoClassification) -> nn.Module:
    config = transformers.TimesformerConfig(
        **TINY, attention_type=scheme, attn_implementation="eager"
    )
    return randomized(kind(config), seed=7)


@torch.no_grad()
def logits(model: nn.Module, scheme: str) -> Tensor:
    """Return logits of two clips, of one frame in the scheme that transformers does not average."""
    shape = (2, 1, 3, 32, 32) if scheme == "space_only" else (2, 4, 3, 32, 32)
    return model(random_pixels(*shape)).logits


@torch.no_grad()
def tokens(model: nn.Module) -> Tensor:
    return model(random_pixels(2, 4, 3, 32, 32)).last_hidden_state


def assert_same(ours: Tensor, theirs: Tensor) -> None:
    assert ours.std() > 0.1  # a model that ignored its input would agree with anything
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)


def rewritten(folder: Path, change) -> Path:
    """Change the keys and tensors of a saved model."""
    state = load_file(folder / SAFETENSORS_FILE)
    change(state)
    save_file(state, folder / SAFETENSORS_FILE)
    return folder


def refusal(folder: Path, kind: type = TimesformerForVideoClassification) -> Message:
    """Return the message with which a folder is refused."""
    return refused(kind.from_pretrained, folder)


def misfit(faults: str) -> Message:
    return Message("errors.weights.mismatch", source="mine", faults=faults)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    tiny_model().save_pretrained(tmp_path / "mine")
    return tmp_path / "mine"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_saved_and_read_again_is_the_same_to_the_last_bit(scheme: str, tmp_path: Path) -> None:
    model = tiny_model(scheme)
    model.save_pretrained(tmp_path / "new")
    again = TimesformerForVideoClassification.from_pretrained(tmp_path / "new")
    assert again.config == model.config
    assert not again.training
    assert all(parameter.requires_grad for parameter in again.parameters())
    for name, value in model.state_dict().items():
        assert torch.equal(again.state_dict()[name], value), name


@pytest.mark.parametrize("changes", [{}, {"qkv_bias": False}])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_name_is_the_one_of_transformers(scheme: str, changes: dict) -> None:
    config = transformers.TimesformerConfig(**TINY, attention_type=scheme, **changes)
    theirs = transformers.TimesformerForVideoClassification(config).state_dict()
    ours = tiny_model(scheme, **changes).state_dict()
    assert {TRANSFORMERS.key(name): value.shape for name, value in ours.items()} == {
        name: value.shape for name, value in theirs.items()
    }


@pytest.mark.parametrize("scheme", SCHEMES)
def test_transformers_reads_what_we_write(scheme: str, tmp_path: Path) -> None:
    model = tiny_model(scheme)
    model.save_pretrained(tmp_path)
    theirs, report = transformers.TimesformerForVideoClassification.from_pretrained(
        tmp_path, output_loading_info=True
    )
    assert not any(report[what] for what in ("missing_keys", "unexpected_keys", "mismatched_keys"))
    assert_same(logits(model, scheme), logits(theirs, scheme))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_we_read_what_transformers_writes(scheme: str, tmp_path: Path) -> None:
    theirs = peer(scheme)
    theirs.save_pretrained(tmp_path)
    ours = TimesformerForVideoClassification.from_pretrained(tmp_path)
    assert_same(logits(ours, scheme), logits(theirs, scheme))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_we_read_a_pickled_state(scheme: str, tmp_path: Path) -> None:
    """Read `pytorch_model.bin` without safetensors, the files of the published models."""
    theirs = peer(scheme)
    theirs.config.save_pretrained(tmp_path)
    torch.save(theirs.state_dict(), tmp_path / PICKLE_FILE)
    ours = TimesformerForVideoClassification.from_pretrained(tmp_path)
    assert_same(logits(ours, scheme), logits(theirs, scheme))


def test_safetensors_are_preferred_to_a_pickle(saved: Path) -> None:
    (saved / PICKLE_FILE).write_bytes(b"not read")
    TimesformerForVideoClassification.from_pretrained(saved)


def test_half_precision_files_become_fp32(saved: Path) -> None:
    expected = load_file(saved / SAFETENSORS_FILE)[BLOCK_KEY].half().float()

    def halve(state: dict[str, Tensor]) -> None:
        state.update({key: value.half() for key, value in state.items()})

    model = TimesformerForVideoClassification.from_pretrained(rewritten(saved, halve))
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    qkv = model.timesformer.blocks[1].space_attention.qkv.weight
    assert torch.equal(qkv, expected)


def test_transformers_reads_our_encoder(tmp_path: Path) -> None:
    encoder = randomized(TimesformerModel(tiny_config()))
    encoder.save_pretrained(tmp_path)
    theirs, report = transformers.TimesformerModel.from_pretrained(
        tmp_path, output_loading_info=True
    )
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    assert_same(tokens(encoder), tokens(theirs))


def test_we_read_the_encoder_of_transformers(tmp_path: Path) -> None:
    theirs = peer(SCHEMES[0], transformers.TimesformerModel)
    theirs.save_pretrained(tmp_path)
    assert_same(tokens(TimesformerModel.from_pretrained(tmp_path)), tokens(theirs))


def test_the_encoder_of_a_whole_model_leaves_its_classifier_out(saved: Path) -> None:
    encoder = TimesformerModel.from_pretrained(saved)
    assert_same(tokens(encoder), tokens(tiny_model().timesformer))


def test_an_encoder_is_no_classifier(tmp_path: Path) -> None:
    randomized(TimesformerModel(tiny_config())).save_pretrained(tmp_path / "encoder")
    missing = Message("errors.weights.missing", keys="classifier.bias, classifier.weight")
    assert missing in refusal(tmp_path / "encoder")


def test_a_missing_key_is_named(saved: Path) -> None:
    message = refusal(rewritten(saved, lambda state: state.pop(BLOCK_KEY)))
    assert message == misfit(Message("errors.weights.missing", keys=BLOCK_KEY))


@pytest.mark.parametrize("kind", [TimesformerForVideoClassification, TimesformerModel])
def test_a_key_left_over_is_named(saved: Path, kind: type) -> None:
    name = "timesformer.extra.weight"
    message = refusal(rewritten(saved, lambda state: state.update({name: torch.zeros(1)})), kind)
    assert message == misfit(Message("errors.weights.left_over", keys=name))


def test_another_shape_is_named_with_both(saved: Path) -> None:
    other = {CLASSIFIER_KEY: torch.zeros(9, 32)}
    message = refusal(rewritten(saved, lambda state: state.update(other)))
    shapes = f"{CLASSIFIER_KEY} (9, 32) ≠ (5, 32)"
    assert message == misfit(Message("errors.weights.wrong_shape", keys=shapes))


def test_all_three_faults_are_in_one_short_message(saved: Path) -> None:
    def break_it(state: dict[str, Tensor]) -> None:
        for name in [name for name in state if ".layer.1." in name]:
            state["old." + name] = state.pop(name)
        state[CLASSIFIER_KEY] = torch.zeros(9, 32)

    message = refusal(rewritten(saved, break_it))
    assert message.count("old.timesformer.encoder.layer.1.") == 4
    assert message.count("timesformer.encoder.layer.1.") == 8
    assert message.count("16") == 2  # more keys, missing and left over
    assert CLASSIFIER_KEY in message
    assert len(message) < 1000


def test_code_in_a_pickle_is_not_run(saved: Path, tmp_path: Path) -> None:
    (saved / SAFETENSORS_FILE).unlink()
    trap = tmp_path / "sprung"
    torch.save({"weights": Trap(trap)}, saved / PICKLE_FILE)
    assert refusal(saved).key == "errors.weights.damaged"
    assert not trap.exists()
    torch.load(saved / PICKLE_FILE, weights_only=False)  # the trap itself works
    assert trap.exists()


@pytest.mark.parametrize("content", [{"epoch": 3}, [torch.zeros(2)], torch.zeros(2)])
def test_a_pickle_of_other_things_is_refused(saved: Path, content: object) -> None:
    (saved / SAFETENSORS_FILE).unlink()
    torch.save(content, saved / PICKLE_FILE)
    assert refusal(saved).key == "errors.weights.damaged"


@pytest.mark.parametrize("name", [SAFETENSORS_FILE, PICKLE_FILE])
@pytest.mark.parametrize("end", [0, 5, 1000, -100])
def test_a_truncated_file_is_refused(saved: Path, name: str, end: int) -> None:
    torch.save(load_file(saved / SAFETENSORS_FILE), saved / PICKLE_FILE)
    if name == PICKLE_FILE:
        (saved / SAFETENSORS_FILE).unlink()
    whole = (saved / name).read_bytes()
    (saved / name).write_bytes(whole[:end])
    file = Message("errors.weights.file_of", file=name, source="mine")
    assert refusal(saved) == Message("errors.weights.damaged", file=file)


def test_a_folder_without_weights_is_refused(saved: Path) -> None:
    (saved / SAFETENSORS_FILE).unlink()
    files = joined(expected_files(saved), "lists.comma")
    assert refusal(saved) == Message("errors.weights.none", name="mine", files=files)


def test_saving_leaves_the_model_as_it_is(tmp_path: Path) -> None:
    model = tiny_model()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    model.save_pretrained(tmp_path)
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert json.loads((tmp_path / "config.json").read_text())["model_type"] == "timesformer"
