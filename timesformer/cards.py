"""The model card that is written beside trained weights."""

import os
import platform
from datetime import date
from pathlib import Path

import torch

from .evaluation import Evaluation
from .motion import LABELS
from .training import Recipe

CARD_FILE = "README.md"


def write_card(
    folder: Path,
    *,
    name: str,
    command: str,
    recipe: Recipe,
    seconds: float,
    plain: Evaluation,
    hard: Evaluation,
) -> None:
    """Writes `README.md` into `folder`: data, recipe, command, time, machine, results, limits."""
    stages = "; ".join(
        f"{stage.steps} steps of {stage.batch} clips at {stage.size} x {stage.size}, "
        f"clutter {stage.clutter:g}"
        for stage in recipe.stages
    )
    text = f"""---
license: apache-2.0
pipeline_tag: video-classification
tags: [timesformer, video-classification, synthetic]
---
# {name}

A TimeSformer ({recipe.attention_type}) that tells ten motions, seen from the viewer, apart:
{", ".join(LABELS)}. Width {recipe.width}, {recipe.blocks} blocks, {recipe.heads} heads, 8 frames of
112 x 112 pixels in patches of 8, spread over 2.1 s.

- **Data**: clips drawn by `timesformer/motion.py`; no photograph, no person, nothing downloaded.
- **Command**: `{command}`, seed {recipe.seed}.
- **Recipe**: {stages}; Muon {recipe.matrix_rate} for matrices, AdamW {recipe.vector_rate} for the
  rest, weight decay {recipe.weight_decay}; each patch also learns what the moving thing covers and
  how it moves, and the cls token of the last block to attend to it.
- **Time and machine**: {seconds / 60:.0f} minutes, {machine()}, {date.today().isoformat()}.
- **Result** on held-out seeds (`python -m timesformer evaluate {name}`): right on
  {plain.accuracy:.1%} of {int(plain.confusion.sum())} clips of one thing moving over a still
  ground, and on {hard.accuracy:.1%} of {int(hard.confusion.sum())} with all clutter: the camera
  moving, other things, trembling, noise, blur.

One thing over a still ground:

{plain.table()}

All clutter:

{hard.table()}

**Limits**: it knows drawn clips, in which one thing, or the camera, moves in one way: by 0.35 to
1.7 half-widths of the picture, 1.4 to 3.5 times in size, or 34 to 206 degrees. Less, more, or
several motions at once in real footage are beyond what it was shown.
"""
    (folder / CARD_FILE).write_text(text, "utf-8")


def machine() -> str:
    """The processor, cores and versions that a figure was measured with."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(": ")[2] if names else cpu
    gpu = f", {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""
    return f"{cpu} with {os.cpu_count()} cores{gpu}, torch {torch.__version__}"
