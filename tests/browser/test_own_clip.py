"""A visitor's own clip: what is left of it, and what goes on once nothing is."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import pytest
from pages import (
    choose_example,
    choose_method,
    choose_model,
    explore,
    open_tab,
    opened_page,
    upload,
    wait_for_answer,
    whole_answer,
)
from playwright.sync_api import Browser, Page, Response, expect
from sentences import pattern_of
from server import servers
from visitors import Visitor, draw_files, in_own_loop, open_client

from timesformer import write_mp4
from timesformer.i18n import t
from timesformer.synthetic.clips import draw_clips
from timesformer.ui.page import FIRST_EXAMPLE
from timesformer.ui.server import limits
from timesformer.ui.server.middleware import UPLOAD

DELETED = t("status.deleted", minutes=limits.MAX_STAY_SECONDS / 60)
STORES = """async () => [
    Object.keys(localStorage), Object.keys(sessionStorage), await indexedDB.databases(),
    await caches.keys(), document.cookie,
].flat().join()"""
# Plays a video from its end over to its beginning, and returns whether it came there.
PLAY_OVER = """async (video) => {
    const end = video.duration - 0.3;
    Object.assign(video, { muted: true, loop: true, currentTime: end + 0.1 });
    await video.play();
    const until = performance.now() + 60000;
    while (video.currentTime >= end && performance.now() < until) {
        await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
    return !video.error && video.currentTime < end;
}"""


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_files(tmp_path_factory.mktemp("own"), 1, seed=7)[0]


def draw_long_file(path: Path) -> Path:
    """Write a video of 5.3 seconds, of which the model sees 2.1 at once."""
    drawn = draw_clips(1, num_frames=64, size=112, seed=3).pixels[0].permute(0, 2, 3, 1)
    write_mp4(path, (drawn.numpy() * 255).astype(np.uint8), fps=12)
    return path


@dataclass
class Opened:
    """The page, and the path at which the server stored each upload."""

    page: Page
    paths: list[str] = field(default_factory=list)

    def record_upload(self, response: Response) -> None:
        is_upload = UPLOAD in response.url.partition("?")[0]
        if is_upload and response.request.method == "POST" and response.ok:
            self.paths += response.json()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Opened]:
    size = {"width": 1280, "height": 900}
    with opened_page(browser, address, viewport=size, permissions=["camera"]) as page:
        opened = Opened(page)
        page.on("response", opened.record_upload)
        yield opened


@pytest.fixture
def answered(opened: Opened, clip: Path) -> Opened:
    """The page with the whole answer to a visitor's own clip."""
    upload(opened.page, clip)
    wait_for_answer(opened.page)
    return opened


def files_in(folder: Path) -> dict[Path, bytes]:
    """Return the files of the server's run with their contents. Some may be deleted meanwhile."""
    contents = {}
    for run in folder.glob("files/run-*"):
        for parent, _, names in os.walk(run):
            for path in (Path(parent, name) for name in names):
                with suppress(FileNotFoundError):
                    contents[path] = path.read_bytes()
    return contents


def made_files(folder: Path) -> set[Path]:
    """Return the files that the server made of clips."""
    paths = [path for path, content in files_in(folder).items() if content]
    return {path for path in paths if not path.name.startswith(("clip", "lock"))}


def has_clip(folder: Path, clip: Path) -> bool:
    """Return True if a file of the server has the content of a clip."""
    return clip.read_bytes() in files_in(folder).values()


def assert_preview_plays(page: Page) -> None:
    video = page.locator("video.source")
    assert video.evaluate("video => video.src").startswith("blob:")
    assert video.evaluate(PLAY_OVER)
    expect(page.locator(".no-preview")).to_have_text("")


def join_by_hand(address: str, path: str) -> httpx.Response:
    """Ask for an answer to an uploaded clip, without the page."""

    async def scene() -> httpx.Response:
        async with open_client(address) as client:
            visitor = Visitor(client, (await client.get("/config")).json())
            return await visitor.join(path)

    return in_own_loop(scene())


def answer_by_hand(address: str, clip: Path) -> None:
    """Ask for an answer to a clip without the page, and wait for it."""

    async def scene() -> None:
        async with open_client(address) as client:
            visitor = Visitor(client, (await client.get("/config")).json())
            assert (await visitor.request_answer(await visitor.upload(clip.read_bytes()))).is_answer

    in_own_loop(scene())


def delete_by_hand(address: str, path: str) -> None:
    """Delete an uploaded clip, without the page."""
    config = httpx.get(f"{address}/config", timeout=60).json()
    [event, *_] = (
        event for event in config["dependencies"]
        if "forget" in [target[1] for target in event["targets"]] and event["backend_fn"]
    )  # fmt: skip
    sent = [None, {"clip": {"path": path}}, *(None for _ in event["inputs"][2:])]
    body = {"data": sent, "fn_index": event["id"], "session_hash": "x"}
    answer = httpx.post(f"{address}/gradio_api/run/predict", json=body, timeout=60)
    assert DELETED in answer.text


def run_experiment(page: Page, name: str) -> None:
    open_tab(page, "experiment")
    page.click(f"[data-try={name}]")
    expect(page.locator(f"#experiment-result [data-experiment={name}]")).to_have_count(1)


def test_a_clip_is_deleted_once_its_frames_are_read_and_the_page_goes_on(
    answered: Opened, address: str, folder: Path, clip: Path
) -> None:
    """The page uploads it again, to the same path, if the server needs other frames."""
    page, [path] = answered.page, answered.paths
    assert not has_clip(folder, clip)
    assert_preview_plays(page)
    run_experiment(page, "reverse")
    choose_model(page, "motion-joint")
    wait_for_answer(page)
    assert answered.paths == [path]
    run_experiment(page, "frames")
    assert answered.paths == [path, path]
    assert not has_clip(folder, clip)
    servers[address].send_signal(signal.SIGUSR1)
    while (answer := join_by_hand(address, path)).status_code == 200:
        pass  # until the signal arrives
    assert answer.status_code == 410
    open_tab(page, "see")
    page.click("[data-do=check]")
    expect(page.locator("#checked polyline")).to_have_count(4)
    assert answered.paths == [path, path, path]
    assert not has_clip(folder, clip)
    assert_preview_plays(page)
    assert page.evaluate(STORES) == ""


def test_another_start_is_analyzed_after_the_file_was_deleted(
    opened: Opened, folder: Path, tmp_path: Path
) -> None:
    page, long = opened.page, draw_long_file(tmp_path / "long.mp4")
    upload(page, long)
    wait_for_answer(page)
    part = page.locator(".timeline span")
    expect(part).to_have_text(re.compile(pattern_of("answer.part", first=0.0, duration=5.3)))
    page.locator(".timeline input").fill("1.5")
    expect(part).to_have_text(re.compile(pattern_of("answer.part", first=1.5, duration=5.3)))
    wait_for_answer(page)
    assert page.locator("video.source").evaluate("video => video.currentTime") >= 1.4
    [path, again] = opened.paths
    assert path == again
    page.locator(".timeline input").fill("0")  # the page holds this answer
    expect(part).to_have_text(re.compile(pattern_of("answer.part", first=0.0, duration=5.3)))
    assert len(opened.paths) == 2
    assert not has_clip(folder, long)


def test_a_clip_deleted_without_the_page_does_not_come_again(
    answered: Opened, address: str, folder: Path, clip: Path
) -> None:
    page, [path] = answered.page, answered.paths
    delete_by_hand(address, path)
    open_tab(page, "experiment")
    with page.expect_response(lambda response: UPLOAD in response.url) as sent:
        page.click("[data-try=frames]")
    gone = t("errors.server.clip_gone")
    assert (sent.value.status, sent.value.text()) == (410, gone)
    expect(page.locator("#notice[role=alert]")).to_have_text(gone)
    assert not has_clip(folder, clip)


def test_the_answer_to_a_removed_clip_is_not_shown(
    opened: Opened, address: str, folder: Path, hold: Path, clip: Path
) -> None:
    """The clip is deleted during its second answer, or left for an example during its first."""
    page = opened.page
    first = page.inner_text(".verdict b")
    hold.touch()
    upload(page, clip)
    expect(page.locator("#status")).to_contain_text(t("status.looking"))
    choose_example(page, FIRST_EXAMPLE)
    expect(page.locator(".stage.waiting")).to_have_count(0)
    hold.unlink()
    answer_by_hand(address, clip)  # after the left clip's work has ended
    expect(page.locator(".verdict b")).to_have_text(first)
    expect(page.locator("[data-do=delete]")).to_be_hidden()

    with whole_answer(page):
        upload(page, clip)
        wait_for_answer(page)
    hold.touch()
    choose_method(page, "moved")
    expect(page.locator("#status")).to_contain_text(t("status.explaining"))
    page.click("[data-do=delete]")
    expect(page.locator("#notice")).to_have_text(DELETED)  # also when the example is answered
    hold.unlink()
    answer_by_hand(address, clip)
    choose_method(page, "attention")
    expect(page.locator("[data-do=delete]")).to_be_hidden()
    expect(page.locator("video.source")).not_to_have_attribute("src", re.compile("^blob:"))
    assert not has_clip(folder, clip)


def test_deleting_leaves_no_file_of_a_clip_or_its_answer(
    opened: Opened, address: str, folder: Path, clip: Path
) -> None:
    page = opened.page
    page.locator(".stage [data-example]").first.click()
    wait_for_answer(page)
    before = made_files(folder)
    upload(page, clip)
    expect(page.locator("[data-do=delete]")).to_be_visible()
    wait_for_answer(page)
    page.click(".downloads summary")
    with page.expect_download():
        page.click("[data-download=archive]")
    explore(page)
    names = {path.name for path in made_files(folder) - before}
    assert names == {"attention.safetensors", "timesformer.zip"}
    open_tab(page, "see")
    page.click("[data-do=delete]")  # an example that the page holds is shown next
    expect(page.locator("#notice")).to_have_text(DELETED)
    wait_for_answer(page)
    expect(page.locator("#notice")).to_have_text(DELETED)
    expect(page.locator("[data-do=delete]")).to_be_hidden()
    page.wait_for_function("(text) => !document.body.innerText.includes(text)", arg=DELETED)
    assert made_files(folder) <= before
    [path] = opened.paths
    answer = join_by_hand(address, path)
    gone = t("errors.server.clip_gone")
    assert (answer.status_code, answer.json()["detail"]) == (410, gone)


# The mean brightness of a picture's left and right edge.
BRIGHTNESS = """image => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const brightness = (x) => {
        const pixels = context.getImageData(x, 0, 4, canvas.height).data;
        return pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    };
    return [brightness(4), brightness(canvas.width - 8)];
}"""


def test_one_press_records_a_clip_that_is_not_mirrored_and_is_deleted(opened: Opened) -> None:
    """A countdown, then a recording that stops by itself. Before that, it can be cancelled."""
    page, preview = opened.page, opened.page.locator(".camera")
    shown = page.inner_text(".verdict b")
    for _ in range(2):
        page.click("[data-do=camera]")
        expect(preview.locator("p")).to_have_text(t("stage.countdown", seconds=3))
        preview.get_by_role("button").evaluate("button => button.click()")  # at once
        expect(preview).to_have_count(0)
    assert page.inner_text(".verdict b") == shown
    assert opened.paths == []
    page.click("[data-do=camera]")
    expect(preview).to_have_class(re.compile("recording"))
    assert "NaN" not in page.inner_text("body")
    expect(preview).to_have_count(0)
    wait_for_answer(page)
    expect(page.locator("[data-do=delete]")).to_be_visible()
    [path] = opened.paths
    assert not Path(path).parent.exists()
    left, right = page.locator(".frames img").first.evaluate(BRIGHTNESS)
    assert left > right + 20  # the camera shows a bright bar at the left
    assert_preview_plays(page)
    assert "NaN" not in page.inner_text("body")
    expect(page.locator("video[controls]")).to_have_count(0)  # would show an endless duration
    page.click("[data-do=delete]")
    expect(page.locator("video[src^='blob:']")).to_have_count(0)
    assert page.evaluate(STORES) == ""


def test_an_iphone_records_mp4(browser: Browser, address: str) -> None:
    agent = {"user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Safari/604.1"}
    with opened_page(browser, address, permissions=["camera"], **agent) as page:
        opened = Opened(page)
        page.on("response", opened.record_upload)
        page.click("[data-do=camera]")
        expect(page.locator("[data-do=delete]")).to_be_visible()
        assert_preview_plays(page)
    assert [Path(path).suffix for path in opened.paths] == [".mp4"]
