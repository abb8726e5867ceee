"""Where files of visitors lie while the server runs: one folder of its own, swept every minute."""

import asyncio
import atexit
import logging
import os
import shutil
import signal
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Lock
from types import FrameType, ModuleType
from typing import IO

from ..errors import TimesformerError

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
        self._lock: IO[str] = (folder / LOCK).open("w")
        if locks:
            locks.flock(self._lock, locks.LOCK_EX)  # let go by the system, however this ends
        self._own: frozenset[Path] = frozenset()
        self._seen: dict[Path, Seen] = {}
        self._sweeping = Lock()

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
        with self._sweeping, suppress(FileNotFoundError):
            self._seen[Path(path).resolve()] = (*_identity(Path(path)), time.monotonic())

    def sweep(self) -> None:
        """Deletes what has stayed for long enough, and the folders it leaves empty."""
        now, seen = time.monotonic(), {}
        with self._sweeping:
            for path in self._visited():
                with suppress(FileNotFoundError):  # deleted by its visitor just now
                    found, known = _identity(path), self._seen.get(path)
                    since = known[2] if known and known[:2] == found else now
                    if now - since < STAY:
                        seen[path] = (*found, since)
                    else:
                        path.unlink()
                        self._remove_empty(path.parent)
            self._seen, self.swept_at = seen, now

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
    async def lifespan(self, app: object) -> AsyncIterator[None]:
        """While the server runs, sweeps."""
        self.keep_what_is_here()
        sweeping = asyncio.create_task(self._sweep_on())
        try:
            yield
        finally:
            sweeping.cancel()

    async def _sweep_on(self) -> None:
        while True:
            await asyncio.sleep(SWEPT_EVERY)
            try:
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
    user = os.getuid() if hasattr(os, "getuid") else "here"
    try:
        root = Path(os.environ.get(ROOT) or Path(tempfile.gettempdir(), f"timesformer-{user}"))
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in root.glob("run-*"):
            if not _is_used(folder):
                shutil.rmtree(folder, ignore_errors=True)
        storage = Storage(Path(tempfile.mkdtemp(prefix="run-", dir=root)))
    except OSError as error:
        raise TimesformerError(
            "There is no folder to write to, and clips have to lie somewhere. Name one in {name}.",
            name=ROOT,
        ) from error
    atexit.register(storage.remove)
    return storage


def _identity(path: Path) -> tuple[int, int]:
    found = path.lstat()
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
