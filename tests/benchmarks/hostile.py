"""Cost of refusing malicious weights, each in a process of its own."""

import tempfile
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

from hostile import HOSTILE, hostile_checkpoint
from tiny import tiny_checkpoint

import timesformer
from timesformer.errors import CheckpointError

from .measure import peak_bytes


def measure(folder: Path) -> tuple[float, float]:
    """Return milliseconds of CPU time and MB of a refusal, in this process."""
    before, started = peak_bytes(), time.process_time()
    try:
        timesformer.load(folder)
    except CheckpointError:
        return 1e3 * (time.process_time() - started), (peak_bytes() - before) / 1e6
    raise AssertionError("the weights were loaded")


def report() -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| file | ms | MB |"
    yield "|---|---|---|"
    with tempfile.TemporaryDirectory() as name:
        timesformer.load(tiny_checkpoint(Path(name)))  # imports and caches, which forks share
    for kind in HOSTILE:
        with tempfile.TemporaryDirectory() as name, get_context("fork").Pool(1) as process:
            folder, _ = hostile_checkpoint(Path(name), kind)
            milliseconds, megabytes = process.apply(measure, (folder,))
        yield f"| {kind} | {milliseconds:.1f} | {megabytes:.1f} |"
