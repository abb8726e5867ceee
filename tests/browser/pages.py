"""Pages in a browser, and a file for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
from playwright.sync_api import Browser, Page, expect

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
