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
from typing import BinaryIO

EBML = b"\x1a\x45\xdf\xa3"
MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"moof", b"styp", b"sidx")
_WEBM_HEAD = re.compile(EBML + rb"[^\x1a]{1,64}?\x42\x82[\x84-\x8f](?:webm|matroska)", re.DOTALL)
_FLV_HEAD = re.compile(rb"FLV\x01[\x00\x01\x04\x05]\x00\x00\x00\x09\x00\x00\x00\x00", re.DOTALL)
_MAX_HEAD_BYTES = 96  # of what the patterns match
_CHUNK_BYTES = 1 << 20


class Part(io.RawIOBase):
    """The bytes of a file from `start` to `end`, as a file without a name.

    FFmpeg would choose the format by the name of a file.
    """

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self._file, self._start, self._size = file, start, end - start
        self._position = 0

    def read(self, size: int = -1) -> bytes:
        rest = self._size - self._position
        self._file.seek(self._start + self._position)
        data = self._file.read(max(0, rest if size < 0 else min(size, rest)))
        self._position += len(data)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
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
        starts = list(_fragmented_starts(file, end))
    edges = [0, *(start for start in starts if start > 0), end]
    return [Part(file, start, stop) for start, stop in itertools.pairwise(edges)]


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


def _fragmented_starts(file: BinaryIO, end: int) -> Iterator[int]:
    """Yield the positions of further headers behind the fragments of an MP4.

    In an MP4 without fragments, players read one header only.
    """
    position, has_fragments, begins = 0, False, None
    while position + 8 <= end:
        file.seek(position)
        size, kind = struct.unpack(">I4s", file.read(8))
        header = 8
        if size == 1:
            size, header = struct.unpack(">Q", file.read(8))[0] if position + 16 <= end else 0, 16
        if size < header:
            return
        if kind == b"ftyp" and has_fragments:
            begins = position
        elif kind == b"moov" and has_fragments:
            yield position if begins is None else begins
            has_fragments, begins = False, None
        elif kind == b"moof":
            has_fragments, begins = True, None
        position += size
