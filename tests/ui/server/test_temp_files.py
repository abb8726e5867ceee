"""Files of visitors go after their stay, by no clock on the wall, and with the server."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sentences import says
from visitors import in_own_loop

from timesformer.errors import TimesformerError
from timesformer.ui.server import temp_files
from timesformer.ui.server.temp_files import KEPT, ROOT, STAY, SWEPT_EVERY, Storage, open_storage


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
    monkeypatch.setattr(temp_files.time, "monotonic", lambda: really + passed[0])
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


def test_what_somebody_waits_for_stays(place: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the queue is."""
    monkeypatch.setattr(temp_files, "SWEPT_EVERY", 0.01)
    monkeypatch.setattr(temp_files, "STAY", 0.2)
    app, besides = {"waits": ""}, []

    async def scene() -> None:
        async with place.lifespan(
            app, asked_about=lambda app: [app["waits"]], besides=lambda: besides.append("swept")
        ):
            app["waits"], beside = str(upload(place)), upload(place)
            until = time.monotonic() + 20
            while beside.exists() and time.monotonic() < until:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)
            assert (Path(app["waits"]).exists(), beside.exists()) == (True, False)
            assert len(besides) > 1

    in_own_loop(scene())


def test_a_sweep_keeps_nobody_waiting(place: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is asked about, or comes, while folders are looked through stays."""
    file, visited = upload(place), place._visited
    came: list[Path] = []

    def slowly() -> list[Path]:
        found = visited()
        asking = Thread(target=place.renew, args=(str(file),))
        asking.start()
        asking.join(5)
        assert not asking.is_alive()
        came.append(upload(place))
        place.renew(str(came[0]))
        return found

    monkeypatch.setattr(place, "_visited", slowly)
    place.sweep()
    assert set(place._seen) == {file, *came}


def test_a_file_that_is_asked_about_at_the_last_moment_stays(
    place: Storage, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, delete = upload(place), place._delete
    place.sweep()
    clock[0] = STAY + 1

    def late(path: Path) -> None:
        place.renew(str(path))
        delete(path)

    monkeypatch.setattr(place, "_delete", late)
    place.sweep()
    assert file.exists()
    file.unlink()
    place.sweep()
    assert place._seen == {}


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
        "import os, signal; from timesformer.ui.server.temp_files import open_storage;"
        "s = open_storage();"
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


def test_a_new_folder_is_never_taken_for_one_that_was_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever another server looks."""
    folder = tmp_path / "run-new"
    folder.mkdir()
    assert temp_files.locks
    flock, exclusive, used = temp_files.locks.flock, temp_files.locks.LOCK_EX, []

    def looked_at(lock: Any, how: int) -> None:
        if how == exclusive:  # the new one takes its lock
            used.append(temp_files._is_used(folder))
            flock(lock, how)
            used.append(temp_files._is_used(folder))
        else:
            flock(lock, how)

    monkeypatch.setattr(temp_files.locks, "flock", looked_at)
    opened = Storage(folder)
    used.append(temp_files._is_used(folder))
    opened._lock.close()
    assert used == [True] * 3


@pytest.mark.parametrize("there", ["nothing", "open", "a link", "a dead link", "a file"])
def test_a_folder_that_somebody_else_may_have_made_is_not_used(
    there: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ROOT, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    usual = tmp_path / f"timesformer-{os.getuid()}"
    (elsewhere := tmp_path / "elsewhere").mkdir(mode=0o700)
    match there:
        case "open":
            usual.mkdir()
            usual.chmod(0o755)
        case "a link":
            usual.symlink_to(elsewhere)
        case "a dead link":
            usual.symlink_to(tmp_path / "nowhere")
        case "a file":
            usual.touch()
    opened = open_storage()
    try:
        assert (opened.folder.parent == usual) is (there == "nothing")
        assert opened.folder.parent not in (elsewhere, tmp_path)
        assert opened.is_private
        assert not opened.folder.parent.stat().st_mode & 0o077
    finally:
        opened.remove()


def test_a_folder_of_another_user_s_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ROOT, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    other = os.getuid() + 1
    (tmp_path / f"timesformer-{other}").mkdir(mode=0o700)
    monkeypatch.setattr(os, "getuid", lambda: other)
    opened = open_storage()
    assert opened.folder.parent != tmp_path / f"timesformer-{other}"
    opened.remove()


def test_a_disk_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(ROOT, str(tmp_path / "file" / "folder"))
    with pytest.raises(TimesformerError, match=says("errors.page.no_temp_folder", variable=ROOT)):
        open_storage()
