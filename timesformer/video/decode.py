"""Decoding: the frames of an untrusted video at given times, upright and in RGB."""

import os
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, VideoReformatter
from av.video.stream import VideoStream

from ..errors import ClipError
from .limits import MAX_SOURCE_PIXELS, MAX_THREADS
from .probe import CODEC_OPTIONS, Timeline, VideoFile, open_video, packets, video_stream

TIME_TOLERANCE = 1e-3  # seconds; WebM rounds its times to the millisecond
_MATRICES = frozenset({1, 4, 5, 6, 7, 9})  # the AVCOL_SPC values swscale converts from
MIN_SKIPPED_PACKETS = 16  # to refill the decoder's pipeline costs about as many


class UnreadableError(ClipError):
    """A video without a readable frame."""


@dataclass(frozen=True, eq=False)
class Decoded:
    """The frames at n given times.

    `frames` are (n, H, W, 3) uint8 RGB, upright; `times` are their own (n,) float64. `is_unread`
    (n,) bool is True where a neighbour replaces a frame that could not be read.
    """

    frames: np.ndarray
    times: np.ndarray
    is_unread: np.ndarray


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
    frames, ticks, is_damaged = decoded
    shown = np.searchsorted(timeline.ticks, ticks, side="right") - 1
    is_unread = (ticks != timeline.ticks[unique]) & is_damaged
    if len(rows) > len(unique):  # else this would copy many megabytes
        frames = frames[rows]
    return Decoded(frames, timeline.times[shown.clip(min=0)][rows], is_unread[rows])


class _Player:
    """A stream that is decoded forward, frame by frame, past damaged packets."""

    def __init__(self, container: InputContainer, *, is_counted: bool, threads: int) -> None:
        self.stream = video_stream(container)
        self.stream.thread_type = "AUTO"
        context = self.stream.codec_context
        context.thread_count = min(threads, os.cpu_count() or 1)
        context.options = CODEC_OPTIONS  # the options of av.open only apply to probing
        self.errors = 0
        self._packets = packets(container, self.stream)
        self._position = 0  # packets read
        self._is_counted = is_counted
        self._num_frames = 0  # decoded
        self._pending: deque[tuple[int, VideoFrame]] = deque()
        self._shown: tuple[int, VideoFrame] | None = None
        self._ended = False

    def skip_to(self, position: int) -> bool:
        """Continue at the packet `position`, a key frame; return False if that saves nothing."""
        if position < self._position + MIN_SKIPPED_PACKETS:
            return False
        for _ in islice(self._packets, position - self._position):
            self._position += 1
        self.stream.codec_context.flush_buffers()
        self._pending.clear()
        return True

    def frame_at(self, tick: int) -> tuple[int, VideoFrame] | None:
        """Return the last frame at or before `tick`, else the first frame, with its tick."""
        while self._shown is None or self._shown[0] < tick:
            while not self._pending and not self._ended:
                self._decode_packet()
            if not self._pending or (self._shown and self._pending[0][0] > tick):
                break
            self._shown = self._pending.popleft()
        return self._shown

    def _decode_packet(self) -> None:
        packet = next(self._packets, None)  # None flushes the decoder
        self._ended = packet is None
        self._position += 1
        try:
            frames = self.stream.decode(packet)
        except MemoryError:  # also FFmpeg's own: the packet may be sound
            raise
        except av.FFmpegError:
            self.errors += 1
            return
        for frame in frames:
            tick = self._num_frames if self._is_counted else frame.pts
            self._num_frames += 1
            if tick is not None:
                self._pending.append((tick, frame))


class _FrameBuffer:
    """A buffer of n upright RGB frames at the size of the first, reduced to `max_pixels`."""

    def __init__(self, first: VideoFrame, *, aspect: float, max_pixels: int, n: int) -> None:
        width = first.width * aspect
        scale = min(1.0, (max_pixels / (width * first.height)) ** 0.5)
        self._width = max(1, int(width * scale))
        self._height = max(1, int(first.height * scale))
        self._matrix = _display_matrix(first)
        self._reformatter = VideoReformatter()  # one for all frames: each takes megabytes
        blank = np.broadcast_to(np.uint8(0), (self._height, self._width, 3))
        self.frames = np.empty((n, *orient(blank, self._matrix).shape), np.uint8)

    def write(self, row: int, frame: VideoFrame) -> None:
        colorspace = frame.colorspace
        if colorspace not in _MATRICES:  # browsers also assume HD for untagged video of 720 lines
            colorspace = Colorspace.ITU709 if frame.height >= 720 else Colorspace.ITU601
        rgb = self._reformatter.reformat(
            frame, self._width, self._height, "rgb24", src_colorspace=colorspace, threads=1
        )
        self.frames[row] = orient(rgb.to_ndarray(), self._matrix)


def orient(picture: np.ndarray, matrix: Sequence[int]) -> np.ndarray:
    """Return `picture` (H, W, C) rotated and mirrored by a display matrix, so that it is upright.

    `matrix` is (a b u, c d v, x y w): a pixel at (x, y) moves to (ax + cy, bx + dy). Angles are
    rounded to quarter turns.
    """
    a, b, _, c, d = matrix[:5]
    if abs(b) > abs(a):
        picture, a, d = picture.swapaxes(0, 1), c, b
    return picture[:: -1 if d < 0 else 1, :: -1 if a < 0 else 1]


def _display_matrix(frame: VideoFrame) -> list[int]:
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    return [1, 0, 0, 0, 1] if matrix is None else [*np.frombuffer(matrix, np.int32).tolist()]


def _aspect(stream: VideoStream) -> float:
    """Return the width of a pixel over its height; implausible values count as 1."""
    aspect = float(stream.sample_aspect_ratio or 1)
    return aspect if 0.25 <= aspect <= 4 else 1.0


def _decode_pass(
    video: VideoFile,
    timeline: Timeline,
    indices: np.ndarray,
    max_pixels: int,
    *,
    careful: bool,
    threads: int,
) -> tuple[np.ndarray, np.ndarray, bool] | None:
    """Decode the frames at sorted `indices` (n,) of the timeline in one pass over the file.

    Returns frames (n, H, W, 3), their ticks (n,) and True if there was damage. A quick pass skips
    to key frames and uses threads. It returns None where a `careful` pass, with one thread and
    every packet, may find more frames.
    """
    ticks = np.zeros(len(indices), np.int64)
    with open_video(video) as container:
        player = _Player(container, is_counted=timeline.is_counted, threads=threads)
        buffer = None
        skipped = False
        for row, tick in enumerate(timeline.ticks[indices].tolist()):
            if not careful:
                skipped |= player.skip_to(timeline.key_before(tick))
            shown = player.frame_at(tick)
            is_exact = shown is not None and shown[0] == tick
            if not (is_exact or careful) and (skipped or player.errors):
                return None
            if shown is None:
                raise UnreadableError("clip.unreadable", limit=MAX_SOURCE_PIXELS // 1_000_000)
            ticks[row], frame = shown
            if buffer is None:
                buffer = _FrameBuffer(
                    frame, aspect=_aspect(player.stream), max_pixels=max_pixels, n=len(indices)
                )
            buffer.write(row, frame)
        assert buffer is not None, "at least one frame is requested"
        return buffer.frames, ticks, player.errors > 0
