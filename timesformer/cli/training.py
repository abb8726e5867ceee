"""python -m timesformer train and evaluate: runs of minutes to hours, and what they leave."""

import argparse
import sys
import time
from datetime import date
from functools import partial
from pathlib import Path

import torch

from ..checkpoints.checkpoint import save_checkpoint
from ..checkpoints.registry import EMBEDDED_FOLDER, embedded_models
from ..errors import TimesformerError
from ..evaluation import (
    CLIPS,
    EXPLAINED_FILE,
    RESULTS_FILE,
    Explained,
    Results,
    evaluate,
    evaluate_explanations,
    full_report,
    heatmaps,
    heatmaps_side_by_side,
    side_by_side,
)
from ..evaluation.model_card import TRAINING_FILE, Training, write_card
from ..evaluation.records import read_record, write_record
from ..evaluation.timing import machine
from ..recognizer import load
from ..training.recipe import DIVIDED_STAGES, JOINT_STAGES, Recipe
from ..training.refit import refit_classifier
from ..training.trainer import STATE_FILE, TrainingProgress, train
from .clips import print_steps

RECIPES = {
    "motion": Recipe(stages=DIVIDED_STAGES),
    "motion-joint": Recipe(attention_type="joint_space_time", stages=JOINT_STAGES),
    "motion-space": Recipe(attention_type="space_only"),
}
RUNS_FOLDER = Path("runs")
EXPLANATIONS = "explanations"  # what is evaluated, where it is not the answers


def _device(word: str) -> torch.device:
    try:
        return torch.empty(0, device=word).device
    except (RuntimeError, AssertionError) as error:  # torch raises either
        raise TimesformerError("cli.no_device", device=word) from error


def train_embedded(options: argparse.Namespace) -> None:
    """Trains an embedded model, evaluates it and writes its card."""
    recipe = RECIPES[options.model]
    folder = options.out or EMBEDDED_FOLDER / options.model

    def print_progress(progress: TrainingProgress) -> None:
        print(
            f"\rstep {progress.step}/{progress.steps}, {progress.size} pixels, "
            f"loss {progress.loss:.3f}, right {progress.accuracy:4.0%}, "
            f"{progress.seconds / 60:.1f} minutes ",
            end="",
            flush=True,
        )

    device, run = _device(options.device), RUNS_FOLDER / options.model
    model, seconds = train(recipe, run, device=device, on_progress=print_progress)
    print()
    began = time.monotonic()
    refit_classifier(model, recipe, on_progress=partial(print_steps, "the classifier"))
    seconds += time.monotonic() - began
    save_checkpoint(model.cpu(), recipe.preprocess(), folder)
    training = Training(
        command=f"python -m timesformer train {options.model}",
        recipe=recipe,
        seconds=seconds,
        machine=machine(device),
        day=date.today().isoformat(),
    )
    write_record(folder / TRAINING_FILE, training)
    (run / STATE_FILE).unlink()  # the run is over: another starts anew
    results = evaluate(load(folder), name=options.model, clips=CLIPS, on_progress=print_steps)
    _save(folder, results)
    print(f"saved in {folder}\n\n{full_report(results)}")


def evaluate_models(options: argparse.Namespace) -> None:
    """Prints what models get right on clips they have never seen, or how true heatmaps are."""
    if options.models[0] == EXPLANATIONS:
        evaluate_heatmaps(options.models[1:] or ["motion"], options)
        return
    folders = [_folder_of(model) for model in options.models] if options.save else []
    recognizers = [load(model, dtype=options.dtype) for model in options.models]
    several = [
        evaluate(
            recognizer,
            name=Path(model).name,
            clips=options.clips or CLIPS,
            footage=options.footage,
            on_progress=print_steps,
        )
        for model, recognizer in zip(options.models, recognizers, strict=True)
    ]
    for folder, results in zip(folders, several, strict=False):
        _save(folder, results)
    print(full_report(several[0]) if len(several) == 1 else side_by_side(several))


def evaluate_heatmaps(models: list[str], options: argparse.Namespace) -> None:
    """Prints how true the heatmaps of models are; each is saved as soon as it is measured."""
    if options.footage:
        raise TimesformerError("cli.footage_motion_only")
    folders = [_folder_of(model) if options.save else None for model in models]
    recognizers = [load(model, dtype=options.dtype) for model in models]
    several: list[Explained] = []
    for model, recognizer, folder in zip(models, recognizers, folders, strict=True):
        explained = evaluate_explanations(
            recognizer,
            name=Path(model).name,
            clips=options.clips or heatmaps.CLIPS,
            on_progress=print_steps,
        )
        if folder:
            write_record(folder / EXPLAINED_FILE, explained)
        several.append(explained)
    print(heatmaps_side_by_side(several))


def _folder_of(model: str) -> Path:
    folder = EMBEDDED_FOLDER / model if model in embedded_models() else Path(model)
    if not folder.is_dir():
        raise TimesformerError("cli.save_needs_folder", model=model)
    return folder


def _save(folder: Path, results: Results) -> None:
    """Writes the results, and the card where it is known how the model was trained."""
    write_record(folder / RESULTS_FILE, results)
    if (folder / TRAINING_FILE).exists():
        write_card(folder, read_record(folder / TRAINING_FILE, Training), results)
    else:
        print(f"note: no {TRAINING_FILE} is there, so the card was left", file=sys.stderr)
