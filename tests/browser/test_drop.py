"""Dropped files: as good as chosen ones, whatever the system calls them."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from pages import write_gif
from playwright.sync_api import Page, expect
from visitors import draw_files

from timesformer.i18n import t
from timesformer.ui.server import limits

# Files to drop: names, types and contents. Without any, a text is dropped.
DROPPED = """(files) => {
    const dropped = new DataTransfer();
    for (const [name, type, bytes] of files) {
        dropped.items.add(new File([Uint8Array.from(bytes)], name, { type }));
    }
    if (!files.length) dropped.setData("text/plain", "https://example.org/clip.mp4");
    return dropped;
}"""
MARK_OLD = "for (const old of document.querySelectorAll('#strip figure')) old.dataset.old = '1'"
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


def test_every_name_and_type_is_answered(page: Page, clip: bytes) -> None:
    """The first is dropped on the upload area, later ones on the clip before or beside it."""
    places = ["#clip button", "#clip", "#strip", "body"]
    for number, (name, kind) in enumerate(NAMES.items()):
        page.evaluate(MARK_OLD)
        assert drop(page, places[min(number, 3)], (name, kind, clip)), name
        expect(page.locator("#strip figure:not([data-old])")).to_have_count(8)
    expect(page.locator(".toast-body")).to_have_count(0)


def test_a_dropped_gif_is_answered(page: Page, tmp_path: Path) -> None:
    gif = write_gif(tmp_path / "clip.gif")
    drop(page, "#clip", ("clip.gif", "image/gif", gif.read_bytes()))
    expect(page.locator("#strip figure")).to_have_count(8)


def test_a_file_dropped_on_the_camera_is_answered(page: Page, clip: bytes) -> None:
    page.click('#clip button[aria-label="Capture from camera"]')
    drop(page, "#clip", ("clip.mkv", "", clip))
    expect(page.locator("#strip figure")).to_have_count(8)


@pytest.mark.parametrize(
    ("names", "key"),
    [([], "no_links"), (["a.mp4", "b.mp4"], "one_file"), (["large.mp4"], "upload_too_large")],
)
def test_a_refused_drop_says_why_and_leaves_the_clip(
    names: list[str], key: str, page: Page, clip: bytes
) -> None:
    drop(page, "#clip", ("clip.mp4", "video/mp4", clip))
    expect(page.locator("#strip figure")).to_have_count(8)
    page.evaluate("gradio_config.max_file_size = 10")
    drop(page, "#clip", *((name, "video/mp4", b"no video at all") for name in names))
    sentence = t(f"errors.server.{key}", megabytes=limits.MAX_UPLOAD_BYTES / 1e6)
    expect(page.locator("#status [role=alert]")).to_have_text(sentence)
    expect(page.locator("#clip video")).to_have_count(1)


def test_a_file_dropped_during_an_upload_is_refused(page: Page, clip: bytes) -> None:
    page.route("**/gradio_api/upload?*", lambda route: None)  # which therefore does not end
    for _ in range(2):
        drop(page, "#clip", ("clip.mp4", "video/mp4", clip))
        page.wait_for_selector("#clip .uploading")
    expect(page.locator("#status [role=alert]")).to_have_text(t("errors.server.uploading"))
