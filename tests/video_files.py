"""Video files whose frames spell their own numbers, so that a test can prove which frame it got."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

BLOCK = 16  # pixels; 4 x 3 blocks, black or white, spell a number of 12 bits


def numbered(number: int) -> np.ndarray:
    """Return the picture (48, 64, 3) of a number."""
    bits = (number >> np.arange(12)).reshape(3, 4) & 1
    picture = (bits * 235).astype(np.uint8).repeat(BLOCK, 0).repeat(BLOCK, 1)
    return np.stack([picture] * 3, axis=-1)


def number_of(picture: np.ndarray) -> int:
    """Return the number that a picture spells."""
    middles = picture[BLOCK // 2 :: BLOCK, BLOCK // 2 :: BLOCK, 1] > 117
    return int((middles.ravel() << np.arange(12)).sum())


def make(
    path: Path,
    pictures: list[np.ndarray],
    *,
    rate: int = 30,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    options: dict[str, str] | None = None,
    muxer: dict[str, str] | None = None,
    pts: list[int] | None = None,
    tune: Callable[[av.VideoStream], None] = lambda stream: None,
) -> Path:
    """Write a video; `pts` are milliseconds where the frames are not evenly spaced."""
    with av.open(str(path), "w", options=muxer or {}) as output:
        stream = output.add_stream(codec, rate, options or {})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pix_fmt
        tune(stream)
        unit = Fraction(1, 1000 if pts else rate)
        stream.codec_context.time_base = unit
        for i, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = pts[i] if pts else i, unit
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path
