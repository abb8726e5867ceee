"""Access middleware: an allowlist of routes, limits for each tab, and checks of what is sent."""

import asyncio
import json
import os
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...i18n import DEFAULT_LANGUAGE, LANGUAGES, translate, use_language
from . import limits
from .body import HTTPRefusal, read_body
from .clip_cache import ClipCache
from .examples import CACHING, EXAMPLE_PREFIX
from .rate_limit import SPACE_HOST, TokenBucket, address_of
from .temp_files import TempFiles

MODEL = "model"  # Gradio's concurrency id of everything that needs the model
HOSTS = "TIMESFORMER_HOSTS"  # environment variable in which the owner names other host names
SESSION = re.compile(r"\w{1,64}", re.ASCII)

# How Gradio learns where its page is: a header with the address, "." here. Browsers complete such
# addresses, so every proxy fits. The other header would take precedence.
OUTER_ADDRESS = (b"x-gradio-server", b".")
OTHER_ADDRESSES = (OUTER_ADDRESS[0], b"x-forwarded-host")

LAUNCH: dict[str, Any] = {
    "num_workers": 0,  # they would serve files and take uploads without the middleware
    "debug": False,
    "max_file_size": limits.MAX_UPLOAD_BYTES,
    "allowed_paths": [],
    "share": False,
    "show_error": False,
    "run_history": False,  # would keep results in the browser of a shared computer
    "enable_monitoring": False,
    "footer_links": [],
    "pwa": False,
    "ssr_mode": False,
    "mcp_server": False,
    "state_session_capacity": limits.MAX_TABS,
}

API = "/gradio_api"
FILE = f"{API}/file="
UPLOAD = f"{API}/upload"
JOIN = f"{API}/queue/join"
HEARTBEAT = f"{API}/heartbeat/"
HEALTH, READY = "/health", "/ready"
CLIP = "/clip"  # is an uploaded clip still here?
QR_CODE = "/qr"  # of a link to the page

_CODES = "|".join(code for code in LANGUAGES if code != DEFAULT_LANGUAGE)
PAGE_FOLDERS = re.compile(rf"/({_CODES})/")
GET_ROUTES = re.compile(
    "|".join(
        (
            rf"/|/({_CODES})/?",
            r"/config|/theme\.css|/favicon\.ico|/manifest\.json|/robots\.txt",
            r"/(assets|svelte|scripts|examples)/.+",
            r"/static/(?!.*ffmpeg).+",  # 32 MB for a video editor that the page lacks
            rf"{API}/(queue/data|app_id|startup-events|theme\.css)",
            rf"{HEARTBEAT}\w+",
            rf"{re.escape(FILE)}.+",
            f"{HEALTH}|{READY}|{CLIP}|{QR_CODE}",
        )
    )
)
POST_ROUTES = re.compile(rf"{UPLOAD}|{JOIN}|{API}/(cancel|reset)|{API}/run/\w+")  # run: no queue


class AccessMiddleware:
    """ASGI middleware that refuses every request it does not know.

    Limits are for each session of the page, which is one open tab.
    """

    def __init__(self, app: ASGIApp, *, temp_files: TempFiles, clip_cache: ClipCache) -> None:
        self.app, self.temp_files, self.clip_cache = app, temp_files, clip_cache
        self._joining = asyncio.Lock()  # each request is queued before the next is counted
        self._bucket = TokenBucket()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        headers = [header for header in scope["headers"] if header[0] not in OTHER_ADDRESSES]
        request = Request({**scope, "headers": [*headers, OUTER_ADDRESS]}, receive)
        with use_language(_language_of(request)):
            try:
                await self._route(request)(request, send)
            except HTTPRefusal as refusal:
                await _response(request, refusal)(scope, receive, send)

    def _route(self, request: Request) -> Callable[[Request, Send], Awaitable[None]]:
        """Return the method that answers a request. Raises HTTPRefusal for unknown routes."""
        path = path_of(request)
        if request.method in ("GET", "HEAD") and GET_ROUTES.fullmatch(path):
            if PAGE_FOLDERS.fullmatch(path):
                return self._redirect
            if path.startswith(FILE) and not self.temp_files.contains(path.removeprefix(FILE)):
                raise HTTPRefusal(404, "not_found")
            if path.startswith(FILE):
                return self._send_file
            return self._open_tab if path.startswith(HEARTBEAT) else self._forward
        if request.method != "POST" or not POST_ROUTES.fullmatch(path):
            raise HTTPRefusal(404, "not_found")
        check_origin(request)
        return self._forward if path == UPLOAD else self._check_and_forward

    async def _forward(self, request: Request, send: Send) -> None:
        await self.app(request.scope, request.receive, send)

    async def _send_file(self, request: Request, send: Send) -> None:
        """Forward a file. Browsers keep those of examples, and none of a visitor's."""
        is_of_example = path_of(request).rpartition("/")[2].startswith(EXAMPLE_PREFIX)
        caching = CACHING["cache-control"] if is_of_example else "no-store"

        async def send_with_caching(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(raw=message["headers"])["cache-control"] = caching
            await send(message)

        await self.app(request.scope, request.receive, send_with_caching)

    async def _redirect(self, request: Request, send: Send) -> None:
        """Redirect `/de/` to `/de`. The address is relative, so it is right behind every proxy."""
        query = request.url.query
        address = f"..{path_of(request)[:-1]}{'?' * bool(query)}{query}"
        response = Response(status_code=308, headers={"location": address})
        await response(request.scope, request.receive, send)

    async def _open_tab(self, request: Request, send: Send) -> None:
        session = path_of(request).removeprefix(HEARTBEAT)
        if not SESSION.fullmatch(session):
            raise HTTPRefusal(404, "not_found")
        if not self._bucket.take(address_of(request)):
            raise HTTPRefusal(429, "too_many_tabs")
        await self._forward(request, send)

    async def _check_and_forward(self, request: Request, send: Send) -> None:
        """Read a JSON body whole, check it, and forward it as it was parsed."""
        body = _parsed(await read_body(request.receive, max_bytes=limits.MAX_JSON_BYTES))
        _check_session(body)
        is_join = path_of(request) == JOIN
        for file in files_in(body):
            self._check_file(file, needs_frames=is_join)
        receive = _replay(json.dumps(body).encode(), request.receive)
        response: list[Message] = []  # sent after the lock is released: the client may be slow

        async def collect(message: Message) -> None:
            response.append(message)

        if is_join:
            async with self._joining:
                self._check_queue(request, body)
                await self.app(request.scope, receive, collect)
                _sort_fairly(request.app.get_blocks()._queue)
        else:
            await self.app(request.scope, receive, collect)
        status = response[0]["status"] if response else 200
        if 400 <= status < 500:  # Gradio's own refusals are in English
            raise HTTPRefusal(status, "bad_request")
        for message in response:
            await send(message)

    def _check_file(self, path: str, *, needs_frames: bool) -> None:
        """Raise HTTPRefusal for a path outside our files, and for a clip that cannot be read.

        Requests that delete or recall a clip do not need its frames.
        """
        if not self.temp_files.contains(path):
            raise HTTPRefusal(400, "no_links")
        if needs_frames and not self.clip_cache.can_read(path):
            raise HTTPRefusal(410, "clip_gone")
        self.temp_files.renew(path)

    def _check_queue(self, request: Request, body: dict[str, Any]) -> None:
        """Raise HTTPRefusal if the tab, or the queue, has as many requests as it may have."""
        page, session = request.app.get_blocks(), body.get("session_hash")
        index = body.get("fn_index")
        function = page.fns.get(index) if type(index) is int else None
        if function is None or session is None:
            raise HTTPRefusal(400, "bad_request")
        waiting, running = _waiting_and_running(page._queue)
        own = [event for event in (*waiting, *running) if event.session_hash == session]
        of_model = sum(event.concurrency_id == MODEL for event in own)
        needs_model = function.concurrency_id == MODEL
        if needs_model and of_model >= limits.MAX_MODEL_REQUESTS_PER_TAB:
            raise HTTPRefusal(429, "two_clips")
        if len(own) >= limits.MAX_REQUESTS_PER_TAB:
            raise HTTPRefusal(429, "too_many_requests")
        if len(waiting) >= limits.MAX_WAITING:
            raise HTTPRefusal(429, "busy")


def files_in_use(app: Any) -> set[str]:
    """Return the files that waiting and running requests name."""
    waiting, running = _waiting_and_running(app.get_blocks()._queue)
    bodies = [event.data.data for event in (*waiting, *running) if event.data]
    return {path for body in bodies for path in files_in(body)}


def _waiting_and_running(queue: Any) -> tuple[list[Any], list[Any]]:
    queues = queue.event_queue_per_concurrency_id.values()
    waiting = [event for one in queues for event in one.queue]
    return waiting, [event for job in queue.active_jobs for event in job or ()]


def _sort_fairly(queue: Any) -> None:
    """Sort the model's queue by rounds: every tab's first request, then every tab's second."""
    if MODEL not in queue.event_queue_per_concurrency_id:
        return
    counts = Counter(event.session_hash for job in queue.active_jobs for event in job or ())
    waiting, rounds = queue.event_queue_per_concurrency_id[MODEL].queue, {}
    for event in waiting:
        rounds[event._id] = counts[event.session_hash]
        counts[event.session_hash] += 1
    waiting.sort(key=lambda event: rounds[event._id])


def check_origin(request: Request) -> None:
    """Raise HTTPRefusal if a page of another site sends the request.

    Browsers set Sec-Fetch-Site on https and on localhost, and Origin everywhere; scripts cannot
    change either. Other clients set neither, and act for no visitor of a page.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site:
        is_own = site in ("same-origin", "none")
    else:
        named = ",".join(os.environ.get(name, "") for name in (HOSTS, SPACE_HOST)).split(",")
        hosts = request.headers.get("host", ""), *(name.strip() for name in named)
        is_own = not origin or any(_is_origin_of(origin, host) for host in hosts)
    if not is_own:
        raise HTTPRefusal(403, "unknown_host")


def _is_origin_of(origin: str, host: str) -> bool:
    try:
        sender, own = urlsplit(origin), urlsplit(f"//{host}")
        default_port = {"http": 80, "https": 443}.get(sender.scheme)
        is_same_port = (sender.port or default_port) == (own.port or default_port)
    except ValueError:  # the port is not a number
        return False
    return bool(sender.hostname) and sender.hostname == own.hostname and is_same_port


def _response(request: Request, refusal: HTTPRefusal) -> Response:
    """Return a refusal as Gradio's script shows it: plain text for uploads, else `detail`."""
    is_unread = refusal.status in (408, 413)
    headers = {"connection": "close"} if is_unread else {}
    sentence = translate(refusal.message)
    if path_of(request) == UPLOAD:
        return PlainTextResponse(sentence, refusal.status, headers)
    return JSONResponse({"detail": sentence}, refusal.status, headers)


def path_of(request: Request) -> str:
    """Return the path of a request, below the path at which the page is mounted."""
    path, mounted_at = request.scope["path"], request.scope.get("root_path", "")
    return str(path.removeprefix(mounted_at) if path.startswith(f"{mounted_at}/") else path)


def _language_of(request: Request) -> str:
    """Return the language of the page that sends a request, or else one that the browser asks for.

    A proxy may serve the page under a path of its own, which it strips.
    """
    try:
        path = urlsplit(request.headers.get("referer", "")).path
    except ValueError:  # not an address
        path = ""
    codes = [path.rstrip("/").rpartition("/")[2]]
    if not path:
        accepted = request.headers.get("accept-language", "").split(",")
        codes = [re.split("[-;]", language.strip())[0].lower() for language in accepted]
    return next((code for code in codes if code in LANGUAGES), DEFAULT_LANGUAGE)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise HTTPRefusal(400, "bad_request")
    return parsed


def _check_session(body: dict[str, Any]) -> None:
    session = body.get("session_hash")
    if session is not None and not (isinstance(session, str) and SESSION.fullmatch(session)):
        raise HTTPRefusal(400, "bad_request")


def files_in(body: object) -> set[str]:
    """Return every path of a file named anywhere in a JSON value.

    Raises HTTPRefusal for more files than a button of the page names, and for paths that are not
    strings.
    """
    files: set[str] = set()
    rest = [body]
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            if "path" in value:
                if not isinstance(value["path"], str):
                    raise HTTPRefusal(400, "no_links")
                files.add(value["path"])
            if len(files) > limits.MAX_FILES_PER_REQUEST:
                raise HTTPRefusal(400, "bad_request")
            rest += value.values()
        elif isinstance(value, list):
            rest += value
    return files


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives a body that was already read, and then the other messages."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_part() -> Message:
        return messages.pop() if messages else await receive()

    return receive_part
