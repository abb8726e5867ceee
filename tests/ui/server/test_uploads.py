"""Taking in clips: what is refused, who waits for whom, and how much room is kept."""

import asyncio
import json
import os
import resource
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from gradio.routes import file_upload_statuses
from starlette.requests import Request
from starlette.types import Message, Receive
from visitors import in_own_loop

from timesformer.i18n import t
from timesformer.ui.server import uploads
from timesformer.ui.server.body import Refused
from timesformer.ui.server.clip_cache import Held
from timesformer.ui.server.temp_files import ROOT, Storage, open_storage
from timesformer.ui.server.uploads import MOST_BODY, MOST_FILE, Uploads
from timesformer.video.limits import SANDBOX_LIMITS

FORM = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.mp4"\r\n\r\n'
END = b"\r\n--b--\r\n"
GB = 10**9


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    monkeypatch.setenv(ROOT, str(tmp_path))
    opened = open_storage()
    yield opened
    opened.remove()


def uploads_in(storage: Storage) -> Uploads:
    return Uploads(storage, put_back=Held().put_back)


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


class Slow:
    """One who sends a beginning, and the rest when told to."""

    def __init__(self) -> None:
        self.goes_on = asyncio.Event()
        self.parts = [FORM + b"a", b"lip" + END]

    async def __call__(self) -> Message:
        if len(self.parts) == 1:
            await self.goes_on.wait()
        return {"type": "http.request", "body": self.parts.pop(0), "more_body": bool(self.parts)}


async def begun(count: int, into: Uploads, **more: str) -> list[tuple[Slow, asyncio.Task[Any]]]:
    """So many uploads that have begun and do not go on."""
    found = []
    for _ in range(count):
        slow = Slow()
        found.append((slow, asyncio.create_task(into.take_in(request_of(slow, **more)))))
    while any(len(slow.parts) == 2 for slow, _ in found):
        await asyncio.sleep(0.01)
    return found


async def end(found: list[tuple[Slow, asyncio.Task[Any]]]) -> None:
    for slow, _ in found:
        slow.goes_on.set()
    await asyncio.gather(*(task for _, task in found))


Scene = Callable[[], Coroutine[Any, Any, None]]


def play(scene: Scene) -> None:
    in_own_loop(scene())


def refused(receive: Receive, into: Uploads, **more: str) -> tuple[int, str]:
    with pytest.raises(Refused) as told:
        in_own_loop(into.take_in(request_of(receive, **more)))
    return told.value.status, told.value.sentence


def test_a_file_that_no_reader_would_take_is_refused_at_the_door(storage: Storage) -> None:
    assert SANDBOX_LIMITS.max_file_bytes == MOST_FILE
    into, mega = uploads_in(storage), bytes(1_000_000)
    most = [FORM, *[mega] * 50, END]
    assert in_own_loop(into.take_in(request_of(sends(*most)))).status_code == 200
    larger = sends(FORM, *[mega] * 51, END)
    assert refused(larger, into) == (413, t("errors.server.upload_too_large"))
    assert len([path for path in storage.files.rglob("*") if path.is_file()]) == 1


def test_a_disk_without_room_for_a_folder_is_told(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads, "mkdtemp", full)
    assert refused(sends(FORM + b"clip" + END), uploads_in(storage)) == (
        507,
        t("errors.server.disk_full"),
    )


def test_a_disk_that_fills_up_in_the_middle_is_told_and_nothing_stays(storage: Storage) -> None:
    """The sender is heard to the end, as browsers want it; and no file is left open."""
    usual, mega = resource.getrlimit(resource.RLIMIT_FSIZE), bytes(1_000_000)
    parts, into = [FORM, *[mega] * 5, END], uploads_in(storage)
    rest = list(parts)

    async def receive() -> Message:
        return {"type": "http.request", "body": rest.pop(0), "more_body": bool(rest)}

    resource.setrlimit(resource.RLIMIT_FSIZE, (2_500_000, usual[1]))  # of a file: a write fails
    try:
        assert refused(receive, into) == (507, t("errors.server.disk_full"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert rest == []
    assert list(storage.files.iterdir()) == []
    opened = [os.readlink(one) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
    assert not any(str(storage.files) in file for file in opened)
    assert in_own_loop(into.take_in(request_of(sends(*parts)))).status_code == 200


def test_one_address_holds_up_no_other(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE_OF_ONE", 3)
    monkeypatch.setattr(uploads, "PATIENCE", 0.1)

    async def scene() -> None:
        into, clip = uploads_in(storage), FORM + b"clip" + END
        held = await begun(3, into)
        with pytest.raises(Refused) as told:
            await into.take_in(request_of(sends(clip)))
        assert (told.value.status, told.value.sentence) == (
            429,
            t("errors.server.too_many_uploads"),
        )
        other = await into.take_in(request_of(sends(clip), address="10.0.0.2"))
        assert other.status_code == 200
        await end(held)
        assert (await into.take_in(request_of(sends(clip)))).status_code == 200

    play(scene)


def test_one_more_of_a_class_waits_for_another_to_end(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE_OF_ONE", 2)

    async def scene() -> None:
        into = uploads_in(storage)
        (first, task), second = await begun(2, into)
        more = request_of(sends(FORM + b"clip" + END))
        waiting = asyncio.create_task(into.take_in(more))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await end([(first, task)])
        assert (await waiting).status_code == 200
        await end([second])

    play(scene)


def test_room_is_kept_for_what_may_still_come_and_no_more(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [5 * GB]
    monkeypatch.setattr(Storage, "free_bytes", property(lambda self: free[0]))

    async def scene() -> None:
        into = uploads_in(storage)
        announced = await begun(10, into, content_length="3000000")
        free[0] = 3 * MOST_FILE + 10 * 3_000_000
        assert into.has_room
        free[0] = 3 * MOST_FILE + 10 * 2_900_000
        assert not into.has_room
        free[0] = 5 * GB
        unknown = await begun(10, into)
        lying = await begun(1, into, content_length="5", transfer_encoding="chunked")
        free[0] = 3 * MOST_FILE + 10 * 3_000_000 + 10 * MOST_BODY
        assert not into.has_room
        free[0] += MOST_BODY
        assert into.has_room
        await end(announced + unknown + lying)
        free[0] = 3 * MOST_FILE
        assert into.has_room

    play(scene)


def test_a_class_that_uploads_at_once_fits_on_a_laptop(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Storage, "free_bytes", property(lambda self: 5 * GB))

    async def scene() -> None:
        into = uploads_in(storage)
        held = await begun(uploads.AT_ONCE_OF_ONE, into)
        assert into.has_room
        await end(held)

    play(scene)


def test_nobody_is_told_of_an_upload_that_broke_off(storage: Storage) -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    assert refused(gone, uploads_in(storage), query="upload_id=broken")[0] == 408
    assert "broken" not in file_upload_statuses._statuses
    whole = request_of(sends(FORM + b"clip" + END), query="upload_id=whole")
    in_own_loop(uploads_in(storage).take_in(whole))
    assert file_upload_statuses.is_done("whole")
    file_upload_statuses.stop_tracking("whole")


def test_a_clip_that_comes_again_is_put_where_it_was(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ROOT, str(storage.files))
    into = uploads_in(storage)

    def sent(content: bytes, query: str = "") -> Path:
        answer = in_own_loop(into.take_in(request_of(sends(FORM + content + END), query=query)))
        return Path(json.loads(bytes(answer.body))[0])

    first = sent(b"clip")
    assert first.read_bytes() == b"clip"
    first.unlink()
    first.parent.rmdir()
    again = urlencode({"again": str(first)})
    assert sent(b"the clip", again) == first
    assert first.read_bytes() == b"the clip"
    assert sent(b"another", again) == first
    assert first.read_bytes() == b"the clip"  # what is there stays
    assert list(storage.files.iterdir()) == [first.parent]


def test_a_clip_that_was_deleted_meanwhile_does_not_come_again(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ROOT, str(storage.files))
    held, place = Held(), storage.files / f"{uploads.FOLDER}1" / "clip.mp4"
    into, query = Uploads(storage, put_back=held.put_back), urlencode({"again": str(place)})

    async def scene() -> None:
        [(slow, task)] = await begun(1, into, query=query)
        held.let_go(str(place))
        slow.goes_on.set()
        with pytest.raises(Refused) as told:
            await task
        assert (told.value.status, told.value.sentence) == (410, t("errors.server.clip_gone"))

    play(scene)
    assert list(storage.files.iterdir()) == []


@pytest.mark.parametrize(
    "place",
    ["/etc/clip.mp4", "{files}/clip-1/../../clip.mp4", "{files}/clip.mp4", "{files}/clip-1/a.mp4",
     "{files}/abc/clip.mp4", "{files}/clip-1/clip-2/clip.mp4", "clip-1/clip.mp4", "\0",
     "{files}/clip-1/" + "a" * 5000],
)  # fmt: skip
def test_a_place_that_is_none_of_a_clip_s_gets_nothing(
    place: str, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ROOT, str(storage.files))
    query = urlencode({"again": place.format(files=storage.files)})
    request = request_of(sends(FORM + b"clip" + END), query=query)
    answer = in_own_loop(uploads_in(storage).take_in(request))
    put = Path(json.loads(bytes(answer.body))[0])
    assert put.read_bytes() == b"clip"
    assert put.parent.name.startswith(uploads.FOLDER)
    assert "clip-1" not in put.parts
    assert [path for path in storage.folder.rglob("clip*") if path.is_file()] == [put]
