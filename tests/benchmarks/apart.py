"""What reading a clip in a process apart costs.

The bundled clips are read here on one thread, here as usual, and apart, in turn; the medians are
in milliseconds, the memory in MB at the highest of the process that reads.
"""

import io
import statistics
import time
from collections.abc import Callable, Iterator

from timesformer.video.clip import read_clip
from timesformer.video.sandbox import SandboxPool

from .precision import CLIPS

ASKED = {"num_frames": 8, "sampling_rate": 32}
TIMES = 15


def seconds(read: Callable[[], object]) -> float:
    began = time.perf_counter()
    read()
    return time.perf_counter() - began


def report() -> Iterator[str]:
    """A row for each clip, and the median of all."""
    more, pool = [], SandboxPool()
    yield "| clip | one thread | here | apart | memory |"
    yield "|---|---|---|---|---|"
    for clip in CLIPS:
        video = clip.read_bytes()
        memory = pool.read(clip, **ASKED).memory_bytes
        ways = {
            "one thread": lambda video=video: read_clip(io.BytesIO(video), threads=1, **ASKED),
            "here": lambda video=video: read_clip(io.BytesIO(video), **ASKED),
            "apart": lambda clip=clip: pool.read(clip, **ASKED),
        }
        rounds = [{name: seconds(way) for name, way in ways.items()} for _ in range(TIMES)]
        medians = {name: 1000 * statistics.median(each[name] for each in rounds) for name in ways}
        more += [each["apart"] - each["here"] for each in rounds]
        row = " | ".join(f"{medians[name]:.1f}" for name in ways)
        yield f"| {clip.stem} | {row} | {memory / 1e6:.0f} |"
    yield ""
    yield f"Apart takes {1000 * statistics.median(more):.1f} ms more than here, at the median."
