"""Cost of one view with each published shape.

torch counts the multiply-accumulates. Seconds and memory are measured in float32 with random
weights, rollout included. Memory is the growth of the process above the weights.
"""

import sys
import time
from collections.abc import Iterator

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from timesformer import Clip, Recognizer, TimesformerForVideoClassification
from timesformer.checkpoints.registry import PUBLISHED, Published
from timesformer.kernels.prepare import prepare

from .measure import peak_bytes, run_alone

SHAPES = list({(entry.num_frames, entry.size): entry for entry in reversed(PUBLISHED)}.values())


def random_recognizer(entry: Published) -> tuple[Recognizer, Clip]:
    """Return a recognizer with random weights, and a clip for it."""
    model = prepare(TimesformerForVideoClassification(entry.config))
    recognizer = Recognizer(model, entry.preprocess, tuple(map(str, range(entry.num_labels))))
    frames = np.zeros((entry.num_frames, entry.size, entry.size, 3), np.uint8)
    return recognizer, Clip(frames, np.arange(entry.num_frames) / 30, entry.num_frames / 30)


def count(entry: Published) -> tuple[int, float, float]:
    """Return parameters and 10^9 multiply-accumulates of one view, plain and prepared."""
    config = entry.config
    with torch.device("meta"):
        model = TimesformerForVideoClassification(config).eval()
        view = torch.empty(1, config.num_frames, 3, *config.image_shape)
        with FlopCounterMode(display=False) as plain, torch.no_grad():
            *_, last = model.timesformer.trace(view, return_weights=True)
            model.classify(last)
        fast = prepare(model)
        with FlopCounterMode(display=False) as prepared, torch.no_grad():
            fast(view)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    return parameters, *(each.get_total_flops() / 2 / 1e9 for each in (plain, prepared))


def measure(entry: Published) -> tuple[float, float]:
    """Return seconds and GiB of an explanation of one clip, the first of this process."""
    recognizer, clip = random_recognizer(entry)
    before = peak_bytes()
    started = time.perf_counter()
    recognizer.explain(clip, method="rollout")
    return time.perf_counter() - started, (peak_bytes() - before) / 2**30


def report() -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| frames x size | parameters | GMACs a view | prepared | seconds | GiB above weights |"
    yield "|---|---|---|---|---|---|"
    for entry in SHAPES:
        parameters, macs, prepared = count(entry)
        seconds, gib = map(float, run_alone(__spec__.name, entry.name).split())
        yield (
            f"| {entry.num_frames} x {entry.size} | {parameters:,} | {macs:,.1f} | {prepared:,.1f} "
            f"| {seconds:.1f} | {gib:.2f} |"
        )


if __name__ == "__main__":
    print(*measure(next(entry for entry in SHAPES if entry.name == sys.argv[1])))
