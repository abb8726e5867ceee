"""Libra: tokens times gradients, with the factors that distort gradients held constant.

Mehri, Baghshah and Pilehvar, "LibraGrad: Balancing Gradient Flow for Universally Better Vision
Transformer Attributions", 2024 (arXiv 2411.16760). Going backward, attention weights, the gates of
activations and the deviations of layer norms are constants. The score is then a linear function of
the tokens. Tokens times gradients are their shares of it; the biases have the rest.
"""

import copy
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from ..models.attention import Attention, AttentionCall, Observer
from ..models.blocks import ACTIVATIONS, State
from ..models.outputs import has_one_label
from ..models.timesformer import TimesformerForVideoClassification
from .backward import Run, Score, run_backward
from .last_block import patches_of
from .target import log_odds_of, score_of
from .types import Heatmap

Result = TypeVar("Result")


@torch.inference_mode(False)
def libra(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    *,
    target: Tensor | None = None,
    negative: bool = False,
) -> Heatmap:
    """Return the Libra heat of patches of pixel_values (B, T, C, H, W) for the score of `target`.

    `target` is that of `score_of`; `negative` returns evidence against the target. The heat is the
    sum over all blocks of (tokens * gradient)+, of the tokens before the block. Attention stays
    fused.
    """
    measure = partial(_heat, negative=negative)
    logits, heats = measure_blocks(model, pixel_values, measure, target=target)
    return Heatmap(logits, torch.stack(heats).sum(0))


@torch.inference_mode(False)
def libra_pointed(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    *,
    target: Tensor | None = None,
    negative: bool = False,
) -> Heatmap:
    """Return the geometric mean of the last block's attention of cls and of later Libra heat.

    Arguments are those of `libra`. The heat is that of the second half of the blocks, and the first
    half does not run backward. If a clip has one label, the score is the log-odds of the target.
    """
    measure = partial(_heat, negative=negative)
    logits, heats, weights = measure_later_blocks(model, pixel_values, measure, target=target)
    return Heatmap(logits, (torch.stack(heats).sum(0) * weights).sqrt())


def _heat(_: int, tokens: Tensor, gradients: Tensor, *, negative: bool) -> Tensor:
    return positive_share(tokens, gradients, negative=negative)


def positive_share(tokens: Tensor, gradients: Tensor, *, negative: bool) -> Tensor:
    """Return (tokens * gradients)+ of tokens (B, T, N, D), as (B, T, N); `negative`: of -tokens."""
    share = signed_share(tokens, gradients)
    return (-share if negative else share).clamp(min=0)


def signed_share(tokens: Tensor, gradients: Tensor) -> Tensor:
    """Return the share (B, T, N) of the score that tokens (B, T, N, D) have by their gradients."""
    dtype = torch.promote_types(tokens.dtype, torch.float32)
    return (tokens * gradients).sum(dim=-1, dtype=dtype)


def measure_later_blocks(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    measure: Callable[[int, Tensor, Tensor], Result],
    *,
    target: Tensor | None,
) -> tuple[Tensor, list[Result], Tensor]:
    """Return what `measure_blocks` does for the second half of the blocks, and attention.

    The attention is that of cls in the last block, (B, T, N). If a clip has one label, the score is
    the log-odds.
    """
    blocks = model.timesformer.blocks
    calls: list[AttentionCall] = []  # of the last block; space attention is the last of them
    logits, results = measure_blocks(
        model,
        pixel_values,
        measure,
        target=target,
        score=log_odds_of if has_one_label(model.config) else score_of,
        first_block=len(blocks) // 2,
        observe_last=calls.append,
    )
    with torch.no_grad():
        row = calls[-1].weights.mean(dim=1)  # (S, 1, n)
        return logits, results, patches_of(blocks[-1], row, pixel_values.shape[1])


def measure_blocks(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    measure: Callable[[int, Tensor, Tensor], Result],
    *,
    target: Tensor | None,
    score: Score = score_of,
    first_block: int = 0,
    observe_last: Observer | None = None,
) -> tuple[Tensor, list[Result]]:
    """Return logits, and the results of `measure` for the blocks from `first_block` on.

    `measure` takes 0, 1, 2... for these blocks, the tokens (B, T, N, D) before the block and their
    gradients; it is called for the last block first. `observe_last` reads the attentions of the
    last block.
    """
    results: list[Result] = []  # from the last block to the first
    num_blocks = len(model.timesformer.blocks) - first_block

    def run(blocks: Sequence[nn.Module], state: State, is_last: bool) -> Run:
        inputs: list[Tensor] = []
        for block in blocks:
            inputs.append(state.patches)
            ends = is_last and block is blocks[-1]
            state = block(state, observe=observe_last if ends else None, cls_only=ends)

        def use(gradients: Sequence[Tensor]) -> None:
            for tokens, gradient in reversed(list(zip(inputs, gradients, strict=True))):
                number = num_blocks - 1 - len(results)
                results.append(measure(number, tokens.detach(), gradient))

        return Run(state, inputs, use)

    logits = run_backward(
        model,
        pixel_values,
        run,
        target=target,
        score=score,
        first_block=first_block,
        differentiable=with_constant_factors(model),
    )
    return logits, results[::-1]


def with_constant_factors(
    model: TimesformerForVideoClassification,
) -> TimesformerForVideoClassification:
    """Return a model that shares all weights and computes the same, with Libra's gradients."""
    activation = type(ACTIVATIONS[model.config.hidden_act]())

    def copied(module: nn.Module) -> Any:
        if isinstance(module, Attention):
            return _ConstantWeights(module)
        if isinstance(module, nn.LayerNorm):
            return _Constant(_Deviation, module)
        if isinstance(module, activation):
            return _Constant(Gate, module)
        if not module._modules:
            return module
        shallow = copy.copy(module)
        shallow._modules = {name: copied(child) for name, child in module.named_children()}
        return shallow

    return copied(model)


class _Constant(nn.Module):
    """A module whose gradients are those of a function that calls it."""

    def __init__(self, function: type[torch.autograd.Function], module: nn.Module) -> None:
        super().__init__()
        self.function, self.module = function, module

    def forward(self, values: Tensor) -> Tensor:
        return self.function.apply(values, self.module)


class _ConstantWeights(nn.Module):
    """Attention with constant weights: only the values take gradients.

    An observer reads the calls; its results are not returned.
    """

    def __init__(self, attention: Attention) -> None:
        super().__init__()
        self.attention = attention

    def forward(
        self, tokens: Tensor, *, observe: Observer | None = None, cls_only: bool = False
    ) -> tuple[Tensor, None]:
        heads, _ = self.attend(tokens, observe=observe, cls_only=cls_only)
        return self.attention.dropout(self.attention.output(heads)), None

    def attend(
        self, tokens: Tensor, *, observe: Observer | None = None, cls_only: bool = False
    ) -> tuple[Tensor, None]:
        return _Values.apply(tokens, self.attention, observe, cls_only), None


class _Values(torch.autograd.Function):
    """The outputs of all heads (S, n, D), whose gradients go back through the values alone."""

    @staticmethod
    def forward(
        ctx: Any, tokens: Tensor, attention: Attention, observe: Observer | None, cls_only: bool
    ) -> Tensor:
        ctx.attention, ctx.calls = attention, []

        def keep(call: AttentionCall) -> Tensor:
            ctx.calls.append(AttentionCall(call.q, call.k, call.v))  # without the output
            if observe is not None:
                observe(ctx.calls[-1])
            return call.q[:, :0]  # the results of several calls are concatenated

        heads, _ = attention.attend(tokens, observe=keep, cls_only=cls_only)
        return heads

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        A, D = ctx.attention.num_heads, gradients[0].shape[-1]
        heads = gradients[0].unflatten(2, (A, -1)).transpose(1, 2)  # (S, A, n or 1, d)
        parts = heads.split([len(call.q) for call in ctx.calls])
        of_values = [
            (call.weights.mT @ part.to(call.weights.dtype)).to(part.dtype)
            for call, part in zip(ctx.calls, parts, strict=True)
        ]  # (S, A, n, d)
        values = torch.cat(of_values).transpose(1, 2).flatten(2)  # (S, n, D)
        return values @ ctx.attention.qkv.weight[-D:], None, None, None


class Gate(torch.autograd.Function):
    """An activation as its input times a gate, which is constant."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, activation: nn.Module) -> Tensor:
        activated: Tensor = activation(values)
        # All these activations halve values near 0, or, ReLU, jump there from 0 to 1.
        gate = (activated / values).nan_to_num_(nan=0.5)
        ctx.save_for_backward(gate)
        return activated

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (gate,) = ctx.saved_tensors
        return gradients[0] * gate, None


class _Deviation(torch.autograd.Function):
    """A layer norm whose deviation is constant: it subtracts the mean and scales."""

    @staticmethod
    def forward(ctx: Any, tokens: Tensor, norm: nn.LayerNorm) -> Tensor:
        normed, _, scale = torch.native_layer_norm(
            tokens, norm.normalized_shape, norm.weight, norm.bias, norm.eps
        )
        ctx.save_for_backward(scale, norm.weight)
        return normed

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        scale, weight = ctx.saved_tensors
        scaled = gradients[0] * weight * scale.to(weight.dtype)
        return scaled - scaled.mean(dim=-1, keepdim=True), None
