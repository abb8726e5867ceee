"""Attention weights of every block with their heads fused, and attention flow through a block.

The small matrices of time and space attention carry a flow from a token back to patches and cls.
The matrix of a whole block, (1+N*T)^2, is never built.
"""

import operator
from dataclasses import dataclass
from numbers import Integral
from typing import NamedTuple

import torch
from torch import Tensor

from ..models.attention import AttentionCall
from ..models.blocks import Block, State
from ..models.config import TimesformerConfig
from ..models.timesformer import TimesformerModel
from .types import Heads

FUSIONS = ("mean", "max", "min")


class ResidualShare(NamedTuple):
    """Share of a token that its residual connection carries, 0 to 1; attention carries the rest.

    time and patches: (B, T, N), in time attention and in space attention. cls: (B,) or, space-only,
    (B, T). In plain rollout all shares are 0.5.
    """

    time: Tensor | float = 0.5
    patches: Tensor | float = 0.5
    cls: Tensor | float = 0.5


EQUAL_SHARE = ResidualShare()


@dataclass(frozen=True, eq=False)
class BlockAttention:
    """Attention weights of one block with fused heads, in float32; rows sum to 1.

    Divided: time (B, N, T, T) and space (B, T, 1+N, 1+N). Space-only: space. Joint: joint
    (B, 1+N*T, 1+N*T), the patch at position p of frame t being 1 + p*T + t. In a last block traced
    with `cls_only`, space and joint have the row of cls alone.
    """

    time: Tensor | None = None
    space: Tensor | None = None
    joint: Tensor | None = None
    residual: ResidualShare = EQUAL_SHARE


class PatchIndex(NamedTuple):
    """Frame and position (row by row in the grid) of a patch."""

    frame: int
    position: int

    @classmethod
    def of(
        cls, patch: tuple[int, int, int] | None, config: TimesformerConfig, pixel_values: Tensor
    ) -> "PatchIndex | None":
        """Return the index of a patch (frame, row, column) of pixel_values (B, T, C, H, W).

        Raises ValueError for a patch outside the clip, and for other objects.
        """
        if patch is None:
            return None
        T, (h, w) = pixel_values.shape[1], config.grid_of(*pixel_values.shape[-2:])
        try:
            frame, row, column = map(operator.index, patch)
        except (TypeError, ValueError):
            raise ValueError(
                f"patch is {patch!r}; give three whole numbers: frame, row and column"
            ) from None
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


def trace_attention(
    encoder: TimesformerModel,
    pixel_values: Tensor,
    *,
    heads: Heads = "mean",
    norm_aware: bool = False,
    cls_only: bool = False,
    only: int | None = None,
) -> tuple[State, list[BlockAttention]]:
    """Return the state after the last block, and the attention of every block with fused heads.

    With `only`, return the attention of that block alone. With `cls_only` the last block computes
    nothing for patches. `norm_aware` measures residual shares by norms, after Kobayashi et al. 2021
    (arXiv 2109.07152). Raises ValueError for unknown `heads`.
    """
    states, blocks = [encoder.embed(pixel_values)], []
    for number, block in enumerate(encoder.blocks):
        assert isinstance(block, Block)
        ends = cls_only and block is encoder.blocks[-1]
        if only not in (None, number):
            states.append(block(states.pop(), cls_only=ends))
            continue
        attended, attention = _trace_block(
            block, states.pop(), heads, norm_aware=norm_aware, cls_only=ends
        )
        states.append(block.mlp_residual(attended))  # the previous state is freed by now
        blocks.append(attention)
    return states.pop(), blocks


def _trace_block(
    block: Block, before: State, heads: Heads, *, norm_aware: bool, cls_only: bool
) -> tuple[State, BlockAttention]:
    """Return the state before the MLP of a block, and the attention of the block."""

    def observe(call: AttentionCall) -> Tensor:
        return _fuse(call.weights, heads)

    after_time = block.attend_time(before, observe=observe)
    tokens = block.norm_tokens(after_time)
    after = block.attend_space(after_time, tokens, observe=observe, cls_only=cls_only)
    residual = EQUAL_SHARE
    if norm_aware:
        residual = ResidualShare(
            time=_share_by_norm(before.patches, after_time.patches),
            patches=0.5 if cls_only else _share_by_norm(after_time.patches, after.patches),
            cls=_share_by_norm(after_time.cls, after.cls),
        )
    return State(after.cls, after.patches), _block_attention(after, residual)


def _share_by_norm(before: Tensor, after: Tensor) -> Tensor:
    """Return the norm of a token over the sum of its norm and that of the added branch."""
    residual, branch = before.float().norm(dim=-1), (after - before).float().norm(dim=-1)
    return residual / (residual + branch).clamp(min=torch.finfo(torch.float32).tiny)


def fuse_heads(state: State, *, heads: Heads = "mean") -> BlockAttention:
    """Return the attention of a state that was traced with `return_weights`, with fused heads."""
    assert state.space_observed is not None, "trace the model with return_weights=True"
    space, time = _fuse(state.space_observed, heads), state.time_observed
    time = None if time is None else _fuse(time, heads)
    return _block_attention(State(state.cls, state.patches, time, space), EQUAL_SHARE)


def _block_attention(state: State, residual: ResidualShare) -> BlockAttention:
    """Return the observed weights (S, n, n) of a state as time, space or joint attention."""
    (B, T, *_), space, time = state.patches.shape, state.space_observed, state.time_observed
    assert space is not None
    if state.scheme == "joint_space_time":
        return BlockAttention(joint=space, residual=residual)
    time = None if time is None else time.unflatten(0, (B, -1))
    return BlockAttention(time=time, space=space.unflatten(0, (B, T)), residual=residual)


def _fuse(weights: Tensor, heads: Heads) -> Tensor:
    """Return weights (S, A, n, n) as (S, n, n) in float32; after max or min, normalize rows."""
    A = weights.shape[1]
    if heads == "mean":
        return weights.mean(dim=1, dtype=torch.float32)
    if isinstance(heads, Integral) and 0 <= heads < A:
        return weights[:, int(heads)].float()
    if not isinstance(heads, str) or heads not in FUSIONS:
        raise ValueError(f"heads is {heads!r}; choose mean, max, min or a number from 0 to {A - 1}")
    fused = (weights.amax(dim=1) if heads == "max" else weights.amin(dim=1)).float()
    total: Tensor = fused.sum(dim=-1, keepdim=True)
    return fused / total.clamp(min=torch.finfo(torch.float32).tiny)


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
