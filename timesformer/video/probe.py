"""When the frames of a video file that nobody vouches for are shown, learnt from its packets.

No header is trusted: what a file says about its own length, rate and number of frames is wrong or
absent in what browsers record, so packets are counted.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, NamedTuple, Self

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from av.video.reformatter import ColorTrc
from av.video.stream import VideoStream

from ..errors import ClipError

MAX_FRAMES = 36_000  # scanned at most: 20 minutes at 30 a second
MAX_SOURCE_PIXELS = 40_000_000  # a frame: 8K video has 33 million; a forged header can say anything
MAX_STREAMS = 32  # of pictures, sound and the like; films on disc have about 20

Source = str | os.PathLike[str] | BinaryIO  # a path, or a file opened for reading bytes

_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,gif,ogg,flv,asf"
_CODECS = (
    *("h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4", "mpeg2video", "mpeg1video"),
    *("mjpeg", "gif", "h263", "theora", "wmv1", "wmv2", "flv", "prores"),
)
CODEC_OPTIONS = {"codec_whitelist": ",".join(_CODECS), "max_pixels": str(MAX_SOURCE_PIXELS)}
_OPTIONS = {
    "format_whitelist": _FORMATS,  # playlists and scripts open other files; none of them is here
    "protocol_whitelist": "none",
    "max_streams": str(MAX_STREAMS + 1),  # one more, so as to know that there are more
    **CODEC_OPTIONS,
}
_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"wide")
_WEBM_HEAD = b"\x1a\x45\xdf\xa3"
_VIVID = (ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67)  # also called PQ and HLG
_PICTURES = Disposition.attached_pic | Disposition.timed_thumbnails  # cover art, not video


@dataclass(frozen=True, eq=False)
class Timeline:
    """When each of the F frames of a video is shown, learnt from its packets alone.

    `times` (F,) float64 are seconds since the first frame, sorted; `duration` is the last of them
    plus one frame; `declared` is the length the file claims for itself, 0 where it claims none;
    `complete` is False where frames beyond the first 36,000 were left out, `crowded` is True where
    streams beyond the first 32 were, and `vivid` where its colours are meant for screens of high
    dynamic range. The rest is for `decode`: `ticks` (F,) int64 name the frames,
    by their time stamps or, if `counted`, by their order; `keys` (K, 2) int64 hold each key frame's
    place among the packets and its tick, none if `counted`.
    """

    times: np.ndarray
    duration: float
    declared: float
    complete: bool
    crowded: bool
    vivid: bool
    ticks: np.ndarray
    counted: bool
    keys: np.ndarray

    def key_before(self, tick: int) -> int:
        """The place among the packets of the last key frame not after `tick`."""
        places = self.keys[self.keys[:, 1] <= tick, 0]
        return int(places[-1]) if len(places) else 0


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


def scan(source: Source) -> Timeline:
    """When the frames of the best video stream are shown; no frame is decoded.

    Raises ClipError if the file is missing, empty, cut off, no video, or has only sound.
    """
    with opened(source) as container:
        stream = video_stream(container)
        stamps = [_Stamp.of(p) for p in islice(packets(container, stream), MAX_FRAMES + 1)]
        return _timeline(stamps[:MAX_FRAMES], container, stream, len(stamps) <= MAX_FRAMES)


@contextmanager
def opened(source: Source) -> Iterator[InputContainer]:
    """The opened file; whatever FFmpeg objects to, then or later, becomes one of our sentences."""
    try:
        with _file(source) as file, _demuxer(file) as container:
            yield container
    except MemoryError:  # FFmpeg's own is one of these as well as one of its errors
        raise
    except OSError:
        raise ClipError("clip.cannot_open") from None
    except av.FFmpegError:
        raise ClipError("clip.read_interrupted") from None


def _file(source: Source) -> AbstractContextManager[BinaryIO]:
    if not isinstance(source, str | os.PathLike):
        source.seek(0)
        return nullcontext(source)
    return open_regular(source)


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """The file at `path`, opened for reading bytes.

    Raises ClipError if it is not there, or is a folder, a pipe or a device.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe would wait for ever
            raise ClipError("clip.not_a_file")
        return open(path, "rb")
    except (OSError, ValueError):  # the latter for a name with a zero in it
        raise ClipError("clip.cannot_open") from None


def _demuxer(file: BinaryIO) -> InputContainer:
    head = file.read(8)
    file.seek(0)
    if not head:
        raise ClipError("clip.empty")
    try:
        return av.open(_Nameless(file), "r", options=_OPTIONS, metadata_errors="replace")
    except av.FFmpegError:
        if head[4:] in _MP4_BOXES or head.startswith(_WEBM_HEAD):
            raise ClipError("clip.truncated") from None
        raise ClipError("clip.not_a_video") from None


def video_stream(container: InputContainer) -> VideoStream:
    """The best stream of moving pictures; ClipError where none is there that can be decoded."""
    streams = [s for s in container.streams.video if not s.disposition & _PICTURES]
    if not streams:
        raise ClipError("clip.no_pictures")
    best = container.streams.best("video")
    stream = next((s for s in streams if s == best), streams[0])
    context = stream.codec_context
    if context is None or context.name not in _CODECS:
        raise ClipError("clip.no_decoder")
    return stream


def packets(container: InputContainer, stream: VideoStream) -> Iterator["av.Packet[VideoStream]"]:
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
        raise ClipError("clip.no_frames")
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
        declared=_declared(container),
        complete=complete,
        vivid=stream.codec_context.color_trc in _VIVID,
        crowded=len(container.streams) > MAX_STREAMS,
        ticks=ticks,
        counted=counted,
        keys=np.array(keys, np.int64).reshape(-1, 2),
    )


def _declared(container: InputContainer) -> float:
    """Seconds that a file says it lasts; some count from before their first frame."""
    if container.duration is None:
        return 0.0
    return max(0, container.duration - max(0, container.start_time or 0)) / av.time_base


def _counted_times(shown: Sequence[_Stamp], unit: float, frame_length: float) -> np.ndarray:
    """Seconds of frames without a time of their own, (F,): by decoding times, else by the rate."""
    decoding = [stamp.dts for stamp in shown if stamp.dts is not None]
    if len(decoding) == len(shown) and all(np.diff(decoding) > 0):
        return (np.array(decoding) - decoding[0]) * unit
    return np.arange(len(shown)) * frame_length
