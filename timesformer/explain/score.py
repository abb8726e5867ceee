"""What is explained: a number a clip, made of its logits."""

from torch import Tensor


def score_of(logits: Tensor, target: Tensor | None) -> Tensor:
    """The score (B,) of logits (B, K): the sum of them times `target` (B, K) or (K,).

    A target with a 1 is that class, with a 1 and a -1 why one class rather than the other; without
    one it is the likeliest class of each clip.
    """
    return logits.amax(-1) if target is None else (logits * target).sum(-1)
