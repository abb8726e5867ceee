"""Access middleware: the routes it opens, its limits, and request bodies as they arrive."""

import asyncio
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from gradio.routes import App
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send
from visitors import in_own_loop

from timesformer.i18n import DEFAULT_LANGUAGE, LANGUAGES, localized, t
from timesformer.ui.page import Page
from timesformer.ui.server import limits, middleware, rate_limit
from timesformer.ui.server.body import HTTPRefusal, drain, limit_body, read_body
from timesformer.ui.server.clip_cache import ClipCache
from timesformer.ui.server.examples import CACHING, EXAMPLE_PREFIX
from timesformer.ui.server.middleware import API, JOIN, AccessMiddleware
from timesformer.ui.server.rate_limit import TokenBucket, address_of
from timesformer.ui.server.temp_files import ROOT as TEMP_ROOT
from timesformer.ui.server.temp_files import TempFiles, open_temp_files

ROOT = Path(__file__).parents[3]
BAD_REQUEST = (400, t("errors.server.bad_request"))

# Gradio's routes. A route in neither list is new: does the page need it?
OPEN = """
GET / LANGUAGES /config /theme.css /favicon.ico /manifest.json /robots.txt /health /ready
GET /clip /scripts/{digest}/{name} /examples/{name}.mp4 /qr
GET /assets/{path:path} /static/{path:path} /svelte/{path:path}
GET .../queue/data .../app_id .../startup-events .../theme.css
GET .../heartbeat/{session_hash} .../file={path_or_url:path}
HEAD / /clip /health /ready /scripts/{digest}/{name} /examples/{name}.mp4 /qr
HEAD .../file={path_or_url:path}
POST .../upload .../queue/join .../cancel .../reset .../run/{api_name}
"""
CLOSED = """
GET /logout /monitoring /monitoring/summary /monitoring/{key} /pwa_icon /pwa_icon/{size}
GET .../info .../openapi.json .../login_check .../user .../token .../dev/reload .../queue/status
GET .../upload_progress
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
    languages = " ".join(f"/{code}" for code in LANGUAGES if code != DEFAULT_LANGUAGE)
    lines = [line.replace("LANGUAGES", languages).split() for line in listing.strip().splitlines()]
    return {(method, path.replace("...", API)) for method, *paths in lines for path in paths}


@pytest.fixture(scope="module")
def routes(page: Page) -> set[tuple[str, str]]:
    """The routes of the page."""

    async def listed() -> list[Any]:
        app = App.create_app(page, app_kwargs=page.settings["app_kwargs"])
        return list(iter_route_contexts(app.routes))

    return {
        (method, route.path.rstrip("/") or "/")
        for route in in_own_loop(listed())
        for method in route.methods
    }


def test_every_route_is_listed(routes: set[tuple[str, str]]) -> None:
    assert routes == routes_of(OPEN) | routes_of(CLOSED)


def test_only_the_listed_routes_are_open() -> None:
    def is_open(method: str, path: str) -> bool:
        filled = re.sub(r"\{[^}]*\}", "some", path)
        allowed = middleware.POST_ROUTES if method == "POST" else middleware.GET_ROUTES
        return bool(allowed.fullmatch(filled))

    assert {route for route in routes_of(OPEN) if not is_open(*route)} == set()
    assert {route for route in routes_of(CLOSED) if is_open(*route)} == set()


def receives(*messages: Message, then_waits: bool = False) -> Receive:
    """Return a `receive` that gives messages, and then waits for good or fails."""
    rest = list(messages)

    async def receive() -> Message:
        if not rest and then_waits:
            await asyncio.Event().wait()
        return rest.pop(0)

    return receive


def part(content: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": content, "more_body": more}


def refusal_of(work: Any) -> tuple[int, str]:
    """Return the status and the catalog key with which a coroutine is refused."""
    with pytest.raises(HTTPRefusal) as raised:
        in_own_loop(work)
    return raised.value.status, raised.value.message.key


def test_a_body_is_read_to_its_end_and_refused_above_its_limit() -> None:
    whole = receives(part(b"ab"), part(b"cd", more=False))
    assert in_own_loop(read_body(whole, max_bytes=4)) == b"abcd"
    parts = part(b"ab"), part(b"cde")
    too_large = (413, "errors.server.upload_too_large")
    assert refusal_of(read_body(receives(*parts), max_bytes=4)) == too_large
    assert refusal_of(drain(limit_body(receives(*parts), max_bytes=4))) == too_large


def test_draining_a_complete_body_does_not_wait() -> None:
    async def scene() -> None:
        receive = limit_body(receives(part(b"ab", more=False), then_waits=True), max_bytes=4)
        await receive()
        await asyncio.wait_for(drain(receive), 30)

    in_own_loop(scene())


@pytest.mark.parametrize("then", ["silence", "disconnect"])
def test_an_interrupted_body_is_refused(then: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SILENCE_SECONDS", 0.01)
    ends = [{"type": "http.disconnect"}] if then == "disconnect" else []
    body = read_body(receives(part(b"ab"), *ends, then_waits=True), max_bytes=4)
    assert refusal_of(body) == (408, "errors.server.upload_interrupted")


def test_a_body_that_drips_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def drip() -> Message:
        await asyncio.sleep(0.01)
        return part(b"a")

    monkeypatch.setattr(limits, "MAX_BODY_SECONDS", 0.05)
    assert refusal_of(read_body(drip, max_bytes=10**9))[0] == 408


class Page:
    """A stand-in for Gradio's app, in which every request that joins the queue stays there."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []
        self.num_requests, self.status = 0, 200
        self.headers: dict[bytes, bytes] = {}  # of the last request
        queue = SimpleNamespace(
            event_queue_per_concurrency_id={middleware.MODEL: SimpleNamespace(queue=self.waiting)},
            active_jobs=[None],
        )
        names = (middleware.MODEL, "other")
        functions = {i: SimpleNamespace(concurrency_id=name) for i, name in enumerate(names)}
        self.blocks = SimpleNamespace(_queue=queue, fns=functions)

    def get_blocks(self) -> Any:
        return self.blocks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.num_requests += 1
        self.headers = dict(scope["headers"])
        body = json.loads((await receive()).get("body") or b"{}")
        event = SimpleNamespace(
            _id=self.num_requests,
            session_hash=body.get("session_hash"),
            concurrency_id=self.blocks.fns[body.get("fn_index", 0)].concurrency_id,
            data=SimpleNamespace(data=body.get("data")),
        )
        self.waiting.append(event)
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


class Server:
    """The middleware before a stand-in for the page, with temporary files of its own."""

    def __init__(self, temp_files: TempFiles) -> None:
        self.page, self.temp_files, self.clip_cache = Page(), temp_files, ClipCache()
        self.app = AccessMiddleware(self.page, temp_files=temp_files, clip_cache=self.clip_cache)

    def upload(self) -> str:
        folder = Path(tempfile.mkdtemp(dir=self.temp_files.files))
        (folder / "clip.mp4").write_text("a clip")
        return str(folder / "clip.mp4")

    def scope(self, path: str, *, method: str = "POST", **headers: str) -> Scope:
        return scope_of(path, self.page, method=method, **headers)

    async def respond(self, scope: Scope, body: object = ()) -> tuple[int, str]:
        """Return the status and the body of the response to a request."""
        messages: list[Message] = []

        async def send(message: Message) -> None:
            messages.append(message)

        request = receives(part(json.dumps(body or {}).encode(), more=False))
        await self.app(scope, request, send)
        return messages[0]["status"], b"".join(m.get("body", b"") for m in messages[1:]).decode()

    def post(self, path: str, body: object = (), **headers: str) -> tuple[int, str]:
        """Return the status of a POST request, and the sentence of a refusal."""
        status, content = in_own_loop(self.respond(self.scope(path, **headers), body))
        return status, json.loads(content).get("detail", "")

    def get(self, path: str) -> tuple[int, str]:
        """Return the status of a GET request, and the sentence of a refusal."""
        status, content = in_own_loop(self.respond(self.scope(path, method="GET")))
        return status, json.loads(content).get("detail", "")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv(TEMP_ROOT, str(tmp_path))
    opened = open_temp_files()
    yield Server(opened)
    opened.remove()


def scope_of(path: str, page: Page, *, method: str = "POST", **headers: str) -> Scope:
    return {
        "type": "http", "method": method, "path": path, "app": page, "client": ("10.0.0.1", 1),
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode())
                    for name, value in headers.items()],
    }  # fmt: skip


def join_body(*paths: object, session: object = "abc", function: object = 0) -> dict[str, object]:
    data = [{"path": path} for path in paths]
    return {"data": data, "fn_index": function, "session_hash": session}


def test_a_client_that_does_not_read_blocks_no_other(server: Server) -> None:
    path = server.upload()

    async def never_sent(message: Message) -> None:
        await asyncio.Event().wait()

    async def scene() -> tuple[int, str]:
        body = part(json.dumps(join_body(path, session="deaf")).encode(), more=False)
        deaf = asyncio.create_task(server.app(server.scope(JOIN), receives(body), never_sent))
        while not server.page.waiting:
            await asyncio.sleep(0)
        try:
            other = server.respond(server.scope(JOIN), join_body(path, session="other"))
            return await asyncio.wait_for(other, 30)
        finally:
            deaf.cancel()

    assert in_own_loop(scene())[0] == 200
    assert [event.session_hash for event in server.page.waiting] == ["deaf", "other"]


def test_a_file_named_many_times_is_checked_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = server.upload()
    renewed: list[str] = []
    monkeypatch.setattr(server.temp_files, "renew", renewed.append)
    num_paths = limits.MAX_JSON_BYTES // (len(path) + 20)
    assert server.post(JOIN, join_body(*[path] * num_paths))[0] == 200
    assert renewed == [path]


def test_more_files_than_a_button_names_are_refused(server: Server) -> None:
    paths = [server.upload() for _ in range(limits.MAX_FILES_PER_REQUEST + 1)]
    assert server.post(JOIN, join_body(*paths[1:]))[0] == 200
    assert server.post(JOIN, join_body(*paths)) == BAD_REQUEST
    assert server.post(JOIN, join_body([[]])) == (400, t("errors.server.no_links"))


def test_a_deleted_clip_is_refused_unless_its_frames_are_cached(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests outside the queue, which delete or recall it, need no frames."""
    path = server.upload()
    Path(path).unlink()
    assert server.post(JOIN, join_body(path)) == (410, t("errors.server.clip_gone"))
    assert server.page.num_requests == 0
    assert server.post(f"{API}/run/predict", join_body(path))[0] == 200
    monkeypatch.setattr(server.clip_cache, "has", lambda named: named == path)
    assert server.post(JOIN, join_body(path))[0] == 200


@pytest.mark.parametrize(
    ("name", "caching"),
    [
        (f"{EXAMPLE_PREFIX}attention.safetensors", CACHING["cache-control"]),
        ("attention.safetensors", "no-store"),
        ("clip.mp4", "no-store"),
    ],
)
def test_browsers_keep_files_of_examples_only(name: str, caching: str, server: Server) -> None:
    file = server.temp_files.files / "c0ffee" / name
    file.parent.mkdir()
    file.touch()
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    scope = server.scope(f"{middleware.FILE}{file}", method="GET")
    in_own_loop(server.app(scope, receives(part(b"", more=False)), send))
    assert dict(messages[0]["headers"])[b"cache-control"].decode() == caching


def test_a_path_that_is_too_long_is_refused(server: Server) -> None:
    files, clip = server.temp_files.files, server.upload()[-20:]
    for path in (f"{files}/{'a' * 5000}", f"{files}{'/../files' * 1000}/{clip}"):
        assert server.post(JOIN, join_body(path)) == (400, t("errors.server.no_links"))
        assert server.get(middleware.FILE + path)[0] == 404
    assert server.page.num_requests == 0


@pytest.mark.parametrize("session", ["", "a b", "../x", "a" * 65, 5, ["abc"]])
@pytest.mark.parametrize("path", [JOIN, f"{API}/reset", f"{API}/run/predict"])
def test_a_malformed_session_is_refused(path: str, session: object, server: Server) -> None:
    assert server.post(path, join_body(server.upload(), session=session)) == BAD_REQUEST
    assert server.page.num_requests == 0


@pytest.mark.parametrize(
    "body",
    [[1], "abc", join_body(session=None), join_body(function=7), join_body(function=[0])],
    ids=["a list", "a string", "without a session", "unknown function", "no function"],
)
def test_a_malformed_body_is_refused(body: object, server: Server) -> None:
    assert server.post(JOIN, body) == BAD_REQUEST
    assert server.page.num_requests == 0


@pytest.mark.parametrize(
    ("function", "allowed", "key"),
    [
        (0, limits.MAX_MODEL_REQUESTS_PER_TAB, "two_clips"),
        (1, limits.MAX_REQUESTS_PER_TAB, "too_many_requests"),
    ],
    ids=["of the model", "of any kind"],
)
def test_requests_of_a_tab_are_limited(
    function: int, allowed: int, key: str, server: Server
) -> None:
    answers = [server.post(JOIN, join_body(function=function)) for _ in range(allowed + 1)]
    assert [status for status, _ in answers] == [200] * allowed + [429]
    assert answers[-1][1] == t(f"errors.server.{key}")
    assert server.post(JOIN, join_body(function=function, session="other"))[0] == 200


@pytest.mark.parametrize(
    ("referer", "code"),
    [
        ("http://127.0.0.1:7860/de", "de"),
        ("https://school.example/app/de/?clip=1", "de"),
        ("https://school.example/app/", "en"),
        ("http://[", "fr"),
    ],
)
def test_a_refusal_is_in_the_language_of_the_page(referer: str, code: str, server: Server) -> None:
    """A proxy may serve the page under a path."""
    refused = (400, localized(code, t)("errors.server.bad_request"))
    assert server.post(JOIN, [1], referer=referer, accept_language="fr") == refused


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("de", "de"),
        ("pt-BR, zh-CN;q=0.9, fr;q=0.8", "zh"),
        ("ES-mx", "es"),
        ("pt", "en"),
    ],
)
def test_without_a_referer_the_browser_s_language_counts(
    accepted: str, code: str, server: Server
) -> None:
    refused = (400, localized(code, t)("errors.server.bad_request"))
    assert server.post(JOIN, [1], accept_language=accepted) == refused


@pytest.mark.parametrize("path", [JOIN, f"{API}/cancel", f"{API}/run/predict"])
def test_a_refusal_by_gradio_is_in_the_language_of_the_page(path: str, server: Server) -> None:
    server.page.status = 422
    refused = (422, localized("de", t)("errors.server.bad_request"))
    assert server.post(path, join_body(), referer="http://a/de") == refused


def test_gradio_gives_addresses_relative_to_the_page(server: Server) -> None:
    """No header of a proxy or a visitor changes that."""
    others = {"x_gradio_server": "http://evil.example", "x_forwarded_host": "outer.example"}
    assert server.post(JOIN, join_body(), host="inner:1", **others)[0] == 200
    addresses = {name: value for name, value in server.page.headers.items() if name[:2] == b"x-"}
    assert addresses == {b"x-gradio-server": b"."}


def test_a_page_with_a_slash_redirects_to_the_page_without(server: Server) -> None:
    """The address is relative, as a proxy may serve the page under a path."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    scope = server.scope("/de/", method="GET") | {"query_string": b"__theme=dark"}
    in_own_loop(server.app(scope, receives(), send))
    headers = dict(messages[0]["headers"])
    assert (messages[0]["status"], headers[b"location"]) == (308, b"../de?__theme=dark")


def test_a_mounted_page_has_its_middleware(server: Server) -> None:
    mounted = {"root_path": "/look"}
    for path, status in ((JOIN, 200), (f"{API}/call/predict", 404)):
        scope = server.scope(f"/look{path}") | mounted
        assert in_own_loop(server.respond(scope, join_body()))[0] == status


@pytest.mark.parametrize("name", ["ffmpeg/ffmpeg-core.js", "ffmpeg/ffmpeg-core.wasm", "./ffmpeg/x"])
def test_the_program_of_gradio_s_video_editor_is_not_sent(name: str, server: Server) -> None:
    assert server.get(f"/static/{name}")[0] == 404
    assert server.get("/static/img/some.svg")[0] == 200


def test_tabs_of_an_address_are_rate_limited(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RATE_BURST", 2.0)
    monkeypatch.setattr(limits, "RATE_PER_SECOND", 0.0)
    tabs = [f"{middleware.HEARTBEAT}tab{number}" for number in range(3)]
    assert [server.get(tab)[0] for tab in tabs[:2]] == [200, 200]
    assert server.get(tabs[2]) == (429, t("errors.server.too_many_tabs"))
    assert server.page.num_requests == 2


def test_a_token_bucket_allows_a_burst_and_refills(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(rate_limit.time, "monotonic", lambda: now)
    bucket, burst = TokenBucket(), int(limits.RATE_BURST)
    assert [bucket.take("a") for _ in range(burst + 1)] == [True] * burst + [False]
    assert bucket.take("b")
    now += 1 / limits.RATE_PER_SECOND
    assert [bucket.take("a"), bucket.take("a")] == [True, False]


def test_forwarded_addresses_count_only_on_a_space(monkeypatch: pytest.MonkeyPatch) -> None:
    forged = scope_of("/", Page(), x_forwarded_for="6.6.6.6, 1.2.3.4")
    monkeypatch.delenv(rate_limit.SPACE_HOST, raising=False)
    assert address_of(Request(forged)) == "10.0.0.1"
    monkeypatch.setenv(rate_limit.SPACE_HOST, "someone-page.hf.space")
    assert address_of(Request(forged)) == "1.2.3.4"
    assert address_of(Request(scope_of("/", Page()))) == "10.0.0.1"
    twice = scope_of("/", Page(), x_forwarded_for="6.6.6.6")
    twice["headers"].append((b"x-forwarded-for", b"1.2.3.4"))
    assert address_of(Request(twice)) == "1.2.3.4"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        (middleware.HOSTS, "school.example:8000, lab.example"),
        (rate_limit.SPACE_HOST, "lab.example"),
    ],
)
def test_pages_under_the_owner_s_host_names_may_send(
    variable: str, value: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"host": "127.0.0.1", "origin": "http://lab.example"}
    for name in (middleware.HOSTS, rate_limit.SPACE_HOST):
        monkeypatch.delenv(name, raising=False)
    refused = (403, t("errors.server.unknown_host"))
    assert server.post(f"{API}/reset", **headers) == refused
    monkeypatch.setenv(variable, value)
    assert server.post(f"{API}/reset", **headers)[0] == 200


def test_files_in_use_are_those_of_waiting_requests(server: Server) -> None:
    path = server.upload()
    assert middleware.files_in_use(server.page) == set()
    assert server.post(JOIN, join_body(path))[0] == 200
    assert middleware.files_in_use(server.page) == {path}
