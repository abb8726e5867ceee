"""Relevance: gradient times attention, carried through all blocks.

Chefer, Gur and Wolf, "Generic Attention-model Explainability for Interpreting Bi-Modal and
Encoder-Decoder Transformers", 2021 (arXiv 2103.15679). Rules 5 and 6 are R <- R + C R. The
contributions C are the mean over heads of (gradient * weights)+. One row of R is carried from the
last block to the first, as in rollout, without normalization. The cls token that frames share is a
mean over frames; the gradients contain its factor 1/T.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..models.attention import AttentionCall, Observer, max_sequences
from ..models.blocks import State
from ..models.timesformer import TimesformerForVideoClassification
from .target import score_of
from .types import Heatmap

MAX_NUMBERS = 2**24  # tokens x width x blocks of a backward pass: about 1.6 GB of activations


class _Row(NamedTuple):
    """A row of R: relevance of patches (B, T, N) and of cls, (B,) or, space-only, (B, T)."""

    patches: Tensor
    cls: Tensor


@torch.inference_mode(False)
def relevance(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    *,
    target: Tensor | None = None,
    negative: bool = False,
) -> Heatmap:
    """Return the relevance of patches of pixel_values (B, T, C, H, W) for the score of `target`.

    `target` is that of `score_of`; `negative` returns evidence against the target. Attention stays
    fused. If the graph of all blocks would exceed MAX_NUMBERS, blocks run backward in groups. All
    groups but the last then run forward twice.
    """
    encoder, sign = model.timesformer, -1 if negative else 1
    with torch.no_grad():
        # A clone, because a tensor made in inference mode takes no gradients.
        states = [encoder.embed(pixel_values.clone())]
        groups = _groups(list(encoder.blocks), states[0])
        for group in groups[:-1]:
            states.append(_forward(group, states[-1]))

    def score(state: State) -> list[Tensor]:
        return [score_of(model.classify(state), target).sum()]

    def tokens(state: State) -> list[Tensor]:
        return [state.cls, state.patches]

    *groups, last = groups
    row = _initial_row(states[-1])
    after, gradients, contributions = _backward(last, states.pop(), score, None, sign=sign)
    row = _through_blocks(row, contributions)
    for group in reversed(groups):
        _, gradients, contributions = _backward(group, states.pop(), tokens, gradients, sign=sign)
        row = _through_blocks(row, contributions)
    with torch.no_grad():
        return Heatmap(model.classify(after), row.patches)


def _groups(blocks: Sequence[nn.Module], state: State) -> list[Sequence[nn.Module]]:
    """Split blocks into groups whose backward passes hold at most MAX_NUMBERS; at least one."""
    size = max(1, MAX_NUMBERS // state.patches.numel())
    return [blocks[first : first + size] for first in range(0, len(blocks), size)]


def _forward(
    blocks: Sequence[nn.Module],
    state: State,
    *,
    observe: Observer | None = None,
    cls_only: bool = False,
) -> State:
    for block in blocks:
        state = block(state, observe=observe, cls_only=cls_only and block is blocks[-1])
    return state


def _backward(
    blocks: Sequence[nn.Module],
    before: State,
    outputs_of: Callable[[State], list[Tensor]],
    gradients: Sequence[Tensor] | None,
    *,
    sign: int,
) -> tuple[State, Sequence[Tensor], list[list[Tensor]]]:
    """Run blocks forward and backward.

    `gradients` are those of `outputs_of` the state after the blocks; None for a score. Return that
    state, the gradients of the tokens before the blocks, and the contributions of each block.
    Contributions of space attention precede those of time attention.
    """
    calls: list[AttentionCall] = []
    with torch.enable_grad():
        tokens = [tensor.detach().requires_grad_() for tensor in (before.cls, before.patches)]
        cls_only = gradients is None  # a score depends on cls alone
        after = _forward(blocks, State(*tokens), observe=calls.append, cls_only=cls_only)
        outputs = outputs_of(after)
    inputs = [*tokens, *(call.output for call in calls)]
    gradients = torch.autograd.grad(outputs, inputs, gradients)
    contributions = [_contributions(*pair, sign) for pair in zip(calls, gradients[2:], strict=True)]
    step = len(calls) // len(blocks)
    by_block = [contributions[i : i + step][::-1] for i in range(0, len(contributions), step)]
    return State(after.cls.detach(), after.patches.detach()), gradients[:2], by_block


@torch.no_grad()
def _contributions(call: AttentionCall, gradients: Tensor, sign: int) -> Tensor:
    """Return the mean over heads of (gradient * weights)+, (S, n, n) or (S, 1, n), in float32.

    `gradients` are those of the output of attention: the gradients of weights are gradients @ v^T.
    """
    _, A, n, _ = call.k.shape
    results = []
    for part, part_gradients in zip(
        call.split(), gradients.split(max_sequences(A, n)), strict=True
    ):
        product = (part_gradients @ part.v.mT).float()
        product *= part.weights
        product *= sign
        results.append(product.clamp_(min=0).mean(dim=1))
    return torch.cat(results)


def _initial_row(state: State) -> _Row:
    """Return the row of the cls token after the last block, for a state of the same shapes."""
    B, T, N, _ = state.patches.shape
    cls = state.cls.new_ones(state.cls.shape[:-1], dtype=torch.float32)
    return _Row(state.patches.new_zeros(B, T, N, dtype=torch.float32), cls)


def _through_blocks(row: _Row, contributions: list[list[Tensor]]) -> _Row:
    """Carry a row from the output of some blocks back to their input."""
    for space, *time in reversed(contributions):
        row = _through_space(row, space)
        row = _through_time(row, *time) if time else row
    return row


def _through_space(row: _Row, contributions: Tensor) -> _Row:
    """Carry a row back through space (or joint) attention.

    Contributions (S, 1, n) are to cls alone; those to patches are then 0.
    """
    B, T, N = row.patches.shape
    attending = contributions.shape[-2]
    if row.cls.ndim == 1 and contributions.shape[-1] == 1 + N * T:  # joint
        flat = torch.cat([row.cls[:, None], row.patches.transpose(1, 2).flatten(1)], dim=1)
        flat = flat + (flat[:, None, :attending] @ contributions)[:, 0]  # (B, 1+N*T)
        return _Row(flat[:, 1:].unflatten(1, (N, T)).transpose(1, 2), flat[:, 0])
    is_shared = row.cls.ndim == 1  # one cls in every frame
    cls = row.cls[:, None].expand(B, T) if is_shared else row.cls
    rows = torch.cat([cls[:, :, None], row.patches], dim=2)  # (B, T, 1+N)
    added = (rows[:, :, None, :attending] @ contributions.unflatten(0, (B, T)))[:, :, 0]
    added_cls = added[:, :, 0].sum(dim=1) if is_shared else added[:, :, 0]
    return _Row(row.patches + added[:, :, 1:], row.cls + added_cls)


def _through_time(row: _Row, contributions: Tensor) -> _Row:
    """Carry a row back through time attention."""
    B, _, N = row.patches.shape
    tracks = row.patches.transpose(1, 2)[:, :, None]  # (B, N, 1, T)
    added = (tracks @ contributions.unflatten(0, (B, N)))[:, :, 0].transpose(1, 2)
    return _Row(row.patches + added, row.cls)
