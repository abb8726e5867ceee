"""The attention weights of one block as a heatmap, in space or in time."""

from collections.abc import Callable
from numbers import Integral

import torch
from torch import Tensor

from ..models.timesformer import TimesformerForVideoClassification
from .attention_maps import Flow, PatchIndex, space_flow, time_flow, trace_attention
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
    return _explain_block(space_flow, model, pixel_values, patch, heads, block)


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
    return _explain_block(time_flow, model, pixel_values, patch, heads, block)


def _explain_block(
    flow_of: Callable[..., Flow],
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    patch: tuple[int, int, int] | None,
    heads: Heads,
    block: int | None,
) -> Heatmap:
    """Return the flow to a token in one block, by `space_flow` or `time_flow`."""
    index = PatchIndex.of(patch, model.config, pixel_values)
    number, num_blocks = -1 if block is None else block, len(model.timesformer.blocks)
    if not isinstance(number, Integral) or not -num_blocks <= number < num_blocks:
        raise ValueError(f"block is {block!r}; choose a number from 0 to {num_blocks - 1}")
    state, [of_block] = trace_attention(
        model.timesformer,
        pixel_values,
        heads=heads,
        cls_only=index is None,
        only=int(number) % num_blocks,
    )
    flow = flow_of(of_block, num_frames=pixel_values.shape[1], patch=index)
    return Heatmap(model.classify(state), flow.patches)
