"""The command `try`: an experiment with a clip, as a table."""

import argparse
from collections.abc import Iterator
from functools import partial

from ..experiments import RANDOM_TENTHS, SCHEMES, TRIALS, Run, Trial, frame_counts, measured
from ..recognizer import load
from .clips import load_recognizer, print_notes, print_steps

EXPERIMENTS = ("reverse", "shuffle", "freeze", "hottest", "frames", "schemes")


def run(options: argparse.Namespace) -> None:
    """Print the predictions for a clip before and after a change."""
    if options.experiment in TRIALS:
        _print_trial(options)
        return
    runs = _schemes if options.experiment == "schemes" else _frames
    for name, timed in runs(options):
        best = timed.predictions[0]
        print(
            f"{best.probability:7.1%}  {best.label:<22} {name:<14} {timed.comparisons:,} "
            f"comparisons a patch, {timed.all_comparisons:,} in total, {timed.seconds:.2f} s"
        )


def _print_trial(options: argparse.Namespace) -> None:
    recognizer = load_recognizer(options)
    clip = recognizer.read(options.clip, start=options.start)
    print_notes((*recognizer.notes, *clip.notes))
    more = {"explanation": recognizer.explain(clip)} if options.experiment == "hottest" else {}
    on_progress = partial(print_steps, options.experiment)
    trial = TRIALS[options.experiment](recognizer, clip, on_progress=on_progress, **more)
    print(f"probability of “{trial.label}”, and the top label")
    predictions = [trial.before, *trial.after]
    probabilities = [trial.probability, *trial.probabilities]
    for name, (top, *_), probability in zip(_names(trial), predictions, probabilities, strict=True):
        print(f"{probability:7.1%}  {top.label} ({top.probability:.1%})  {name}")


def _names(trial: Trial) -> Iterator[str]:
    """Yield the name of each version of the clip."""
    yield "original"
    for order in trial.orders:
        yield "frames " + " ".join(str(frame + 1) for frame in order)
    if trial.name == "hottest":
        yield "hottest tenth masked"
        yield from ["random tenth masked"] * RANDOM_TENTHS


def _frames(options: argparse.Namespace) -> Iterator[tuple[str, Run]]:
    recognizer = load_recognizer(options)
    for count in frame_counts(recognizer.preprocess.num_frames):
        adapted = recognizer.adapted(num_frames=count)
        clip = adapted.read(options.clip, start=options.start)
        print_notes((*adapted.notes, *clip.notes))
        yield f"{count} frames", measured(adapted, clip)


def _schemes(options: argparse.Namespace) -> Iterator[tuple[str, Run]]:
    if (options.model, options.frames, options.size) != ("motion", None, None):
        print_notes([f"schemes always compares {', '.join(SCHEMES)}, at their own sizes."])
    for name in SCHEMES:
        recognizer = load(name, device=options.device, dtype=options.dtype)
        yield name, measured(recognizer, recognizer.read(options.clip, start=options.start))
