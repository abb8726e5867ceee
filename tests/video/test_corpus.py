"""Every bad or odd video of the corpus, read as the page does: what was promised of it holds."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from corpus import CASES, GOOD, PLAYLIST, Case
from damage import film, gif_of
from mutations import check_sentence, good_files, outcomes
from numbered import number_of

from timesformer.errors import ClipError
from timesformer.video import sandbox, sandbox_limits
from timesformer.video.clip import Clip, read_clip

WHOLE = {"num_frames": 8, "sampling_rate": None}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """All that the processes tell, what they spent among it."""
    everything: list[dict[str, Any]] = []
    receive = sandbox._Worker._receive

    def listen(worker: sandbox._Worker) -> tuple[dict[str, Any], np.ndarray]:
        answer = receive(worker)
        everything.append(answer[0])
        return answer

    monkeypatch.setattr(sandbox._Worker, "_receive", listen)
    return everything


@pytest.mark.parametrize("name", CASES)
def test_the_promise_of_each_file(name: str, tmp_path: Path, told: list[dict[str, Any]]) -> None:
    case = CASES[name]
    case.make(tmp_path / name)
    if case.refusal is None:
        check_clip(sandbox.read_clip_apart(tmp_path / name, **WHOLE), case)
    else:
        with pytest.raises(ClipError) as caught:
            sandbox.read_clip_apart(tmp_path / name, **WHOLE)
        check_sentence(str(caught.value))
        assert str(caught.value).startswith(case.refusal)
    (answer,) = told  # it answered, and so did not come to harm
    assert answer["spent"]["memory"] < case.memory * 1e6
    assert answer["spent"]["seconds"] < case.seconds


def check_clip(clip: Clip, case: Case) -> None:
    assert len(clip.frames) == len(clip.times) == 8
    assert case.size in (None, clip.frames.shape[1:3])
    assert clip.times[0] >= 0
    assert np.all(np.diff(clip.times) >= 0)
    assert clip.times[-1] < clip.duration
    for note in clip.notes:
        check_sentence(note)
    assert case.note is None or case.note in " ".join(clip.notes)


@pytest.mark.parametrize("name", ["fine.mp4", "recorded.webm", "fragmented.mp4", "mpeg4.avi"])
def test_good_files_are_read_as_they_are_here(name: str, tmp_path: Path) -> None:
    GOOD[name](tmp_path / name)
    here, there = (read(tmp_path / name, **WHOLE) for read in (read_clip, sandbox.read_clip_apart))
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
def test_a_files_name_says_nothing(name: str, tmp_path: Path) -> None:
    source = film(tmp_path / "fine.mp4", 41)
    (tmp_path / name).write_bytes(source.read_bytes())
    clip = sandbox.read_clip_apart(tmp_path / name, **WHOLE)
    assert [number_of(frame) for frame in clip.frames] == [2, 7, 12, 17, 22, 27, 32, 37]


@pytest.mark.parametrize("apart_", [True, False])
@pytest.mark.parametrize("name", ["a.m3u8", "a.mp4"])
def test_no_address_is_asked(name: str, apart_: bool, tmp_path: Path) -> None:
    read = sandbox.read_clip_apart if apart_ else read_clip
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        (tmp_path / name).write_bytes(PLAYLIST % address.encode())
        with pytest.raises(ClipError, match="not a video"):
            read(tmp_path / name, **WHOLE)
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_neighbour_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    film(tmp_path / "secret.mp4")
    CASES["list.mp4"].make(tmp_path / "list.mp4")
    for read in (sandbox.read_clip_apart, read_clip):
        with pytest.raises(ClipError, match="not a video"):
            read("list.mp4", **WHOLE)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Processes that may compute for one second only, so as not to wait for ten."""
    haste = "\nimport timesformer.video.sandbox_limits as c; c.SECONDS = 1\nserve()"
    monkeypatch.setattr(sandbox, "_START", sandbox._START.replace("\nserve()", haste))
    monkeypatch.setattr(sandbox, "_pool", pool := sandbox._Pool())
    monkeypatch.setattr(sandbox_limits, "SECONDS", 1)
    yield
    pool._idle.get().end()


@pytest.mark.usefixtures("hasty")
def test_many_frames_of_a_permitted_size_end_at_the_limit(tmp_path: Path) -> None:
    gif_of(5000, 5000, count=300)(tmp_path / "a.gif")
    with pytest.raises(ClipError, match=r"takes more than 1 s of computing\. Trim") as caught:
        sandbox.read_clip_apart(tmp_path / "a.gif", **WHOLE)
    check_sentence(str(caught.value))


def test_sixty_changed_files(tmp_path: Path) -> None:
    """A thousand: `python tests/mutations.py 1000`."""
    became = list(outcomes(good_files(tmp_path), range(60), tmp_path / "changed"))
    assert len(became) == 60
    assert 10 < became.count("a clip") < 60  # else they are changed too much, or not at all


REAL = Path(__file__).parents[3] / "shared" / "clips"


@pytest.mark.skipif(not REAL.is_dir(), reason=f"the folder of real videos {REAL} is absent")
def test_real_videos_are_read_apart(told: list[dict[str, Any]]) -> None:
    for path in REAL.iterdir():
        if path.suffix != ".md":
            clip = sandbox.read_clip_apart(path, num_frames=8, sampling_rate=32)
            assert len(clip.frames) == 8
            assert all("repeated" in note or "dynamic" in note for note in clip.notes)
    assert max(answer["spent"]["memory"] for answer in told) < 300e6
    assert max(answer["spent"]["seconds"] for answer in told) < 5
