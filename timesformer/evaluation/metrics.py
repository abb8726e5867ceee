"""Classification metrics from logits (n, K) and labels (n,)."""

import torch
from torch import Tensor

from ..synthetic.motion import (
    ANTICLOCKWISE,
    AWAY,
    CLOCKWISE,
    DOWN,
    LABELS,
    LEFT,
    RIGHT,
    SHAKING,
    STILL,
    TOWARD,
    UP,
    is_one_of,
)

PAIRS = ((LEFT, RIGHT), (UP, DOWN), (TOWARD, AWAY), (CLOCKWISE, ANTICLOCKWISE))
OPPOSITES = dict(PAIRS) | {second: first for first, second in PAIRS}
KINDS = (*PAIRS, (SHAKING,), (STILL,))  # labels that differ only in direction
BINS = 15  # of top probability, as in Guo et al. 2017 (arXiv 1706.04599)


def share(condition: Tensor) -> float:
    """Return the share of True in a tensor."""
    return float(condition.double().mean())


def confusion(logits: Tensor, labels: Tensor) -> tuple[tuple[int, ...], ...]:
    """Return the confusion matrix (K, K): true labels in rows, predictions in columns."""
    K = len(LABELS)
    counts = torch.bincount(labels * K + logits.argmax(-1), minlength=K * K)
    return tuple(tuple(row) for row in counts.view(K, K).tolist())


def pair_accuracies(logits: Tensor, labels: Tensor) -> tuple[float, ...]:
    """Return the accuracy of the choice within each pair of opposites; chance is 0.5.

    Equal logits count half.
    """
    return tuple(_pair_accuracy(logits, labels, pair) for pair in PAIRS)


def _pair_accuracy(logits: Tensor, labels: Tensor, pair: tuple[int, int]) -> float:
    in_pair = is_one_of(labels, pair)
    first, second = logits[in_pair][:, list(pair)].unbind(-1)
    lead = torch.where(labels[in_pair] == pair[0], first - second, second - first)
    return float((lead.sign().double() / 2 + 0.5).mean())


def kind_accuracy(logits: Tensor, labels: Tensor) -> float:
    """Return how often the top label is the true one or its opposite."""
    kinds = torch.empty(len(LABELS), dtype=torch.long)
    for number, members in enumerate(KINDS):
        kinds[list(members)] = number
    return share(kinds[logits.argmax(-1)] == kinds[labels])


def opposite_share(logits: Tensor, labels: Tensor) -> float:
    """Return how often the top label is the opposite of labels (n,), which all have one."""
    opposites = torch.tensor([OPPOSITES[label] for label in labels.tolist()])
    return share(logits.argmax(-1) == opposites)


def calibration_error(probabilities: Tensor, labels: Tensor) -> float:
    """Return the expected calibration error, 0 to 1, of probabilities (n, K).

    Clips are in BINS equal bins of top probability. The error of a bin is the absolute difference
    of mean top probability and accuracy. The result is the mean over clips (Guo et al. 2017,
    equation 3).
    """
    top, predicted = probabilities.double().max(-1)
    bins = (top * BINS).ceil().long().sub(1).clamp(0, BINS - 1)
    surplus = top - (predicted == labels).double()
    gaps = torch.zeros(BINS, dtype=torch.double).index_add(0, bins, surplus)
    return float(gaps.abs().sum() / len(labels))


def most_predicted(logits: Tensor) -> str:
    """Return the label that is the top label most often."""
    return LABELS[int(torch.bincount(logits.argmax(-1), minlength=len(LABELS)).argmax())]
