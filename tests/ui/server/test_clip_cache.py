"""A visitor's clip is on the disk until its frames are read; the frames are cached in memory."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from timesformer import Clip
from timesformer.errors import ClipError
from timesformer.ui.server import clip_cache, limits
from timesformer.ui.server.clip_cache import ClipCache, ClipGone
from timesformer.ui.server.examples import EXAMPLES
from timesformer.ui.server.limits import TTL_SECONDS
from timesformer.ui.server.temp_files import ROOT
from timesformer.ui.server.uploads import FOLDER_PREFIX

FRAMES_BYTES = 4 * 10 * 10 * 3  # of a clip of four frames


@dataclass
class Reader:
    """A stand-in for a recognizer that records what it reads."""

    num_frames: int = 4
    sampling_rate: int | None = 8
    reads: list[tuple[str, float]] = field(default_factory=list)

    @property
    def preprocess(self) -> Any:
        return SimpleNamespace(num_frames=self.num_frames, sampling_rate=self.sampling_rate)

    def read(self, path: str, *, start: float, sandboxed: bool) -> Clip:
        assert sandboxed
        if Path(path).read_bytes() == b"bad":
            raise ClipError("clip.not_a_video")
        self.reads.append((path, start))
        frames = np.zeros((self.num_frames, 10, 10, 3), np.uint8)
        return Clip(frames, np.arange(self.num_frames) + start, 60.0)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of uploads."""
    monkeypatch.setenv(ROOT, str(tmp_path))
    return tmp_path


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock, in seconds, as the only item of a list."""
    now = [0.0]
    monkeypatch.setattr(clip_cache.time, "monotonic", lambda: now[0])
    return now


def upload(files: Path, name: str = "abc", content: bytes = b"a clip") -> Path:
    folder = files / f"{FOLDER_PREFIX}{name}"
    folder.mkdir()
    (folder / "clip.mp4").write_bytes(content)
    return folder / "clip.mp4"


def read(cache: ClipCache, path: Path, *readers: Reader, start: float = 0.0) -> list[Clip]:
    return cache.read(str(path), list[Any](readers), start=start)


def test_reading_deletes_the_file_and_caches_the_frames(files: Path) -> None:
    cache, reader, path = ClipCache(), Reader(), upload(files)
    [clip] = read(cache, path, reader)
    assert list(files.iterdir()) == []
    assert cache.has(str(path))
    assert cache.num_bytes == FRAMES_BYTES
    assert read(cache, path, reader, Reader()) == [clip, clip]
    assert reader.reads == [(str(path), 0.0)]


def test_a_clip_can_be_read_if_its_file_or_frames_are_here(files: Path) -> None:
    cache, path = ClipCache(), upload(files)
    assert cache.can_read(str(path))
    read(cache, path, Reader())
    assert cache.can_read(str(path))
    cache.discard(str(path))
    assert not cache.can_read(str(path))


def test_other_frames_need_the_file_again(files: Path) -> None:
    cache, path = ClipCache(), upload(files)
    read(cache, path, Reader())
    for other, start in ((Reader(), 2.0), (Reader(num_frames=8), 0.0), (Reader(4, None), 0.0)):
        with pytest.raises(ClipGone):
            read(cache, path, other, start=start)
        upload(files)
        [clip] = read(cache, path, other, start=start)
        assert (len(clip.frames), clip.times[0]) == (other.num_frames, start)
        assert not path.exists()


def test_all_readers_read_before_the_file_is_deleted(files: Path) -> None:
    """Only the frames of the first reader are cached."""
    cache, path = ClipCache(), upload(files)
    clips = read(cache, path, Reader(), Reader(num_frames=2), Reader(num_frames=8), Reader())
    assert [len(clip.frames) for clip in clips] == [4, 2, 8, 4]
    assert cache.num_bytes == FRAMES_BYTES
    with pytest.raises(ClipGone):
        read(cache, path, Reader(), Reader(num_frames=2))


def test_an_unreadable_file_is_deleted_too(files: Path) -> None:
    cache, path = ClipCache(), upload(files, content=b"bad")
    with pytest.raises(ClipError):
        read(cache, path, Reader())
    assert not path.parent.exists()
    assert not cache.has(str(path))


def test_files_that_are_not_uploads_stay_and_are_not_cached(files: Path) -> None:
    example = shutil.copy(EXAMPLES["boat-sailing-right"], upload(files))
    (elsewhere := files / "elsewhere").mkdir()
    other = shutil.copy(EXAMPLES["cat-sleeping"], elsewhere / "clip.mp4")
    cache, reader = ClipCache(), Reader()
    for path in (example, other, EXAMPLES["hand-waving"]):
        for _ in range(2):
            read(cache, path, reader)
        cache.discard(str(path))
        assert path.exists()
    assert len(reader.reads) == 6
    assert cache.num_bytes == 0


def test_a_discarded_clip_leaves_nothing(files: Path) -> None:
    cache, path, other = ClipCache(), upload(files), upload(files, "other")
    read(cache, path, Reader())
    read(cache, other, Reader())
    upload(files)  # sent again
    cache.discard(str(path))
    cache.discard(str(path))
    assert list(files.iterdir()) == []
    assert (cache.has(str(path)), cache.has(str(other))) == (False, True)


def test_a_clip_discarded_during_the_read_is_not_cached(files: Path) -> None:
    cache, path = ClipCache(), upload(files)

    class DiscardingReader(Reader):
        def read(self, path: str, *, start: float, sandboxed: bool) -> Clip:
            clip = super().read(path, start=start, sandboxed=sandboxed)
            cache.discard(path)
            return clip

    [clip] = read(cache, path, DiscardingReader())
    assert len(clip.frames) == 4
    assert cache.num_bytes == 0


def test_a_clip_discarded_while_its_file_is_open_is_not_cached(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows does not delete open files, so the file stays until it is read."""
    cache, path, unlink = ClipCache(), upload(files), Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "used by another process")

    class DiscardingReader(Reader):
        def read(self, path: str, *, start: float, sandboxed: bool) -> Clip:
            monkeypatch.setattr(Path, "unlink", refuse)
            cache.discard(path)
            monkeypatch.setattr(Path, "unlink", unlink)
            return super().read(path, start=start, sandboxed=sandboxed)

    read(cache, path, DiscardingReader())
    assert cache.num_bytes == 0
    assert list(files.iterdir()) == []


def restore(files: Path, cache: ClipCache, target: Path) -> bool:
    """Send a clip again, delete it, and return whether it was restored."""
    is_restored = cache.restore(upload(files, "again"), target)
    folder = target.parent if is_restored else files / f"{FOLDER_PREFIX}again"
    assert list(files.iterdir()) == [folder]
    shutil.rmtree(folder)
    return is_restored


def test_a_discarded_clip_is_not_restored_until_it_would_have_expired(
    files: Path, clock: list[float]
) -> None:
    cache, path = ClipCache(), upload(files)
    read(cache, path, Reader())
    assert restore(files, cache, path)
    cache.discard(f"{path.parent}/../{path.parent.name}/clip.mp4")
    cache.sweep()
    assert not restore(files, cache, path)
    clock[0] = TTL_SECONDS
    cache.sweep()
    assert restore(files, cache, path)


def test_the_last_discarded_clips_are_remembered(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_DISCARDED_CLIPS", 2)
    cache = ClipCache()
    paths = [files / f"{FOLDER_PREFIX}{number}" / "clip.mp4" for number in range(3)]
    for path in (*paths[:2], paths[0], paths[2]):
        cache.discard(str(path))
    assert [restore(files, cache, path) for path in paths] == [False, True, False]


def test_a_clip_is_not_restored_into_a_folder_that_a_sweep_removes(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mkdir = Path.mkdir

    def mkdir_and_sweep(path: Path, **options: Any) -> None:
        mkdir(path, **options)
        path.rmdir()

    cache, file = ClipCache(), upload(files)
    monkeypatch.setattr(Path, "mkdir", mkdir_and_sweep)
    assert not cache.restore(file, files / f"{FOLDER_PREFIX}other" / "clip.mp4")


def test_other_clips_do_not_wait_for_the_digest_of_a_file(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event loop asks the cache too, and the digest of a file takes long."""
    cache, path, num_digests = ClipCache(), upload(files), [0]

    def example_name(path: str) -> None:
        num_digests[0] += 1
        with ThreadPoolExecutor(1) as pool:
            pool.submit(cache.has, path).result(30)

    monkeypatch.setattr(clip_cache, "example_name", example_name)
    read(cache, path, Reader())
    cache.discard(str(path))
    assert num_digests == [2]


def test_the_least_recently_used_frames_are_dropped(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_CLIP_CACHE_BYTES", 3 * FRAMES_BYTES)
    cache, paths = ClipCache(), [upload(files, str(number)) for number in range(4)]
    for path in (*paths[:3], paths[0], paths[3]):
        read(cache, path, Reader())
    assert [cache.has(str(path)) for path in paths] == [True, False, True, True]
    assert cache.num_bytes == 3 * FRAMES_BYTES
    read(cache, (large := upload(files, "large")), Reader(num_frames=13))
    assert not cache.has(str(large))
    assert cache.num_bytes == 3 * FRAMES_BYTES


def test_unused_frames_expire(files: Path, clock: list[float]) -> None:
    cache, paths = ClipCache(), [upload(files, str(number)) for number in range(2)]
    for path in paths:
        read(cache, path, Reader())
    clock[0] = TTL_SECONDS - 1
    cache.sweep()
    read(cache, paths[1], Reader())
    clock[0] = TTL_SECONDS
    cache.sweep()
    assert [cache.has(str(path)) for path in paths] == [False, True]
    clock[0] += TTL_SECONDS
    cache.sweep()
    assert cache.num_bytes == 0


def test_thirty_threads_read_as_one_does(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CLIP_CACHE_BYTES", 20 * FRAMES_BYTES)
    cache, paths = ClipCache(), [upload(files, str(number)) for number in range(30)]

    def visit(path: Path) -> int:
        [clip] = read(cache, path, Reader())
        cache.sweep()
        cache.has(str(path))
        return len(clip.frames)

    with ThreadPoolExecutor(30) as pool:
        assert list(pool.map(visit, paths)) == [4] * 30
    assert list(files.iterdir()) == []
    assert cache.num_bytes == 20 * FRAMES_BYTES
