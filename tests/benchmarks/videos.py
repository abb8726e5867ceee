"""Seconds to read a clip, beside torchcodec, and to write its overlay.

Two films are made for it, 10 seconds and six minutes of 1920 x 1080 at 30 a second. torchcodec is
not among the tests' packages: `pip install torchcodec`, and FFmpeg's libraries from the system. It
gets the times that ours chose, and gives the same frames.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from statistics import median

import av
import numpy as np

from timesformer import load, read_clip, write_mp4
from timesformer.video.sandbox import read_clip_sandboxed
from timesformer.visualize.export import write_films

from .precision import CLIPS

RUNS = 7
ASKED = {"num_frames": 8, "sampling_rate": 32}  # of base
FPS = 30


def pictures(seconds: int) -> Iterator[np.ndarray]:
    """A quilt that moves sideways, for a codec to work on."""
    patches = np.random.default_rng(0).integers(96, 160, (27, 96, 3), np.uint8)
    quilt = patches.repeat(40, axis=0).repeat(40, axis=1)
    return (np.ascontiguousarray(quilt[:, 4 * i : 4 * i + 1920]) for i in range(seconds * FPS))


def lengthened(film: Path, times: int, to: Path) -> Path:
    """The film again and again, without another coding."""
    with av.open(str(to), "w") as output:
        stream, offset = None, 0
        for _ in range(times):
            with av.open(str(film)) as source:
                stream = stream or output.add_stream_from_template(source.streams.video[0])
                for packet in source.demux(video=0):
                    if packet.dts is not None:
                        packet.pts, packet.dts = packet.pts + offset, packet.dts + offset
                        packet.stream = stream
                        output.mux(packet)
                length = source.streams.video[0].duration
                offset += length
    return to


def read_by_torchcodec(film: Path, times: list[float]) -> object:
    from torchcodec.decoders import VideoDecoder

    decoder = VideoDecoder(film, dimension_order="NHWC")
    return decoder.get_frames_played_at(seconds=times)


def in_turn(works: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """The sorted seconds of each work, after one round to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(1 + RUNS):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            taken[name].append(time.perf_counter() - began)
    return {name: sorted(times[1:]) for name, times in taken.items()}


def overlay(folder: Path) -> Callable[[], object]:
    """Writes the overlay of a bundled clip, as the page does."""
    recognizer = load("motion")
    clip = recognizer.read(CLIPS[0])
    explanation = recognizer.explain(clip)
    return lambda: write_films(clip, explanation, overlay=folder / "overlay.mp4")


def report() -> Iterator[str]:
    """The table, a line at a time."""
    yield "| | seconds, median (fastest to slowest) |"
    yield "|---|---|"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        short, long = folder / "short.mp4", folder / "long.mp4"
        write_mp4(short, pictures(10), fps=Fraction(FPS))
        works: dict[str, Callable[[], object]] = {"overlay of 8 frames": overlay(folder)}
        for name, film in (("10 s", short), ("six minutes", lengthened(short, 36, long))):
            times = read_clip(film, **ASKED).times.tolist()
            works |= {
                f"{name}, read here": lambda film=film: read_clip(film, **ASKED),
                f"{name}, read apart": lambda film=film: read_clip_sandboxed(film, **ASKED),
                f"{name}, torchcodec": lambda film=film, times=times: read_by_torchcodec(
                    film, times
                ),
            }
        for name, times in in_turn(works).items():
            yield f"| {name} | {median(times):.3f} ({times[0]:.3f} to {times[-1]:.3f}) |"
