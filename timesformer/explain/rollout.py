"""Attention rollout, exact and without any matrix larger than one block's own.

Abnar and Zuidema, "Quantifying Attention Flow in Transformers", 2020 (arXiv 2005.00928): each
block passes on half of what a token is (the residual) and half of what its attention mixes in.
For divided attention a block's matrix is the product of its space and its time part, so one row
of the product over all blocks can be carried from the last block to the first with the small
matrices alone: O(T*N^2 + N*T^2) a block in place of O((N*T)^2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from ..model import State


@dataclass(frozen=True, eq=False)
class BlockAttention:
    """One block's attention weights, averaged over heads; rows sum to 1.

    Divided: time (B, N, T, T) and space (B, T, 1+N, 1+N). Space-only: space alone. Joint: joint
    (B, 1+N*T, 1+N*T), the patch at place p of frame t being 1 + p*T + t.
    """

    time: Tensor | None = None
    space: Tensor | None = None
    joint: Tensor | None = None


class Query(NamedTuple):
    """The patch to explain: its frame, and its place in the grid, rows first."""

    frame: int
    place: int


class Shares(NamedTuple):
    """What the explained token draws from each patch (B, T, N) and from cls (B,); sums to 1."""

    patches: Tensor
    cls: Tensor

    def inside(self, covered: Tensor) -> Tensor:
        """The part (B,) of the patches' shares on what `covered` (B, T, N), in 0..1, tells."""
        patches = self.patches.float()
        return (patches * covered).sum((1, 2)) / patches.sum((1, 2))


def average_heads(state: State) -> BlockAttention:
    """The weights of the block that led to `state`, averaged over its heads, in fp32."""
    B, T, N, _ = state.patches.shape
    assert state.space_weights is not None, "trace the model with return_weights=True"
    space = state.space_weights.mean(dim=1, dtype=torch.float32)
    if state.time_weights is not None:
        time = state.time_weights.mean(dim=1, dtype=torch.float32).unflatten(0, (B, N))
        return BlockAttention(time=time, space=space.unflatten(0, (B, T)))
    if state.cls.ndim == 3:  # space-only: a cls token for each frame
        return BlockAttention(space=space.unflatten(0, (B, T)))
    return BlockAttention(joint=space)


def rollout(
    blocks: Sequence[BlockAttention], *, num_frames: int, query: Query | None = None
) -> Shares:
    """What the cls token, or the patch `query`, draws from every patch through all blocks.

    The explained token is the one after the last block, what it draws from are the embeddings.
    """
    shares = _start(blocks[-1], num_frames, query)
    for block in reversed(blocks):
        shares = _through(block, shares)
    return _one_cls(shares)


def last_attention(
    blocks: Sequence[BlockAttention], *, num_frames: int, query: Query | None = None
) -> Shares:
    """What the cls token, or the patch `query`, reads in the last block's space attention."""
    block = blocks[-1]
    return _one_cls(_mixed(block, _start(block, num_frames, query)))


def _one_cls(shares: Shares) -> Shares:
    return Shares(shares.patches, shares.cls.reshape(len(shares.cls), -1).sum(dim=1))


def _start(block: BlockAttention, T: int, query: Query | None) -> Shares:
    """All of the share on the explained token; cls is (B, T) where each frame has its own."""
    if block.joint is not None:
        B, N, weights = block.joint.shape[0], (block.joint.shape[-1] - 1) // T, block.joint
    else:
        assert block.space is not None
        B, N, weights = block.space.shape[0], block.space.shape[-1] - 1, block.space
    own_cls = block.joint is None and block.time is None
    cls = weights.new_full((B, T), 1 / T) if own_cls else weights.new_ones(B)
    patches = weights.new_zeros(B, T, N)
    if query is not None:
        cls = torch.zeros_like(cls)
        patches[:, query.frame, query.place] = 1
    return Shares(patches, cls)


def _through(block: BlockAttention, shares: Shares) -> Shares:
    """Shares of a block's output as shares of its input."""
    mixed = _mixed(block, shares)
    patches, cls = (shares.patches + mixed.patches) / 2, (shares.cls + mixed.cls) / 2
    if block.time is not None:
        tracks = patches.transpose(1, 2)[:, :, None]  # (B, N, 1, T)
        patches = (patches + (tracks @ block.time)[:, :, 0].transpose(1, 2)) / 2
    return Shares(patches, cls)


def _mixed(block: BlockAttention, shares: Shares) -> Shares:
    """Shares of the output of space (or joint) attention as shares of its input."""
    B, T, N = shares.patches.shape
    if block.joint is not None:
        row = torch.cat([shares.cls[:, None], shares.patches.transpose(1, 2).flatten(1)], dim=1)
        row = (row[:, None] @ block.joint)[:, 0]  # (B, 1+N*T)
        return Shares(row[:, 1:].unflatten(1, (N, T)).transpose(1, 2), row[:, 0])
    assert block.space is not None
    shared = block.time is not None  # one cls in every frame: it is the mean over the frames
    cls = (shares.cls[:, None] / T).expand(B, T) if shared else shares.cls
    rows = torch.cat([cls[:, :, None], shares.patches], dim=2)  # (B, T, 1+N)
    rows = (rows[:, :, None] @ block.space)[:, :, 0]
    return Shares(rows[:, :, 1:], rows[:, :, 0].sum(dim=1) if shared else rows[:, :, 0])
