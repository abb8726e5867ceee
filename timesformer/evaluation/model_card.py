"""The model card that is written beside trained weights, from the record of their training."""

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..synthetic.motion import DISTANCES, GROWTHS, LABELS, TURNS
from ..synthetic.photographs import PINS, TRAINING, Photograph
from ..training.recipe import NUM_FRAMES, PATCH_SIZE, Recipe
from . import CLIPS, Results, full_report
from .tables import table

CARD_FILE = "README.md"
TRAINING_FILE = "training.json"


@dataclass(frozen=True)
class Training:
    """How weights came about: the command, its recipe, how long it took, on what, and the day."""

    command: str
    recipe: Recipe
    seconds: float
    machine: str
    day: str


def write_card(folder: Path, training: Training, results: Results) -> None:
    """Writes the card into `folder`, as `README.md`."""
    (folder / CARD_FILE).write_text(card(training, results), "utf-8")


def card(training: Training, results: Results) -> str:
    """The card as Markdown: command, time, machine, data, recipe, results, limits."""
    recipe = training.recipe
    seconds = f"{recipe.preprocess().seconds:.1f} s"
    return f"""---
license: apache-2.0
pipeline_tag: video-classification
tags: [timesformer, video-classification, synthetic]
---
# {results.model}

A TimeSformer ({recipe.attention_type.replace("_", " ")}) that tells ten motions, seen from the
viewer, apart: {", ".join(LABELS)}. Width {recipe.width}, {recipe.blocks} blocks, {recipe.heads}
heads, {NUM_FRAMES} frames of {recipe.size} x {recipe.size} pixels in patches of {PATCH_SIZE},
spread over {seconds}.

## Training

- **Command**: `{training.command}`, seed {recipe.seed}.
- **Time and machine**: {training.seconds / 60:.0f} minutes, {training.machine}, {training.day}.
- **Data**: clips drawn while it learns, by `timesformer/synthetic`; no video. Things and grounds
  are painted noise and patterns, fallen leaves, and photographs out of Python packages, which are
  read from where those are installed and are not kept here:

{_photographs()}

- **Recipe**: Muon {recipe.matrix_rate:g} for matrices, AdamW {recipe.vector_rate:g} for the rest,
  weight decay {recipe.weight_decay:g}, {recipe.warmup} steps of warm-up. Each patch also learns
  what the moving thing covers and how it moves, and the cls token of the last block to attend to
  it{_rollout_words(recipe)}: where this model looks was taught.{_fitted_words(recipe)} The stages:

{_stages(recipe)}

## Results

`{_evaluation(results)}`

{full_report(results)}

"On the thing, times chance" is the share of the heat that lies on the moving thing, over the share
of the picture that the thing covers, both averaged over the clips; a patch is on the thing where
that covers half of it or more. "Frame difference" is the mean difference to the frames before and
after, with no model.

## Limits

It knows clips in which one thing, or the camera, moves in one way as it does in training:
{_words("by {:g} to {:g} half-widths of the picture", DISTANCES)},
{_words("{:g} to {:g} times in size", GROWTHS)}, or
{_words("{:.0f} to {:.0f} degrees", map(math.degrees, TURNS))} in {seconds}. Less or more is beyond
what it was shown, and it has no word for anything else: a clip of something else is given one of
the ten labels all the same, at times with confidence, as the table of what no label fits tells.
"""


def _rollout_words(recipe: Recipe) -> str:
    taught = any(stage.rollout_weight for stage in recipe.stages)
    return ", in the last stages by way of all blocks too" if taught else ""


def _fitted_words(recipe: Recipe) -> str:
    clips = recipe.classifier_clips
    fitted = f" At the end the classifier is\n  fitted anew to {clips:,} further clips."
    return fitted if clips else ""


def _evaluation(results: Results) -> str:
    clips = results.splits[0].clips
    options = ["--footage FOLDER"] * bool(results.footage) + [f"--clips {clips}"] * (clips != CLIPS)
    return " ".join([f"python -m timesformer evaluate {results.model}", *options])


def _words(sentence: str, ends: Iterable[float]) -> str:
    return sentence.format(*ends)


def _photographs() -> str:
    rows = [[Path(one.path).stem, one.author, one.licence, _package(one)] for one in TRAINING]
    return table(["photograph", "by", "licence", "package"], rows)


def _package(photograph: Photograph) -> str:
    return PINS[photograph.package].replace("==", " ")


def _stages(recipe: Recipe) -> str:
    """A row for each stage and a column for each thing that a stage decides."""
    names = [field.name for field in dataclasses.fields(recipe.stages[0])]
    rows = [[_cell(getattr(stage, name)) for name in names] for stage in recipe.stages]
    return table([name.replace("_", " ") for name in names], rows)


def _cell(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
