"""The small model, clips and targets that the tests of gradient methods share."""

import torch
from tiny import random_pixels, randomized
from torch import Tensor

from timesformer.models.config import TimesformerConfig
from timesformer.models.timesformer import TimesformerForVideoClassification

B, T, (h, w) = 2, 3, (2, 3)
N = h * w
CLASS = torch.tensor([0.0, 1, 0, 0])
TARGETS = {"a class": CLASS, "a contrast": torch.tensor([1.0, 0, -1, 0]), "the most likely": None}


def model_of(scheme: str) -> TimesformerForVideoClassification:
    torch.manual_seed(0)
    config = TimesformerConfig(
        image_size=(16, 24), patch_size=8, num_frames=T, hidden_size=16, num_hidden_layers=3,
        num_attention_heads=2, intermediate_size=24, attention_type=scheme, num_labels=4,
    )  # fmt: skip
    return randomized(TimesformerForVideoClassification(config)).double()


def clips() -> Tensor:
    return random_pixels(B, T, 3, 8 * h, 8 * w).double()
