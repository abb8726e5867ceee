"""Sandboxed reading: separate processes, with limits, decode the videos of strangers."""

import json
import os
import signal
import subprocess
import sys
import weakref
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from io import FileIO
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Timer
from typing import Any

import numpy as np

from ..errors import ClipError
from .clip import Clip, check_request
from .files import VideoFile, open_bytes
from .limits import MAX_CLIP_PIXELS, MAX_WORKERS, SANDBOX_LIMITS, SandboxLimits
from .sandbox_answer import INVALID_ANSWER, SandboxReport, checked_report
from .sandbox_worker import DONE, HEAD, ONE_PIXEL_GIF

CAN_FORK = sys.platform == "linux"  # macOS libraries may fail after a fork; Windows has no fork
# To import the package itself would import torch: hundreds of megabytes, and seconds.
WORKER_CODE = """
import json, sys, types
sys.path[:] = sys.argv[3:]
package = sys.modules["timesformer"] = types.ModuleType("timesformer")
package.__path__ = sys.argv[1:2]
from timesformer.video.sandbox_worker import serve
serve(**json.loads(sys.argv[2]))
"""

_PROCESS_ENDED = (OSError, EOFError)
_PIPE_BYTES = 1 << 20  # the largest pipe that Linux grants every user
_MAX_JSON_BYTES = 1 << 20  # 96 times and a few notes are 3,000
# Some systems start no program without these. The server's other variables may hold secrets.
_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

Request = dict[str, Any]  # the keyword arguments of read_clip


_POOLS: weakref.WeakSet["SandboxPool"] = weakref.WeakSet()
_WORKERS: weakref.WeakSet["_Worker"] = weakref.WeakSet()


class SandboxPool:
    """A pool of at most MAX_WORKERS warm processes that read clips within limits.

    With `forks`, a copy of a process reads each clip; else each process reads one clip. `code` is
    the Python code of a process.
    """

    def __init__(
        self,
        limits: SandboxLimits = SANDBOX_LIMITS,
        *,
        forks: bool = CAN_FORK,
        code: str = WORKER_CODE,
    ) -> None:
        self.limits = limits
        self._forks = forks
        settings = json.dumps({"forks": forks, "limits": asdict(limits)})
        package = str(Path(__file__).parents[1])
        self._command = [sys.executable, "-I", "-S", "-c", code, package, settings]
        _POOLS.add(self)
        self._begin()

    def _begin(self) -> None:
        """Begin without processes: the first time, and in a forked process."""
        self._free = BoundedSemaphore(MAX_WORKERS)
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        # On Linux a process ends with the thread that started it, so one thread starts them all.
        self._starter = ThreadPoolExecutor(1)

    def read(
        self,
        video: VideoFile,
        *,
        num_frames: int,
        sampling_rate: int | None,
        start: float = 0.0,
    ) -> SandboxReport:
        """Return the report of a process that reads a clip, as `read_clip` does.

        Raises ClipError if the file cannot be read here, if a limit is exceeded and if the process
        crashes. No error names the file. Raises ValueError as `read_clip`.
        """
        check_request(num_frames, sampling_rate, start)
        request = {
            "num_frames": int(num_frames),  # JSON has no numbers of NumPy
            "sampling_rate": None if sampling_rate is None else int(sampling_rate),
            "start": float(start),
        }
        return self._run(request, self._content(video))

    def protections(self) -> dict[str, bool]:
        """Return the protections by name, each True if it is in force in a sandboxed process."""
        report = self._run({"num_frames": 1, "sampling_rate": 1}, ONE_PIXEL_GIF)
        # The page's /health promises these names; "process apart" is a separate process.
        return {"process apart": True, "deadline": True, **report.protections}

    def _content(self, video: VideoFile) -> bytes:
        limit = self.limits.max_file_bytes
        try:
            with open_bytes(video, is_named=False) as file:
                file.seek(0, os.SEEK_END)
                if (size := file.tell()) > limit:
                    megabytes = limit // 1_000_000
                    raise ClipError("clip.file_too_large", size=size / 1e6, limit=megabytes)
                file.seek(0)
                return file.read(limit)
        except OSError:
            raise ClipError("clip.cannot_open") from None

    def _run(self, request: Request, video: bytes) -> SandboxReport:
        with self._free:
            worker = self._take()
            try:
                return worker.run(request, video)
            finally:
                if self._forks and worker.is_alive():
                    self._idle.put(worker)
                else:
                    worker.end()
                    with suppress(ClipError):  # the next read tries again and reports the error
                        self._idle.put(self._start())

    def _take(self) -> "_Worker":
        with suppress(Empty):
            while not (worker := self._idle.get_nowait()).is_alive():
                worker.end()
            return worker
        return self._start()

    def _start(self) -> "_Worker":
        return self._starter.submit(_Worker, self._command, self.limits, self._forks).result()


_POOL = SandboxPool()


def read_clip_sandboxed(
    video: VideoFile,
    *,
    num_frames: int,
    sampling_rate: int | None,
    start: float = 0.0,
    pool: SandboxPool = _POOL,
) -> Clip:
    """Return the clip that `read_clip` returns, but decode the untrusted file in a sandbox.

    Raises ClipError as `read_clip` does, and if file size, time, CPU time or memory exceeds the
    pool's limits. No error names the file.
    """
    report = pool.read(video, num_frames=num_frames, sampling_rate=sampling_rate, start=start)
    if report.clip is None:
        assert report.refusal is not None
        raise ClipError(report.refusal)
    return report.clip


def protections() -> dict[str, bool]:
    """Return the protections of `read_clip_sandboxed` by name, each True if it is in force."""
    return _POOL.protections()


class _Worker:
    """A process that reads clips, one at a time."""

    def __init__(self, command: Sequence[str], limits: SandboxLimits, forks: bool) -> None:
        self._limits, self._forks = limits, forks
        self._is_late = False
        try:
            try:
                self._process = _start_process(command, pipesize=_PIPE_BYTES)
            except OSError:  # a user with many open pipes gets no larger ones
                self._process = _start_process(command)
        except OSError:
            raise ClipError("clip.no_process") from None
        self.end = weakref.finalize(self, _end_process, self._process)
        _WORKERS.add(self)

    def leave(self) -> None:
        """Leave the process to the process that this one was forked from."""
        self.end.detach()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert pipe
            pipe.close()
        self._process.returncode = 0  # else it is reported as still running

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def run(self, request: Request, video: bytes) -> SandboxReport:
        """Return the report of a read; end the process if it gives no valid report."""
        deadline = Timer(self._limits.max_seconds, self._kill_late)
        deadline.daemon = True
        deadline.start()
        try:
            self._send(request, video)
            answer, frames = self._receive()
            return checked_report(answer, frames, request["num_frames"])
        except (*_PROCESS_ENDED, *INVALID_ANSWER):
            self.end()
            raise self._error() from None
        except BaseException:  # such as Ctrl+C: the next read would receive this answer
            self.end()
            raise
        finally:
            deadline.cancel()

    def _kill_late(self) -> None:
        self._is_late = True
        self._process.kill()

    def _error(self) -> ClipError:
        """Return the error for a process that has ended without a valid report."""
        code = self._process.returncode  # the number of a signal, or minus this number
        if self._is_late:
            return ClipError("clip.deadline", limit=self._limits.max_seconds)
        if abs(code) == getattr(signal, "SIGXCPU", None):
            return ClipError("clip.cpu_time", limit=self._limits.max_cpu_seconds)
        return ClipError("clip.sandbox_failed")

    def _send(self, request: Request, video: bytes) -> None:
        assert self._process.stdin
        text = json.dumps(request).encode()
        for block in (HEAD.pack(len(text), len(video)) + text, video):
            rest = memoryview(block)
            while rest:
                rest = rest[self._process.stdin.write(rest) :]

    def _receive(self) -> tuple[dict[str, Any], np.ndarray]:
        """Return the JSON of the answer and the bytes (n,) uint8 of its frames."""
        assert self._process.stderr
        json_bytes, frame_bytes = HEAD.unpack(self._read(HEAD.size))
        if json_bytes > _MAX_JSON_BYTES or frame_bytes > 3 * MAX_CLIP_PIXELS:
            raise ValueError("more than any clip has")
        answer = json.loads(self._read(json_bytes))
        frames = np.frombuffer(self._read(frame_bytes), np.uint8)
        if self._forks and self._process.stderr.read(1) != DONE:
            raise EOFError
        return answer, frames

    def _read(self, size: int) -> bytearray:
        assert isinstance(self._process.stdout, FileIO)
        block = bytearray(size)
        rest = memoryview(block)
        while rest:
            count = self._process.stdout.readinto(rest)
            if not count:
                raise EOFError
            rest = rest[count:]
        return block


def _start_process(command: Sequence[str], *, pipesize: int = -1) -> "subprocess.Popen[bytes]":
    inherited = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return subprocess.Popen(
        [*command, *map(os.path.abspath, sys.path)],
        bufsize=0,
        pipesize=pipesize,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"OPENBLAS_NUM_THREADS": "1", **inherited},  # else NumPy starts a thread per core
    )


def _end_process(process: "subprocess.Popen[bytes]") -> None:
    with process:  # closes the pipes and waits
        process.kill()


def _begin_anew() -> None:
    """Leave the pools' processes to the parent, and begin with none, in a forked process.

    Threads are not copied, so a copy of a pool would wait for its thread for ever.
    """
    for worker in list(_WORKERS):
        worker.leave()
    for pool in list(_POOLS):
        pool._begin()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_begin_anew)
