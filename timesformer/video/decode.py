"""Reads the wanted frames of a video file that nobody vouches for, upright and in RGB."""

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
from .probe import CODEC_OPTIONS, MAX_SOURCE_PIXELS, Source, Timeline, opened, packets, video_stream

EPSILON = 1e-3  # seconds; WebM rounds its times to the millisecond
_MATRICES = frozenset({1, 4, 5, 6, 7, 9})  # the AVCOL_SPC values swscale converts from
MAX_THREADS = 4  # each holds a frame in flight: 12 MB of 4K
_MIN_SKIP = 16  # packets; refilling the decoder's pipeline costs about this many


class UnreadableError(ClipError):
    """A video of which not one frame could be read."""


@dataclass(frozen=True, eq=False)
class Decoded:
    """The frames shown at n wanted times.

    `frames` (n, H, W, 3) uint8 RGB, upright; `times` (n,) float64, when each is really shown;
    `unread` (n,) bool, True where the frame itself could not be read and a neighbour stands in.
    """

    frames: np.ndarray
    times: np.ndarray
    unread: np.ndarray


def decode(
    source: Source,
    times: Sequence[float] | np.ndarray,
    *,
    timeline: Timeline,
    max_pixels: int,
    threads: int = MAX_THREADS,
) -> Decoded:
    """The frame being shown at each of `times`, in seconds since the first frame.

    `timeline` is the file's own, from `scan`. A time before the first frame gives the first, one
    after the last the last; frames above `max_pixels` are reduced. What cannot be read costs
    those frames only. At most `threads` decode at once. Raises UnreadableError if not one
    frame can be read.
    """
    wanted = np.searchsorted(timeline.times, np.asarray(times) + EPSILON, side="right") - 1
    unique, rows = np.unique(wanted.clip(min=0), return_inverse=True)
    found = _collect(source, timeline, unique, max_pixels, careful=False, threads=threads)
    if found is None:
        found = _collect(source, timeline, unique, max_pixels, careful=True, threads=1)
    assert found is not None, "a careful pass never gives up"
    frames, ticks, damaged = found
    places = np.searchsorted(timeline.ticks, ticks, side="right") - 1
    unread = (ticks != timeline.ticks[unique]) & damaged
    if len(rows) > len(unique):  # else a copy of many megabytes for nothing
        frames = frames[rows]
    return Decoded(frames, timeline.times[places.clip(min=0)][rows], unread[rows])


class _Player:
    """Plays a stream forward, frame by frame, over what cannot be read."""

    def __init__(self, container: InputContainer, *, counted: bool, threads: int) -> None:
        self.stream = video_stream(container)
        self.stream.thread_type = "AUTO"
        context = self.stream.codec_context
        context.thread_count = min(threads, os.cpu_count() or 1)
        context.options = CODEC_OPTIONS  # those given to av.open bound the probing only
        self.errors = 0
        self._packets = packets(container, self.stream)
        self._position = 0  # packets taken so far
        self._counted = counted
        self._frames = 0  # frames decoded so far
        self._pending: deque[tuple[int, VideoFrame]] = deque()
        self._shown: tuple[int, VideoFrame] | None = None
        self._ended = False

    def skip_to(self, position: int) -> bool:
        """Go on from the packet at `position`, a key frame; False where that saves nothing."""
        if position < self._position + _MIN_SKIP:
            return False
        for _ in islice(self._packets, position - self._position):
            self._position += 1
        self.stream.codec_context.flush_buffers()
        self._pending.clear()
        return True

    def frame_at(self, tick: int) -> tuple[int, VideoFrame] | None:
        """The last frame at or before `tick`, else the first there is, with its own tick."""
        while self._shown is None or self._shown[0] < tick:
            while not self._pending and not self._ended:
                self._decode_packet()
            if not self._pending or (self._shown and self._pending[0][0] > tick):
                break
            self._shown = self._pending.popleft()
        return self._shown

    def _decode_packet(self) -> None:
        packet = next(self._packets, None)  # None makes the decoder give what it holds back
        self._ended = packet is None
        self._position += 1
        try:
            frames = self.stream.decode(packet)
        except MemoryError:  # FFmpeg's too: the packet is not at fault
            raise
        except av.FFmpegError:
            self.errors += 1
            return
        for frame in frames:
            tick = self._frames if self._counted else frame.pts
            self._frames += 1
            if tick is not None:
                self._pending.append((tick, frame))


class _Canvas:
    """Room for n upright RGB frames of one size, the first one's, reduced to `max_pixels`."""

    def __init__(self, first: VideoFrame, *, aspect: float, max_pixels: int, n: int) -> None:
        width = first.width * aspect
        scale = min(1.0, (max_pixels / (width * first.height)) ** 0.5)
        self._width = max(1, int(width * scale))
        self._height = max(1, int(first.height * scale))
        self._matrix = _display_matrix(first)
        self._reformatter = VideoReformatter()  # one for all: each keeps megabytes
        blank = np.broadcast_to(np.uint8(0), (self._height, self._width, 3))
        self.frames = np.empty((n, *upright(blank, self._matrix).shape), np.uint8)

    def paint(self, row: int, frame: VideoFrame) -> None:
        source = frame.colorspace
        if source not in _MATRICES:  # browsers, too, take untagged video of 720 lines for HD
            source = Colorspace.ITU709 if frame.height >= 720 else Colorspace.ITU601
        rgb = self._reformatter.reformat(
            frame, self._width, self._height, "rgb24", src_colorspace=source, threads=1
        )
        self.frames[row] = upright(rgb.to_ndarray(), self._matrix)


def upright(picture: np.ndarray, matrix: Sequence[int]) -> np.ndarray:
    """`picture` (H, W, C) turned and mirrored the way it is meant to be seen.

    `matrix` is a video's display matrix, (a b u, c d v, x y w): a pixel's place (x, y) becomes
    (ax + cy, bx + dy). Angles other than quarter turns are rounded to one.
    """
    a, b, _, c, d = matrix[:5]
    if abs(b) > abs(a):
        picture, a, d = picture.swapaxes(0, 1), c, b
    return picture[:: -1 if d < 0 else 1, :: -1 if a < 0 else 1]


def _display_matrix(frame: VideoFrame) -> list[int]:
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    return [1, 0, 0, 0, 1] if matrix is None else [*np.frombuffer(matrix, np.int32).tolist()]


def _aspect(stream: VideoStream) -> float:
    """How much wider a pixel is than high; forged or senseless shapes count as square."""
    aspect = float(stream.sample_aspect_ratio or 1)
    return aspect if 0.25 <= aspect <= 4 else 1.0


def _collect(
    source: Source,
    timeline: Timeline,
    wanted: np.ndarray,
    max_pixels: int,
    *,
    careful: bool,
    threads: int,
) -> tuple[np.ndarray, np.ndarray, bool] | None:
    """The frames `wanted` (n,), as sorted places in the timeline, in one pass over the file.

    Returns frames (n, H, W, 3), their ticks (n,) and whether anything was damaged. A quick pass
    skips to key frames; where that, or many threads, may have cost a frame that a careful pass
    (one thread, every packet) would find, it gives up and returns None.
    """
    ticks = np.zeros(len(wanted), np.int64)
    with opened(source) as container:
        player = _Player(container, counted=timeline.counted, threads=threads)
        canvas = None
        skipped = False
        for row, tick in enumerate(timeline.ticks[wanted].tolist()):
            if not careful:
                skipped |= player.skip_to(timeline.key_before(tick))
            shown = player.frame_at(tick)
            exact = shown is not None and shown[0] == tick
            if not (exact or careful) and (skipped or player.errors):
                return None
            if shown is None:
                raise UnreadableError("clip.unreadable", limit=MAX_SOURCE_PIXELS // 1_000_000)
            ticks[row], frame = shown
            if canvas is None:
                canvas = _Canvas(
                    frame, aspect=_aspect(player.stream), max_pixels=max_pixels, n=len(wanted)
                )
            canvas.paint(row, frame)
        assert canvas is not None, "at least one frame is wanted"
        return canvas.frames, ticks, player.errors > 0
