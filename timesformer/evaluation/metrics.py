"""What logits (n, K) of n clips come to beside their labels (n,)."""

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
KINDS = (*PAIRS, (SHAKING,), (STILL,))  # what a label says of the axis, whatever the sign
BINS = 15  # of top probability, as in Guo et al. 2017 (arXiv 1706.04599)


def share(condition: Tensor) -> float:
    """The share of True in a tensor."""
    return float(condition.double().mean())


def confusion(logits: Tensor, labels: Tensor) -> tuple[tuple[int, ...], ...]:
    """How many clips of each label (rows) were given each label (columns), K x K."""
    K = len(LABELS)
    counts = torch.bincount(labels * K + logits.argmax(-1), minlength=K * K)
    return tuple(tuple(row) for row in counts.view(K, K).tolist())


def pair_accuracies(logits: Tensor, labels: Tensor) -> tuple[float, ...]:
    """For each pair of opposites, how often its clips' own logit is above the other; 0.5 is chance.

    Equal logits count half.
    """
    return tuple(_pair_accuracy(logits, labels, pair) for pair in PAIRS)


def _pair_accuracy(logits: Tensor, labels: Tensor, pair: tuple[int, int]) -> float:
    here = is_one_of(labels, pair)
    first, second = logits[here][:, list(pair)].unbind(-1)
    lead = torch.where(labels[here] == pair[0], first - second, second - first)
    return float((lead.sign().double() / 2 + 0.5).mean())


def kind_accuracy(logits: Tensor, labels: Tensor) -> float:
    """How often the likeliest label is of the right kind: its own or the opposite one."""
    kinds = torch.empty(len(LABELS), dtype=torch.long)
    for number, members in enumerate(KINDS):
        kinds[list(members)] = number
    return share(kinds[logits.argmax(-1)] == kinds[labels])


def opposite_share(logits: Tensor, labels: Tensor) -> float:
    """How often the likeliest label is the opposite of labels (n,), all of which have one."""
    opposites = torch.tensor([OPPOSITES[label] for label in labels.tolist()])
    return share(logits.argmax(-1) == opposites)


def calibration_error(probabilities: Tensor, labels: Tensor) -> float:
    """Expected calibration error, 0 to 1, of probabilities (n, K).

    The gap between mean top probability and accuracy in each of BINS equal bins of top
    probability, averaged over the clips (Guo et al. 2017, equation 3).
    """
    top, said = probabilities.double().max(-1)
    bins = (top * BINS).ceil().long().sub(1).clamp(0, BINS - 1)
    surplus = top - (said == labels).double()
    gaps = torch.zeros(BINS, dtype=torch.double).index_add(0, bins, surplus)
    return float(gaps.abs().sum() / len(labels))


def most_said(logits: Tensor) -> str:
    """The label that is likeliest for more clips than any other."""
    return LABELS[int(torch.bincount(logits.argmax(-1), minlength=len(LABELS)).argmax())]
