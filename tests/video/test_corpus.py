"""Every bad or odd video of the corpus, read in the sandbox: the promise for it holds."""

import socket
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from corpus import CASES, GOOD, PLAYLIST, Case
from damage import film, gif_of
from mutations import check_sentence, good_files, outcomes
from video_files import number_of

from timesformer.errors import ClipError
from timesformer.video.clip import Clip, read_clip
from timesformer.video.limits import SandboxLimits
from timesformer.video.sandbox import SandboxPool, read_clip_sandboxed
from timesformer.video.sandbox_answer import SandboxReport

WHOLE = {"num_frames": 8, "sampling_rate": None}
READERS = (read_clip, read_clip_sandboxed)


@pytest.fixture(scope="module")
def pool() -> SandboxPool:
    return SandboxPool()


@pytest.mark.parametrize("name", CASES)
def test_the_promise_of_each_file(name: str, tmp_path: Path, pool: SandboxPool) -> None:
    case = CASES[name]
    case.make(tmp_path / name)
    report = pool.read(tmp_path / name, **WHOLE)  # no ClipError: the process did not crash
    if case.refusal is None:
        assert report.clip
        check_clip(report.clip, case)
    else:
        check_refusal(report, case)
    assert report.memory_bytes < case.memory * 1e6
    assert report.cpu_seconds < case.seconds


def check_clip(clip: Clip, case: Case) -> None:
    assert len(clip.frames) == len(clip.times) == 8
    assert case.size in (None, clip.frames.shape[1:3])
    assert clip.times[0] >= 0
    assert np.all(np.diff(clip.times) >= 0)
    assert clip.times[-1] < clip.duration
    for note in clip.notes:
        check_sentence(note)
    assert case.note is None or case.note in [note.key for note in clip.notes]


def check_refusal(report: SandboxReport, case: Case) -> None:
    assert report.clip is None
    assert report.refusal
    assert case.refusal
    check_sentence(report.refusal)
    assert report.refusal.key.startswith(case.refusal)
    values = report.refusal.values
    assert case.size in (None, (values.get("height"), values.get("width")))


@pytest.mark.parametrize("name", ["fine.mp4", "recorded.webm", "fragmented.mp4", "mpeg4.avi"])
def test_good_files_are_the_same_in_the_sandbox(name: str, tmp_path: Path) -> None:
    GOOD[name](tmp_path / name)
    here, there = (read(tmp_path / name, **WHOLE) for read in READERS)
    np.testing.assert_array_equal(there.frames, here.frames)
    np.testing.assert_array_equal(there.times, here.times)
    assert here.times[0] < 0.2
    assert number_of(there.frames[0]) < 2


@pytest.mark.parametrize(
    "name",
    [
        *("a%03d.mp4", "a%d.png", "concat:a", "https:a", "-i", "a\nb", "a" * 240, "héllo 影.mp4"),
        *("a\u202e4pm.exe", "a b.m3u8", "$(a).sdp", "'\";.mp4", "file:a"),
    ],
)
def test_the_name_of_a_file_has_no_effect(name: str, tmp_path: Path) -> None:
    source = film(tmp_path / "fine.mp4", 41)
    (tmp_path / name).write_bytes(source.read_bytes())
    clip = read_clip_sandboxed(tmp_path / name, **WHOLE)
    assert [number_of(frame) for frame in clip.frames] == [2, 7, 12, 17, 22, 27, 32, 37]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("name", ["a.m3u8", "a.mp4"])
def test_no_address_is_requested(name: str, read: Callable[..., Clip], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        (tmp_path / name).write_bytes(PLAYLIST % address.encode())
        with pytest.raises(ClipError) as caught:
            read(tmp_path / name, **WHOLE)
        assert caught.value.message.key == "errors.clip.not_a_video"
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("read", READERS)
def test_no_other_file_is_read(
    read: Callable[..., Clip], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    film(tmp_path / "secret.mp4")
    CASES["list.mp4"].make(tmp_path / "list.mp4")
    with pytest.raises(ClipError) as caught:
        read("list.mp4", **WHOLE)
    assert caught.value.message.key == "errors.clip.not_a_video"


def test_many_frames_of_a_permitted_size_end_at_the_limit(tmp_path: Path) -> None:
    gif_of(5000, 5000, count=300)(tmp_path / "a.gif")
    hasty = SandboxPool(SandboxLimits(max_cpu_seconds=1))
    with pytest.raises(ClipError) as caught:
        hasty.read(tmp_path / "a.gif", **WHOLE)
    assert caught.value.message.key == "errors.clip.cpu_time"
    assert caught.value.message.values == {"limit": 1}


def test_sixty_changed_files(tmp_path: Path) -> None:
    """`python tests/mutations.py 1000` changes a thousand."""
    counts = Counter(outcomes(good_files(tmp_path), range(60), tmp_path / "changed"))
    assert counts.total() == 60
    assert counts["errors.clip.sandbox_failed"] == 0
    assert 10 < counts["a clip"] < 60  # else the files are changed too much, or not at all
