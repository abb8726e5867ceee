"""Uploads: which are refused, which wait, and how much of the disk is kept free."""

import asyncio
import json
import os
import resource
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from starlette.types import Message, Receive
from visitors import in_own_loop

from timesformer.ui.server import limits, uploads
from timesformer.ui.server.body import HTTPRefusal
from timesformer.ui.server.clip_cache import ClipCache
from timesformer.ui.server.limits import MAX_FORM_BYTES, MAX_UPLOAD_BYTES
from timesformer.ui.server.temp_files import ROOT, TempFiles, open_temp_files
from timesformer.ui.server.uploads import FOLDER_PREFIX, Uploads

START = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.mp4"\r\n\r\n'
END = b"\r\n--b--\r\n"
CLIP = START + b"clip" + END
MEGABYTE = bytes(1_000_000)
GB = 10**9


@pytest.fixture
def temp_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TempFiles]:
    monkeypatch.setenv(ROOT, str(tmp_path))
    opened = open_temp_files()
    monkeypatch.setenv(ROOT, str(opened.files))  # as TempFiles.use does
    yield opened
    opened.remove()


@pytest.fixture
def clip_cache() -> ClipCache:
    return ClipCache()


@pytest.fixture
def route(temp_files: TempFiles, clip_cache: ClipCache) -> Uploads:
    return Uploads(temp_files, restore=clip_cache.restore)


def request_of(
    receive: Receive, *, address: str = "10.0.0.1", query: str = "", **headers: str
) -> Request:
    named = {"content-type": "multipart/form-data; boundary=b"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    scope = {
        "type": "http", "method": "POST", "path": "/", "client": (address, 1),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }  # fmt: skip
    return Request(scope, receive)


def sends(*parts: bytes) -> Receive:
    rest = list(parts)

    async def receive() -> Message:
        return {"type": "http.request", "body": rest.pop(0), "more_body": bool(rest)}

    return receive


class SlowClient:
    """A client that sends the start of a file, and the rest once `go_on` is set."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.parts = [START + b"a", b"lip" + END]

    async def __call__(self) -> Message:
        if len(self.parts) == 1:
            await self.go_on.wait()
        return {"type": "http.request", "body": self.parts.pop(0), "more_body": bool(self.parts)}


Slow = list[tuple[SlowClient, asyncio.Task[Any]]]


async def start_slow(count: int, route: Uploads, **more: str) -> Slow:
    """Start uploads of slow clients."""
    clients = [SlowClient() for _ in range(count)]
    slow = [(c, asyncio.create_task(route.receive(request_of(c, **more)))) for c in clients]
    while any(len(client.parts) == 2 for client in clients):
        await asyncio.sleep(0.01)
    return slow


async def finish(slow: Slow) -> None:
    for client, _ in slow:
        client.go_on.set()
    await asyncio.gather(*(task for _, task in slow))


def play(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    in_own_loop(scene())


def upload(route: Uploads, *parts: bytes, **more: str) -> Path:
    """Upload a file and return where it was stored."""
    response = in_own_loop(route.receive(request_of(sends(*parts), **more)))
    assert response.status_code == 200
    return Path(json.loads(bytes(response.body))[0])


def refusal_of(route: Uploads, receive: Receive, **more: str) -> tuple[int, str]:
    """Return the status and the catalog key with which an upload is refused."""
    with pytest.raises(HTTPRefusal) as raised:
        in_own_loop(route.receive(request_of(receive, **more)))
    return raised.value.status, raised.value.message.key


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_above_the_limit_is_refused(route: Uploads, temp_files: TempFiles) -> None:
    num_parts = MAX_UPLOAD_BYTES // len(MEGABYTE)
    upload(route, START, *[MEGABYTE] * num_parts, END)
    larger = sends(START, *[MEGABYTE] * (num_parts + 1), END)
    assert refusal_of(route, larger) == (413, "errors.server.upload_too_large")
    assert len(files_in(temp_files.files)) == 1


def test_a_disk_without_room_for_a_folder_is_refused(
    route: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads, "mkdtemp", full)
    assert refusal_of(route, sends(CLIP)) == (507, "errors.server.disk_full")


def test_a_disk_that_fills_up_during_an_upload_keeps_nothing_of_it(
    route: Uploads, temp_files: TempFiles
) -> None:
    """The body is read to its end, as browsers want it, and no file stays open."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    parts = [START, *[MEGABYTE] * 5, END]
    rest = list(parts)

    async def receive() -> Message:
        return {"type": "http.request", "body": rest.pop(0), "more_body": bool(rest)}

    resource.setrlimit(resource.RLIMIT_FSIZE, (2_500_000, usual[1]))  # bytes; then a write fails
    try:
        assert refusal_of(route, receive) == (507, "errors.server.disk_full")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert rest == []
    assert list(temp_files.files.iterdir()) == []
    opened = [os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert not any(str(temp_files.files) in file for file in opened)
    upload(route, *parts)


def test_an_address_with_many_uploads_delays_no_other(
    route: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_UPLOADS_PER_ADDRESS", 3)
    monkeypatch.setattr(limits, "MAX_UPLOAD_WAIT_SECONDS", 0.1)

    async def scene() -> None:
        slow = await start_slow(3, route)
        with pytest.raises(HTTPRefusal) as raised:
            await route.receive(request_of(sends(CLIP)))
        refusal = raised.value
        assert (refusal.status, refusal.message.key) == (429, "errors.server.too_many_uploads")
        other = await route.receive(request_of(sends(CLIP), address="10.0.0.2"))
        assert other.status_code == 200
        await finish(slow)
        assert (await route.receive(request_of(sends(CLIP)))).status_code == 200

    play(scene)


def test_one_upload_more_than_an_address_may_have_waits(
    route: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_UPLOADS_PER_ADDRESS", 2)
    monkeypatch.setattr(limits, "MAX_UPLOAD_WAIT_SECONDS", 600.0)

    async def scene() -> None:
        first, second = await start_slow(2, route)
        waiting = asyncio.create_task(route.receive(request_of(sends(CLIP))))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await finish([first])
        assert (await waiting).status_code == 200
        await finish([second])

    play(scene)


def test_room_is_reserved_for_the_bytes_that_may_still_come(
    route: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [5 * GB]
    monkeypatch.setattr(TempFiles, "free_bytes", property(lambda self: free[0]))
    reserve = limits.MIN_FREE_UPLOADS * MAX_UPLOAD_BYTES

    async def scene() -> None:
        announced = await start_slow(10, route, content_length="3000000")
        free[0] = reserve + 10 * 3_000_000
        assert route.has_room
        free[0] = reserve + 10 * 2_900_000
        assert not route.has_room
        free[0] = 5 * GB
        unknown = await start_slow(10, route)
        lying = await start_slow(1, route, content_length="5", transfer_encoding="chunked")
        free[0] = reserve + 10 * 3_000_000 + 10 * MAX_FORM_BYTES
        assert not route.has_room
        free[0] += MAX_FORM_BYTES
        assert route.has_room
        await finish(announced + unknown + lying)
        free[0] = reserve
        assert route.has_room

    play(scene)


def test_the_uploads_of_a_class_fit_on_a_laptop(
    route: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TempFiles, "free_bytes", property(lambda self: 5 * GB))

    async def scene() -> None:
        slow = await start_slow(limits.MAX_UPLOADS_PER_ADDRESS, route)
        assert route.has_room
        await finish(slow)

    play(scene)


def test_a_clip_that_comes_again_is_stored_at_its_earlier_path(
    route: Uploads, temp_files: TempFiles
) -> None:
    first = upload(route, CLIP)
    assert first.read_bytes() == b"clip"
    first.unlink()
    first.parent.rmdir()
    again = urlencode({"again": str(first)})
    assert upload(route, START + b"the clip" + END, query=again) == first
    assert first.read_bytes() == b"the clip"
    assert upload(route, START + b"another" + END, query=again) == first
    assert first.read_bytes() == b"the clip"  # the file that is there stays
    assert list(temp_files.files.iterdir()) == [first.parent]


def test_a_clip_discarded_during_its_upload_does_not_come_again(
    route: Uploads, temp_files: TempFiles, clip_cache: ClipCache
) -> None:
    path = temp_files.files / f"{FOLDER_PREFIX}1" / "clip.mp4"

    async def scene() -> None:
        [(client, task)] = await start_slow(1, route, query=urlencode({"again": str(path)}))
        clip_cache.discard(str(path))
        client.go_on.set()
        with pytest.raises(HTTPRefusal) as raised:
            await task
        assert (raised.value.status, raised.value.message.key) == (410, "errors.server.clip_gone")

    play(scene)
    assert list(temp_files.files.iterdir()) == []


@pytest.mark.parametrize(
    "path",
    ["/etc/clip.mp4", "{files}/clip-1/../../clip.mp4", "{files}/clip.mp4", "{files}/clip-1/a.mp4",
     "{files}/abc/clip.mp4", "{files}/clip-1/clip-2/clip.mp4", "clip-1/clip.mp4", "\0",
     "{files}/clip-1/" + "a" * 5000],
)  # fmt: skip
def test_a_path_that_is_not_an_upload_s_is_ignored(
    path: str, route: Uploads, temp_files: TempFiles
) -> None:
    query = urlencode({"again": path.format(files=temp_files.files)})
    stored = upload(route, CLIP, query=query)
    assert stored.read_bytes() == b"clip"
    assert stored.parent.name.startswith(FOLDER_PREFIX)
    assert "clip-1" not in stored.parts
    assert [file for file in files_in(temp_files.folder) if file.name != "lock"] == [stored]
