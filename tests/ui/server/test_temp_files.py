"""Temporary files expire by the monotonic clock, and are deleted with the server."""

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
from visitors import in_own_loop

from timesformer.errors import TimesformerError
from timesformer.ui.server import limits, temp_files
from timesformer.ui.server.limits import TTL_SECONDS
from timesformer.ui.server.temp_files import CACHE_PREFIX, ROOT, TempFiles, open_temp_files


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TempFiles]:
    monkeypatch.setenv(ROOT, str(tmp_path))
    opened = open_temp_files()
    yield opened
    opened.remove()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock, in seconds, as the only item of a list."""
    now = [0.0]
    monkeypatch.setattr(temp_files.time, "monotonic", lambda: now[0])
    return now


def upload(opened: TempFiles, name: str = "clip.mp4") -> Path:
    folder = Path(tempfile.mkdtemp(dir=opened.files))
    (folder / name).write_text("a clip")
    return folder / name


def test_files_and_their_folders_expire(opened: TempFiles, clock: list[float]) -> None:
    file, renewed = upload(opened), upload(opened)
    temporary = opened.work / "tmpabc"
    temporary.mkdir()
    (temporary / "overlay.mp4").write_text("a video")
    opened.sweep()
    clock[0] = TTL_SECONDS - 1
    opened.sweep()
    assert file.exists()
    opened.renew(str(renewed))
    clock[0] = TTL_SECONDS
    opened.sweep()
    assert not file.parent.exists()
    assert not temporary.exists()
    assert renewed.exists()
    clock[0] += TTL_SECONDS
    opened.sweep()
    assert not renewed.parent.exists()
    assert list(opened.files.iterdir()) == list(opened.work.iterdir()) == []


def test_a_file_is_gone_within_the_promised_time() -> None:
    """The next sweep sees the file first, and one sweep after its time to live deletes it."""
    assert limits.TTL_SECONDS + 2 * limits.SWEEP_SECONDS <= limits.MAX_STAY_SECONDS


def test_files_in_use_are_not_swept(opened: TempFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(limits, "TTL_SECONDS", 0.2)
    app, other_sweeps = {"file": ""}, []

    async def scene() -> None:
        async with opened.lifespan(
            app,
            files_in_use=lambda app: [app["file"]],
            also_sweep=lambda: other_sweeps.append("swept"),
        ):
            app["file"], unused = str(upload(opened)), upload(opened)
            while unused.exists():
                await asyncio.sleep(0.01)
            assert Path(app["file"]).exists()
            assert len(other_sweeps) > 1

    in_own_loop(asyncio.wait_for(scene(), 60))


def test_renewing_does_not_wait_for_a_sweep(
    opened: TempFiles, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is renewed, or that comes, while a sweep walks the folders is not forgotten."""
    file, walk, uploaded = upload(opened), os.walk, []

    def slow_walk(folder: Path) -> Iterator[Any]:
        yield from list(walk(folder))
        renewing = Thread(target=opened.renew, args=(str(file),))
        renewing.start()
        renewing.join(30)
        assert not renewing.is_alive()
        uploaded.append(upload(opened))
        opened.renew(str(uploaded[-1]))

    opened.sweep()
    clock[0] = TTL_SECONDS - 1
    with monkeypatch.context() as patch:
        patch.setattr(temp_files.os, "walk", slow_walk)
        opened.sweep()
    clock[0] += TTL_SECONDS - 1
    opened.sweep()
    assert all(path.exists() for path in (file, *uploaded))
    clock[0] += 1
    opened.sweep()
    assert not any(path.exists() for path in (file, *uploaded))


def test_a_file_renewed_while_others_are_deleted_stays(
    opened: TempFiles, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [upload(opened), upload(opened)]
    opened.sweep()
    clock[0] = TTL_SECONDS
    renewed: list[Path] = []

    def renew_other(folder: Path) -> None:
        """Renew the other file once the first one is deleted."""
        renewed.extend(file for file in files if file.parent != folder)
        renewing = Thread(target=opened.renew, args=(str(renewed[0]),))
        renewing.start()
        renewing.join(30)
        assert not renewing.is_alive()

    monkeypatch.setattr(opened, "_remove_empty", renew_other)
    opened.sweep()
    (other,) = renewed
    assert [file.exists() for file in files] == [file == other for file in files]


def test_the_page_s_own_files_are_not_swept(opened: TempFiles, clock: list[float]) -> None:
    example = upload(opened)
    cached = opened.work / f"{CACHE_PREFIX}abc" / "answer"
    cached.mkdir(parents=True)
    (cached / "overlay.mp4").write_text("a video")
    opened.exempt_present_files()
    opened.sweep()
    clock[0] = TTL_SECONDS
    opened.sweep()
    assert example.exists()
    assert (cached / "overlay.mp4").exists()


def test_a_new_file_under_an_old_name_has_its_own_age(
    opened: TempFiles, clock: list[float]
) -> None:
    file = upload(opened)
    opened.sweep()
    clock[0] = TTL_SECONDS - 1
    replacement = file.with_name("other")
    replacement.write_text("another clip")
    replacement.rename(file)
    opened.sweep()
    clock[0] = TTL_SECONDS + 1
    opened.sweep()
    assert file.exists()


@pytest.mark.parametrize("days", [-1, 1])
def test_a_change_of_the_system_time_deletes_nothing(
    days: int, opened: TempFiles, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, now = upload(opened), time.time()
    opened.sweep()
    monkeypatch.setattr(time, "time", lambda: now + timedelta(days=days).total_seconds())
    os.utime(file.parent)
    opened.sweep()
    assert file.exists()
    clock[0] = TTL_SECONDS
    opened.sweep()
    assert not file.exists()


def test_only_files_of_the_folder_are_held(opened: TempFiles, tmp_path: Path) -> None:
    file = upload(opened)
    (link := file.with_name("link")).symlink_to("/etc/hostname")
    assert opened.contains(str(file))
    assert opened.contains(f"{file.parent}/../{file.parent.name}/clip.mp4")
    for other in (
        link, opened.files, opened.folder / "lock", tmp_path, "/etc/hostname", "", "\0",
        f"{file}/../../../lock", f"https://example.org{file}", f"file://{file}",
    ):  # fmt: skip
        assert not opened.contains(str(other)), other


def test_the_folder_is_private_and_deleted_with_the_server(opened: TempFiles) -> None:
    assert opened.is_private
    opened.folder.chmod(0o755)
    assert not opened.is_private
    if not (child := os.fork()):  # a forked process must not delete the files
        opened.remove()
        os._exit(0)
    os.waitpid(child, 0)
    assert opened.files.exists()
    opened.remove()
    assert not opened.folder.exists()


KILLED = """
import os, signal
from timesformer.ui.server.temp_files import open_temp_files
(open_temp_files().files / "clip.mp4").write_text("x")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_next_start_deletes_what_a_killed_server_left(tmp_path: Path) -> None:
    environment = os.environ | {ROOT: str(tmp_path)}
    subprocess.run([sys.executable, "-c", KILLED], env=environment)
    (left,) = tmp_path.glob("run-*/files/clip.mp4")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT, str(tmp_path))
        first = open_temp_files()
        assert not left.exists()
        second = open_temp_files()
        assert first.files.exists()  # a running server keeps its files
        first.remove(), second.remove()


def test_another_server_cannot_delete_a_folder_that_is_being_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another server starts just before, and just after, the new folder is locked."""
    monkeypatch.setenv(ROOT, str(tmp_path))
    assert temp_files.locks
    flock, exclusive = temp_files.locks.flock, temp_files.locks.LOCK_EX
    others: list[TempFiles] = []

    def flock_beside_another(lock: Any, operation: int) -> None:
        if operation != exclusive:
            flock(lock, operation)
            return
        patch.undo()
        others.append(open_temp_files())
        flock(lock, operation)
        others.append(open_temp_files())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(temp_files.locks, "flock", flock_beside_another)
        opened = open_temp_files()
    others.append(open_temp_files())
    assert opened.files.exists()
    for each in (opened, *others):
        each.remove()


@pytest.mark.parametrize("present", ["nothing", "open", "a link", "a dead link", "a file"])
def test_a_root_that_another_user_may_have_made_is_not_used(
    present: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ROOT, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    usual = tmp_path / f"timesformer-{os.getuid()}"
    (elsewhere := tmp_path / "elsewhere").mkdir(mode=0o700)
    match present:
        case "open":
            usual.mkdir()
            usual.chmod(0o755)
        case "a link":
            usual.symlink_to(elsewhere)
        case "a dead link":
            usual.symlink_to(tmp_path / "nowhere")
        case "a file":
            usual.touch()
    opened = open_temp_files()
    try:
        assert (opened.folder.parent == usual) is (present == "nothing")
        assert opened.folder.parent not in (elsewhere, tmp_path)
        assert opened.is_private
        assert not opened.folder.parent.stat().st_mode & 0o077
    finally:
        opened.remove()


def test_the_root_of_another_user_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ROOT, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    other = os.getuid() + 1
    (tmp_path / f"timesformer-{other}").mkdir(mode=0o700)
    monkeypatch.setattr(os, "getuid", lambda: other)
    opened = open_temp_files()
    assert opened.folder.parent != tmp_path / f"timesformer-{other}"
    opened.remove()


def test_a_folder_that_cannot_be_written_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv(ROOT, str(tmp_path / "file" / "folder"))
    with pytest.raises(TimesformerError) as raised:
        open_temp_files()
    assert raised.value.message.key == "errors.page.no_temp_folder"
    assert raised.value.message.values == {"variable": ROOT}
