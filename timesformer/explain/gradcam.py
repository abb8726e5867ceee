"""Grad-CAM: the tokens that the last block reads, weighted by the gradient of a score.

Selvaraju et al., "Grad-CAM", 2017 (arXiv 1610.02391). The feature maps are the normalized inputs of
the last space attention. After it, nothing but cls reaches the classifier. Only the last block runs
backward, and attention stays fused.
"""

import torch
from torch import Tensor

from ..models.timesformer import TimesformerForVideoClassification
from .last_block import run_to_last_block
from .target import score_of
from .types import Heatmap


@torch.inference_mode(False)
def gradcam(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    *,
    target: Tensor | None = None,
    negative: bool = False,
) -> Heatmap:
    """Return the Grad-CAM of patches of pixel_values (B, T, C, H, W) for the score of `target`.

    `target` is that of `score_of`; `negative` returns evidence against the target. Gradients are
    averaged over all patches of all frames.
    """
    sign = -1 if negative else 1
    last, state, tokens = run_to_last_block(model.timesformer, pixel_values)
    T = state.patches.shape[1]
    with torch.enable_grad():
        after = last.mlp_residual(last.attend_space(state, tokens))
        logits = model.classify(after)
        (gradients,) = torch.autograd.grad(score_of(logits, target).sum(), tokens)
    features, gradients = (
        last.split_cls(values, T)[1].float() for values in (tokens.detach(), gradients)
    )
    weights = gradients.mean(dim=(1, 2), keepdim=True)  # (B, 1, 1, D)
    return Heatmap(logits.detach(), (sign * weights * features).sum(-1).clamp(min=0))
