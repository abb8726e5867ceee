"""Real videos of a folder, from cameras, browsers and converters: `--real-videos FOLDER`."""

from pathlib import Path

import numpy as np
import pytest

from timesformer.video.clip import read_clip
from timesformer.video.limits import MAX_CLIP_PIXELS
from timesformer.video.sandbox import SandboxPool

SIZES = {  # (height, width) of frames, upright, of clips of 8 frames
    "bbb_642x642_768kbps_30fps_vp9.webm": (642, 642),
    "dolbyVision-hdr.MOV": (1280, 720),
    "long_1080p_lowbitrate.mp4": (1080, 1920),
    "nasa_13013.mp4": (270, 480),
    "no-loop.gif": (128, 128),
    "no_duration.webm": (720, 1280),
    "portrait_4k60.mp4": (1920, 1080),
    "rabbit320.webm": (240, 320),
    "sample.avi": (400, 960),
    "sample.mp4": (720, 1080),
    "sample_fragmented.mp4": (720, 1080),
    "transparent.webm": (200, 200),
    "video_270.mov": (568, 320),
    "world.mp4": (270, 480),
}
NO_FAULTS = ("notes.clip.repeated", "notes.clip.few_frames", "notes.clip.hdr")


@pytest.fixture(scope="module")
def videos(pytestconfig: pytest.Config) -> list[Path]:
    folder = pytestconfig.getoption("real_videos")
    if folder is None:
        pytest.skip("no real videos: name their folder with --real-videos")
    return sorted(path for path in folder.iterdir() if path.suffix != ".md")


@pytest.mark.parametrize(("num_frames", "rate"), [(8, 32), (8, None), (96, 4)])
def test_real_videos_are_read(num_frames: int, rate: int | None, videos: list[Path]) -> None:
    for path in videos:
        clip = read_clip(path, num_frames=num_frames, sampling_rate=rate)
        assert len(clip.frames) == len(clip.times) == num_frames
        assert num_frames > 8 or clip.frames.shape[1:3] == SIZES.get(
            path.name, clip.frames.shape[1:3]
        )
        assert clip.frames[..., 0].size <= MAX_CLIP_PIXELS
        assert np.all(np.diff(clip.times) >= 0)
        assert clip.times[-1] < clip.duration
        assert all(note.key.startswith(NO_FAULTS) for note in clip.notes)


def test_real_videos_fit_into_the_sandbox(videos: list[Path]) -> None:
    pool = SandboxPool()
    for path in videos:
        report = pool.read(path, num_frames=8, sampling_rate=32)
        assert report.clip, path.name
        assert report.memory_bytes < 300e6
        np.testing.assert_array_equal(
            report.clip.frames, read_clip(path, num_frames=8, sampling_rate=32).frames
        )
