"""Parts of a file: recordings that were joined byte by byte, to be played one after another.

WebM, fragmented MP4 and FLV files have a header with the clock and the codec's parameters. FFmpeg
would read everything after a second header by the first one. MPEG-TS needs no parts: it has no
header, and `demux` follows its clock.
"""

import io
import itertools
import re
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

EBML = b"\x1a\x45\xdf\xa3"
MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"moof", b"styp", b"sidx")
_WEBM_HEAD = re.compile(EBML + rb"[^\x1a]{1,64}?\x42\x82[\x84-\x8f](?:webm|matroska)", re.DOTALL)
_FLV_HEAD = re.compile(rb"FLV\x01[\x00\x01\x04\x05]\x00\x00\x00\x09\x00\x00\x00\x00", re.DOTALL)
_DOLBY_AV1 = re.compile(rb"stsd.{12}(dav1)", re.DOTALL)  # a sample entry unknown to FFmpeg
_MAX_HEAD_BYTES = 96  # of what the patterns match
_CHUNK_BYTES = 1 << 20


class Box(NamedTuple):
    """A box of MP4; its `size` includes its header."""

    kind: bytes
    position: int
    size: int


class Part(io.RawIOBase):
    """The bytes of a file from `start` to `end`, as a file without a name.

    FFmpeg would choose the format by the name of a file.
    """

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self._file, self._start, self.size = file, start, end - start
        self._position = 0
        self._av1_entries: list[int] = []

    def copy(self) -> "Part":
        """Return the part with a position of its own, at the beginning."""
        part = Part(self._file, self._start, self._start + self.size)
        part._av1_entries = self._av1_entries
        return part

    def call_av1(self, position: int) -> None:
        """Give a sample entry at a position the name of AV1."""
        self._av1_entries.append(position)

    def peek(self, size: int, start: int = 0) -> bytes:
        """Return `size` bytes from `start` on, and keep the position."""
        if start >= self.size:  # a forged index can name any position
            return b""
        self._file.seek(self._start + start)
        return self._file.read(max(0, min(size, self.size - start)))

    def read(self, size: int = -1) -> bytes:
        data = self.peek(self.size if size < 0 else size, self._position)
        for entry in self._av1_entries:
            if abs(entry - self._position) < len(data) + 4:
                data = _overwritten(data, entry - self._position, b"av01")
        self._position += len(data)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


def parts_of(file: BinaryIO) -> list[Part]:
    """Return the parts of a file in the order in which they play, at least one."""
    end = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(8)
    starts: list[int] = []
    if head.startswith(EBML):
        starts = list(_matches(file, _WEBM_HEAD))
    elif head.startswith(b"FLV"):
        starts = list(_matches(file, _FLV_HEAD))
    elif head[4:] in MP4_BOXES:
        starts = list(_fragmented_starts(Part(file, 0, end)))
    edges = [0, *(start for start in starts if start > 0), end]
    parts = [Part(file, start, stop) for start, stop in itertools.pairwise(edges)]
    if head[4:] in MP4_BOXES:
        for part in parts:
            _call_av1(part)
    return parts


def _matches(file: BinaryIO, pattern: re.Pattern[bytes]) -> Iterator[int]:
    """Yield the positions at which a pattern matches the bytes of a file."""
    file.seek(0)
    position, kept = 0, b""
    while chunk := file.read(_CHUNK_BYTES):
        data = kept + chunk
        first = position - len(kept)
        for match in pattern.finditer(data):
            if match.end() > len(kept):
                yield first + match.start()
        position += len(chunk)
        kept = data[-_MAX_HEAD_BYTES:]


def outer_boxes(part: Part) -> Iterator[Box]:
    """Yield the outermost boxes of an MP4, up to one of an impossible size."""
    position = 0
    while position + 8 <= part.size:
        head = part.peek(16, position)
        size, kind = struct.unpack(">I4s", head[:8])
        header = 8
        if size == 1:
            size, header = int.from_bytes(head[8:], "big"), 16
        elif size == 0:  # up to the end
            size = part.size - position
        yield Box(kind, position, size)
        if size < header:
            return
        position += size


def _fragmented_starts(part: Part) -> Iterator[int]:
    """Yield the positions of further headers behind the fragments of an MP4.

    In an MP4 without fragments, players read one header only.
    """
    has_fragments, begins = False, None
    for kind, position, _ in outer_boxes(part):
        if kind == b"ftyp" and has_fragments:
            begins = position
        elif kind == b"moov" and has_fragments:
            yield position if begins is None else begins
            has_fragments, begins = False, None
        elif kind == b"moof":
            has_fragments, begins = True, None


def mp4_index(part: Part) -> tuple[int, bytes]:
    """Return the position and the bytes of the index of an MP4, empty if it has none."""
    for kind, position, size in outer_boxes(part):
        if kind == b"moov":
            return position, part.peek(size, position)
    return 0, b""


def _call_av1(part: Part) -> None:
    """Let FFmpeg decode AV1 with Dolby Vision."""
    position, index = mp4_index(part)
    for match in _DOLBY_AV1.finditer(index):
        part.call_av1(position + match.start(1))


def _overwritten(data: bytes, at: int, new: bytes) -> bytes:
    """Return `data` with `new` at a position, which may begin or end outside."""
    changed = bytearray(data)
    for index, byte in enumerate(new, at):
        if 0 <= index < len(changed):
            changed[index] = byte
    return bytes(changed)
