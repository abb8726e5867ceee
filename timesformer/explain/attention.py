"""The attention weights of one block as a heatmap, in space or in time."""

import torch
from torch import Tensor

from ..models.timesformer import TimesformerForVideoClassification
from .attention_maps import BlockAttention, PatchIndex, space_flow, time_flow, watch
from .types import Heads, Heatmap


@torch.inference_mode()
def attention(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    *,
    patch: tuple[int, int, int] | None = None,
    heads: Heads = "mean",
    block: int | None = None,
) -> Heatmap:
    """Return the space (or joint) attention of cls, or of `patch`, in the last block or `block`.

    pixel_values is (B, T, C, H, W); `patch` is its frame, row and column.
    """
    index = PatchIndex.of(patch, model.config, pixel_values)
    state, blocks = watch(model.timesformer, pixel_values, heads=heads, cls_only=index is None)
    flow = space_flow(_chosen(blocks, block), num_frames=pixel_values.shape[1], patch=index)
    return Heatmap(model.classify(state), flow.patches)


@torch.inference_mode()
def time_attention(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    *,
    patch: tuple[int, int, int] | None = None,
    heads: Heads = "mean",
    block: int | None = None,
) -> Heatmap:
    """Return the time attention of all patches on average, or of `patch`, as `attention` does.

    Raises ValueError for a model without divided attention.
    """
    index = PatchIndex.of(patch, model.config, pixel_values)
    state, blocks = watch(model.timesformer, pixel_values, heads=heads, cls_only=index is None)
    flow = time_flow(_chosen(blocks, block), num_frames=pixel_values.shape[1], patch=index)
    return Heatmap(model.classify(state), flow.patches)


def _chosen(blocks: list[BlockAttention], block: int | None) -> BlockAttention:
    number = -1 if block is None else block
    if not -len(blocks) <= number < len(blocks):
        raise ValueError(f"block is {block}; choose a number from 0 to {len(blocks) - 1}")
    return blocks[number]
