"""The explorer: what it needs to show, in a browser, what any patch attends to at any head.

The browser gets the queries and keys as a file of safetensors, and does the mathematics itself; of
a model too large for that, rollout comes worked out, for the patches of one frame.
"""

import hashlib
import json
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

MOST_BYTES = 32 * 2**20  # of all blocks, that are sent without being asked for
MOST_AT_ONCE = 64 * 2**20  # of a block, or of a frame's rollouts
BYTES = 2  # of a number in float16
PICTURE = 448  # pixels of the longer side of an enlarged frame


def queries_file(
    recognizer: Recognizer, clip: Clip, *, model: str, blocks: Sequence[int] | None = None
) -> bytes:
    """Queries and keys of all heads of `blocks`, by default all, in float16, as safetensors.

    The tensors are those of `queries_and_keys`; the metadata are `scheme`, `blocks`
    (which, from 0), `num_blocks` (of the model), `frames`, `grid`, `model` (its name) and `clip`
    (as in `mark_of`).
    """
    pixel_values = recognizer.at_model(recognizer.preprocess(clip).pixel_values)
    encoder = recognizer.model.timesformer
    about = {
        "scheme": encoder.config.attention_type,
        "blocks": json.dumps(list(range(len(encoder.blocks)) if blocks is None else blocks)),
        "num_blocks": json.dumps(len(encoder.blocks)),
        "frames": json.dumps(len(clip.frames)),
        "grid": json.dumps(recognizer.grid(pixel_values)),
        "model": model,
        "clip": mark_of(clip),
    }
    return _saved(queries_and_keys(encoder, pixel_values, blocks=blocks), about)


@torch.inference_mode()
def rollouts_file(recognizer: Recognizer, clip: Clip, *, model: str, frame: int) -> bytes:
    """What each patch of a frame draws through all blocks, in float16, as safetensors.

    Tensors: `patches` (N, T, N), in "times uniform", and `cls` (N,), a share. The metadata are
    `frame` (from 0), `model` and `clip` (as in `queries_file`).
    """
    pixel_values = recognizer.at_model(recognizer.preprocess(clip).pixel_values)
    _, blocks = trace_attention(recognizer.model.timesformer, pixel_values)
    h, w = recognizer.grid(pixel_values)
    queries = [PatchIndex(frame, place) for place in range(h * w)]
    patches, cls = rollout_flows(blocks, num_frames=len(clip.frames), patches=queries)
    patches = patches[:, 0]
    found = {"patches": patches * patches[0].numel(), "cls": cls[:, 0]}
    about = {"frame": json.dumps(frame), "model": model, "clip": mark_of(clip)}
    return _saved(found, about)


def _saved(tensors: Mapping[str, Tensor], about: dict[str, str]) -> bytes:
    most = torch.finfo(torch.float16).max
    halves = {
        name: tensor.clamp(-most, most).half().cpu().contiguous()
        for name, tensor in tensors.items()
    }
    return save(halves, metadata=about)


def mark_of(clip: Clip) -> str:
    """The SHA-256 of the frames and times of a clip."""
    return hashlib.sha256(clip.frames.tobytes() + clip.times.tobytes()).hexdigest()


def bytes_of_a_block(recognizer: Recognizer) -> int:
    """How large the queries and keys of one block are, for a clip that the recognizer reads."""
    config, T = recognizer.model.config, recognizer.preprocess.num_frames
    return BYTES * numbers_per_block(config, num_frames=T, num_patches=_places(recognizer))


def bytes_of_a_frame(recognizer: Recognizer) -> int:
    """How large the rollouts of all patches of one frame are, likewise."""
    places = _places(recognizer)
    return BYTES * places * (places * recognizer.preprocess.num_frames + 1)


def _places(recognizer: Recognizer) -> int:
    (H, W), (height, width) = recognizer.preprocess.crop_size, recognizer.model.config.patch_shape
    return (H // height) * (W // width)


def sent_whole(recognizer: Recognizer) -> bool:
    """Whether the queries and keys of all blocks are small enough to be sent unasked."""
    blocks = recognizer.model.config.num_hidden_layers
    return blocks * bytes_of_a_block(recognizer) <= MOST_BYTES


# What a large model is asked for by its number, and how large one is.
PARTS: Mapping[str, Callable[[Recognizer], int]] = {
    "block": bytes_of_a_block,
    "frame": bytes_of_a_frame,
}


def comes(recognizer: Recognizer, part: str) -> bool:
    """Whether one of PARTS is small enough to be sent when asked for."""
    return PARTS[part](recognizer) <= MOST_AT_ONCE


def explorer_html(
    recognizer: Recognizer, clip: Clip, explanation: Explanation, *, model: str
) -> str:
    """Return the section that assets/web/js/explorer.js fills; it holds the frames as data."""
    config = recognizer.model.config
    frames, _ = overlay.shrink(
        overlay.cropped(clip.frames, explanation.box), explanation.box, longest=PICTURE
    )
    data = {
        "frames": [jpeg(frame) for frame in frames],
        "size": [frames.shape[2], frames.shape[1]],
        "times": clip.times.round(2).tolist(),
        "grid": explanation.heatmaps.shape[1:],
        "scheme": config.attention_type,
        "blocks": config.num_hidden_layers,
        "heads": config.num_attention_heads,
        "whole": sent_whole(recognizer),
        "megabytes": {
            part: size(recognizer) / 1e6 for part, size in PARTS.items() if comes(recognizer, part)
        },
        "model": model,
        "clip": mark_of(clip),
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
        f'<details class="works" id="arithmetic"><summary>{heading}</summary>'
        '<section class="arithmetic">'
        f"<p>{escape(t('arithmetic.empty'))}</p></section></details>"
    )
