"""Reads the clips of strangers in processes apart, with limits, so that a bad one harms no other.

What comes back from such a process is trusted no more than the clip is: it is counted and checked.
"""

import json
import math
import os
import signal
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import FileIO
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Timer
from typing import Any

import numpy as np

from ..errors import ClipError
from ..i18n import Message
from . import sandbox_limits
from .clip import MAX_CLIP_PIXELS, Clip, check_request
from .probe import open_regular
from .sandbox_worker import DONE, DOT, FORKS, HEAD

MAX_BYTES = 50_000_000  # of a file; the page takes no larger one
SECONDS = 20.0  # from asking for a clip to having it
WORKERS = min(4, os.cpu_count() or 1)  # at once; each may take a core and 1 GiB

_BROKEN = (OSError, EOFError)  # the process has ended
_SENSELESS = (ValueError, TypeError, KeyError, ArithmeticError, RecursionError)  # or lies
_PIPE = 1 << 20  # bytes that may wait in a pipe, the most that Linux grants everyone
_MAX_TOLD = 1 << 20  # bytes of JSON: 96 times and a few notes are 3,000
# To import the package itself would bring in torch: hundreds of megabytes, and seconds.
_START = """
import sys, types
sys.path[:] = sys.argv[2:]
package = sys.modules["timesformer"] = types.ModuleType("timesformer")
package.__path__ = sys.argv[1:2]
from timesformer.video.sandbox_worker import serve
serve()
"""
# Nothing else of the server's is handed on, such as its keys: some systems start nothing without.
_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def read_clip_apart(
    path: str | os.PathLike[str],
    *,
    num_frames: int,
    sampling_rate: int | None,
    start: float = 0.0,
) -> Clip:
    """What `video.read_clip` gives, of a file that nobody vouches for.

    It is decoded by another process, on one thread and within limits: 50 MB of file, 1 GiB of
    memory, 10 seconds of computing, 20 in all. Raises ClipError also where one is exceeded, and
    where the process comes to harm.
    """
    check_request(num_frames, sampling_rate, start)
    video = _bytes_of(path)
    asked = {"num_frames": num_frames, "sampling_rate": sampling_rate, "start": start}
    return _pool.read(asked, video)[0]


def protections() -> dict[str, bool]:
    """Which protections are in force here, by name, as found in a process that reads a clip."""
    _, told = _pool.read({"num_frames": 1, "sampling_rate": 1}, DOT)
    return {"process apart": True, "deadline": True, **told["held"]}


def _bytes_of(path: str | os.PathLike[str]) -> bytes:
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > MAX_BYTES:
            raise ClipError("clip.file_too_large", size=size / 1e6, limit=MAX_BYTES // 1_000_000)
        return file.read(MAX_BYTES)


class _Worker:
    """A process that reads clips, one at a time."""

    def __init__(self) -> None:
        try:
            try:
                self.process = _started(pipesize=_PIPE)
            except OSError:  # whoever has many pipes open may be granted no larger ones
                self.process = _started()
        except OSError:
            raise ClipError("clip.no_process") from None
        self.end = weakref.finalize(self, _end, self.process)  # at the latest when Python ends
        self._late = False

    def is_alive(self) -> bool:
        """Whether it may be asked for a clip."""
        return self.process.poll() is None

    def read(self, asked: dict[str, Any], video: bytes) -> tuple[Clip, dict[str, Any]]:
        """A clip, and all that was told of it; where none comes, the process is ended."""
        deadline = Timer(SECONDS, self._stop)
        deadline.daemon = True
        deadline.start()
        try:
            self._send(asked, video)
            told, frames = self._receive()
            return _checked_clip(told, frames, asked["num_frames"]), told
        except ClipError:  # the clip is refused
            raise
        except (*_BROKEN, *_SENSELESS):
            self.end()
            raise _harm(self.process.returncode, late=self._late) from None
        except BaseException:  # such as Ctrl+C: the answer would come to whoever asks next
            self.end()
            raise
        finally:
            deadline.cancel()

    def _stop(self) -> None:
        self._late = True
        self.process.kill()

    def _send(self, asked: dict[str, Any], video: bytes) -> None:
        assert self.process.stdin
        about = json.dumps(asked).encode()
        for block in (HEAD.pack(len(about), len(video)) + about, video):
            rest = memoryview(block)
            while rest:
                rest = rest[self.process.stdin.write(rest) :]

    def _receive(self) -> tuple[dict[str, Any], np.ndarray]:
        """What is told, and the frames' bytes (n,) uint8."""
        assert self.process.stderr
        told_size, raw_size = HEAD.unpack(self._block(HEAD.size))
        if told_size > _MAX_TOLD or raw_size > 3 * MAX_CLIP_PIXELS:
            raise ValueError("more than any clip has")
        told = json.loads(self._block(told_size))
        frames = np.frombuffer(self._block(raw_size), np.uint8)
        if FORKS and self.process.stderr.read(1) != DONE:
            raise EOFError
        return told, frames

    def _block(self, size: int) -> bytearray:
        assert isinstance(self.process.stdout, FileIO)
        block = bytearray(size)
        rest = memoryview(block)
        while rest:
            count = self.process.stdout.readinto(rest)
            if not count:
                raise EOFError
            rest = rest[count:]
        return block


def _started(*, pipesize: int = -1) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-I", "-S", "-c", _START, str(Path(__file__).parents[1])]
    inherited = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return subprocess.Popen(
        [*command, *map(os.path.abspath, sys.path)],
        bufsize=0,
        pipesize=pipesize,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"OPENBLAS_NUM_THREADS": "1", **inherited},  # else NumPy starts one a core
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    with process:  # closes the pipes, and waits
        process.kill()


def _harm(code: int, *, late: bool) -> ClipError:
    """Why a process came to harm that ended with `code`, the number of a signal or minus it."""
    if late:
        return ClipError("clip.deadline", limit=SECONDS)
    if abs(code) == getattr(signal, "SIGXCPU", None):
        return ClipError("clip.cpu_time", limit=sandbox_limits.SECONDS)
    return ClipError("clip.sandbox_failed")


def _checked_clip(told: dict[str, Any], frames: np.ndarray, num_frames: int) -> Clip:
    """The clip that is told of; raises its refusal, or one of _SENSELESS."""
    if "refusal" in told:
        raise ClipError(_checked_message(told["refusal"]))
    shape = told["shape"]
    _, height, width, _ = shape
    times = np.array(told["times"], np.float64)
    duration = float(told["duration"])
    if shape[::3] != [num_frames, 3] or min(height, width) < 1 or times.shape != (num_frames,):
        raise ValueError("not the clip that was asked for")
    if not (np.isfinite(times).all() and math.isfinite(duration)):
        raise ValueError("no times")
    notes = tuple(map(_checked_message, told["notes"]))
    return Clip(frames.reshape(shape), times, duration, notes)


def _checked_message(told: Any) -> Message:
    """Return the message about a clip with a key and numbers, or raise one of _SENSELESS."""
    key, values = str(told[0]), dict(told[1])
    if not key.startswith(("errors.clip.", "notes.clip.")):
        raise ValueError("not a message about a clip")
    if not all(isinstance(value, int | float) for value in values.values()):
        raise ValueError("not numbers")
    return Message(key, **values)


class _Pool:
    """Warm processes, as many as are asked for at once and at most WORKERS."""

    def __init__(self) -> None:
        self._places = BoundedSemaphore(WORKERS)
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._starter = ThreadPoolExecutor(1)  # since processes end with the thread they are from

    def read(self, asked: dict[str, Any], video: bytes) -> tuple[Clip, dict[str, Any]]:
        """As `_Worker.read`, of whichever is free; waits for one where none is."""
        with self._places:
            worker = self._taken()
            try:
                return worker.read(asked, video)
            finally:
                if FORKS and worker.is_alive():
                    self._idle.put(worker)
                else:
                    worker.end()
                    with suppress(ClipError):  # the next clip tries again, and says so
                        self.warm_up()

    def warm_up(self) -> None:
        """Start one more process."""
        self._idle.put(self._started())

    def _taken(self) -> _Worker:
        with suppress(Empty):
            while not (worker := self._idle.get_nowait()).is_alive():
                worker.end()
            return worker
        return self._started()

    def _started(self) -> _Worker:
        return self._starter.submit(_Worker).result()


_pool = _Pool()
