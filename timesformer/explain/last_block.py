"""The last block, whose attention of cls is what the prediction reads."""

import torch
from torch import Tensor, nn

from ..models.attention import AttentionCall
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


def attention_of_cls(block: nn.Module, call: AttentionCall, num_frames: int) -> Tensor:
    """Return the attention (B, T, N) of cls to patches in a block, the mean over heads.

    `call` is that of the block's space attention, of cls alone.
    """
    assert isinstance(block, Block)
    with torch.no_grad():
        row = call.weights.mean(dim=1)  # (S, 1, n)
        _, patches = block.split_cls(row.mT, num_frames)
    return patches[..., 0]
