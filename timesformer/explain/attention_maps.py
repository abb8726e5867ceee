"""The attention of whole blocks with their heads made one, and what a token draws in one of them.

Flow are carried from a token back to what it drew from, with the small matrices of time and of
space alone; a block's whole matrix, of (1+N*T)^2, is never built.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from ..models.attention import AttentionCall
from ..models.config import TimesformerConfig
from ..models.timesformer import Block, State, TimesformerModel
from .types import Heads

FUSIONS = ("mean", "max", "min")


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


class PatchIndex(NamedTuple):
    """Frame and position (row by row in the grid) of a patch."""

    frame: int
    position: int

    @classmethod
    def of(
        cls, patch: tuple[int, int, int] | None, config: TimesformerConfig, pixel_values: Tensor
    ) -> "PatchIndex | None":
        """Return the index of a patch (frame, row, column) of pixel_values (B, T, C, H, W).

        Raises ValueError for a patch outside the clip.
        """
        if patch is None:
            return None
        T, (H, W) = pixel_values.shape[1], pixel_values.shape[-2:]
        h, w = H // config.patch_shape[0], W // config.patch_shape[1]
        frame, row, column = patch
        if not (0 <= frame < T and 0 <= row < h and 0 <= column < w):
            raise ValueError(f"patch {patch} is outside {T} frames of {h} x {w} patches")
        return cls(frame, row * w + column)


class Flow(NamedTuple):
    """Attention flow from every patch (B, T, N) and from cls (B,) to one token; sums to 1.

    cls is (B, T) if each frame has its own cls. For Q tokens the shapes are (Q, B, T, N), (Q, B)
    and (Q, B, T).
    """

    patches: Tensor
    cls: Tensor

    def share_on(self, coverage: Tensor) -> Tensor:
        """Return the share (B,) of the patches' flow on an object, by its coverage (B, T, N)."""
        patches = self.patches.float()
        return (patches * coverage).sum((1, 2)) / patches.sum((1, 2))


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


def space_flow(block: BlockAttention, *, num_frames: int, patch: PatchIndex | None = None) -> Flow:
    """Return the flow to cls, or to `patch`, in the space (or joint) attention of a block."""
    return merge_cls(flow_through_space(block, initial_flow(block, num_frames, patch)))


def time_flow(block: BlockAttention, *, num_frames: int, patch: PatchIndex | None = None) -> Flow:
    """Return the flow to `patch` in the time attention of a block: from its own position alone.

    Without `patch`, return the mean over all patches. Raises ValueError for a block without time
    attention.
    """
    if block.time is None:
        raise ValueError("only divided attention has time attention of its own")
    flow = initial_flow(block, num_frames, patch)
    patches = flow.patches
    if patch is None:
        patches = torch.full_like(patches, 1 / patches[0].numel())
    return Flow(flow_through_time(block.time, patches), torch.zeros_like(flow.cls))


def initial_flow(block: BlockAttention, num_frames: int, patch: PatchIndex | None) -> Flow:
    """Return a flow that is all on the explained token: `patch`, or cls, equal over frames."""
    T = num_frames
    weights = block.space if block.joint is None else block.joint
    assert weights is not None
    n, joint = weights.shape[-1] - 1, block.joint is not None
    patches = weights.new_zeros(len(weights), T, n // T if joint else n)
    own_cls = not joint and block.time is None
    cls = weights.new_full((len(weights), T), 1 / T) if own_cls else weights.new_ones(len(weights))
    if patch is not None:
        cls = torch.zeros_like(cls)
        patches[:, patch.frame, patch.position] = 1
    return Flow(patches, cls)


def merge_cls(flow: Flow) -> Flow:
    """Return the flow with the cls tokens of all frames added up."""
    patches, cls = flow
    return Flow(patches, cls if cls.ndim < patches.ndim - 1 else cls.sum(dim=-1))


def flow_through_time(time: Tensor, patches: Tensor) -> Tensor:
    """Carry the flow ([Q,] B, T, N) of time attention's output back to its input.

    `time` are the attention weights (B, N, T, T).
    """
    return torch.einsum("...btn,bnts->...bsn", patches, time)


def flow_through_space(block: BlockAttention, flow: Flow) -> Flow:
    """Carry the flow of the output of space (or joint) attention back to its input."""
    (*_, T, N), cls = flow.patches.shape, flow.cls
    if block.joint is not None:
        row = torch.cat([cls[..., None], flow.patches.transpose(-1, -2).flatten(-2)], dim=-1)
        queries = row[..., : block.joint.shape[-2]]
        row = torch.einsum("...bq,bqk->...bk", queries, block.joint)  # ([Q,] B, 1+N*T)
        return Flow(row[..., 1:].unflatten(-1, (N, T)).transpose(-1, -2), row[..., 0])
    assert block.space is not None
    shared = block.time is not None  # one cls in every frame: the mean over the frames
    if shared:
        cls = (cls[..., None] / T).expand(*cls.shape, T)
    rows = torch.cat([cls[..., None], flow.patches], dim=-1)[..., : block.space.shape[-2]]
    rows = torch.einsum("...btq,btqk->...btk", rows, block.space)  # ([Q,] B, T, 1+N)
    return Flow(rows[..., 1:], rows[..., 0].sum(dim=-1) if shared else rows[..., 0])
