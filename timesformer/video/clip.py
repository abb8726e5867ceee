"""Clips, the T frames of a video that a model is shown: sampling and reading them."""

import math
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

from ..errors import ClipError
from ..i18n import Message
from .decode import Decoded, decode
from .files import VideoFile
from .limits import MAX_CLIP_PIXELS, MAX_FRAME_PIXELS, MAX_FRAMES, MAX_STREAMS, MAX_THREADS
from .probe import Timeline, scan

MAX_UNEVEN = 1.5  # steps; rounded times differ less
MAX_STEPS = 10**6  # of a video with one long hold
GRID_FPS = 30  # frames a second in which sampling rates count, as in the published training


@dataclass(frozen=True, eq=False)
class Clip:
    """The T frames of a video that a model gets.

    `frames` are (T, H0, W0, 3) uint8 RGB, upright, at the size of the video or reduced to 1080p.
    `times` are (T,) float64 seconds since the first frame; `duration` is the video's, in seconds.
    `notes` tell the visitor what differs from the request.
    """

    frames: np.ndarray
    times: np.ndarray
    duration: float
    notes: tuple[Message, ...] = ()

    @property
    def fps(self) -> float:
        """The frame rate at which these frames play at the speed of the video."""
        span = float(self.times[-1] - self.times[0])
        return (len(self.times) - 1) / span if span > 0 else 1.0


def frame_times(*, num_frames: int, sampling_rate: int, start: float = 0.0) -> np.ndarray:
    """Return the times (T,) float64, in seconds, of a clip's frames.

    On a grid of 30 a second, T points are spread evenly from 0 to `sampling_rate * T - 1`. This is
    the test-time sampling of the published model (TimeSformer, Bertasius et al. 2021).
    """
    check_request(num_frames, sampling_rate, start)
    last = sampling_rate * num_frames - 1
    points = [i * last // max(num_frames - 1, 1) for i in range(num_frames)]  # rounded down
    return np.array([start + point / GRID_FPS for point in points])


def segment_centres(*, num_frames: int, length: int) -> np.ndarray:
    """Return the indices (T,) of the middle frames of T equal segments of `length` frames.

    This is the sampling of the published models of Something-Something: a clip spans the video.
    """
    edges = np.round(np.arange(num_frames + 1) * (length - 1) / num_frames).astype(int)
    return np.asarray((edges[:-1] + edges[1:]) // 2)


def read_clip(
    video: VideoFile,
    *,
    num_frames: int,
    sampling_rate: int | None,
    start: float = 0.0,
    threads: int = MAX_THREADS,
) -> Clip:
    """Return a clip of `num_frames` frames of a video, from `start` seconds on.

    `video` is a path or a file opened for reading bytes. `sampling_rate` is in frames at 30 a
    second; None spreads the clip over the whole video. A short video repeats its last frame.
    This process decodes, with at most `threads` threads. Read strangers' videos with
    `read_clip_sandboxed` instead. Raises ClipError if there is no readable video at `start`; the
    error names a missing file. Raises ValueError for arguments that no video can meet.
    """
    check_request(num_frames, sampling_rate, start)
    timeline = scan(video, threads=threads)
    if start >= timeline.duration:
        raise ClipError("clip.start_too_late", duration=timeline.duration, start=start)
    if sampling_rate is None:
        available = timeline.times[timeline.times >= start]
        available = available if len(available) else timeline.times[-1:]
        steps = _even_steps(available, timeline.duration)
        times = steps[segment_centres(num_frames=num_frames, length=len(steps))]
        length_notes = _few_frames_notes(len(available), num_frames)
    else:
        times = frame_times(num_frames=num_frames, sampling_rate=sampling_rate, start=start)
        length_notes = _short_video_notes(timeline, times, start, num_frames * sampling_rate)
    max_pixels = min(MAX_FRAME_PIXELS, MAX_CLIP_PIXELS // num_frames)
    decoded = decode(video, times, timeline=timeline, max_pixels=max_pixels, threads=threads)
    notes = (*_scan_notes(timeline), *length_notes, *_damage_notes(decoded))
    return Clip(decoded.frames, decoded.times, timeline.duration, notes)


def _even_steps(times: np.ndarray, duration: float) -> np.ndarray:
    """Return the times (n,) of frames, or even steps where some frames are held for long.

    Segments of equal length in frames are then segments of equal length in time.
    """
    lengths = np.diff(times, append=duration)
    step = float(np.median(lengths))
    if lengths.max() < MAX_UNEVEN * step:
        return times
    num_steps = int(min((duration - times[0]) / step, MAX_STEPS))
    return np.linspace(times[0], duration, max(num_steps, 1), endpoint=False)


def check_request(num_frames: int, sampling_rate: int | None, start: float) -> None:
    """Raise ValueError for arguments that no video can meet."""
    check_count("num_frames", num_frames)
    if sampling_rate is not None:
        check_count("sampling_rate", sampling_rate)
    if not (isinstance(start, Real) and 0 <= start < math.inf):
        raise ValueError(f"start is {start!r}; it must be a number of seconds, 0 or more")


def check_count(name: str, value: object) -> None:
    """Raise ValueError for a value that is not a whole number from 1 up."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name} is {value!r}; it must be a whole number, 1 or more")


def _short_video_notes(
    timeline: Timeline, times: np.ndarray, start: float, grid_length: int
) -> list[Message]:
    repeats = int((times >= timeline.duration).sum())
    expected = grid_length / GRID_FPS
    rest = timeline.duration - start
    if not repeats or expected - rest < 0.05:  # the note would say "8.5 s and 8.5 s"
        return []
    key = f"notes.clip.repeated{'_from_start' if start else ''}{'_one' if repeats == 1 else ''}"
    return [Message(key, start=start, duration=rest, expected=expected, repeats=repeats)]


def _few_frames_notes(available: int, num_frames: int) -> list[Message]:
    if available >= num_frames:
        return []
    key = "notes.clip.few_frames_one" if available == 1 else "notes.clip.few_frames"
    return [Message(key, available=available, expected=num_frames)]


def _scan_notes(timeline: Timeline) -> list[Message]:
    notes = []
    if timeline.has_more_streams:
        notes.append(Message("notes.clip.many_streams", limit=MAX_STREAMS))
    if timeline.is_hdr:
        notes.append(Message("notes.clip.hdr"))
    missing = timeline.declared_duration - timeline.duration
    if not timeline.is_complete:
        notes.append(
            Message("notes.clip.very_long", minutes=timeline.duration / 60, frames=MAX_FRAMES)
        )
    elif missing > max(0.5, 0.1 * timeline.declared_duration):  # sound may be a little longer
        notes.append(
            Message(
                "notes.clip.missing_pictures",
                found=timeline.duration,
                declared=timeline.declared_duration,
            )
        )
    return notes


def _damage_notes(decoded: Decoded) -> list[Message]:
    unread, total = int(decoded.is_unread.sum()), len(decoded.is_unread)
    tail = int(np.logical_and.accumulate(decoded.is_unread[::-1]).sum())
    notes = [Message("notes.clip.other_shapes")] if decoded.has_bars else []
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
