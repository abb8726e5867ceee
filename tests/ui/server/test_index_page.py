"""The page's first HTML: ours is in Gradio's once, in every language, and nowhere else."""

import gzip
import json
import re

import httpx
import pytest
from built import built_page
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send
from visitors import in_own_loop

from timesformer.i18n import DEFAULT_LANGUAGE, LANGUAGES
from timesformer.ui import handlers
from timesformer.ui.page import FIRST_EXAMPLE
from timesformer.ui.server.index_page import IndexPage

ADDRESSES = {code: "/" if code == DEFAULT_LANGUAGE else f"/{code}" for code in LANGUAGES}
HTML = (
    '<!doctype html><html lang="en"><head><title>é</title><base href="./" /></head>'
    '<body><p lang="en"></p><gradio-app></gradio-app><script>"</head><gradio-app"</script></body>'
)


class App:
    """A stand-in for Gradio, whose HTML comes in two parts. It records the requests."""

    def __init__(self, *, vary: str = "") -> None:
        self.methods: list[str] = []
        self.vary = vary

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        self.methods.append(scope["method"])
        body = HTML.encode()
        headers = [(b"content-type", b"text/html"), (b"content-length", b"%d" % len(body))]
        headers += [(b"vary", self.vary.encode())] * bool(self.vary)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body[:20], "more_body": True})
        await send({"type": "http.response.body", "body": body[20:]})


def response_to(
    path: str, app: App | None = None, *, method: str = "GET", root: str = "", accept: str = ""
) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of a response."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    scope = {"type": "http", "method": method, "path": root + path, "root_path": root,
             "headers": [(b"accept-encoding", accept.encode())]}  # fmt: skip
    page = IndexPage(app or App(), head="<style></style>", body=lambda code: f"<i>{code} ü</i>")
    in_own_loop(page(scope, receive, send))
    start, *parts = messages
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return headers, b"".join(part["body"] for part in parts)


@pytest.mark.parametrize("root", ["", "/look"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_our_html_is_inserted_once_in_the_language_of_the_page(code: str, root: str) -> None:
    headers, body = response_to(ADDRESSES[code], root=root)
    ours = HTML.replace('<html lang="en"', f'<html lang="{code}"')
    ours = ours.replace('<base href="./" /></head>', "<style></style></head>", 1)
    ours = ours.replace("<gradio-app", f"<i>{code} ü</i><gradio-app", 1)
    assert body.decode() == ours
    assert int(headers["content-length"]) == len(body)


@pytest.mark.parametrize("path", ["/config", "/ready", "/en", "/xx", "/de/config", "/gradio_api/x"])
def test_other_routes_are_untouched(path: str) -> None:
    headers, body = response_to(path, accept="gzip")
    assert body == HTML.encode()
    assert headers == {"content-type": "text/html", "content-length": str(len(body))}


@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
def test_other_requests_are_untouched(method: str) -> None:
    assert response_to("/", method=method)[1] == HTML.encode()


def test_other_scopes_are_untouched() -> None:
    page = IndexPage(App(), head="", body=lambda code: pytest.fail("a page was made"))
    in_own_loop(page({"type": "lifespan"}, None, None))


@pytest.mark.parametrize("accept", ["", "gzip", "gzip, deflate, br"])
def test_a_head_request_has_the_headers_of_the_page(accept: str) -> None:
    app = App()
    whole, _ = response_to("/", app, accept=accept)
    assert response_to("/", app, method="HEAD", accept=accept)[0] == whole
    assert app.methods == ["GET", "HEAD"]


def test_the_page_is_compressed_for_browsers_that_can() -> None:
    plain, html = response_to("/de")
    headers, packed = response_to("/de", App(vary="origin"), accept="gzip, br")
    assert gzip.decompress(packed) == html
    assert headers["content-encoding"] == "gzip"
    assert int(headers["content-length"]) == len(packed)
    assert headers["vary"].replace(" ", "").lower().split(",") == ["origin", "accept-encoding"]
    assert "content-encoding" not in plain
    assert plain["vary"] == "accept-encoding"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The real pages with their lengths, by GET and by HEAD."""
    handlers.cache_example_answers("motion", [FIRST_EXAMPLE])
    built = built_page(tmp_path_factory.mktemp("files"))

    async def visit() -> dict[str, list[str]]:
        with pytest.warns(UserWarning, match="SSR mode"):  # Gradio's, of a page in many languages
            app = built.mount(FastAPI(), "/look")
        transport, headers = httpx.ASGITransport(app), {"accept-encoding": "identity"}
        found = {}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://page/look", headers=headers
        ) as client:
            for path in ADDRESSES.values():
                whole, head = await client.get(path), await client.head(path)
                lengths = [answer.headers["content-length"] for answer in (whole, head)]
                found[path] = [whole.text, *lengths]
        return found

    return in_own_loop(visit())


@pytest.mark.parametrize("code", LANGUAGES)
def test_gradio_s_page_has_our_html_once(code: str, pages: dict[str, list[str]]) -> None:
    html, length, _ = pages[ADDRESSES[code]]
    assert int(length) == len(html.encode())
    assert re.search(r"<html[^>]*?\slang=\"(\w+)\"", html)[1] == code
    for part in ('<header class="top">', '<section class="stage"', 'id="first"', 'id="known"',
                 'id="catalog"', "window.timesformer = import"):  # fmt: skip
        assert html.count(part) == 1, part
    head, _, body = html.partition("</head>")
    assert "<base" not in head
    assert 'rel="modulepreload"' in head
    assert ".stage" in head
    first = body.split('id="first">')[1].split("</script>")[0]
    answer = json.loads(first)
    assert answer["example"]
    assert answer["frames"]
    assert LANGUAGES[code].sections["stage"]["heading"] in body
    assert body.index('id="first"') < body.index("<gradio-app")


def test_a_head_request_has_the_length_of_the_page(pages: dict[str, list[str]]) -> None:
    _, length, of_head = pages["/"]
    assert of_head == length
