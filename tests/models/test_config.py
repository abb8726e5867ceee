"""A config that exists is valid, and its file is the one transformers writes and reads."""

import dataclasses
import json
import re
from pathlib import Path

import pytest
import transformers
from sentences import pattern_of

from timesformer.errors import CheckpointError
from timesformer.hub.config import CONFIG_FILE
from timesformer.models.config import MAX_COUNTS, TimesformerConfig

ODD_VALUES = {  # none of them a default
    "image_size": 96,
    "patch_size": 12,
    "num_channels": 1,
    "num_frames": 5,
    "hidden_size": 40,
    "num_hidden_layers": 3,
    "num_attention_heads": 5,
    "intermediate_size": 7,
    "hidden_act": "relu",
    "hidden_dropout_prob": 0.1,
    "attention_probs_dropout_prob": 0.2,
    "initializer_range": 0.03,
    "layer_norm_eps": 1e-5,
    "qkv_bias": False,
    "attention_type": "joint_space_time",
    "id2label": {0: "wave", 1: "jump", 2: "sit"},
    "problem_type": "regression",
}


def write_config(folder: Path, text: str) -> Path:
    (folder / CONFIG_FILE).write_text(text, "utf-8")
    return folder


def through_json(values: dict) -> dict:
    return json.loads(json.dumps(values))


def test_no_field_can_be_set() -> None:
    config = TimesformerConfig()
    for field in dataclasses.fields(config):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(config, field.name, getattr(config, field.name))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((name, 0) for name in ("num_channels", "num_frames", "hidden_size", "num_labels")),
        *((name, 0) for name in ("num_hidden_layers", "num_attention_heads", "intermediate_size")),
        ("num_frames", -8),
        ("num_frames", "8"),
        ("num_frames", 8.0),
        ("image_size", 0),
        ("image_size", 225),
        ("image_size", (224, 230)),
        ("image_size", (224, 224, 224)),
        ("image_size", "224"),
        ("image_size", None),
        ("image_size", (224, 0)),
        ("patch_size", 0),
        ("patch_size", 448),
        ("patch_size", (16, 15)),
        ("hidden_size", 770),
        ("hidden_dropout_prob", -0.1),
        ("attention_probs_dropout_prob", 1.5),
        ("drop_path_rate", 1.0),
        ("attention_type", "axial"),
        ("hidden_act", "tanh"),
        ("position_interpolation", "cubic"),
        ("problem_type", "guessing"),
        ("id2label", {1: "first", 2: "second"}),
        ("id2label", {"zero": "first"}),
        ("layer_norm_eps", 0.0),
        ("initializer_range", 5.0),
        ("num_frames", True),
    ],
)
def test_a_wrong_value_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field):
        TimesformerConfig(**{field: value})


def test_the_choices_are_in_the_message() -> None:
    with pytest.raises(ValueError, match=r"'axial'.*divided_space_time, joint_space_time, space_o"):
        TimesformerConfig(attention_type="axial")


def test_labels_decide_their_number_and_else_are_numbered() -> None:
    named = TimesformerConfig(id2label={0: "wave", 1: "jump", 2: "sit"})
    assert named.num_labels == 3
    assert named.label2id == {"wave": 0, "jump": 1, "sit": 2}
    numbered = TimesformerConfig(num_labels=3)
    assert numbered.id2label == {0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"}
    assert TimesformerConfig().num_labels == 2


def test_labels_are_in_order_of_their_class_whatever_the_order_in_the_file() -> None:
    """Published files have their keys sorted as text: 0, 1, 10, 11, 2, ..."""
    names = {str(index): f"label {index}" for index in range(12)}
    config = TimesformerConfig.from_dict({"id2label": dict(sorted(names.items()))})
    assert list(config.id2label) == list(range(12))
    assert list(config.id2label.values()) == list(names.values())


@pytest.mark.parametrize(
    ("image", "patch", "grid"),
    [(224, 16, (14, 14)), ((96, 160), 16, (6, 10)), ([64, 48], [16, 8], (4, 6)), (32, 32, (1, 1))],
)
def test_sizes_are_one_number_or_height_and_width(image, patch, grid: tuple[int, int]) -> None:
    config = TimesformerConfig(image_size=image, patch_size=patch)
    assert config.grid == grid
    assert config.image_shape == tuple(h * p for h, p in zip(grid, config.patch_shape, strict=True))
    again = TimesformerConfig.from_dict(through_json(config.to_dict()))
    assert again == config


def test_defaults_are_those_of_transformers() -> None:
    theirs = transformers.TimesformerConfig()
    for field in dataclasses.fields(TimesformerConfig):
        if field.name != "position_interpolation":
            assert getattr(TimesformerConfig(), field.name) == getattr(theirs, field.name)


@pytest.mark.parametrize("values", [{}, ODD_VALUES, {"num_labels": 7}])
def test_round_trip_through_transformers(values: dict) -> None:
    theirs = transformers.TimesformerConfig(**values)
    ours = TimesformerConfig.from_dict(through_json(theirs.to_dict()))
    again = transformers.TimesformerConfig.from_dict(through_json(ours.to_dict()))
    for name in {field.name for field in dataclasses.fields(ours)} - {"position_interpolation"}:
        assert getattr(ours, name) == getattr(theirs, name) == getattr(again, name), name
    assert again.label2id == ours.label2id


def test_our_own_field_survives_the_file(tmp_path: Path) -> None:
    config = TimesformerConfig(
        position_interpolation="bicubic", drop_path_rate=0.1, image_size=(64, 96)
    )
    config.save_pretrained(tmp_path / "new")
    assert TimesformerConfig.from_pretrained(tmp_path / "new") == config


def test_transformers_reads_the_file(tmp_path: Path) -> None:
    TimesformerConfig(**ODD_VALUES).save_pretrained(tmp_path)
    theirs = transformers.AutoConfig.from_pretrained(tmp_path)
    assert isinstance(theirs, transformers.TimesformerConfig)
    assert theirs.hidden_size == ODD_VALUES["hidden_size"]
    assert theirs.architectures == ["TimesformerForVideoClassification"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", pattern_of("errors.checkpoint.not_json")),
        ("[1]", pattern_of("errors.checkpoint.no_settings")),
        ('{"model_type": "vivit"}', "'vivit' model, not of a TimeSformer"),
        ('{"num_frames": 0}', "num_frames is 0"),
        ('{"image_size": {"height": 2}}', "image_size is"),
        ('{"id2label": 3}', "id2label is 3"),
        ('{"label2id": "wave"}', "label2id is 'wave'"),
        (
            '{"id2label": {"1": "wave", "2": "sit"}}',
            "id2label numbers its 2 labels 1, 2; .* 0 to 1",
        ),
        ('{"drop_path_rate": "high"}', "drop_path_rate is 'high'"),
        ('{"layer_norm_eps": null}', "layer_norm_eps is None"),
        ('{"hidden_size": null}', "hidden_size is None"),
        ('{"hidden_size": 768.5}', "hidden_size is 768.5"),
        ('{"num_frames": "eight"}', "num_frames is 'eight'"),
        ('{"qkv_bias": "false"}', "qkv_bias is 'false'"),
        ('{"hidden_act": "mish"}', "hidden_act is 'mish'; choose one of gelu"),
        ('{"hidden_act": null}', "hidden_act is None"),
    ],
)
def test_a_bad_file_is_a_sentence_without_a_path(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(CheckpointError) as caught:
        TimesformerConfig.from_pretrained(write_config(tmp_path, text))
    message = str(caught.value)
    assert re.search(words, message)
    assert message.endswith(".")
    assert tmp_path.name in message
    assert str(tmp_path.parent) not in message


def test_a_folder_without_a_config_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        CheckpointError, match=pattern_of("errors.checkpoint.no_file", file="config.json")
    ) as caught:
        TimesformerConfig.from_pretrained(tmp_path)
    assert str(tmp_path.parent) not in str(caught.value)


@pytest.mark.parametrize("field", [*MAX_COUNTS, "num_labels", "image_size", "patch_size"])
def test_an_oversized_config_is_refused_before_a_model_is_built(field: str, tmp_path: Path) -> None:
    values = TimesformerConfig().to_dict() | {"id2label": {}, field: 12 * 10**11}
    (tmp_path / "config.json").write_text(json.dumps(values))
    with pytest.raises(CheckpointError, match=f"{field} is 1200000000000; it must be"):
        TimesformerConfig.from_pretrained(tmp_path)


@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        ("image_size", "64", 64),
        ("image_size", 64.0, 64),
        ("image_size", {"height": 64, "width": 96}, (64, 96)),
        ("image_size", ["64", 96.0], (64, 96)),
        ("num_frames", 4.0, 4),
        ("hidden_size", "96", 96),
        ("layer_norm_eps", "1e-6", 1e-6),
        ("hidden_dropout_prob", None, 0.0),
        ("initializer_range", None, 0.02),
        ("num_labels", "3", 3),
    ],
)
def test_a_file_may_write_a_number_otherwise(field: str, written: object, meant: object) -> None:
    config = TimesformerConfig.from_dict(through_json({field: written}))
    assert getattr(config, field) == meant


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ({"id2label": ["wave", "sit"]}, ["wave", "sit"]),
        ({"label2id": {"wave": 1, "sit": 0}}, ["sit", "wave"]),
        ({"id2label": None, "label2id": {"wave": "0", "sit": "1"}}, ["wave", "sit"]),
        ({"id2label": None, "label2id": None}, ["LABEL_0", "LABEL_1"]),
        ({"id2label": {}, "num_labels": 3}, ["LABEL_0", "LABEL_1", "LABEL_2"]),
        ({"id2label": {"0": 7, "1": None}}, ["7", ""]),
        ({"id2label": {"1": "sit", "0": "wave"}, "label2id": {"other": 0}}, ["wave", "sit"]),
        ({"id2label": {"0": "wave", "1": "wave"}}, ["wave", "wave"]),
    ],
)
def test_labels_as_people_write_them(values: dict, labels: list[str]) -> None:
    config = TimesformerConfig.from_dict(through_json(values))
    assert list(config.id2label.values()) == labels
    assert config.num_labels == len(labels)
