"""A disk that can be filled: a small one, or a limit on file sizes where mounting is refused."""

import ctypes
import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SIZE = 120 * 2**20  # bytes


@dataclass(frozen=True)
class Disk:
    """A folder that is a disk if `is_mounted`, else an ordinary folder."""

    folder: Path
    is_mounted: bool

    @contextmanager
    def full(self, process: int, *, but: int) -> Iterator[None]:
        """Leave `but` free bytes to a process, as long as the context lasts."""
        if self.is_mounted:
            ballast = self.folder / "ballast"
            ballast.write_bytes(bytes(shutil.disk_usage(self.folder).free - but))
            yield
            ballast.unlink()
            return
        usual = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (but, usual[1]))
        yield
        resource.prlimit(process, resource.RLIMIT_FSIZE, usual)


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """Mount a disk of SIZE, in memory, in a new folder; unmount it at the end."""
    folder.mkdir()
    system = ctypes.CDLL(None, use_errno=True)
    where = os.fsencode(folder)
    mounted = system.mount(b"tmpfs", where, b"tmpfs", 0, b"size=%d" % SIZE) == 0
    try:
        yield Disk(folder, mounted)
    finally:
        if mounted:
            lazily = 2  # MNT_DETACH: when no file is open there
            system.umount2(where, lazily)
