"""Decoding: the frames of an untrusted video at given times, upright and in RGB."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, VideoReformatter

from ..errors import ClipError
from .demux import open_video
from .files import VideoFile
from .limits import MAX_SOURCE_PIXELS, MAX_THREADS
from .player import Player, Shown
from .probe import Timeline

TIME_TOLERANCE = 1e-3  # seconds; WebM rounds its times to the millisecond
_MATRICES = frozenset({1, 4, 5, 6, 7, 9})  # the AVCOL_SPC values swscale converts from


class UnreadableError(ClipError):
    """A video without a readable frame."""


@dataclass(frozen=True, eq=False)
class Decoded:
    """The frames at n given times.

    `frames` are (n, H, W, 3) uint8 RGB, upright; `times` are their own (n,) float64. `is_unread`
    (n,) bool is True where a neighbour replaces a frame that could not be read. `has_bars` is True
    if some frames have another shape than the first and stand between black bars.
    """

    frames: np.ndarray
    times: np.ndarray
    is_unread: np.ndarray
    has_bars: bool


class _Pass(NamedTuple):
    """The frames (n, H, W, 3) of one pass over a file, with their ticks (n,)."""

    frames: np.ndarray
    ticks: np.ndarray
    has_bars: bool
    is_damaged: bool


def decode(
    video: VideoFile,
    times: Sequence[float] | np.ndarray,
    *,
    timeline: Timeline,
    max_pixels: int,
    threads: int = MAX_THREADS,
) -> Decoded:
    """Return the frame shown at each of `times`, in seconds since the first frame.

    `timeline` is from `scan`. A time before the first frame gives the first frame, a time after the
    last frame the last. Frames above `max_pixels` are reduced. Damage costs only the damaged
    frames. Raises UnreadableError if no frame can be read.
    """
    indices = np.searchsorted(timeline.times, np.asarray(times) + TIME_TOLERANCE, side="right") - 1
    unique, rows = np.unique(indices.clip(min=0), return_inverse=True)
    decoded = _decode_pass(video, timeline, unique, max_pixels, careful=False, threads=threads)
    if decoded is None:
        decoded = _decode_pass(video, timeline, unique, max_pixels, careful=True, threads=1)
    assert decoded is not None, "a careful pass never gives up"
    frames = decoded.frames
    shown = np.searchsorted(timeline.ticks, decoded.ticks, side="right") - 1
    is_unread = (decoded.ticks != timeline.ticks[unique]) & decoded.is_damaged
    if len(rows) > len(unique):  # else this would copy many megabytes
        frames = frames[rows]
    own_times = timeline.times[shown.clip(min=0)]
    return Decoded(frames, own_times[rows], is_unread[rows], decoded.has_bars)


class _FrameBuffer:
    """A buffer of n upright RGB frames at the size of the first, reduced to `max_pixels`.

    A frame of another shape is fitted between black bars.
    """

    def __init__(self, first: Shown, *, max_pixels: int, n: int) -> None:
        height, width = _upright_size(first)
        scale = min(1.0, (max_pixels / (width * height)) ** 0.5)
        self._size = max(1, int(height * scale)), max(1, int(width * scale))
        self._reformatter = VideoReformatter()  # one for all frames: each takes megabytes
        self.frames = np.empty((n, *self._size, 3), np.uint8)
        self.has_bars = False

    def write(self, row: int, shown: Shown) -> None:
        H, W = self._size
        height, width = _upright_size(shown)
        scale = min(H / height, W / width)
        h, w = max(1, round(height * scale)), max(1, round(width * scale))
        if abs(h - H) <= 1 and abs(w - W) <= 1:  # rounding
            h, w = H, W
        top, left = (H - h) // 2, (W - w) // 2
        picture = self._rgb(shown.frame, h, w)
        if (h, w) != (H, W):
            self.has_bars = True
            self.frames[row] = 0
        self.frames[row, top : top + h, left : left + w] = picture

    def _rgb(self, frame: VideoFrame, height: int, width: int) -> np.ndarray:
        """Return a frame as upright RGB (height, width, 3)."""
        matrix = _display_matrix(frame)
        if _is_turned(matrix):
            height, width = width, height
        colorspace = frame.colorspace
        if colorspace not in _MATRICES:  # browsers also assume HD for untagged video of 720 lines
            colorspace = Colorspace.ITU709 if frame.height >= 720 else Colorspace.ITU601
        rgb = self._reformatter.reformat(
            frame, width, height, "rgb24", src_colorspace=colorspace, threads=1
        )
        return orient(rgb.to_ndarray(), matrix)


def _upright_size(shown: Shown) -> tuple[float, float]:
    """Return the height and width of a frame of square pixels, upright."""
    height, width = shown.frame.height, shown.frame.width * shown.aspect
    return (width, height) if _is_turned(_display_matrix(shown.frame)) else (height, width)


def orient(picture: np.ndarray, matrix: Sequence[int]) -> np.ndarray:
    """Return `picture` (H, W, C) rotated and mirrored by a display matrix, so that it is upright.

    `matrix` is (a b u, c d v, x y w): a pixel at (x, y) moves to (ax + cy, bx + dy). Angles are
    rounded to quarter turns.
    """
    a, b, _, c, d = matrix[:5]
    if abs(b) > abs(a):
        picture, a, d = picture.swapaxes(0, 1), c, b
    return picture[:: -1 if d < 0 else 1, :: -1 if a < 0 else 1]


def _is_turned(matrix: Sequence[int]) -> bool:
    """Return True if a display matrix turns a picture by about a quarter or three."""
    return abs(matrix[1]) > abs(matrix[0])


def _display_matrix(frame: VideoFrame) -> list[int]:
    try:
        matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:  # side data that PyAV does not know, such as views of spatial video
        angle = math.radians(frame.rotation)
        return [round(math.cos(angle)), -round(math.sin(angle)), 0,
                round(math.sin(angle)), round(math.cos(angle))]  # fmt: skip
    return [1, 0, 0, 0, 1] if matrix is None else [*np.frombuffer(matrix, np.int32).tolist()]


def _decode_pass(
    video: VideoFile,
    timeline: Timeline,
    indices: np.ndarray,
    max_pixels: int,
    *,
    careful: bool,
    threads: int,
) -> _Pass | None:
    """Decode the frames at sorted `indices` (n,) of the timeline in one pass over the file.

    A quick pass skips to entries and uses threads. It returns None where a `careful` pass, with one
    thread and every packet, may find more frames.
    """
    ticks = np.zeros(len(indices), np.int64)
    with open_video(video) as playback:
        player = Player(playback, is_counted=timeline.is_counted, threads=threads)
        buffer = None
        skipped = False
        for row, tick in enumerate(timeline.ticks[indices].tolist()):
            if not careful:
                skipped |= player.skip_to(timeline.entry_before(tick))
            shown = player.frame_at(tick)
            is_exact = shown is not None and shown.tick == tick
            if not (is_exact or careful) and (skipped or player.errors):
                return None
            if shown is None:
                raise UnreadableError("clip.unreadable", limit=MAX_SOURCE_PIXELS // 1_000_000)
            ticks[row] = shown.tick
            if buffer is None:
                buffer = _FrameBuffer(shown, max_pixels=max_pixels, n=len(indices))
            buffer.write(row, shown)
        assert buffer is not None, "at least one frame is requested"
        return _Pass(buffer.frames, ticks, buffer.has_bars, player.errors > 0)
