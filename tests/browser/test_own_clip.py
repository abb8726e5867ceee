"""A visitor's own clip: what is left of it, and what goes on once nothing is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from server import served
from visitors import draw_files

from timesformer import text

UNPREPARED = "from timesformer.ui import handlers; handlers.prepare = lambda name: None"
PATIENCE = 90_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("own")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    with served(folder, first=UNPREPARED) as address:
        yield address


@pytest.fixture(scope="module")
def clip(folder: Path) -> Path:
    return draw_files(folder, 1, seed=7)[0]


@pytest.fixture
def page(browser: Browser, server: str, clip: Path) -> Iterator[Page]:
    """The page with its answer to a clip of the visitor's own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(server)
    page.set_input_files("#clip input[type=file]", str(clip))
    expect(page.locator("#status")).to_contain_text("Answered in")
    expect(page.locator("#explorer .explorer")).to_have_count(1)
    yield page
    context.close()


def files_of_visitors(folder: Path) -> list[str]:
    """Names of what lies in the server's folder with something in it, but the page's own clips."""
    runs = folder.glob("files/run-*")
    found = [path for run in runs for path in run.rglob("*") if path.is_file()]
    examples = {path.name for path in Path("assets/clips").iterdir()}
    return sorted(path.name for path in found if path.stat().st_size and path.name not in examples)


def test_deleting_leaves_nothing_of_a_clip_or_an_answer(page: Page, folder: Path) -> None:
    page.click("#pack")
    expect(page.locator("#status")).to_contain_text(text.PACKED)
    assert "overlay.mp4" in files_of_visitors(folder)
    page.click("#delete")
    expect(page.locator("#status")).to_contain_text(text.DELETED)
    expect(page.locator("#strip figure")).to_have_count(0)
    expect(page.locator("#overlay video")).to_have_count(0)
    assert files_of_visitors(folder) == []
