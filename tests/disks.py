"""A disk that can be filled: a small one, or a limit on every file for who may mount none."""

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
    """Where it is; and whether it is one, or a limit stands in for it."""

    folder: Path
    mounted: bool

    @contextmanager
    def full(self, process: int, *, but: int) -> Iterator[None]:
        """For as long as it is so: no room for more than `but` bytes, for what a process writes."""
        if self.mounted:
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
    """A disk of SIZE in a new folder, in memory, which goes in the end."""
    folder.mkdir()
    system = ctypes.CDLL(None, use_errno=True)
    where = os.fsencode(folder)
    mounted = system.mount(b"tmpfs", where, b"tmpfs", 0, b"size=%d" % SIZE) == 0
    try:
        yield Disk(folder, mounted)
    finally:
        if mounted:
            lazily = 2  # MNT_DETACH: once nobody holds a file there any more
            system.umount2(where, lazily)
