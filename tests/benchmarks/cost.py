"""What one view costs with each published shape.

Multiply-accumulates counted by torch, seconds and memory measured on this machine in float32 with
random weights, rollout included; memory is what the process grew by at most, above the weights.
"""

import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from timesformer import Clip, Recognizer, TimesformerConfig, TimesformerForVideoClassification
from timesformer.checkpoints.registry import PUBLISHED, Published
from timesformer.kernels.prepare import prepare

SHAPES = list({(entry.num_frames, entry.size): entry for entry in reversed(PUBLISHED)}.values())


def shape_of(entry: Published) -> TimesformerConfig:
    return TimesformerConfig(
        num_frames=entry.num_frames, image_size=entry.size, num_labels=entry.num_labels
    )


def count(entry: Published) -> tuple[int, float, float]:
    """Parameters, and multiply-accumulates of one view in 10^9: of the model, and as it is run."""
    config = shape_of(entry)
    with torch.device("meta"):
        model = TimesformerForVideoClassification(config).eval()
        view = torch.empty(1, config.num_frames, 3, *config.image_shape)
        with FlopCounterMode(display=False) as whole, torch.no_grad():
            *_, last = model.timesformer.trace(view, return_weights=True)
            model.classify(last)
        fast = prepare(model)
        with FlopCounterMode(display=False) as prepared, torch.no_grad():
            fast(view)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    return parameters, *(each.get_total_flops() / 2 / 1e9 for each in (whole, prepared))


def peak_bytes() -> int:
    """The most memory that this process has had."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    for line in lines:  # on Linux the other way begins with what the parent has
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def measure(entry: Published) -> tuple[float, float]:
    """Seconds and GiB of an explanation of one clip, in a process that does nothing else."""
    model = prepare(TimesformerForVideoClassification(shape_of(entry)))
    labels = tuple(map(str, range(entry.num_labels)))
    recognizer = Recognizer(model, entry.preprocess, labels)
    frames = np.zeros((entry.num_frames, entry.size, entry.size, 3), np.uint8)
    clip = Clip(frames, np.arange(entry.num_frames) / 30, entry.num_frames / 30)
    before = peak_bytes()
    started = time.perf_counter()
    recognizer.explain(clip, method="rollout")
    return time.perf_counter() - started, (peak_bytes() - before) / 2**30


def report() -> Iterator[str]:
    """The table, a line at a time."""
    yield "| frames x size | parameters | GMACs a view | prepared | seconds | GiB above weights |"
    yield "|---|---|---|---|---|---|"
    for entry in SHAPES:
        parameters, macs, prepared = count(entry)
        child = subprocess.run(
            [sys.executable, "-m", __spec__.name, entry.name],
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, gib = map(float, child.stdout.split())
        yield (
            f"| {entry.num_frames} x {entry.size} | {parameters:,} | {macs:,.1f} | {prepared:,.1f} "
            f"| {seconds:.1f} | {gib:.2f} |"
        )


if __name__ == "__main__":
    print(*measure(next(entry for entry in SHAPES if entry.name == sys.argv[1])))
