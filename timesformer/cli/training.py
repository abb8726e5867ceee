"""The commands `train` and `evaluate`."""

import argparse
import time
from datetime import date
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from ..checkpoints.checkpoint import save_checkpoint
from ..checkpoints.registry import EMBEDDED_FOLDER, embedded_models
from ..errors import TimesformerError
from ..evaluation import (
    CLIPS,
    HEATMAPS_FILE,
    RESULTS_FILE,
    HeatmapScores,
    Results,
    evaluate,
    evaluate_heatmaps,
    evaluate_masked_videos,
    full_report,
    heatmaps,
    heatmaps_side_by_side,
    moved_side_by_side,
    side_by_side,
)
from ..evaluation.masked_videos import is_masked_folder
from ..evaluation.model_card import (
    CARD_FILE,
    TRAINING_FILE,
    Training,
    write_card,
    write_comparison,
)
from ..evaluation.records import read_record, write_record
from ..evaluation.timing import machine
from ..recognizer import load
from ..training.batches import training_pictures
from ..training.recipe import RECIPES, Recipe
from ..training.refit import refit_classifier
from ..training.trainer import STATE_FILE, TrainingProgress, train
from .clips import load_model
from .terminal import ProgressLine, print_notes

RUNS_FOLDER = Path("runs")
EXPLANATIONS = "explanations"  # first word of `evaluate` that selects heatmaps


def train_embedded(options: argparse.Namespace) -> None:
    """Train an embedded model, evaluate it and write its card."""
    recipe = RECIPES[options.model]
    folder = options.out or EMBEDDED_FOLDER / options.model
    results = run_training(
        recipe,
        training_pictures(recipe),
        folder,
        name=options.model,
        run_folder=RUNS_FOLDER / options.model,
        device=_device(options.device),
        progress=options.progress,
    )
    print(f"saved in {folder}\n\n{full_report(results)}")


def run_training(
    recipe: Recipe,
    pictures: Tensor,
    folder: Path,
    *,
    name: str,
    run_folder: Path,
    device: torch.device,
    progress: ProgressLine,
    clips: int = CLIPS,
) -> Results:
    """Train a model, save it in `folder` with its records and card, and return its results.

    `run_folder` holds the state of an unfinished run; `clips` is the number of clips a split in the
    evaluation.
    """
    on_progress = partial(_show_step, progress)
    model, seconds = train(recipe, pictures, run_folder, device=device, on_progress=on_progress)
    started = time.monotonic()
    on_features = partial(progress.steps, "classifier")
    refit_classifier(model, recipe, pictures, on_progress=on_features)
    seconds += time.monotonic() - started
    save_checkpoint(model.cpu(), recipe.preprocess(), folder)
    training = Training(
        command=f"python -m timesformer train {name}",
        recipe=recipe,
        seconds=seconds,
        machine=machine(device),
        day=date.today().isoformat(),
    )
    write_record(folder / TRAINING_FILE, training)
    (run_folder / STATE_FILE).unlink()  # the next run starts from step 1
    results = evaluate(load(folder), name=name, clips=clips, on_progress=progress.steps)
    _save(folder, results)
    return results


def _show_step(line: ProgressLine, progress: TrainingProgress) -> None:
    line.show(
        f"step {progress.step}/{progress.steps}, {progress.size} pixels, "
        f"loss {progress.loss:.3f}, accuracy {progress.accuracy:4.0%}, "
        f"{progress.seconds / 60:.1f} minutes",
        is_last=progress.step == progress.steps,
    )


def _device(word: str) -> torch.device:
    try:
        return torch.empty(0, device=word).device
    except (RuntimeError, AssertionError) as error:  # torch raises either
        raise TimesformerError("cli.no_device", device=word) from error


def evaluate_models(options: argparse.Namespace) -> None:
    """Print the accuracy of models on drawn clips, or the scores of their heatmaps."""
    if options.models[0] == EXPLANATIONS:
        _evaluate_heatmaps(options.models[1:] or ["motion"], options)
        return
    if options.out:
        raise TimesformerError("cli.out_needs_videos")
    folders = [_folder_of(model) for model in options.models] if options.save else []
    recognizers = [load_model(model, options) for model in options.models]
    results = [
        evaluate(
            recognizer,
            name=Path(model).name,
            clips=options.clips or CLIPS,
            footage=options.footage,
            on_progress=options.progress.steps,
        )
        for model, recognizer in zip(options.models, recognizers, strict=True)
    ]
    for folder, result in zip(folders, results, strict=False):
        _save(folder, result)
    print(full_report(results[0]) if len(results) == 1 else side_by_side(results))


def _evaluate_heatmaps(models: list[str], options: argparse.Namespace) -> None:
    """Print the heatmap scores of models, and save the scores of each model at once.

    Folders that are not checkpoints hold videos with masks; without any, clips are drawn.
    """
    if options.footage:
        raise TimesformerError("cli.footage_motion_only")
    if videos := [Path(word) for word in models if is_masked_folder(word)]:
        models = [word for word in models if not is_masked_folder(word)]
        _evaluate_on_videos(videos, models or ["motion"], options)
        return
    if options.out:
        raise TimesformerError("cli.out_needs_videos")
    folders = [_folder_of(model) if options.save else None for model in models]
    recognizers = [load_model(model, options) for model in models]
    scores: list[HeatmapScores] = []
    for model, recognizer, folder in zip(models, recognizers, folders, strict=True):
        measured = evaluate_heatmaps(
            recognizer,
            name=Path(model).name,
            clips=options.clips or heatmaps.CLIPS,
            run_folder=RUNS_FOLDER / EXPLANATIONS / Path(model).name if folder else None,
            on_progress=options.progress.steps,
        )
        if folder:
            write_record(folder / HEATMAPS_FILE, measured)
            _compare_embedded(folder)
        scores.append(measured)
    print("\n\n".join(filter(None, (heatmaps_side_by_side(scores), moved_side_by_side(scores)))))


def _evaluate_on_videos(
    folders: list[Path], models: list[str], options: argparse.Namespace
) -> None:
    """Print the heatmap scores of models on a folder of videos, and write them to --out."""
    if len(folders) > 1 or options.save or options.clips:
        raise TimesformerError("cli.one_video_folder")
    if options.out and len(models) > 1:
        raise TimesformerError("cli.out_needs_videos")
    [folder] = folders
    scores = [
        evaluate_masked_videos(
            load_model(model, options), folder,
            name=Path(model).name, on_progress=options.progress.steps,
        )
        for model in models
    ]  # fmt: skip
    if options.out:
        write_record(options.out, scores[0])
    print(heatmaps_side_by_side(scores))


def _folder_of(model: str) -> Path:
    folder = EMBEDDED_FOLDER / model if model in embedded_models() else Path(model)
    if not folder.is_dir():
        raise TimesformerError("cli.save_needs_folder", model=model)
    return folder


def _save(folder: Path, results: Results) -> None:
    """Write the results, and the card if the record of the training exists."""
    write_record(folder / RESULTS_FILE, results)
    if (folder / TRAINING_FILE).exists():
        write_card(folder, read_record(folder / TRAINING_FILE, Training), results)
    else:
        print_notes([f"there is no {TRAINING_FILE}, so no card was written"])
    _compare_embedded(folder)


def _compare_embedded(folder: Path) -> None:
    """Update the comparison of the embedded models, if `folder` is one of them."""
    if folder.parent.resolve() == EMBEDDED_FOLDER.resolve():
        folders = [EMBEDDED_FOLDER / name for name in embedded_models()]
        write_comparison(EMBEDDED_FOLDER / CARD_FILE, folders)
