"""Data of the explorer, which shows in a browser what every patch attends to in every head.

The browser gets queries and keys as safetensors and computes attention from them. For large models
it gets single blocks, and the rollout of the patches of one frame.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from html import escape

import torch
from safetensors.torch import save
from torch import Tensor

from ..explain import (
    Explanation,
    PatchIndex,
    numbers_per_block,
    queries_and_keys,
    rollout_flows,
    trace_attention,
)
from ..i18n import t
from ..recognizer import Recognizer
from ..video.clip import Clip
from . import overlay
from .strip import jpeg

MAX_BYTES = 32 * 2**20  # of all blocks, sent without a request
MAX_PART_BYTES = 64 * 2**20  # of one block or the rollouts of one frame, sent on request
BYTES = 2  # of a number in float16
FRAME_SIZE = 448  # pixels of the longer side of a frame


def queries_file(
    recognizer: Recognizer, clip: Clip, *, model: str, blocks: Sequence[int] | None = None
) -> bytes:
    """Return queries and keys of all blocks, or of `blocks`, in float16, as safetensors.

    The tensors are those of `queries_and_keys`. The metadata are `scheme`, `blocks` (numbers from
    0), `num_blocks` (of the model), `frames`, `grid`, `model` (its name) and `clip` (`clip_hash`).
    """
    pixel_values = recognizer.at_model(recognizer.preprocess(clip).pixel_values)
    encoder = recognizer.model.timesformer
    metadata = {
        "scheme": encoder.config.attention_type,
        "blocks": json.dumps(list(range(len(encoder.blocks)) if blocks is None else blocks)),
        "num_blocks": json.dumps(len(encoder.blocks)),
        "frames": json.dumps(len(clip.frames)),
        "grid": json.dumps(recognizer.grid(pixel_values)),
        "model": model,
        "clip": clip_hash(clip),
    }
    return _to_safetensors(queries_and_keys(encoder, pixel_values, blocks=blocks), metadata)


@torch.inference_mode()
def rollouts_file(recognizer: Recognizer, clip: Clip, *, model: str, frame: int) -> bytes:
    """Return the rollout of every patch of a frame, in float16, as safetensors.

    Tensors: `patches` (N, T, N), in "times uniform", and `cls` (N,), a share. The metadata are
    `frame` (from 0), `model` and `clip`, as in `queries_file`.
    """
    pixel_values = recognizer.at_model(recognizer.preprocess(clip).pixel_values)
    _, blocks = trace_attention(recognizer.model.timesformer, pixel_values)
    h, w = recognizer.grid(pixel_values)
    queries = [PatchIndex(frame, position) for position in range(h * w)]
    patches, cls = rollout_flows(blocks, num_frames=len(clip.frames), patches=queries)
    patches = patches[:, 0]
    tensors = {"patches": patches * patches[0].numel(), "cls": cls[:, 0]}
    metadata = {"frame": json.dumps(frame), "model": model, "clip": clip_hash(clip)}
    return _to_safetensors(tensors, metadata)


def _to_safetensors(tensors: Mapping[str, Tensor], metadata: dict[str, str]) -> bytes:
    largest = torch.finfo(torch.float16).max
    halves = {
        name: tensor.clamp(-largest, largest).half().cpu().contiguous()
        for name, tensor in tensors.items()
    }
    return save(halves, metadata=metadata)


def clip_hash(clip: Clip) -> str:
    """Return the SHA-256 of the frames and times of a clip."""
    return hashlib.sha256(clip.frames.tobytes() + clip.times.tobytes()).hexdigest()


def block_bytes(recognizer: Recognizer) -> int:
    """Return the size of the queries and keys of one block, for a clip of the recognizer."""
    config, T = recognizer.model.config, recognizer.preprocess.num_frames
    return BYTES * numbers_per_block(config, num_frames=T, num_patches=_num_patches(recognizer))


def rollout_bytes(recognizer: Recognizer) -> int:
    """Return the size of the rollouts of all patches of one frame."""
    N = _num_patches(recognizer)
    return BYTES * N * (N * recognizer.preprocess.num_frames + 1)


def _num_patches(recognizer: Recognizer) -> int:
    return math.prod(recognizer.model.config.grid_of(*recognizer.preprocess.crop_size))


def is_sent_whole(recognizer: Recognizer) -> bool:
    """Return True if all queries and keys are small enough to send without a request."""
    blocks = recognizer.model.config.num_hidden_layers
    return blocks * block_bytes(recognizer) <= MAX_BYTES


# Parts of the data of a large model, with the function that returns their size.
PARTS: Mapping[str, Callable[[Recognizer], int]] = {
    "block": block_bytes,
    "frame": rollout_bytes,
}


def is_sent(recognizer: Recognizer, part: str) -> bool:
    """Return True if one of PARTS is small enough to send on request."""
    return PARTS[part](recognizer) <= MAX_PART_BYTES


def explorer_html(
    recognizer: Recognizer, clip: Clip, explanation: Explanation, *, model: str
) -> str:
    """Return the section that assets/web/js/explorer.js fills; it holds the frames as data."""
    config = recognizer.model.config
    frames, _ = overlay.shrink(
        overlay.crop(clip.frames, explanation.box), explanation.box, longest=FRAME_SIZE
    )
    sizes = {part: size(recognizer) for part, size in PARTS.items() if is_sent(recognizer, part)}
    data = {
        "frames": [jpeg(frame) for frame in frames],
        "size": [frames.shape[2], frames.shape[1]],
        "times": clip.times.round(2).tolist(),
        "grid": config.grid_of(*recognizer.preprocess.crop_size),
        "scheme": config.attention_type,
        "blocks": config.num_hidden_layers,
        "heads": config.num_attention_heads,
        "whole": is_sent_whole(recognizer),
        "megabytes": {part: size / 1e6 for part, size in sizes.items()},
        "model": model,
        "clip": clip_hash(clip),
        "colours": overlay.colour_table().tobytes().hex(),
    }
    label = escape(t("explorer.heading"))
    return (
        f'<section class="explorer" aria-label="{label}" '
        f'data-explorer="{escape(json.dumps(data))}"></section>'
    )


def arithmetic_html() -> str:
    """Return the section that assets/web/js/attention-arithmetic.js fills with its numbers."""
    heading = escape(t("arithmetic.heading"))
    return (
        f'<details class="collapsible" id="arithmetic"><summary>{heading}</summary>'
        '<section class="arithmetic">'
        f"<p>{escape(t('arithmetic.empty'))}</p></section></details>"
    )
