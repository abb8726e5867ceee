"""Relevance: which attention a score depends on, streamed: one block's is held at a time.

Chefer, Gur and Wolf, "Generic Attention-model Explainability for Interpreting Bi-Modal and
Encoder-Decoder Transformers", 2021 (arXiv 2103.15679), rules 5 and 6: each attention matrix counts
by how much the score would change with it, R <- R + mean over heads of (gradient * weights)+ R. One
row of R is carried from the last block to the first, as in rollout; nothing is normalised. The cls
token that the frames share is their mean: the 1/T of it is in the gradients already.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..model import State, TimesformerForVideoClassification, whole
from .score import score_of


class Relevance(NamedTuple):
    """logits (B, K), and what each patch (B, T, N) counts for the score; not negative."""

    logits: Tensor
    patches: Tensor


class _Row(NamedTuple):
    """What the explained token draws from the tokens of one block: patches (B, T, N) and cls."""

    patches: Tensor
    cls: Tensor  # (B,), or (B, T) where each frame has its own


@torch.inference_mode(False)
def relevance(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    *,
    target: Tensor | None = None,
    negative: bool = False,
) -> Relevance:
    """What of pixel_values (B, T, C, H, W) speaks for a score, or, if `negative`, against it.

    `target` is as in `score_of`. Each block runs twice, the second time with its attention written
    out.
    """
    encoder, sign = model.timesformer, -1 if negative else 1
    with torch.no_grad():
        before = [encoder.embed(pixel_values.clone())]  # one of inference mode takes no gradients
        for block in encoder.blocks[:-1]:
            before.append(block(before[-1], keep=None))

    def scored(state: State) -> list[Tensor]:
        return [score_of(model.classify(state), target).sum()]

    def tokens_of(state: State) -> list[Tensor]:
        return [state.cls, state.patches]

    *blocks, last = encoder.blocks
    row = _start(before[0])
    after, gradients, counts = _backwards(last, before.pop(), scored, None, sign=sign)
    row = _through(row, counts)
    for block in reversed(blocks):
        _, gradients, counts = _backwards(block, before.pop(), tokens_of, gradients, sign=sign)
        row = _through(row, counts)
    with torch.no_grad():
        return Relevance(model.classify(after), row.patches)


def _backwards(
    block: nn.Module,
    before: State,
    outputs_of: Callable[[State], list[Tensor]],
    gradients: list[Tensor] | None,
    *,
    sign: int,
) -> tuple[State, list[Tensor], list[Tensor]]:
    """Runs a block forth and back, from the gradients of what is made of the state after it.

    Gives that state, the gradients of the tokens before it, and what its weights of space and of
    time count.
    """
    with torch.enable_grad():
        tokens = [tensor.detach().requires_grad_() for tensor in (before.cls, before.patches)]
        after = block(State(*tokens), keep=whole)
        outputs = outputs_of(after)
    weights = [w for w in (after.space_weights, after.time_weights) if w is not None]
    found = torch.autograd.grad(outputs, [*tokens, *weights], gradients)
    counts = [_counts(w, g, sign) for w, g in zip(weights, found[2:], strict=True)]
    return State(after.cls.detach(), after.patches.detach()), list(found[:2]), counts


def _counts(weights: Tensor, gradients: Tensor, sign: int) -> Tensor:
    """The mean over heads, in fp32, of what of the weights speaks for the score."""
    counts = gradients.float()  # ours alone: changed in place, as it is large
    counts *= weights.detach()
    counts *= sign
    return counts.clamp_(min=0).mean(dim=1)


def _start(state: State) -> _Row:
    B, T, N, _ = state.patches.shape
    shape = state.cls.shape[:-1]  # of the cls tokens
    device = state.patches.device
    return _Row(torch.zeros(B, T, N, device=device), torch.ones(shape, device=device))


def _through(row: _Row, counts: list[Tensor]) -> _Row:
    """The row after a block, of which space attention came last, as one before it."""
    space, *time = counts
    row = _through_space(row, space)
    return _through_time(row, *time) if time else row


def _through_space(row: _Row, counts: Tensor) -> _Row:
    """The row after space (or joint) attention as one before it."""
    B, T, N = row.patches.shape
    if row.cls.ndim == 1 and counts.shape[-1] == 1 + N * T:  # joint
        whole = torch.cat([row.cls[:, None], row.patches.transpose(1, 2).flatten(1)], dim=1)
        whole = whole + (whole[:, None] @ counts)[:, 0]  # (B, 1+N*T)
        return _Row(whole[:, 1:].unflatten(1, (N, T)).transpose(1, 2), whole[:, 0])
    shared = row.cls.ndim == 1  # one cls in every frame
    cls = row.cls[:, None].expand(B, T) if shared else row.cls
    rows = torch.cat([cls[:, :, None], row.patches], dim=2)  # (B, T, 1+N)
    more = (rows[:, :, None] @ counts.unflatten(0, (B, T)))[:, :, 0]
    more_cls = more[:, :, 0].sum(dim=1) if shared else more[:, :, 0]
    return _Row(row.patches + more[:, :, 1:], row.cls + more_cls)


def _through_time(row: _Row, counts: Tensor) -> _Row:
    """The row after time attention as one before it."""
    B, _, N = row.patches.shape
    tracks = row.patches.transpose(1, 2)[:, :, None]  # (B, N, 1, T)
    more = (tracks @ counts.unflatten(0, (B, N)))[:, :, 0].transpose(1, 2)
    return _Row(row.patches + more, row.cls)
