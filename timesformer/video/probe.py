"""Probing: the times of a video's frames, from its packets.

No header is trusted. Length, rate and number of frames are wrong or absent in the files that
browsers record, so packets are counted.
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
from .limits import MAX_FRAMES, MAX_SOURCE_PIXELS, MAX_STREAMS

VideoFile = str | os.PathLike[str] | BinaryIO  # a path, or a file opened for reading bytes

_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,gif,ogg,flv,asf"
_CODECS = (
    *("h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4", "mpeg2video", "mpeg1video"),
    *("mjpeg", "gif", "h263", "theora", "wmv1", "wmv2", "flv", "prores"),
)
CODEC_OPTIONS = {"codec_whitelist": ",".join(_CODECS), "max_pixels": str(MAX_SOURCE_PIXELS)}
_OPTIONS = {
    "format_whitelist": _FORMATS,  # without playlists and scripts, which open other files
    "protocol_whitelist": "none",
    "max_streams": str(MAX_STREAMS + 1),  # one more shows that there are more
    **CODEC_OPTIONS,
}
_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"wide")
_WEBM_HEAD = b"\x1a\x45\xdf\xa3"
_HDR_TRANSFERS = (ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67)  # also called PQ and HLG
_STILLS = Disposition.attached_pic | Disposition.timed_thumbnails  # cover art, not video


@dataclass(frozen=True, eq=False)
class Timeline:
    """The times of the F frames of a video, from its packets alone.

    `times` (F,) float64 are seconds since the first frame, sorted. `duration` is the last time plus
    one frame. `declared_duration` is the duration in the file's header, 0 if it has none.
    `is_complete` is False if the video has more than MAX_FRAMES frames. `has_more_streams` is True
    if the file has more than MAX_STREAMS streams.

    `ticks` (F,) int64 identify the frames for `decode`: time stamps, or the order of frames if
    `is_counted`. `key_frames` (K, 2) int64 are the packet index and tick of each key frame, empty
    if `is_counted`.
    """

    times: np.ndarray
    duration: float
    declared_duration: float
    is_complete: bool
    has_more_streams: bool
    is_hdr: bool
    ticks: np.ndarray
    is_counted: bool
    key_frames: np.ndarray

    def key_before(self, tick: int) -> int:
        """Return the packet index of the last key frame not after `tick`."""
        indices = self.key_frames[self.key_frames[:, 1] <= tick, 0]
        return int(indices[-1]) if len(indices) else 0


class _Stamp(NamedTuple):
    """The header of one packet; times are in units of the stream."""

    pts: int | None
    dts: int | None
    duration: int
    is_key: bool
    is_shown: bool

    @classmethod
    def of(cls, packet: "av.Packet[VideoStream]") -> Self:
        shown = not packet.is_discard  # edited files hide frames that other frames refer to
        return cls(packet.pts, packet.dts, packet.duration or 0, packet.is_keyframe, shown)


class _NamelessFile:
    """A file without a name, because FFmpeg would choose the format by the name."""

    def __init__(self, file: BinaryIO) -> None:
        self.read, self.seek, self.tell = file.read, file.seek, file.tell


def scan(video: VideoFile) -> Timeline:
    """Return the timeline of the best video stream without decoding a frame.

    Raises ClipError if the file is missing, empty, cut off, no video, or has only sound.
    """
    with open_video(video) as container:
        stream = video_stream(container)
        stamps = [_Stamp.of(p) for p in islice(packets(container, stream), MAX_FRAMES + 1)]
        return _timeline(stamps[:MAX_FRAMES], container, stream, len(stamps) <= MAX_FRAMES)


@contextmanager
def open_video(video: VideoFile) -> Iterator[InputContainer]:
    """Open a video; raise ClipError for every error of FFmpeg while the video is open."""
    try:
        with _file(video) as file, _demuxer(file) as container:
            yield container
    except MemoryError:  # FFmpeg's MemoryError is also an FFmpegError
        raise
    except OSError:
        raise ClipError("clip.cannot_open") from None
    except av.FFmpegError:
        raise ClipError("clip.read_interrupted") from None


def _file(video: VideoFile) -> AbstractContextManager[BinaryIO]:
    if not isinstance(video, str | os.PathLike):
        video.seek(0)
        return nullcontext(video)
    return open_regular_file(video)


def open_regular_file(path: str | os.PathLike[str]) -> BinaryIO:
    """Open the file at `path` for reading bytes.

    Raises ClipError if there is no file, or if it is a folder, a pipe or a device.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe would block
            raise ClipError("clip.not_a_file")
        return open(path, "rb")
    except (OSError, ValueError):  # ValueError: a name with a null byte
        raise ClipError("clip.cannot_open") from None


def _demuxer(file: BinaryIO) -> InputContainer:
    head = file.read(8)
    file.seek(0)
    if not head:
        raise ClipError("clip.empty")
    try:
        return av.open(_NamelessFile(file), "r", options=_OPTIONS, metadata_errors="replace")
    except av.FFmpegError:
        if head[4:] in _MP4_BOXES or head.startswith(_WEBM_HEAD):
            raise ClipError("clip.truncated") from None
        raise ClipError("clip.not_a_video") from None


def video_stream(container: InputContainer) -> VideoStream:
    """Return the best video stream; raise ClipError if none can be decoded."""
    streams = [s for s in container.streams.video if not s.disposition & _STILLS]
    if not streams:
        raise ClipError("clip.no_pictures")
    best = container.streams.best("video")
    stream = next((s for s in streams if s == best), streams[0])
    context = stream.codec_context
    if context is None or context.name not in _CODECS:
        raise ClipError("clip.no_decoder")
    return stream


def packets(container: InputContainer, stream: VideoStream) -> Iterator["av.Packet[VideoStream]"]:
    """Yield the stream's packets in file order, up to the end or the first damage."""
    try:
        # An empty packet would end the decoder's stream.
        yield from (packet for packet in container.demux(stream) if packet.size)
    except av.FFmpegError:
        return


def _timeline(
    stamps: Sequence[_Stamp], container: InputContainer, stream: VideoStream, is_complete: bool
) -> Timeline:
    shown = [stamp for stamp in stamps if stamp.is_shown]
    if not shown:
        raise ClipError("clip.no_frames")
    unit = float(stream.time_base or 0)
    frame_length = 1 / float(stream.guessed_rate or 30)
    distinct = {stamp.pts for stamp in shown}
    # AVI has no presentation times. Others may lack them, repeat one, or restart in joined files.
    repeated = len(shown) > 1 and 2 * len(distinct) <= len(shown)
    is_counted = container.format.name == "avi" or None in distinct or repeated
    if is_counted:
        key_frames = []
        ticks = np.arange(len(shown))
        times = _counted_times(shown, unit, frame_length)
    else:
        key_frames = [(i, stamp.pts) for i, stamp in enumerate(stamps) if stamp.is_key]
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
        declared_duration=_declared_duration(container),
        is_complete=is_complete,
        has_more_streams=len(container.streams) > MAX_STREAMS,
        is_hdr=stream.codec_context.color_trc in _HDR_TRANSFERS,
        ticks=ticks,
        is_counted=is_counted,
        key_frames=np.array(key_frames, np.int64).reshape(-1, 2),
    )


def _declared_duration(container: InputContainer) -> float:
    """Return the seconds in the file's header, less the time before the first frame."""
    if container.duration is None:
        return 0.0
    return max(0, container.duration - max(0, container.start_time or 0)) / av.time_base


def _counted_times(shown: Sequence[_Stamp], unit: float, frame_length: float) -> np.ndarray:
    """Return seconds (F,) of frames without presentation times: by decoding times, else by rate."""
    decoding = [stamp.dts for stamp in shown if stamp.dts is not None]
    if len(decoding) == len(shown) and all(np.diff(decoding) > 0):
        return (np.array(decoding) - decoding[0]) * unit
    return np.arange(len(shown)) * frame_length
