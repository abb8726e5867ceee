"""The page in a headless Chromium with a fake camera, and the servers it comes from."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pages import launched, opened_page
from playwright.sync_api import Browser, Page
from server import hooked

from timesformer.checkpoints.registry import EMBEDDED_FOLDER
from timesformer.synthetic.clips import draw_clips


@pytest.hookimpl(tryfirst=True)  # before tests are deselected
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need Chromium, which `tests/run` runs beside the others."""
    for item in items:
        is_here = Path(__file__).parent in item.path.parents
        if is_here and "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the server at `address`, with the files that control its hooks."""
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="session")
def address(folder: Path) -> Iterator[str]:
    """The address of the page."""
    with hooked(folder) as address:
        yield address


@pytest.fixture
def hold(folder: Path) -> Iterator[Path]:
    """A file; explanations wait while it exists."""
    file = folder / "hold"
    yield file
    file.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def owners_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the server at `owners_address`."""
    return tmp_path_factory.mktemp("owner")


@pytest.fixture(scope="session")
def owners_address(owners_folder: Path) -> Iterator[str]:
    """The address of a page with settings of its owner.

    Visitors can name other models. `mine` is a model with damaged weights. Every model is so large
    that the explorer fetches its attention in parts.
    """
    mine = owners_folder / "mine"
    shutil.copytree(EMBEDDED_FOLDER / "motion", mine)
    weights = mine / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    environment = {
        "TIMESFORMER_MODELS": f"motion,{mine},facebook/timesformer-base-finetuned-k400",
        "TIMESFORMER_ANY_MODEL": "1",
    }
    with hooked(owners_folder, environment=environment, MAX_ATTENTION_BYTES=10**6) as address:
        yield address


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video for the fake camera, as YUV4MPEG2: a drawn clip with a bright bar at its left."""
    drawn = draw_clips(1, num_frames=30, size=240, seed=4).pixels[0]
    luma = (drawn.mean(1).numpy() * 200 + 16).astype(np.uint8)  # (T, H, W)
    luma[:, :, :24] = 235
    chroma = np.full(2 * 120 * 120, 128, np.uint8).tobytes()
    path = tmp_path_factory.mktemp("camera") / "camera.y4m"
    with path.open("wb") as file:
        file.write(b"YUV4MPEG2 W240 H240 F30:1 Ip A1:1 C420jpeg\n")
        for frame in luma:
            file.write(b"FRAME\n" + frame.tobytes() + chroma)
    return path


@pytest.fixture(scope="session")
def browser(camera: Path) -> Iterator[Browser]:
    fakes = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
    )
    with launched(*fakes) as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The opened page."""
    size = {"width": 1280, "height": 900}
    with opened_page(browser, address, viewport=size, permissions=["camera"]) as page:
        yield page


@pytest.fixture
def owners_page(browser: Browser, owners_address: str) -> Iterator[Page]:
    """The opened page of `owners_address`."""
    with opened_page(browser, owners_address) as page:
        yield page
