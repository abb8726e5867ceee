"""The shape of a TimeSformer, checked once; needs no torch."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from ..errors import CheckpointError
from ..hub.client import read_json
from ..hub.source import Source, display_name, resolve
from ..i18n import Message

AttentionType = Literal["divided_space_time", "joint_space_time", "space_only"]
Activation = Literal["gelu", "gelu_new", "relu", "silu"]
Interpolation = Literal["nearest", "linear", "bicubic"]
ProblemType = Literal["regression", "single_label_classification", "multi_label_classification"]

CONFIG_FILE = "config.json"
WRONG_KIND = Message("errors.checkpoint.wrong_type")

COUNTS = {
    "num_channels": 16,
    "num_frames": 1024,
    "hidden_size": 8192,
    "num_hidden_layers": 128,
    "num_attention_heads": 128,
    "intermediate_size": 32768,
}  # and the most of each: some ten times the largest published model, which only forged files pass
MOST_LABELS = 100_000
MOST_PIXELS = 8192  # a side
RATES = ("hidden_dropout_prob", "attention_probs_dropout_prob", "drop_path_rate")
CHOICES = {
    "attention_type": get_args(AttentionType),
    "hidden_act": get_args(Activation),
    "position_interpolation": get_args(Interpolation),
    "problem_type": (*get_args(ProblemType), None),
}


@dataclass(frozen=True, kw_only=True)
class TimesformerConfig:
    """Everything that decides the shapes and the arithmetic of a TimeSformer.

    The fields and their defaults are those of transformers' TimesformerConfig; the one more is
    `position_interpolation`, how the position tables are resized for another grid or frame count.
    `image_size` and `patch_size` are pixels, one number or (height, width). `id2label`, where it is
    given, decides `num_labels`; where it is not, the labels are LABEL_0, LABEL_1, ...
    Raises ValueError when the fields do not fit together.
    """

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
        self._settle_sizes()
        self._settle_labels()
        self._check()

    def _settle_sizes(self) -> None:
        for name in ("image_size", "patch_size"):
            size = getattr(self, name)
            if isinstance(size, list):  # as JSON has it
                object.__setattr__(self, name, tuple(size))
            sides = size if isinstance(size, tuple | list) and len(size) == 2 else (size,)
            if not all(is_count(side, MOST_PIXELS) for side in sides):
                raise ValueError(
                    f"{name} is {size!r}; it must be one or two whole numbers of 1 to {MOST_PIXELS}"
                )

    def _settle_labels(self) -> None:
        count = len(self.id2label) or self.num_labels
        if not is_count(count, MOST_LABELS):
            raise ValueError(f"num_labels is {count!r}; it must be 1 to {MOST_LABELS}")
        names = {str(index): str(label) for index, label in self.id2label.items()}
        names = names or {str(index): f"LABEL_{index}" for index in range(self.num_labels)}
        numbers = range(len(names))
        if names.keys() != {str(number) for number in numbers}:
            raise ValueError(f"id2label must number its {len(names)} labels 0 to {len(names) - 1}")
        in_order = {number: names[str(number)] for number in numbers}  # JSON may have 10 before 2
        object.__setattr__(self, "id2label", in_order)
        object.__setattr__(self, "num_labels", len(names))

    def _check(self) -> None:
        for name, most in COUNTS.items():
            if not is_count(getattr(self, name), most):
                raise ValueError(f"{name} is {getattr(self, name)!r}; it must be 1 to {most}")
        for name in ("layer_norm_eps", "initializer_range"):
            if not 0 < getattr(self, name) <= 1:
                raise ValueError(
                    f"{name} is {getattr(self, name)!r}; it must be above 0, at most 1"
                )
        for name in RATES:
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be in 0..1, below 1")
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                wanted = ", ".join(str(choice) for choice in choices)
                raise ValueError(f"{name} is {getattr(self, name)!r}; choose one of {wanted}")
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
        """(H, W) in pixels."""
        return _pair(self.image_size)

    @property
    def patch_shape(self) -> tuple[int, int]:
        """(height, width) of a patch in pixels."""
        return _pair(self.patch_size)

    @property
    def grid(self) -> tuple[int, int]:
        """(h, w), the patches down and across a frame of the trained size."""
        (H, W), (patch_height, patch_width) = self.image_shape, self.patch_shape
        return H // patch_height, W // patch_width

    @property
    def label2id(self) -> dict[str, int]:
        """Class index of each label."""
        return {label: index for index, label in self.id2label.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "TimesformerConfig":
        """A config from the contents of a `config.json`; keys that shape nothing are left out."""
        kind = values.get("model_type", "timesformer")
        if kind != "timesformer":
            raise ValueError(f"this is the config of a {kind!r} model, not of a TimeSformer")
        names = {field.name for field in dataclasses.fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in names})

    def to_dict(self) -> dict[str, Any]:
        """The contents of a `config.json` that transformers reads too."""
        values = dataclasses.asdict(self)
        del values["num_labels"]
        if self.drop_path_rate == 0:
            values["drop_path_rate"] = 0  # transformers 5 reads no fraction here, not even 0.0
        values |= {"model_type": "timesformer", "label2id": self.label2id}
        return values

    @classmethod
    def from_pretrained(
        cls, name: str | Source, *, revision: str | None = None
    ) -> "TimesformerConfig":
        """The config of a folder or Hub repository; CheckpointError says what is wrong with it."""
        source = resolve(name, revision)
        values = read_json(source, CONFIG_FILE)
        try:
            return cls.from_dict(values)
        except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
            reason = str(error) if isinstance(error, ValueError) else WRONG_KIND
            raise CheckpointError(
                "checkpoint.not_timesformer",
                file=CONFIG_FILE,
                name=display_name(source),
                reason=reason,
            ) from error

    def save_pretrained(self, folder: str | Path) -> None:
        """Writes `config.json` into `folder`, which is made where it is missing."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        text = json.dumps({"architectures": ["TimesformerForVideoClassification"]}
                          | self.to_dict(), indent=2)  # fmt: skip
        (Path(folder) / CONFIG_FILE).write_text(text + "\n", "utf-8")


def is_count(value: Any, most: int) -> bool:
    """Whether it is a whole number of 1 to `most`."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _pair(size: int | tuple[int, int]) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else size
