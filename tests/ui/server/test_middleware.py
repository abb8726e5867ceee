"""Which routes there are, and which of them the door lets anybody reach; bodies as they come."""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send
from visitors import in_own_loop

from timesformer.i18n import t
from timesformer.ui.server import body, middleware, rate_limit
from timesformer.ui.server.body import Refused, counted, pass_over, read_whole
from timesformer.ui.server.clip_cache import Held
from timesformer.ui.server.rate_limit import Budgets, address_of
from timesformer.ui.server.temp_files import ROOT as FILES_IN
from timesformer.ui.server.temp_files import Storage, open_storage

ROOT = Path(__file__).parents[3]

LISTED = """
import json
from fastapi.routing import iter_route_contexts
from gradio.routes import App
from timesformer.ui.page import build_page, launch_settings
from timesformer.ui.server.temp_files import open_storage
storage = open_storage()
storage.use()
app = App.create_app(build_page(["motion"]), app_kwargs=launch_settings(storage)["app_kwargs"])
routes = {(method, route.path) for route in iter_route_contexts(app.routes)
          for method in route.methods}
print(json.dumps(sorted(routes)))
"""

# What Gradio offers. A route that is in neither list is new: does the page need it?
OPEN = """
GET / /de /es /fr /zh /config /theme.css /favicon.ico /manifest.json /robots.txt /health /ready
GET /clip /scripts/{digest}/{name}
GET /assets/{path:path} /static/{path:path} /svelte/{path:path}
GET .../queue/data .../upload_progress .../app_id .../startup-events .../theme.css
GET .../heartbeat/{session_hash} .../file={path_or_url:path}
HEAD / /clip /health /ready /scripts/{digest}/{name} .../file={path_or_url:path}
POST .../upload .../queue/join .../cancel .../reset .../run/{api_name}
"""
CLOSED = """
GET /logout /monitoring /monitoring/summary /monitoring/{key} /pwa_icon /pwa_icon/{size}
GET .../info .../openapi.json .../login_check .../user .../token .../dev/reload .../queue/status
GET .../deep_link .../file/{path:path} .../proxy={url_path:path} .../runs .../vibe-code
GET .../custom_component/{id}/{environment}/{type}/{file_name}
GET .../call/{api_name}/{event_id} .../call/v2/{api_name}/{event_id}
GET .../run-history/buckets .../run-history/records
GET .../run-history/records/{endpoint}/{record_id}/assets/{asset_id}
GET .../stream/{session_hash}/{run}/{component_id}/playlist-file
GET .../stream/{session_hash}/{run}/{component_id}/playlist.m3u8
GET .../stream/{session_hash}/{run}/{component_id}/{segment_id}.{ext}
HEAD .../proxy={url_path:path}
POST /login .../api/{api_name} .../call/{api_name} .../call/v2/{api_name} .../component_server
POST .../process_recording .../run-history/connect .../stream/{event_id}
POST .../stream/{event_id}/close .../undo-vibe-edit .../vibe-code .../vibe-edit
POST .../vibe-starter-queries
"""


def routes_of(listing: str) -> set[tuple[str, str]]:
    lines = [line.split() for line in listing.strip().splitlines()]
    return {
        (method, path.replace("...", middleware.API)) for method, *paths in lines for path in paths
    }


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """In a process of its own: Gradio leaves an event loop open, which is a warning here."""
    run = subprocess.run(
        [sys.executable, "-c", LISTED], cwd=ROOT, capture_output=True, check=True,
        env=os.environ | {"GRADIO_TEMP_DIR": str(tmp_path_factory.mktemp("files"))},
    )  # fmt: skip
    found = {(method, path) for method, path in json.loads(run.stdout)}
    return {(method, path.rstrip("/") or "/") for method, path in found}


def test_every_route_is_known(routes: set[tuple[str, str]]) -> None:
    assert routes == routes_of(OPEN) | routes_of(CLOSED)


def test_the_door_opens_to_what_is_listed_and_nothing_else() -> None:
    def is_open(method: str, path: str) -> bool:
        filled = re.sub(r"\{[^}]*\}", "some", path)
        return bool((middleware.SENT if method == "POST" else middleware.READ).fullmatch(filled))

    assert {route for route in routes_of(OPEN) if not is_open(*route)} == set()
    assert {route for route in routes_of(CLOSED) if is_open(*route)} == set()


def sends(*messages: Message, then_waits: bool = False) -> Receive:
    given = list(messages)

    async def receive() -> Message:
        if not given and then_waits:
            await asyncio.sleep(60)
        return given.pop(0)

    return receive


def part(content: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": content, "more_body": more}


def test_a_body_is_read_to_its_end_and_no_further_than_its_cap() -> None:
    whole = sends(part(b"ab"), part(b"cd", more=False))
    assert in_own_loop(read_whole(whole, most=4)) == b"abcd"
    larger = sends(part(b"ab"), part(b"cde"))
    for reading in (
        read_whole(larger, most=4),
        pass_over(counted(sends(part(b"ab"), part(b"cde")), most=4)),
    ):
        with pytest.raises(Refused) as refused:
            in_own_loop(reading)
        assert (refused.value.status, refused.value.sentence) == (
            413,
            t("errors.server.upload_too_large"),
        )


def test_nobody_waits_behind_the_end_of_a_body() -> None:
    async def read_twice() -> None:
        receive = counted(sends(part(b"ab", more=False), then_waits=True), most=4)
        await receive()
        await asyncio.wait_for(pass_over(receive), 1)

    in_own_loop(read_twice())


def test_whoever_goes_silent_or_away_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "SILENCE", 0.01)
    for gone in (
        sends(part(b"ab"), then_waits=True),
        sends(part(b"ab"), {"type": "http.disconnect"}),
    ):
        with pytest.raises(Refused) as refused:
            in_own_loop(read_whole(gone, most=4))
        assert (refused.value.status, refused.value.sentence) == (
            408,
            t("errors.server.upload_interrupted"),
        )


def test_whoever_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def drip() -> Message:
        await asyncio.sleep(0.01)
        return part(b"a")

    monkeypatch.setattr(body, "LONGEST", 0.05)
    with pytest.raises(Refused) as refused:
        in_own_loop(read_whole(drip, most=1000))
    assert refused.value.status == 408


class Page:
    """Stands in for Gradio's app: whoever joins waits."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []
        self.asked = 0
        queue = SimpleNamespace(
            event_queue_per_concurrency_id={middleware.MODEL: SimpleNamespace(queue=self.waiting)},
            active_jobs=[None],
        )
        event = SimpleNamespace(concurrency_id=middleware.MODEL)
        self.blocks = SimpleNamespace(_queue=queue, fns={0: event})

    def get_blocks(self) -> Any:
        return self.blocks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        sent = json.loads((await receive()).get("body") or b"{}")
        event = SimpleNamespace(
            _id=self.asked,
            session_hash=sent.get("session_hash"),
            concurrency_id=middleware.MODEL,
            data=SimpleNamespace(data=sent.get("data")),
        )
        self.waiting.append(event)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    monkeypatch.setenv(FILES_IN, str(tmp_path))
    opened = open_storage()
    yield opened
    opened.remove()


def put(storage: Storage) -> str:
    folder = Path(tempfile.mkdtemp(dir=storage.files))
    (folder / "clip.mp4").write_text("a clip")
    return str(folder / "clip.mp4")


def scope_of(path: str, page: Page, *, method: str = "POST", **headers: str) -> Scope:
    return {
        "type": "http", "method": method, "path": path, "app": page, "client": ("10.0.0.1", 1),
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode())
                    for name, value in headers.items()],
    }  # fmt: skip


async def told(door: middleware.Door, scope: Scope, sent: object = ()) -> tuple[int, str]:
    """What the door answers: the status and the words."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    await door(scope, sends(part(json.dumps(sent or {}).encode(), more=False)), send)
    return messages[0]["status"], b"".join(m.get("body", b"") for m in messages[1:]).decode()


def join_of(path: str, session: object = "abc") -> dict[str, object]:
    return {"data": [{"path": path}], "fn_index": 0, "session_hash": session}


def test_who_does_not_listen_keeps_nobody_from_joining(storage: Storage) -> None:
    page = Page()
    door, path = middleware.Door(page, storage=storage, held=Held()), put(storage)

    async def deaf(message: Message) -> None:
        await asyncio.sleep(60)

    async def scene() -> tuple[int, str]:
        sent = part(json.dumps(join_of(path, "deaf")).encode(), more=False)
        first = asyncio.create_task(door(scope_of(middleware.JOIN, page), sends(sent), deaf))
        while not page.waiting:
            await asyncio.sleep(0)
        try:
            return await asyncio.wait_for(
                told(door, scope_of(middleware.JOIN, page), join_of(path, "other")), 5
            )
        finally:
            first.cancel()

    assert in_own_loop(scene())[0] == 200
    assert [event.session_hash for event in page.waiting] == ["deaf", "other"]


def test_a_file_named_thousands_of_times_is_looked_at_once(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, path = Page(), put(storage)
    renewed: list[str] = []
    monkeypatch.setattr(storage, "renew", renewed.append)
    door, scope = (
        middleware.Door(page, storage=storage, held=Held()),
        scope_of(middleware.JOIN, page),
    )
    sent = join_of(path) | {"data": [{"path": path}] * (middleware.MOST_JSON // (len(path) + 20))}
    began = time.process_time()  # of this process: others may be busy
    assert in_own_loop(told(door, scope, sent))[0] == 200
    assert time.process_time() - began < 0.2
    assert renewed == [path]


def test_more_files_than_a_press_names_are_refused(storage: Storage) -> None:
    page = Page()
    door, scope = (
        middleware.Door(page, storage=storage, held=Held()),
        scope_of(middleware.JOIN, page),
    )
    paths = [{"path": put(storage)} for _ in range(middleware.MOST_FILES + 1)]
    assert in_own_loop(told(door, scope, join_of("") | {"data": paths[1:]}))[0] == 200
    assert in_own_loop(told(door, scope, join_of("") | {"data": paths}))[0] == 400
    assert in_own_loop(told(door, scope, join_of("") | {"data": [{"path": [[]]}]}))[0] == 400


def test_a_clip_that_is_gone_is_looked_at_where_its_frames_are_held(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And may be deleted and recalled whether or not they are."""
    page, path, held = Page(), put(storage), Held()
    door = middleware.Door(page, storage=storage, held=held)
    Path(path).unlink()
    status, words = in_own_loop(told(door, scope_of(middleware.JOIN, page), join_of(path)))
    assert (status, json.loads(words)["detail"]) == (410, t("errors.server.clip_gone"))
    assert page.asked == 0
    run = scope_of(f"{middleware.API}/run/predict", page)
    assert in_own_loop(told(door, run, join_of(path)))[0] == 200
    monkeypatch.setattr(held, "has", lambda asked: asked == path)
    assert in_own_loop(told(door, scope_of(middleware.JOIN, page), join_of(path)))[0] == 200


def test_a_name_that_is_too_long_is_refused_as_any_other(storage: Storage) -> None:
    page = Page()
    door = middleware.Door(page, storage=storage, held=Held())
    here = put(storage)
    winding = "/../files" * 1000
    for path in (f"{storage.files}/{'a' * 5000}", f"{storage.files}{winding}/{here[-20:]}"):
        scope = scope_of(middleware.JOIN, page)
        status, words = in_own_loop(told(door, scope, join_of(path)))
        assert (status, json.loads(words)["detail"]) == (400, t("errors.server.no_links"))
        scope = scope_of(middleware.FILE + path, page, method="GET")
        assert in_own_loop(told(door, scope))[0] == 404
    assert page.asked == 0


@pytest.mark.parametrize("session", ["", "a b", "../x", "a" * 65, 5, ["abc"]])
@pytest.mark.parametrize(
    "path", [middleware.JOIN, f"{middleware.API}/reset", f"{middleware.API}/run/predict"]
)
def test_what_is_no_session_is_refused_wherever_it_is_sent(
    path: str, session: object, storage: Storage
) -> None:
    page = Page()
    door, sent = middleware.Door(page, storage=storage, held=Held()), join_of(put(storage), session)
    assert in_own_loop(told(door, scope_of(path, page), sent))[0] == 400
    assert page.asked == 0


def test_tabs_of_one_address_are_opened_one_by_one_in_the_end(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "BURST", 2.0)
    monkeypatch.setattr(rate_limit, "A_SECOND", 0.0)
    page = Page()
    door = middleware.Door(page, storage=storage, held=Held())
    scopes = [scope_of(f"{middleware.HEARTBEAT}tab{i}", page, method="GET") for i in range(3)]
    assert [in_own_loop(told(door, scope))[0] for scope in scopes] == [200, 200, 429]
    assert page.asked == 2


def test_an_address_has_a_burst_and_then_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(rate_limit.time, "monotonic", lambda: now)
    some = Budgets()
    assert [some.take("a") for _ in range(121)] == [True] * 120 + [False]
    assert some.take("b")
    now += 1
    assert [some.take("a"), some.take("a")] == [True, False]


def test_on_a_space_its_proxy_says_where_somebody_is_and_elsewhere_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forged = scope_of("/", Page(), x_forwarded_for="6.6.6.6, 1.2.3.4")
    monkeypatch.delenv(rate_limit.SPACE_HOST, raising=False)
    assert address_of(Request(forged)) == "10.0.0.1"
    monkeypatch.setenv(rate_limit.SPACE_HOST, "someone-page.hf.space")
    assert address_of(Request(forged)) == "1.2.3.4"
    assert address_of(Request(scope_of("/", Page()))) == "10.0.0.1"
    twice = scope_of("/", Page(), x_forwarded_for="6.6.6.6")
    twice["headers"].append((b"x-forwarded-for", b"1.2.3.4"))
    assert address_of(Request(twice)) == "1.2.3.4"


def test_addresses_that_the_owner_names_may_send(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page()
    door = middleware.Door(page, storage=storage, held=Held())
    scope = scope_of(f"{middleware.API}/reset", page, host="127.0.0.1", origin="http://lab.example")
    monkeypatch.delenv(middleware.HOSTS, raising=False)
    status, words = in_own_loop(told(door, scope, {}))
    assert (status, json.loads(words)["detail"]) == (403, t("errors.server.unknown_host"))
    monkeypatch.setenv(middleware.HOSTS, "school.example:8000, lab.example")
    assert in_own_loop(told(door, scope, {}))[0] == 200
    monkeypatch.delenv(middleware.HOSTS)
    monkeypatch.setenv(rate_limit.SPACE_HOST, "lab.example")
    assert in_own_loop(told(door, scope, {}))[0] == 200


def test_what_those_who_wait_asked_about_is_known(storage: Storage) -> None:
    page = Page()
    door, path = middleware.Door(page, storage=storage, held=Held()), put(storage)
    assert middleware.files_asked_about(page) == set()
    in_own_loop(told(door, scope_of(middleware.JOIN, page), join_of(path)))
    assert middleware.files_asked_about(page) == {path}
