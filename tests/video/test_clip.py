"""Clips sample the right frames; their notes name frames that are missing or repeated."""

import re
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentences import pattern_of
from video_files import number_of, numbered

from timesformer.errors import ClipError
from timesformer.i18n import t
from timesformer.video import probe
from timesformer.video.clip import frame_times, read_clip, segment_centres
from timesformer.video.encode import write_mp4
from timesformer.video.limits import MAX_CLIP_PIXELS


def numbered_video(path: Path, count: int, fps: float = 30) -> Path:
    write_mp4(path, (numbered(i) for i in range(count)), fps=fps)
    return path


@given(num_frames=st.integers(2, 128), rate=st.integers(1, 64), start=st.floats(0, 1e4))
def test_frame_times_run_evenly_from_the_start_to_the_end(
    num_frames: int, rate: int, start: float
) -> None:
    times = frame_times(num_frames=num_frames, sampling_rate=rate, start=start)
    steps = np.diff(times * 30)
    assert times.shape == (num_frames,)
    assert times[0] == start
    assert times[-1] == start + (num_frames * rate - 1) / 30
    even = (num_frames * rate - 1) / (num_frames - 1)
    assert np.all(np.abs(steps - even) < 1 + 1e-6)  # rounding down moves no step by a whole one


@given(num_frames=st.integers(1, 128), length=st.integers(1, 5000))
def test_segment_centres_are_in_order_and_in_the_video(num_frames: int, length: int) -> None:
    centres = segment_centres(num_frames=num_frames, length=length)
    assert centres.shape == (num_frames,)
    assert centres.min() >= 0
    assert centres.max() < length
    assert np.all(np.diff(centres) >= 0)


@pytest.mark.parametrize(
    ("num_frames", "rate", "grid"),
    [
        (8, 32, [0, 36, 72, 109, 145, 182, 218, 255]),
        (16, 16, list(range(0, 256, 17))),
        (1, 32, [0]),
    ],
)
def test_the_published_choice_of_frames(num_frames: int, rate: int, grid: list[int]) -> None:
    times = frame_times(num_frames=num_frames, sampling_rate=rate)
    np.testing.assert_allclose(times * 30, grid)


def test_the_published_choice_of_segments() -> None:
    np.testing.assert_array_equal(
        segment_centres(num_frames=8, length=41), [2, 7, 12, 17, 22, 27, 32, 37]
    )


@pytest.mark.parametrize(
    ("fps", "expected"),
    [
        (30, [0, 36, 72, 109, 145, 182, 218, 255]),
        (25, [0, 30, 60, 90, 120, 151, 181, 212]),
        (60, [0, 72, 144, 218, 290, 364, 436, 510]),
    ],
)
def test_a_clip_holds_the_frames_shown_on_the_grid(
    tmp_path: Path, fps: int, expected: list[int]
) -> None:
    clip = read_clip(
        numbered_video(tmp_path / "a.mp4", 9 * fps, fps), num_frames=8, sampling_rate=32
    )
    assert [number_of(frame) for frame in clip.frames] == expected
    np.testing.assert_allclose(clip.times, np.array(expected) / fps, atol=1e-4)
    assert clip.duration == pytest.approx(9)
    assert clip.notes == ()


def test_a_clip_may_start_later(tmp_path: Path) -> None:
    path = numbered_video(tmp_path / "a.mp4", 120)
    clip = read_clip(path, num_frames=4, sampling_rate=8, start=2.0)
    assert [number_of(frame) for frame in clip.frames] == [60, 70, 80, 91]
    late = read_clip(path, num_frames=4, sampling_rate=None, start=3.0)
    assert [number_of(frame) for frame in late.frames] == [93, 100, 108, 115]


def test_a_clip_of_the_whole_video_takes_the_middles_of_its_segments(tmp_path: Path) -> None:
    path = numbered_video(tmp_path / "a.mp4", 41)
    clip = read_clip(path, num_frames=8, sampling_rate=None)
    assert [number_of(frame) for frame in clip.frames] == [2, 7, 12, 17, 22, 27, 32, 37]
    assert clip.notes == ()


def test_a_short_video_repeats_its_last_frame_with_a_note(tmp_path: Path) -> None:
    path = numbered_video(tmp_path / "a.mp4", 90)
    clip = read_clip(path, num_frames=8, sampling_rate=32)
    assert [number_of(frame) for frame in clip.frames] == [0, 36, 72, 89, 89, 89, 89, 89]
    np.testing.assert_allclose(clip.times[3:], 89 / 30, atol=1e-4)
    (note,) = clip.notes
    assert note == t("notes.clip.repeated", duration=90 / 30, expected=8 * 32 / 30, repeats=5)


def test_one_frame_is_enough(tmp_path: Path) -> None:
    path = numbered_video(tmp_path / "a.mp4", 1)
    for rate in (32, None):
        clip = read_clip(path, num_frames=8, sampling_rate=rate)
        assert [number_of(frame) for frame in clip.frames] == [0] * 8
        assert len(clip.notes) == 1


def test_a_start_beyond_the_end_is_refused(tmp_path: Path) -> None:
    path = numbered_video(tmp_path / "a.mp4", 90)
    with pytest.raises(
        ClipError, match=pattern_of("errors.clip.start_too_late", duration=3, start=4)
    ):
        read_clip(path, num_frames=8, sampling_rate=32, start=4.0)


def test_many_frames_share_the_memory_of_a_clip(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    write_mp4(path, np.full((4, 900, 1600, 3), 90, np.uint8), fps=4)
    assert read_clip(path, num_frames=8, sampling_rate=4).frames.shape == (8, 900, 1600, 3)
    frames = read_clip(path, num_frames=96, sampling_rate=4).frames
    assert frames[..., 0].size <= MAX_CLIP_PIXELS
    assert frames.shape[2] / frames.shape[1] == pytest.approx(16 / 9, abs=0.01)


def packets(path: Path) -> list[tuple[int, int]]:
    with av.open(str(path)) as container:
        return [
            (packet.pos or 0, packet.size) for packet in container.demux(video=0) if packet.size
        ]


def ruin(path: Path, places: list[tuple[int, int]]) -> None:
    data = bytearray(path.read_bytes())
    for position, size in places:
        data[position : position + size] = b"\xff" * size
    path.write_bytes(data)


def test_damage_in_the_middle_has_a_note(tmp_path: Path) -> None:
    path = numbered_video(tmp_path / "a.mp4", 64)
    ruin(path, packets(path)[16:32])
    clip = read_clip(path, num_frames=16, sampling_rate=None)
    assert [number_of(frame) for frame in clip.frames[4:8]] == [15] * 4
    assert clip.notes == (t("notes.clip.damaged", unread=4, total=16),)


def test_an_unreadable_end_has_a_note(tmp_path: Path) -> None:
    path = numbered_video(tmp_path / "a.mp4", 64, fps=8)
    ruin(path, packets(path)[32:])
    clip = read_clip(path, num_frames=8, sampling_rate=None)
    assert [number_of(frame) for frame in clip.frames[4:]] == [31] * 4
    assert clip.notes == (t("notes.clip.damaged_tail", end=31 / 8, unread=4, total=8),)


def test_a_missing_end_has_a_note(tmp_path: Path) -> None:
    path = numbered_video(tmp_path / "a.mp4", 80, fps=8)
    position, _ = packets(path)[40]
    path.write_bytes(path.read_bytes()[:position])
    clip = read_clip(path, num_frames=8, sampling_rate=None)
    assert number_of(clip.frames[-1]) < 40
    assert clip.duration == pytest.approx(5)
    assert clip.notes == (t("notes.clip.missing_pictures", found=5, declared=10),)


def test_a_very_long_video_has_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = numbered_video(tmp_path / "a.mp4", 20, fps=0.1)
    monkeypatch.setattr(probe, "MAX_FRAMES", 12)
    (note,) = read_clip(path, num_frames=8, sampling_rate=None).notes
    assert re.fullmatch(pattern_of("notes.clip.very_long", minutes=2), note)
