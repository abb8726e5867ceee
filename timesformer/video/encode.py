"""Encoding: frames to an MP4 that browsers play."""

import os
import tempfile
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc


def write_mp4(
    file: str | os.PathLike[str] | BinaryIO,
    frames: Iterable[np.ndarray],
    *,
    fps: float | Fraction,
) -> None:
    """Write `frames`, each (H, W, 3) uint8 RGB and all of one size, as an MP4 that browsers play.

    `file` is a path or a file opened for writing bytes. Each frame lasts 1 / `fps` seconds. H.264
    needs even sides: the last row or column of an odd side is doubled. Raises ValueError
    for no frames, for frames of another shape or type, and if `fps` is not above 0.
    """
    if not isinstance(file, str | os.PathLike):  # `+faststart` needs a file that can be reread
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "clip.mp4")
            write_mp4(path, frames, fps=fps)
            file.write(path.read_bytes())
        return
    rate = Fraction(fps).limit_denominator(1001)  # 1001 is in 29.97 = 30000 / 1001
    if rate <= 0:
        raise ValueError(f"fps must be above 0, not {fps}")
    with av.open(os.fspath(file), "w", format="mp4", options={"movflags": "+faststart"}) as output:
        stream = None
        for i, frame in enumerate(frames):
            picture = _with_even_sides(frame)
            if stream is None:
                height, width = picture.shape[:2]
                stream = _h264_stream(output, rate, width=width, height=height)
            output.mux(stream.encode(_yuv_frame(picture, i, rate)))
        if stream is None:
            raise ValueError("a video needs at least one frame")
        output.mux(stream.encode(None))


def _h264_stream(
    output: av.container.OutputContainer, rate: Fraction, *, width: int, height: int
) -> av.VideoStream:
    options = {
        "preset": "veryfast",
        "crf": "18",  # the edges of flat patches stay sharp
        "bf": "0",  # frames in display order, the first at time 0
        "g": "8",  # a key frame often enough to step through a clip
    }
    stream = output.add_stream("libx264", rate, options)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    context = stream.codec_context
    context.time_base = 1 / rate
    context.color_range = ColorRange.MPEG
    context.colorspace = Colorspace.ITU709
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    return stream


def _yuv_frame(picture: np.ndarray, index: int, rate: Fraction) -> VideoFrame:
    frame = VideoFrame.from_ndarray(picture, "rgb24").reformat(
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
        threads=1,
    )
    frame.pts, frame.duration, frame.time_base = index, 1, 1 / rate
    return frame


def _with_even_sides(frame: np.ndarray) -> np.ndarray:
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
        raise ValueError(f"a frame is (H, W, 3) uint8, not {frame.shape} {frame.dtype}")
    height, width = frame.shape[:2]
    return np.pad(frame, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
