"""Transformer blocks of the three schemes, and the tokens that they pass on.

The letters of shapes are those of `timesformer.py`.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from .attention import Attention, Observer
from .config import Activation, AttentionType, TimesformerConfig


class QuickGELU(nn.Module):
    """The approximation of GELU by a sigmoid (arXiv 1606.08415, section 2)."""

    def forward(self, values: Tensor) -> Tensor:
        """Return the activations of values of any shape."""
        return values * torch.sigmoid(1.702 * values)


def _tanh_gelu() -> nn.Module:
    return nn.GELU(approximate="tanh")


ACTIVATIONS: dict[Activation, Callable[[], nn.Module]] = {
    "gelu": nn.GELU,
    "gelu_python": nn.GELU,
    "gelu_new": _tanh_gelu,
    "gelu_pytorch_tanh": _tanh_gelu,
    "gelu_fast": _tanh_gelu,
    "quick_gelu": QuickGELU,
    "relu": nn.ReLU,
    "silu": nn.SiLU,
    "swish": nn.SiLU,
}


class State(NamedTuple):
    """The tokens after the embedding or after a block, with the observer's results of that block.

    cls is (B, D), or (B, T, D) in the space-only scheme; patches is (B, T, N, D).
    `time_observed` and `space_observed` are None without an observer. For `full_weights` they are
    the attention weights that the block used, so torch.autograd.grad gives gradients with respect
    to them. Divided: time (B*N, A, T, T), space (B*T, A, 1+N, 1+N). Joint: space
    (B, A, 1+N*T, 1+N*T), the patch at position p of frame t being token 1 + p*T + t. Space-only:
    space (B*T, A, 1+N, 1+N).
    """

    cls: Tensor
    patches: Tensor
    time_observed: Tensor | None = None
    space_observed: Tensor | None = None

    @property
    def has_cls_per_frame(self) -> bool:
        """True if each frame has a cls token of its own, as in the space-only scheme."""
        return self.cls.ndim == 3

    @property
    def scheme(self) -> AttentionType:
        """Scheme of the block that the observed results are from."""
        assert self.space_observed is not None, "only a state with observed results has a scheme"
        if self.time_observed is not None:
            return "divided_space_time"
        return "space_only" if self.has_cls_per_frame else "joint_space_time"


class DropPath(nn.Module):
    """Stochastic depth: in training, drops a residual branch for some rows (arXiv 1603.09382)."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, branch: Tensor) -> Tensor:
        """Return `branch` (S, ...) with random rows set to 0 and the other rows scaled up."""
        if not self.training or self.rate == 0.0:
            return branch
        random = torch.rand(branch.shape[0], *[1] * (branch.ndim - 1), device=branch.device)
        return branch * (random >= self.rate) / (1.0 - self.rate)


class Block(nn.Module):
    """A pre-norm transformer block; each scheme says which tokens attend to each other in space.

    Its steps are methods, so that callers can read the tokens between them.
    """

    def __init__(self, config: TimesformerConfig, drop_path: float) -> None:
        super().__init__()
        D, eps = config.hidden_size, config.layer_norm_eps
        self.space_norm = nn.LayerNorm(D, eps=eps)
        self.space_attention = Attention(config)
        self.mlp_norm = nn.LayerNorm(D, eps=eps)
        self.mlp = nn.Sequential(
            nn.Linear(D, config.intermediate_size),
            ACTIVATIONS[config.hidden_act](),
            nn.Dropout(config.hidden_dropout_prob),
            nn.Linear(config.intermediate_size, D),
            nn.Dropout(config.hidden_dropout_prob),
        )
        self.drop_path = DropPath(drop_path)

    def forward(
        self, state: State, *, observe: Observer | None = None, cls_only: bool = False
    ) -> State:
        """Return the state after the block.

        `cls_only` is for the last block. Only cls then attends in space, and the state has no
        patches (B, T, 0, D). Space attention weights have the row of cls alone.
        """
        state = self.attend_time(state, observe=observe)
        tokens = self.norm_tokens(state)
        state = self.attend_space(state, tokens, observe=observe, cls_only=cls_only)
        return self.mlp_residual(state)

    def attend_time(self, state: State, *, observe: Observer | None = None) -> State:
        """Return the state after time attention, unchanged in schemes without one."""
        return State(state.cls, state.patches)

    def norm_tokens(self, state: State) -> Tensor:
        """Return the normalized sequences (S, n, D) that space attention runs over."""
        return self.space_norm(self.to_sequences(state))

    def attend_space(
        self,
        state: State,
        tokens: Tensor,
        *,
        observe: Observer | None = None,
        cls_only: bool = False,
    ) -> State:
        """Return the state after space attention over its normalized `tokens` (S, n, D)."""
        branch, observed = self.space_attention(tokens, observe=observe, cls_only=cls_only)
        cls, patches = self.split_cls(self.drop_path(branch), state.patches.shape[1])
        before = state.patches[:, :, : patches.shape[2]]
        return State(state.cls + cls, before + patches, state.time_observed, observed)

    def mlp_residual(self, state: State) -> State:
        """Return the state after the MLP and its residual."""
        B, T, N, D = state.patches.shape
        cls = state.cls.reshape(B, -1, D)  # (B, 1, D), or (B, T, D) space-only
        tokens = self.add_mlp(torch.cat([cls, state.patches.flatten(1, 2)], dim=1))
        cls, patches = tokens.split([cls.shape[1], T * N], dim=1)
        return state._replace(cls=cls.view_as(state.cls), patches=patches.view_as(state.patches))

    def add_mlp(self, tokens: Tensor) -> Tensor:
        """Return tokens (B, n, D) with the output of the MLP added to each."""
        return tokens + self.drop_path(self.mlp(self.mlp_norm(tokens)))

    def to_sequences(self, state: State) -> Tensor:
        """Return the tokens (S, n, D) that attend to each other in space, S sequences of n."""
        raise NotImplementedError

    def split_cls(self, sequences: Tensor, num_frames: int) -> tuple[Tensor, Tensor]:
        """Return what sequences (S, n, D) hold for cls and for patches, in a state's shapes."""
        raise NotImplementedError


class SpaceOnlyBlock(Block):
    """Space attention within each frame, which has a cls token of its own."""

    def to_sequences(self, state: State) -> Tensor:
        return sequence_per_frame(state.cls, state.patches)  # (B*T, 1+N, D)

    def split_cls(self, sequences: Tensor, num_frames: int) -> tuple[Tensor, Tensor]:
        tokens = sequences.unflatten(0, (-1, num_frames))  # (B, T, 1+N, D)
        return tokens[:, :, 0], tokens[:, :, 1:]


class JointBlock(Block):
    """Attention of every token of the clip to every other."""

    def to_sequences(self, state: State) -> Tensor:
        return sequence_per_clip(state.cls, state.patches)  # (B, 1+N*T, D)

    def split_cls(self, sequences: Tensor, num_frames: int) -> tuple[Tensor, Tensor]:
        N = (sequences.shape[1] - 1) // num_frames
        patches = sequences[:, 1:].unflatten(1, (N, num_frames)).transpose(1, 2)  # (B, T, N, D)
        return sequences[:, 0], patches


class DividedBlock(Block):
    """Time attention at each position, then space attention within each frame, then the MLP."""

    def __init__(self, config: TimesformerConfig, drop_path: float) -> None:
        super().__init__(config, drop_path)
        D = config.hidden_size
        self.time_norm = nn.LayerNorm(D, eps=config.layer_norm_eps)
        self.time_attention = Attention(config)
        self.time_output = nn.Linear(D, D)

    def attend_time(self, state: State, *, observe: Observer | None = None) -> State:
        B, _, N, _ = state.patches.shape
        tracks = state.patches.transpose(1, 2).flatten(0, 1)  # (B*N, T, D) one a position
        tracks, observed = self.add_time_attention(tracks, observe=observe)
        patches = tracks.unflatten(0, (B, N)).transpose(1, 2)  # (B, T, N, D)
        return State(state.cls, patches, time_observed=observed)

    def add_time_attention(
        self, tracks: Tensor, *, observe: Observer | None
    ) -> tuple[Tensor, Tensor | None]:
        """Return tracks (B*N, T, D) with time attention added, and the observer's result."""
        branch, observed = self.time_attention(self.time_norm(tracks), observe=observe)
        return tracks + self.time_output(self.drop_path(branch)), observed

    def to_sequences(self, state: State) -> Tensor:
        T = state.patches.shape[1]
        shared = state.cls[:, None].expand(-1, T, -1)  # (B, T, D) the same cls in every frame
        return sequence_per_frame(shared, state.patches)  # (B*T, 1+N, D)

    def split_cls(self, sequences: Tensor, num_frames: int) -> tuple[Tensor, Tensor]:
        tokens = sequences.unflatten(0, (-1, num_frames))  # (B, T, 1+N, D)
        return tokens[:, :, 0].mean(dim=1), tokens[:, :, 1:]


BLOCKS: dict[AttentionType, type[DividedBlock | JointBlock | SpaceOnlyBlock]] = {
    "divided_space_time": DividedBlock,
    "joint_space_time": JointBlock,
    "space_only": SpaceOnlyBlock,
}


def sequence_per_frame(cls: Tensor, patches: Tensor) -> Tensor:
    """Return cls (B, T, D) and patches (B, T, N, D) as a sequence a frame (B*T, 1+N, D)."""
    return torch.cat([cls[:, :, None], patches], dim=2).flatten(0, 1)


def sequence_per_clip(cls: Tensor, patches: Tensor) -> Tensor:
    """Return cls (B, D) and patches (B, T, N, D) as (B, 1+N*T, D): a position after another."""
    return torch.cat([cls[:, None], patches.transpose(1, 2).flatten(1, 2)], dim=1)
