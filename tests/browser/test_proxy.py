"""The page behind a proxy that serves it under a path and renames the host, and in a frame."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pages import choose_example, explore, open_tab, opened_page, upload, wait_for_answer
from playwright.sync_api import Browser, expect
from proxy import proxied
from visitors import draw_files

from timesformer.i18n import localized, t

PLAYS = "video => video.readyState >= 2 && !video.error"


@pytest.fixture
def outer(address: str) -> Iterator[str]:
    with proxied(address, "/a/look") as outer:
        yield outer


@pytest.mark.parametrize("code", ["", "de"])
def test_the_page_works_behind_a_proxy(
    code: str, browser: Browser, outer: str, tmp_path: Path
) -> None:
    """Nothing is requested from the inner address, nor outside the path."""
    with opened_page(browser, outer + code, outer=outer) as page:
        choose_example(page, "boat-sailing-right")
        wait_for_answer(page)
        page.wait_for_function(f"() => [document.querySelector('video.source')].every({PLAYS})")
        source = page.locator("video.source").evaluate("video => video.currentSrc")
        assert source == f"{outer}examples/boat-sailing-right.mp4"
        upload(page, draw_files(tmp_path, 1, seed=3)[0])
        wait_for_answer(page)
        page.click(".downloads summary")
        with page.expect_download():
            page.click("[data-download=sheet]")
        explore(page)
        expect(page.locator("#explorer canvas").first).to_be_visible()
        open_tab(page, "experiment")
        page.click("[data-try=frames]")  # uploads the clip again
        expect(page.locator("#experiment-result [data-experiment=frames]")).to_have_count(1)


def test_a_page_address_may_end_with_a_slash(browser: Browser, outer: str) -> None:
    with opened_page(browser, f"{outer}de/", outer=outer) as page:
        assert page.url == f"{outer}de"
        expect(page.locator("[data-do=upload]")).to_have_text(localized("de", t)("stage.upload"))


def test_a_frame_without_rights_to_the_camera_says_so(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    """The page around it is of another site, because of its other host."""
    (tmp_path / "index.html").write_text(f"<iframe src='{address}' width=1200 height=900></iframe>")
    handler = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as around:
        thread = Thread(target=around.serve_forever)
        thread.start()
        context = browser.new_context(permissions=["camera"])
        page = context.new_page()
        page.goto(f"http://localhost:{around.server_port}")
        frame = page.frame_locator("iframe")
        frame.locator("[data-do=camera]").click()
        expect(frame.locator("#notice[role=alert]")).to_have_text(t("camera.embedded"))
        context.close()
        around.shutdown()
        thread.join()
