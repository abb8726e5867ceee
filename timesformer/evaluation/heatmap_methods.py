"""Heatmaps of all methods for the evaluation, and randomized models."""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from ..explain import (
    Relevance,
    gradcam,
    gradsam,
    relevance,
    rollout,
    space_attention,
    time_attention,
    watch,
)
from ..explain.attention_maps import HALVES
from ..kernels.prepare import is_int8, prepare
from ..models.timesformer import TimesformerForVideoClassification
from ..recognizer import Recognizer

Heatmaps = dict[str, Tensor]  # heatmaps (B, T, N) by method
BY_GRADIENTS: dict[str, Callable[..., Relevance]] = {
    "relevance": relevance, "gradsam": gradsam, "gradcam": gradcam,
}  # fmt: skip


def compute_heatmaps(
    recognizer: Recognizer, pixel_values: Tensor, *, target: Tensor | None = None
) -> Heatmaps:
    """Return the heatmaps of every method but occlusion, on the CPU."""
    values, T = recognizer.at_model(pixel_values), pixel_values.shape[1]
    with torch.inference_mode():
        encoder = recognizer.model.timesformer
        _, blocks = watch(encoder, values, norm_aware=True, cls_only=True)
        halved = [replace(block, kept=HALVES) for block in blocks]
        heatmaps = {
            "rollout": rollout(halved, num_frames=T).patches,
            "rollout, norm-aware": rollout(blocks, num_frames=T).patches,
            "attention": space_attention(blocks[-1], num_frames=T).patches,
        }
        if blocks[-1].time is not None:
            heatmaps["time-attention"] = time_attention(blocks[-1], num_frames=T).patches
    for method, explain in BY_GRADIENTS.items():
        heatmaps[method] = explain(recognizer.model, values, target=target).patches
    return {method: heatmap.float().cpu() for method, heatmap in heatmaps.items()}


def randomize(
    model: TimesformerForVideoClassification, *, seed: int, only: str = ""
) -> TimesformerForVideoClassification:
    """Return a copy whose weights are in random order; `only` is a prefix of their names.

    The weights keep their size and lose what they learned (Adebayo et al. 2018, arXiv 1810.03292).
    """
    with torch.device("meta"):
        randomized = TimesformerForVideoClassification(model.config)
    state, generator = model.state_dict(), torch.Generator().manual_seed(seed)
    for name, _ in randomized.named_parameters():
        if name.startswith(only):
            weights = state[name]
            order = torch.randperm(weights.numel(), generator=generator).to(weights.device)
            state[name] = weights.flatten()[order].view_as(weights)
    randomized.load_state_dict(state, assign=True)
    return prepare(randomized, int8=is_int8(model))
