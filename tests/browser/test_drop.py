"""Dropped files: as good as chosen ones, whatever the system calls them."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from pages import wait_for_answer, whole_answer, write_gif
from playwright.sync_api import Page, Route, expect
from visitors import draw_files

from timesformer.i18n import t
from timesformer.ui.server import limits
from timesformer.ui.server.middleware import UPLOAD

# Files to drop: names, types and contents. Without any, a text is dropped.
DROPPED = """(files) => {
    const dropped = new DataTransfer();
    for (const [name, type, bytes] of files) {
        dropped.items.add(new File([Uint8Array.from(bytes)], name, { type }));
    }
    if (!files.length) dropped.setData("text/plain", "https://example.org/clip.mp4");
    return dropped;
}"""
NAMES = {
    "00001.MTS": "", "clip.mkv": "", "clip.ts": "text/vnd.trolltech.linguist", "IMG_1.MOV": "",
    "clip.MOV": "video/quicktime", "clip.3gp": "video/3gpp", "clip.avi": "", "no suffix": "",
    "clip.mp4": "video/mp4", "clip.webm": "audio/webm",
}  # fmt: skip


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return draw_files(tmp_path_factory.mktemp("drop"), 1, seed=11)[0].read_bytes()


def drop(page: Page, place: str, *files: tuple[str, str, Sequence[int]]) -> bool:
    """Drop files, and return True if the browser would not open them itself."""
    dropped = page.evaluate_handle(DROPPED, [[n, kind, list(bytes_)] for n, kind, bytes_ in files])
    taken = True
    for kind in ("dragenter", "dragover", "drop"):
        taken = page.evaluate(
            """([place, kind, dataTransfer]) => !document.querySelector(place).dispatchEvent(
                new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }))""",
            [place, kind, dropped],
        )
    return bool(taken)


def test_every_name_and_type_is_answered(page: Page, clip: bytes, tmp_path: Path) -> None:
    """Wherever they are dropped. Each drop asks for an answer of its own."""
    places = ["[data-do=upload]", "canvas.pane", ".frames", "header", "body"]
    paths: list[str] = []
    page.on("response", lambda sent: UPLOAD in sent.url and paths.extend(sent.json()))
    for number, (name, kind) in enumerate(NAMES.items()):
        assert drop(page, places[number % len(places)], (name, kind, clip)), name
        wait_for_answer(page)
        expect(page.locator("[data-do=delete]")).to_be_visible()
    assert len(set(paths)) == len(NAMES)
    gif = write_gif(tmp_path / "clip.gif")
    drop(page, "body", ("clip.gif", "image/gif", gif.read_bytes()))
    wait_for_answer(page)
    expect(page.locator(".no-preview")).to_have_text(t("stage.no_preview"))


def test_a_refused_drop_says_why_and_leaves_the_clip(page: Page, clip: bytes) -> None:
    drop(page, "body", ("clip.mp4", "video/mp4", clip))
    wait_for_answer(page)
    page.evaluate("gradio_config.max_file_size = 10")
    for names, key in (
        ([], "no_links"), (["a.mp4", "b.mp4"], "one_file"), (["large.mp4"], "upload_too_large"),
    ):  # fmt: skip
        drop(page, ".stage", *((name, "video/mp4", b"no video at all") for name in names))
        sentence = t(f"errors.server.{key}", megabytes=limits.MAX_UPLOAD_BYTES / 1e6)
        expect(page.locator("#notice[role=alert]")).to_have_text(sentence)
        expect(page.locator("[data-do=delete]")).to_be_visible()
        expect(page.locator(".stage.waiting")).to_have_count(0)


def test_a_refusal_stays_until_the_next_choice(page: Page, clip: bytes, hold: Path) -> None:
    """The rest of an answer that is still on its way does not hide it."""
    hold.touch()
    drop(page, "body", ("clip.mp4", "video/mp4", clip))
    expect(page.locator("#status")).to_contain_text(t("status.looking"))
    drop(page, "body", *((name, "video/mp4", clip) for name in ("a.mp4", "b.mp4")))
    with whole_answer(page):
        hold.unlink()
        wait_for_answer(page)
    notice = page.locator("#notice")
    expect(notice).to_have_text(t("errors.server.one_file"))
    page.click(".stage [data-example] >> nth=1")
    expect(notice).to_be_empty()


def test_a_file_dropped_during_an_upload_takes_its_place(page: Page, clip: bytes) -> None:
    held: list[Route] = []
    # the first upload does not end
    page.route("**/gradio_api/upload*", lambda route: held.append(route))
    drop(page, "body", ("clip.mp4", "video/mp4", clip))
    expect(page.locator(".stage.waiting")).to_have_count(1)
    page.unroute("**/gradio_api/upload*")
    drop(page, "body", ("clip.mp4", "video/mp4", clip))
    wait_for_answer(page)
    expect(page.locator("[data-do=delete]")).to_be_visible()
    assert len(held) == 1
