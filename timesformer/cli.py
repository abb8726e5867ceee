"""python -m timesformer: recognise, explain, train, evaluate from the command line."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import torch

from . import render
from .cards import TRAINING_FILE, Training, write_card
from .checkpoints import (
    EMBEDDED_FOLDER,
    download_checkpoint,
    embedded_models,
    save_checkpoint,
)
from .errors import TimesformerError
from .evaluation import CLIPS, RESULTS_FILE, Results, evaluate, full_report, side_by_side
from .evaluation.speed import machine
from .protocols import CENTER, Protocol, protocol_named
from .published import LICENCE, PUBLISHED
from .recipe import JOINT_STAGES, Recipe
from .recognizer import METHODS, Recognizer, load
from .records import read_record, write_record
from .scenes import draw_examples
from .training import STATE_FILE, Progress, train
from .video import write_mp4

RECIPES = {
    "motion": Recipe(),
    "motion-joint": Recipe(attention_type="joint_space_time", stages=JOINT_STAGES),
    "motion-space": Recipe(attention_type="space_only"),
}
RUNS_FOLDER = Path("runs")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit code is 2, with one line on stderr, for bad input."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except TimesformerError as error:
        print(f"timesformer: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"timesformer: cannot read or write: {error.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("timesformer: stopped", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m timesformer",
        description="What a video transformer recognises in a clip, and where and when it looks.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    predict = commands.add_parser("predict", help="the likeliest labels of a clip")
    _add_clip(predict)
    predict.add_argument("--top", type=_at_least_one, default=5, help="how many labels (5)")
    predict.add_argument(
        "--protocol", type=_protocol, default=CENTER, metavar="NAME",
        help="center, fb (three crops), or clips x crops as in 4x3 (center)",
    )  # fmt: skip
    predict.add_argument("--json", action="store_true", help="print JSON in place of a table")
    predict.set_defaults(run=_predict)

    explain = commands.add_parser("explain", help="heatmaps of where and when the model looks")
    _add_clip(explain)
    explain.add_argument("--out", type=_new_file, metavar="MP4", help="the overlay video")
    explain.add_argument("--sheet", type=_new_file, metavar="PNG", help="the contact sheet")
    explain.add_argument(
        "--method", choices=METHODS, default="rollout", help="all blocks, or the last (rollout)"
    )
    explain.add_argument("--smooth", action="store_true", help="blend patches into each other")
    explain.set_defaults(run=_explain)

    models = commands.add_parser("models", help="the models that load by name")
    models.set_defaults(run=_models)

    download = commands.add_parser("download", help="bring models of the Hub onto this computer")
    download.add_argument("models", nargs="+", metavar="MODEL", help="Hub ids, or id@revision")
    download.set_defaults(run=_download)

    _add_training(commands)
    draw = commands.add_parser("draw", help="draw the bundled example clips again")
    draw.add_argument("folder", type=Path, nargs="?", default=Path("assets/clips"))
    draw.set_defaults(run=lambda options: draw_examples(options.folder))
    return parser


def _add_training(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    training = commands.add_parser(
        "train", help="train an embedded model on drawn clips; a stopped run goes on where it was"
    )
    training.add_argument("model", choices=RECIPES)
    training.add_argument(
        "--out", type=Path, metavar="FOLDER", help="where to write it (assets/models/MODEL)"
    )
    training.add_argument("--device", default="cpu", help="cpu, cuda, ... (cpu)")
    training.set_defaults(run=_train)

    evaluation = commands.add_parser(
        "evaluate", help="what motion models get right on clips they have never seen"
    )
    evaluation.add_argument(
        "models", nargs="*", default=["motion"], metavar="MODEL",
        help="names or folders (motion); several are put side by side",
    )  # fmt: skip
    evaluation.add_argument(
        "--clips", type=_at_least_one, default=CLIPS, help=f"how many a split ({CLIPS})"
    )
    evaluation.add_argument(
        "--footage", type=Path, metavar="FOLDER", help="also draw over the videos of a folder"
    )
    evaluation.add_argument(
        "--save", action="store_true", help="write results and card beside the weights"
    )
    evaluation.set_defaults(run=_evaluate)


def _add_clip(command: argparse.ArgumentParser) -> None:
    command.add_argument("clip", type=Path, metavar="CLIP", help="a video file")
    command.add_argument(
        "--model", default="motion", help="embedded name, Hub id or folder (motion)"
    )
    command.add_argument(
        "--start", type=_seconds, default=0.0, help="second of the video to start at (0)"
    )
    command.add_argument(
        "--frames", type=_at_least_one, help="how many frames to look at (as it was trained)"
    )
    command.add_argument(
        "--size", type=_at_least_one, help="pixels a side of the frames (as it was trained)"
    )
    command.add_argument("--device", help="cpu, cuda, ... (the GPU where there is one)")


def _protocol(word: str) -> Protocol:
    try:
        return protocol_named(word)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _device(word: str) -> torch.device:
    try:
        return torch.empty(0, device=word).device
    except (RuntimeError, AssertionError) as error:  # torch raises either
        raise TimesformerError(
            f"There is no device {word!r} here. Use 'cpu', or 'cuda' where there is an NVIDIA GPU."
        ) from error


def _new_file(word: str) -> Path:
    path = Path(word)
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {str(path.parent)!r}")
    return path


def _seconds(word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{word!r} is not a number of seconds from 0 up")
    return seconds


def _at_least_one(word: str) -> int:
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"{word!r} is not a whole number from 1 up")
    return int(word)


def _recognizer(options: argparse.Namespace) -> Recognizer:
    recognizer = load(options.model, device=options.device)
    if options.frames is None and options.size is None:
        return recognizer
    try:
        return recognizer.adapted(num_frames=options.frames, size=options.size)
    except ValueError as error:
        raise TimesformerError(f"{error}.") from error


def _tell_notes(notes: Iterable[str]) -> None:
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def _predict(options: argparse.Namespace) -> None:
    recognizer, protocol = _recognizer(options), options.protocol
    clips = recognizer.read_several(options.clip, protocol.clips, start=options.start)
    notes = list(dict.fromkeys([*recognizer.notes, *(n for clip in clips for n in clip.notes)]))
    if len(clips) < protocol.clips:
        notes.append("One clip takes all that the video holds, so one was looked at.")
    _tell_notes(notes)
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


def _explain(options: argparse.Namespace) -> None:
    recognizer = _recognizer(options)
    clip = recognizer.read(options.clip, start=options.start)
    _tell_notes((*recognizer.notes, *clip.notes))
    explanation = recognizer.explain(clip, method=options.method)
    best = explanation.predictions[0]
    print(f"{best.probability:7.1%}  {best.label}")
    for time, share in zip(clip.times, explanation.frame_shares, strict=True):
        print(f"{time:7.2f} s  looked at {share:.2f} {render.UNIT}")
    if options.out:
        drawn = render.film(
            clip.frames, explanation.heatmaps, explanation.box, smooth=options.smooth
        )
        write_mp4(options.out, drawn, fps=clip.fps)
    if options.sheet:
        sheet = render.sheet(
            clip.frames,
            explanation.heatmaps,
            explanation.box,
            times=clip.times,
            probabilities=[(p.label, p.probability) for p in explanation.predictions[:5]],
            footer=f"{options.clip.name}, {options.model}, {options.method}",
        )
        options.sheet.write_bytes(sheet)


def _models(options: argparse.Namespace) -> None:
    for name in embedded_models():
        print(f"{name:<48} embedded, Apache-2.0")
    for known in PUBLISHED:
        shape = f"{known.num_frames} x {known.size} x {known.size}, {known.num_labels} labels"
        print(f"{known.name:<48} {shape}, {known.top_1} % top-1, {LICENCE}")


def _download(options: argparse.Namespace) -> None:
    for name in options.models:
        download_checkpoint(name, tell=partial(_tell_bytes, name))
        print(f"{name} is on this computer.")


def _tell_bytes(name: str, done: int, total: int | None) -> None:
    of = "" if total is None else f" of {total / 1e6:.1f}"
    end = "\n" if done == total else ""
    print(f"\r{name}: {done / 1e6:.1f}{of} MB", end=end, file=sys.stderr, flush=True)


def _train(options: argparse.Namespace) -> None:
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
    results = evaluate(load(folder), name=options.model, clips=CLIPS, tell=_tell_split)
    _save(folder, results)
    print(f"saved in {folder}\n\n{full_report(results)}")


def _evaluate(options: argparse.Namespace) -> None:
    folders = [_folder_of(model) for model in options.models] if options.save else []
    recognizers = [load(model) for model in options.models]
    several = [
        evaluate(
            recognizer,
            name=Path(model).name,
            clips=options.clips,
            footage=options.footage,
            tell=_tell_split,
        )
        for model, recognizer in zip(options.models, recognizers, strict=True)
    ]
    for folder, results in zip(folders, several, strict=False):
        _save(folder, results)
    print(full_report(several[0]) if len(several) == 1 else side_by_side(several))


def _tell_split(split: str, done: int, clips: int) -> None:
    print(f"\r{split}: {done} of {clips} ", end="\n" * (done == clips), file=sys.stderr, flush=True)


def _folder_of(model: str) -> Path:
    folder = EMBEDDED_FOLDER / model if model in embedded_models() else Path(model)
    if not folder.is_dir():
        raise TimesformerError(
            f"Results are saved beside weights in a folder, and {model!r} is none. "
            "Leave --save away, or give an embedded name or a folder."
        )
    return folder


def _save(folder: Path, results: Results) -> None:
    """Writes the results, and the card where it is known how the model was trained."""
    write_record(folder / RESULTS_FILE, results)
    if (folder / TRAINING_FILE).exists():
        write_card(folder, read_record(folder / TRAINING_FILE, Training), results)
    else:
        print(f"note: no {TRAINING_FILE} is there, so the card was left", file=sys.stderr)
