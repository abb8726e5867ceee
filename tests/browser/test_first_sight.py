"""The page at first sight: an answer before Gradio, in one view, still and small."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from matplotlib import colormaps
from pages import (
    Wire,
    choose_example,
    choose_method,
    opened_page,
    upload,
    wait_for_answer,
    whole_answer,
)
from playwright.sync_api import Browser, Page, Response, expect

from timesformer import load, write_mp4
from timesformer.i18n import localized, t
from timesformer.synthetic.clips import draw_clips
from timesformer.synthetic.scenes import SCENES
from timesformer.ui.page import FIRST_EXAMPLE
from timesformer.visualize import overlay

SIZES = [(1280, 900), (390, 844)]
LABEL = next(scene.label for scene in SCENES if scene.name == FIRST_EXAMPLE)
MAX_SHIFT = 0.05  # half of what the Web Vitals call good
MAX_EXAMPLE_BYTES = 400_000
MAX_LOAD_BYTES = 5_000_000 - 9 * MAX_EXAMPLE_BYTES  # ten clips for 30 pupils: 150 MB
MOVES = """async (first) => {
    while (document.querySelector("canvas.pane").toDataURL() === first) {
        await new Promise(requestAnimationFrame);
    }
}"""
# Records the layout shifts that no press of the visitor explains, in window.shifts.
RECORD_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
        const moved = sources.map(({ node }) => node?.className || node?.id || node?.nodeName);
        if (!hadRecentInput) shifts.push([value, moved.join()]);
    }
}).observe({ type: "layout-shift", buffered: true });
"""
# Returns what of the selectors is not wholly in the first view, if the page is not scrolled.
HIDDEN = """(selectors) => selectors.filter((selector) => {
    const { top, left, bottom, right, width } = document.querySelector(selector)
        .getBoundingClientRect();
    return !width || top < 0 || left < 0 || bottom > innerHeight || right > innerWidth;
})"""
SEEN = (
    ".verdict b", "canvas.pane", ".frames", ".choices .segments", "[data-do=camera]",
    "[data-do=upload]",
)  # fmt: skip


def picture(page: Page) -> str:
    return str(page.locator("canvas.pane").evaluate("pane => pane.toDataURL()"))


@contextmanager
def without_gradio(browser: Browser, address: str, **options: object) -> Iterator[Page]:
    """Open the page in a browser that gets nothing of Gradio's scripts."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.route("**/assets/*.js", lambda route: route.abort())
    page.goto(address)
    yield page
    assert not page.locator("body.ready").count()
    context.close()


@pytest.mark.parametrize("code", ["", "de"])
def test_the_first_answer_is_there_before_gradio(code: str, browser: Browser, address: str) -> None:
    with without_gradio(browser, f"{address}/{code}") as page:
        label = localized(code or "en", t)(f"labels.{LABEL}")
        expect(page.locator(".verdict b")).to_have_text(label[:1].upper() + label[1:])
        expect(page.locator(".frames button")).to_have_count(8)
        page.wait_for_function("document.querySelector('video.source').readyState > 1")
        page.evaluate(MOVES, picture(page))
        shown = picture(page)
        page.locator("[data-do=play]").click()
        choose_method(page, "rollout")
        page.evaluate(MOVES, shown)
        assert page.locator(".why").inner_text()


def test_reduced_motion_is_a_still(browser: Browser, address: str) -> None:
    with without_gradio(browser, address, reduced_motion="reduce") as page:
        expect(page.locator(".frames [data-frame='0']")).to_have_attribute("aria-current", "true")
        page.wait_for_function("document.querySelector('video.source').readyState > 1")
        assert page.locator("video.source").evaluate("video => video.paused")
        expect(page.locator("[data-do=play].playing")).to_have_count(0)
        page.locator("[data-do=play]").click()
        expect(page.locator("[data-do=play].playing")).to_have_count(1)
        page.evaluate(MOVES, picture(page))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_moves_and_all_that_matters_is_in_one_view(
    width: int, height: int, browser: Browser, address: str, tmp_path: Path
) -> None:
    """Through the load, an example, an upload of another shape, Present and the other tabs."""
    size = {"width": width, "height": height}
    long = tmp_path / "long.mp4"
    write_mp4(long, draw_wide(64), fps=12)
    context = browser.new_context(viewport=size)
    page = context.new_page()
    page.add_init_script(RECORD_SHIFTS)
    page.goto(address)
    page.wait_for_selector("body.ready")
    assert page.evaluate(HIDDEN, SEEN) == []
    choose_example(page, SCENES[2].name)
    wait_for_answer(page, SCENES[2].label)
    upload(page, long)
    wait_for_answer(page)
    expect(page.locator(".timeline")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    assert page.evaluate(HIDDEN, SEEN) == []
    shifts = page.evaluate("shifts")
    assert sum(value for value, _ in shifts) <= MAX_SHIFT, shifts
    for code in ("", "de", "es", "fr", "zh"):
        page.goto(f"{address}/{code}")
        page.wait_for_selector("body.ready")
        assert page.evaluate(HIDDEN, SEEN) == [], code
        assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()


def draw_wide(num_frames: int) -> np.ndarray:
    """Return frames (T, H, W, 3) of a drawn clip between two grey bands."""
    drawn = draw_clips(1, num_frames=num_frames, size=112, seed=3).pixels[0].permute(0, 2, 3, 1)
    frames = (drawn.numpy() * 255).astype(np.uint8)
    return np.pad(frames, ((0, 0), (0, 0), (48, 48), (0, 0)), constant_values=90)


def test_present_fills_the_screen(page: Page) -> None:
    before = page.locator("canvas.pane").bounding_box()
    button = page.locator("[data-do=present]")
    page.mouse.wheel(0, 100)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("scrollY") == 0
    page.wait_for_function("location.hash.includes('large=1')")
    after = page.locator("canvas.pane").bounding_box()
    assert before
    assert after
    assert after["height"] > 1.2 * before["height"]
    assert page.evaluate(HIDDEN, [".verdict b", "canvas.pane", ".choices .segments"]) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    page.wait_for_function("!location.hash.includes('large=1')")


CENTRES = """([w, h]) => {
    const canvas = document.querySelector("canvas.pane");
    const [left, top, width, height] = JSON.parse(canvas.dataset.box);
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const colours = [];
    for (let row = 0; row < h; row += 1) {
        for (let column = 0; column < w; column += 1) {
            const x = Math.floor((left + (column + 0.5) / w * width) * canvas.width);
            const y = Math.floor((top + (row + 0.5) / h * height) * canvas.height);
            const first = 4 * (y * canvas.width + x);
            colours.push([...data.slice(first, first + 3)]);
        }
    }
    return colours;
}"""


def test_the_picture_shows_the_heatmap_of_the_model(page: Page, tmp_path: Path) -> None:
    """Each patch has its colour at its place, on a wide video whose sides the model did not see."""
    file = tmp_path / "wide.mp4"
    write_mp4(file, draw_wide(24), fps=12)
    with whole_answer(page):
        upload(page, file)
    wait_for_answer(page)
    choose_method(page, "gradsam")
    page.locator("input[name=shape][value=patches]").check(force=True)
    recognizer = load("motion")
    explanation = recognizer.explain(recognizer.read(file), method="gradsam")
    left, top, width, height = explanation.box
    W, H = 112 + 2 * 48, 112
    box = [left / W, top / H, width / W, height / H]
    assert box[0] > 0.2
    page.locator("canvas.pane").evaluate(
        "(pane, box) => { pane.dataset.box = JSON.stringify(box); }", box
    )
    heat = (explanation.heatmaps / overlay.scale_top(explanation.heatmaps)).clip(0, 1) ** 0.5
    for frame in (0, 5):
        page.click(f'.frames [data-frame="{frame}"]')
        page.wait_for_function("!document.querySelector('video.source').seeking")
        grid = explanation.heatmaps.shape[:0:-1]
        colours = []
        for opacity in ("0", "1"):
            page.fill("input.opacity", opacity)
            colours.append(np.array(page.evaluate(CENTRES, list(grid)), dtype=float))
        plain, shown = colours
        level = heat[frame].reshape(-1)
        alpha = np.minimum(1, 1.15 * level)[:, None]  # the steepness in pane.js
        under = 0.7 * plain + 0.3 * np.array([5, 8, 20])
        expected = alpha * 255 * colormaps["inferno"](level)[:, :3] + (1 - alpha) * under
        assert np.abs(shown - expected).max() < 30  # levels: the frame's edges
        assert np.abs(shown - expected).mean() < 5


def test_what_a_visitor_downloads(browser: Browser, address: str) -> None:
    """An example costs little, and nothing the second time. The browser is never sent ffmpeg.

    The server holds the answers to the examples, as it does some seconds after its start.
    """
    examples = [SCENES[2].name, SCENES[0].name]
    with opened_page(browser, address) as page:
        for name in examples:
            with whole_answer(page):
                choose_example(page, name)
    context = browser.new_context()
    page = context.new_page()
    editor: list[Response] = []
    page.on("response", lambda sent: "ffmpeg" in sent.url and editor.append(sent))
    wire = Wire(page)
    page.goto(address)
    page.wait_for_selector("body.ready")
    page.wait_for_function("document.querySelector('video.source').readyState === 4")
    assert wire.spent() <= MAX_LOAD_BYTES
    for name in examples:
        with whole_answer(page):
            choose_example(page, name)
        wait_for_answer(page)
        page.wait_for_function("document.querySelector('video.source').readyState === 4")
        assert wire.spent() <= MAX_EXAMPLE_BYTES, name
    choose_example(page, examples[0])
    wait_for_answer(page)
    page.wait_for_function("document.querySelector('video.source').readyState === 4")
    assert wire.spent() == 0
    assert editor == []
    context.close()
