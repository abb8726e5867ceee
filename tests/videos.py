"""Videos that several test files write, each with the number of each frame in its pixels."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np


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
