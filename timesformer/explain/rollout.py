"""Attention rollout, exact, without a matrix larger than those of a single attention.

Abnar and Zuidema, "Quantifying Attention Flow in Transformers", 2020 (arXiv 2005.00928). In plain
rollout, half of a token comes from the residual connection and half from attention. A block of
divided attention is a product of space and time attention. The small matrices alone carry a row of
the product over all blocks from the last block to the first. A block takes O(T*N^2 + N*T^2) steps
instead of O((N*T)^2).
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from ..models.timesformer import TimesformerForVideoClassification
from .attention_maps import (
    BlockAttention,
    Flow,
    PatchIndex,
    flow_through_space,
    flow_through_time,
    initial_flow,
    merge_cls,
    trace_attention,
)
from .types import Heads, Heatmap


@torch.inference_mode()
def rollout(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    *,
    patch: tuple[int, int, int] | None = None,
    heads: Heads = "mean",
    norm_aware: bool = False,
) -> Heatmap:
    """Return the rollout of cls, or of `patch` (frame, row, column), through all blocks.

    pixel_values is (B, T, C, H, W); `norm_aware` is an option of `trace_attention`.
    """
    index = PatchIndex.of(patch, model.config, pixel_values)
    state, blocks = trace_attention(
        model.timesformer, pixel_values, heads=heads, norm_aware=norm_aware, cls_only=index is None
    )
    flow = rollout_flow(blocks, num_frames=pixel_values.shape[1], patch=index)
    return Heatmap(model.classify(state), flow.patches)


def rollout_flow(
    blocks: Sequence[BlockAttention], *, num_frames: int, patch: PatchIndex | None = None
) -> Flow:
    """Return the flow from the embeddings to cls, or to `patch`, after the last block."""
    return _through_blocks(blocks, initial_flow(blocks[-1], num_frames, patch))


def rollout_flows(
    blocks: Sequence[BlockAttention], *, num_frames: int, patches: Sequence[PatchIndex]
) -> Flow:
    """Return the rollout flow of Q patches at once, (Q, B, T, N) and (Q, B)."""
    flows = [initial_flow(blocks[-1], num_frames, patch) for patch in patches]
    stacked = Flow(*(torch.stack(parts) for parts in zip(*flows, strict=True)))
    return _through_blocks(blocks, stacked)


def _through_blocks(blocks: Sequence[BlockAttention], flow: Flow) -> Flow:
    """Carry a flow of the last block's output back to the input of the first block."""
    for block in reversed(blocks):
        flow = _through_block(block, flow)
    return merge_cls(flow)


def _through_block(block: BlockAttention, flow: Flow) -> Flow:
    """Carry a flow of a block's output back to the block's input."""
    residual, (patches, cls) = block.residual, flow
    mixed = flow_through_space(
        block, Flow(patches * (1 - residual.patches), cls * (1 - residual.cls))
    )
    patches = patches * residual.patches + mixed.patches
    cls = cls * residual.cls + mixed.cls
    if block.time is not None:
        mixed_time = flow_through_time(block.time, patches * (1 - residual.time))
        patches = patches * residual.time + mixed_time
    return Flow(patches, cls)
