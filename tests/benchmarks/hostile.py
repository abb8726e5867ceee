"""What it costs to refuse weights that are made to do harm: each in a process of its own."""

import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import timesformer
from timesformer.errors import CheckpointError

from .cost import peak_bytes

sys.path.append(str(Path(__file__).parents[1]))

from hostile import HOSTILE, hostile_checkpoint
from tiny import tiny_checkpoint


def measure(mine: Path) -> tuple[float, float]:
    """Milliseconds of computing and MB of a refusal, in this process."""
    before, began = peak_bytes(), time.process_time()
    try:
        timesformer.load(mine)
    except CheckpointError:
        return 1e3 * (time.process_time() - began), (peak_bytes() - before) / 1e6
    raise AssertionError("it was taken")


def report() -> Iterator[str]:
    """The table, a line at a time."""
    yield "| file | ms | MB |"
    yield "|---|---|---|"
    with tempfile.TemporaryDirectory() as name:
        timesformer.load(tiny_checkpoint(Path(name)))  # all that is needed is here by then
    for kind in HOSTILE:
        with tempfile.TemporaryDirectory() as name, get_context("fork").Pool(1) as copy:
            mine, _ = hostile_checkpoint(Path(name), kind)
            milliseconds, megabytes = copy.apply(measure, (mine,))
        yield f"| {kind} | {milliseconds:.1f} | {megabytes:.1f} |"
