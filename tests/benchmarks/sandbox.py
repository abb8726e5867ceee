"""Cost of reading a clip in the sandbox.

The bundled clips are read on one thread, directly and in the sandbox, in turn. Medians are in
milliseconds. Memory is the peak of the sandboxed process, in MB.
"""

import io
from collections.abc import Iterator
from statistics import median

from timesformer.video.clip import read_clip
from timesformer.video.sandbox import SandboxPool

from .measure import measure_in_turn
from .precision import CLIPS

OPTIONS = {"num_frames": 8, "sampling_rate": 32}
RUNS = 15


def report() -> Iterator[str]:
    """Yield a row for each clip, and the median of all."""
    differences, pool = [], SandboxPool()
    yield "| clip | one thread | direct | sandbox | memory |"
    yield "|---|---|---|---|---|"
    for clip in CLIPS:
        video = clip.read_bytes()
        memory = pool.read(clip, **OPTIONS).memory_bytes
        tasks = {
            "one thread": lambda video=video: read_clip(io.BytesIO(video), threads=1, **OPTIONS),
            "direct": lambda video=video: read_clip(io.BytesIO(video), **OPTIONS),
            "sandbox": lambda clip=clip: pool.read(clip, **OPTIONS),
        }
        seconds = measure_in_turn(tasks, runs=RUNS)
        medians = {name: 1000 * median(times) for name, times in seconds.items()}
        differences.append(medians["sandbox"] - medians["direct"])
        row = " | ".join(f"{value:.1f}" for value in medians.values())
        yield f"| {clip.stem} | {row} | {memory / 1e6:.0f} |"
    yield ""
    yield f"The sandbox adds {median(differences):.1f} ms at the median."
