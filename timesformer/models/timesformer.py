"""TimeSformer: a video transformer whose attention is split into time and space.

Bertasius, Wang and Torresani, "Is Space-Time Attention All You Need for Video Understanding?",
2021 (arXiv 2102.05095). Written from the mathematics of the paper and of the released models;
where the two differ (the cls token takes no part in time attention) it follows the models.

Letters: B batch, T frames, C channels, H W pixels, h w patch grid, N = h*w patches a frame,
D width, A heads, n tokens of any sequence.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..hub.card import push_folder, sharing_card
from ..hub.source import Source, resolve
from ..hub.state_dict import Weights, find_weights, write_weights
from ..kernels.linear import ACTIVATIONS, Joined, Linear, is_transformed, learn
from ..kernels.onednn import packs
from .config import TimesformerConfig

SPACE_INTERPOLATION = {"nearest": "nearest", "linear": "bilinear", "bicubic": "bicubic"}
TIME_INTERPOLATION = {"nearest": "nearest", "linear": "linear", "bicubic": "linear"}


MOST_WEIGHTS = 2**23  # that are held at once where they are reduced to less: 32 MB
# Tokens of a sequence, of which two are mixed at a time: of 8 tokens that takes 0.6 to 0.7 of the
# time, of 16 1.1 to 1.2 (1568 in all, width 768, bfloat16; an AMD EPYC that was not idle).
SHORT = 8
MOST_TOKENS = 2**11  # of a clip, in an MLP at once: it makes each four times as wide


class Mixing:
    """Attention at work: k and v (S, A, n, D/A) of S sequences of n tokens, and q of as many.

    Where the first token alone asks, q is (S, A, 1, D/A).
    """

    def __init__(self, q: Tensor, k: Tensor, v: Tensor, *, dropout: float = 0.0) -> None:
        self.q, self.k, self.v, self.dropout = q, k, v, dropout

    @cached_property
    def weights(self) -> Tensor:
        """The attention weights (S, A, n, n); asked for in time, the very tensor that mixes.

        (S, A, 1, n) where the first token alone asks. In float32 at least, as inside fused
        attention: scores of 20 would differ in steps of an eighth in bfloat16.
        """
        dtype = torch.promote_types(self.q.dtype, torch.float32)
        scaled = self.q.to(dtype) * self.q.shape[-1] ** -0.5
        return (scaled @ self.k.to(dtype).mT).softmax(dim=-1)

    @cached_property
    def mixed(self) -> Tensor:
        """What the tokens read of each other (S, A, n, D/A): fused, unless there are weights."""
        if "weights" in vars(self):
            weights = F.dropout(self.weights, self.dropout)
            return (weights @ self.v.to(weights.dtype)).to(self.v.dtype)
        asked, tokens = self.q.shape[2], self.k.shape[2]
        if self.q.device.type == "cpu" and asked == tokens <= SHORT and len(self.q) % 2 == 0:
            return self._mixed_in_pairs()
        return F.scaled_dot_product_attention(self.q, self.k, self.v, dropout_p=self.dropout)

    def _mixed_in_pairs(self) -> Tensor:
        """The same, where a call for each sequence takes longer than what it computes."""
        S, A, n, _ = self.q.shape
        q, k, v = (
            tensor.transpose(1, 2).reshape(S // 2, 2 * n, A, -1).transpose(1, 2)
            for tensor in (self.q, self.k, self.v)
        )
        own = torch.ones(n, n, dtype=torch.bool, device=q.device)
        mask = torch.block_diag(own, own)  # (2n, 2n), each sees its own sequence
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=self.dropout)
        return mixed.transpose(1, 2).reshape(S, n, A, -1).transpose(1, 2)

    def split(self) -> Iterator["Mixing"]:
        """Some sequences at a time, with no more than MOST_WEIGHTS, or one sequence's."""
        _, A, n, _ = self.k.shape
        parts = (tensor.split(at_once(A, n)) for tensor in (self.q, self.k, self.v))
        return (Mixing(*part) for part in zip(*parts, strict=True))


def at_once(A: int, n: int) -> int:
    """How many sequences of n tokens have no more than MOST_WEIGHTS; at least one."""
    return max(1, MOST_WEIGHTS // (A * n * n))


Keep = Callable[[Mixing], Tensor | None]  # what is kept of attention


def whole(mixing: Mixing) -> Tensor:
    """Attention weights as they are: the very tensor that was used."""
    return mixing.weights


class State(NamedTuple):
    """The tokens after the embedding or after a block, and the attention weights of that block.

    cls is (B, D), or (B, T, D) in the space-only scheme; patches is (B, T, N, D).
    Weights are None unless asked for; then they are the very tensors that were used, so gradients
    with respect to them need torch.autograd.grad alone. Their rows sum to 1. Divided: time_weights
    (B*N, A, T, T) and space_weights (B*T, A, 1+N, 1+N). Joint: space_weights
    (B, A, 1+N*T, 1+N*T), the patch at place p of frame t being token 1 + p*T + t. Space-only:
    space_weights (B*T, A, 1+N, 1+N).
    """

    cls: Tensor
    patches: Tensor
    time_weights: Tensor | None = None
    space_weights: Tensor | None = None


@dataclass
class TimesformerOutput:
    """What a forward pass gives, in the shapes of transformers; what was not asked for is None.

    loss (), logits (B, K), last_hidden_state (B, 1+N*T, D) after the final norm, hidden_states
    L+1 times (B, 1+N*T, D) before it, attentions L times (B*T, A, 1+N, 1+N), and, beyond
    transformers, temporal_attentions L times (B*N, A, T, T). Patch tokens run through the frames
    of one place before the next place. Joint: attentions (B, A, 1+N*T, 1+N*T). Space-only:
    hidden_states (B*T, 1+N, D), last_hidden_state (B, 1+N, D) of the mean over frames.
    """

    loss: Tensor | None = None
    logits: Tensor | None = None
    last_hidden_state: Tensor | None = None
    hidden_states: tuple[Tensor, ...] | None = None
    attentions: tuple[Tensor, ...] | None = None
    temporal_attentions: tuple[Tensor, ...] | None = None

    def to_tuple(self) -> tuple[Any, ...]:
        """The values that are there, in the order of the fields."""
        values = (getattr(self, field.name) for field in fields(self))
        return tuple(value for value in values if value is not None)

    def __getitem__(self, key: int | str) -> Any:
        return getattr(self, key) if isinstance(key, str) else self.to_tuple()[key]


class Attention(nn.Module):
    """Multi-head self-attention over sequences (S, n, D)."""

    def __init__(self, config: TimesformerConfig) -> None:
        super().__init__()
        D = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.weight_dropout = config.attention_probs_dropout_prob
        self.qkv = Linear(D, 3 * D, bias=config.qkv_bias)
        self.output = Linear(D, D)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

    def forward(
        self, tokens: Tensor, *, keep: Keep | None, first_alone: bool = False
    ) -> tuple[Tensor, Tensor | None]:
        """What tokens read of each other (S, n, D), and what `keep` makes of it where asked for.

        (S, 1, D) where the first token alone asks.
        """
        mixed, kept = self.mix(tokens, keep=keep, first_alone=first_alone)
        return self.dropout(self.output(mixed)), kept

    def mix(
        self, tokens: Tensor, *, keep: Keep | None, first_alone: bool = False
    ) -> tuple[Tensor, Tensor | None]:
        """What `forward` gives, before its output.

        Where attention weights are reduced and take no gradients, some sequences at a time.
        """
        S, n, _ = tokens.shape
        step = at_once(self.num_heads, n)
        reduced = keep not in (None, whole) and not (first_alone or torch.is_grad_enabled())
        if reduced and step < S:
            parts = [self.mix(some, keep=keep) for some in tokens.split(step)]
            all_mixed, all_kept = zip(*parts, strict=True)
            return torch.cat(all_mixed), torch.cat(all_kept)
        q, k, v = self._first_of(tokens) if first_alone else self._all_of(tokens)
        mixing = Mixing(q, k, v, dropout=self.weight_dropout if self.training else 0.0)
        kept = None if keep is None else keep(mixing)
        return mixing.mixed.transpose(1, 2).flatten(2), kept

    def _all_of(self, tokens: Tensor) -> tuple[Tensor, ...]:
        """q, k and v (S, A, n, D/A) of all tokens."""
        qkv = self.qkv(tokens).unflatten(-1, (3, self.num_heads, -1))  # (S, n, 3, A, D/A)
        return qkv.permute(2, 0, 3, 1, 4).unbind()

    def _first_of(self, tokens: Tensor) -> tuple[Tensor, ...]:
        """q (S, A, 1, D/A) of the first token, and k and v of all."""
        D, (weight, bias) = tokens.shape[-1], (self.qkv.weight, self.qkv.bias)
        own, others = (None, None) if bias is None else (bias[:D], bias[D:])
        q = F.linear(tokens[:, :1], weight[:D], own).unflatten(-1, (self.num_heads, -1))
        kv = F.linear(tokens, weight[D:], others).unflatten(-1, (2, self.num_heads, -1))
        return q.transpose(1, 2), *kv.permute(2, 0, 3, 1, 4)


class Mlp(nn.Sequential):
    """The two linear maps applied to every token by itself."""

    def __init__(self, config: TimesformerConfig) -> None:
        super().__init__(
            Linear(config.hidden_size, config.intermediate_size),
            ACTIVATIONS[config.hidden_act](),
            nn.Dropout(config.hidden_dropout_prob),
            Linear(config.intermediate_size, config.hidden_size),
            nn.Dropout(config.hidden_dropout_prob),
        )

    def forward(self, tokens: Tensor, *, plus: Tensor | None = None) -> Tensor:
        """What becomes of tokens (..., D), and, where nothing learns, the sum with `plus`."""
        inward, activation, inner_dropout, outward, dropout = self
        inner = inner_dropout(inward(tokens, then=activation))
        outer: Tensor = dropout(outward(inner, plus=plus))
        return outer


class DropPath(nn.Module):
    """Leaves a whole residual branch out for some rows while training (arXiv 1603.09382)."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, branch: Tensor) -> Tensor:
        """`branch` (S, ...) with rows set to 0 at random and the rest scaled up."""
        if not self.training or self.rate == 0.0:
            return branch
        kept = torch.rand(branch.shape[0], *[1] * (branch.ndim - 1), device=branch.device)
        return branch * (kept >= self.rate) / (1.0 - self.rate)


class Block(nn.Module):
    """A pre-norm transformer block; a scheme says which tokens attend to each other in space.

    Its steps stand apart, so that what lies between them can be looked at.
    """

    def __init__(self, config: TimesformerConfig, drop_path: float) -> None:
        super().__init__()
        D, eps = config.hidden_size, config.layer_norm_eps
        self.space_norm = nn.LayerNorm(D, eps=eps)
        self.space_attention = Attention(config)
        self.mlp_norm = nn.LayerNorm(D, eps=eps)
        self.mlp = Mlp(config)
        self.drop_path = DropPath(drop_path)

    def forward(self, state: State, *, keep: Keep | None) -> State:
        """The state after the block, with what `keep` makes of its attention weights."""
        state = self.attend_time(state, keep=keep)
        return self.transform(self.attend_space(state, self.normed(state), keep=keep))

    def conclude(self, state: State, *, keep: Keep | None) -> State:
        """The state after the last block without its patches: cls alone is classified.

        Patches are (B, T, 0, D), and attention weights in space are of one row, that of cls.
        """
        state = self.attend_time(state, keep=keep)
        return self.transform(
            self.attend_space(state, self.normed(state), keep=keep, cls_alone=True)
        )

    def attend_time(self, state: State, *, keep: Keep | None) -> State:
        """The state after time attention, where the scheme has one."""
        return State(state.cls, state.patches)

    def normed(self, state: State) -> Tensor:
        """The sequences (S, n, D) that space attention runs over, normalised."""
        return self.space_norm(self.sequences(state))

    def attend_space(
        self, state: State, normed: Tensor, *, keep: Keep | None, cls_alone: bool = False
    ) -> State:
        """The state after space attention over its `normed` sequences; as wanted, of cls alone."""
        mixed, weights = self.space_attention(normed, keep=keep, first_alone=cls_alone)
        cls, patches = self.apart(self.drop_path(mixed), state.patches.shape[1])
        before = state.patches[:, :, : patches.shape[2]]
        return State(state.cls + cls, before + patches, state.time_weights, weights)

    def transform(self, state: State) -> State:
        """The state after the MLP."""
        cls, patches = state.cls, state.patches
        own = cls.reshape(len(cls), -1, cls.shape[-1])  # (B, 1, D), or (B, T, D) space-only
        tokens = torch.cat([own, patches.flatten(1, 2)], dim=1)
        parts = tokens.split(MOST_TOKENS, dim=1)
        if self.training:
            branch = torch.cat([self.mlp(self.mlp_norm(part)) for part in parts], dim=1)
            tokens = tokens + self.drop_path(branch)
        else:
            parts = tuple(self.mlp(self.mlp_norm(part), plus=part) for part in parts)
            tokens = torch.cat(parts, dim=1) if len(parts) > 1 else parts[0]
        own, others = tokens.split([own.shape[1], tokens.shape[1] - own.shape[1]], dim=1)
        return state._replace(cls=own.view_as(cls), patches=others.view_as(patches))

    def sequences(self, state: State) -> Tensor:
        """The tokens (S, n, D) that attend to each other in space, S sequences of n."""
        raise NotImplementedError

    def apart(self, sequences: Tensor, num_frames: int) -> tuple[Tensor, Tensor]:
        """What sequences (S, n, D) hold for cls and for patches, in the shapes of a state."""
        raise NotImplementedError


class SpaceOnlyBlock(Block):
    """Each frame by itself, with a cls token of its own."""

    def sequences(self, state: State) -> Tensor:
        return torch.cat([state.cls[:, :, None], state.patches], dim=2).flatten(0, 1)

    def apart(self, sequences: Tensor, num_frames: int) -> tuple[Tensor, Tensor]:
        tokens = sequences.unflatten(0, (-1, num_frames))  # (B, T, 1+N, D)
        return tokens[:, :, 0], tokens[:, :, 1:]


class JointBlock(Block):
    """Every token of the clip attends to every other."""

    def sequences(self, state: State) -> Tensor:
        return _one_sequence(state.cls, state.patches)  # (B, 1+N*T, D)

    def apart(self, sequences: Tensor, num_frames: int) -> tuple[Tensor, Tensor]:
        N = (sequences.shape[1] - 1) // num_frames
        patches = sequences[:, 1:].unflatten(1, (N, num_frames)).transpose(1, 2)  # (B, T, N, D)
        return sequences[:, 0], patches


class DividedBlock(Block):
    """Time attention for each place, then space attention for each frame, then the MLP."""

    joined: Joined | None  # the two maps that follow time attention

    def __init__(self, config: TimesformerConfig, drop_path: float) -> None:
        super().__init__(config, drop_path)
        D = config.hidden_size
        self.time_norm = nn.LayerNorm(D, eps=config.layer_norm_eps)
        self.time_attention = Attention(config)
        self.time_output = Linear(D, D)
        self.joined = None
        self.register_load_state_dict_pre_hook(_unfold)

    def attend_time(self, state: State, *, keep: Keep | None) -> State:
        B, _, N, _ = state.patches.shape
        tracks = state.patches.transpose(1, 2).flatten(0, 1)  # (B*N, T, D) one sequence per place
        normed = self.time_norm(tracks)
        learns = torch.is_grad_enabled() and learn(self.time_attention.output, self.time_output)
        if self.joined is None or learns or is_transformed():
            mixed, weights = self.time_attention(normed, keep=keep)
            tracks = tracks + self.time_output(self.drop_path(mixed))
        else:
            if not self.joined.is_of(self.time_attention.output, self.time_output):
                self.fold(int8=self.joined.int8)
            mixed, weights = self.time_attention.mix(normed, keep=keep)
            tracks = self.joined(mixed, plus=tracks)
        patches = tracks.unflatten(0, (B, N)).transpose(1, 2)  # (B, T, N, D)
        return State(state.cls, patches, time_weights=weights)

    def fold(self, *, int8: bool = False) -> None:
        """Makes one map of the two that follow time attention; those are kept as they are."""
        self.joined = Joined(self.time_attention.output, self.time_output, int8=int8)

    def train(self, mode: bool = True) -> Self:
        if mode:
            _unfold(self)
        return super().train(mode)

    def sequences(self, state: State) -> Tensor:
        T = state.patches.shape[1]
        shared = state.cls[:, None, None].expand(-1, T, -1, -1)  # (B, T, 1, D) cls in every frame
        return torch.cat([shared, state.patches], dim=2).flatten(0, 1)  # (B*T, 1+N, D)

    def apart(self, sequences: Tensor, num_frames: int) -> tuple[Tensor, Tensor]:
        tokens = sequences.unflatten(0, (-1, num_frames))  # (B, T, 1+N, D)
        return tokens[:, :, 0].mean(dim=1), tokens[:, :, 1:]


BLOCKS: dict[str, type[DividedBlock | JointBlock | SpaceOnlyBlock]] = {
    "divided_space_time": DividedBlock,
    "joint_space_time": JointBlock,
    "space_only": SpaceOnlyBlock,
}


class PretrainedModel(nn.Module):
    """Reading and writing of checkpoints in the layout of transformers."""

    config: TimesformerConfig
    prefix = ""

    @classmethod
    def from_pretrained(cls, name: str | Source, *, revision: str | None = None) -> Self:
        """The model of a folder or Hub repository, on the CPU, ready for inference.

        Raises CheckpointError, which names the keys that are missing or left over.
        """
        source = resolve(name, revision)
        config = TimesformerConfig.from_pretrained(source)
        return cls.from_weights(find_weights(source), config)

    @classmethod
    def from_weights(cls, weights: Weights, config: TimesformerConfig) -> Self:
        """The model of weights that were read from a file, on the CPU, ready for inference.

        Raises CheckpointError, which names the keys that are missing or left over.
        """
        with torch.device("meta"):
            model = cls(config)
        state = weights.fit(model.state_dict(), prefix=cls.prefix)
        model.load_state_dict(state, strict=True, assign=True)
        return model.eval()

    def save_pretrained(self, folder: str | Path) -> None:
        """Writes `config.json` and `model.safetensors`, which transformers reads as they are."""
        self.config.save_pretrained(folder)
        write_weights(self.state_dict(), folder, prefix=self.prefix)

    def push_to_hub(self, repository: str, *, private: bool = False) -> str:
        """Saves the model as a Hub repository and gives its address; needs `hf auth login`.

        `push_checkpoint` takes the preprocessing along.
        """
        card = sharing_card(repository, self.config, encoder=bool(self.prefix))
        return push_folder(self.save_pretrained, repository, card, private=private)


class TimesformerModel(PretrainedModel):
    """The encoder: pixel values to tokens."""

    prefix = "timesformer."

    def __init__(self, config: TimesformerConfig) -> None:
        super().__init__()
        self.config = config
        D, (h, w) = config.hidden_size, config.grid
        self.patch_embedding = nn.Conv2d(
            config.num_channels, D, kernel_size=config.patch_shape, stride=config.patch_shape
        )
        self.cls_token = nn.Parameter(torch.zeros(1, 1, D))
        self.position_table = nn.Parameter(torch.zeros(1, 1 + h * w, D))
        if config.attention_type != "space_only":
            self.time_table = nn.Parameter(torch.zeros(1, config.num_frames, D))
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        rates = torch.linspace(0, config.drop_path_rate, config.num_hidden_layers, device="cpu")
        block = BLOCKS[config.attention_type]
        self.blocks = nn.ModuleList(block(config, rate) for rate in rates.tolist())
        self.norm = nn.LayerNorm(D, eps=config.layer_norm_eps)
        self.apply(lambda module: _initialise(module, config.initializer_range))

    def forward(
        self,
        pixel_values: Tensor,
        output_attentions: bool | None = None,
        output_hidden_states: bool | None = None,
        return_dict: bool | None = None,
    ) -> TimesformerOutput | tuple[Any, ...]:
        """Tokens of a batch of clips.

        pixel_values is (B, T, C, H, W): any T, any H and W that the patch divides.
        """
        states = list(self.trace(pixel_values, return_weights=bool(output_attentions)))
        output = TimesformerOutput(
            last_hidden_state=self.norm(_sequence(self.pooled(states[-1]))),
            **_asked_for(states, output_attentions, output_hidden_states),
        )
        return output.to_tuple() if return_dict is False else output

    def trace(self, pixel_values: Tensor, *, return_weights: bool = False) -> Iterator[State]:
        """The L+1 states of pixel_values (B, T, C, H, W): the embedding, then after each block."""
        state = self.embed(pixel_values)
        yield state
        for block in self.blocks:
            state = block(state, keep=whole if return_weights else None)
            yield state

    def conclude(self, pixel_values: Tensor) -> State:
        """The last state of `trace` without its patches, for less work."""
        state = self.embed(pixel_values)
        *blocks, last = self.blocks
        for block in blocks:
            state = block(state, keep=None)
        assert isinstance(last, Block)
        return last.conclude(state, keep=None)

    def fold(self, *, int8: bool = False) -> None:
        """Prepares for inference what gives the same answers with fewer and faster products.

        With `int8` they are products of whole numbers, on a processor, where nothing asks for
        gradients: faster still, and the answers nearly the same. Raises ValueError where the
        processor has no instructions for that.
        Saving writes the weights as they were; gradients of them, `train` and `load_state_dict` go
        back to them. Weights that changed are folded anew at the next answer where torch counts
        that; after changes by way of `.data` or of a fused optimizer it is to be called again.
        """
        if int8 and not packs(torch.int8):
            raise ValueError("int8 is True, for which this processor has no instructions (VNNI)")
        for module in list(self.modules()):
            if isinstance(module, DividedBlock | Linear):
                module.fold(int8=int8)

    @property
    def int8(self) -> bool:
        """Whether inference multiplies whole numbers."""
        return any(module.int8 for module in self.modules() if isinstance(module, Linear))

    def embed(self, pixel_values: Tensor) -> State:
        """Patches, position and time of pixel_values (B, T, C, H, W)."""
        h, w = self._grid_of(pixel_values)
        B, T = pixel_values.shape[:2]
        patches = self.patch_embedding(pixel_values.flatten(0, 1))  # (B*T, D, h, w)
        patches = patches.flatten(2).transpose(1, 2).unflatten(0, (B, T))  # (B, T, N, D)
        patches = self.dropout(patches + self.places((h, w))[:, None])
        cls = self.dropout((self.cls_token + self.position_table[:, :1])[:, 0].expand(B, -1))
        if self.config.attention_type == "space_only":
            return State(cls[:, None].expand(-1, T, -1), patches)
        moment: Tensor = self.time_table
        if moment.shape[1] != T:
            mode = TIME_INTERPOLATION[self.config.position_interpolation]
            moment = F.interpolate(moment.transpose(1, 2), size=T, mode=mode).transpose(1, 2)
        return State(cls, self.dropout(patches + moment[:, :, None]))

    def places(self, grid: tuple[int, int]) -> Tensor:
        """The position table (1, N, D) of the patches of a grid (h, w), resized down and across."""
        table = self.position_table[:, 1:]
        if grid == self.config.grid:
            return table
        mode = SPACE_INTERPOLATION[self.config.position_interpolation]
        table = table.transpose(1, 2).unflatten(2, self.config.grid)  # (1, D, h, w)
        return F.interpolate(table, size=grid, mode=mode).flatten(2).transpose(1, 2)

    def pooled(self, state: State) -> State:
        """One cls and one set of patches a clip: the space-only scheme averages its frames."""
        if self.config.attention_type != "space_only":
            return state
        return State(state.cls.mean(dim=1), state.patches.mean(dim=1, keepdim=True))

    def _grid_of(self, pixel_values: Tensor) -> tuple[int, int]:
        C, (patch_height, patch_width) = self.config.num_channels, self.config.patch_shape
        if pixel_values.ndim != 5 or pixel_values.shape[2] != C:
            raise ValueError(
                f"pixel_values has shape {tuple(pixel_values.shape)}; it must be (B, T, {C}, H, W)"
            )
        H, W = pixel_values.shape[-2:]
        if H % patch_height or W % patch_width:
            raise ValueError(
                f"frames of {H} x {W} pixels do not divide into patches of "
                f"{patch_height} x {patch_width}"
            )
        return H // patch_height, W // patch_width


class TimesformerForVideoClassification(PretrainedModel):
    """The encoder with a linear classifier on the cls token."""

    def __init__(self, config: TimesformerConfig) -> None:
        super().__init__()
        self.config = config
        self.timesformer = TimesformerModel(config)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        _initialise(self.classifier, config.initializer_range)

    def forward(
        self,
        pixel_values: Tensor,
        labels: Tensor | None = None,
        output_attentions: bool | None = None,
        output_hidden_states: bool | None = None,
        return_dict: bool | None = None,
    ) -> TimesformerOutput | tuple[Any, ...]:
        """Logits of a batch of clips, and the loss where labels are given.

        pixel_values is (B, T, C, H, W); labels is (B,) class indices, or (B, K) numbers for
        regression and several labels a clip.
        """
        states = []
        if output_attentions or output_hidden_states:
            trace = self.timesformer.trace(pixel_values, return_weights=bool(output_attentions))
            states = list(trace)
        logits = self.classify(states[-1] if states else self.timesformer.conclude(pixel_values))
        output = TimesformerOutput(
            loss=None if labels is None else self._loss(logits, labels),
            logits=logits,
            **_asked_for(states, output_attentions, output_hidden_states),
        )
        return output.to_tuple() if return_dict is False else output

    def classify(self, state: State) -> Tensor:
        """Logits (B, K) of the state after the last block, never in less than float32.

        In half precision, logits would differ in steps of a twentieth.
        """
        normed, head = self.timesformer.norm(self.timesformer.pooled(state).cls), self.classifier
        dtype = torch.promote_types(normed.dtype, torch.float32)
        return F.linear(normed.to(dtype), head.weight.to(dtype), head.bias.to(dtype))

    def _loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        whole = labels.dtype in (torch.long, torch.int)
        kind = self.config.problem_type or (
            "regression" if self.config.num_labels == 1
            else "single_label_classification" if whole
            else "multi_label_classification"
        )  # fmt: skip
        if kind == "regression":
            return F.mse_loss(logits.squeeze(), labels.squeeze())
        if kind == "single_label_classification":
            return F.cross_entropy(logits, labels.flatten().long())
        return F.binary_cross_entropy_with_logits(logits, labels)


def _one_sequence(cls: Tensor, patches: Tensor) -> Tensor:
    """cls (B, D) and patches (B, T, N, D) as (B, 1+N*T, D), the frames of a place together."""
    return torch.cat([cls[:, None], patches.transpose(1, 2).flatten(1, 2)], dim=1)


def _sequence(state: State) -> Tensor:
    """The tokens of a state in the layout of transformers."""
    if state.cls.ndim == 3:  # space-only
        return torch.cat([state.cls[:, :, None], state.patches], dim=2).flatten(0, 1)
    return _one_sequence(state.cls, state.patches)


def _asked_for(
    states: list[State], output_attentions: bool | None, output_hidden_states: bool | None
) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    if output_hidden_states:
        asked["hidden_states"] = tuple(_sequence(state) for state in states)
    if output_attentions:
        asked["attentions"] = tuple(state.space_weights for state in states[1:])
        if states[-1].time_weights is not None:
            asked["temporal_attentions"] = tuple(state.time_weights for state in states[1:])
    return asked


def _unfold(block: DividedBlock, *_: object) -> None:
    """Goes back to the weights that learn, before they change."""
    block.joined = None


def _initialise(module: nn.Module, std: float) -> None:
    """Truncated normal weights; `time_output` starts at 0, so time attention grows in training."""
    if isinstance(module, nn.Linear | nn.Conv2d):
        nn.init.trunc_normal_(module.weight, std=std)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, TimesformerModel):
        nn.init.trunc_normal_(module.cls_token, std=std)
        nn.init.trunc_normal_(module.position_table, std=std)
    elif isinstance(module, DividedBlock):
        nn.init.zeros_(module.time_output.weight)
