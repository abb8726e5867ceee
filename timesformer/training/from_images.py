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

    `file` can also be a TimeSformer, such as a released .pyth file. An encoder of divided attention
    then keeps its time attention, and its time table is resized.
    """
    weights = read_weights(Path(file), name=Path(file).name)
    images = TimesformerModel.from_weights(weights, _image_config(encoder.config, weights))
    state = images.state_dict()
    state["position_table"] = torch.cat(
        [images.position_table[:, :1], images.position_embedding(encoder.config.grid)], dim=1
    )
    if "time_table" in state:
        state["time_table"] = images.time_embedding(encoder.config.num_frames)
    for name, value in encoder.state_dict().items():
        of_space = re.sub(r"time_(attention|norm)\.", r"space_\1.", name)
        source = name if name in state else of_space
        value.copy_(state[source]) if source in state else value.zero_()


def _image_config(config: TimesformerConfig, weights: Weights) -> TimesformerConfig:
    """Return the config of the weights: of the encoder, with the sizes of the weights' tables.

    Weights without time attention are a model of single frames.
    """
    time_table = weights.tensors.get(weights.key_map.key("timesformer.time_table"))
    table = weights.tensors.get(weights.key_map.key("timesformer.position_table"))
    positions = config.grid[0] ** 2 if table is None or table.ndim != 3 else table.shape[1] - 1
    side, (height, width) = max(1, math.isqrt(positions)), config.patch_shape
    return replace(
        config,
        attention_type="space_only" if time_table is None else config.attention_type,
        num_frames=1 if time_table is None else max(1, time_table.shape[-2]),
        image_size=(side * height, side * width),
        position_interpolation="bicubic",
    )
