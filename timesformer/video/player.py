"""Playing: the frames of a video forward, past damaged packets and into later parts."""

import os
from collections import deque
from itertools import islice
from typing import NamedTuple

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from .clock import nanoseconds
from .demux import CODEC_OPTIONS, Playback

MIN_SKIPPED_PACKETS = 16  # to refill the decoder's pipeline costs about as many


class Shown(NamedTuple):
    """A decoded frame, with its time in nanoseconds if it has one.

    `tick` is the time, or in a counted video the number of the frame. `aspect` is the width of a
    pixel over its height.
    """

    tick: int
    time: int | None
    frame: VideoFrame
    aspect: float


class Player:
    """A video that is decoded forward, frame by frame.

    `errors` is the number of packets that could not be decoded. In a counted video, ticks are the
    numbers of frames.
    """

    def __init__(self, playback: Playback, *, is_counted: bool, threads: int) -> None:
        self.errors = 0
        self._threads = min(threads, os.cpu_count() or 1)
        self._is_counted = is_counted
        self._samples = iter(playback)
        self._position = 0  # samples read
        self._num_frames = 0  # decoded
        self._pending: deque[Shown] = deque()
        self._shown: Shown | None = None
        self._ended = False
        self._use(playback.stream)

    def skip_to(self, position: int) -> bool:
        """Continue at the sample `position`, an entry; return False if that saves nothing."""
        if position < self._position + MIN_SKIPPED_PACKETS:
            return False
        for _ in islice(self._samples, position - self._position):
            self._position += 1
        self._stream.codec_context.flush_buffers()
        self._pending.clear()
        return True

    def frame_at(self, tick: int) -> Shown | None:
        """Return the last frame at or before `tick`, else the first frame."""
        while self._shown is None or self._shown.tick < tick:
            following = self._following()
            if following is None or (self._shown and following.tick > tick):
                break
            self._shown = self._pending.popleft()
        return self._shown

    def next_frame(self) -> Shown | None:
        """Return the next frame, None at the end."""
        return self._pending.popleft() if self._following() else None

    def _following(self) -> Shown | None:
        """Decode until a frame is pending, and return it; None at the end."""
        while not self._pending and not self._ended:
            sample = next(self._samples, None)
            self._position += 1
            is_new = sample is None or sample.stream is not self._stream
            if sample is None or is_new or sample.role.restarts:
                self._decode(None)  # the frames that the decoder still has
            if sample is None:
                self._ended = True
                break
            if is_new:
                self._use(sample.stream)
            elif sample.role.restarts:
                self._stream.codec_context.flush_buffers()
            self._decode(sample.packet)
        return self._pending[0] if self._pending else None

    def _use(self, stream: VideoStream) -> None:
        self._stream = stream
        self._first_aspect: float | None = None
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = self._threads
        stream.codec_context.options = CODEC_OPTIONS  # those of av.open only apply to probing

    def _decode(self, packet: "av.Packet[VideoStream] | None") -> None:
        try:
            frames = self._stream.decode(packet)
        except MemoryError:  # also FFmpeg's own: the packet may be sound
            raise
        except av.FFmpegError:
            self.errors += 1
            return
        for frame in frames:
            unit = self._stream.time_base
            time = nanoseconds(frame.pts, unit) if frame.pts is not None and unit else None
            tick = self._num_frames if self._is_counted else time
            self._num_frames += 1
            if tick is not None:
                self._pending.append(Shown(tick, time, frame, self._aspect()))

    def _aspect(self) -> float:
        """Return the aspect of the container, or of the codec once the codec changes its own.

        Implausible aspects count as 1.
        """
        own = float(self._stream.codec_context.sample_aspect_ratio or 1)
        if self._first_aspect is None:
            self._first_aspect = own
        changed = own != self._first_aspect
        aspect = own if changed else float(self._stream.sample_aspect_ratio or 1)
        return aspect if 0.25 <= aspect <= 4 else 1.0
