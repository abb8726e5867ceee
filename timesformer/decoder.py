"""Reads a video file that nobody vouches for: when its frames are shown, and the frames wanted.

Plain functions on PyAV and NumPy that trust no header: what a file says about its own length,
rate and number of frames is wrong or absent in what browsers record, so packets are counted.
"""

import os
import stat
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, NamedTuple, Self

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, VideoReformatter
from av.video.stream import VideoStream

from .errors import ClipError

MAX_FRAMES = 36_000  # scanned at most: 20 minutes at 30 a second
MAX_SOURCE_PIXELS = 40_000_000  # a frame: 8K video has 33 million; a forged header can say anything
EPSILON = 1e-3  # seconds; WebM rounds its times to the millisecond

_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,gif,ogg,flv,asf"
_CODECS = (
    *("h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4", "mpeg2video", "mpeg1video"),
    *("mjpeg", "gif", "h263", "theora", "wmv1", "wmv2", "flv", "prores"),
)
_CODEC_OPTIONS = {"codec_whitelist": ",".join(_CODECS), "max_pixels": str(MAX_SOURCE_PIXELS)}
_OPTIONS = {
    "format_whitelist": _FORMATS,  # playlists and scripts open other files; none of them is here
    "protocol_whitelist": "none",
    "max_streams": "32",
    **_CODEC_OPTIONS,
}
_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"wide")
_WEBM_HEAD = b"\x1a\x45\xdf\xa3"
_PICTURES = Disposition.attached_pic | Disposition.timed_thumbnails  # cover art, not video
_MATRICES = frozenset({1, 4, 5, 6, 7, 9})  # the AVCOL_SPC values swscale converts from
_MAX_THREADS = 4  # each holds a frame in flight: 12 MB of 4K
_MIN_SKIP = 16  # packets; refilling the decoder's pipeline costs about this many


@dataclass(frozen=True, eq=False)
class Timeline:
    """When each of the F frames of a video is shown, learnt from its packets alone.

    `times` (F,) float64 are seconds since the first frame, sorted; `duration` is the last of them
    plus one frame; `declared` is the length the file claims for itself, 0 where it claims none;
    `complete` is False where frames beyond the first 36,000 were left out. The rest is for
    `decode`: `ticks` (F,) int64 name the frames, by their time stamps or, if `counted`, by their
    order; `keys` (K, 2) int64 hold each key frame's place among the packets and its tick, none if
    `counted`.
    """

    times: np.ndarray
    duration: float
    declared: float
    complete: bool
    ticks: np.ndarray
    counted: bool
    keys: np.ndarray

    def key_before(self, tick: int) -> int:
        """The place among the packets of the last key frame not after `tick`."""
        places = self.keys[self.keys[:, 1] <= tick, 0]
        return int(places[-1]) if len(places) else 0


@dataclass(frozen=True, eq=False)
class Decoded:
    """The frames shown at n wanted times.

    `frames` (n, H, W, 3) uint8 RGB, upright; `times` (n,) float64, when each is really shown;
    `unread` (n,) bool, True where the frame itself could not be read and a neighbour stands in.
    """

    frames: np.ndarray
    times: np.ndarray
    unread: np.ndarray


class _Stamp(NamedTuple):
    """What one packet says of its frame; times in the stream's units."""

    pts: int | None
    dts: int | None
    duration: int
    is_key: bool
    is_shown: bool

    @classmethod
    def of(cls, packet: "av.Packet[VideoStream]") -> Self:
        shown = not packet.is_discard  # an edited file hides frames that others are built upon
        return cls(packet.pts, packet.dts, packet.duration or 0, packet.is_keyframe, shown)


class _Nameless:
    """A file without its name, which would otherwise choose the format."""

    def __init__(self, file: BinaryIO) -> None:
        self.read, self.seek, self.tell = file.read, file.seek, file.tell


def scan(path: str | os.PathLike[str]) -> Timeline:
    """When the frames of the best video stream are shown; no frame is decoded.

    Raises ClipError if the file is missing, empty, cut off, no video, or has only sound.
    """
    with _open(path) as container:
        stream = _video_stream(container)
        stamps = [_Stamp.of(p) for p in islice(_packets(container, stream), MAX_FRAMES + 1)]
        return _timeline(stamps[:MAX_FRAMES], container, stream, len(stamps) <= MAX_FRAMES)


def decode(
    path: str | os.PathLike[str],
    times: Sequence[float] | np.ndarray,
    *,
    timeline: Timeline,
    max_pixels: int,
) -> Decoded:
    """The frame being shown at each of `times`, in seconds since the first frame.

    `timeline` is the file's own, from `scan`. A time before the first frame gives the first, one
    after the last the last; frames above `max_pixels` are reduced. What cannot be read costs
    those frames only. Raises ClipError if not one frame can be read.
    """
    wanted = np.searchsorted(timeline.times, np.asarray(times) + EPSILON, side="right") - 1
    unique, rows = np.unique(wanted.clip(min=0), return_inverse=True)
    found = _collect(path, timeline, unique, max_pixels, careful=False)
    if found is None:
        found = _collect(path, timeline, unique, max_pixels, careful=True)
    assert found is not None, "a careful pass never gives up"
    frames, ticks, damaged = found
    places = np.searchsorted(timeline.ticks, ticks, side="right") - 1
    unread = (ticks != timeline.ticks[unique]) & damaged
    if len(rows) > len(unique):  # else a copy of many megabytes for nothing
        frames = frames[rows]
    return Decoded(frames, timeline.times[places.clip(min=0)][rows], unread[rows])


@contextmanager
def _open(path: str | os.PathLike[str]) -> Iterator[InputContainer]:
    """The opened file; whatever FFmpeg objects to, then or later, becomes one of our sentences."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe would wait for ever
            raise ClipError("This is not a file. Choose a video, such as an MP4 or a WebM.")
        with open(path, "rb") as file, _demuxer(file) as container:
            yield container
    except OSError:
        raise ClipError("The video could not be opened. Choose it again.") from None
    except av.FFmpegError:
        raise ClipError("The video broke off while being read. Save it again as MP4.") from None


def _demuxer(file: BinaryIO) -> InputContainer:
    head = file.read(8)
    file.seek(0)
    if not head:
        raise ClipError("The file is empty (0 bytes). Choose a video, or record it again.")
    try:
        return av.open(_Nameless(file), "r", options=_OPTIONS, metadata_errors="replace")
    except av.FFmpegError:
        if head[4:] in _MP4_BOXES or head.startswith(_WEBM_HEAD):
            raise ClipError(
                "The video is cut off: the part that says where its frames are is missing. Let "
                "the recording or download finish, then choose the file again."
            ) from None
        raise ClipError(
            "This file is not a video that can be read here. Choose an MP4, MOV, WebM, AVI or GIF."
        ) from None


def _video_stream(container: InputContainer) -> VideoStream:
    streams = [s for s in container.streams.video if not s.disposition & _PICTURES]
    if not streams:
        raise ClipError("The file holds no moving pictures, only sound or a still. Choose a video.")
    best = container.streams.best("video")
    stream = next((s for s in streams if s == best), streams[0])
    context = stream.codec_context
    if context is None or context.name not in _CODECS:
        raise ClipError(
            "The video's pictures are coded in a way that is not read here. "
            "Save it as MP4 (H.264) and choose that file."
        )
    return stream


def _packets(container: InputContainer, stream: VideoStream) -> Iterator["av.Packet[VideoStream]"]:
    """The stream's packets in file order, up to the end or to where the file breaks off."""
    try:
        # An empty packet would tell the decoder that the video is over.
        yield from (packet for packet in container.demux(stream) if packet.size)
    except av.FFmpegError:
        return


def _timeline(
    stamps: Sequence[_Stamp], container: InputContainer, stream: VideoStream, complete: bool
) -> Timeline:
    shown = [stamp for stamp in stamps if stamp.is_shown]
    if not shown:
        raise ClipError("The video holds no frames. Choose another, or record it again.")
    unit = float(stream.time_base or 0)
    frame_length = 1 / float(stream.guessed_rate or 30)
    distinct = {stamp.pts for stamp in shown}
    # AVI has no times of showing; others may be absent, all equal, or start over in glued files.
    repeated = len(shown) > 1 and 2 * len(distinct) <= len(shown)
    counted = container.format.name == "avi" or None in distinct or repeated
    if counted:
        keys = []
        ticks = np.arange(len(shown))
        times = _counted_times(shown, unit, frame_length)
    else:
        keys = [(i, stamp.pts) for i, stamp in enumerate(stamps) if stamp.is_key]
        shown.sort(key=lambda stamp: stamp.pts or 0)
        ticks = np.array([stamp.pts for stamp in shown])
        times = (ticks - ticks[0]) * unit
    if last := shown[-1].duration * unit:
        frame_length = last
    elif times[-1] > 0:
        frame_length = float(np.median(np.diff(times)))
    return Timeline(
        times=times,
        duration=float(times[-1]) + frame_length,
        declared=(container.duration or 0) / av.time_base,
        complete=complete,
        ticks=ticks,
        counted=counted,
        keys=np.array(keys, np.int64).reshape(-1, 2),
    )


def _counted_times(shown: Sequence[_Stamp], unit: float, frame_length: float) -> np.ndarray:
    """Seconds of frames without a time of their own, (F,): by decoding times, else by the rate."""
    decoding = [stamp.dts for stamp in shown if stamp.dts is not None]
    if len(decoding) == len(shown) and all(np.diff(decoding) > 0):
        return (np.array(decoding) - decoding[0]) * unit
    return np.arange(len(shown)) * frame_length


class _Player:
    """Plays a stream forward, frame by frame, over what cannot be read."""

    def __init__(self, container: InputContainer, *, counted: bool, careful: bool) -> None:
        self.stream = _video_stream(container)
        self.stream.thread_type = "AUTO"
        context = self.stream.codec_context
        context.thread_count = 1 if careful else min(_MAX_THREADS, os.cpu_count() or 1)
        context.options = _CODEC_OPTIONS  # those given to av.open bound the probing only
        self.errors = 0
        self._packets = _packets(container, self.stream)
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
    path: str | os.PathLike[str],
    timeline: Timeline,
    wanted: np.ndarray,
    max_pixels: int,
    *,
    careful: bool,
) -> tuple[np.ndarray, np.ndarray, bool] | None:
    """The frames `wanted` (n,), as sorted places in the timeline, in one pass over the file.

    Returns frames (n, H, W, 3), their ticks (n,) and whether anything was damaged. A quick pass
    decodes on several threads and skips to key frames; where that may have cost a frame that a
    careful pass (one thread, every packet) would find, it gives up and returns None.
    """
    ticks = np.zeros(len(wanted), np.int64)
    with _open(path) as container:
        player = _Player(container, counted=timeline.counted, careful=careful)
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
                raise ClipError(
                    "Not one frame of the video could be read: it is damaged, or a frame has more "
                    f"than {MAX_SOURCE_PIXELS // 1_000_000} million pixels. Save it again as MP4."
                )
            ticks[row], frame = shown
            if canvas is None:
                canvas = _Canvas(
                    frame, aspect=_aspect(player.stream), max_pixels=max_pixels, n=len(wanted)
                )
            canvas.paint(row, frame)
        assert canvas is not None, "at least one frame is wanted"
        return canvas.frames, ticks, player.errors > 0
