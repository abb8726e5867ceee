"""Pages in a browser: how a visitor opens one, gives it a clip, and waits for its answer."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
OTHER_HOST = "class.test"  # another name of this computer
OPTIONS = (
    f"--host-resolver-rules=MAP {OTHER_HOST} 127.0.0.1",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 300_000  # milliseconds, on a very busy machine
expect.set_options(timeout=PATIENCE)


def write_gif(path: Path) -> Path:
    """Write a GIF of 22 grey frames and return the file."""
    with av.open(str(path), "w", format="gif") as container:
        stream = container.add_stream("gif", 10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "rgb8"
        for i in range(22):
            picture = np.full((64, 64, 3), 10 * i, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))
    return path


def upload(page: Page, path: Path | str) -> None:
    """Choose a file of the visitor's."""
    page.set_input_files(".stage input[type=file]", str(path))


def choose_example(page: Page, name: str) -> None:
    """Choose an example by its picture."""
    page.click(f'.stage [data-example="{name}"]')


def wait_for_answer(page: Page, label: str = "") -> None:
    """Wait until the page shows the answer to what was chosen last, with a label if one is named.

    The stage is dimmed from a choice to its answer.
    """
    expect(page.locator(".stage:not(.waiting) .predictions li")).to_have_count(5)
    if label:
        expect(page.locator(".verdict b")).to_have_text(label[:1].upper() + label[1:])


@contextmanager
def launched(*options: str) -> Iterator[Browser]:
    """Run a headless Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[*OPTIONS, *options])
        yield chromium
        chromium.close()


class Wire:
    """Counts the bytes of responses to a page, as they are on the wire."""

    def __init__(self, page: Page) -> None:
        self._bytes = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.dataReceived", self._receive)

    def _receive(self, event: dict[str, int]) -> None:
        self._bytes += event["encodedDataLength"]

    def spent(self) -> int:
        """Return the bytes since the last call."""
        spent, self._bytes = self._bytes, 0
        return spent


@contextmanager
def whole_answer(page: Page) -> Iterator[None]:
    """Wait for the end of the answer that is asked for: by then all quick heatmaps are there.

    The stream of the server's messages then ends, whichever side closes it first. Wait inside for
    the answer if older work may still end its own stream.
    """
    started, ended = set[Request](), set[Request]()

    def recorder(requests: set[Request]) -> Callable[[Request], None]:
        return lambda request: requests.add(request) if "queue/data" in request.url else None

    page.on("request", recorder(started))
    page.on("requestfinished", recorder(ended))
    page.on("requestfailed", recorder(ended))
    yield
    while not ended or started - ended:
        page.wait_for_timeout(20)


def open_tab(page: Page, name: str) -> None:
    """Open a tab of the header."""
    page.click(f'header [data-tab="{name}"]')


def explore(page: Page, *, is_whole: bool = True) -> None:
    """Open the explorer of the answer on the page, and wait for it.

    With `is_whole`, its numbers come at once, so it also draws a heatmap.
    """
    page.evaluate(
        "window.isReady = false;"
        "document.addEventListener('explorer:ready', () => { isReady = true; }, { once: true })"
    )
    open_tab(page, "explore")
    page.wait_for_function("(isWhole) => isReady && (explorer.heatmap || !isWhole)", arg=is_whole)


def choose_method(page: Page, name: str) -> None:
    """Choose a heatmap: one of the buttons, or of the menu with the others."""
    button = page.locator(f'input[name=method][value="{name}"]')
    if button.count():
        button.check(force=True)  # its label covers it
    else:
        page.select_option("select.methods", name)


def choose_model(page: Page, name: str) -> None:
    """Choose a model that the page offers."""
    page.select_option("#model", name)


_contexts: dict[tuple[Browser, str], BrowserContext] = {}  # by browser and options


@contextmanager
def opened_page(
    browser: Browser,
    address: str,
    *,
    outer: str = "",
    permissions: Sequence[str] = (),
    **options: Any,
) -> Iterator[Page]:
    """Open a page. Fail if it requests anything from another host.

    With `outer`, requests must be below that address. Pages with the same options of Playwright's
    contexts share one, so that scripts are loaded once.
    """
    name = (browser, repr(options))
    if name not in _contexts:
        _contexts[name] = browser.new_context(**options)
        _contexts[name].set_default_timeout(PATIENCE)
    context = _contexts[name]
    context.grant_permissions(permissions)
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    try:
        page.goto(address)
        page.wait_for_selector("body.ready")
        yield page
    finally:
        page.close()
        context.clear_permissions()
    outer = outer or address
    own = (outer, "data:", "blob:", outer.replace("http", "ws"))
    assert [url for url in requests if not url.startswith(own)] == []
