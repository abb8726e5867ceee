"""What each command of the command line does with its options."""

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path

import torch

from . import exports, render
from .cards import TRAINING_FILE, Training, write_card
from .checkpoints import (
    EMBEDDED_FOLDER,
    download_checkpoint,
    embedded_models,
    save_checkpoint,
)
from .errors import TimesformerError
from .evaluation import (
    CLIPS,
    EXPLAINED_FILE,
    RESULTS_FILE,
    Explained,
    Results,
    evaluate,
    evaluate_explanations,
    explanations,
    full_report,
    heatmaps_side_by_side,
    side_by_side,
)
from .evaluation.speed import machine
from .explain import METHODS
from .explanations import Check, Explanation, Target
from .published import LICENCE, PUBLISHED
from .recipe import JOINT_STAGES, Recipe
from .recognizer import Recognizer, load
from .records import read_record, write_record
from .training import STATE_FILE, Progress, train
from .video import Clip
from .words import where_and_when, whether_it_counts

RECIPES = {
    "motion": Recipe(),
    "motion-joint": Recipe(attention_type="joint_space_time", stages=JOINT_STAGES),
    "motion-space": Recipe(attention_type="space_only"),
}
RUNS_FOLDER = Path("runs")
EXPLANATIONS = "explanations"  # what is evaluated, where it is not the answers


def _device(word: str) -> torch.device:
    try:
        return torch.empty(0, device=word).device
    except (RuntimeError, AssertionError) as error:  # torch raises either
        raise TimesformerError(
            "There is no device {word!r} here. Use 'cpu', or 'cuda' where there is an NVIDIA GPU.",
            word=word,
        ) from error


def recognizer_of(options: argparse.Namespace) -> Recognizer:
    """The recognizer that the options of a clip ask for. Raises TimesformerError."""
    recognizer = load(options.model, device=options.device)
    if options.frames is None and options.size is None:
        return recognizer
    try:
        return recognizer.adapted(num_frames=options.frames, size=options.size)
    except ValueError as error:
        raise TimesformerError("{reason}.", reason=error) from error


def tell_notes(notes: Iterable[str]) -> None:
    """Prints what is not as expected, on stderr."""
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def predict(options: argparse.Namespace) -> None:
    """Prints the likeliest labels of a clip, as a table or JSON."""
    recognizer, protocol = recognizer_of(options), options.protocol
    clips = recognizer.read_several(options.clip, protocol.clips, start=options.start)
    notes = list(dict.fromkeys([*recognizer.notes, *(n for clip in clips for n in clip.notes)]))
    if len(clips) < protocol.clips:
        notes.append("One clip takes all that the video holds, so one was looked at.")
    tell_notes(notes)
    predictions = recognizer.predict(*clips, crops=protocol.crops, top_k=options.top)
    if options.json:
        answer = {
            "model": options.model,
            "times": [clip.times.round(3).tolist() for clip in clips],
            "notes": notes,
            "predictions": [vars(prediction) for prediction in predictions],
        }
        print(json.dumps(answer, indent=2))
        return
    for prediction in predictions:
        print(f"{prediction.probability:7.1%}  {prediction.label}")


def explain(options: argparse.Namespace) -> None:
    """Prints when the model looked, and writes what can be taken along."""
    for file in _files_of(options):
        if file.exists() and file.samefile(options.clip):
            raise TimesformerError(
                "{file} is the clip itself. Name another file to write.", file=file.name
            )
    recognizer = recognizer_of(options)
    _check_matrices(options.frames_by_frames, recognizer)
    clip = recognizer.read(options.clip, start=options.start)
    tell_notes((*recognizer.notes, *clip.notes))
    try:
        explanation = recognizer.explain(
            clip,
            method=options.method,
            target=_target(options),
            negative=options.negative,
            patch=options.patch,
            block=options.block,
            heads=options.heads,
            norm_aware=options.norm_aware,
            tell=partial(tell_steps, options.method),
        )
    except ValueError as error:
        raise TimesformerError("{reason}.", reason=error) from error
    verb = "counted" if METHODS[options.method].of_a_label else "looked at"
    verb = "spoke against" if options.negative else verb
    best = explanation.predictions[0]
    print(f"{best.probability:7.1%}  {best.label}")
    for time, share in zip(clip.times, explanation.frame_shares, strict=True):
        print(f"{time:7.2f} s  {verb} {share:.2f} {render.UNIT}")
    print(where_and_when(explanation))
    check = None
    if options.check:
        check = recognizer.check(clip, explanation, tell=partial(tell_steps, "covering"))
        print(whether_it_counts(explanation, check))
    _write_files(options, recognizer, clip, explanation, check)


def _files_of(options: argparse.Namespace) -> list[Path]:
    asked = (options.out, options.beside, options.sheet, options.arrays,
             options.frames_by_frames, options.record, options.report)  # fmt: skip
    return [file for file in asked if file]


def _write_files(
    options: argparse.Namespace,
    recognizer: Recognizer,
    clip: Clip,
    explanation: Explanation,
    check: Check | None,
) -> None:
    if options.out or options.beside:
        exports.write_films(
            clip, explanation, overlay=options.out, beside=options.beside, smooth=options.smooth
        )
    if options.sheet:
        footer = f"{options.clip.name}, {options.model}, {options.method}"
        options.sheet.write_bytes(exports.sheet_of(clip, explanation, footer=footer))
    if options.arrays or options.frames_by_frames:
        arrays = exports.arrays_of(recognizer, clip, explanation)
        if options.arrays:
            exports.write_arrays(options.arrays, arrays)
        if options.frames_by_frames:
            kinds = (_kind(options.frames_by_frames),)
            (drawn,) = render.matrices(arrays["frame_attention"], times=clip.times, kinds=kinds)
            options.frames_by_frames.write_bytes(drawn)
    if options.record:
        record = exports.record_of(recognizer, clip, explanation, model=options.model, check=check)
        exports.write_record_of(options.record, record)
    if options.report:
        exports.write_report(
            options.report, recognizer, clip, explanation,
            model=options.model, check=check, smooth=options.smooth,
        )  # fmt: skip


def _check_matrices(file: Path | None, recognizer: Recognizer) -> None:
    """Raises TimesformerError where frames by frames cannot be drawn into the file."""
    if file is None:
        return
    if _kind(file) not in ("svg", "pdf"):
        raise TimesformerError("{file} is neither .svg nor .pdf. Name one that is.", file=file.name)
    if recognizer.model.config.attention_type == "space_only":
        raise TimesformerError(
            "In this model no frame reads another. Ask for no frames by frames, or take another."
        )


def _kind(file: Path) -> str:
    return file.suffix.lower().removeprefix(".")


def _target(options: argparse.Namespace) -> Target | None:
    if options.than and not options.target:
        raise TimesformerError("--than is told with a --target. Name both.")
    if options.than:
        return _label(options.target), _label(options.than)
    return _label(options.target) if options.target else None


def _label(word: str) -> str | int:
    return int(word) if word.isdecimal() else word


def list_models(options: argparse.Namespace) -> None:
    """Prints the models that load by name."""
    for name in embedded_models():
        print(f"{name:<48} embedded, Apache-2.0")
    for known in PUBLISHED:
        shape = f"{known.num_frames} x {known.size} x {known.size}, {known.num_labels} labels"
        print(f"{known.name:<48} {shape}, {known.top_1} % top-1, {LICENCE}")


def download(options: argparse.Namespace) -> None:
    """Brings models of the Hub onto this computer and tells how far it is."""
    for name in options.models:
        download_checkpoint(name, tell=partial(_tell_bytes, name))
        print(f"{name} is on this computer.")


def _tell_bytes(name: str, done: int, total: int | None) -> None:
    of = "" if total is None else f" of {total / 1e6:.1f}"
    end = "\n" if done == total else ""
    print(f"\r{name}: {done / 1e6:.1f}{of} MB", end=end, file=sys.stderr, flush=True)


def train_embedded(options: argparse.Namespace) -> None:
    """Trains an embedded model, evaluates it and writes its card."""
    recipe = RECIPES[options.model]
    folder = options.out or EMBEDDED_FOLDER / options.model

    def tell(progress: Progress) -> None:
        print(
            f"\rstep {progress.step}/{progress.steps}, {progress.size} pixels, "
            f"loss {progress.loss:.3f}, right {progress.accuracy:4.0%}, "
            f"{progress.seconds / 60:.1f} minutes ",
            end="",
            flush=True,
        )

    device, run = _device(options.device), RUNS_FOLDER / options.model
    model, seconds = train(recipe, run, device=device, tell=tell)
    print()
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
    results = evaluate(load(folder), name=options.model, clips=CLIPS, tell=tell_steps)
    _save(folder, results)
    print(f"saved in {folder}\n\n{full_report(results)}")


def evaluate_models(options: argparse.Namespace) -> None:
    """Prints what models get right on clips they have never seen, or how true heatmaps are."""
    if options.models[0] == EXPLANATIONS:
        evaluate_heatmaps(options.models[1:] or ["motion"], options)
        return
    folders = [_folder_of(model) for model in options.models] if options.save else []
    recognizers = [load(model) for model in options.models]
    several = [
        evaluate(
            recognizer,
            name=Path(model).name,
            clips=options.clips or CLIPS,
            footage=options.footage,
            tell=tell_steps,
        )
        for model, recognizer in zip(options.models, recognizers, strict=True)
    ]
    for folder, results in zip(folders, several, strict=False):
        _save(folder, results)
    print(full_report(several[0]) if len(several) == 1 else side_by_side(several))


def evaluate_heatmaps(models: list[str], options: argparse.Namespace) -> None:
    """Prints how true the heatmaps of models are; each is saved as soon as it is measured."""
    if options.footage:
        raise TimesformerError("Heatmaps are measured on drawn clips alone. Leave --footage away.")
    folders = [_folder_of(model) if options.save else None for model in models]
    recognizers = [load(model) for model in models]
    several: list[Explained] = []
    for model, recognizer, folder in zip(models, recognizers, folders, strict=True):
        explained = evaluate_explanations(
            recognizer,
            name=Path(model).name,
            clips=options.clips or explanations.CLIPS,
            tell=tell_steps,
        )
        if folder:
            write_record(folder / EXPLAINED_FILE, explained)
        several.append(explained)
    print(heatmaps_side_by_side(several))


def tell_steps(name: str, done: int, steps: int) -> None:
    """Prints how many of how many steps are done, on stderr."""
    print(f"\r{name}: {done} of {steps} ", end="\n" * (done == steps), file=sys.stderr, flush=True)


def _folder_of(model: str) -> Path:
    folder = EMBEDDED_FOLDER / model if model in embedded_models() else Path(model)
    if not folder.is_dir():
        raise TimesformerError(
            "Results are saved beside weights in a folder, and {model!r} is none. "
            "Leave --save away, or give an embedded name or a folder.",
            model=model,
        )
    return folder


def _save(folder: Path, results: Results) -> None:
    """Writes the results, and the card where it is known how the model was trained."""
    write_record(folder / RESULTS_FILE, results)
    if (folder / TRAINING_FILE).exists():
        write_card(folder, read_record(folder / TRAINING_FILE, Training), results)
    else:
        print(f"note: no {TRAINING_FILE} is there, so the card was left", file=sys.stderr)
