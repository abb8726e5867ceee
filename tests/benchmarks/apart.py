"""What reading a clip in a process apart costs: `python tests/benchmarks/apart.py`.

The bundled clips are read here on one thread, here as usual, and apart, in turn; the medians are
in milliseconds, the memory in MB at the highest of the process that reads.
"""

import io
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import torch

from timesformer import apart
from timesformer.evaluation.speed import machine
from timesformer.video import read_clip

CLIPS = sorted(Path(__file__).parents[2].glob("assets/clips/*.mp4"))
ASKED = {"num_frames": 8, "sampling_rate": 32}
TIMES = 15


def seconds(read: Callable[[], object]) -> float:
    began = time.perf_counter()
    read()
    return time.perf_counter() - began


def main() -> None:
    """Print a row for each clip, and the median of all."""
    print(machine(torch.device("cpu")))
    more = []
    for clip in CLIPS:
        video = clip.read_bytes()
        _, told = apart._pool.read(ASKED, video)
        ways = {
            "one thread": lambda video=video: read_clip(io.BytesIO(video), threads=1, **ASKED),
            "here": lambda video=video: read_clip(io.BytesIO(video), **ASKED),
            "apart": lambda video=video: apart._pool.read(ASKED, video),
        }
        rounds = [{name: seconds(way) for name, way in ways.items()} for _ in range(TIMES)]
        medians = {name: 1000 * statistics.median(each[name] for each in rounds) for name in ways}
        more += [each["apart"] - each["here"] for each in rounds]
        row = "  ".join(f"{name} {value:5.1f}" for name, value in medians.items())
        print(f"{clip.name:28} {row}  memory {told['spent']['memory'] / 1e6:4.0f}")
    print(f"apart takes {1000 * statistics.median(more):.1f} ms more than here, at the median")


if __name__ == "__main__":
    main()
