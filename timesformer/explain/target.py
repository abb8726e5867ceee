"""What is explained: a number a clip, made of its logits."""

from torch import Tensor

MOST_TOKENS = 2**14  # of all clips that go through a model at once, where there are many to ask


def score_of(logits: Tensor, target: Tensor | None) -> Tensor:
    """The score (B,) of logits (B, K): the sum of them times `target` (B, K) or (K,).

    A target with a 1 is that class, with a 1 and a -1 why one class rather than the other; without
    one it is the likeliest class of each clip.
    """
    logits = logits.float() if logits.dtype.itemsize < 4 else logits  # differences are small
    return logits.amax(-1) if target is None else (logits * target.to(logits)).sum(-1)


def at_once(tokens: int) -> int:
    """How many clips of so many tokens go through a model at once: one, if they are large."""
    return max(1, MOST_TOKENS // tokens)
