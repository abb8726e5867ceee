"""TimeSformer: a video transformer whose attention is split into time and space.

Bertasius, Wang and Torresani, "Is Space-Time Attention All You Need for Video Understanding?",
2021 (arXiv 2102.05095). Written from the mathematics of the paper and of the released models. Where
the two differ, it follows the models: the cls token takes no part in time attention.

Letters: B batch, T frames, C channels, H W pixels, h w patch grid, N = h*w patches a frame.
D width, A heads, L blocks, K classes. S sequences, n tokens of any sequence.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..hub.pretrained import PretrainedModel
from .attention import full_weights
from .blocks import BLOCKS, DividedBlock, State, sequence_per_clip, sequence_per_frame
from .card import model_card
from .config import TimesformerConfig
from .outputs import TimesformerOutput

SPACE_INTERPOLATION = {"nearest": "nearest", "linear": "bilinear", "bicubic": "bicubic"}
TIME_INTERPOLATION = {"nearest": "nearest", "linear": "linear", "bicubic": "linear"}


class TimesformerModel(PretrainedModel[TimesformerConfig]):
    """The encoder: pixel values to tokens."""

    config_class = TimesformerConfig
    prefix = "timesformer."

    def __init__(self, config: TimesformerConfig) -> None:
        super().__init__(config)
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
        self.apply(lambda module: _init_weights(module, config.initializer_range))

    def forward(
        self,
        pixel_values: Tensor,
        output_attentions: bool | None = None,
        output_hidden_states: bool | None = None,
        return_dict: bool | None = None,
        *,
        cls_only: bool = False,
    ) -> TimesformerOutput | tuple[Any, ...]:
        """Return the tokens of a batch of clips.

        pixel_values is (B, T, C, H, W): any T, any H and W that the patch divides. With `cls_only`
        the last block computes cls alone, and last_hidden_state is (B, 1, D).
        """
        states: list[State] = []
        return_weights = bool(output_attentions)
        for state in self.trace(pixel_values, return_weights=return_weights, cls_only=cls_only):
            if not (output_attentions or output_hidden_states):
                states.clear()
            states.append(state)
        output = TimesformerOutput(
            last_hidden_state=self.norm(_all_tokens(self.pool_frames(states[-1]))),
            **_requested(states, output_attentions, output_hidden_states),
        )
        return output.to_tuple() if return_dict is False else output

    def trace(
        self, pixel_values: Tensor, *, return_weights: bool = False, cls_only: bool = False
    ) -> Iterator[State]:
        """Yield the L+1 states of pixel_values (B, T, C, H, W): embedding, then after each block.

        With `return_weights` the states hold the attention weights as their observed results.
        With `cls_only` the last state has no patches.
        """
        observe = full_weights if return_weights else None
        state = self.embed(pixel_values)
        yield state
        for block in self.blocks:
            state = block(state, observe=observe, cls_only=cls_only and block is self.blocks[-1])
            yield state

    def embed(self, pixel_values: Tensor) -> State:
        """Return the embedding of pixel_values (B, T, C, H, W): patches, positions and times."""
        h, w = self._grid_of(pixel_values)
        B, T = pixel_values.shape[:2]
        patches = self.patch_embedding(pixel_values.flatten(0, 1))  # (B*T, D, h, w)
        patches = patches.flatten(2).transpose(1, 2).unflatten(0, (B, T))  # (B, T, N, D)
        patches = self.dropout(patches + self.position_embedding((h, w))[:, None])
        cls = self.dropout((self.cls_token + self.position_table[:, :1])[:, 0].expand(B, -1))
        if self.config.attention_type == "space_only":
            return State(cls[:, None].expand(-1, T, -1), patches)
        return State(cls, self.dropout(patches + self.time_embedding(T)[:, :, None]))

    def position_embedding(self, grid: tuple[int, int]) -> Tensor:
        """Return the position table (1, N, D) of the patches, resized to a grid (h, w)."""
        table = self.position_table[:, 1:]
        if grid == self.config.grid:
            return table
        mode = SPACE_INTERPOLATION[self.config.position_interpolation]
        table = table.transpose(1, 2).unflatten(2, self.config.grid)  # (1, D, h, w)
        return F.interpolate(table, size=grid, mode=mode).flatten(2).transpose(1, 2)

    def time_embedding(self, T: int) -> Tensor:
        """Return the time table (1, T, D), resized to T frames."""
        table: Tensor = self.time_table
        if table.shape[1] == T:
            return table
        mode = TIME_INTERPOLATION[self.config.position_interpolation]
        return F.interpolate(table.transpose(1, 2), size=T, mode=mode).transpose(1, 2)

    def pool_frames(self, state: State) -> State:
        """Return one cls and one set of patches a clip: space-only averages its frames."""
        if self.config.attention_type != "space_only":
            return state
        return State(state.cls.mean(dim=1), state.patches.mean(dim=1, keepdim=True))

    def card(self, repository: str) -> str:
        return model_card(repository, self.config, encoder=True)

    def _grid_of(self, pixel_values: Tensor) -> tuple[int, int]:
        C = self.config.num_channels
        if pixel_values.ndim != 5 or pixel_values.shape[2] != C:
            raise ValueError(
                f"pixel_values has shape {tuple(pixel_values.shape)}; it must be (B, T, {C}, H, W)"
            )
        return self.config.grid_of(*pixel_values.shape[-2:])


class Classifier(nn.Linear):
    """Linear map of cls to logits, computed in float32 at least.

    In half precision, logits would differ in steps of a twentieth.
    """

    def forward(self, cls: Tensor) -> Tensor:
        """Return logits (B, K) of cls tokens (B, D)."""
        dtype = torch.promote_types(cls.dtype, torch.float32)
        return F.linear(cls.to(dtype), self.weight.to(dtype), self.bias.to(dtype))


class TimesformerForVideoClassification(PretrainedModel[TimesformerConfig]):
    """The encoder with a linear classifier on the cls token."""

    config_class = TimesformerConfig

    def __init__(self, config: TimesformerConfig) -> None:
        super().__init__(config)
        self.timesformer = TimesformerModel(config)
        self.classifier = Classifier(config.hidden_size, config.num_labels)
        _init_weights(self.classifier, config.initializer_range)

    def forward(
        self,
        pixel_values: Tensor,
        labels: Tensor | None = None,
        output_attentions: bool | None = None,
        output_hidden_states: bool | None = None,
        return_dict: bool | None = None,
    ) -> TimesformerOutput | tuple[Any, ...]:
        """Return the logits of a batch of clips, and the loss if labels are given.

        pixel_values is (B, T, C, H, W). labels is (B,) class indices, or (B, K) numbers for
        regression and for several labels a clip.
        """
        encoded = self.timesformer(
            pixel_values,
            output_attentions=output_attentions,
            output_hidden_states=output_hidden_states,
            cls_only=not (output_attentions or output_hidden_states),
        )
        logits = self.classifier(encoded.last_hidden_state[:, 0])
        loss = None if labels is None else self._loss(logits, labels)
        output = replace(encoded, loss=loss, logits=logits, last_hidden_state=None)
        return output.to_tuple() if return_dict is False else output

    def classify(self, state: State) -> Tensor:
        """Return the logits (B, K) of the state after the last block."""
        cls = self.timesformer.pool_frames(state).cls
        logits: Tensor = self.classifier(self.timesformer.norm(cls))
        return logits

    def card(self, repository: str) -> str:
        return model_card(repository, self.config)

    def _loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        is_index = labels.dtype in (torch.long, torch.int)
        kind = self.config.problem_type or (
            "regression" if self.config.num_labels == 1
            else "single_label_classification" if is_index
            else "multi_label_classification"
        )  # fmt: skip
        if kind == "regression":
            return F.mse_loss(logits.squeeze(), labels.squeeze())
        if kind == "single_label_classification":
            return F.cross_entropy(logits, labels.flatten().long())
        return F.binary_cross_entropy_with_logits(logits, labels)


def _all_tokens(state: State) -> Tensor:
    """Return the tokens of a state in the layout of transformers."""
    to_sequences = sequence_per_frame if state.has_cls_per_frame else sequence_per_clip
    return to_sequences(state.cls, state.patches)


def _requested(
    states: list[State], output_attentions: bool | None, output_hidden_states: bool | None
) -> dict[str, Any]:
    """Return the optional fields of an output."""
    fields: dict[str, Any] = {}
    if output_hidden_states:
        fields["hidden_states"] = tuple(_all_tokens(state) for state in states)
    if output_attentions:
        fields["attentions"] = tuple(state.space_observed for state in states[1:])
        if states[-1].time_observed is not None:
            fields["temporal_attentions"] = tuple(state.time_observed for state in states[1:])
    return fields


def _init_weights(module: nn.Module, std: float) -> None:
    """Draw truncated normal weights; `time_output` starts at 0, so time attention adds nothing."""
    if isinstance(module, nn.Linear | nn.Conv2d):
        nn.init.trunc_normal_(module.weight, std=std)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, TimesformerModel):
        nn.init.trunc_normal_(module.cls_token, std=std)
        nn.init.trunc_normal_(module.position_table, std=std)
    elif isinstance(module, DividedBlock):
        nn.init.zeros_(module.time_output.weight)
