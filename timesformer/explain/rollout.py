"""Attention rollout, exact and without any matrix larger than one block's own.

Abnar and Zuidema, "Quantifying Attention Flow in Transformers", 2020 (arXiv 2005.00928): each
block passes on half of what a token is (the residual) and half of what its attention mixes in.
For divided attention a block's matrix is the product of its space and its time part, so one row
of the product over all blocks can be carried from the last block to the first with the small
matrices alone: O(T*N^2 + N*T^2) a block in place of O((N*T)^2).
"""

from collections.abc import Sequence

import torch

from .attention_maps import (
    BlockAttention,
    Query,
    Shares,
    mixed_in_space,
    mixed_in_time,
    one_cls,
    start,
)


def rollout(
    blocks: Sequence[BlockAttention], *, num_frames: int, query: Query | None = None
) -> Shares:
    """What the cls token, or the patch `query`, draws from every patch through all blocks.

    The explained token is the one after the last block, what it draws from are the embeddings.
    """
    return _carried(blocks, start(blocks[-1], num_frames, query))


def rollouts(
    blocks: Sequence[BlockAttention], *, num_frames: int, queries: Sequence[Query]
) -> Shares:
    """What `rollout` finds of Q patches, (Q, B, T, N) and (Q, B), at once."""
    starts = [start(blocks[-1], num_frames, query) for query in queries]
    patches, cls = (torch.stack(parts) for parts in zip(*starts, strict=True))
    return _carried(blocks, Shares(patches, cls))


def _carried(blocks: Sequence[BlockAttention], shares: Shares) -> Shares:
    """Shares of the last block's output as shares of what went into the first."""
    for block in reversed(blocks):
        shares = _through(block, shares)
    return one_cls(shares)


def _through(block: BlockAttention, shares: Shares) -> Shares:
    """Shares of a block's output as shares of its input."""
    kept, (patches, cls) = block.kept, shares
    mixed = mixed_in_space(block, Shares(patches * (1 - kept.patches), cls * (1 - kept.cls)))
    patches, cls = patches * kept.patches + mixed.patches, cls * kept.cls + mixed.cls
    if block.time is not None:
        patches = patches * kept.time + mixed_in_time(block.time, patches * (1 - kept.time))
    return Shares(patches, cls)
