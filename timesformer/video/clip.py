"""A clip, the T frames of a video that a model is shown: choosing, reading and writing them."""

import math
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from ..errors import ClipError
from ..i18n import Message
from .decode import MAX_THREADS, Decoded, decode
from .probe import MAX_FRAMES, MAX_STREAMS, Source, Timeline, scan

GRID = 30  # source frames a second that sampling rates are counted in: the published training's
MAX_PIXELS = 1920 * 1080  # a frame; above it, frames are reduced
MAX_CLIP_PIXELS = 64_000_000  # all frames of a clip together, 192 MB


@dataclass(frozen=True, eq=False)
class Clip:
    """The T frames shown to a model.

    `frames` (T, H0, W0, 3) uint8 RGB, upright, at the source's size, reduced above 1080p; `times`
    (T,) float64 seconds since the video's first frame; `duration` of the whole video in seconds;
    `notes` are sentences for the visitor about what is not as expected.
    """

    frames: np.ndarray
    times: np.ndarray
    duration: float
    notes: tuple[Message, ...] = ()

    @property
    def fps(self) -> float:
        """Frames a second at which these frames play at the video's own speed."""
        span = float(self.times[-1] - self.times[0])
        return (len(self.times) - 1) / span if span > 0 else 1.0


def frame_times(*, num_frames: int, sampling_rate: int, start: float = 0.0) -> np.ndarray:
    """The times (T,) float64, in seconds, at which a clip looks at its video.

    On a grid of 30 a second, T points from 0 to rate * T - 1 evenly spread and rounded down: the
    published model's test-time choice (TimeSformer, Bertasius et al. 2021).
    """
    check_request(num_frames, sampling_rate, start)
    last = sampling_rate * num_frames - 1
    points = [i * last // max(num_frames - 1, 1) for i in range(num_frames)]
    return np.array([start + point / GRID for point in points])


def segment_centres(*, num_frames: int, length: int) -> np.ndarray:
    """The places (T,) of the middle frames of T equal segments of a video of `length` frames.

    The published model's choice for Something-Something, where a clip is the whole video.
    """
    edges = np.round(np.arange(num_frames + 1) * (length - 1) / num_frames).astype(int)
    return np.asarray((edges[:-1] + edges[1:]) // 2)


def read_clip(
    source: Source,
    *,
    num_frames: int,
    sampling_rate: int | None,
    start: float = 0.0,
    threads: int = MAX_THREADS,
) -> Clip:
    """A clip of `num_frames` frames of a video, from `start` seconds on.

    `source` is a path or a file opened for reading bytes. `sampling_rate` is in source frames at 30
    a second; None spreads the clip over the whole video. A video that ends too early repeats its
    last frame. It is decoded in this process, by at most `threads` threads: for the files of
    strangers there is `Recognizer.read` with `apart=True`. Raises ClipError if the file holds no
    readable video, or none at `start`.
    """
    check_request(num_frames, sampling_rate, start)
    timeline = scan(source)
    if start >= timeline.duration:
        raise ClipError("clip.start_too_late", duration=timeline.duration, start=start)
    if sampling_rate is None:
        rest = timeline.times[timeline.times >= start]
        rest = rest if len(rest) else timeline.times[-1:]
        wanted = rest[segment_centres(num_frames=num_frames, length=len(rest))]
        length_notes = _few_frames_notes(len(rest), num_frames)
    else:
        wanted = frame_times(num_frames=num_frames, sampling_rate=sampling_rate, start=start)
        length_notes = _short_video_notes(timeline, wanted, start, num_frames * sampling_rate)
    max_pixels = min(MAX_PIXELS, MAX_CLIP_PIXELS // num_frames)
    decoded = decode(source, wanted, timeline=timeline, max_pixels=max_pixels, threads=threads)
    notes = (*_scan_notes(timeline), *length_notes, *_damage_notes(decoded))
    return Clip(decoded.frames, decoded.times, timeline.duration, notes)


def check_request(num_frames: int, sampling_rate: int | None, start: float) -> None:
    """Raise ValueError for frames that nobody can ask for."""
    if num_frames < 1 or (sampling_rate is not None and sampling_rate < 1):
        raise ValueError(f"num_frames={num_frames} and {sampling_rate=} must be at least 1")
    if not (math.isfinite(start) and start >= 0):
        raise ValueError(f"start must be 0 or more seconds, not {start}")


def _short_video_notes(
    timeline: Timeline, wanted: np.ndarray, start: float, grid_length: int
) -> list[Message]:
    repeats = int((wanted >= timeline.duration).sum())
    expected = grid_length / GRID
    lasting = timeline.duration - start
    if not repeats or expected - lasting < 0.05:  # a difference that would read "8.5 s and 8.5 s"
        return []
    key = f"notes.clip.repeated{'_from_start' if start else ''}{'_one' if repeats == 1 else ''}"
    return [Message(key, start=start, duration=lasting, expected=expected, repeats=repeats)]


def _few_frames_notes(available: int, num_frames: int) -> list[Message]:
    if available >= num_frames:
        return []
    key = "notes.clip.few_frames_one" if available == 1 else "notes.clip.few_frames"
    return [Message(key, available=available, expected=num_frames)]


def _scan_notes(timeline: Timeline) -> list[Message]:
    notes = []
    if timeline.crowded:
        notes.append(Message("notes.clip.many_streams", limit=MAX_STREAMS))
    if timeline.vivid:
        notes.append(Message("notes.clip.hdr"))
    missing = timeline.declared - timeline.duration
    if not timeline.complete:
        notes.append(
            Message("notes.clip.very_long", minutes=timeline.duration / 60, frames=MAX_FRAMES)
        )
    elif missing > max(0.5, 0.1 * timeline.declared):  # sound may run on a little longer
        notes.append(
            Message(
                "notes.clip.missing_pictures", found=timeline.duration, declared=timeline.declared
            )
        )
    return notes


def _damage_notes(decoded: Decoded) -> list[Message]:
    unread, total = int(decoded.unread.sum()), len(decoded.unread)
    tail = int(np.logical_and.accumulate(decoded.unread[::-1]).sum())
    notes = []
    if tail > 1:
        notes.append(
            Message(
                "notes.clip.damaged_tail", end=float(decoded.times[-1]), unread=tail, total=total
            )
        )
        unread -= tail
    if unread and total == 1:
        notes.append(Message("notes.clip.damaged_one"))
    elif unread:
        notes.append(Message("notes.clip.damaged", unread=unread, total=total))
    return notes


def write_mp4(
    file: str | os.PathLike[str] | BinaryIO,
    frames: Iterable[np.ndarray],
    *,
    fps: float | Fraction,
) -> None:
    """Write `frames`, each (H, W, 3) uint8 RGB and all of one size, as an MP4 that browsers play.

    `file` is a path or a file opened for writing bytes. Each frame lasts 1 / `fps` seconds, the
    last one too. H.264 needs even sides: an odd one grows by a copy of its last row or column.
    """
    if not isinstance(file, str | os.PathLike):  # the index goes first, which needs a real file
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "clip.mp4")
            write_mp4(path, frames, fps=fps)
            file.write(path.read_bytes())
        return
    rate = Fraction(fps).limit_denominator(1001)  # 1001 is in 29.97 = 30000 / 1001
    if rate <= 0:
        raise ValueError(f"fps must be above 0, not {fps}")
    with av.open(os.fspath(file), "w", format="mp4", options={"movflags": "+faststart"}) as output:
        stream = None
        for i, frame in enumerate(frames):
            picture = _even(frame)
            if stream is None:
                height, width = picture.shape[:2]
                stream = _h264_stream(output, rate, width=width, height=height)
            output.mux(stream.encode(_yuv_frame(picture, i, rate)))
        if stream is None:
            raise ValueError("a video needs at least one frame")
        output.mux(stream.encode(None))


def _h264_stream(
    output: av.container.OutputContainer, rate: Fraction, *, width: int, height: int
) -> av.VideoStream:
    options = {
        "preset": "veryfast",
        "crf": "18",  # the edges of flat patches stay sharp
        "bf": "0",  # frames in the order they are shown, the first at time 0
        "g": "8",  # a key frame often enough to step through a clip
    }
    stream = output.add_stream("libx264", rate, options)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    context = stream.codec_context
    context.time_base = 1 / rate
    context.color_range = ColorRange.MPEG
    context.colorspace = Colorspace.ITU709
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    return stream


def _yuv_frame(picture: np.ndarray, index: int, rate: Fraction) -> VideoFrame:
    frame = VideoFrame.from_ndarray(picture, "rgb24").reformat(
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
        threads=1,
    )
    frame.pts, frame.duration, frame.time_base = index, 1, 1 / rate
    return frame


def _even(frame: np.ndarray) -> np.ndarray:
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
        raise ValueError(f"a frame is (H, W, 3) uint8, not {frame.shape} {frame.dtype}")
    height, width = frame.shape[:2]
    return np.pad(frame, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
