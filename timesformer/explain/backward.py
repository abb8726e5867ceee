"""A backward pass through the blocks in bounded memory, for methods that use many blocks."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..models.blocks import State
from ..models.timesformer import TimesformerForVideoClassification
from .target import score_of

MAX_NUMBERS = 2**24  # tokens x width x blocks of a backward pass: about 1.6 GB of activations


class Run(NamedTuple):
    """A forward pass through some blocks.

    after: the state after them. tensors: those whose gradients are needed. use: called with these
    gradients; later groups of blocks are used before earlier ones.
    """

    after: State
    tensors: Sequence[Tensor]
    use: Callable[[Sequence[Tensor]], None]


Runner = Callable[[Sequence[nn.Module], State, bool], Run]
Score = Callable[[Tensor, Tensor | None], Tensor]  # as `score_of`


def run_backward(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    run: Runner,
    *,
    target: Tensor | None,
    score: Score = score_of,
    first_block: int = 0,
    differentiable: TimesformerForVideoClassification | None = None,
) -> Tensor:
    """Return the logits (B, K) of pixel_values (B, T, C, H, W), after a backward pass.

    The gradients are those of the score of the logits and `target`. `run` takes successive blocks,
    the state before them, and True if only cls is read after them. Blocks before `first_block` run
    forward alone. If the graph of all others would exceed MAX_NUMBERS, they run backward in groups.
    All groups but the last then run forward twice. `differentiable` computes the same as `model`;
    if it is given, the gradients are its.
    """
    blocks, source = model.timesformer.blocks, differentiable or model
    with torch.no_grad():
        # A clone, because a tensor made in inference mode takes no gradients.
        states = [_forward(blocks[:first_block], model.timesformer.embed(pixel_values.clone()))]
        groups = _groups(first_block, len(blocks), states[0])
        for group in groups[:-1]:
            states.append(_forward(blocks[group], states[-1]))
    logits: list[Tensor] = []

    def outputs_of(after: State) -> list[Tensor]:
        if logits:
            return [after.cls, after.patches]
        logits.append(source.classify(after))
        return [score(logits[0], target).sum()]

    gradients = None
    for group in reversed(groups):
        gradients = _backward(
            source.timesformer.blocks[group], states.pop(), run, outputs_of, gradients
        )
    return logits[0].detach()


def _groups(first: int, num_blocks: int, state: State) -> list[slice]:
    """Split blocks from `first` on into groups whose backward passes hold at most MAX_NUMBERS."""
    size = max(1, MAX_NUMBERS // state.patches.numel())
    return [slice(start, start + size) for start in range(first, num_blocks, size)]


def _forward(blocks: Iterable[nn.Module], state: State) -> State:
    for block in blocks:
        state = block(state)
    return state


def _backward(
    blocks: Sequence[nn.Module],
    before: State,
    run: Runner,
    outputs_of: Callable[[State], list[Tensor]],
    gradients: list[Tensor] | None,
) -> list[Tensor]:
    """Run a group of blocks forward and backward; return the gradients of the tokens before it.

    `gradients` are those of `outputs_of` the state after the group; None for a score.
    """
    with torch.enable_grad():
        tokens = [tensor.detach().requires_grad_() for tensor in (before.cls, before.patches)]
        after, tensors, use = run(blocks, State(*tokens), gradients is None)
        outputs = outputs_of(after)
    cls, patches, *inner = torch.autograd.grad(outputs, [*tokens, *tensors], gradients)
    with torch.no_grad():
        use(inner)
    return [cls, patches]
