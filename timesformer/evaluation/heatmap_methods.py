"""Heatmaps of all methods for the evaluation, and randomized models."""

from collections.abc import Callable

import torch
from torch import Tensor

from ..explain import METHODS, Heatmap, Options
from ..explain.registry import explain
from ..kernels.prepare import is_int8, prepare
from ..models.timesformer import TimesformerForVideoClassification
from ..recognizer import Recognizer

Heatmaps = dict[str, Tensor]  # heatmaps (B, T, N) by method
GRADIENT_METHODS: dict[str, Callable[..., Heatmap]] = {
    name: method.function
    for name, method in METHODS.items()
    if method.is_class_specific and not method.is_slow
}
SHARPER_METHODS = ("attention", "gradsam", "libra-pointed")  # four times the cost


def compute_heatmaps(
    recognizer: Recognizer,
    pixel_values: Tensor,
    *,
    target: Tensor | None = None,
    slow: bool = False,
) -> Heatmaps:
    """Return the heatmaps of every fast (or slow) method and its variants, on the CPU."""
    model, values = recognizer.model, recognizer.at_model(pixel_values)
    heatmaps: Heatmaps = {}
    for name, method in METHODS.items():
        if method.is_slow != slow or model.config.attention_type not in method.schemes:
            continue
        options = {"target": target} if method.is_class_specific else {}
        heatmaps[name] = method.function(model, values, **options).patches.float().cpu()
        for variant, others in method.variants.items():
            heatmap = method.function(model, values, **options, **others)
            heatmaps[f"{name}, {variant}"] = heatmap.patches.float().cpu()
    return heatmaps


def compute_sharper_heatmaps(recognizer: Recognizer, pixel_values: Tensor) -> Heatmaps:
    """Return heatmaps (B, T, 4*N) of quarters of patches, by some methods, on the CPU."""
    values = recognizer.at_model(pixel_values)
    return {
        f"{method}, sharper": explain(
            recognizer.model, values, Options(method, sharper=True), labels=recognizer.labels
        ).patches.cpu()
        for method in SHARPER_METHODS
    }


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
