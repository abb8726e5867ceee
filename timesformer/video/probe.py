"""Probing: the times of a video's frames.

They come from the packets, which are counted without decoding. Where a packet may hold half a
frame, the frames themselves are counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Self

import av
import numpy as np
from av.container import InputContainer
from av.video.reformatter import ColorTrc
from av.video.stream import VideoStream

from ..errors import ClipError
from .clock import NANOSECONDS
from .demux import Playback, open_video
from .files import VideoFile
from .limits import MAX_FRAMES, MAX_STREAMS, MAX_THREADS
from .player import Player

_HDR_TRANSFERS = (ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67)  # also called PQ and HLG


@dataclass(frozen=True, eq=False)
class Timeline:
    """The times of the F frames of a video.

    `times` (F,) float64 are seconds since the first frame, sorted. `duration` is the last time plus
    one frame. `declared_duration` is the duration in the file's header, 0 if it has none.
    `is_complete` is False if the video has more than MAX_FRAMES frames. `has_more_streams` is True
    if the file has more than MAX_STREAMS streams.

    `ticks` (F,) int64 identify the frames for `decode`: nanoseconds, or the numbers of the frames
    if `is_counted`. `entries` (K, 2) int64 are the number of the packet, and the tick, of each
    frame at which decoding can begin.
    """

    times: np.ndarray
    duration: float
    declared_duration: float
    is_complete: bool
    has_more_streams: bool
    is_hdr: bool
    ticks: np.ndarray
    is_counted: bool
    entries: np.ndarray

    def entry_before(self, tick: int) -> int:
        """Return the packet of the last entry not after `tick`."""
        packets = self.entries[self.entries[:, 1] <= tick, 0]
        return int(packets[-1]) if len(packets) else 0


class _Stamp(NamedTuple):
    """The times of a packet or of a frame, in nanoseconds."""

    pts: int | None
    dts: int | None = None
    duration: int = 0
    is_shown: bool = True
    is_key: bool = False
    is_entry: bool = False


def scan(video: VideoFile, *, threads: int = MAX_THREADS) -> Timeline:
    """Return the timeline of the best video stream; `threads` decode if packets do not suffice.

    Raises ClipError if the file is missing, empty, cut off, encrypted, no video, or only sound.
    """
    with open_video(video) as playback:
        stamps = [
            _Stamp(s.pts, s.dts, s.duration, s.is_shown, s.packet.is_keyframe, s.role.is_entry)
            for s in islice(playback, MAX_FRAMES + 1)
        ]
        may_have_fields = playback.may_have_fields
        facts = _Facts.of(playback)
    if may_have_fields:
        stamps = _decoded_stamps(video, threads)
    is_complete = len(stamps) <= MAX_FRAMES
    del stamps[MAX_FRAMES:]
    entries = {i: s.pts for i, s in enumerate(stamps) if s.is_entry and s.pts is not None}
    if not may_have_fields and _begins_in_the_middle(stamps):
        stamps = _without_undecodable(stamps, video, threads)
    shown = [stamp for stamp in stamps if stamp.is_shown]
    return _timeline(shown, entries, facts, is_complete=is_complete)


def _begins_in_the_middle(stamps: list[_Stamp]) -> bool:
    """Return True if the first frames may refer to frames before the first packet."""
    if not stamps or stamps[0].pts is None:
        return False
    begin = stamps[0].pts
    return not stamps[0].is_entry or any(s.pts is not None and s.pts < begin for s in stamps)


def _without_undecodable(stamps: list[_Stamp], video: VideoFile, threads: int) -> list[_Stamp]:
    """Return the stamps without the first packets that no decoder can show.

    Behind the first key packet, only frames shown before it can be missing. So all is decoded up to
    the third, and later packets count as frames.
    """
    keys = [s.pts for s in stamps if s.is_key and s.pts is not None]
    end = keys[2] if len(keys) > 2 else None
    decoded = {stamp.pts for stamp in _decoded_stamps(video, threads, end=end)}
    if not decoded:
        return stamps  # damaged: decoding says so
    is_late = [end is not None and s.pts is not None and s.pts >= end for s in stamps]
    return [
        stamp
        for stamp, late in zip(stamps, is_late, strict=True)
        if late or stamp.pts is None or stamp.pts in decoded
    ]


class _Facts(NamedTuple):
    """The facts of a file that its packets do not show."""

    declared_duration: float
    has_more_streams: bool
    is_hdr: bool
    has_pts: bool  # AVI has no presentation times, but FFmpeg makes some up
    frame_length: int  # nanoseconds, by the header

    @classmethod
    def of(cls, playback: Playback) -> Self:
        container, stream = playback.container, playback.stream
        return cls(
            declared_duration=_declared_duration(container, stream),
            has_more_streams=len(container.streams) > MAX_STREAMS,
            is_hdr=stream.codec_context.color_trc in _HDR_TRANSFERS,
            has_pts=container.format.name != "avi",
            frame_length=round(NANOSECONDS / float(stream.guessed_rate or 30)),
        )


def _decoded_stamps(video: VideoFile, threads: int, *, end: int | None = None) -> list[_Stamp]:
    """Return the stamps of the frames themselves, in the order in which they are shown.

    Decoding stops at the time `end`.
    """
    stamps: list[_Stamp] = []
    with open_video(video) as playback:
        player = Player(playback, is_counted=True, threads=threads)
        while len(stamps) <= MAX_FRAMES and (shown := player.next_frame()):
            if end is not None and shown.time is not None and shown.time >= end:
                break
            stamps.append(_Stamp(shown.time))
    return stamps


def _timeline(
    shown: list[_Stamp], entries: dict[int, int], facts: _Facts, *, is_complete: bool
) -> Timeline:
    if not shown:
        raise ClipError("clip.no_frames")
    distinct = {stamp.pts for stamp in shown}
    # Times are absent, or one is repeated again and again.
    repeated = len(shown) > 1 and 2 * len(distinct) <= len(shown)
    is_counted = not facts.has_pts or None in distinct or repeated
    frame_length = facts.frame_length
    if is_counted:
        entries = {}
        ticks = np.arange(len(shown))
        times = _counted_times(shown, frame_length)
    else:
        shown.sort(key=lambda stamp: stamp.pts or 0)
        ticks = np.array([stamp.pts for stamp in shown])
        times = ticks - ticks[0]
    if shown[-1].duration:
        frame_length = shown[-1].duration
    elif times[-1] > 0:
        frame_length = int(np.median(np.diff(times)))
    return Timeline(
        times=times / NANOSECONDS,
        duration=float(times[-1] + frame_length) / NANOSECONDS,
        declared_duration=facts.declared_duration,
        is_complete=is_complete,
        has_more_streams=facts.has_more_streams,
        is_hdr=facts.is_hdr,
        ticks=ticks,
        is_counted=is_counted,
        entries=np.array(list(entries.items()), np.int64).reshape(-1, 2),
    )


def _declared_duration(container: InputContainer, stream: VideoStream) -> float:
    """Return the seconds in the file's header, less the time before the first frame."""
    if container.duration is None:
        return 0.0
    start = (container.start_time or 0) / av.time_base
    if stream.start_time is not None and stream.time_base is not None:
        start = max(start, float(stream.start_time * stream.time_base))
    return max(0.0, container.duration / av.time_base - max(0.0, start))


def _counted_times(shown: Sequence[_Stamp], frame_length: int) -> np.ndarray:
    """Return nanoseconds (F,) of frames without presentation times.

    Decoding times count, then the known presentation times, then the rate in the header.
    """
    decoding = [stamp.dts for stamp in shown if stamp.dts is not None]
    if len(decoding) == len(shown) and all(np.diff(decoding) > 0):
        return np.array(decoding) - decoding[0]
    known = [(i, stamp.pts) for i, stamp in enumerate(shown) if stamp.pts is not None]
    if len(known) > 1 and known[-1][1] > known[0][1]:
        (first, begin), (last, end) = known[0], known[-1]
        frame_length = (end - begin) // (last - first)
    return np.arange(len(shown)) * frame_length
