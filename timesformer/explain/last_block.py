"""The last block, where the prediction depends on the attention of cls."""

import torch
from torch import Tensor, nn

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


def patches_of(block: nn.Module, row: Tensor, num_frames: int) -> Tensor:
    """Return what the row of cls in space attention, (S, 1, n), holds for patches (B, T, N)."""
    assert isinstance(block, Block)
    _, patches = block.split_cls(row.mT, num_frames)
    return patches[..., 0]
