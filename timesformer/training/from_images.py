"""Starting weights for training, taken from an image model."""

import math
import re
from dataclasses import replace
from pathlib import Path

import torch

from ..hub.state_dict import Weights, read_weights
from ..models.config import TimesformerConfig
from ..models.timesformer import TimesformerModel


@torch.no_grad()
def start_from_images(encoder: TimesformerModel, file: str | Path) -> None:
    """Give an encoder the weights of a vision transformer for images (arXiv 2102.05095, 4.1).

    `file` is a timm checkpoint with the encoder's width, depth, heads and patches. Its frames are
    square, of any size; its classifier is ignored. Time attention becomes a copy of space attention
    with an output of 0. The time table becomes 0 and the position table is resized. Raises
    CheckpointError where the file does not fit.
    """
    weights = read_weights(Path(file), name=Path(file).name)
    images = TimesformerModel.from_weights(weights, _image_config(encoder.config, weights))
    state = images.state_dict()
    state["position_table"] = torch.cat(
        [images.position_table[:, :1], images.position_embedding(encoder.config.grid)], dim=1
    )
    for name, value in encoder.state_dict().items():
        source = re.sub(r"time_(attention|norm)\.", r"space_\1.", name)
        value.copy_(state[source]) if source in state else value.zero_()


def _image_config(config: TimesformerConfig, weights: Weights) -> TimesformerConfig:
    """Return the config of a model of single frames, of the size of the weights' position table."""
    table = weights.tensors.get(weights.key_map.key("timesformer.position_table"))
    positions = config.grid[0] ** 2 if table is None or table.ndim != 3 else table.shape[1] - 1
    side, (height, width) = max(1, math.isqrt(positions)), config.patch_shape
    return replace(
        config,
        attention_type="space_only",
        image_size=(side * height, side * width),
        position_interpolation="bicubic",
    )
