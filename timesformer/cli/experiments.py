"""python -m timesformer try: an experiment with a clip, as a small table."""

import argparse
from collections.abc import Iterator
from functools import partial

from ..experiments import RANDOM_TENTHS, SCHEMES, TRIALS, Run, Trial, frame_counts, measured
from ..recognizer import load
from .clips import print_notes, print_steps, recognizer_of

EXPERIMENTS = ("reverse", "shuffle", "freeze", "hottest", "frames", "schemes")


def try_out(options: argparse.Namespace) -> None:
    """Prints what is said of a clip before and after, with one probability throughout."""
    if options.experiment in TRIALS:
        _print_trial(options)
        return
    runs = _schemes if options.experiment == "schemes" else _frames
    for name, run in runs(options):
        best = run.predictions[0]
        print(
            f"{best.probability:7.1%}  {best.label:<22} {name:<14} each patch is compared with "
            f"{run.comparisons:,}, all together {run.all_comparisons:,}, {run.seconds:.2f} s"
        )


def _print_trial(options: argparse.Namespace) -> None:
    recognizer = recognizer_of(options)
    clip = recognizer.read(options.clip, start=options.start)
    print_notes((*recognizer.notes, *clip.notes))
    more = {"explanation": recognizer.explain(clip)} if options.experiment == "hottest" else {}
    on_progress = partial(print_steps, options.experiment)
    trial = TRIALS[options.experiment](recognizer, clip, on_progress=on_progress, **more)
    print(f"“{trial.label}”  it says")
    said = [trial.before, *trial.after]
    probabilities = [trial.probability, *trial.probabilities]
    for name, one, probability in zip(_names(trial), said, probabilities, strict=True):
        print(f"{probability:7.1%}  {one[0].label} ({one[0].probability:.1%})  {name}")


def _names(trial: Trial) -> Iterator[str]:
    """What was done to the clip each time."""
    yield "as it is"
    for order in trial.orders:
        yield "frames " + " ".join(str(frame + 1) for frame in order)
    if trial.name == "hottest":
        yield "the hottest tenth covered"
        yield from ["a random tenth covered"] * RANDOM_TENTHS


def _frames(options: argparse.Namespace) -> Iterator[tuple[str, Run]]:
    recognizer = recognizer_of(options)
    for count in frame_counts(recognizer.preprocess.num_frames):
        adapted = recognizer.adapted(num_frames=count)
        clip = adapted.read(options.clip, start=options.start)
        print_notes((*adapted.notes, *clip.notes))
        yield f"{count} frames", measured(adapted, clip)


def _schemes(options: argparse.Namespace) -> Iterator[tuple[str, Run]]:
    if (options.model, options.frames, options.size) != ("motion", None, None):
        print_notes(
            [f"The clip goes through {', '.join(SCHEMES)} as they are, and no other model."]
        )
    for name in SCHEMES:
        recognizer = load(name, device=options.device, dtype=options.dtype)
        yield name, measured(recognizer, recognizer.read(options.clip, start=options.start))
