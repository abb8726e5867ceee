"""Sandboxed reading: the same clips, and no harm from a video or from the process it took over."""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from video_files import make, number_of, numbered

from timesformer.errors import ClipError
from timesformer.i18n import Message
from timesformer.video.clip import read_clip
from timesformer.video.limits import MAX_WORKERS, SANDBOX_LIMITS, SandboxLimits
from timesformer.video.sandbox import WORKER_CODE, SandboxPool, protections, read_clip_sandboxed
from timesformer.video.sandbox_limits import system_call_filter

ROOT = Path(__file__).parents[2]
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the system is not Linux")

# The code of processes that misbehave when a certain number of frames is requested.
SPIN, CRASH, HOARD = 7, 8, 9
MISBEHAVE = f"""
import ctypes, timesformer.video.sandbox_worker as worker
def misbehave(*args, num_frames, _read_clip=worker.read_clip, **request):
    while num_frames == {SPIN}:
        pass
    if num_frames == {CRASH}:
        ctypes.string_at(0)
    if num_frames == {HOARD}:
        bytearray(1 << 30)
    return _read_clip(*args, num_frames=num_frames, **request)
worker.read_clip = misbehave
"""


def code_with(lines: str) -> str:
    """Return the code of a process that runs some lines before it serves."""
    code = WORKER_CODE.replace("\nserve(", f"\n{lines}\nserve(")
    assert code != WORKER_CODE
    return code


def misbehaving(**limits: float) -> SandboxPool:
    return SandboxPool(SandboxLimits(**limits), code=code_with(MISBEHAVE))


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return make(tmp_path / "a.mp4", [numbered(i) for i in range(40)])


def outcome(pool: SandboxPool, path: Path, num_frames: int) -> str | None:
    """Return the key of the error or refusal of a read, None for a clip."""
    try:
        report = pool.read(path, num_frames=num_frames, sampling_rate=1)
    except ClipError as error:
        return error.message.key
    return report.refusal.key if report.refusal else None


@pytest.mark.parametrize("rate", [1, 32, None])
def test_a_clip_is_the_same_in_the_sandbox(video: Path, rate: int | None) -> None:
    here = read_clip(video, num_frames=6, sampling_rate=rate, start=0.5)
    there = read_clip_sandboxed(video, num_frames=6, sampling_rate=rate, start=0.5)
    np.testing.assert_array_equal(there.frames, here.frames)
    np.testing.assert_array_equal(there.times, here.times)
    assert there.duration == here.duration
    assert [(note.key, note.values) for note in there.notes] == [
        (note.key, note.values) for note in here.notes
    ]


def test_a_refusal_is_the_same_in_the_sandbox(video: Path) -> None:
    errors = []
    for read in (read_clip, read_clip_sandboxed):
        with pytest.raises(ClipError) as caught:
            read(video, num_frames=2, sampling_rate=1, start=77)
        errors.append((caught.value.message.key, caught.value.message.values))
    assert errors[0] == errors[1]
    assert errors[0][0] == "errors.clip.start_too_late"


def test_a_large_file_is_refused_with_its_size(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with open(path, "wb") as file:
        file.truncate(62_300_000)
    with pytest.raises(ClipError) as caught:
        read_clip_sandboxed(path, num_frames=1, sampling_rate=1)
    assert caught.value.message.key == "errors.clip.file_too_large"
    assert caught.value.message.values == {"size": 62.3, "limit": 50}
    assert SANDBOX_LIMITS.max_file_bytes == 50_000_000


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("absent", "errors.clip.no_file"),
        ("folder", "errors.clip.not_a_file"),
        ("pipe", "errors.clip.not_a_file"),
        ("device", "errors.clip.not_a_file"),
    ],
)
def test_only_regular_files_are_opened(tmp_path: Path, kind: str, key: str) -> None:
    path = tmp_path / "a.mp4"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    with pytest.raises(ClipError) as caught:
        read_clip_sandboxed(path, num_frames=1, sampling_rate=1)
    assert caught.value.message.key == key


def test_a_pointer_of_git_lfs_is_named(tmp_path: Path) -> None:
    pointer = tmp_path / "clip.mp4"
    pointer.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    for read in (read_clip, read_clip_sandboxed):
        with pytest.raises(ClipError) as caught:
            read(pointer, num_frames=1, sampling_rate=1)
        assert caught.value.message.key == "errors.clip.lfs_pointer"


def test_a_crash_costs_one_clip(video: Path) -> None:
    pool = misbehaving()
    assert outcome(pool, video, CRASH) == "errors.clip.sandbox_failed"
    assert outcome(pool, video, 1) is None


def test_too_much_memory_is_refused(video: Path) -> None:
    pool = misbehaving()
    assert outcome(pool, video, HOARD) == "errors.clip.memory"
    assert outcome(pool, video, 1) is None


def test_too_much_cpu_time_is_refused(video: Path) -> None:
    pool = misbehaving(max_cpu_seconds=1)
    assert outcome(pool, video, SPIN) == "errors.clip.cpu_time"
    assert outcome(pool, video, 1) is None


def test_too_much_time_is_refused(video: Path) -> None:
    assert outcome(misbehaving(max_seconds=0.5), video, SPIN) == "errors.clip.deadline"


def test_without_forks_each_process_reads_one_clip(video: Path) -> None:
    pool = SandboxPool(forks=False, code=code_with(MISBEHAVE))
    assert outcome(pool, video, 1) is None
    assert outcome(pool, video, CRASH) == "errors.clip.sandbox_failed"
    assert outcome(pool, video, 1) is None


# Processes, as Linux lists them


def children(pid: int) -> set[int]:
    """Return the processes that a process, or any thread of it, has started."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(child) for file in lists for child in file.read_text().split()}


def eventually(condition: Callable[[], object]) -> bool:
    """Return True once a condition holds, False if it does not within 60 seconds."""
    end = time.monotonic() + 60
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


class Workers:
    """The processes that this process starts from now on."""

    def __init__(self) -> None:
        gc.collect()  # ends the processes of earlier tests
        self.before = children(os.getpid())

    def pids(self) -> set[int]:
        return children(os.getpid()) - self.before

    def only(self) -> int:
        (pid,) = self.pids()
        return pid


@on_linux
def test_many_threads_share_few_processes(video: Path) -> None:
    workers, pool = Workers(), SandboxPool()

    def first_number(start: float) -> int:
        clip = read_clip_sandboxed(video, num_frames=1, sampling_rate=1, start=start, pool=pool)
        return number_of(clip.frames[0])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(first_number, [i / 30 for i in range(24)])) == list(range(24))
    assert 1 <= len(workers.pids()) <= MAX_WORKERS


@on_linux
def test_without_forks_no_process_is_used_again(video: Path) -> None:
    workers, pool = Workers(), SandboxPool(forks=False)
    assert outcome(pool, video, 1) is None
    first = workers.only()
    assert outcome(pool, video, 1) is None
    assert workers.only() != first


@on_linux
@pytest.mark.parametrize("victim", ["the process", "its copy"])
def test_a_process_that_is_killed_costs_one_clip(video: Path, victim: str) -> None:
    workers, pool = Workers(), misbehaving()
    assert outcome(pool, video, 1) is None
    pid = workers.only()
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(outcome, pool, video, SPIN)
        assert eventually(lambda: children(pid))
        (copy,) = children(pid)
        os.kill(pid if victim == "the process" else copy, signal.SIGKILL)
        assert reading.result() == "errors.clip.sandbox_failed"
    assert eventually(lambda: not Path(f"/proc/{copy}").exists())
    assert outcome(pool, video, 1) is None


@on_linux
def test_a_process_that_was_killed_while_idle_costs_nothing(video: Path) -> None:
    workers, pool = Workers(), SandboxPool()
    assert outcome(pool, video, 1) is None
    pid = workers.only()
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: ") Z " in Path(f"/proc/{pid}/stat").read_text())
    assert outcome(pool, video, 1) is None


@on_linux
def test_an_interrupted_read_leaves_no_answer_to_the_next(video: Path) -> None:
    workers, pool = Workers(), misbehaving()
    assert outcome(pool, video, 1) is None
    pid = workers.only()

    def interrupt() -> None:
        assert eventually(lambda: children(pid))
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with ThreadPoolExecutor(1) as threads:
        interrupting = threads.submit(interrupt)
        with pytest.raises(KeyboardInterrupt):
            outcome(pool, video, SPIN)
        interrupting.result()
    signal.signal(signal.SIGINT, before)
    clip = read_clip_sandboxed(video, num_frames=2, sampling_rate=None, pool=pool)
    assert [number_of(frame) for frame in clip.frames] == [10, 29]


# Answers of a process that a video took over

LIE = """
import json, timesformer.video.sandbox_worker as worker
def lie(json_bytes, video_bytes, **_):
    worker._read(json_bytes + video_bytes)
    answer = {{"shape": [1, 2, 2, 3], "times": [0.0], "duration": 1.0, "notes": [],
               "protections": {{}}, "cpu_seconds": 0.0, "memory_bytes": 0.0}}
    sizes, frames = None, memoryview(bytes(12))
    {}
    text = json.dumps(answer).encode()
    sizes = sizes or (len(text), frames.nbytes)
    for block in (worker.HEAD.pack(*sizes), text, frames):
        worker._write(memoryview(block).cast("B"))
worker._answer = lie
"""
LIES = {
    "another shape": 'answer["shape"] = [1, 2, 1, 3]',
    "more axes": 'answer["shape"] = [1, 2, 2, 1, 3]',
    "a negative side": 'answer["shape"] = [1, -2, -2, 3]',
    "other frames": 'answer["shape"] = [2, 1, 2, 3]',
    "other times": 'answer["times"] = []',
    "not a time": 'answer["times"] = [float("nan")]',
    "words for a time": 'answer["duration"] = "long"',
    "an endless number": 'answer["duration"] = 10 ** 400',
    "a list": "answer = []",
    "nothing": "answer = {}",
    "deep": "answer = []\n    for _ in range(900): answer = [answer]",
    "a large answer": "sizes = (1 << 31, 1 << 62)",
    "an unknown message": 'answer["refusal"] = ("{a.__class__}", {"a": 1, "a.__class__": 1})',
    "a message of another subject": 'answer["notes"] = [("page.run", {})]',
    "text for a number": 'answer["notes"] = [("errors.clip.memory", {"limit": "b"})]',
    "a missing number": 'answer["refusal"] = ("errors.clip.memory", {})',
    "a number for numbers": 'answer["refusal"] = ("errors.clip.memory", 1)',
    "a number for a message": 'answer["refusal"] = (1, {})',
    "a list of protections": 'answer["protections"] = [1]',
    "words for memory": 'answer["memory_bytes"] = "much"',
}


def test_a_true_answer_is_accepted(video: Path) -> None:
    note = 'answer["notes"] = [("notes.clip.damaged", {"unread": 1, "total": 2})]'
    pool = SandboxPool(code=code_with(LIE.format(note)))
    clip = read_clip_sandboxed(video, num_frames=1, sampling_rate=1, pool=pool)
    assert clip.frames.shape == (1, 2, 2, 3)
    assert clip.notes == (Message("notes.clip.damaged", unread=1, total=2),)


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_false_answer_is_refused(video: Path, lie: str) -> None:
    pool = SandboxPool(code=code_with(LIE.format(lie)))
    assert outcome(pool, video, 1) == "errors.clip.sandbox_failed"


# Protections


@on_linux
def test_all_protections_are_in_force() -> None:
    names = {
        *("process apart", "deadline", "memory", "computing time", "file size", "open files"),
        *("core dumps", "end with the parent", "no new privileges", "system calls"),
    }
    missing = set() if system_call_filter() else {"system calls"}
    assert protections() == {name: name not in missing for name in names}


PROBES = """
import os, socket, subprocess, sys
from timesformer.video.limits import SANDBOX_LIMITS
from timesformer.video.sandbox_limits import enter_sandbox
attempts = {
    "open": lambda: open(sys.argv[0]),
    "socket": socket.socket,
    "fork": os.fork,
    "program": lambda: os.execv(sys.executable, [sys.executable]),
    "signal": lambda: os.kill(os.getppid(), 0),
    "folder": lambda: os.listdir("."),
}
enter_sandbox(os.getppid(), SANDBOX_LIMITS)
for name, attempt in attempts.items():
    try:
        attempt()
    except PermissionError:
        os.write(1, name.encode() + b"\\n")
os._exit(0)
"""


@on_linux
@pytest.mark.skipif(system_call_filter() is None, reason="libseccomp is not installed")
def test_a_sandboxed_process_opens_and_starts_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBES], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout.split() == ["open", "socket", "fork", "program", "signal", "folder"]


@on_linux
def test_a_sandboxed_process_has_neither_secrets_nor_torch(
    video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers, pool = Workers(), SandboxPool()
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    assert outcome(pool, video, 1) is None
    pid = workers.only()
    assert b"OPENBLAS" in Path(f"/proc/{pid}/environ").read_bytes()
    assert b"secret" not in Path(f"/proc/{pid}/environ").read_bytes()
    libraries = Path(f"/proc/{pid}/maps").read_text()
    assert "libavcodec" in libraries
    assert "libtorch" not in libraries


@on_linux
def test_clips_are_read_through_small_pipes_too(
    video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    popen, refused = subprocess.Popen, []

    def start(*inputs: Any, pipesize: int = -1, **options: Any) -> "subprocess.Popen[bytes]":
        if pipesize != -1:
            refused.append(pipesize)
            raise PermissionError(1, "Operation not permitted")
        return popen(*inputs, **options)

    monkeypatch.setattr(subprocess, "Popen", start)
    assert outcome(SandboxPool(), video, 3) is None
    assert refused


@on_linux
def test_no_folder_need_be_writable(video: Path) -> None:
    code = (
        "import sys; from timesformer.video.sandbox import read_clip_sandboxed as read\n"
        "print(read(sys.argv[1], num_frames=2, sampling_rate=1).frames.shape)"
    )
    unwritable = {"TMPDIR": "/proc", "HOME": "/proc", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, str(video)],
        cwd="/proc",
        env=os.environ | unwritable,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert done.stdout.split("(")[1] == "2, 48, 64, 3)\n"


SERVER = f"""
import sys, threading
from timesformer.video.sandbox import SandboxPool
pool = SandboxPool(code=sys.argv[2])
def read(num_frames):
    pool.read(sys.argv[1], num_frames=num_frames, sampling_rate=1)
both = [threading.Thread(target=read, args=[number], daemon=True) for number in (1, {SPIN})]
both[1].start()
both[0].start()
both[0].join()
print("idle", flush=True)
both[1].join()
"""


@on_linux
@pytest.mark.skipif(MAX_WORKERS < 2, reason="one processor has one sandboxed process")
def test_a_server_that_is_killed_leaves_no_process(video: Path) -> None:
    command = [sys.executable, "-c", SERVER, str(video), code_with(MISBEHAVE)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert server.stdout.readline() == "idle\n"
        workers = children(server.pid)
        assert len(workers) == 2
        assert eventually(lambda: any(children(pid) for pid in workers))
        copies = set().union(*(children(pid) for pid in workers))
        server.kill()
    for pid in workers | copies:
        assert eventually(lambda pid=pid: not Path(f"/proc/{pid}").exists()), pid


FORKING = """
import multiprocessing, os, sys
from timesformer.video.sandbox import read_clip_sandboxed

def read(queue):
    clip = read_clip_sandboxed(sys.argv[1], num_frames=6, sampling_rate=1)
    queue.put((os.getpid(), clip.frames.mean()))

def child(context, queue):
    read(queue)
    grandchild = context.Process(target=read, args=(queue,))
    grandchild.start()
    grandchild.join()

if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    if "first" in sys.argv:
        read(queue)
    children = [context.Process(target=child, args=(context, queue)) for _ in range(4)]
    for one in children:
        one.start()
    for one in children:
        one.join()
    read(queue)  # the children left the processes of their parent alone
    answers = [queue.get() for _ in range(9 + ("first" in sys.argv))]
    assert len({mean for _, mean in answers}) == 1
    print(len({pid for pid, _ in answers}))
"""


@on_linux
@pytest.mark.parametrize("first", [[], ["first"]], ids=["before", "after a read of the parent"])
def test_forked_processes_read_with_processes_of_their_own(
    video: Path, first: list[str], tmp_path: Path
) -> None:
    """Four children and their children answer, as data loaders of torch need it."""
    (tmp_path / "forking.py").write_text(FORKING)
    command = [sys.executable, str(tmp_path / "forking.py"), str(video), *first]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    assert run.stdout.strip() == "9"
    assert run.stderr == ""
