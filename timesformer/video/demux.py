"""Demuxing: the packets of a video in the order in which they play, on one rising clock.

No header is trusted. Length, rate and number of frames are wrong or absent in the files that
browsers record.
"""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from fractions import Fraction
from typing import Any, NamedTuple

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from ..errors import ClipError
from ..paths import LFS_POINTER
from .bitstream import ParameterSets, Role
from .clock import Clock, nanoseconds
from .encryption import is_encrypted, num_encrypted_tracks
from .files import VideoFile, open_bytes
from .limits import MAX_FRAMES, MAX_SOURCE_PIXELS, MAX_STREAMS
from .parts import EBML, MP4_BOXES, Part, outer_boxes, parts_of

_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,gif,apng,ogg,flv,asf"
_CODECS = (
    *("h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4", "mpeg2video", "mpeg1video"),
    *("mjpeg", "gif", "apng", "h263", "theora", "wmv1", "wmv2", "flv", "prores"),
)
CODEC_OPTIONS = {"codec_whitelist": ",".join(_CODECS), "max_pixels": str(MAX_SOURCE_PIXELS)}
_OPTIONS = {
    "format_whitelist": _FORMATS,  # without playlists and scripts, which open other files
    "protocol_whitelist": "none",
    "max_streams": str(MAX_STREAMS + 1),  # one more shows that there are more
    **CODEC_OPTIONS,
}
# Tags in another encoding than UTF-8. PyAV 19 always keeps their bytes and has no such option.
_METADATA: Any = {"metadata_errors": "replace"} if av.__version__.startswith("18.") else {}
_STILLS = Disposition.attached_pic | Disposition.timed_thumbnails  # cover art, not video
_WEBP = re.compile(rb"RIFF....WEBPVP8X....(.)", re.DOTALL)
_WEBP_ANIMATION = 0x02  # a flag of WebP's extended header


class Sample(NamedTuple):
    """A packet on the clock of the whole video: `pts` and `duration` are in nanoseconds.

    The times of `packet` itself are moved to the same clock. `is_shown` is False for frames that an
    edited file hides.
    """

    packet: "av.Packet[VideoStream]"
    stream: VideoStream
    pts: int | None
    dts: int | None
    duration: int
    is_shown: bool
    role: Role


class Playback:
    """The samples of the best video stream of an open file, part after part.

    `container` and `stream` are those of the first part. `may_have_fields` is True if one of the
    samples so far may hold every second line of a frame only.
    """

    def __init__(self, parts: list[Part], container: InputContainer) -> None:
        self.container, self.stream = container, video_stream(container, parts[0])
        self.may_have_fields = False
        self._later_parts = parts[1:]
        self._later_containers: list[InputContainer] = []

    def __iter__(self) -> Iterator[Sample]:
        """Yield the samples up to the end or the first damage.

        A part stays open until the second sample of a later part is requested. By then, its decoder
        has given its last frames.
        """
        clock = Clock()
        yield from self._samples_of(self.container, self.stream, clock)
        for part in self._later_parts:
            try:
                container = _demuxer(part)
                self._later_containers.append(container)
                for sample in self._samples_of(container, video_stream(container, part), clock):
                    yield sample
                    self._close(self._later_containers[:-1])
            except (av.FFmpegError, ClipError):
                return

    def close(self) -> None:
        """Close the later parts."""
        self._close(self._later_containers)

    def _close(self, containers: list[InputContainer]) -> None:
        for container in list(containers):
            container.close()
            self._later_containers.remove(container)

    def _samples_of(
        self, container: InputContainer, stream: VideoStream, clock: Clock
    ) -> Iterator[Sample]:
        context = stream.codec_context
        sets = ParameterSets(context.name, context.extradata)
        unit = stream.time_base or Fraction(1, 1000)
        clock.begin(unit, container.format.name)
        for packet in _packets(container, stream):
            if packet.has_sidedata("encryption_info"):
                raise ClipError("clip.encrypted")
            if packet.has_sidedata("new_extradata"):
                sets.replace_header(bytes(packet.get_sidedata("new_extradata")))
            role = sets.read(bytes(packet), is_key=packet.is_keyframe)
            self.may_have_fields |= sets.may_have_fields
            clock.move(packet)
            pts, dts = (t if t is None else nanoseconds(t, unit) for t in (packet.pts, packet.dts))
            yield Sample(
                packet=packet,
                stream=stream,
                pts=pts,
                dts=dts,
                duration=nanoseconds(packet.duration or 0, unit),
                is_shown=not packet.is_discard,
                role=role,
            )


@contextmanager
def open_video(video: VideoFile) -> Iterator[Playback]:
    """Open a video; raise ClipError for every error of FFmpeg while the video is open.

    Raises ClipError if the file is missing, empty, cut off, encrypted, no video, or only sound.
    Raises ValueError for other objects than paths and open files.
    """
    try:
        with open_bytes(video, is_named=True) as file:
            parts = parts_of(file)
            with _demuxer(parts[0]) as container, closing(Playback(parts, container)) as playback:
                yield playback
    except MemoryError:  # FFmpeg's MemoryError is also an FFmpegError
        raise
    except OSError:
        raise ClipError("clip.cannot_open") from None
    except av.FFmpegError:
        raise ClipError("clip.read_interrupted") from None


def _demuxer(part: Part) -> InputContainer:
    if not part.size:
        raise ClipError("clip.empty")
    try:
        return av.open(part, "r", options=_OPTIONS, **_METADATA)
    except av.FFmpegError:
        raise ClipError(f"clip.{_reason(part)}") from None


def _reason(part: Part) -> str:
    """Return the key of the reason why FFmpeg finds no streams."""
    head = part.peek(64)
    if head.startswith(EBML):
        return "damaged"
    if head.startswith(LFS_POINTER):
        return "lfs_pointer"
    if webp := _WEBP.match(head):
        return "animated_picture" if webp[1][0] & _WEBP_ANIMATION else "not_a_video"
    if head[4:8] not in MP4_BOXES:
        return "not_a_video"
    boxes = list(outer_boxes(part))
    kinds = {box.kind for box in boxes if box.position + box.size <= part.size}
    if num_encrypted_tracks(part):
        return "encrypted"
    if b"moov" in kinds or boxes[-1].size < 8:
        return "damaged"
    return "segment" if b"moof" in kinds else "truncated"


def video_stream(container: InputContainer, part: Part) -> VideoStream:
    """Return the best video stream of a part; raise ClipError if none can be decoded."""
    streams = [s for s in container.streams.video if not s.disposition & _STILLS]
    if not streams:
        raise ClipError("clip.no_pictures" if container.streams else f"clip.{_reason(part)}")
    films = [s for s in streams if s.frames != 1] or streams  # one frame is a picture
    best = container.streams.best("video")
    stream = next((s for s in films if s == best), films[0])
    if len(films) > 1 and not stream.frames:
        index = _moving(part, films, stream.index)
        stream = next(film for film in films if film.index == index)
    if is_encrypted(part, container, stream):
        raise ClipError("clip.encrypted")
    context = stream.codec_context
    if context is None or context.name not in _CODECS:
        raise ClipError("clip.no_decoder")
    return stream


def _moving(part: Part, films: list[VideoStream], best: int) -> int:
    """Return `best`, or else the first index of another stream of more than one packet."""
    counts = dict.fromkeys([best, *(film.index for film in films)], 0)
    with suppress(av.FFmpegError), _demuxer(part.copy()) as container:
        for packet in container.demux([container.streams[index] for index in counts]):
            counts[packet.stream.index] += packet.size > 0
            if counts[best] > 1 or sum(counts.values()) > MAX_FRAMES:
                break
    return next((index for index, count in counts.items() if count > 1), best)


def _packets(container: InputContainer, stream: VideoStream) -> Iterator["av.Packet[VideoStream]"]:
    """Yield the stream's packets in file order, up to the end or the first damage."""
    try:
        # An empty packet would end the decoder's stream.
        yield from (packet for packet in container.demux(stream) if packet.size)
    except av.FFmpegError:
        return
