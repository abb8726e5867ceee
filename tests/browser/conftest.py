"""The page, started as a user starts it, in a headless Chromium with a fake camera."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from server import served

from timesformer.synthetic.clips import draw_clips

PATIENCE = 90_000  # milliseconds, on two busy cores
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `python app.py` answers."""
    with served(tmp_path_factory.mktemp("server")) as place:
        yield place


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the fake camera films, as YUV4MPEG2: a bright bar at the left of a drawn clip."""
    drawn = draw_clips(1, num_frames=30, size=240, seed=4).pixels[0]
    luma = (drawn.mean(1).numpy() * 200 + 16).astype(np.uint8)  # (T, H, W)
    luma[:, :, :24] = 235
    grey = np.full(2 * 120 * 120, 128, np.uint8).tobytes()
    path = tmp_path_factory.mktemp("camera") / "camera.y4m"
    with path.open("wb") as file:
        file.write(b"YUV4MPEG2 W240 H240 F30:1 Ip A1:1 C420jpeg\n")
        for frame in luma:
            file.write(b"FRAME\n" + frame.tobytes() + grey)
    return path


expect.set_options(timeout=PATIENCE)


@pytest.hookimpl(tryfirst=True)  # before what is not asked for is left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs Chromium, which `tests/run` does beside all the rest."""
    for item in items:
        here = Path(__file__).parent in item.path.parents
        if here and "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser(camera: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                *QUIET,
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-video-capture={camera}",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The opened page; fails where it asked any other host for anything."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, permissions=["camera"])
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.wait_for_selector("#clip input[type=file]", state="attached")
    yield page
    ours = (address, "data:", "blob:", address.replace("http", "ws"))
    assert [url for url in asked if not url.startswith(ours)] == []
    context.close()
