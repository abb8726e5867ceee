"""Bit streams: what the headers of compressed pictures say, without decoding.

Units are those of ITU-T H.264 (7.3) and H.265 (7.3). For MPEG-1 and MPEG-2 they are those of H.262
(6.2), for MPEG-4 those of ISO/IEC 14496-2 (6.2).
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

# Units of parameters, and of pictures at which decoding can begin, by type.
_H264_SETS, _H264_PICTURES, _H264_ENTRIES = frozenset({7, 8, 13}), frozenset(range(1, 6)), {5}
_HEVC_SETS, _HEVC_PICTURES, _HEVC_ENTRIES = frozenset({32, 33, 34}), range(32), range(16, 22)
_H264_SPS, _H264_PPS, _HEVC_SPS = 7, 8, 33
_H264_SLICE_PARTS = (3, 4)  # without a header of their own
_MAX_SLICE_HEADER = 32  # bytes up to field_pic_flag
_GROUP_START = b"\0\0\1\xb8"  # of H.262
_HIGH_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
# Start codes at which the parameters begin, and those at which a picture begins.
_START_CODES = {
    "mpeg1video": (range(0xB3, 0xB4), frozenset({0x00, 0xB8})),
    "mpeg2video": (range(0xB3, 0xB4), frozenset({0x00, 0xB8})),
    "mpeg4": (range(0x20, 0x30), frozenset({0xB3, 0xB6})),
}


class Role(NamedTuple):
    """The role of a packet in its stream.

    `is_entry` is True if a decoder that skipped to the packet shows the same pictures. `restarts`
    is True if later packets refer to no earlier ones, so frame size or pixel aspect may change.
    """

    is_entry: bool
    restarts: bool


class ParameterSets:
    """The parameters that the packets of a stream have given to a decoder so far.

    `codec` is FFmpeg's name. `extradata` is the header that the decoder has from the beginning.
    """

    def __init__(self, codec: str, extradata: bytes | None) -> None:
        self._codec, self._extradata = codec, extradata or b""
        self._length_size = _length_size(codec, self._extradata)
        self._initial: set[bytes] | None = None
        self._later: set[bytes] = set()
        self._shape: set[bytes] = set()
        self._restarts = False
        self._sequences: dict[int, _Sequence] = {}  # of H.264, by number
        self._sequence_numbers: dict[int, int] = {}  # by those of picture parameters
        self.may_have_fields = False  # a picture in two packets, one for every second line
        self._note(_units_of_header(codec, self._extradata))

    def replace_header(self, extradata: bytes) -> None:
        """Note a header in the middle of the stream, which packets do not repeat."""
        if extradata != self._extradata:
            self._later.add(b"")  # no packet carries it, so decoding cannot begin behind it
            self._length_size = _length_size(self._codec, extradata)
            self._note(_units_of_header(self._codec, extradata))

    def read(self, data: bytes, *, is_key: bool) -> Role:
        """Read a packet and return its role; `is_key` is the container's word.

        A decoder that skips to a packet has the stream's header and nothing else.
        """
        if self._codec not in ("h264", "hevc", *_START_CODES):
            return Role(is_key and not self._later, restarts=False)
        sets, is_closed = self._read(data)
        if self._initial is None:
            self._initial = sets | set(_units_of_header(self._codec, self._extradata))
        self._later |= sets - self._initial
        restarts, self._restarts = self._restarts and is_closed, False
        is_entry = is_closed or self._codec in _START_CODES
        return Role(is_key and is_entry and self._replaces_later(sets), restarts)

    def _replaces_later(self, sets: set[bytes]) -> bool:
        """Return True if the sets of a packet replace all that came after the initial ones."""
        if self._codec != "h264":
            return self._later <= sets
        return set(map(_name, self._later)) <= set(map(_name, sets))

    def _read(self, data: bytes) -> tuple[set[bytes], bool]:
        """Return the parameters in a packet, and True if no later packet refers to earlier ones."""
        if self._codec in _START_CODES:
            sets = _coded_headers(self._codec, data)
            self._note(sets)
            group = data.find(_GROUP_START)
            return sets, 0 <= group < len(data) - 7 and bool(data[group + 7] & 0x40)
        kinds = _HEVC_SETS if self._codec == "hevc" else _H264_SETS
        pictures = _HEVC_PICTURES if self._codec == "hevc" else _H264_PICTURES
        entries = _HEVC_ENTRIES if self._codec == "hevc" else _H264_ENTRIES
        sets = set()
        for unit in _units(data, self._length_size):
            kind = _kind(self._codec, unit)
            if kind in kinds:
                sets.add(unit)
            elif kind in pictures:
                self._note(sets)
                if self._codec == "h264":
                    self.may_have_fields |= self._is_field(unit)
                return sets, kind in entries
        self._note(sets)
        return sets, False

    def _note(self, units: Iterable[bytes]) -> None:
        """Note what parameters say about fields and about the shape of frames."""
        if self._codec in _START_CODES:
            shape = {unit[4:8] for unit in units}  # size, aspect and rate
        else:
            sps = _HEVC_SPS if self._codec == "hevc" else _H264_SPS
            units = set(units)
            shape = {unit for unit in units if _kind(self._codec, unit) == sps}
            if self._codec == "h264":
                self._note_numbers(units)
        if not shape or shape == self._shape:
            return
        self._restarts |= bool(self._shape)
        self._shape = shape

    def _note_numbers(self, units: Iterable[bytes]) -> None:
        """Note what parameters of H.264 say about the headers of slices."""
        for unit in units:
            kind = _kind(self._codec, unit)
            if kind == _H264_SPS:
                sequence = _sequence_of(unit)
                self._sequences[sequence.number] = sequence
            elif kind == _H264_PPS:
                bits = _Bits.of(unit)
                number = bits.golomb()
                self._sequence_numbers[number] = bits.golomb()

    def _is_field(self, unit: bytes) -> bool:
        """Return True if a slice of H.264 is of a field, or if its parameters are unknown."""
        bits = _Bits.of(unit[:_MAX_SLICE_HEADER])
        bits.golomb()
        bits.golomb()  # first macroblock and type of the slice
        sequence = self._sequences.get(self._sequence_numbers.get(bits.golomb(), -1))
        if sequence is None or _kind(self._codec, unit) in _H264_SLICE_PARTS:
            return any(sequence.has_fields for sequence in self._sequences.values())
        if not sequence.has_fields:
            return False
        bits.read(2 * sequence.has_planes + sequence.frame_bits)
        return bool(bits.read(1))  # field_pic_flag


def _name(unit: bytes) -> tuple[int, int]:
    """Return the kind and the number of parameters of H.264; later ones replace the same."""
    kind, bits = _kind("h264", unit), _Bits.of(unit)
    if kind == _H264_SPS:
        bits.read(24)  # profile, constraints and level
    return kind, bits.golomb()


class _Sequence(NamedTuple):
    """The part of an H.264 sequence parameter set on which the headers of slices depend.

    frame_bits: of the frame number. has_planes: colours are coded apart. has_fields: a frame may be
    coded as two fields.
    """

    number: int
    frame_bits: int
    has_planes: bool
    has_fields: bool


def _sequence_of(unit: bytes) -> _Sequence:
    bits = _Bits.of(unit)
    profile = bits.read(8)
    bits.read(16)  # constraints and level
    number = bits.golomb()
    has_planes = False
    if profile in _HIGH_PROFILES:
        if bits.golomb() == 3:  # chroma format
            has_planes = bool(bits.read(1))
        bits.golomb()
        bits.golomb()  # bit depths
        bits.read(1)
        if bits.read(1):
            bits.skip_scaling_lists(8)
    frame_bits = min(bits.golomb() + 4, 16)
    order = bits.golomb()
    if order == 0:
        bits.golomb()
    elif order == 1:
        bits.read(1)
        bits.golomb()
        bits.golomb()
        for _ in range(min(bits.golomb(), 255)):
            bits.golomb()
    bits.golomb()  # reference frames
    bits.read(1)
    bits.golomb()
    bits.golomb()  # width and height
    return _Sequence(number, frame_bits, has_planes, not bits.read(1))  # frame_mbs_only_flag


class _Bits:
    """Numbers in a sequence of bits; bits beyond the end are 0."""

    def __init__(self, data: bytes) -> None:
        self._value, self._left = int.from_bytes(data, "big"), 8 * len(data)

    @classmethod
    def of(cls, unit: bytes) -> Self:
        """Return the bits of a unit of H.264 behind its first byte."""
        return cls(unit[1:].replace(b"\0\0\3", b"\0\0"))

    def read(self, count: int) -> int:
        self._left -= count
        shifted = self._value >> self._left if self._left >= 0 else self._value << -self._left
        return shifted & ((1 << count) - 1)

    def golomb(self) -> int:
        """Return an Exp-Golomb number; a signed one has the same length."""
        zeros = 0
        while not self.read(1) and self._left > 0 and zeros < 32:
            zeros += 1
        return (1 << zeros) - 1 + self.read(zeros)

    def signed_golomb(self) -> int:
        number = self.golomb()
        return (number + 1) // 2 if number % 2 else -(number // 2)

    def skip_scaling_lists(self, count: int) -> None:
        for index in range(count):
            if not self.read(1):
                continue
            last = following = 8
            for _ in range(16 if index < 6 else 64):
                if following:
                    following = (last + self.signed_golomb()) % 256
                last = following or last


def _kind(codec: str, unit: bytes) -> int:
    if not unit:
        return -1
    return unit[0] >> 1 & 63 if codec == "hevc" else unit[0] & 31


def _length_size(codec: str, extradata: bytes) -> int:
    """Return the bytes of the length before each unit of H.264 or H.265; 0 for start codes."""
    if codec == "h264" and len(extradata) > 6 and extradata[0] == 1:
        return (extradata[4] & 3) + 1
    if codec == "hevc" and len(extradata) > 22 and extradata[0] == 1:
        return (extradata[21] & 3) + 1
    return 0


def _units(data: bytes, length_size: int) -> Iterator[bytes]:
    """Yield the units of a packet of H.264 or H.265 in order."""
    if not length_size:
        yield from _between_start_codes(data)
        return
    position = 0
    while position + length_size < len(data):
        size = int.from_bytes(data[position : position + length_size], "big")
        position += length_size
        yield data[position : position + size]
        position += size


def _between_start_codes(data: bytes) -> Iterator[bytes]:
    start = data.find(b"\0\0\1")
    while start >= 0:
        end = data.find(b"\0\0\1", start + 3)
        yield data[start + 3 : end if end >= 0 else len(data)].rstrip(b"\0")
        start = end


def _units_of_header(codec: str, extradata: bytes) -> list[bytes]:
    """Return the parameters in a stream's header."""
    if codec in _START_CODES:
        return list(_coded_headers(codec, extradata))
    if codec not in ("h264", "hevc") or not _length_size(codec, extradata):
        return list(_between_start_codes(extradata))
    units: list[bytes] = []
    position = 22 if codec == "hevc" else 5
    arrays = extradata[position] if codec == "hevc" else 2
    position += codec == "hevc"
    for _ in range(arrays):
        if codec == "hevc":
            count = int.from_bytes(extradata[position + 1 : position + 3], "big")
            position += 3
        else:
            count = extradata[position] & 31 if position < len(extradata) else 0
            position += 1
        for _ in range(count):
            size = int.from_bytes(extradata[position : position + 2], "big")
            if not size:
                return units
            units.append(extradata[position + 2 : position + 2 + size])
            position += 2 + size
    return units


def _coded_headers(codec: str, data: bytes) -> set[bytes]:
    """Return the parameters before the first picture of a packet of MPEG-1, 2 or 4."""
    begins, pictures = _START_CODES[codec]
    start = -1
    position = data.find(b"\0\0\1")
    while 0 <= position < len(data) - 3:
        code = data[position + 3]
        if code in pictures:
            break
        if code in begins and start < 0:
            start = position
        position = data.find(b"\0\0\1", position + 3)
    else:
        position = len(data)
    return {data[start:position].rstrip(b"\0")} if start >= 0 else set()
