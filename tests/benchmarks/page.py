"""Latency of the page, through its own protocol and in a browser, and its bytes on the wire.

Seconds from `python app.py` to the page, and from the upload of ten seconds of 1280 x 720 to the
result of the embedded model, with one visitor on the same machine. The "answer" has the best
heatmap, "all heatmaps" those of the main methods too. In Chromium, times start with the request.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pages import Wire, launched, wait_for_answer, whole_answer
from playwright.sync_api import Browser, Page
from server import served
from visitors import Answered, Visitor, open_client

from timesformer import write_mp4
from timesformer.synthetic.scenes import SCENES
from timesformer.ui.page import FIRST_EXAMPLE

from .classroom import UNPREPARED
from .measure import spread

STARTS, CLIPS, LOADS = 3, 7, 3
SLOW = {"latency": 40, "downloadThroughput": 3e6 / 8, "uploadThroughput": 1e6 / 8}  # ms, bytes/s
FPS, SECONDS = 30, 10
FIRST_ONLY = UNPREPARED.replace("lambda *_: None", (
    "lambda choice, names, make=handlers.cache_example_answers: "
    "len(names) == 1 and make(choice, names)"
))  # fmt: skip

# Records in window.moments when something is first seen, in seconds since the request.
RECORD = """
window.moments = {};
const seen = {
    answer: () => document.querySelector(".verdict b")?.textContent,
    playing: () => document.querySelector("video.source")?.currentTime > 0,
    ready: () => document.body?.classList.contains("ready"),
};
(function look() {
    for (const [name, isSeen] of Object.entries(seen)) {
        if (!moments[name] && isSeen()) moments[name] = performance.now() / 1000;
    }
    if (Object.keys(moments).length < 3) requestAnimationFrame(look);
})();
"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"
# Clicks, and returns the seconds until the stage shows the answer.
CLICK = """(selector) => new Promise((resolve) => {
    const start = performance.now();
    document.querySelector(selector).click();
    (function look() {
        if (document.querySelector(".stage.waiting")) requestAnimationFrame(look);
        else resolve((performance.now() - start) / 1000);
    })();
})"""


class Load(NamedTuple):
    """Seconds and bytes of one visit in a browser."""

    seconds: dict[str, float]
    bytes: dict[str, int]


def draw_video(path: Path) -> bytes:
    """Write a video of a square that crosses a patchwork, and return the file."""
    patchwork = np.random.default_rng(0).integers(60, 200, (18, 32, 3), np.uint8)
    background = patchwork.repeat(40, axis=0).repeat(40, axis=1)
    frames = []
    for number in range(FPS * SECONDS):
        frame = background.copy()
        left = 3 * number
        frame[240:480, left : left + 240] = 255
        frames.append(frame)
    write_mp4(path, iter(frames), fps=Fraction(FPS))
    return path.read_bytes()


def start() -> float:
    """Return the seconds until the page is served."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        with served(Path(folder)):
            return time.perf_counter() - started


async def visits(address: str, clip: bytes) -> list[Answered]:
    """Return the answers of successive visitors, timed from the upload."""
    answers = []
    async with open_client(address) as client:
        config = (await client.get("/config")).json()
        for _ in range(1 + CLIPS):
            visitor, started = Visitor(client, config), time.monotonic()
            path = await visitor.upload(clip)
            uploading = time.monotonic() - started
            answer = await visitor.request_answer(path)
            assert answer.is_answer, answer.outputs[-300:]
            answer.shown, answer.end = answer.shown + uploading, answer.end + uploading
            answers.append(answer)
    return answers[1:]


def first_sight(page: Page) -> dict[str, float]:
    """Return the seconds until parts of an opened page were first seen."""
    page.wait_for_function("Object.keys(moments).length === 3")
    page.wait_for_function("document.querySelector('video.source').readyState === 4")
    return {"first paint": page.evaluate(PAINT), **page.evaluate("moments")}


def slow_load(browser: Browser, address: str) -> dict[str, float]:
    """Open the page over a slow line, and return the seconds of the first sight."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(RECORD)
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {"offline": False, **SLOW})
    page.goto(address)
    seconds = first_sight(page)
    context.close()
    return seconds


def load(browser: Browser, address: str, number: int) -> Load:
    """Open the page in a new browser context, and choose an example that was not chosen before."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(RECORD)
    wire = Wire(page)
    page.goto(address)
    seconds = first_sight(page)
    sent = {"the page": wire.spent()}
    example = f'[data-example="{SCENES[number].name}"]'
    with whole_answer(page):
        seconds["a new example"] = page.evaluate(CLICK, example)
    wait_for_answer(page)
    page.wait_for_function("document.querySelector('video.source').readyState === 4")
    sent["an example"] = wire.spent()
    seconds["another heatmap"] = page.evaluate(CLICK, "input[name=method][value=rollout]")
    seconds["the first example again"] = page.evaluate(CLICK, f'[data-example="{FIRST_EXAMPLE}"]')
    sent["the first example again"] = wire.spent()
    context.close()
    return Load(seconds, sent)


def report() -> Iterator[str]:
    """Yield the lines of the tables."""
    yield "| | seconds, median (fastest to slowest) |"
    yield "|---|---|"
    starts = [start() for _ in range(STARTS)]
    yield f"| start to page | {spread(starts, digits=2)} |"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        clip = draw_video(folder / "video.mp4")
        with served(folder, first=FIRST_ONLY) as address:
            answers = asyncio.run(visits(address, clip))
            with launched() as browser:
                loads = [load(browser, address, number) for number in range(LOADS)]
                slow = [slow_load(browser, address) for _ in range(LOADS)]
    for name, seconds in (
        ("upload to answer", [answer.shown for answer in answers]),
        ("upload to all heatmaps", [answer.end for answer in answers]),
        *((name, [one.seconds[name] for one in loads]) for name in loads[0].seconds),
        *((f"{name}, at 3 Mbit/s", [one[name] for one in slow]) for name in slow[0]),
    ):
        yield f"| {name} | {spread(seconds, digits=2)} |"
    yield ""
    yield "| on the wire | kB |"
    yield "|---|---|"
    for name in loads[0].bytes:
        yield f"| {name} | {max(one.bytes[name] for one in loads) / 1000:.0f} |"
