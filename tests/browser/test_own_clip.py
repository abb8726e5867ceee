"""A visitor's own clip: what is left of it, and what goes on once nothing is."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from pages import opened_page
from playwright.sync_api import Browser, Page, Response, expect
from sentences import pattern_of
from server import servers
from visitors import Visitor, draw_files, in_own_loop, open_client

from timesformer.i18n import t
from timesformer.ui.server import limits
from timesformer.ui.server.middleware import UPLOAD

DELETED = t("status.deleted", minutes=limits.MAX_STAY_SECONDS / 60)
STORES = """async () => [
    Object.keys(localStorage), Object.keys(sessionStorage), await indexedDB.databases(),
    await caches.keys(), document.cookie,
].flat().join()"""
# Plays a video from its end over to its beginning, and returns whether it came there.
PLAY_OVER = """async (video) => {
    Object.assign(video, { muted: true, loop: true, currentTime: video.duration - 0.2 });
    await video.play();
    const end = video.currentTime;
    const until = performance.now() + 60000;
    while (video.currentTime >= end && performance.now() < until) {
        await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
    return !video.error && video.currentTime < end;
}"""
DROPPED = """([name, bytes]) => {
    const files = new DataTransfer();
    files.items.add(new File([Uint8Array.from(bytes)], name, { type: "video/mp4" }));
    return files;
}"""


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_files(tmp_path_factory.mktemp("own"), 1, seed=7)[0]


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
    opened.page.set_input_files("#clip input[type=file]", str(clip))
    wait_for_answer(opened.page)
    return opened


def wait_for_answer(page: Page) -> None:
    expect(page.locator("#status")).to_contain_text(re.compile(pattern_of("status.answered")))
    expect(page.locator("#explorer .explorer")).to_have_count(1)


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
    return {path for path in paths if path.suffix != ".webm" and not is_example(path)}


def is_example(path: Path) -> bool:
    example = Path("assets/clips") / path.name
    return path.name.startswith("clip") or example.exists()


def has_clip(folder: Path, clip: Path) -> bool:
    """Return True if a file of the server has the content of a clip."""
    return clip.read_bytes() in files_in(folder).values()


def assert_preview_plays(page: Page) -> None:
    video = page.locator("#clip video")
    assert video.evaluate("video => video.src").startswith("blob:")
    assert video.evaluate(PLAY_OVER)
    expect(page.locator("#clip")).not_to_have_attribute("data-note", t("page.no_preview"))
    expect(page.locator(".toast-body")).to_have_count(0)


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
    [button, *_] = (
        part["id"] for part in config["components"] if part["props"].get("elem_id") == "delete"
    )
    [(index, files)] = (
        (event["id"], event["inputs"][2:])
        for event in config["dependencies"]
        if [button, "click"] in event["targets"] and len(event["inputs"]) > 2
    )
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    body = {"data": [None, file, *(None for _ in files)], "fn_index": index, "session_hash": "x"}
    answer = httpx.post(f"{address}/gradio_api/run/predict", json=body, timeout=60)
    assert DELETED in answer.text


def test_a_clip_is_deleted_once_its_frames_are_read_and_the_page_goes_on(
    answered: Opened, folder: Path, clip: Path
) -> None:
    page = answered.page
    assert not has_clip(folder, clip)
    assert_preview_plays(page)
    page.click("#try-reverse")
    expect(page.locator("#status")).to_contain_text(t("status.experiment_done"))
    page.click("#model input")
    page.get_by_role("option").filter(has_text="motion-joint").click()
    page.click("#run")
    expect(page.locator("#status")).not_to_contain_text(t("status.experiment_done"))
    wait_for_answer(page)
    assert len(answered.paths) == 1  # uploaded once
    assert not has_clip(folder, clip)
    assert page.evaluate(STORES) == ""


def test_for_other_frames_the_page_uploads_the_clip_again(
    answered: Opened, folder: Path, clip: Path
) -> None:
    page = answered.page
    page.click("#try-frames")
    expect(page.locator("#experiment-result [data-experiment=frames]")).to_have_count(1)
    expect(page.locator("#status")).to_contain_text(t("status.experiment_done"))
    assert len(answered.paths) == 2
    assert len(set(answered.paths)) == 1  # stored at the same path
    assert not has_clip(folder, clip)
    assert_preview_plays(page)


def test_a_dropped_clip_is_uploaded_again_too(opened: Opened, folder: Path, clip: Path) -> None:
    page = opened.page
    dropped = page.evaluate_handle(DROPPED, [clip.name, list(clip.read_bytes())])
    page.dispatch_event("#clip input[type=file]", "drop", {"dataTransfer": dropped})
    wait_for_answer(page)
    assert not has_clip(folder, clip)
    assert_preview_plays(page)
    page.click("#try-frames")
    expect(page.locator("#experiment-result [data-experiment=frames]")).to_have_count(1)
    assert len(opened.paths) == 2
    assert len(set(opened.paths)) == 1


def test_without_cached_frames_the_page_uploads_the_clip_again(
    answered: Opened, address: str, folder: Path, clip: Path
) -> None:
    [path] = answered.paths
    servers[address].send_signal(signal.SIGUSR1)
    while (answer := join_by_hand(address, path)).status_code == 200:
        pass  # until the signal arrives
    assert answer.status_code == 410
    answered.page.click("#check")
    expect(answered.page.locator("#status")).to_contain_text(t("status.checked"))
    expect(answered.page.locator(".toast-body")).to_have_count(0)
    assert answered.paths == [path, path]
    assert not has_clip(folder, clip)


def test_a_clip_deleted_without_the_page_does_not_come_again(
    answered: Opened, address: str, folder: Path, clip: Path
) -> None:
    [path] = answered.paths
    delete_by_hand(address, path)
    with answered.page.expect_response(lambda response: UPLOAD in response.url) as sent:
        answered.page.click("#try-frames")
    assert (sent.value.status, sent.value.text()) == (410, t("errors.server.clip_gone"))
    assert not has_clip(folder, clip)


@pytest.mark.parametrize(
    ("button", "sentence"),
    [("#clip [aria-label=Clear]", t("status.welcome")), ("#delete", DELETED)],
    ids=["cleared", "deleted"],
)
def test_the_answer_to_a_removed_clip_is_not_shown(
    button: str, sentence: str, opened: Opened, address: str, folder: Path, hold: Path, clip: Path
) -> None:
    page, status = opened.page, opened.page.locator("#status")
    hold.touch()
    page.set_input_files("#clip input[type=file]", str(clip))
    expect(status).to_contain_text(t("status.looking"))
    page.click(button)
    expect(status).to_contain_text(sentence)
    hold.unlink()
    answer_by_hand(address, clip)  # after the removed clip's work has ended
    expect(status).to_have_text(sentence)
    expect(page.locator("#strip figure")).to_have_count(0)
    assert not has_clip(folder, clip)


def test_if_the_page_has_no_clip_any_more_it_says_so(answered: Opened) -> None:
    answered.page.evaluate("async () => (await timesformer).forgetClip()")
    answered.page.click("#try-frames")
    gone = t("errors.server.clip_gone")
    expect(answered.page.locator("#status [role=alert]")).to_have_text(gone)
    expect(answered.page.locator("#experiment-result [role=alert]")).to_have_text(gone)
    assert len(answered.paths) == 1


def test_deleting_leaves_no_file_of_a_clip_or_its_answer(
    opened: Opened, address: str, folder: Path
) -> None:
    page, before = opened.page, made_files(folder)
    other = draw_files(folder, 1, seed=8)[0]  # whose overlay is not that of another test
    page.set_input_files("#clip input[type=file]", str(other))
    wait_for_answer(page)
    page.click("#pack")
    expect(page.locator("#status")).to_contain_text(t("status.packed"))
    names = {path.name for path in made_files(folder) - before}
    assert names == {"overlay.mp4", "sheet.png", "attention.safetensors", "timesformer.zip"}
    page.click("#delete")
    expect(page.locator("#status")).to_contain_text(DELETED)
    expect(page.locator("#strip figure")).to_have_count(0)
    expect(page.locator("#overlay video")).to_have_count(0)
    assert made_files(folder) <= before
    [path] = opened.paths
    answer = join_by_hand(address, path)
    gone = t("errors.server.clip_gone")
    assert (answer.status_code, answer.json()["detail"]) == (410, gone)


def test_a_recording_is_deleted_too_and_its_preview_plays_on(opened: Opened) -> None:
    page = opened.page
    page.click('#clip button[aria-label="Capture from camera"]')
    page.click('#clip [title="grant webcam access"]')
    page.click('#clip button[aria-label="start recording"]')
    page.wait_for_timeout(3000)  # of recording
    page.click(
        '#clip button[aria-label="stop recording"], #clip button[aria-label="start recording"]'
    )
    wait_for_answer(page)
    [path] = opened.paths
    assert not Path(path).parent.exists()
    video = page.locator("#clip video")
    assert video.evaluate("video => video.src").startswith("blob:")
    assert video.evaluate("video => video.readyState") > 0
    page.locator("#clip").get_by_label("Clear").click()
    expect(page.locator('#clip video[src^="blob:"]')).to_have_count(0)
    assert page.evaluate(STORES) == ""


def test_an_iphone_records_mp4(browser: Browser, address: str) -> None:
    agent = {"user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Safari/604.1"}
    with opened_page(browser, address, permissions=["camera"], **agent) as page:
        opened = Opened(page)
        page.on("response", opened.record_upload)
        page.click('#clip button[aria-label="Capture from camera"]')
        page.click('#clip [title="grant webcam access"]')
        page.click('#clip button[aria-label="start recording"]')
        page.wait_for_timeout(3000)  # of recording
        page.click('#clip button[aria-label="start recording"]')
        wait_for_answer(page)
    assert [Path(path).suffix for path in opened.paths] == [".mp4"]


def test_another_start_is_analyzed_after_the_file_was_deleted(answered: Opened) -> None:
    page = answered.page
    page.locator("#settings > button").first.click()
    page.fill("#start input", "0.5")
    page.locator("#run").click()
    expect(page.locator("#status")).to_contain_text(
        re.compile(pattern_of("status.part_seen", first=0.5))
    )
    page.fill("#start input", "-3")
    page.locator("#run").click()
    expect(page.locator("#status")).to_have_text(t("errors.page.negative_start"))


def test_a_clip_cannot_be_cut_in_the_browser(answered: Opened) -> None:
    """Gradio's tools would upload a cut clip that nothing analyzes."""
    tools = answered.page.locator("#clip button[aria-label*='ideo to']")
    expect(tools).to_have_count(2)
    for tool in tools.all():
        expect(tool).to_be_hidden()
