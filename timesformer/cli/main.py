"""python -m timesformer: what can be asked on the command line."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import TimesformerError
from ..evaluation import CLIPS, heatmaps
from ..explain import METHODS
from ..explain.registry import methods_of_a_class
from ..protocols import CENTER, Protocol, protocol_named
from ..recognizer import DTYPES
from ..synthetic.scenes import draw_examples
from ..training.recipe import RECIPES
from . import clips, experiments
from .training import evaluate_models, train_embedded


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
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    predict = verbs.add_parser("predict", help="the likeliest labels of a clip")
    _add_clip(predict)
    predict.add_argument("--top", type=_at_least_one, default=5, help="how many labels (5)")
    predict.add_argument(
        "--protocol", type=_protocol, default=CENTER, metavar="NAME",
        help="center, fb (three crops), or clips x crops as in 4x3 (center)",
    )  # fmt: skip
    predict.add_argument("--json", action="store_true", help="print JSON in place of a table")
    predict.set_defaults(run=clips.predict)

    _add_explain(verbs)
    tried = verbs.add_parser(
        "try", help="play a clip backwards, shuffle it, ...: what is said then"
    )
    tried.add_argument(
        "experiment", choices=experiments.EXPERIMENTS, help="what to do with the clip"
    )
    _add_clip(tried)
    tried.set_defaults(run=experiments.try_out)

    models = verbs.add_parser("models", help="the models that load by name")
    models.set_defaults(run=clips.list_models)

    download = verbs.add_parser("download", help="bring models of the Hub onto this computer")
    download.add_argument("models", nargs="+", metavar="MODEL", help="Hub ids, or id@revision")
    download.set_defaults(run=clips.download)

    _add_training(verbs)
    draw = verbs.add_parser("draw", help="draw the bundled example clips again")
    draw.add_argument("folder", type=Path, nargs="?", default=Path("assets/clips"))
    draw.set_defaults(run=lambda options: draw_examples(options.folder))
    return parser


def _add_explain(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    explain = verbs.add_parser("explain", help="heatmaps of where and when the model looks")
    _add_clip(explain)
    files = explain.add_argument_group("files to write")
    for option, kind, words in (
        ("--out", "MP4", "the heatmaps over the frames"),
        ("--beside", "MP4", "the same beside the frames as they are"),
        ("--sheet", "PNG", "the contact sheet"),
        ("--arrays", "NPZ", "all numbers, with the attention of every block and head"),
        ("--frames-by-frames", "SVG", "which frame reads which, for every head (or a PDF)"),
        ("--record", "JSON", "what was asked of which model, and what it said"),
        ("--report", "HTML", "all of it as a page that opens anywhere"),
    ):
        files.add_argument(option, type=_new_file, metavar=kind, help=words)
    explain.add_argument("--method", choices=METHODS, default="rollout", help="(rollout)")
    explain.add_argument(
        "--target",
        metavar="LABEL",
        help=f"what {', '.join(methods_of_a_class())} explain (likeliest)",
    )
    explain.add_argument("--than", metavar="LABEL", help="why the target rather than this")
    explain.add_argument(
        "--negative", action="store_true", help="what speaks against the target, not for it"
    )
    explain.add_argument(
        "--patch", type=_patch, metavar="F,R,C",
        help="frame, row and column from 0: what this patch drew, not cls",
    )  # fmt: skip
    explain.add_argument("--block", type=int, help="of attention and time-attention (last)")
    explain.add_argument(
        "--heads", type=_heads, default="mean", help="mean, max, min, or the number of one (mean)"
    )
    explain.add_argument(
        "--norm-aware", action="store_true", help="rollout by the lengths of what is added"
    )
    explain.add_argument(
        "--check", action="store_true", help="cover the hottest patches, and any, and tell both"
    )
    explain.add_argument("--smooth", action="store_true", help="blend patches into each other")
    explain.set_defaults(run=clips.explain)


def _add_training(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    training = verbs.add_parser(
        "train", help="train an embedded model on drawn clips; a stopped run goes on where it was"
    )
    training.add_argument("model", choices=RECIPES)
    training.add_argument(
        "--out", type=Path, metavar="FOLDER", help="where to write it (assets/models/MODEL)"
    )
    training.add_argument("--device", default="cpu", help="cpu, cuda, ... (cpu)")
    training.set_defaults(run=train_embedded)

    evaluation = verbs.add_parser(
        "evaluate",
        help="what motion models get right on clips they have never seen; "
        "or, after the word explanations, how true their heatmaps are",
    )
    evaluation.add_argument(
        "models", nargs="*", default=["motion"], metavar="[explanations] MODEL",
        help="names or folders (motion); several are put side by side",
    )  # fmt: skip
    evaluation.add_argument(
        "--clips", type=_at_least_one, metavar="COUNT",
        help=f"how many a split ({CLIPS}); of explanations, how many a seed "
        f"({heatmaps.CLIPS})",
    )  # fmt: skip
    evaluation.add_argument(
        "--footage", type=Path, metavar="FOLDER", help="also draw over the videos of a folder"
    )
    evaluation.add_argument(
        "--save", action="store_true", help="write results and card beside the weights"
    )
    _add_dtype(evaluation)
    evaluation.set_defaults(run=evaluate_models)


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
    _add_dtype(command)


def _add_dtype(command: argparse.ArgumentParser) -> None:
    command.add_argument("--dtype", choices=DTYPES, help="what to compute in (the fastest)")


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
            f"{word!r} is no patch; write its frame, row and column, such as 3,7,7"
        ) from error
    return frame, row, column


def _heads(word: str) -> str | int:
    return int(word) if word.isdecimal() else word


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
