"""Files of visitors go after their stay, by no clock on the wall, and with the server."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from timesformer.errors import TimesformerError
from timesformer.ui import storage
from timesformer.ui.storage import KEPT, ROOT, STAY, SWEPT_EVERY, Storage, open_storage


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    monkeypatch.setenv(ROOT, str(tmp_path))
    opened = open_storage()
    yield opened
    opened.remove()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that have passed, for whoever looks."""
    passed, really = [0.0], time.monotonic()
    monkeypatch.setattr(storage.time, "monotonic", lambda: really + passed[0])
    return passed


def upload(place: Storage, name: str = "clip.mp4") -> Path:
    folder = Path(tempfile.mkdtemp(dir=place.files))
    (folder / name).write_text("a clip")
    return folder / name


def test_a_file_goes_within_ten_minutes_with_its_folder(place: Storage, clock: list[float]) -> None:
    assert STAY + 2 * SWEPT_EVERY <= 600
    file, beside = upload(place), upload(place)
    temporary = place.work / "tmpabc"
    temporary.mkdir()
    (temporary / "overlay.mp4").write_text("a film")
    place.sweep()
    clock[0] = STAY - 1
    place.sweep()
    assert file.exists()
    place.renew(str(beside))  # it is asked about
    clock[0] = STAY + 1
    place.sweep()
    assert (file.parent.exists(), temporary.exists(), beside.exists()) == (False, False, True)
    clock[0] += STAY
    place.sweep()
    assert not beside.parent.exists()
    assert list(place.files.iterdir()) == list(place.work.iterdir()) == []


def test_what_is_the_page_s_own_stays(place: Storage, clock: list[float]) -> None:
    example = upload(place)
    kept = place.work / f"{KEPT}abc" / "answer"
    kept.mkdir(parents=True)
    (kept / "overlay.mp4").write_text("a film")
    place.keep_what_is_here()
    place.sweep()
    clock[0] = STAY + 1
    place.sweep()
    assert example.exists()
    assert (kept / "overlay.mp4").exists()


def test_a_file_of_the_same_name_is_another_one(place: Storage, clock: list[float]) -> None:
    file = upload(place)
    place.sweep()
    clock[0] = STAY - 1
    other = file.with_name("other")
    other.write_text("another clip")
    other.rename(file)
    place.sweep()
    clock[0] = STAY + 1
    place.sweep()
    assert file.exists()


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_set_anew_deletes_nothing(
    days: int, place: Storage, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, now = upload(place), time.time()
    place.sweep()
    monkeypatch.setattr(time, "time", lambda: now + timedelta(days=days).total_seconds())
    os.utime(file.parent)
    place.sweep()
    assert file.exists()
    clock[0] = STAY + 1
    place.sweep()
    assert not file.exists()


def test_only_its_own_files_are_held(place: Storage, tmp_path: Path) -> None:
    file = upload(place)
    (link := file.with_name("link")).symlink_to("/etc/hostname")
    assert place.holds(str(file))
    assert place.holds(f"{file.parent}/../{file.parent.name}/clip.mp4")
    for other in (
        link, place.files, place.folder / "lock", tmp_path, "/etc/hostname", "", "\0",
        f"{file}/../../../lock", f"https://example.org{file}", f"file://{file}",
    ):  # fmt: skip
        assert not place.holds(str(other)), other


def test_it_is_private_and_goes_with_the_server(place: Storage) -> None:
    assert place.is_private
    place.folder.chmod(0o755)
    assert not place.is_private
    if not (child := os.fork()):  # one that it forked must not take the files along
        place.remove()
        os._exit(0)
    os.waitpid(child, 0)
    assert place.files.exists()
    place.remove()
    assert not place.folder.exists()


def test_what_a_killed_server_left_goes_at_the_next_start(tmp_path: Path) -> None:
    code = (
        "import os, signal; from timesformer.ui.storage import open_storage; s = open_storage();"
        "(s.files / 'clip.mp4').write_text('x'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    surroundings = os.environ | {ROOT: str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=surroundings)
    (left,) = tmp_path.glob("run-*/files/clip.mp4")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT, str(tmp_path))
        first = open_storage()
        assert not left.exists()
        second = open_storage()  # beside one that runs
        assert first.files.exists()
        first.remove(), second.remove()


def test_a_disk_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(ROOT, str(tmp_path / "file" / "folder"))
    with pytest.raises(TimesformerError, match=f"Name one in {ROOT}"):
        open_storage()
