"""The clock of a video, in nanoseconds. Clocks of files start over where recordings were joined."""

from fractions import Fraction

import av
from av.video.stream import VideoStream

NANOSECONDS = 10**9
MAX_TIME = 1 << 62  # of a frame, 146 years; with more, differences overflow
MAX_GAP = NANOSECONDS  # in a clock that goes on, of MPEG-TS or between parts
MAX_GAP_FRAMES = 10  # the same, in frames of a video with few of them


def nanoseconds(time: int, unit: Fraction) -> int:
    """Return a time in units of a stream as nanoseconds, rounded down."""
    return time * NANOSECONDS * unit.numerator // unit.denominator


class Clock:
    """One rising clock, from about 0, for packets whose own clock jumps or starts over."""

    def __init__(self) -> None:
        self._unit = Fraction(1, 1000)
        self._may_hold = True
        self._origin: int | None = None  # the time of the first packet, in nanoseconds
        self._offset = 0  # in units of the stream
        self._last_dts: int | None = None  # of the last packet, in nanoseconds
        self._last_pts: int | None = None  # the latest of all packets
        self._step = 0  # between the last two packets, in nanoseconds
        self._is_new_part = False

    def begin(self, unit: Fraction, format_name: str) -> None:
        """Begin a part. Its container may hold a frame for long, if it is not MPEG-TS."""
        self._is_new_part = self._last_dts is not None or self._last_pts is not None
        self._unit, self._may_hold = unit, format_name != "mpegts"
        self._offset = -self._units(self._origin or 0)

    def move(self, packet: "av.Packet[VideoStream]") -> None:
        """Move the times of a packet to this clock."""
        first = packet.dts if packet.dts is not None else packet.pts
        if self._origin is None and first is not None:
            self._origin, self._offset = nanoseconds(first, self._unit), -first
        if self._jumps(packet):
            self._offset = self._continued(packet)
        packet.dts, dts = self._moved(packet.dts)
        packet.pts, pts = self._moved(packet.pts)
        if dts is not None:
            if self._last_dts is not None and dts > self._last_dts:
                self._step = dts - self._last_dts
            self._last_dts = dts
        if pts is not None:
            self._last_pts = pts if self._last_pts is None else max(pts, self._last_pts)
        self._is_new_part = False

    def _jumps(self, packet: "av.Packet[VideoStream]") -> bool:
        """Return True if the time of a packet does not go on from that of the packet before."""
        ahead = self._ahead(packet.dts, self._last_dts)
        shown_ahead = self._ahead(packet.pts, self._last_pts)
        known = [time for time in (ahead, shown_ahead) if time is not None]
        if not known:
            return False
        is_far = known[0] > max(MAX_GAP, MAX_GAP_FRAMES * self._step)
        if self._is_new_part:
            return is_far or min(known) <= 0
        is_back = ahead < 0 if ahead is not None else known[0] < -MAX_GAP  # frames are reordered
        return is_back or (is_far and self._step > 0 and not self._may_hold)

    def _moved(self, time: int | None) -> tuple[int | None, int | None]:
        """Return a time on this clock, in units and in nanoseconds, unless it is absurd."""
        if time is None:
            return None, None
        moved = nanoseconds(time + self._offset, self._unit)
        return (time + self._offset, moved) if abs(moved) < MAX_TIME else (None, None)

    def _units(self, time: int) -> int:
        """Return nanoseconds in units of the stream, rounded down."""
        return time * self._unit.denominator // (NANOSECONDS * self._unit.numerator)

    def _ahead(self, time: int | None, last: int | None) -> int | None:
        """Return the nanoseconds from `last` to a time in units of the stream."""
        if time is None or last is None:
            return None
        return nanoseconds(time + self._offset, self._unit) - last

    def _continued(self, packet: "av.Packet[VideoStream]") -> int:
        """Return the offset, in units, with which a packet follows the one before."""
        step = self._step or NANOSECONDS // 30
        offsets = [
            self._units(last + step) - time
            for last, time in ((self._last_dts, packet.dts), (self._last_pts, packet.pts))
            if last is not None and time is not None
        ]
        return max(offsets)
