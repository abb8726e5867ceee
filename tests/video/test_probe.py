"""Timelines of files whose headers are incomplete or wrong."""

from pathlib import Path

import av
import numpy as np
import pytest
from video_files import make, numbered

from timesformer.video import probe
from timesformer.video.probe import scan


def test_browser_files_declare_nothing_and_are_measured(tmp_path: Path) -> None:
    pictures = [numbered(i) for i in range(12)]
    live = make(tmp_path / "live.webm", pictures, rate=12, codec="libvpx", muxer={"live": "1"})
    fragmented = make(
        tmp_path / "a.mp4", pictures, rate=12, muxer={"movflags": "frag_keyframe+empty_moov"}
    )
    with av.open(str(live)) as container:
        assert container.duration is None
    with av.open(str(fragmented)) as container:
        assert container.streams.video[0].frames == 0
    assert scan(live).declared_duration == 0
    for path in (live, fragmented):
        assert scan(path).duration == pytest.approx(1.0, abs=0.002)


def test_more_frames_than_the_limit_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path / "a.mp4", [numbered(i) for i in range(20)], options={"bf": "0"})
    monkeypatch.setattr(probe, "MAX_FRAMES", 20)
    assert scan(path).is_complete
    monkeypatch.setattr(probe, "MAX_FRAMES", 19)
    assert not scan(path).is_complete
    assert len(scan(path).times) == 19


def test_uneven_times_are_those_of_the_file(tmp_path: Path) -> None:
    pts = [0, 100, 150, 1000, 1040]
    found = scan(make(tmp_path / "a.mkv", [numbered(i) for i in range(5)], pts=pts))
    np.testing.assert_allclose(found.times, np.array(pts) / 1000, atol=1e-3)
    assert found.is_complete
    assert not found.is_counted
