"""The cost of a Hub model on this computer, compared with the published models."""

import math
from typing import NamedTuple

import torch

from ..checkpoints.checkpoint import describe_checkpoint
from ..checkpoints.registry import PUBLISHED
from ..errors import TimesformerError
from ..hub.source import Repository
from ..i18n import Message
from ..models.config import TimesformerConfig
from ..models.timesformer import TimesformerForVideoClassification
from ..preprocess import Preprocess


class ModelCost(NamedTuple):
    """Estimates for one clip: counts of numbers that are in memory at once, and of operations."""

    frames: int
    pixels: int
    parameters: int
    multiplications: int  # one for each parameter and patch
    activations_of_a_block: int  # of all patches, at their widest
    attention_weights_of_a_block: int  # of all heads
    attention_weights_of_all_blocks: int  # averaged over heads

    @classmethod
    def of(cls, config: TimesformerConfig, preprocess: Preprocess) -> "ModelCost":
        """Return the cost of a model for clips of its preprocessing."""
        T, (H, W) = preprocess.num_frames, preprocess.crop_size
        N = math.prod(config.grid_of(H, W))
        is_joint = config.attention_type == "joint_space_time"
        parameters = count_parameters(config)
        weights = (1 + T * N) ** 2 if is_joint else T * (1 + N) ** 2 + N * T**2
        return cls(
            frames=T,
            pixels=T * H * W,
            parameters=parameters,
            multiplications=T * N * parameters,
            activations_of_a_block=T * N * max(config.hidden_size, config.intermediate_size),
            attention_weights_of_a_block=config.num_attention_heads * weights,
            attention_weights_of_all_blocks=config.num_hidden_layers * weights,
        )


def count_parameters(config: TimesformerConfig) -> int:
    """Return the number of parameters of a model, which needs no memory for them."""
    with torch.device("meta"):
        model = TimesformerForVideoClassification(config)
    return sum(parameter.numel() for parameter in model.parameters())


def check_cost(repository: Repository) -> None:
    """Raise TimesformerError if a model costs more than the most expensive published one."""
    config, preprocess, _ = describe_checkpoint(repository)
    published = [ModelCost.of(entry.config, entry.preprocess) for entry in PUBLISHED]
    costs = zip(ModelCost._fields, ModelCost.of(config, preprocess), *published, strict=True)
    for name, cost, *limits in costs:
        if cost > max(limits):
            raise TimesformerError(
                "request.model_too_large",
                name=repository.name,
                count=cost,
                what=Message(f"work.{name}"),
                limit=max(limits),
            )
