"""Relevance: which attention a score depends on, some sequences' attention weights at a time.

Chefer, Gur and Wolf, "Generic Attention-model Explainability for Interpreting Bi-Modal and
Encoder-Decoder Transformers", 2021 (arXiv 2103.15679), rules 5 and 6: each attention matrix counts
by how much the score would change with it, R <- R + mean over heads of (gradient * weights)+ R. One
row of R is carried from the last block to the first, as in rollout; nothing is normalised. The cls
token that the frames share is their mean: the 1/T of it is in the gradients already.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..models.attention import AttentionCall, Observer, max_sequences
from ..models.timesformer import State, TimesformerForVideoClassification
from .target import score_of
from .types import Heatmap

MOST_NUMBERS = 2**24  # tokens times width times blocks held for gradients: about 1.6 GB of them


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
) -> Heatmap:
    """What of pixel_values (B, T, C, H, W) speaks for a score, or, if `negative`, against it.

    `target` is as in `score_of`. Attention stays fused. Where the graph of all blocks would take
    too much memory, gradients are taken some blocks at a time, and all but the last run twice.
    """
    encoder, sign = model.timesformer, -1 if negative else 1
    with torch.no_grad():
        states = [encoder.embed(pixel_values.clone())]  # one of inference mode takes no gradients
        parts = _parts(list(encoder.blocks), states[0])
        for part in parts[:-1]:
            states.append(_through_blocks(part, states[-1], observe=None))

    def scored(state: State) -> list[Tensor]:
        return [score_of(model.classify(state), target).sum()]

    def tokens_of(state: State) -> list[Tensor]:
        return [state.cls, state.patches]

    *parts, last = parts
    after, gradients, counts = _backwards(last, states.pop(), scored, None, sign=sign)
    row = _through(_start(after), counts)
    for part in reversed(parts):
        _, gradients, counts = _backwards(part, states.pop(), tokens_of, gradients, sign=sign)
        row = _through(row, counts)
    with torch.no_grad():
        return Heatmap(model.classify(after), row.patches)


def _parts(blocks: Sequence[nn.Module], state: State) -> list[Sequence[nn.Module]]:
    """The blocks in runs of as many as may hold what their gradients need, at least one."""
    step = max(1, MOST_NUMBERS // state.patches.numel())
    return [blocks[first : first + step] for first in range(0, len(blocks), step)]


def _through_blocks(blocks: Sequence[nn.Module], state: State, observe: Observer | None) -> State:
    for block in blocks:
        state = block(state, observe=observe)
    return state


def _backwards(
    blocks: Sequence[nn.Module],
    before: State,
    outputs_of: Callable[[State], list[Tensor]],
    gradients: Sequence[Tensor] | None,
    *,
    sign: int,
) -> tuple[State, Sequence[Tensor], list[list[Tensor]]]:
    """Runs blocks forth and back, from the gradients of what is made of the state after them.

    Gives that state, the gradients of the tokens before them, and for each block what its weights
    of space and of time count.
    """
    calls: list[AttentionCall] = []
    with torch.enable_grad():
        tokens = [tensor.detach().requires_grad_() for tensor in (before.cls, before.patches)]
        after = _through_blocks(blocks, State(*tokens), observe=calls.append)
        outputs = outputs_of(after)
    attended = [call.output for call in calls]
    found = torch.autograd.grad(outputs, [*tokens, *attended], gradients)
    counts = [_counts(*pair, sign) for pair in zip(calls, found[2:], strict=True)]
    each = len(calls) // len(blocks)
    by_block = [counts[i : i + each][::-1] for i in range(0, len(counts), each)]
    return State(after.cls.detach(), after.patches.detach()), found[:2], by_block


@torch.no_grad()
def _counts(call: AttentionCall, gradients: Tensor, sign: int) -> Tensor:
    """What of the weights speaks for the score: mean over heads (S, n, n), in fp32.

    From the gradients of what is mixed: those of the weights are gradients @ v^T.
    """
    _, A, n, _ = gradients.shape
    counts = []
    for some, rising in zip(call.split(), gradients.split(max_sequences(A, n)), strict=True):
        part = (rising @ some.v.mT).float()
        part *= some.weights
        part *= sign
        counts.append(part.clamp_(min=0).mean(dim=1))
    return torch.cat(counts)


def _start(state: State) -> _Row:
    B, T, N, _ = state.patches.shape
    shape = state.cls.shape[:-1]  # of the cls tokens
    device = state.patches.device
    return _Row(torch.zeros(B, T, N, device=device), torch.ones(shape, device=device))


def _through(row: _Row, counts: list[list[Tensor]]) -> _Row:
    """The row after some blocks, of which space attention came last, as one before them."""
    for space, *time in reversed(counts):
        row = _through_space(row, space)
        row = _through_time(row, *time) if time else row
    return row


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
