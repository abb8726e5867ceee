"""Written videos can be read back and are fit for browsers."""

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from timesformer.video.clip import read_clip
from timesformer.video.encode import write_mp4
from timesformer.video.probe import scan


def coloured(count: int, *, height: int = 96, width: int = 128) -> np.ndarray:
    rng = np.random.default_rng(3)
    patches = rng.integers(0, 256, (count, height // 16 + 1, width // 16 + 1, 3), np.uint8)
    return patches.repeat(16, 1).repeat(16, 2)[:, :height, :width]


@pytest.mark.parametrize("fps", [3.75, 30, 60, 29.97, Fraction(30000, 1001)])
def test_a_written_video_is_read_back(tmp_path: Path, fps: float | Fraction) -> None:
    path = tmp_path / "a.mp4"
    frames = coloured(8)
    write_mp4(path, frames, fps=fps)
    timeline = scan(path)
    np.testing.assert_allclose(timeline.times, np.arange(8) / float(fps), atol=1e-4)
    assert timeline.duration == pytest.approx(8 / float(fps), abs=1e-3)
    assert timeline.declared_duration == pytest.approx(8 / float(fps), abs=2e-3)
    clip = read_clip(path, num_frames=8, sampling_rate=None)
    shown = np.round(clip.times * float(fps)).astype(int)
    middles = (slice(None), slice(8, None, 16), slice(8, None, 16))
    difference = np.abs(clip.frames[middles].astype(int) - frames[shown][middles])
    assert difference.mean() < 2
    assert difference.max() < 12


@pytest.mark.parametrize(("height", "width"), [(33, 47), (1, 1), (64, 65)])
def test_odd_sides_grow_by_their_last_row_or_column(
    tmp_path: Path, height: int, width: int
) -> None:
    path = tmp_path / "a.mp4"
    write_mp4(path, np.full((2, height, width, 3), 200, np.uint8), fps=2)
    frames = read_clip(path, num_frames=2, sampling_rate=None).frames
    assert frames.shape == (2, height + height % 2, width + width % 2, 3)
    assert np.abs(frames.astype(int) - 200).max() < 4


def test_a_written_file_starts_with_its_index_and_is_tagged(tmp_path: Path) -> None:
    write_mp4(tmp_path / "a.mp4", coloured(8), fps=4)
    buffer = io.BytesIO()
    write_mp4(buffer, coloured(8), fps=4)
    data = buffer.getvalue()
    assert data == (tmp_path / "a.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(io.BytesIO(data)) as container:
        context = container.streams.video[0].codec_context
        tags = (context.color_range, context.colorspace, context.color_primaries, context.color_trc)
    assert tags == (1, 1, 1, 1)


def test_key_frames_are_frequent(tmp_path: Path) -> None:
    write_mp4(tmp_path / "a.mp4", coloured(60), fps=30)
    assert np.diff(scan(tmp_path / "a.mp4").entries[:, 0]).max() <= 8


@pytest.mark.parametrize(
    "frames", [[], [np.zeros((4, 4), np.uint8)], [np.zeros((4, 4, 3), np.float32)]]
)
def test_wrong_frames_are_refused(tmp_path: Path, frames: list[np.ndarray]) -> None:
    with pytest.raises(ValueError, match="frame"):
        write_mp4(tmp_path / "a.mp4", frames, fps=4)


def test_a_rate_must_be_above_zero(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="fps"):
        write_mp4(tmp_path / "a.mp4", coloured(1), fps=0)
