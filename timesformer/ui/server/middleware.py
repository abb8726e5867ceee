"""Limits at the door: what may be asked for, what may be sent, and what is switched off."""

import asyncio
import json
import os
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...i18n import DEFAULT_LANGUAGE, LANGUAGES, t, use_language
from ...video.limits import SANDBOX_LIMITS
from .body import Refused, read_whole
from .clip_cache import Held
from .rate_limit import SPACE_HOST, Budgets, address_of
from .temp_files import Storage

MAX_WAITING = 64  # people in the queue
MODEL = "model"  # what Gradio calls the queue of all that needs the model
MOST_OF_MODEL = 2  # of one visitor: one that runs, one that waits
MOST_OF_ONE = 12  # of one visitor, of everything that goes through a queue
MOST_JSON = 256 * 1024  # bytes
MOST_FILES = 12  # named in one thing that is sent; a press names five at most
HOSTS = "TIMESFORMER_HOSTS"  # the environment variable in which the owner names other addresses
SESSION = re.compile(r"\w{1,64}", re.ASCII)

LAUNCH: dict[str, Any] = {
    "max_file_size": SANDBOX_LIMITS.max_file_bytes,
    "allowed_paths": [],
    "share": False,
    "show_error": False,
    "run_history": False,  # would keep what was shown in the browser of a shared computer
    "enable_monitoring": False,
    "footer_links": [],
    "pwa": False,
    "ssr_mode": False,
    "mcp_server": False,
    "state_session_capacity": 300,  # one for each tab
}

API = "/gradio_api"
FILE = f"{API}/file="
UPLOAD = f"{API}/upload"
JOIN = f"{API}/queue/join"
HEARTBEAT = f"{API}/heartbeat/"
RUN = re.compile(rf"{API}/run/\w+")  # what has no need of a queue
HEALTH, READY = "/health", "/ready"
CLIP = "/clip"  # is an uploaded clip still here?

CODES = "|".join(code for code in LANGUAGES if code != DEFAULT_LANGUAGE)
READ = re.compile(
    "|".join(
        (
            rf"/|/({CODES})/?",
            r"/config|/theme\.css|/favicon\.ico|/manifest\.json|/robots\.txt",
            r"/(assets|static|svelte|scripts)/.+",
            rf"{API}/(queue/data|upload_progress|app_id|startup-events|theme\.css)",
            rf"{HEARTBEAT}\w+",
            rf"{re.escape(FILE)}.+",
            f"{HEALTH}|{READY}|{CLIP}",
        )
    )
)
SENT = re.compile(rf"{UPLOAD}|{JOIN}|{API}/(cancel|reset)|{RUN.pattern}")


class Door:
    """ASGI middleware through which everything comes; what it does not know has no way in.

    A visitor is a session of the page: each open tab is one.
    """

    def __init__(self, app: ASGIApp, *, storage: Storage, held: Held) -> None:
        self.app, self.storage, self.held = app, storage, held
        self._joining = asyncio.Lock()  # whoever joins a queue is in it before the next is let in
        self._tabs = Budgets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        request = Request(scope, receive)
        with use_language(_language_of(request)):
            try:
                await self._way_in(request)(request, send)
            except Refused as refused:
                await _answer(request, refused)(scope, receive, send)

    def _way_in(self, request: Request) -> Callable[[Request, Send], Awaitable[None]]:
        """Raises Refused where there is none."""
        path = request.scope["path"]
        if request.method in ("GET", "HEAD") and READ.fullmatch(path):
            if path.startswith(FILE) and not self.storage.holds(path.removeprefix(FILE)):
                raise Refused(404, t("errors.server.not_found"))
            return self._opened if path.startswith(HEARTBEAT) else self._pass
        if request.method != "POST" or not SENT.fullmatch(path):
            raise Refused(404, t("errors.server.not_found"))
        check_origin(request)
        return self._pass if path == UPLOAD else self._checked

    async def _pass(self, request: Request, send: Send) -> None:
        await self.app(request.scope, request.receive, send)

    async def _opened(self, request: Request, send: Send) -> None:
        """A tab opens."""
        session = request.scope["path"].removeprefix(HEARTBEAT)
        if not SESSION.fullmatch(session):
            raise Refused(404, t("errors.server.not_found"))
        if not self._tabs.take(address_of(request)):
            raise Refused(429, t("errors.server.busy"))
        await self._pass(request, send)

    async def _checked(self, request: Request, send: Send) -> None:
        """What is sent is read whole, looked through, and handed on as it was understood."""
        sent = _parsed(await read_whole(request.receive, most=MOST_JSON))
        _check_session(sent)
        for file in files_in(sent):
            self._check_file(file, is_looked_at=request.scope["path"] == JOIN)
        receive = _again(json.dumps(sent).encode(), request.receive)
        if request.scope["path"] != JOIN:
            await self.app(request.scope, receive, send)
            return
        answer: list[Message] = []  # told when the next may join: whoever hears it may be slow

        async def hold(message: Message) -> None:
            answer.append(message)

        async with self._joining:
            self._check_place(request, sent)
            await self.app(request.scope, receive, hold)
            _take_turns(request.app.get_blocks()._queue)
        for message in answer:
            await send(message)

    def _check_file(self, path: str, *, is_looked_at: bool) -> None:
        """What is gone can be deleted again and recalled, but not looked at without its frames."""
        if not self.storage.holds(path):
            raise Refused(400, t("errors.server.no_links"))
        if is_looked_at and not self.held.can_read(path):
            raise Refused(410, t("errors.server.clip_gone"))
        self.storage.renew(path)

    def _check_place(self, request: Request, sent: dict[str, Any]) -> None:
        page, session = request.app.get_blocks(), sent.get("session_hash")
        asked = page.fns.get(sent["fn_index"]) if type(sent.get("fn_index")) is int else None
        if asked is None or session is None:
            raise Refused(400, t("errors.server.not_found"))
        waiting, running = _waiting_and_running(page._queue)
        own = [event for event in (*waiting, *running) if event.session_hash == session]
        of_model = sum(event.concurrency_id == MODEL for event in own)
        if (asked.concurrency_id == MODEL and of_model >= MOST_OF_MODEL) or len(own) >= MOST_OF_ONE:
            raise Refused(429, t("errors.server.two_clips"))
        if len(waiting) >= MAX_WAITING:
            raise Refused(429, t("errors.server.busy"))


def files_asked_about(app: Any) -> set[str]:
    """The files that those who wait, or are answered just now, have asked about."""
    waiting, running = _waiting_and_running(app.get_blocks()._queue)
    asked = [event.data.data for event in (*waiting, *running) if event.data]
    return {path for data in asked for path in files_in(data)}


def _waiting_and_running(queue: Any) -> tuple[list[Any], list[Any]]:
    queues = queue.event_queue_per_concurrency_id.values()
    waiting = [event for one in queues for event in one.queue]
    return waiting, [event for job in queue.active_jobs for event in job or ()]


def _take_turns(queue: Any) -> None:
    """What is a visitor's second comes behind what is another's first, running ones counted."""
    if MODEL not in queue.event_queue_per_concurrency_id:
        return
    turns = Counter(event.session_hash for job in queue.active_jobs for event in job or ())
    waiting, turn = queue.event_queue_per_concurrency_id[MODEL].queue, {}
    for event in waiting:
        turn[event._id] = turns[event.session_hash]
        turns[event.session_hash] += 1
    waiting.sort(key=lambda event: turn[event._id])


def check_origin(request: Request) -> None:
    """Raises Refused where a page of another site sends in a visitor's name.

    Browsers say whose page it is, over https and on this computer in Sec-Fetch-Site, everywhere in
    Origin; no script can change either. Programs say nothing, and there is no visitor to act for.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site:
        is_own = site in ("same-origin", "none")
    else:
        named = ",".join(os.environ.get(name, "") for name in (HOSTS, SPACE_HOST)).split(",")
        hosts = request.headers.get("host", ""), *(name.strip() for name in named)
        is_own = not origin or any(_is_at(origin, host) for host in hosts)
    if not is_own:
        raise Refused(403, t("errors.server.unknown_host"))


def _is_at(origin: str, host: str) -> bool:
    try:
        asked, own = urlsplit(origin), urlsplit(f"//{host}")
        port = {"http": 80, "https": 443}.get(asked.scheme)
        same_port = (asked.port or port) == (own.port or port)
    except ValueError:  # a port that is no number
        return False
    return bool(asked.hostname) and asked.hostname == own.hostname and same_port


def _answer(request: Request, refused: Refused) -> Response:
    """As the page's script shows it: of an upload it shows the text, of all else the detail."""
    unread = refused.status in (408, 413)  # of which no more is to come
    headers = {"connection": "close"} if unread else {}
    if request.scope["path"] == UPLOAD:
        return PlainTextResponse(refused.sentence, refused.status, headers)
    return JSONResponse({"detail": refused.sentence}, refused.status, headers)


def _language_of(request: Request) -> str:
    """The language of the page from which something is sent."""
    code = urlsplit(request.headers.get("referer", "")).path.strip("/")
    return code if code in LANGUAGES else DEFAULT_LANGUAGE


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise Refused(400, t("errors.server.not_found"))
    return sent


def _check_session(sent: dict[str, Any]) -> None:
    session = sent.get("session_hash")
    if session is not None and not (isinstance(session, str) and SESSION.fullmatch(session)):
        raise Refused(400, t("errors.server.not_found"))


def files_in(sent: object) -> set[str]:
    """What is named as a file, anywhere in what is sent, each once.

    Raises Refused for more than any press of the page names, and for what is no name.
    """
    found: set[str] = set()
    rest = [sent]
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            if "path" in value:
                if not isinstance(value["path"], str):
                    raise Refused(400, t("errors.server.no_links"))
                found.add(value["path"])
            if len(found) > MOST_FILES:
                raise Refused(400, t("errors.server.not_found"))
            rest += value.values()
        elif isinstance(value, list):
            rest += value
    return found


def _again(body: bytes, receive: Receive) -> Receive:
    """What is received, with a body that is here already."""
    given: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return given.pop() if given else await receive()

    return received
