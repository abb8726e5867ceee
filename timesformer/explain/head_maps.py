"""Attention of every head of every block, reduced to frames by frames and to the row of cls."""

from typing import NamedTuple

import torch
from torch import Tensor

from ..models.blocks import State
from ..models.timesformer import TimesformerForVideoClassification


class HeadMaps(NamedTuple):
    """Logits (B, K), and the attention of each head in float32.

    frame_attention (B, L, A, T, T): attention of a frame's patches (row) to another's (column),
    without cls. It is the mean over positions, and rows sum to 1. It is None for space-only models.
    cls_attention (B, L, A, T, N): attention of cls to every patch. With its attention to itself it
    sums to 1 in each frame, or, joint, over all frames.
    """

    logits: Tensor
    frame_attention: Tensor | None
    cls_attention: Tensor


@torch.inference_mode()
def head_maps(model: TimesformerForVideoClassification, pixel_values: Tensor) -> HeadMaps:
    """Return the head maps of pixel_values (B, T, C, H, W)."""
    frames: list[Tensor | None] = []
    cls: list[Tensor] = []
    state = None
    for state in model.timesformer.trace(pixel_values, return_weights=True):
        if state.space_observed is not None:  # in all states but the embedding
            frames.append(_frame_attention(state))
            cls.append(_cls_attention(state))
    assert state is not None
    of_blocks = [block for block in frames if block is not None]
    frame_attention = torch.stack(of_blocks, dim=1) if of_blocks else None
    return HeadMaps(model.classify(state), frame_attention, torch.stack(cls, dim=1))


def _frame_attention(state: State) -> Tensor | None:
    """Return the attention of frames to frames (B, A, T, T) in one block."""
    B, T, N, _ = state.patches.shape
    if state.time_observed is not None:
        return state.time_observed.float().unflatten(0, (B, N)).mean(dim=1)
    if state.scheme == "space_only":
        return None
    assert state.space_observed is not None
    joint = state.space_observed.float()[:, :, 1:, 1:]  # (B, A, N*T, N*T)
    pairs = joint.unflatten(3, (N, T)).sum(dim=3).unflatten(2, (N, T)).mean(dim=2)  # (B, A, T, T)
    return pairs / pairs.sum(dim=-1, keepdim=True)


def _cls_attention(state: State) -> Tensor:
    """Return the attention of cls to every patch, (B, A, T, N), in one block."""
    B, T, N, _ = state.patches.shape
    assert state.space_observed is not None
    row = state.space_observed.float()[:, :, 0, 1:]
    if state.scheme == "joint_space_time":
        return row.unflatten(2, (N, T)).transpose(2, 3)
    return row.unflatten(0, (B, T)).transpose(1, 2)
