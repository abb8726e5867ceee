"""H.264 whose frames are coded as two fields (PAFF), as camcorders write it.

The bit stream follows ITU-T H.264 (7.3). Each macroblock is I_PCM: its pixels, uncompressed.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from video_files import numbered

WIDTH, HEIGHT = 64, 48
CODED_HEIGHT = 64  # fields have whole macroblocks, so frames have a multiple of 32 lines
KEY_INTERVAL = 6  # frames
DELIMITER = b"\0\0\0\1\x09\x10"


class Picture(NamedTuple):
    """The units of a frame or of a field."""

    data: bytes
    is_key: bool


class _Writer:
    """A writer of bits."""

    def __init__(self) -> None:
        self._bits: list[int] = []

    def u(self, count: int, *values: int) -> "_Writer":
        for value in values:
            self._bits += [value >> i & 1 for i in reversed(range(count))]
        return self

    def ue(self, *values: int) -> "_Writer":
        """Write Exp-Golomb numbers."""
        for value in values:
            length = (value + 1).bit_length()
            self.u(2 * length - 1, value + 1)
        return self

    def align(self) -> "_Writer":
        return self.u(1, *[0] * (-len(self._bits) % 8))

    def pixels(self, pixels: np.ndarray) -> "_Writer":
        self._bits += np.unpackbits(pixels).tolist()
        return self

    def unit(self, kind: int) -> bytes:
        """Return the bits as a unit, with its start code and emulation prevention."""
        payload = np.packbits(self.u(1, 1).align()._bits).tobytes()
        written, zeros = bytearray(), 0
        for byte in payload:
            if zeros == 2 and byte <= 3:
                written.append(3)
                zeros = 0
            written.append(byte)
            zeros = zeros + 1 if byte == 0 else 0
        return b"\0\0\0\1" + bytes([3 << 5 | kind]) + bytes(written)


def _parameters(*, fields: bool) -> bytes:
    """Return a sequence and a picture parameter set."""
    sequence = _Writer().u(8, 77, 0, 30).ue(0, 0, 0, 2, 1).u(1, 0)  # 6 bits of picture order
    sequence.ue(WIDTH // 16 - 1, CODED_HEIGHT // (32 if fields else 16) - 1)
    sequence.u(1, not fields)
    if fields:
        sequence.u(1, 0)
    cropped = (CODED_HEIGHT - HEIGHT) // (4 if fields else 2)
    sequence.u(1, 1, 1).ue(0, 0, 0, cropped)
    sequence.u(1, 1, 0, 0, 0, 0, 1).u(32, 1, 50).u(1, 1, 0, 0, 1, 0)  # 50 fields a second
    picture = _Writer().ue(0, 0).u(1, 0, 0).ue(0, 0, 0).u(1, 0, 0, 0).ue(0, 0, 0).u(1, 1, 0, 0)
    return sequence.unit(7) + picture.unit(8)


def _coded(number: int, luma: np.ndarray, *, field: int | None, may_have_fields: bool) -> bytes:
    """Return a picture of `luma`: a frame, or its field 0 (top) or 1."""
    in_group = number % KEY_INTERVAL
    is_idr = in_group == 0 and field != 1
    slice_ = _Writer().ue(0, 7, 0).u(4, in_group)
    if may_have_fields:
        slice_.u(1, field is not None)
        if field is not None:
            slice_.u(1, field)
    if is_idr:
        slice_.ue(number // KEY_INTERVAL % 2)
    slice_.u(6, 2 * in_group + (field or 0)).u(1, *[0] * (2 if is_idr else 1)).ue(0, 1)
    for y in range(0, len(luma), 16):
        for x in range(0, WIDTH, 16):
            slice_.ue(25).align().pixels(luma[y : y + 16, x : x + 16])
            slice_.pixels(np.full(128, 128, np.uint8))  # chroma
    return slice_.unit(5 if is_idr else 1)


def pictures(count: int, *, progressive: int = 0) -> Iterator[list[Picture]]:
    """Yield numbered frames, each as its two fields; the first `progressive` are whole.

    A stream that begins with whole frames has new parameters where the fields begin.
    """
    assert progressive % KEY_INTERVAL == 0, "parameters change at a key frame"
    for number in range(count):
        luma = np.full((CODED_HEIGHT, WIDTH), 16, np.uint8)
        luma[:HEIGHT] = numbered(number)[..., 0].clip(16, 235)
        has_fields = number >= progressive
        is_key = number % KEY_INTERVAL == 0
        head = DELIMITER + (_parameters(fields=has_fields) if is_key else b"")
        if not has_fields:
            coded = _coded(number, luma, field=None, may_have_fields=False)
            yield [Picture(head + coded, is_key)]
            continue
        fields = (
            _coded(number, luma[field::2], field=field, may_have_fields=True) for field in (0, 1)
        )
        top, bottom = fields
        yield [Picture(head + top, is_key), Picture(DELIMITER + bottom, False)]
