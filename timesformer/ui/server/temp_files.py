"""Temporary files of visitors, in one folder for each run of the server, swept every minute."""

import asyncio
import atexit
import logging
import os
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Lock
from types import FrameType, ModuleType
from typing import IO, Any

from ...errors import TimesformerError
from . import limits

locks: ModuleType | None
try:
    import fcntl as locks
except ImportError:  # on Windows, where an open file cannot be removed
    locks = None

ROOT = "GRADIO_TEMP_DIR"  # environment variable in which the owner names the parent folder
LOCK = "lock"
CACHE_PREFIX = "cache-"  # of folders that hold nothing of a visitor; sweeps skip them

log = logging.getLogger(__name__)

FirstSeen = tuple[int, int, float]  # inode and modification time of a file; monotonic seconds


class TempFiles:
    """The folder of one run of the server, and when each of its files was first seen.

    `files` is for Gradio's uploads and downloads, `work` for all other temporary files. Ages are
    measured by the monotonic clock, so a change of the system's time deletes nothing early or late.
    """

    def __init__(self, folder: Path) -> None:
        folder = folder.resolve()
        self.folder, self.files, self.work = folder, folder / "files", folder / "work"
        for inner in (self.files, self.work):
            inner.mkdir()
        self.swept_at = time.monotonic()
        self._process = os.getpid()
        self._lock_file = _locked(folder)
        self._permanent: frozenset[Path] = frozenset()
        self._seen: dict[Path, FirstSeen] = {}
        self._seen_lock = Lock()  # never held during slow work: the event loop waits for it

    @property
    def is_private(self) -> bool:
        """True if other users of this computer have no access."""
        return os.name == "posix" and not self.folder.stat().st_mode & 0o077

    @property
    def free_bytes(self) -> int:
        """Free bytes on the disk."""
        return shutil.disk_usage(self.folder).free

    def use(self) -> None:
        """Make Gradio and `tempfile` in this process put their files here from now on."""
        os.environ[ROOT] = str(self.files)
        tempfile.tempdir = str(self.work)

    def exempt_present_files(self) -> None:
        """Exempt the files that are here now from all sweeps: the page itself put them here."""
        self._permanent = frozenset(self._swept_files())

    def contains(self, path: str) -> bool:
        """Return True if a path, in any spelling, is of a file that Gradio put here."""
        try:
            resolved = Path(path).resolve()
            with suppress(FileNotFoundError, NotADirectoryError):  # it may have been swept
                os.lstat(path)
        except (OSError, RuntimeError, ValueError):  # too long a name, a loop of links, a null byte
            return False
        return self.files in resolved.parents

    def renew(self, path: str) -> None:
        """Restart the time to live of a file."""
        resolved = Path(path).resolve()
        with self._seen_lock:
            if identity := _identity(resolved):
                self._seen[resolved] = (*identity, time.monotonic())

    def sweep(self) -> None:
        """Delete files past their time to live, and the folders that this leaves empty."""
        now, expired = time.monotonic(), []
        present = {path: identity for path in self._swept_files() if (identity := _identity(path))}
        with self._seen_lock:
            for path in self._seen.keys() - present.keys():
                if not _identity(path):  # else it came during the walk
                    del self._seen[path]
            for path, identity in present.items():
                known = self._seen.get(path)
                if known is None or known[:2] != identity:
                    self._seen[path] = (*identity, now)
                elif now - known[2] >= limits.TTL_SECONDS:
                    expired.append(path)
        for path in expired:
            self._delete_expired(path)
        self.swept_at = now

    def _delete_expired(self, path: Path) -> None:
        """Delete a file, unless it was renewed since it expired."""
        with self._seen_lock:
            if time.monotonic() - self._seen[path][2] < limits.TTL_SECONDS:
                return
            path.unlink(missing_ok=True)  # its visitor may have deleted it
            del self._seen[path]
        self._remove_empty(path.parent)

    def remove(self) -> None:
        """Delete the folder, unless this is a forked process."""
        if os.getpid() == self._process:
            shutil.rmtree(self.folder, ignore_errors=True)

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """Delete the folder and end the process: a handler for SIGTERM."""
        self.remove()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    @asynccontextmanager
    async def lifespan(
        self,
        app: Any,
        *,
        files_in_use: Callable[[Any], Iterable[str]] = lambda app: (),
        also_sweep: Callable[[], None] = lambda: None,
    ) -> AsyncIterator[None]:
        """Sweep at intervals while the server runs.

        Before each sweep, renew the files that `files_in_use(app)` returns and call `also_sweep`.
        """
        self.exempt_present_files()
        sweeping = asyncio.create_task(self._sweep_forever(lambda: files_in_use(app), also_sweep))
        try:
            yield
        finally:
            sweeping.cancel()

    async def _sweep_forever(
        self, files_in_use: Callable[[], Iterable[str]], also_sweep: Callable[[], None]
    ) -> None:
        while True:
            await asyncio.sleep(limits.SWEEP_SECONDS)
            also_sweep()
            try:
                for path in files_in_use():
                    self.renew(path)
                await asyncio.to_thread(self.sweep)
            except OSError:
                log.exception("a sweep failed")

    def _swept_files(self) -> list[Path]:
        """Return the files that sweeps look at: visitors' uploads and what was made of them."""
        paths: list[Path] = []
        for root in (self.files, self.work):
            for folder, subfolders, names in os.walk(root):
                subfolders[:] = [name for name in subfolders if not name.startswith(CACHE_PREFIX)]
                paths += (Path(folder, name) for name in names)
        return [path for path in paths if path not in self._permanent]

    def _remove_empty(self, folder: Path) -> None:
        while folder not in (self.files, self.work):
            try:
                folder.rmdir()
            except OSError:  # not empty
                return
            folder = folder.parent


def open_temp_files() -> TempFiles:
    """Create the folder of this run, and delete the folders of servers that were killed.

    Raises TimesformerError if nothing can be written.
    """
    try:
        named = os.environ.get(ROOT)
        root = Path(named) if named else _private_root()
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in root.glob("run-*"):
            if not _is_in_use(folder):
                shutil.rmtree(folder, ignore_errors=True)
        temp_files = TempFiles(Path(tempfile.mkdtemp(prefix="run-", dir=root)))
    except OSError as error:
        raise TimesformerError("page.no_temp_folder", variable=ROOT) from error
    atexit.register(temp_files.remove)
    return temp_files


def _private_root() -> Path:
    """Return a folder that only this user can use.

    If another user may have created the usual folder first, create a new one.
    """
    user = os.getuid() if hasattr(os, "getuid") else "here"
    root = Path(tempfile.gettempdir(), f"timesformer-{user}")
    with suppress(FileExistsError):
        root.mkdir(mode=0o700)
    status = root.lstat()
    is_private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    is_own = os.name != "posix" or (is_private and status.st_uid == user)
    return root if is_own else Path(tempfile.mkdtemp(prefix="timesformer-"))


def _locked(folder: Path) -> IO[str]:
    """Lock a folder and return the lock file. The system unlocks it when this process ends.

    The file gets its final name after it is locked, so no other server can lock it first.
    """
    if not locks:
        return (folder / LOCK).open("w")
    lock = (folder / f"{LOCK}-new").open("w")
    locks.flock(lock, locks.LOCK_EX)
    (folder / f"{LOCK}-new").rename(folder / LOCK)
    return lock


def _identity(path: Path) -> tuple[int, int] | None:
    """Return the inode and modification time of a file, or None if the file is gone."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


def _is_in_use(folder: Path) -> bool:
    """Return True if the server that created a folder still runs."""
    try:
        with (folder / LOCK).open("r+") as lock:
            if locks:
                locks.flock(lock, locks.LOCK_EX | locks.LOCK_NB)
        if not locks:
            (folder / LOCK).unlink()
    except OSError:  # it is locked, or its server is starting
        return True
    return False
