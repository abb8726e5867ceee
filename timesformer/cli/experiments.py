"""The command `try`: an experiment with a clip, as a table."""

import argparse
from collections.abc import Iterator
from functools import partial

from ..experiments import (
    EXPERIMENTS,
    ExperimentResult,
    frame_variants,
    time_prediction,
)
from ..i18n import Value, t
from ..recognizer import Recognizer, load
from ..visualize.captions import fewest_text
from .clips import load_recognizer, option_errors
from .terminal import print_notes

CHOICES = [name for name, experiment in EXPERIMENTS.items() if experiment.needs != "patches"]


def run(options: argparse.Namespace) -> None:
    """Print the predictions for a clip before and after a change, or by several recognizers."""
    if EXPERIMENTS[options.experiment].change is None:
        _print_comparison(options)
    else:
        _print_change(options)


def _print_change(options: argparse.Namespace) -> None:
    experiment = EXPERIMENTS[options.experiment]
    assert experiment.change is not None
    recognizer = load_recognizer(options)
    clip = recognizer.read(options.clip, start=options.start)
    print_notes((*recognizer.notes, *clip.notes))
    inputs = {"explanation": recognizer.explain(clip)} if experiment.needs == "explanation" else {}
    on_progress = partial(options.progress.steps, options.experiment)
    result = experiment.change(recognizer, clip, on_progress=on_progress, **inputs)
    kind = "value" if isinstance(result.probability, Value) else "probability"
    print(f"{t(f'experiments.{kind}', label=result.label)}, and the top label")
    predictions = [result.before, *result.after]
    probabilities = [result.probability, *result.probabilities]
    rows = zip(_versions(result), predictions, probabilities, strict=True)
    for version, (top, *_), probability in rows:
        print(f"{probability:7.1%}  {top.label} ({top.probability:.1%})  {version}")
    if result.fewest:
        print(fewest_text(result.fewest, result.label))


def _versions(result: ExperimentResult) -> Iterator[str]:
    """Yield the name of each version of the clip: an order of frames, or a change and controls."""
    yield t("experiments.unchanged")
    if result.orders:
        yield from ("frames " + " ".join(str(frame + 1) for frame in o) for o in result.orders)
        return
    yield t(f"experiments.after.{result.name}")
    if result.fewest:
        yield t("experiments.random_patches", count=result.fewest.by_heat.count)
        return
    controls = range(1, len(result.after))
    yield from (t("experiments.random_tenth", number=number) for number in controls)


def _print_comparison(options: argparse.Namespace) -> None:
    for title, recognizer in _recognizers(options):
        clip = recognizer.read(options.clip, start=options.start)
        if not EXPERIMENTS[options.experiment].models:
            print_notes((*recognizer.notes, *clip.notes))
        timed = time_prediction(recognizer, clip)
        top = timed.predictions[0]
        print(
            f"{top.probability:7.1%}  {top.label:<22} {title:<14} {timed.comparisons:,} "
            f"comparisons a patch, {timed.all_comparisons:,} in total, {timed.seconds:.2f} s"
        )


def _recognizers(options: argparse.Namespace) -> Iterator[tuple[str, Recognizer]]:
    """Yield the recognizers of a comparison with their titles."""
    models = EXPERIMENTS[options.experiment].models
    if not models:
        with option_errors():
            variants = frame_variants(load_recognizer(options))
        for recognizer in variants:
            yield f"{recognizer.preprocess.num_frames} frames", recognizer
        return
    chosen = (options.model, options.frames, options.size, options.num_attention_heads)
    if chosen != ("motion", None, None, None):
        print_notes(
            [f"{options.experiment} always compares {', '.join(models)}, at their own sizes."]
        )
    for name in models:
        yield name, load(name, device=options.device, dtype=options.dtype)
