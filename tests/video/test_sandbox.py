"""Clips read in a process apart: the same clips, and no harm from what is in them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numbered import number_of, numbered
from videos import make

from timesformer.errors import ClipError
from timesformer.i18n import Message
from timesformer.video import sandbox, sandbox_limits
from timesformer.video.clip import read_clip
from timesformer.video.sandbox import read_clip_apart

ROOT = Path(__file__).parents[2]
LINUX = sys.platform == "linux"
on_linux = pytest.mark.skipif(not LINUX, reason="the system is not Linux")
WENT_WRONG = "Reading the video went wrong and was stopped"


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return make(tmp_path / "a.mp4", [numbered(i) for i in range(40)])


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[sandbox._Pool]:
    """Processes of the test's own, started as it wants them."""
    own = sandbox._Pool()
    monkeypatch.setattr(sandbox, "_pool", own)
    yield own
    while not own._idle.empty():
        own._idle.get().end()


def started_with(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let processes start with some code of a test's before they serve."""
    start = sandbox._START.replace("\nserve()", f"\n{code}\nserve()")
    assert start != sandbox._START
    monkeypatch.setattr(sandbox, "_START", start)


def only(pool: sandbox._Pool) -> sandbox._Worker:
    """The one idle process of a pool."""
    process = pool._idle.get(timeout=10)
    assert pool._idle.empty()
    pool._idle.put(process)
    return process


def read_as(num_frames: int, path: Path) -> list[str]:
    """What is said of a clip."""
    try:
        read_clip_apart(path, num_frames=num_frames, sampling_rate=1)
    except ClipError as error:
        return [str(error)]
    return []


@pytest.mark.parametrize("rate", [1, 32, None])
def test_a_clip_is_the_same_as_when_read_here(video: Path, rate: int | None) -> None:
    here = read_clip(video, num_frames=6, sampling_rate=rate, start=0.5)
    there = read_clip_apart(video, num_frames=6, sampling_rate=rate, start=0.5)
    np.testing.assert_array_equal(there.frames, here.frames)
    np.testing.assert_array_equal(there.times, here.times)
    assert there.duration == here.duration
    assert there.notes == here.notes
    assert [note.key for note in there.notes] == [note.key for note in here.notes]
    assert [note.values for note in there.notes] == [note.values for note in here.notes]


def test_many_read_at_once(video: Path, pool: sandbox._Pool) -> None:
    def first(start: float) -> int:
        clip = read_clip_apart(video, num_frames=1, sampling_rate=1, start=start)
        return number_of(clip.frames[0])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(first, [i / 30 for i in range(24)])) == list(range(24))
    assert 1 <= pool._idle.qsize() <= sandbox.WORKERS


def test_a_refusal_keeps_its_facts(video: Path) -> None:
    with pytest.raises(ClipError, match="no clip can start at") as here:
        read_clip(video, num_frames=2, sampling_rate=1, start=77)
    with pytest.raises(ClipError) as there:
        read_clip_apart(video, num_frames=2, sampling_rate=1, start=77)
    assert there.value.message == here.value.message
    assert there.value.message.key == here.value.message.key
    assert there.value.message.values == here.value.message.values


def test_senseless_requests_are_the_callers_fault(video: Path) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        read_clip_apart(video, num_frames=0, sampling_rate=1)


def test_a_large_file_is_refused_with_its_size(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with open(path, "wb") as file:
        file.truncate(62_300_000)
    with pytest.raises(ClipError, match=r"has 62\.3 MB; at most 50 MB are read\. Trim"):
        read_clip_apart(path, num_frames=1, sampling_rate=1)


@pytest.mark.parametrize("kind", ["absent", "folder", "pipe", "device"])
def test_what_is_not_a_file_is_not_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.mp4"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    with pytest.raises(ClipError, match=r"could not be opened|not a file"):
        read_clip_apart(path, num_frames=1, sampling_rate=1)


# What the tests' own processes do when a certain number of frames is asked for.
SPIN, CRASH, HOARD = 7, 8, 9
BADLY = f"""
import ctypes, timesformer.video.sandbox_worker
well = timesformer.video.sandbox_worker.read_clip
def badly(*args, num_frames, **request):
    while num_frames == {SPIN}:
        pass
    if num_frames == {CRASH}:
        ctypes.string_at(0)
    if num_frames == {HOARD}:
        bytearray(1 << 30)
    return well(*args, num_frames=num_frames, **request)
timesformer.video.sandbox_worker.read_clip = badly
"""


def test_a_crash_costs_one_clip(
    video: Path, pool: sandbox._Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    started_with(monkeypatch, BADLY)
    (said,) = read_as(CRASH, video)
    assert said.startswith(WENT_WRONG)
    assert read_as(1, video) == []


def test_too_much_memory_is_refused(
    video: Path, pool: sandbox._Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    started_with(monkeypatch, BADLY)
    (said,) = read_as(HOARD, video)
    assert said.startswith("Reading the video takes more than 1024 MB of memory.")
    assert read_as(1, video) == []


def test_too_much_computing_is_refused(
    video: Path, pool: sandbox._Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    started_with(monkeypatch, BADLY + "import timesformer.video.sandbox_limits as c; c.SECONDS = 1")
    monkeypatch.setattr(sandbox_limits, "SECONDS", 1)
    (said,) = read_as(SPIN, video)
    assert said.startswith("Reading the video takes more than 1 s of computing.")
    assert read_as(1, video) == []


def test_too_much_time_is_refused(
    video: Path, pool: sandbox._Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    started_with(monkeypatch, BADLY)
    assert read_as(1, video) == []
    monkeypatch.setattr(sandbox, "SECONDS", 0.5)
    (said,) = read_as(SPIN, video)
    assert said.startswith("Reading the video takes longer than 0 s.")
    monkeypatch.setattr(sandbox, "SECONDS", 20.0)
    assert read_as(1, video) == []


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def in_time(condition: Callable[[], object]) -> bool:
    """Whether a condition is met within ten seconds."""
    end = time.monotonic() + 10
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


@on_linux
@pytest.mark.parametrize("who", ["the worker", "its copy"])
def test_a_process_that_is_killed_costs_one_clip(
    video: Path, pool: sandbox._Pool, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    started_with(monkeypatch, BADLY)
    assert read_as(1, video) == []
    pid = only(pool).process.pid
    with ThreadPoolExecutor(1) as threads:
        said = threads.submit(read_as, SPIN, video)
        assert in_time(lambda: children(pid))
        (copy,) = children(pid)
        os.kill(pid if who == "the worker" else copy, signal.SIGKILL)
        assert said.result()[0].startswith(WENT_WRONG)
    assert in_time(lambda: not Path(f"/proc/{copy}").exists())
    assert read_as(1, video) == []


def test_a_process_that_was_killed_while_idle_costs_nothing(
    video: Path, pool: sandbox._Pool
) -> None:
    assert read_as(1, video) == []
    process = only(pool).process
    process.kill()
    process.wait()
    assert read_as(1, video) == []


def test_an_interrupted_reading_leaves_no_answer_to_the_next(
    video: Path, pool: sandbox._Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests
    with monkeypatch.context() as patch:
        patch.setattr(sandbox._Worker, "_receive", lambda _: signal.raise_signal(signal.SIGINT))
        with pytest.raises(KeyboardInterrupt):
            read_as(1, video)
    signal.signal(signal.SIGINT, before)
    clip = read_clip_apart(video, num_frames=2, sampling_rate=None)
    assert [number_of(frame) for frame in clip.frames] == [10, 29]


def test_where_nothing_is_copied_each_process_reads_one_clip(
    video: Path, pool: sandbox._Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "FORKS", False)
    started_with(monkeypatch, BADLY + "timesformer.video.sandbox_worker.FORKS = False")
    assert read_as(1, video) == []
    first = only(pool).process.pid
    assert read_as(CRASH, video)[0].startswith(WENT_WRONG)
    assert read_as(1, video) == []
    assert only(pool).process.pid != first


LIE = """
import json, timesformer.video.sandbox_worker as worker
def lie(json_size, raw_size, *, held):
    worker._read(json_size + raw_size)
    told = {{"shape": [1, 2, 2, 3], "times": [0.0], "duration": 1.0, "notes": []}}
    sizes, frames = None, memoryview(bytes(12))
    {}
    about = json.dumps(told).encode()
    sizes = sizes or (len(about), frames.nbytes)
    for block in (worker.HEAD.pack(*sizes), about, frames):
        worker._write(memoryview(block).cast("B"))
worker._answer = lie
"""
LIES = {
    "another shape": 'told["shape"] = [1, 2, 1, 3]',
    "more axes": 'told["shape"] = [1, 2, 2, 1, 3]',
    "a negative side": 'told["shape"] = [1, -2, -2, 3]',
    "other frames": 'told["shape"] = [2, 1, 2, 3]',
    "other times": 'told["times"] = []',
    "no times": 'told["times"] = [float("nan")]',
    "words for times": 'told["duration"] = "long"',
    "endless": 'told["duration"] = 10 ** 400',
    "a list": "told = []",
    "nothing": "told = {}",
    "deep": "told = []\n    for _ in range(900): told = [told]",
    "a great deal": "sizes = (1 << 31, 1 << 62)",
    "has words of its own": 'told["refusal"] = ("{a.__class__}", {"a": 1, "a.__class__": 1})',
    "has another subject": 'told["notes"] = [("page.run", {})]',
    "has text for a number": 'told["notes"] = [("errors.clip.memory", {"limit": "b"})]',
    "lacks numbers": 'told["refusal"] = ("errors.clip.memory", {})',
    "has no numbers": 'told["refusal"] = ("errors.clip.memory", 1)',
    "has no words": 'told["refusal"] = (1, {})',
}


def test_the_truth_is_believed(
    video: Path, pool: sandbox._Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    started_with(
        monkeypatch,
        LIE.format('told["notes"] = [("notes.clip.damaged", {"unread": 1, "total": 2})]'),
    )
    clip = read_clip_apart(video, num_frames=1, sampling_rate=1)
    assert clip.frames.shape == (1, 2, 2, 3)
    assert clip.notes == (Message("notes.clip.damaged", unread=1, total=2),)


def test_no_lie_is_believed(
    video: Path, pool: sandbox._Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for lie in LIES.values():
        with monkeypatch.context() as patch:
            started_with(patch, LIE.format(lie))
            (said,) = read_as(1, video)
            assert said.startswith(WENT_WRONG), lie
            while not pool._idle.empty():
                pool._idle.get().end()


@on_linux
def test_all_protections_are_in_force() -> None:
    held = sandbox.protections()
    assert set(held) == {
        *("process apart", "deadline", "memory", "computing time", "file size", "open files"),
        *("core dumps", "end with the parent", "no new privileges", "system calls"),
    }
    filtered = sandbox_limits.call_filter() is not None
    assert [name for name in held if not held[name]] == ([] if filtered else ["system calls"])


PROBES = """
import os, socket, subprocess, sys
from timesformer.video.sandbox_limits import confine
attempts = {
    "open": lambda: open(sys.argv[0]),
    "socket": socket.socket,
    "fork": os.fork,
    "program": lambda: os.execv(sys.executable, [sys.executable]),
    "signal": lambda: os.kill(os.getppid(), 0),
    "folder": lambda: os.listdir("."),
}
held = confine(os.getppid())
for name, attempt in attempts.items():
    try:
        attempt()
    except PermissionError:
        os.write(1, name.encode() + b"\\n")
os._exit(0)
"""


@on_linux
@pytest.mark.skipif(sandbox_limits.call_filter() is None, reason="libseccomp is not installed")
def test_a_confined_process_opens_and_starts_nothing() -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROBES], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    assert told.stdout.split() == ["open", "socket", "fork", "program", "signal", "folder"]


@on_linux
def test_the_servers_secrets_stay_with_it(
    video: Path, pool: sandbox._Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    assert read_as(1, video) == []
    pid = only(pool).process.pid
    assert b"OPENBLAS" in Path(f"/proc/{pid}/environ").read_bytes()
    assert b"secret" not in Path(f"/proc/{pid}/environ").read_bytes()
    loaded = Path(f"/proc/{pid}/maps").read_text()
    assert "libavcodec" in loaded
    assert "libtorch" not in loaded


@on_linux
def test_clips_are_read_where_pipes_cannot_be_larger(
    video: Path, pool: sandbox._Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    popen, refused = subprocess.Popen, []

    def start(*inputs: Any, pipesize: int = -1, **options: Any) -> "subprocess.Popen[bytes]":
        if pipesize != -1:
            refused.append(pipesize)
            raise PermissionError(1, "Operation not permitted")
        return popen(*inputs, **options)

    monkeypatch.setattr(subprocess, "Popen", start)
    assert read_as(3, video) == []
    assert refused == [sandbox._PIPE]


@on_linux
def test_no_folder_need_be_writable(video: Path) -> None:
    code = (
        "import sys, timesformer.video.sandbox as apart\n"
        "print(apart.read_clip_apart(sys.argv[1], num_frames=2, sampling_rate=1).frames.shape)"
    )
    unwritable = {"TMPDIR": "/proc", "HOME": "/proc", "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", code, str(video)],
        cwd="/proc",
        env=os.environ | unwritable,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert told.stdout.split("(")[1] == "2, 48, 64, 3)\n"


LEFT_BEHIND = """
import sys, timesformer.video.sandbox as apart
exec(sys.argv[2])
apart.read_clip_apart(sys.argv[1], num_frames=1, sampling_rate=1)
print(apart._pool._idle.get().process.pid, flush=True)
worker = apart._pool._started()
print(worker.process.pid, flush=True)
worker.read({"num_frames": 7, "sampling_rate": 1}, open(sys.argv[1], "rb").read())
"""


@on_linux
def test_a_server_that_is_killed_leaves_no_process(video: Path) -> None:
    badly = f'apart._START = apart._START.replace("\\nserve()", {BADLY!r} + "\\nserve()")'
    command = [sys.executable, "-c", LEFT_BEHIND, str(video), badly]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        idle, busy = int(server.stdout.readline()), int(server.stdout.readline())
        assert in_time(lambda: children(busy))
        (copy,) = children(busy)
        server.kill()
    for pid in (idle, busy, copy):
        assert in_time(lambda pid=pid: not Path(f"/proc/{pid}").exists()), pid
