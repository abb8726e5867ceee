"""Configuration of a TimeSformer, checked once; needs no torch."""

import dataclasses
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self, get_args

from ..hub.config import PretrainedConfig

AttentionType = Literal["divided_space_time", "joint_space_time", "space_only"]
Activation = Literal[
    "gelu", "gelu_python", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "quick_gelu", "relu",
    "silu", "swish",
]  # fmt: skip
Interpolation = Literal["nearest", "linear", "bicubic"]
ProblemType = Literal["regression", "single_label_classification", "multi_label_classification"]

# About ten times the values of the largest published model; only forged files have more.
MAX_COUNTS = {
    "num_channels": 16,
    "num_frames": 1024,
    "hidden_size": 8192,
    "num_hidden_layers": 128,
    "num_attention_heads": 128,
    "intermediate_size": 32768,
}
MAX_LABELS = 100_000
MAX_PIXELS = 8192  # a side
SCALES = ("layer_norm_eps", "initializer_range")
RATES = ("hidden_dropout_prob", "attention_probs_dropout_prob", "drop_path_rate")
# Values of a file that may be null: training uses them, or null means the default
NULLABLE = (*RATES, "initializer_range", "num_labels", "id2label", "label2id")
CHOICES = {
    "attention_type": get_args(AttentionType),
    "hidden_act": get_args(Activation),
    "position_interpolation": get_args(Interpolation),
    "problem_type": (*get_args(ProblemType), None),
}


@dataclass(frozen=True, kw_only=True)
class TimesformerConfig(PretrainedConfig):
    """Shapes and arithmetic of a TimeSformer.

    Fields and defaults equal transformers' TimesformerConfig. `position_interpolation` is added: it
    resizes the tables of positions and times for another grid or frame count.
    `image_size` and `patch_size` are pixels, one number or (height, width). `id2label` sets
    `num_labels`; without `id2label` the labels are LABEL_0, LABEL_1, ...
    Raises ValueError if the fields do not fit together.
    """

    architecture: ClassVar[str] = "TimesformerForVideoClassification"

    image_size: int | tuple[int, int] = 224
    patch_size: int | tuple[int, int] = 16
    num_channels: int = 3
    num_frames: int = 8
    hidden_size: int = 768
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    intermediate_size: int = 3072
    hidden_act: Activation = "gelu"
    hidden_dropout_prob: float = 0.0
    attention_probs_dropout_prob: float = 0.0
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-6
    qkv_bias: bool = True
    attention_type: AttentionType = "divided_space_time"
    drop_path_rate: float = 0.0
    position_interpolation: Interpolation = "nearest"
    num_labels: int = 2
    id2label: Mapping[int, str] = dataclasses.field(default_factory=dict)
    problem_type: ProblemType | None = None

    def __post_init__(self) -> None:
        self._normalize_sizes()
        self._normalize_labels()
        self._check()

    def _normalize_sizes(self) -> None:
        for name in ("image_size", "patch_size"):
            size = getattr(self, name)
            if isinstance(size, list):  # as JSON has it
                object.__setattr__(self, name, tuple(size))
            sides = size if isinstance(size, tuple | list) and len(size) == 2 else (size,)
            if not all(is_count(side, MAX_PIXELS) for side in sides):
                raise ValueError(
                    f"{name} is {size!r}; it must be one or two integers from 1 to {MAX_PIXELS}"
                )

    def _normalize_labels(self) -> None:
        if not isinstance(self.id2label, Mapping):
            raise ValueError(f"id2label is {self.id2label!r}; it must give each class its label")
        count = len(self.id2label) or self.num_labels
        if not is_count(count, MAX_LABELS):
            raise ValueError(f"num_labels is {count!r}; it must be from 1 to {MAX_LABELS}")
        names = {
            str(index): "" if label is None else str(label)
            for index, label in self.id2label.items()
        }
        names = names or {str(index): f"LABEL_{index}" for index in range(self.num_labels)}
        indices = range(len(names))
        if names.keys() != {str(index) for index in indices}:
            first = ", ".join([*names][:6]) + (", ..." if len(names) > 6 else "")
            raise ValueError(
                f"id2label numbers its {len(names)} labels {first}; "
                f"the numbers must be 0 to {len(names) - 1}"
            )
        in_order = {index: names[str(index)] for index in indices}  # JSON may have 10 before 2
        object.__setattr__(self, "id2label", in_order)
        object.__setattr__(self, "num_labels", len(names))

    def _check(self) -> None:
        for name, maximum in MAX_COUNTS.items():
            if not is_count(getattr(self, name), maximum):
                raise ValueError(
                    f"{name} is {getattr(self, name)!r}; it must be an integer from 1 to {maximum}"
                )
        for name in SCALES:
            if not (_is_number(getattr(self, name)) and 0 < getattr(self, name) <= 1):
                raise ValueError(
                    f"{name} is {getattr(self, name)!r}; it must be above 0 and at most 1"
                )
        for name in RATES:
            if not (_is_number(getattr(self, name)) and 0 <= getattr(self, name) < 1):
                raise ValueError(
                    f"{name} is {getattr(self, name)!r}; it must be at least 0 and below 1"
                )
        if not isinstance(self.qkv_bias, bool):
            raise ValueError(f"qkv_bias is {self.qkv_bias!r}; it must be true or false")
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                listed = ", ".join(str(choice) for choice in choices)
                raise ValueError(f"{name} is {getattr(self, name)!r}; choose one of {listed}")
        for side, patch in zip(self.image_shape, self.patch_shape, strict=True):
            if side % patch:
                raise ValueError(
                    f"image_size {self.image_size} is not a multiple of patch_size "
                    f"{self.patch_size}"
                )
        if self.hidden_size % self.num_attention_heads:
            raise ValueError(
                f"hidden_size {self.hidden_size} does not divide into "
                f"{self.num_attention_heads} heads"
            )

    @property
    def image_shape(self) -> tuple[int, int]:
        """Size of a frame (H, W) in pixels."""
        return _pair(self.image_size)

    @property
    def patch_shape(self) -> tuple[int, int]:
        """Size of a patch (height, width) in pixels."""
        return _pair(self.patch_size)

    @property
    def grid(self) -> tuple[int, int]:
        """Patch grid (h, w) of a frame of the trained size."""
        return self.grid_of(*self.image_shape)

    def grid_of(self, H: int, W: int) -> tuple[int, int]:
        """Return the patch grid (h, w) of frames of H x W pixels.

        Raises ValueError for frames that the patches do not divide.
        """
        height, width = self.patch_shape
        if H % height or W % width:
            raise ValueError(
                f"frames of {H} x {W} pixels do not divide into patches of {height} x {width}"
            )
        return H // height, W // width

    @property
    def label2id(self) -> dict[str, int]:
        """Class index of each label."""
        return {label: index for index, label in self.id2label.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the config of the contents of a `config.json`; other keys are ignored.

        Whole numbers may be written as text or with decimals, and NULLABLE values may be null.
        """
        kind = values.get("model_type", "timesformer")
        if kind != "timesformer":
            raise ValueError(f"this is the config of a {kind!r} model, not of a TimeSformer")
        given = {k: v for k, v in values.items() if v is not None or k not in NULLABLE}
        fields = {name: given[name] for name in given if name in _FIELDS}
        for name in (*MAX_COUNTS, "image_size", "patch_size", "num_labels"):
            if name in fields:
                fields[name] = _whole(fields[name])
        for name in (*SCALES, *RATES):
            if isinstance(fields.get(name), str):
                with suppress(ValueError):  # the check names the value
                    fields[name] = float(fields[name])
        fields["id2label"] = _labels_of(given)
        return cls(**fields)

    def to_dict(self) -> dict[str, Any]:
        """Return the contents of a `config.json` that transformers reads too."""
        values = dataclasses.asdict(self)
        del values["num_labels"]
        if self.drop_path_rate == 0:
            values["drop_path_rate"] = 0  # transformers 5 reads no fraction here, not even 0.0
        values |= {"model_type": "timesformer", "label2id": self.label2id}
        return values


_FIELDS = {field.name for field in dataclasses.fields(TimesformerConfig)}


def _whole(value: Any) -> Any:
    """Return a whole number for text or decimals that mean one, and any other value unchanged."""
    if isinstance(value, list | tuple):
        return tuple(map(_whole, value))
    if isinstance(value, Mapping) and value.keys() == {"height", "width"}:
        return _whole((value["height"], value["width"]))
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else value


def _labels_of(values: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the labels by class of a `config.json`: its `id2label`, or else its `label2id`.

    Labels can also be in a list. Raises ValueError for labels in another form.
    """
    for name in ("id2label", "label2id"):
        labels = values.get(name, {})
        if isinstance(labels, list):
            labels = dict(enumerate(labels))
        elif name == "label2id" and isinstance(labels, Mapping):
            labels = {index: label for label, index in labels.items()}
        if not isinstance(labels, Mapping):
            raise ValueError(f"{name} is {labels!r}; it must give each class its label")
        if labels and (name == "id2label" or values.get("num_labels", len(labels)) == len(labels)):
            return {_whole(index): label for index, label in labels.items()}
    return {}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_count(value: Any, maximum: int) -> bool:
    """Return True if a value is an integer from 1 to `maximum`."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= maximum


def _pair(size: int | tuple[int, int]) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else size
