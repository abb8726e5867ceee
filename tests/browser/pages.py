"""Pages in a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect

PATIENCE = 300_000  # milliseconds, on a very busy machine
expect.set_options(timeout=PATIENCE)


@contextmanager
def opened_page(
    browser: Browser, address: str, *, outer: str = "", **options: Any
) -> Iterator[Page]:
    """Open a page in a context of its own. Fail if it requests anything from another host.

    With `outer`, requests must be below that address.
    """
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address)
    page.wait_for_selector("#clip input[type=file]", state="attached")
    yield page
    outer = outer or address
    own = (outer, "data:", "blob:", outer.replace("http", "ws"))
    assert [url for url in requests if not url.startswith(own)] == []
    context.close()
