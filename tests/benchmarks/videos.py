"""Seconds to read a clip, directly, in the sandbox and by torchcodec, and to write its overlay.

Videos are made of 10 seconds and of six minutes of 1920 x 1080 at 30 frames a second. One is
interlaced, and one is joined with a recording of another size. torchcodec is measured if installed:
`pip install torchcodec`, with the system's FFmpeg libraries. It reads the same frames.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame

from timesformer import load, read_clip, write_mp4
from timesformer.video.sandbox import read_clip_sandboxed
from timesformer.visualize.export import write_videos

from .measure import measure_in_turn, spread
from .precision import CLIPS

RUNS = 7
OPTIONS = {"num_frames": 8, "sampling_rate": 32}  # of base
FPS = 30
LATE = 340.0  # seconds from the start of six minutes


def pictures(seconds: int) -> Iterator[np.ndarray]:
    """Yield frames of a patchwork that moves sideways."""
    patches = np.random.default_rng(0).integers(96, 160, (27, 96, 3), np.uint8)
    patchwork = patches.repeat(40, axis=0).repeat(40, axis=1)
    return (np.ascontiguousarray(patchwork[:, 4 * i : 4 * i + 1920]) for i in range(seconds * FPS))


def join(videos: Sequence[Path], to: Path) -> Path:
    """Write MP4 videos in a row to a file of the first one's parameters, without encoding again."""
    with av.open(str(to), "w") as output:
        stream, offset = None, 0
        for video in videos:
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


def join_bytes(recordings: Sequence[Path], to: Path) -> Path:
    """Write recordings one after another, as MPEG-TS permits."""
    to.write_bytes(b"".join(recording.read_bytes() for recording in recordings))
    return to


def write_interlaced(path: Path, frames: Iterator[np.ndarray]) -> Path:
    """Write H.264 whose frames may be coded as fields, as camcorders do."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", FPS, {"preset": "veryfast", "x264opts": "tff=1"})
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        for frame in frames:
            output.mux(stream.encode(VideoFrame.from_ndarray(frame)))
        output.mux(stream.encode(None))
    return path


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
        short = folder / "short.mp4"
        write_mp4(short, pictures(10), fps=FPS)
        long = join([short] * 36, folder / "long.mp4")
        interlaced = write_interlaced(folder / "interlaced.mp4", pictures(10))
        long_interlaced = join([interlaced] * 36, folder / "long interlaced.mp4")
        other = folder / "other.mp4"
        write_mp4(other, (picture[:720, :1280] for picture in pictures(10)), fps=FPS)
        recording, other_recording = (
            join([video], video.with_suffix(".ts")) for video in (short, other)
        )
        recordings = [recording] * 36
        one_size = join_bytes(recordings, folder / "one size.ts")
        two_sizes = join_bytes(
            [recording, other_recording, *recordings[2:]], folder / "two sizes.ts"
        )
        tasks: dict[str, Callable[[], object]] = {"overlay of 8 frames": overlay(folder)}
        for length, video in (("10 s", short), ("six minutes", long)):
            times = read_clip(video, **OPTIONS).times.tolist()
            tasks[f"{length}, direct"] = lambda video=video: read_clip(video, **OPTIONS)
            tasks[f"{length}, sandbox"] = lambda video=video: read_clip_sandboxed(video, **OPTIONS)
            if find_spec("torchcodec"):
                tasks[f"{length}, torchcodec"] = lambda video=video, times=times: (
                    read_by_torchcodec(video, times)
                )
        tasks["six minutes, interlaced, direct"] = lambda: read_clip(long_interlaced, **OPTIONS)
        for sizes, video in (("one size", one_size), ("two sizes", two_sizes)):
            tasks[f"six minutes, joined of {sizes}, from 5:40 on, direct"] = lambda video=video: (
                read_clip(video, start=LATE, **OPTIONS)
            )
        for task, seconds in measure_in_turn(tasks, runs=RUNS).items():
            yield f"| {task} | {spread(seconds)} |"
