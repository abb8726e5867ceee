"""Attention as people draw it: frames by frames, and what cls read of every patch, head by head."""

from typing import NamedTuple

import torch
from torch import Tensor

from ..models.timesformer import State, TimesformerForVideoClassification


class HeadMaps(NamedTuple):
    """What every head of every block attended to, in fp32.

    frames (B, L, A, T, T): how much a patch of one frame (rows, which sum to 1) reads in another,
    mean over its places; without cls, and None where frames do not see each other. cls
    (B, L, A, T, N): what the cls token read of every patch; with what it read of itself, it sums
    to 1 over the patches of a frame (joint: of all frames).
    """

    logits: Tensor
    frames: Tensor | None
    cls: Tensor


@torch.inference_mode()
def head_maps(model: TimesformerForVideoClassification, pixel_values: Tensor) -> HeadMaps:
    """The head maps and the logits (B, K) of pixel_values (B, T, C, H, W), block by block."""
    frames, cls = [], []
    state = None
    for state in model.timesformer.trace(pixel_values, return_weights=True):
        if state.space_observed is not None:
            frames.append(_frames(state))
            cls.append(_cls(state))
    assert state is not None
    seen = [one for one in frames if one is not None]
    stacked = torch.stack(seen, dim=1) if seen else None
    return HeadMaps(model.classify(state), stacked, torch.stack(cls, dim=1))


def _frames(state: State) -> Tensor | None:
    """Frames by frames (B, A, T, T) of one block."""
    B, T, N, _ = state.patches.shape
    if state.time_observed is not None:
        return state.time_observed.float().unflatten(0, (B, N)).mean(dim=1)
    if state.cls.ndim == 3:  # space-only
        return None
    assert state.space_observed is not None
    joint = state.space_observed.float()[:, :, 1:, 1:]  # (B, A, N*T, N*T)
    pairs = joint.unflatten(3, (N, T)).sum(dim=3).unflatten(2, (N, T)).mean(dim=2)  # (B, A, T, T)
    return pairs / pairs.sum(dim=-1, keepdim=True)


def _cls(state: State) -> Tensor:
    """What cls read of every patch, (B, A, T, N), in one block."""
    B, T, N, _ = state.patches.shape
    assert state.space_observed is not None
    read = state.space_observed.float()[:, :, 0, 1:]
    if state.time_observed is None and state.cls.ndim == 2:  # joint
        return read.unflatten(2, (N, T)).transpose(2, 3)
    return read.unflatten(0, (B, T)).transpose(1, 2)
