"""Grad-CAM: which directions of the last block's tokens a score rises with, and where those are.

Selvaraju et al., "Grad-CAM", 2017 (arXiv 1610.02391), on what space attention of the last block
reads, normalised: past it, nothing but the cls token counts. Only that block runs backwards, and
attention stays fused.
"""

import torch
from torch import Tensor

from ..models.timesformer import Block, TimesformerForVideoClassification
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
    """What of pixel_values (B, T, C, H, W) speaks for a score, or, if `negative`, against it.

    `target` is as in `score_of`. The gradients are averaged over all patches of all frames.
    """
    encoder, sign = model.timesformer, -1 if negative else 1
    last = encoder.blocks[-1]
    assert isinstance(last, Block)
    with torch.no_grad():
        state = encoder.embed(pixel_values.clone())  # one of inference mode takes no gradients
        for block in encoder.blocks[:-1]:
            state = block(state)
        state = last.attend_time(state)
    T = state.patches.shape[1]
    with torch.enable_grad():
        normed = last.norm_tokens(state).detach().requires_grad_()
        after = last.mlp_residual(last.attend_space(state, normed))
        logits = model.classify(after)
        (gradients,) = torch.autograd.grad(score_of(logits, target).sum(), normed)
    read, rising = (last.split_cls(x, T)[1].float() for x in (normed.detach(), gradients))
    weights = rising.mean(dim=(1, 2), keepdim=True)  # (B, 1, 1, D)
    return Heatmap(logits.detach(), (sign * weights * read).sum(-1).clamp(min=0))
