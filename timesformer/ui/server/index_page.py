"""The page's first HTML: the header and an answered example, before Gradio starts.

Gradio's script takes a second to draw the page. What stands here is seen before that, and
assets/web/js/shell.js moves it into Gradio's page once that is there.
"""

import asyncio
import gzip
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...i18n import DEFAULT_LANGUAGE, LANGUAGES
from .middleware import path_of

COMPRESSION = 5  # of 9; Gradio compresses files with a suffix only
HEAD, BODY, LANG = b"</head>", b"<gradio-app", b'lang="en"'
BASE = b'<base href="./" />'  # with it, "#..." on /de would be an address of the English page


class IndexPage:
    """ASGI middleware that adds `head` and `body(code)` to the HTML of a page in a language."""

    def __init__(self, app: ASGIApp, *, head: str, body: Callable[[str], str]) -> None:
        self.app, self._head, self._body = app, head, body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        code = _language_of(scope)
        if code is None:
            await self.app(scope, receive, send)
            return
        start: Message = {}
        content = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            content.extend(message.get("body", b""))
            if not message.get("more_body"):
                headers = MutableHeaders(raw=start["headers"])
                is_compressed = "gzip" in Headers(scope=scope).get("accept-encoding", "")
                html = await asyncio.to_thread(
                    self._completed, bytes(content), code, is_compressed=is_compressed
                )
                if is_compressed:
                    headers["content-encoding"] = "gzip"
                headers.add_vary_header("accept-encoding")
                headers["content-length"] = str(len(html))
                await send(start)
                await send({"type": "http.response.body", "body": html})

        await self.app(scope, receive, collect)

    def _completed(self, html: bytes, code: str, *, is_compressed: bool) -> bytes:
        """Return Gradio's HTML with ours. Gradio's version is pinned, and a test finds both."""
        html = html.replace(LANG, f'lang="{code}"'.encode(), 1)
        html = html.replace(BASE, b"", 1)
        html = html.replace(HEAD, self._head.encode() + HEAD, 1)
        html = html.replace(BODY, self._body(code).encode() + BODY, 1)
        return gzip.compress(html, COMPRESSION) if is_compressed else html


def _language_of(scope: Scope) -> str | None:
    """Return the language of the page that a request is for, or None for other requests."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    path = path_of(Request(scope)).strip("/")
    if not path:
        return DEFAULT_LANGUAGE
    return path if path in LANGUAGES and path != DEFAULT_LANGUAGE else None
