"""Relevance: gradient times attention, carried through all blocks.

Chefer, Gur and Wolf, "Generic Attention-model Explainability for Interpreting Bi-Modal and
Encoder-Decoder Transformers", 2021 (arXiv 2103.15679). Rules 5 and 6 are R <- R + C R. The
contributions C are the mean over heads of (gradient * weights)+. One row of R is carried from the
last block to the first, as in rollout, without normalization. The cls token that frames share is a
mean over frames; the gradients contain its factor 1/T.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..models.attention import AttentionCall, max_sequences
from ..models.blocks import State
from ..models.timesformer import TimesformerForVideoClassification
from .backward import Run, run_backward
from .types import Heatmap


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
    fused.
    """
    row, sign = _initial_row(model, pixel_values), -1 if negative else 1

    def run(blocks: Sequence[nn.Module], state: State, is_last: bool) -> Run:
        calls: list[AttentionCall] = []
        for block in blocks:
            state = block(state, observe=calls.append, cls_only=is_last and block is blocks[-1])

        def use(gradients: Sequence[Tensor]) -> None:
            nonlocal row
            size = len(calls) // len(blocks)  # attentions of a block
            for end in range(len(calls), 0, -size):
                of_block = zip(calls[end - size : end], gradients[end - size : end], strict=True)
                row = _through_block(row, [_contributions(*pair, sign) for pair in of_block])

        return Run(state, [call.output for call in calls], use)

    logits = run_backward(model, pixel_values, run, target=target)
    return Heatmap(logits, row.patches)


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


def _initial_row(model: TimesformerForVideoClassification, pixel_values: Tensor) -> _Row:
    """Return the row of the cls token after the last block."""
    (B, T), (h, w) = pixel_values.shape[:2], model.config.grid_of(*pixel_values.shape[-2:])
    has_cls_per_frame = model.config.attention_type == "space_only"
    row = pixel_values.new_zeros(B, T, 1 + h * w, dtype=torch.float32)
    cls = torch.ones_like(row[:, :, 0] if has_cls_per_frame else row[:, 0, 0])
    return _Row(row[:, :, 1:], cls)


def _through_block(row: _Row, contributions: list[Tensor]) -> _Row:
    """Carry a row from the output of a block back to its input.

    `contributions` are those of its attentions: in time, if there is one, and in space.
    """
    *time, space = contributions
    row = _through_space(row, space)
    return _through_time(row, *time) if time else row


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
