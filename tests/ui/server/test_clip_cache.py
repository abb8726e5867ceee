"""A visitor's clip is on the disk until its frames are read, and these in memory for a while."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sentences import says

from timesformer import Clip
from timesformer.errors import ClipError
from timesformer.ui.answer_cache import EXAMPLES
from timesformer.ui.server import clip_cache
from timesformer.ui.server.clip_cache import Gone, Held
from timesformer.ui.server.temp_files import ROOT, STAY
from timesformer.ui.server.uploads import FOLDER

FRAMES = 4 * 10 * 10 * 3  # bytes of a clip of four frames


@dataclass
class Reader:
    """Stands in for a recognizer: remembers what it has read, and where from."""

    num_frames: int = 4
    sampling_rate: int | None = 8
    read_from: list[tuple[str, float]] = field(default_factory=list)

    @property
    def preprocess(self) -> Any:
        return SimpleNamespace(num_frames=self.num_frames, sampling_rate=self.sampling_rate)

    def read(self, path: str, *, start: float, sandboxed: bool) -> Clip:
        assert sandboxed
        if Path(path).read_bytes() == b"bad":
            raise ClipError("clip.not_a_video")
        self.read_from.append((path, start))
        frames = np.zeros((self.num_frames, 10, 10, 3), np.uint8)
        return Clip(frames, np.arange(self.num_frames) + start, 60.0)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where uploads lie."""
    monkeypatch.setenv(ROOT, str(tmp_path))
    return tmp_path


def upload(files: Path, name: str = "abc", content: bytes = b"a clip") -> Path:
    folder = files / f"{FOLDER}{name}"
    folder.mkdir()
    (folder / "clip.mp4").write_bytes(content)
    return folder / "clip.mp4"


def read(frames: Held, path: Path, *readers: Reader, start: float = 0.0) -> list[Clip]:
    return frames.read(str(path), list[Any](readers), start=start)


def test_a_file_goes_with_its_folder_and_its_frames_stay(files: Path) -> None:
    frames, reader, path = Held(), Reader(), upload(files)
    [clip] = read(frames, path, reader)
    assert list(files.iterdir()) == []
    assert frames.has(str(path))
    assert frames.num_bytes == FRAMES
    assert read(frames, path, reader, Reader()) == [clip, clip]
    assert reader.read_from == [(str(path), 0.0)]


def test_other_frames_want_the_clip_again(files: Path) -> None:
    frames, path = Held(), upload(files)
    read(frames, path, Reader())
    for other, start in ((Reader(), 2.0), (Reader(num_frames=8), 0.0), (Reader(4, None), 0.0)):
        with pytest.raises(Gone):
            read(frames, path, other, start=start)
        upload(files)
        [clip] = read(frames, path, other, start=start)
        assert (len(clip.frames), clip.times[0]) == (other.num_frames, start)
        assert not path.exists()


def test_what_is_read_for_several_is_read_before_the_file_goes(files: Path) -> None:
    """And the frames of the first alone are held."""
    frames, path = Held(), upload(files)
    clips = read(frames, path, Reader(), Reader(num_frames=2), Reader(num_frames=8), Reader())
    assert [len(clip.frames) for clip in clips] == [4, 2, 8, 4]
    assert frames.num_bytes == FRAMES
    with pytest.raises(Gone):
        read(frames, path, Reader(), Reader(num_frames=2))


def test_a_file_that_cannot_be_read_goes_too(files: Path) -> None:
    frames, path = Held(), upload(files, content=b"bad")
    with pytest.raises(ClipError, match=says("errors.clip.not_a_video")):
        read(frames, path, Reader())
    assert not path.parent.exists()
    assert not frames.has(str(path))


def test_what_is_no_visitor_s_stays_and_is_not_held(files: Path) -> None:
    example = shutil.copy(EXAMPLES["boat-sailing-right"], upload(files))
    (elsewhere := files / "kept").mkdir()
    other = shutil.copy(EXAMPLES["cat-sleeping"], elsewhere / "clip.mp4")
    frames, reader = Held(), Reader()
    for path in (example, other, EXAMPLES["hand-waving"]):
        for _ in range(2):
            read(frames, path, reader)
        frames.let_go(str(path))
        assert path.exists()
    assert len(reader.read_from) == 6
    assert frames.num_bytes == 0


def test_a_clip_that_is_let_go_leaves_nothing(files: Path) -> None:
    frames, path, beside = Held(), upload(files), upload(files, "other")
    read(frames, path, Reader())
    read(frames, beside, Reader())
    upload(files)  # it came again
    frames.let_go(str(path))
    frames.let_go(str(path))
    assert list(files.iterdir()) == []
    assert (frames.has(str(path)), frames.has(str(beside))) == (False, True)


def test_what_is_deleted_while_it_is_read_is_not_held(files: Path) -> None:
    frames, path = Held(), upload(files)

    class Slow(Reader):
        def read(self, path: str, *, start: float, sandboxed: bool) -> Clip:
            clip = super().read(path, start=start, sandboxed=sandboxed)
            frames.let_go(path)
            return clip

    [clip] = read(frames, path, Slow())
    assert len(clip.frames) == 4
    assert frames.num_bytes == 0


def test_what_is_deleted_while_it_is_open_is_not_held(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows, where its file stays until it is read."""
    frames, path, unlink = Held(), upload(files), Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "used by another process")

    class Slow(Reader):
        def read(self, path: str, *, start: float, sandboxed: bool) -> Clip:
            monkeypatch.setattr(Path, "unlink", refuse)
            frames.let_go(path)
            monkeypatch.setattr(Path, "unlink", unlink)
            return super().read(path, start=start, sandboxed=sandboxed)

    read(frames, path, Slow())
    assert frames.num_bytes == 0
    assert list(files.iterdir()) == []


def come_again(files: Path, frames: Held, where: Path) -> bool:
    """A clip comes again; whether it was taken in, and nothing else is left of it."""
    taken = frames.put_back(upload(files, "again"), where)
    assert list(files.iterdir()) == ([where.parent] if taken else [files / f"{FOLDER}again"])
    shutil.rmtree(where.parent if taken else files / f"{FOLDER}again")
    return taken


def test_a_clip_that_is_let_go_does_not_come_again(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = [0.0]
    monkeypatch.setattr(clip_cache.time, "monotonic", lambda: passed[0])
    frames, path = Held(), upload(files)
    read(frames, path, Reader())
    assert come_again(files, frames, path)
    frames.let_go(f"{path.parent}/../{path.parent.name}/clip.mp4")
    frames.sweep()
    assert not come_again(files, frames, path)
    passed[0] = STAY
    frames.sweep()
    assert come_again(files, frames, path)


def test_of_many_that_are_let_go_the_last_are_remembered(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_cache, "MOST_LET_GO", 2)
    frames, paths = Held(), [files / f"{FOLDER}{number}" / "clip.mp4" for number in range(3)]
    for path in (*paths[:2], paths[0], paths[2]):
        frames.let_go(str(path))
    assert [come_again(files, frames, path) for path in paths] == [False, True, False]


def test_a_folder_that_a_sweep_takes_just_now_gets_no_clip(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Path.mkdir

    def swept(path: Path, **options: Any) -> None:
        make(path, **options)
        path.rmdir()

    frames, came = Held(), upload(files)
    monkeypatch.setattr(Path, "mkdir", swept)
    assert not frames.put_back(came, files / f"{FOLDER}other" / "clip.mp4")


def test_nobody_waits_while_a_file_is_looked_at(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's loop waits for the lock, and a file's hash takes long."""
    frames, path, seen = Held(), upload(files), []

    def resolve(path: Path, really: Any = Path.resolve) -> Path:
        seen.append(frames._lock.locked())
        return Path(really(path))

    def bundled(path: str) -> None:
        seen.append(frames._lock.locked())

    monkeypatch.setattr(Path, "resolve", resolve)
    monkeypatch.setattr(clip_cache, "bundled", bundled)
    read(frames, path, Reader())
    frames.let_go(str(path))
    assert len(seen) > 4
    assert not any(seen)


def test_where_there_is_no_room_those_go_that_were_used_longest_ago(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_cache, "MOST_BYTES", 3 * FRAMES)
    frames, paths = Held(), [upload(files, str(number)) for number in range(4)]
    for path in (*paths[:3], paths[0], paths[3]):
        read(frames, path, Reader())
    assert [frames.has(str(path)) for path in paths] == [True, False, True, True]
    assert frames.num_bytes == 3 * FRAMES
    read(frames, (large := upload(files, "large")), Reader(num_frames=13))
    assert not frames.has(str(large))
    assert frames.num_bytes == 3 * FRAMES


def test_frames_go_after_their_stay(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed = [0.0]
    monkeypatch.setattr(clip_cache.time, "monotonic", lambda: passed[0])
    frames, paths = Held(), [upload(files, str(number)) for number in range(2)]
    for path in paths:
        read(frames, path, Reader())
    passed[0] = STAY - 1
    frames.sweep()
    read(frames, paths[1], Reader())
    passed[0] = STAY
    frames.sweep()
    assert [frames.has(str(path)) for path in paths] == [False, True]
    passed[0] += STAY
    frames.sweep()
    assert frames.num_bytes == 0


def test_thirty_at_once_are_as_one_after_the_other(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_cache, "MOST_BYTES", 20 * FRAMES)
    frames, paths = Held(), [upload(files, str(number)) for number in range(30)]

    def visit(path: Path) -> int:
        [clip] = read(frames, path, Reader())
        frames.sweep()
        frames.has(str(path))
        return len(clip.frames)

    with ThreadPoolExecutor(30) as class_:
        assert list(class_.map(visit, paths)) == [4] * 30
    assert list(files.iterdir()) == []
    assert frames.num_bytes == 20 * FRAMES
