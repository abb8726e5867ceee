"""Model cards of trained weights, and the comparison of the embedded models."""

import dataclasses
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..checkpoints.measured import HEATMAPS_FILE
from ..synthetic.motion import DISTANCES, GROWTHS, LABELS, TURNS
from ..synthetic.photographs import PINS, TRAINING, Photograph
from ..training.recipe import NUM_FRAMES, PATCH_SIZE, Recipe
from . import CLIPS, Results, full_report
from .heatmap_scores import HeatmapScores
from .markdown import replace_section, table
from .records import read_record
from .results import RESULTS_FILE
from .tables import heatmaps_side_by_side, moved_side_by_side, side_by_side

CARD_FILE = "README.md"
TRAINING_FILE = "training.json"


@dataclass(frozen=True)
class Training:
    """Record of a training run: command, recipe, seconds, machine and day."""

    command: str
    recipe: Recipe
    seconds: float
    machine: str
    day: str


def write_card(folder: Path, training: Training, results: Results) -> None:
    """Write the card into `folder` as `README.md`."""
    (folder / CARD_FILE).write_text(card(training, results), "utf-8")


def write_comparison(file: Path, folders: Sequence[Path]) -> None:
    """Replace the sections `results`, `heatmaps` and `moved` of a Markdown file.

    The sections compare the models whose records are in `folders`. A model whose heatmaps have not
    been measured has no rows in `heatmaps` and `moved`.
    """
    results = [read_record(folder / RESULTS_FILE, Results) for folder in folders]
    measured = [folder / HEATMAPS_FILE for folder in folders if (folder / HEATMAPS_FILE).is_file()]
    scores = [read_record(file, HeatmapScores) for file in measured]
    text = file.read_text("utf-8")
    text = replace_section(text, "results", side_by_side(results))
    text = replace_section(text, "heatmaps", heatmaps_side_by_side(scores))
    text = replace_section(text, "moved", moved_side_by_side(scores))
    file.write_text(text, "utf-8")


def card(training: Training, results: Results) -> str:
    """Return the card as Markdown: command, time, machine, data, recipe, results, limits."""
    recipe = training.recipe
    seconds = f"{recipe.preprocess().seconds:.1f} s"
    return f"""---
license: apache-2.0
pipeline_tag: video-classification
tags: [timesformer, video-classification, synthetic]
---
# {results.model}

A TimeSformer ({recipe.attention_type.replace("_", " ")}) that recognizes ten motions, as seen by
the viewer: {", ".join(LABELS)}.
Width {recipe.width}, {recipe.blocks} blocks, {recipe.heads} heads; {NUM_FRAMES} frames of
{recipe.size} x {recipe.size} pixels over {seconds}, in patches of {PATCH_SIZE} pixels.

## Training

- **Command**: `{training.command}`, seed {recipe.seed}.
- **Time and machine**: {training.seconds / 60:.0f} minutes, {training.machine}, {training.day}.
- **Data**: clips drawn during training by `timesformer/synthetic`; no video. Objects and
  backgrounds are painted noise and patterns, dead leaves, and photographs from Python packages.
  The photographs are read from the installed packages:

{_photographs()}

- **Recipe**: Muon {recipe.muon_lr:g} for matrices, AdamW {recipe.adamw_lr:g} for the rest, weight
  decay {recipe.weight_decay:g}, {recipe.warmup} steps of warm-up.
- **Auxiliary losses**: each patch predicts the coverage and the motion of the object. The attention
  of the cls token in the last block is trained to lie on the object.{_rollout_sentence(recipe)}
  The model was thus taught where to attend.
- **Stages**{_refit_clause(recipe)}:

{_stages(recipe)}

## Results

`{_evaluation(results)}`

{full_report(results)}

"Heat on object" is the share of heat on the moving object over the share of the picture that the
object covers, both means over the clips; 1 is uniform. "Pointing" is the share of clips whose
hottest patch lies at least half on the object. "Frame difference" is the mean difference to the
frames before and after, without a model.

## Limits

The model knows clips in which one object, or the camera, moves in one way as in training:
{_range("by {:g} to {:g} half-widths of the picture", DISTANCES)},
{_range("{:g} to {:g} times in size", GROWTHS)}, or
{_range("{:.0f} to {:.0f} degrees", map(math.degrees, TURNS))} in {seconds}.
Slower and faster motion was not in training. Any other clip also gets one of the ten labels, at
times with high confidence; see the table "out of distribution".
"""


def _rollout_sentence(recipe: Recipe) -> str:
    is_taught = any(stage.rollout_weight for stage in recipe.stages)
    return " In the last stages, rollout is trained the same way." if is_taught else ""


def _refit_clause(recipe: Recipe) -> str:
    clips = recipe.classifier_clips
    return f", then a refit of the classifier to {clips:,} further clips" if clips else ""


def _evaluation(results: Results) -> str:
    clips = results.splits[0].clips
    options = ["--footage FOLDER"] * bool(results.footage) + [f"--clips {clips}"] * (clips != CLIPS)
    return " ".join([f"python -m timesformer evaluate {results.model}", *options])


def _range(template: str, ends: Iterable[float]) -> str:
    return template.format(*ends)


def _photographs() -> str:
    rows = [
        [Path(photo.path).stem, photo.author, photo.licence, _package(photo)] for photo in TRAINING
    ]
    return table(["photograph", "author", "licence", "package"], rows)


def _package(photograph: Photograph) -> str:
    return PINS[photograph.package].replace("==", " ")


def _stages(recipe: Recipe) -> str:
    """Return a table with a row for each stage and a column for each field."""
    names = [field.name for field in dataclasses.fields(recipe.stages[0])]
    rows = [[_cell(getattr(stage, name)) for name in names] for stage in recipe.stages]
    return table([name.replace("_", " ") for name in names], rows)


def _cell(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
