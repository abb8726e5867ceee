"""The command line, `python -m timesformer` or `timesformer`: its commands and options."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

from ..errors import TimesformerError
from ..evaluation import CLIPS, heatmaps
from ..explain import METHODS
from ..recognizer import DTYPES, PROTOCOLS, Protocol, protocol_named
from ..synthetic.scenes import draw_examples
from ..training.recipe import RECIPES
from . import clips, experiments, space
from .terminal import ProgressLine, printable
from .training import evaluate_models, train_embedded

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 2 for bad input, with one line on stderr."""
    _escape_foreign_characters()
    try:
        with ProgressLine() as progress:
            options = _parser().parse_args(arguments, argparse.Namespace(progress=progress))
            options.run(options)
        if sys.stdout:  # None where there is no console
            sys.stdout.flush()  # while an error can still be reported
    except TimesformerError as error:
        print(f"timesformer: {printable(str(error))}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of stdout, such as `head`, has stopped
        return 141  # 128 + SIGPIPE, as shells report it
    except OSError as error:
        print(f"timesformer: {_file_error(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("timesformer: stopped", file=sys.stderr)
        return 130
    finally:
        _drop_unwritable_output()
    return 0


def _escape_foreign_characters() -> None:
    """Write characters that the code page of stdout or stderr lacks as escapes, such as \\u2192."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _drop_unwritable_output() -> None:
    """Drop the text that stdout cannot write. Python would print a traceback at its exit."""
    try:
        if sys.stdout:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _file_error(error: OSError) -> str:
    """Return what could not be read or written, without its folder, and what to check."""
    name = Path(error.filename).name if isinstance(error.filename, str) else "a file"
    reason = error.strerror or type(error).__name__
    return f"{name} cannot be read or written: {reason}. Check its folder and the free disk space."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="timesformer" if Path(sys.argv[0]).stem == "timesformer" else "python -m timesformer",
        description="Recognize motion and actions in a clip, and explain the prediction.",
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    loading = _loading_options()

    predict = verbs.add_parser(
        "predict", parents=[loading], help="print the most likely labels of a clip"
    )
    _add_clip(predict)
    predict.add_argument("--top", type=_at_least_one, default=5, help="number of labels (5)")
    predict.add_argument(
        "--protocol", type=_protocol, default=PROTOCOLS["center"], metavar="NAME",
        help="center, fb (three crops), or N x 3, such as 4x3: N clips of three crops (center)",
    )  # fmt: skip
    predict.add_argument("--json", action="store_true", help="print JSON instead of a table")
    predict.set_defaults(run=clips.predict)

    _add_explain(verbs, loading)
    experiment = verbs.add_parser(
        "try",
        parents=[loading],
        help="reverse, shuffle, freeze or mask a clip and compare the predictions",
    )
    experiment.add_argument(
        "experiment", choices=experiments.CHOICES, help="change to the clip or the model"
    )
    _add_clip(experiment)
    experiment.set_defaults(run=experiments.run)

    models = verbs.add_parser("models", help="list the models that load by name")
    models.set_defaults(run=clips.list_models)

    download = verbs.add_parser("download", help="download models from the Hub")
    download.add_argument("models", nargs="+", metavar="MODEL", help="Hub id, or id@revision")
    download.set_defaults(run=clips.download)

    _add_training(verbs)
    _add_evaluation(verbs, loading)
    draw = verbs.add_parser("draw", help="draw the bundled example clips")
    draw.add_argument(
        "folder", type=Path, nargs="?", default=Path("assets/clips"),
        help="folder to write to (assets/clips)",
    )  # fmt: skip
    draw.set_defaults(run=_draw)

    spaces = verbs.add_parser("space", help="push the page as a Hugging Face Space on ZeroGPU")
    spaces.add_argument("name", metavar="OWNER/NAME", help="name of the Space")
    spaces.add_argument("--private", action="store_true", help="make the Space private")
    spaces.add_argument(
        "--out", type=Path, metavar="FOLDER", help="write its files to this folder instead"
    )
    spaces.set_defaults(run=space.run)
    return parser


def _draw(options: argparse.Namespace) -> None:
    draw_examples(options.folder, on_progress=partial(options.progress.steps, "clips"))


def _loading_options() -> argparse.ArgumentParser:
    """Return the parent of all commands that load models: the options of `load_model`."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument("--device", help="cpu, cuda, ... (a GPU if there is one)")
    parent.add_argument("--dtype", choices=DTYPES, help="number type to compute in (float32)")
    parent.add_argument(
        "--num-attention-heads", type=_at_least_one, metavar="COUNT",
        help="attention heads of weights without a config.json, such as a .pyth",
    )  # fmt: skip
    return parent


def _add_explain(verbs: Verbs, loading: argparse.ArgumentParser) -> None:
    explain = verbs.add_parser(
        "explain", parents=[loading], help="compute heatmaps that explain the prediction"
    )
    _add_clip(explain)
    with_target, with_block = (
        ", ".join(name for name, method in METHODS.items() if option in method.options)
        for option in ("target", "block")
    )
    files = explain.add_argument_group("files to write")
    for option, (endings, words) in clips.OUTPUT_FILES.items():
        kinds = "|".join(ending[1:].upper() for ending in endings)
        files.add_argument(option, type=_new_file, metavar=kinds, help=words)
    explain.add_argument(
        "--method", choices=METHODS, help="heatmap method (the best measured for the model)"
    )
    explain.add_argument(
        "--target",
        metavar="LABEL",
        help=f"label to explain, for {with_target} (default: the most likely)",
    )
    explain.add_argument("--than", metavar="LABEL", help="label to contrast the target with")
    explain.add_argument("--negative", action="store_true", help="show evidence against the target")
    explain.add_argument(
        "--patch", type=_patch, metavar="F,R,C",
        help="explain this patch instead of the cls token: frame, row, column from 0",
    )  # fmt: skip
    explain.add_argument("--block", type=int, help=f"block, for {with_block} (default: the last)")
    explain.add_argument(
        "--heads",
        type=clips.word_or_number,
        default="mean",
        help="mean, max, min, or a head by number (mean)",
    )
    explain.add_argument(
        "--norm-aware",
        action="store_true",
        help="weight rollout by the norms of its terms",
    )
    explain.add_argument(
        "--sharper",
        action="store_true",
        help="average over shifts by half a patch: a finer grid, four times slower",
    )
    explain.add_argument(
        "--check", action="store_true", help="mask the hottest and random patches, and compare"
    )
    explain.add_argument("--smooth", action="store_true", help="interpolate between patches")
    explain.set_defaults(run=clips.explain)


def _add_training(verbs: Verbs) -> None:
    training = verbs.add_parser(
        "train", help="train an embedded model on drawn clips, or resume an interrupted run"
    )
    training.add_argument("model", choices=RECIPES, help="model to train")
    training.add_argument(
        "--out", type=Path, metavar="FOLDER", help="folder to write to (assets/models/MODEL)"
    )
    training.add_argument("--device", default="cpu", help="cpu, cuda, ... (cpu)")
    training.set_defaults(run=train_embedded)


def _add_evaluation(verbs: Verbs, loading: argparse.ArgumentParser) -> None:
    evaluation = verbs.add_parser(
        "evaluate",
        parents=[loading],
        help="measure the accuracy of motion models on drawn clips, or, after the word "
        "explanations, the faithfulness of their heatmaps",
    )
    evaluation.add_argument(
        "models", nargs="*", default=["motion"], metavar="[explanations] [VIDEOS] MODEL",
        help="names or folders (motion); several are compared side by side. After explanations, "
        "a folder of videos with masks replaces the drawn clips",
    )  # fmt: skip
    evaluation.add_argument(
        "--clips", type=_at_least_one, metavar="COUNT",
        help=f"clips a split ({CLIPS}), or a seed for explanations ({heatmaps.CLIPS})",
    )  # fmt: skip
    evaluation.add_argument(
        "--footage",
        type=Path,
        metavar="FOLDER",
        help="add a split with videos as backgrounds",
    )
    evaluation.add_argument(
        "--out", type=_new_file, metavar="JSON", help="write the scores of heatmaps on VIDEOS"
    )
    evaluation.add_argument(
        "--save", action="store_true", help="save results and model card beside the weights"
    )
    evaluation.set_defaults(run=evaluate_models)


def _add_clip(command: argparse.ArgumentParser) -> None:
    command.add_argument("clip", type=Path, metavar="CLIP", help="a video file")
    command.add_argument(
        "--model", default="motion", help="embedded name, Hub id, folder or file (motion)"
    )
    command.add_argument(
        "--start", type=_seconds, default=0.0, help="second of the video where the clip starts (0)"
    )
    command.add_argument("--frames", type=_at_least_one, help="number of frames (as trained)")
    command.add_argument(
        "--size", type=_at_least_one, help="side of the frames in pixels (as trained)"
    )


def _protocol(word: str) -> Protocol:
    try:
        return protocol_named(word)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _patch(word: str) -> tuple[int, int, int]:
    try:
        frame, row, column = map(int, word.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{word!r} is no patch; write frame, row and column, such as 3,7,7"
        ) from error
    return frame, row, column


def _new_file(word: str) -> Path:
    path = Path(word)
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {str(path.parent)!r}")
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{word!r} is a folder; name a file in it")
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
