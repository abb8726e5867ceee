"""Outputs of a forward pass, in the shapes of transformers."""

from dataclasses import dataclass, fields
from typing import Any

from torch import Tensor

from .config import TimesformerConfig


@dataclass
class TimesformerOutput:
    """Outputs of a forward pass; what was not requested is None.

    loss is (), logits (B, K). last_hidden_state (B, 1+N*T, D) is after the final norm;
    hidden_states, L+1 times (B, 1+N*T, D), are before it. attentions are L times
    (B*T, A, 1+N, 1+N). temporal_attentions, which transformers lacks, are L times (B*N, A, T, T).
    Patch tokens run through the frames of one position before the next position.
    Joint: attentions (B, A, 1+N*T, 1+N*T). Space-only: hidden_states (B*T, 1+N, D), and
    last_hidden_state (B, 1+N, D) of the mean over frames.
    """

    loss: Tensor | None = None
    logits: Tensor | None = None
    last_hidden_state: Tensor | None = None
    hidden_states: tuple[Tensor, ...] | None = None
    attentions: tuple[Tensor, ...] | None = None
    temporal_attentions: tuple[Tensor, ...] | None = None

    def to_tuple(self) -> tuple[Any, ...]:
        """Return the values that are present, in the order of the fields."""
        values = (getattr(self, field.name) for field in fields(self))
        return tuple(value for value in values if value is not None)

    def __getitem__(self, key: int | str) -> Any:
        return getattr(self, key) if isinstance(key, str) else self.to_tuple()[key]


def probabilities_of(logits: Tensor, config: TimesformerConfig) -> Tensor:
    """Return the probabilities of logits (..., K), or for a regression the logits themselves.

    `problem_type` decides, as in the pipelines of transformers: sigmoid for several labels at once,
    softmax for one of several. A single logit without `problem_type` is one label, by sigmoid.
    """
    logits = logits.float() if logits.dtype.itemsize < 4 else logits
    if config.problem_type == "regression":
        return logits
    return logits.softmax(-1) if has_one_label(config) else logits.sigmoid()


def has_one_label(config: TimesformerConfig) -> bool:
    """Return True if a clip has one of several labels."""
    several = ("regression", "multi_label_classification")
    return config.problem_type not in several and config.num_labels > 1
