"""A visitor's own clip: what is left of it, and what goes on once nothing is."""

import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Response, expect
from sentences import says
from server import served, servers
from visitors import Visitor, draw_files, in_own_loop, open_client

from timesformer.i18n import t
from timesformer.ui.server import limits
from timesformer.ui.server.middleware import UPLOAD

# Patient on a busy machine; a signal lets all frames go, and while a file is there, looking waits.
FIRST = """
import signal, time
from pathlib import Path
from timesformer.ui import inference
from timesformer.ui.analysis import CLIP_CACHE
from timesformer.ui.server import limits
limits.MAX_WORK_SECONDS, explain = 900.0, inference.explain
def waits(*inputs, **options):
    while Path({slow!r}).exists():
        time.sleep(0.05)
    return explain(*inputs, **options)
def drop_frames(*_):
    ttl, limits.TTL_SECONDS = limits.TTL_SECONDS, 0
    CLIP_CACHE.sweep()
    limits.TTL_SECONDS = ttl
signal.signal(signal.SIGUSR1, drop_frames)
inference.explain = waits"""
DELETED = t("status.deleted", minutes=limits.MAX_STAY_SECONDS / 60)
PATIENCE = 90_000
STORES = """async () => [
    Object.keys(localStorage), Object.keys(sessionStorage), await indexedDB.databases(),
    await caches.keys(), document.cookie,
].flat().join()"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("own")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    with served(folder, first=FIRST.format(slow=str(folder / "slow"))) as address:
        yield address


@pytest.fixture(scope="module")
def clip(folder: Path) -> Path:
    return draw_files(folder, 1, seed=7)[0]


@dataclass
class Opened:
    """The page, and where the server put each clip that it was sent."""

    page: Page
    places: list[str] = field(default_factory=list)

    def heard(self, response: Response) -> None:
        sent = UPLOAD in response.url.partition("?")[0] and response.request.method == "POST"
        if sent and response.ok:
            self.places += response.json()


@pytest.fixture
def opened(browser: Browser, server: str) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, permissions=["camera"])
    context.set_default_timeout(PATIENCE)
    found = Opened(context.new_page())
    found.page.on("response", found.heard)
    found.page.goto(server)
    found.page.wait_for_selector("#clip input[type=file]", state="attached")
    yield found
    context.close()


@pytest.fixture
def answered(opened: Opened, clip: Path) -> Opened:
    """With the whole answer to a clip of the visitor's own."""
    opened.page.set_input_files("#clip input[type=file]", str(clip))
    wait_for_answer(opened.page)
    return opened


def wait_for_answer(page: Page) -> None:
    expect(page.locator("#status")).to_contain_text(re.compile(says("status.answered")))
    expect(page.locator("#explorer .explorer")).to_have_count(1)


def files_of_visitors(folder: Path) -> set[Path]:
    """What lies in the server's folder with something in it, but the page's own clips."""
    runs = folder.glob("files/run-*")
    found = [path for run in runs for path in run.rglob("*") if path.is_file()]
    examples = {path.name for path in Path("assets/clips").iterdir()}
    return {path for path in found if path.stat().st_size and path.name not in examples}


def has_clip(folder: Path, clip: Path) -> bool:
    """Whether a visitor's clip lies anywhere in the server's folder, by its name or its content."""
    content = clip.read_bytes()
    found = [path for run in folder.glob("files/run-*") for path in run.rglob("*")]
    return any(
        path.name.startswith("clip") or (path.is_file() and path.read_bytes() == content)
        for path in found
    )


def plays_on(page: Page) -> None:
    """The preview plays from its end to its beginning."""
    video = page.locator("#clip video")
    assert video.evaluate("video => video.src").startswith("blob:")
    played = video.evaluate(
        """async (video) => {
            Object.assign(video, { muted: true, loop: true, currentTime: video.duration - 0.2 });
            await video.play();
            const end = video.currentTime;
            const until = performance.now() + 60000;
            while (video.currentTime >= end && performance.now() < until) {
                await new Promise((resolve) => { setTimeout(resolve, 20); });
            }
            return !video.error && video.currentTime < end;
        }"""
    )
    assert played
    expect(page.locator("#clip")).not_to_have_attribute("data-note", t("page.no_preview"))
    expect(page.locator(".toast-body")).to_have_count(0)


def asked_by_hand(server: str, path: str) -> httpx.Response:
    """What a client is told that is not the page's."""

    async def scene() -> httpx.Response:
        async with open_client(server) as client:
            visitor = Visitor(client, (await client.get("/config")).json())
            return await visitor.join(path)

    return in_own_loop(scene())


def forgotten_by_hand(server: str, path: str) -> None:
    """Deletes a clip behind the page's back."""
    config = httpx.get(f"{server}/config", timeout=60).json()
    [button, *_] = (
        part["id"] for part in config["components"] if part["props"].get("elem_id") == "delete"
    )
    [(number, made)] = (
        (event["id"], event["inputs"][2:])
        for event in config["dependencies"]
        if [button, "click"] in event["targets"] and len(event["inputs"]) > 2
    )
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    data = [None, file, *(None for _ in made)]
    sent = {"data": data, "fn_index": number, "session_hash": "x"}
    told = httpx.post(f"{server}/gradio_api/run/predict", json=sent, timeout=60)
    assert DELETED in told.text


def test_a_clip_is_gone_once_it_is_answered_and_all_goes_on(
    answered: Opened, folder: Path, clip: Path
) -> None:
    page = answered.page
    assert not has_clip(folder, clip)
    plays_on(page)
    page.click("#try-reverse")
    expect(page.locator("#status")).to_contain_text(t("status.experiment_done"))
    page.click("#model input")
    page.get_by_role("option").filter(has_text="motion-joint").click()
    page.click("#run")
    expect(page.locator("#status")).not_to_contain_text(t("status.experiment_done"))
    wait_for_answer(page)
    assert len(answered.places) == 1  # it was sent once
    assert not has_clip(folder, clip)
    assert page.evaluate(STORES) == ""


def test_for_other_frames_the_page_sends_the_clip_again(
    answered: Opened, folder: Path, clip: Path
) -> None:
    page = answered.page
    page.click("#try-frames")
    expect(page.locator("#tried [data-trial=frames]")).to_have_count(1)
    expect(page.locator("#status")).to_contain_text(t("status.experiment_done"))
    assert len(answered.places) == 2
    assert len(set(answered.places)) == 1  # to where it was
    assert not has_clip(folder, clip)
    plays_on(page)


DROPPED = """([name, bytes]) => {
    const files = new DataTransfer();
    files.items.add(new File([Uint8Array.from(bytes)], name, { type: "video/mp4" }));
    return files;
}"""


def test_a_dropped_clip_is_sent_again_too(opened: Opened, folder: Path, clip: Path) -> None:
    page = opened.page
    dropped = page.evaluate_handle(DROPPED, [clip.name, list(clip.read_bytes())])
    page.dispatch_event("#clip input[type=file]", "drop", {"dataTransfer": dropped})
    wait_for_answer(page)
    assert not has_clip(folder, clip)
    plays_on(page)
    page.click("#try-frames")
    expect(page.locator("#tried [data-trial=frames]")).to_have_count(1)
    assert len(opened.places) == 2
    assert len(set(opened.places)) == 1


def test_where_nothing_is_held_any_more_the_page_sends_it_too(
    answered: Opened, server: str, folder: Path, clip: Path
) -> None:
    [path] = answered.places
    servers[server].send_signal(signal.SIGUSR1)
    assert asked_by_hand(server, path).status_code == 410
    answered.page.click("#check")
    expect(answered.page.locator("#status")).to_contain_text(t("status.checked"))
    expect(answered.page.locator(".toast-body")).to_have_count(0)
    assert answered.places == [path, path]
    assert not has_clip(folder, clip)


def test_what_was_deleted_behind_the_page_s_back_does_not_come_again(
    answered: Opened, server: str, folder: Path, clip: Path
) -> None:
    [path] = answered.places
    forgotten_by_hand(server, path)
    with answered.page.expect_response(lambda told: UPLOAD in told.url) as sent:
        answered.page.click("#try-frames")
    assert (sent.value.status, sent.value.text()) == (410, t("errors.server.clip_gone"))
    assert not has_clip(folder, clip)


@pytest.mark.parametrize(
    ("press", "words"),
    [("#clip [aria-label=Clear]", t("status.welcome")), ("#delete", DELETED)],
    ids=["cleared", "deleted"],
)
def test_a_clip_that_goes_while_it_is_looked_at_is_waited_for_by_nobody(
    press: str, words: str, opened: Opened, folder: Path, clip: Path
) -> None:
    page, slow, line = opened.page, folder / "slow", opened.page.locator("#status")
    slow.touch()
    page.set_input_files("#clip input[type=file]", str(clip))
    expect(line).to_contain_text(t("status.looking"))
    page.click(press)
    expect(line).to_contain_text(words)
    slow.unlink()
    page.wait_for_timeout(4000)  # what was on its way has come
    expect(line).to_have_text(words)
    expect(page.locator("#strip figure")).to_have_count(0)
    assert not has_clip(folder, clip)


def test_where_the_page_has_it_no_more_it_says_so(answered: Opened) -> None:
    answered.page.evaluate("timesformer.then((page) => page.forgetClip())")
    answered.page.click("#try-frames")
    expect(answered.page.locator("#status [role=alert]")).to_have_text(t("errors.server.clip_gone"))
    expect(answered.page.locator("#tried [role=alert]")).to_have_text(t("errors.server.clip_gone"))
    assert len(answered.places) == 1


def test_deleting_leaves_nothing_of_a_clip_or_an_answer(
    opened: Opened, server: str, folder: Path
) -> None:
    page, before = opened.page, files_of_visitors(folder)
    other = draw_files(folder, 1, seed=8)[0]  # whose films are not those of another test
    page.set_input_files("#clip input[type=file]", str(other))
    wait_for_answer(page)
    page.click("#pack")
    expect(page.locator("#status")).to_contain_text(t("status.packed"))
    made = {path.name for path in files_of_visitors(folder) - before}
    assert made == {"overlay.mp4", "sheet.png", "attention.safetensors", "timesformer.zip"}
    page.click("#delete")
    expect(page.locator("#status")).to_contain_text(DELETED)
    expect(page.locator("#strip figure")).to_have_count(0)
    expect(page.locator("#overlay video")).to_have_count(0)
    assert files_of_visitors(folder) <= before
    [path] = opened.places
    told = asked_by_hand(server, path)
    assert (told.status_code, told.json()["detail"]) == (410, t("errors.server.clip_gone"))


def test_a_recording_is_gone_too_and_its_preview_plays_on(opened: Opened, folder: Path) -> None:
    page = opened.page
    page.click('#clip button[aria-label="Capture from camera"]')
    page.click('#clip [title="grant webcam access"]')
    page.click('#clip button[aria-label="start recording"]')
    page.wait_for_timeout(3000)
    page.click(
        '#clip button[aria-label="stop recording"], #clip button[aria-label="start recording"]'
    )
    wait_for_answer(page)
    assert len(opened.places) == 1
    assert not list(folder.glob("files/run-*/files/clip-*"))
    assert page.locator("#clip video").evaluate("video => video.src").startswith("blob:")
    assert page.locator("#clip video").evaluate("video => video.readyState") > 0
    page.locator("#clip").get_by_label("Clear").click()
    expect(page.locator('#clip video[src^="blob:"]')).to_have_count(0)
    assert page.evaluate(STORES) == ""


def test_another_start_is_looked_at_after_the_file_is_gone(answered: Opened, folder: Path) -> None:
    page = answered.page
    page.locator("#settings > button").first.click()
    page.fill("#start input", "0.5")
    page.locator("#run").click()
    expect(page.locator("#status")).to_contain_text(re.compile(says("status.part_seen", first=0.5)))
    page.fill("#start input", "-3")
    page.locator("#run").click()
    expect(page.locator("#status")).to_have_text(t("errors.page.negative_start"))


def test_a_clip_is_not_cut_in_the_browser(answered: Opened) -> None:
    """What is cut there would be sent, and nobody would look at it."""
    tools = answered.page.locator("#clip button[aria-label*='ideo to']")
    expect(tools).to_have_count(2)
    for tool in tools.all():
        expect(tool).to_be_hidden()
