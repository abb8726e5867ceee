"""Seconds to read a clip, directly, in the sandbox and by torchcodec, and to write its overlay.

Two videos are made, 10 seconds and six minutes of 1920 x 1080 at 30 frames a second. torchcodec is
measured if installed: `pip install torchcodec`, with the system's FFmpeg libraries. It reads the
same frames.
"""

import tempfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import av
import numpy as np

from timesformer import load, read_clip, write_mp4
from timesformer.video.sandbox import read_clip_sandboxed
from timesformer.visualize.export import write_videos

from .measure import measure_in_turn, spread
from .precision import CLIPS

RUNS = 7
OPTIONS = {"num_frames": 8, "sampling_rate": 32}  # of base
FPS = 30


def pictures(seconds: int) -> Iterator[np.ndarray]:
    """Yield frames of a patchwork that moves sideways."""
    patches = np.random.default_rng(0).integers(96, 160, (27, 96, 3), np.uint8)
    patchwork = patches.repeat(40, axis=0).repeat(40, axis=1)
    return (np.ascontiguousarray(patchwork[:, 4 * i : 4 * i + 1920]) for i in range(seconds * FPS))


def repeat(video: Path, times: int, to: Path) -> Path:
    """Write a video `times` times in a row, without encoding it again."""
    with av.open(str(to), "w") as output:
        stream, offset = None, 0
        for _ in range(times):
            with av.open(str(video)) as source:
                stream = stream or output.add_stream_from_template(source.streams.video[0])
                for packet in source.demux(video=0):
                    if packet.dts is not None:
                        packet.pts, packet.dts = packet.pts + offset, packet.dts + offset
                        packet.stream = stream
                        output.mux(packet)
                length = source.streams.video[0].duration
                offset += length
    return to


def read_by_torchcodec(video: Path, times: list[float]) -> object:
    from torchcodec.decoders import VideoDecoder

    decoder = VideoDecoder(video, dimension_order="NHWC")
    return decoder.get_frames_played_at(seconds=times)


def overlay(folder: Path) -> Callable[[], object]:
    """Return a task that writes the overlay of a bundled clip, as the page does."""
    recognizer = load("motion")
    clip = recognizer.read(CLIPS[0])
    explanation = recognizer.explain(clip)
    return lambda: write_videos(clip, explanation, overlay=folder / "overlay.mp4")


def report() -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| | seconds, median (fastest to slowest) |"
    yield "|---|---|"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        short, long = folder / "short.mp4", folder / "long.mp4"
        write_mp4(short, pictures(10), fps=Fraction(FPS))
        tasks: dict[str, Callable[[], object]] = {"overlay of 8 frames": overlay(folder)}
        for length, video in (("10 s", short), ("six minutes", repeat(short, 36, long))):
            times = read_clip(video, **OPTIONS).times.tolist()
            tasks[f"{length}, direct"] = lambda video=video: read_clip(video, **OPTIONS)
            tasks[f"{length}, sandbox"] = lambda video=video: read_clip_sandboxed(video, **OPTIONS)
            if find_spec("torchcodec"):
                tasks[f"{length}, torchcodec"] = lambda video=video, times=times: (
                    read_by_torchcodec(video, times)
                )
        for task, seconds in measure_in_turn(tasks, runs=RUNS).items():
            yield f"| {task} | {spread(seconds)} |"
