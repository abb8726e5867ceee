"""The explorer: what it needs to show, in a browser, what any patch attends to at any head.

The browser gets the queries and keys as a file of safetensors, and does the mathematics itself.
"""

import hashlib
import json
from collections.abc import Sequence
from html import escape

import torch
from safetensors.torch import save

from . import render, text
from .explain import numbers_of_a_block, queries_and_keys
from .explanations import Explanation
from .recognizer import Recognizer
from .strip import jpeg
from .video import Clip

# In assets/, in the order they are needed.
SCRIPTS = ("attention.js", "maps.js", "wall.js", "parts.js", "explorer.js")
STYLE = "explorer.css"
MOST_BYTES = 32 * 2**20  # of all blocks, that are sent without being asked for
MOST_OF_A_BLOCK = 64 * 2**20
BYTES = 2  # of a number in float16
PICTURE = 448  # pixels of the longer side of an enlarged frame


def queries_file(
    recognizer: Recognizer, clip: Clip, *, model: str, blocks: Sequence[int] | None = None
) -> bytes:
    """Queries and keys of all heads of `blocks`, by default all, in float16, as safetensors.

    The tensors are those of `queries_and_keys`; the metadata, in JSON, are `scheme`, `blocks`
    (which, from 0), `num_blocks` (of the model), `frames`, `grid`, `model` (its name) and `clip`
    (as in `mark_of`).
    """
    pixel_values = recognizer.at_model(recognizer.preprocess(clip).pixel_values)
    encoder = recognizer.model.timesformer
    found = queries_and_keys(encoder, pixel_values, blocks=blocks)
    most = torch.finfo(torch.float16).max
    tensors = {
        name: tensor.clamp(-most, most).half().cpu().contiguous() for name, tensor in found.items()
    }
    about = {
        "scheme": encoder.config.attention_type,
        "blocks": json.dumps(list(range(len(encoder.blocks)) if blocks is None else blocks)),
        "num_blocks": json.dumps(len(encoder.blocks)),
        "frames": json.dumps(len(clip.frames)),
        "grid": json.dumps(recognizer.grid(pixel_values)),
        "model": model,
        "clip": mark_of(clip),
    }
    return save(tensors, metadata=about)


def mark_of(clip: Clip) -> str:
    """The SHA-256 of the frames and times of a clip."""
    return hashlib.sha256(clip.frames.tobytes() + clip.times.tobytes()).hexdigest()


def bytes_of_a_block(recognizer: Recognizer) -> int:
    """How large the queries and keys of one block are, for a clip that the recognizer reads."""
    config, preprocess = recognizer.model.config, recognizer.preprocess
    (H, W), (height, width) = preprocess.crop_size, config.patch_shape
    places = (H // height) * (W // width)
    return BYTES * numbers_of_a_block(config, num_frames=preprocess.num_frames, num_places=places)


def sent_whole(recognizer: Recognizer) -> bool:
    """Whether the queries and keys of all blocks are small enough to be sent unasked."""
    blocks = recognizer.model.config.num_hidden_layers
    return blocks * bytes_of_a_block(recognizer) <= MOST_BYTES


def sent_by_block(recognizer: Recognizer) -> bool:
    """Whether those of one block are small enough to be sent when asked for."""
    return bytes_of_a_block(recognizer) <= MOST_OF_A_BLOCK


def explorer_html(
    recognizer: Recognizer, clip: Clip, explanation: Explanation, *, model: str
) -> str:
    """The section that assets/explorer.js fills, with the frames as the model saw them."""
    config = recognizer.model.config
    frames, _ = render.shrink(
        render.cropped(clip.frames, explanation.box), explanation.box, longest=PICTURE
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
        "fetchable": sent_by_block(recognizer),
        "megabytes": round(bytes_of_a_block(recognizer) / 1e6),
        "model": model,
        "clip": mark_of(clip),
        "colours": render.colour_table().tobytes().hex(),
        "words": text.EXPLORER,
    }
    label = escape(text.EXPLORER_HEADING)
    return (
        f'<section class="explorer" aria-label="{label}" '
        f'data-explorer="{escape(json.dumps(data))}"></section>'
    )


def arithmetic_html() -> str:
    """Where assets/arithmetic.js shows the numbers of the patch that was chosen in the explorer."""
    words = escape(json.dumps(text.ARITHMETIC_WORDS | {"columns": text.ARITHMETIC_COLUMNS}))
    return (
        f'<details class="works" id="arithmetic"><summary>{escape(text.ARITHMETIC)}</summary>'
        f'<section class="arithmetic" data-words="{words}">'
        f"<p>{escape(text.ARITHMETIC_WORDS['empty'])}</p></section></details>"
    )
