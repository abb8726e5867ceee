"""The config of a checkpoint that has none, from the shapes of its weights."""

import itertools
import math
from collections.abc import Mapping

from torch import Tensor

from ..errors import CheckpointError
from ..hub.key_maps import FIRST, KeyMap
from ..models.config import AttentionType, TimesformerConfig

HEADS = {768: 12}  # by width: of every published TimeSformer, and the default of each code base
NUM_FRAMES = 8  # of the published models without a time table


def infer_config(
    state: Mapping[str, Tensor], key_map: KeyMap, *, num_attention_heads: int | None = None
) -> TimesformerConfig:
    """Return the config that fits the shapes of a whole model's weights.

    Frames are taken to be square. Without a time table there are 8 frames. No shape tells the
    number of heads: without `num_attention_heads` it is known for the widths in HEADS alone. Raises
    CheckpointError for other widths, and for shapes that do not form a TimeSformer.
    """

    def shape(ours: str) -> tuple[int, ...]:
        return tuple(state[key_map.key(ours)].shape)

    is_divided = (
        "time_output" in key_map.inside and key_map.key(f"{FIRST}.time_output.weight") in state
    )
    has_time_table = key_map.key("timesformer.time_table") in state
    undivided: AttentionType = "joint_space_time" if has_time_table else "space_only"
    try:
        D, channels, height, width = shape("timesformer.patch_embedding.weight")
        N = shape("timesformer.position_table")[1] - 1
        side = math.isqrt(N)
        if side * side != N:
            raise ValueError(f"{N} patches do not form a square frame")
        heads = HEADS.get(D) if num_attention_heads is None else num_attention_heads
        if heads is None:
            raise CheckpointError("weights.no_heads", width=D)
        return TimesformerConfig(
            image_size=(side * height, side * width),
            patch_size=(height, width),
            num_channels=channels,
            num_frames=shape("timesformer.time_table")[1] if has_time_table else NUM_FRAMES,
            hidden_size=D,
            num_hidden_layers=_count_blocks(state, key_map),
            num_attention_heads=heads,
            intermediate_size=shape(f"{FIRST}.mlp.0.weight")[0],
            qkv_bias=key_map.key(f"{FIRST}.space_attention.qkv.bias") in state,
            attention_type="divided_space_time" if is_divided else undivided,
            num_labels=shape("classifier.weight")[0],
        )
    except KeyError as error:
        raise CheckpointError("weights.no_key", key=error.args[0]) from error
    except (ValueError, IndexError) as error:
        raise CheckpointError("weights.shapes", reason=str(error)) from error


def _count_blocks(state: Mapping[str, Tensor], key_map: KeyMap) -> int:
    numbers = itertools.count()
    return next(
        i for i in numbers if key_map.key(f"timesformer.blocks.{i}.mlp_norm.weight") not in state
    )
