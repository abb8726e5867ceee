"""The last block, for methods whose gradients need no other block."""

import torch
from torch import Tensor

from ..models.blocks import Block, State
from ..models.timesformer import TimesformerModel


@torch.no_grad()
def run_to_last_block(
    encoder: TimesformerModel, pixel_values: Tensor
) -> tuple[Block, State, Tensor]:
    """Return the last block, the state before its space attention, and the tokens (S, n, D) of it.

    pixel_values is (B, T, C, H, W). The tokens, which are normalized, take gradients.
    """
    *blocks, last = encoder.blocks
    assert isinstance(last, Block)
    # A clone, because a tensor made in inference mode takes no gradients.
    state = encoder.embed(pixel_values.clone())
    for block in blocks:
        state = block(state)
    state = last.attend_time(state)
    return last, state, last.norm_tokens(state).requires_grad_()
