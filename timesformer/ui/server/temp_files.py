"""Where files of visitors lie while the server runs: one folder of its own, swept every minute."""

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

locks: ModuleType | None
try:
    import fcntl as locks
except ImportError:  # on Windows, where a file that is open cannot be removed
    locks = None

ROOT = "GRADIO_TEMP_DIR"  # the environment variable in which the owner names a folder for it
LOCK = "lock"
KEPT = "kept-"  # how folders begin whose content is of no visitor, and stays
SWEPT_EVERY = 60.0  # seconds
STAY = 480.0  # seconds from when a file is first seen: gone ten minutes after it came

log = logging.getLogger(__name__)

Seen = tuple[int, int, float]  # inode and time of change of a file; monotonic, since when


class Storage:
    """The folder of one run of the server, and what was seen in it.

    `files` is for Gradio's uploads and what it gives out, `work` for everything else that is
    temporary. No clock on the wall counts: one that is set anew deletes nothing early or late.
    """

    def __init__(self, folder: Path) -> None:
        folder = folder.resolve()
        self.folder, self.files, self.work = folder, folder / "files", folder / "work"
        for inner in (self.files, self.work):
            inner.mkdir()
        self.swept_at = time.monotonic()
        self._process = os.getpid()
        self._lock = _locked(folder)
        self._own: frozenset[Path] = frozenset()
        self._seen: dict[Path, Seen] = {}
        self._ledger = Lock()  # around `_seen`, and around nothing that takes long

    @property
    def is_private(self) -> bool:
        """Whether nobody else on this computer may look into it."""
        return os.name == "posix" and not self.folder.stat().st_mode & 0o077

    @property
    def free_bytes(self) -> int:
        """Bytes that the disk has left."""
        return shutil.disk_usage(self.folder).free

    def use(self) -> None:
        """Has Gradio and everything temporary in this process put its files here from now on."""
        os.environ[ROOT] = str(self.files)
        tempfile.tempdir = str(self.work)

    def keep_what_is_here(self) -> None:
        """What lies here by now is the page's own, and stays."""
        self._own = frozenset(self._visited())

    def holds(self, path: str) -> bool:
        """Whether a path, however it is written, is of a file that Gradio put here."""
        try:
            where = Path(path).resolve()
            with suppress(FileNotFoundError, NotADirectoryError):  # it may have been swept
                os.lstat(path)
        except (OSError, RuntimeError, ValueError):  # too long a name, a loop of links, a null byte
            return False
        return self.files in where.parents

    def renew(self, path: str) -> None:
        """A file that is asked about stays as if it had just come."""
        where = Path(path).resolve()
        with self._ledger:
            if identity := _identity(where):
                self._seen[where] = (*identity, time.monotonic())

    def sweep(self) -> None:
        """Deletes what has stayed for long enough, and the folders it leaves empty."""
        now, due = time.monotonic(), []
        found = {path: identity for path in self._visited() if (identity := _identity(path))}
        with self._ledger:
            for path in self._seen.keys() - found.keys():
                if not _identity(path):  # one that came meanwhile stays
                    del self._seen[path]
            for path, identity in found.items():
                known = self._seen.get(path)
                if known is None or known[:2] != identity:
                    self._seen[path] = (*identity, now)
                elif now - known[2] >= STAY:
                    due.append(path)
        for path in due:
            self._delete(path)
        self.swept_at = now

    def _delete(self, path: Path) -> None:
        """A file that is due, unless somebody has asked about it meanwhile."""
        with self._ledger:
            if time.monotonic() - self._seen[path][2] < STAY:
                return
            path.unlink(missing_ok=True)  # its visitor may have deleted it just now
            del self._seen[path]
        self._remove_empty(path.parent)

    def remove(self) -> None:
        """Deletes all of it, where this is the process that made it and not one it has forked."""
        if os.getpid() == self._process:
            shutil.rmtree(self.folder, ignore_errors=True)

    def leave(self, number: int, frame: FrameType | None) -> None:
        """What to do on a signal to end: delete all of it, and end."""
        self.remove()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    @asynccontextmanager
    async def lifespan(
        self,
        app: Any,
        *,
        asked_about: Callable[[Any], Iterable[str]] = lambda app: (),
        besides: Callable[[], None] = lambda: None,
    ) -> AsyncIterator[None]:
        """While the server runs, sweeps all but what somebody of the app has just `asked_about`.

        `besides` sweeps elsewhere, as often.
        """
        self.keep_what_is_here()
        sweeping = asyncio.create_task(self._sweep_on(lambda: asked_about(app), besides))
        try:
            yield
        finally:
            sweeping.cancel()

    async def _sweep_on(
        self, asked_about: Callable[[], Iterable[str]], besides: Callable[[], None]
    ) -> None:
        while True:
            await asyncio.sleep(SWEPT_EVERY)
            besides()
            try:
                for path in asked_about():
                    self.renew(path)
                await asyncio.to_thread(self.sweep)
            except OSError:
                log.exception("a sweep failed")

    def _visited(self) -> list[Path]:
        """The files that visitors have brought, or had made."""
        found: list[Path] = []
        for place in (self.files, self.work):
            for folder, inner, names in os.walk(place):
                inner[:] = [name for name in inner if not name.startswith(KEPT)]
                found += (Path(folder, name) for name in names)
        return [path for path in found if path not in self._own]

    def _remove_empty(self, folder: Path) -> None:
        while folder not in (self.files, self.work):
            try:
                folder.rmdir()
            except OSError:  # something else is in it
                return
            folder = folder.parent


def open_storage() -> Storage:
    """A new folder to use; those of servers that were killed go.

    Raises TimesformerError where nothing can be written.
    """
    try:
        named = os.environ.get(ROOT)
        root = Path(named) if named else _own_root()
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in root.glob("run-*"):
            if not _is_used(folder):
                shutil.rmtree(folder, ignore_errors=True)
        storage = Storage(Path(tempfile.mkdtemp(prefix="run-", dir=root)))
    except OSError as error:
        raise TimesformerError("page.no_temp_folder", variable=ROOT) from error
    atexit.register(storage.remove)
    return storage


def _own_root() -> Path:
    """A folder of this user's alone: the usual one, or another where somebody was there first."""
    user = os.getuid() if hasattr(os, "getuid") else "here"
    root = Path(tempfile.gettempdir(), f"timesformer-{user}")
    with suppress(FileExistsError):
        root.mkdir(mode=0o700)
    found = root.lstat()
    is_private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    is_own = os.name != "posix" or (is_private and found.st_uid == user)
    return root if is_own else Path(tempfile.mkdtemp(prefix="timesformer-"))


def _locked(folder: Path) -> IO[str]:
    """A folder's lock, which the system lets go, however this process ends.

    It has its name once it is held: else another server might come between, and take it.
    """
    if not locks:
        return (folder / LOCK).open("w")
    lock = (folder / f"{LOCK}-new").open("w")
    locks.flock(lock, locks.LOCK_EX)
    (folder / f"{LOCK}-new").rename(folder / LOCK)
    return lock


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another of its name; None where there is none."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def _is_used(folder: Path) -> bool:
    """Whether the server that made a folder still runs."""
    try:
        with (folder / LOCK).open("r+") as lock:
            if locks:
                locks.flock(lock, locks.LOCK_EX | locks.LOCK_NB)
        if not locks:
            (folder / LOCK).unlink()
    except OSError:  # it is locked, or being made just now
        return True
    return False
