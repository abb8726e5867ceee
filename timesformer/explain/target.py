"""The explained score: a number per clip, computed from its logits."""

import operator
from collections.abc import Sequence

import torch
from torch import Tensor

from .types import Target

MAX_TOKENS = 2**14  # of all clips that go through a model at once


def score_of(logits: Tensor, target: Tensor | None) -> Tensor:
    """Return the score (B,) of logits (B, K): the sum of logits times `target` (B, K) or (K,).

    A single 1 in `target` selects a class; a 1 and a -1 contrast two. Without a target the score
    is the largest logit of each clip.
    """
    logits = logits.float() if logits.dtype.itemsize < 4 else logits  # differences are small
    return logits.amax(-1) if target is None else (logits * target.to(logits)).sum(-1)


def most_likely(logits: Tensor) -> Tensor:
    """Return the target (B, K) of `score_of` for the largest of the logits (B, K) of each clip."""
    return torch.zeros_like(logits).scatter(-1, logits.argmax(-1, keepdim=True), 1.0)


def log_odds_of(logits: Tensor, target: Tensor | None) -> Tensor:
    """Return the log-odds (B,) of a class against all others, by softmax.

    `target` is that of `score_of`, with one 1 for each clip. For a contrast, these are the log-odds
    of two classes: the score of `score_of`.
    """
    logits = logits.float() if logits.dtype.itemsize < 4 else logits
    target = most_likely(logits) if target is None else target
    score, target = score_of(logits, target), target.to(logits)
    rivals = logits.masked_fill(target > 0, -torch.inf).logsumexp(-1)
    return torch.where((target < 0).any(-1), score, score - rivals)


def batch_size(tokens: int) -> int:
    """Return how many clips of so many tokens go through a model at once; at least 1."""
    return max(1, MAX_TOKENS // tokens)


def target_indices(target: Target, labels: Sequence[str]) -> tuple[int, ...]:
    """Return the class of a target, or the two of a contrast.

    Raises ValueError for an unknown label or class, or for a contrast that is not of two classes.
    """
    parts = tuple(target) if isinstance(target, tuple | list) else (target,)
    indices = tuple(_index(part, labels) for part in parts)
    if len(set(indices)) != len(parts) or len(parts) not in (1, 2):
        raise ValueError(f"target is {target!r}; a contrast is of two labels")
    return indices


def target_weights(target: Target, labels: Sequence[str]) -> Tensor:
    """Return the target (K,) of `score_of`: 1 for the class, -1 for the contrasted class."""
    weights = torch.zeros(len(labels), dtype=torch.float32, device="cpu")
    for index, weight in zip(target_indices(target, labels), (1.0, -1.0), strict=False):
        weights[index] = weight
    return weights


def _index(target: str | int, labels: Sequence[str]) -> int:
    if isinstance(target, str) and target in labels:
        return labels.index(target)
    try:
        index = -1 if isinstance(target, str) else operator.index(target)
    except TypeError:
        index = -1
    if not 0 <= index < len(labels):
        raise ValueError(
            f"target is {target!r}; choose a label, such as {labels[0]!r}, or its number, "
            f"0 to {len(labels) - 1}"
        )
    return index
