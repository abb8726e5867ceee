"""Grad-SAM: what a score rises with of the attention that the cls token pays in the last block.

Barkan et al., "Grad-SAM: Explaining Transformers via Gradient Self-Attention Maps", 2021 (arXiv
2204.11073), of the last block alone and its row of cls, past which nothing else counts: attention
weights times their gradients where these are positive, mean over heads. It is the first step of
relevance. Only the last block runs backwards, from cls, and attention stays fused.
"""

import torch

from ..models.attention import AttentionCall
from ..models.timesformer import Block, TimesformerForVideoClassification
from .target import score_of
from .types import Heatmap


@torch.inference_mode(False)
def gradsam(
    model: TimesformerForVideoClassification,
    pixel_values: torch.Tensor,
    *,
    target: torch.Tensor | None = None,
    negative: bool = False,
) -> Heatmap:
    """What of pixel_values (B, T, C, H, W) speaks for a score, or, if `negative`, against it.

    `target` is as in `score_of`.
    """
    encoder, sign = model.timesformer, -1 if negative else 1
    *blocks, last = encoder.blocks
    assert isinstance(last, Block)
    with torch.no_grad():
        state = encoder.embed(pixel_values.clone())  # one of inference mode takes no gradients
        for block in blocks:
            state = block(state)
        state = last.attend_time(state)
        normed = last.norm_tokens(state)
    calls: list[AttentionCall] = []
    with torch.enable_grad():
        read = last.attend_space(
            state, normed.requires_grad_(), observe=calls.append, cls_only=True
        )
        logits = model.classify(last.mlp_residual(read))
        (call,) = calls
        (rising,) = torch.autograd.grad(score_of(logits, target).sum(), call.output)
    with torch.no_grad():
        counts = sign * (rising @ call.v.mT).float() * call.weights.float()  # (S, A, 1, n)
        row = counts.clamp(min=0).mean(dim=1)  # (S, 1, n)
        _, patches = last.split_cls(row.mT, state.patches.shape[1])
    return Heatmap(logits.detach(), patches[..., 0])
