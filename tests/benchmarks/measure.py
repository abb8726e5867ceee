"""Time and memory of tasks, for all benchmarks."""

import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

import torch


def measure_in_turn(
    tasks: Mapping[str, Callable[[], object]], *, runs: int
) -> dict[str, list[float]]:
    """Return the sorted seconds of each task over `runs` rounds, after one warm-up round.

    The tasks alternate, so that a change of the machine's speed affects all of them.
    """
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(1 + runs):
        for name, task in tasks.items():
            started = time.perf_counter()
            task()
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            seconds[name].append(time.perf_counter() - started)
    return {name: sorted(times[1:]) for name, times in seconds.items()}


def spread(seconds: list[float], *, digits: int = 3) -> str:
    """Return the median with the fastest and the slowest time."""
    fastest, middle, slowest = (
        f"{value:.{digits}f}" for value in (min(seconds), median(seconds), max(seconds))
    )
    return f"{middle} ({fastest} to {slowest})"


def peak_bytes() -> int:
    """Return the peak memory of this process."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    for line in lines:  # on Linux, ru_maxrss starts with the memory of the parent
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def run_alone(module: str, *arguments: str) -> str:
    """Return the output of a module of the benchmarks, run in a process of its own."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
