"""The heatmaps that are measured, all methods at once, and models that know nothing."""

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

Heats = dict[str, Tensor]  # heat (B, T, N) by each method
BY_GRADIENTS: dict[str, Callable[..., Relevance]] = {
    "relevance": relevance, "gradsam": gradsam, "gradcam": gradcam,
}  # fmt: skip


def heats_of(
    recognizer: Recognizer, pixel_values: Tensor, *, target: Tensor | None = None
) -> Heats:
    """The heat by every method but occlusion, on the CPU."""
    values, T = recognizer.at_model(pixel_values), pixel_values.shape[1]
    with torch.inference_mode():
        encoder = recognizer.model.timesformer
        _, blocks = watch(encoder, values, norm_aware=True, cls_only=True)
        halved = [replace(block, kept=HALVES) for block in blocks]
        found = {
            "rollout": rollout(halved, num_frames=T).patches,
            "rollout, norm-aware": rollout(blocks, num_frames=T).patches,
            "attention": space_attention(blocks[-1], num_frames=T).patches,
        }
        if blocks[-1].time is not None:
            found["time-attention"] = time_attention(blocks[-1], num_frames=T).patches
    for method, explain in BY_GRADIENTS.items():
        found[method] = explain(recognizer.model, values, target=target).patches
    return {method: heat.float().cpu() for method, heat in found.items()}


def shuffled(
    model: TimesformerForVideoClassification, *, seed: int, only: str = ""
) -> TimesformerForVideoClassification:
    """A copy whose weights, or those that `only` begins the name of, are in a random order.

    So they are as large as before and know nothing (after Adebayo et al. 2018, arXiv 1810.03292).
    """
    with torch.device("meta"):
        other = TimesformerForVideoClassification(model.config)
    state, generator = model.state_dict(), torch.Generator().manual_seed(seed)
    for name, _ in other.named_parameters():
        if name.startswith(only):
            weights = state[name]
            order = torch.randperm(weights.numel(), generator=generator).to(weights.device)
            state[name] = weights.flatten()[order].view_as(weights)
    other.load_state_dict(state, assign=True)
    return prepare(other, int8=is_int8(model))
