"""Grad-SAM: attention of cls in the last block, times its gradient.

Barkan et al., "Grad-SAM: Explaining Transformers via Gradient Self-Attention Maps", 2021 (arXiv
2204.11073). The heatmap is the mean over heads of (gradient * weights)+ in the row of cls of the
last block. It is the first step of relevance. Only the last block runs backward, and attention
stays fused.
"""

import torch
from torch import Tensor

from ..models.attention import AttentionCall
from ..models.timesformer import TimesformerForVideoClassification
from .last_block import patches_of, run_to_last_block
from .target import score_of
from .types import Heatmap


@torch.inference_mode(False)
def gradsam(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    *,
    target: Tensor | None = None,
    negative: bool = False,
) -> Heatmap:
    """Return the Grad-SAM of patches of pixel_values (B, T, C, H, W) for the score of `target`.

    `target` is that of `score_of`; `negative` returns evidence against the target.
    """
    sign = -1 if negative else 1
    last, state, tokens = run_to_last_block(model.timesformer, pixel_values)
    calls: list[AttentionCall] = []
    with torch.enable_grad():
        attended = last.attend_space(state, tokens, observe=calls.append, cls_only=True)
        logits = model.classify(last.mlp_residual(attended))
        (call,) = calls
        (gradients,) = torch.autograd.grad(score_of(logits, target).sum(), call.output)
    with torch.no_grad():
        product = sign * (gradients @ call.v.mT).float() * call.weights.float()  # (S, A, 1, n)
        row = product.clamp(min=0).mean(dim=1)  # (S, 1, n)
        patches = patches_of(last, row, state.patches.shape[1])
    return Heatmap(logits.detach(), patches)
