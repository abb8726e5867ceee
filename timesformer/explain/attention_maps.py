"""The attention of whole blocks with their heads made one, and what a token draws in one of them.

Shares are carried from a token back to what it drew from, with the small matrices of time and of
space alone; a block's whole matrix, of (1+N*T)^2, is never built.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from ..models.attention import AttentionCall
from ..models.timesformer import Block, State, TimesformerModel

FUSIONS = ("mean", "max", "min")
Heads = str | int  # a fusion of all heads, or the number of one


class Kept(NamedTuple):
    """The share of itself that a token keeps beside what attention adds to it, 0 to 1.

    In time attention and in space attention of each patch (B, T, N), in space attention of cls,
    (B,) or, space-only, (B, T); halves in plain rollout.
    """

    time: Tensor | float = 0.5
    patches: Tensor | float = 0.5
    cls: Tensor | float = 0.5


HALVES = Kept()


@dataclass(frozen=True, eq=False)
class BlockAttention:
    """One block's attention weights, its heads made one, in fp32; rows sum to 1.

    Divided: time (B, N, T, T) and space (B, T, 1+N, 1+N). Space-only: space alone. Joint: joint
    (B, 1+N*T, 1+N*T), the patch at place p of frame t being 1 + p*T + t. Of a last block that was
    watched for cls alone, space and joint have its row alone.
    """

    time: Tensor | None = None
    space: Tensor | None = None
    joint: Tensor | None = None
    kept: Kept = HALVES


class Query(NamedTuple):
    """The patch to explain: its frame, and its place in the grid, rows first."""

    frame: int
    place: int


class Shares(NamedTuple):
    """What the explained token draws from each patch (B, T, N) and from cls (B,); sums to 1.

    Where each frame has a cls of its own, cls is (B, T). Of several tokens at once they are
    (Q, B, T, N), (Q, B) and (Q, B, T).
    """

    patches: Tensor
    cls: Tensor

    def inside(self, covered: Tensor) -> Tensor:
        """The part (B,) of the patches' shares on what `covered` (B, T, N), in 0..1, tells."""
        patches = self.patches.float()
        return (patches * covered).sum((1, 2)) / patches.sum((1, 2))


def watch(
    encoder: TimesformerModel,
    pixel_values: Tensor,
    *,
    heads: Heads = "mean",
    norm_aware: bool = False,
    cls_only: bool = False,
) -> tuple[State, list[BlockAttention]]:
    """The state after the last block, and the attention of every block, fused as it comes.

    Where what `cls_only` draws is wanted, the last block does no work for patches.
    `norm_aware` weighs what a token keeps against what attention adds by their lengths, in place
    of halves (after Kobayashi et al. 2021, arXiv 2109.07152). Raises ValueError for `heads` that
    the model does not have.
    """
    states, blocks = [encoder.embed(pixel_values)], []
    for block in encoder.blocks:
        assert isinstance(block, Block)
        alone = cls_only and block is encoder.blocks[-1]
        mixed, attention = _watched(block, states.pop(), heads, norm_aware, alone)
        states.append(block.mlp_residual(mixed))  # by now the state before is gone
        blocks.append(attention)
    return states.pop(), blocks


def _watched(
    block: Block, before: State, heads: Heads, norm_aware: bool, cls_only: bool
) -> tuple[State, BlockAttention]:
    """The state before the MLP, and the attention that led to it."""

    def observe(call: AttentionCall) -> Tensor:
        return _one_head(call.weights, heads)

    moved = block.attend_time(before, observe=observe)
    mixed = block.attend_space(moved, block.norm_tokens(moved), observe=observe, cls_only=cls_only)
    kept = HALVES
    if norm_aware:
        time, cls = _kept(before.patches, moved.patches), _kept(moved.cls, mixed.cls)
        patches = HALVES.patches if cls_only else _kept(moved.patches, mixed.patches)
        kept = Kept(time, patches, cls)
    return State(mixed.cls, mixed.patches), _block_attention(mixed, kept)


def _kept(before: Tensor, after: Tensor) -> Tensor:
    """The length of what was there, as a share of it and of what was added to it."""
    own, added = before.float().norm(dim=-1), (after - before).float().norm(dim=-1)
    return own / (own + added).clamp(min=torch.finfo(torch.float32).tiny)


def fused(state: State, *, heads: Heads = "mean") -> BlockAttention:
    """The attention weights of a traced `state`, with the heads made one."""
    assert state.space_observed is not None, "trace the model with return_weights=True"
    space, time = _one_head(state.space_observed, heads), state.time_observed
    time = None if time is None else _one_head(time, heads)
    return _block_attention(State(state.cls, state.patches, time, space), HALVES)


def _block_attention(state: State, kept: Kept) -> BlockAttention:
    """The weights (S, n, n) of a state, whose heads are one, by what they are of."""
    (B, T, *_), space, time = state.patches.shape, state.space_observed, state.time_observed
    assert space is not None
    if time is not None:
        return BlockAttention(
            time=time.unflatten(0, (B, -1)), space=space.unflatten(0, (B, T)), kept=kept
        )
    if state.cls.ndim == 3:  # space-only: a cls token for each frame
        return BlockAttention(space=space.unflatten(0, (B, T)), kept=kept)
    return BlockAttention(joint=space, kept=kept)


def _one_head(weights: Tensor, heads: Heads) -> Tensor:
    """Weights (S, A, n, n) as (S, n, n) in fp32; after max or min their rows sum to 1 again."""
    A = weights.shape[1]
    if heads == "mean":
        return weights.mean(dim=1, dtype=torch.float32)
    if isinstance(heads, int) and 0 <= heads < A:
        return weights[:, heads].float()
    if heads not in FUSIONS:
        raise ValueError(f"heads is {heads!r}; choose mean, max, min or a number from 0 to {A - 1}")
    one = (weights.amax(dim=1) if heads == "max" else weights.amin(dim=1)).float()
    total: Tensor = one.sum(dim=-1, keepdim=True)
    return one / total.clamp(min=torch.finfo(torch.float32).tiny)


def space_attention(
    block: BlockAttention, *, num_frames: int, query: Query | None = None
) -> Shares:
    """What the cls token, or the patch `query`, reads in a block's space (or joint) attention."""
    return one_cls(mixed_in_space(block, start(block, num_frames, query)))


def time_attention(block: BlockAttention, *, num_frames: int, query: Query | None = None) -> Shares:
    """What the patch `query` reads in a block's time attention: frames of its own place alone.

    Without a query, the mean over all patches: how much each patch is read by those of its place.
    Raises ValueError where the scheme has no time attention.
    """
    if block.time is None:
        raise ValueError("only divided attention has time attention of its own")
    shares = start(block, num_frames, query)
    patches = shares.patches
    if query is None:
        patches = torch.full_like(patches, 1 / patches[0].numel())
    return Shares(mixed_in_time(block.time, patches), torch.zeros_like(shares.cls))


def start(block: BlockAttention, num_frames: int, query: Query | None) -> Shares:
    """All of the share on the explained token: the patch `query`, or cls, frames alike."""
    T = num_frames
    weights = block.space if block.joint is None else block.joint
    assert weights is not None
    n, joint = weights.shape[-1] - 1, block.joint is not None
    patches = weights.new_zeros(len(weights), T, n // T if joint else n)
    own_cls = not joint and block.time is None
    cls = weights.new_full((len(weights), T), 1 / T) if own_cls else weights.new_ones(len(weights))
    if query is not None:
        cls = torch.zeros_like(cls)
        patches[:, query.frame, query.place] = 1
    return Shares(patches, cls)


def one_cls(shares: Shares) -> Shares:
    """The shares with those of all cls tokens of a clip together."""
    patches, cls = shares
    return Shares(patches, cls if cls.ndim < patches.ndim - 1 else cls.sum(dim=-1))


def mixed_in_time(time: Tensor, patches: Tensor) -> Tensor:
    """Shares ([Q,] B, T, N) of the output of time attention (B, N, T, T) as shares of its input."""
    return torch.einsum("...btn,bnts->...bsn", patches, time)


def mixed_in_space(block: BlockAttention, shares: Shares) -> Shares:
    """Shares of the output of space (or joint) attention as shares of its input."""
    (*_, T, N), cls = shares.patches.shape, shares.cls
    if block.joint is not None:
        row = torch.cat([cls[..., None], shares.patches.transpose(-1, -2).flatten(-2)], dim=-1)
        asking = row[..., : block.joint.shape[-2]]
        row = torch.einsum("...bq,bqk->...bk", asking, block.joint)  # ([Q,] B, 1+N*T)
        return Shares(row[..., 1:].unflatten(-1, (N, T)).transpose(-1, -2), row[..., 0])
    assert block.space is not None
    shared = block.time is not None  # one cls in every frame: it is the mean over the frames
    if shared:
        cls = (cls[..., None] / T).expand(*cls.shape, T)
    rows = torch.cat([cls[..., None], shares.patches], dim=-1)[..., : block.space.shape[-2]]
    rows = torch.einsum("...btq,btqk->...btk", rows, block.space)  # ([Q,] B, T, 1+N)
    return Shares(rows[..., 1:], rows[..., 0].sum(dim=-1) if shared else rows[..., 0])
