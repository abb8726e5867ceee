"""The explorer: its numbers are those of the model, and its controls work."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from pages import choose_example, choose_model, explore, open_tab, opened_page, wait_for_answer
from playwright.sync_api import Browser, Locator, Page, expect
from sentences import ANY_VALUE, pattern_of

from timesformer import Recognizer, load
from timesformer.explain import PatchIndex, trace_attention
from timesformer.explain.attention_maps import flow_through_space, flow_through_time, initial_flow
from timesformer.i18n import section, t
from timesformer.synthetic.scenes import SCENES
from timesformer.ui.server.examples import EXAMPLES

NAME = SCENES[0].name
CLIP = EXAMPLES[NAME]
WORDS = section("explorer")
FETCH = WORDS["fetch"]  # names of the buttons, by part
T, h, w = 8, 14, 14
PATCHES = ((0, 0, 0), (3, 7, 6), (7, 13, 2))
MODELS = {
    "motion": ("space", "time", "hops", "rollout"),
    "motion-joint": ("hops", "rollout"),
    "motion-space": ("space", "rollout"),
}
METHODS = {"space": "attention", "time": "time-attention", "rollout": "rollout"}
TOLERANCE = {"rtol": 0.01, "atol": 0.002}  # of float16: the largest error of a weight is 1.9 %


def open_explorer(page: Page, model: str = "motion") -> None:
    """Analyze the clip by a model, and open the explorer of its answer."""
    if model != "motion":
        choose_model(page, model)
    choose_example(page, NAME)
    wait_for_answer(page)
    explore(page)


def heatmap_of(
    page: Page, view: str, block: int, head: int | str, patch: tuple[int, int, int]
) -> dict:
    """Return a heatmap that the browser computes. Everything is counted from 0, NaN becomes 0."""
    frame, row, column = patch
    choice = {"block": block, "head": head, "frame": frame, "position": row * w + column}
    heatmap = page.evaluate(
        "([view, choice]) => { const map = explorer.attention.heatmap(view, choice);"
        "return { ...map, patches: [...map.patches].map((x) => (isNaN(x) ? 0 : x)) }; }",
        [view, choice],
    )
    return heatmap | {"patches": np.array(heatmap["patches"]).reshape(T, h, w)}


def state_of(page: Page) -> dict:
    return page.evaluate("explorer.state")


def position_in(frame: Locator, row: int, column: int) -> dict[str, float]:
    """Return the position of a patch, from 1, in a frame on the page, in pixels."""
    box = frame.bounding_box()
    assert box
    return {"x": (column - 0.5) / w * box["width"], "y": (row - 0.5) / h * box["height"]}


@pytest.fixture(scope="module")
def shared_page(browser: Browser, address: str) -> Iterator[Page]:
    """A page with the explorer of the clip, which all tests of its controls share."""
    with opened_page(browser, address, viewport={"width": 1280, "height": 900}) as page:
        open_explorer(page)
        page.evaluate("window.first = { ...explorer.state }")
        yield page


@pytest.fixture
def page(shared_page: Page) -> Page:
    """The shared page in its first state."""
    shared_page.set_viewport_size({"width": 1280, "height": 900})
    shared_page.mouse.move(0, 0)
    shared_page.evaluate(
        "explorer.mask.clear(); if (explorer.mask.isActive) explorer.mask.toggle();"
        "explorer.show(first)"
    )
    return shared_page


@pytest.fixture(scope="module", params=MODELS)
def explored(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[tuple]:
    """A page with the explorer of a model, that model, and its views."""
    with opened_page(browser, address) as page:
        open_explorer(page, request.param)
        page.evaluate("explorer.show({ view: 'rollout' })")
        page.wait_for_function("explorer.attention.means && explorer.heatmap")
        yield page, load(request.param), MODELS[request.param]


def test_the_numbers_are_those_of_the_model(explored: tuple) -> None:
    page, recognizer, views = explored
    clip = recognizer.read(CLIP)
    joint = "time" not in views and "hops" in views
    methods = METHODS | ({"hops": "attention"} if joint else {})
    for view, patch in [(view, patch) for view in views if view in methods for patch in PATCHES]:
        for block, head in ((0, 1), (5, "mean")):
            heads = {} if view == "rollout" else {"block": block, "heads": head}
            expected = recognizer.explain(clip, method=methods[view], patch=patch, **heads)
            patches = heatmap_of(page, view, block, head, patch)["patches"]
            np.testing.assert_allclose(patches / patches.mean(), expected.heatmaps, **TOLERANCE)


def test_shares_sum_to_one(explored: tuple) -> None:
    page, _, views = explored
    for view in views:
        heatmap = heatmap_of(page, view, 2, "mean", PATCHES[1])
        assert heatmap["patches"].sum() + heatmap["cls"] == pytest.approx(1, abs=1e-4)


def test_views_that_a_model_does_not_have_are_disabled_and_explained(explored: tuple) -> None:
    page, recognizer, views = explored
    radios = page.locator(".ex-choices").first.locator("input")
    enabled = [value for value in ("space", "time", "hops", "rollout") if value in views]
    assert (
        radios.evaluate_all(
            "all => all.filter((input) => !input.disabled).map((input) => input.value)"
        )
        == enabled
    )
    scheme = recognizer.model.config.attention_type
    if scheme in WORDS["without"]:
        expect(page.locator(".ex-controls")).to_contain_text(WORDS["without"][scheme])
    expect(page.locator(".ex-time")).to_be_visible(visible="time" in views)
    before = state_of(page)["view"]
    page.evaluate("explorer.show({ view: 'time' })")
    assert state_of(page)["view"] == ("time" if "time" in views else before)


def two_hops(recognizer: Recognizer, block: int, head: int | str, patch: tuple) -> np.ndarray:
    frame, row, column = patch
    pixel_values = recognizer.at_model(recognizer.preprocess(recognizer.read(CLIP)).pixel_values)
    with torch.inference_mode():
        _, blocks = trace_attention(recognizer.model.timesformer, pixel_values, heads=head)
        query = initial_flow(blocks[block], T, PatchIndex(frame, row * w + column))
        shares = flow_through_space(blocks[block], query)
        return flow_through_time(blocks[block].time, shares.patches)[0].unflatten(1, (h, w)).numpy()


def test_both_hops_are_those_of_torch(page: Page) -> None:
    recognizer = load("motion")
    for patch in PATCHES:
        for block, head in ((1, 2), (4, "mean")):
            ratios = heatmap_of(page, "hops", block, head, patch)["patches"] * T * h * w
            expected = two_hops(recognizer, block, head, patch) * T * h * w
            np.testing.assert_allclose(ratios, expected, **TOLERANCE)


def test_entropy_and_distance_are_those_of_torch(page: Page) -> None:
    page.wait_for_function("explorer.attention.survey")
    survey = page.evaluate("explorer.attention.survey")
    recognizer = load("motion")
    pixel_values = recognizer.at_model(recognizer.preprocess(recognizer.read(CLIP)).pixel_values)
    with torch.inference_mode():
        weights = torch.stack(recognizer.model(pixel_values, output_attentions=True).attentions)
    bits = torch.special.entr(weights).sum(-1).mean((1, 3)).flatten() / np.log(2)
    rows, columns = torch.arange(h * w) // w, torch.arange(h * w) % w
    between = torch.stack([rows, columns], 1).float()
    read = weights[..., 1:, 1:]
    read = read / read.sum(-1, keepdim=True)
    distance = (read * torch.cdist(between, between)).sum(-1).mean((1, 3)).flatten()
    order = [(block, head) for block in range(6) for head in range(4)]
    assert [(head["block"], head["head"]) for head in survey] == order
    np.testing.assert_allclose([head["bits"] for head in survey], bits, rtol=0.01)
    np.testing.assert_allclose([head["distance"] for head in survey], distance, rtol=0.01)


def test_a_pointer_previews_a_patch_and_a_press_chooses_it(page: Page) -> None:
    big = page.locator(".ex-big")
    big.hover(position=position_in(big, 3, 12))
    page.wait_for_function("explorer.shown.choice.position === 2 * 14 + 11")
    assert (state_of(page)["row"], state_of(page)["column"]) == (7, 7)
    expect(page.locator(".ex-readout")).to_contain_text("Frame 4, row 3, column 12.")
    page.locator("header b").hover()
    expect(page.locator(".ex-readout")).to_contain_text("Frame 4, row 7, column 7.")
    big.click(position=position_in(big, 3, 12))
    page.locator("header b").hover()
    expect(page.locator(".ex-readout")).to_contain_text("Frame 4, row 3, column 12.")
    expect(page.get_by_label(WORDS["row"], exact=True)).to_have_value("3")
    small = page.locator(".ex-strip .ex-frame").nth(6)
    small.click(position=position_in(small, 5, 5))
    state = state_of(page)
    assert (state["frame"], state["row"], state["column"]) == (7, 5, 5)


def test_the_readout_names_the_strongest_patch(page: Page) -> None:
    page.evaluate("explorer.show({ view: 'hops', block: 2, head: 3, frame: 5, row: 8, column: 6 })")
    shares = two_hops(load("motion"), 1, 2, (4, 7, 5))
    frame, row, column = (i + 1 for i in np.unravel_index(shares.argmax(), shares.shape))
    expect(page.locator(".ex-readout")).to_contain_text("Block 2, head 3.")
    values = {"frame": frame, "row": row, "column": column, "percent": f"{shares.max():.1%}"}
    pattern = re.compile(pattern_of("explorer.strongest.hops", **values))
    expect(page.locator(".ex-readout")).to_contain_text(pattern)


def test_keys_and_numbers_move_the_patch(page: Page) -> None:
    page.evaluate(
        "() => { const { replaceState } = history; window.writes = 0;"
        "history.replaceState = (...all) => { writes += 1; replaceState.apply(history, all); }; }"
    )
    page.locator(".ex-big").focus()
    for key in ("ArrowUp", "ArrowLeft", "ArrowLeft", "PageDown", ".", "PageUp"):
        page.keyboard.press(key)
    state = state_of(page)
    assert (state["frame"], state["row"], state["column"]) == (5, 6, 5)
    for key in ("ArrowUp",) * 20:  # up to the edge
        page.keyboard.press(key)
    assert state_of(page)["row"] == 1
    page.wait_for_function("location.hash.includes('frame=5&row=1&column=5')")
    assert page.evaluate("writes") <= 5  # for 26 keys: the address follows after a pause
    for name, value in (("frame", "2"), ("row", "14"), ("column", "99")):
        field = page.get_by_label(WORDS[name], exact=True)
        field.fill(value)
        field.press("Tab")
    state = state_of(page)
    assert (state["frame"], state["row"], state["column"]) == (2, 14, 5)
    expect(page.get_by_label(WORDS["column"], exact=True)).to_have_value("5")
    page.locator(".ex-choices input[value=time]").press("Space")
    assert state_of(page)["view"] == "time"


def test_a_cell_of_the_matrix_of_frames_is_described(page: Page) -> None:
    page.evaluate("explorer.show({ block: 3, head: 1, row: 8, column: 9 })")
    explanation = (r := load("motion")).explain(
        r.read(CLIP), method="time-attention", patch=(2, 7, 8), block=2, heads=0
    )
    shares = explanation.heatmaps[:, 7, 8] / explanation.heatmaps.sum()
    matrix = page.locator(".ex-matrix")
    page.wait_for_function("!explorer.nextPaint")  # nothing left to draw
    box = matrix.bounding_box()
    assert box
    matrix.hover(position={"x": box["width"] * 4.5 / T, "y": box["height"] * 2.5 / T})
    description = page.locator(".ex-cell")
    cell = re.compile(
        pattern_of("explorer.cell", reading=3, read=5).replace(ANY_VALUE, r"([\d.]+)%")
    )
    expect(description).to_have_text(cell)
    (percent,) = map(float, cell.findall(description.inner_text()))
    assert percent == pytest.approx(100 * shares[4], rel=0.01, abs=0.06)
    figures = page.locator(".ex-strip figure")
    expect(figures.nth(2).locator("b:visible")).to_have_text(WORDS["reading"])
    expect(figures.nth(4).locator("b:visible")).to_have_text(WORDS["read"])
    page.locator("header b").hover()
    expect(page.locator(".ex-strip b:visible")).to_have_count(0)
    matrix.focus()
    page.keyboard.press("ArrowDown")
    expect(figures.locator("b:visible")).not_to_have_count(0)


def test_a_head_is_chosen_from_the_grid(page: Page) -> None:
    buttons = page.locator(".ex-cells button")
    expect(buttons).to_have_count(24)
    buttons.nth(6).click()
    assert (state_of(page)["block"], state_of(page)["head"]) == (2, 3)
    expect(buttons.nth(6)).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("explorer.attention.survey")
    for sort, unit, key in (("entropy", "bits", "bits"), ("distance", "patches", "distance")):
        page.locator(f".ex-heads input[value={sort}]").press("Space")
        expect(buttons.first).to_contain_text(unit)
        values = [float(text.split(": ")[1].split(" ")[0]) for text in buttons.all_inner_texts()]
        assert values == sorted(values)
        lowest = page.evaluate(
            f"[...explorer.attention.survey].sort((a, b) => a.{key} - b.{key})[0]"
        )
        expect(buttons.first).to_contain_text(
            f"Block {lowest['block'] + 1}, head {lowest['head'] + 1}"
        )


def test_patches_are_masked_by_pointer_keys_and_frames(page: Page) -> None:
    page.get_by_role("button", name=WORDS["mask"], exact=True).click()
    big = page.locator(".ex-big")
    big.scroll_into_view_if_needed()
    ends = [position_in(big, 2, column) for column in (3, 5)]
    box = big.bounding_box()
    assert box
    page.mouse.move(box["x"] + ends[0]["x"], box["y"] + ends[0]["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + ends[1]["x"], box["y"] + ends[1]["y"], steps=8)
    page.mouse.up()
    assert page.evaluate("explorer.mask.list()") == [[4, 2, 3], [4, 2, 4], [4, 2, 5]]
    assert (state_of(page)["row"], state_of(page)["column"]) == (7, 7)
    page.locator("header b").hover()
    big.focus()
    page.keyboard.press("Space")
    assert [4, 7, 7] in page.evaluate("explorer.mask.list()")
    page.get_by_label(WORDS["mask_frame"].replace("{frame}", "1")).check()
    assert len(page.evaluate("explorer.mask.list()")) == 4 + h * w
    expect(page.locator(".ex-masking")).to_contain_text(f"{4 + h * w}")
    page.get_by_role("button", name=WORDS["unmask"]).click()
    assert page.evaluate("explorer.mask.list()") == []


def test_a_change_is_an_event_with_its_numbers(page: Page) -> None:
    page.evaluate("document.addEventListener('explorer:changed', (e) => { window.change = e; })")
    page.evaluate("explorer.show({ block: 2, head: 4 })")
    assert page.evaluate("change.detail.state.head") == 4
    assert page.evaluate("change.detail.keys.length") == T
    assert page.evaluate("change.detail.names") == [f"frame {i + 1}" for i in range(T)]
    scores = page.evaluate(
        "change.detail.keys.map((k) => change.detail.query.reduce((s, q, i) => s + q * k[i], 0))"
    )
    weights = torch.tensor(scores).div(32**0.5).softmax(-1)
    row = heatmap_of(page, "time", 1, 3, (3, 6, 6))["patches"][:, 6, 6]
    np.testing.assert_allclose(weights, row, rtol=1e-3, atol=1e-6)
    page.evaluate("explorer.show({ head: 'mean' })")
    assert page.evaluate("change.detail.query ?? null") is None


def test_nothing_scrolls_sideways_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for view in MODELS["motion"]:
        page.evaluate("view => explorer.show({ view, sort: 'entropy' })", view)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator(".ex-big").bounding_box()["width"] >= 300
    sides = page.locator(".explorer button, .ex-choices label, .ex-numbers input").evaluate_all(
        "all => all.map((element) => element.getBoundingClientRect()).filter((box) => box.width)"
        ".map((box) => Math.min(box.width, box.height))"
    )
    assert min(sides) >= 24


# Moves the pointer over a frame, and returns how often the explorer painted, and its last patch.
MOVE = """(frame, points) => new Promise((resolve) => {
    let paints = 0;
    const paint = explorer.paint;
    explorer.paint = () => { paints += 1; paint.call(explorer); };
    for (const [clientX, clientY] of points) {
        frame.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY, bubbles: true }));
    }
    requestAnimationFrame(() => requestAnimationFrame(() => {
        delete explorer.paint;
        resolve([paints, explorer.shown.choice.position]);
    }));
})"""


def test_many_moves_of_a_pointer_are_painted_once(page: Page) -> None:
    """The work of an animation frame does not grow with the speed of the pointer."""
    frame = page.locator(".ex-big")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box
    patches = [(1 + i % h, 1 + (3 * i) % w) for i in range(60)]
    positions = [position_in(frame, *patch) for patch in patches]
    points = [[box["x"] + position["x"], box["y"] + position["y"]] for position in positions]
    for view in MODELS["motion"]:
        page.evaluate("view => explorer.show({ view, head: 'mean' })", view)
        page.wait_for_function("!explorer.nextPaint")
        paints, position = frame.evaluate(MOVE, points)
        row, column = patches[-1]
        assert (paints, position) == (1, (row - 1) * w + column - 1), view


def explore_parts(page: Page, name: str = NAME) -> None:
    """Open the explorer of an example by a large model, whose attention comes in parts."""
    open_tab(page, "see")
    choose_example(page, name)
    wait_for_answer(page)
    explore(page, is_whole=False)


def assert_rollout(page: Page, frame: int) -> None:
    """Assert that the rollout of the chosen patch, in a frame from 1, is that of the model."""
    row, column = page.evaluate("[explorer.state.row, explorer.state.column]")
    page.wait_for_function("!explorer.nextPaint")
    recognizer = load("motion")
    patch = (frame - 1, row - 1, column - 1)
    expected = recognizer.explain(recognizer.read(CLIP), method="rollout", patch=patch).heatmaps
    patches = np.array(page.evaluate("[...explorer.heatmap.patches]")).reshape(T, h, w)
    np.testing.assert_allclose(patches / patches.mean(), expected, **TOLERANCE)


def test_the_attention_of_a_large_model_comes_in_parts(owners_page: Page) -> None:
    page = owners_page
    explore_parts(page)
    fetch = {part: page.get_by_role("button", name=name) for part, name in FETCH.items()}
    visible = page.locator(".ex-fetch:visible")
    assert page.evaluate("explorer.heatmap ?? null") is None
    expect(visible).to_contain_text("2 MB")
    page.evaluate("explorer.show({ block: 3, head: 2, row: 8, column: 7 })")
    fetch["block"].click()
    page.wait_for_function("explorer.heatmap")
    expect(visible).to_have_count(0)
    recognizer = load("motion")
    expected = recognizer.explain(
        recognizer.read(CLIP), method="attention", patch=(3, 7, 6), block=2, heads=1
    ).heatmaps
    patches = heatmap_of(page, "space", 2, 1, (3, 7, 6))["patches"]
    np.testing.assert_allclose(patches / patches.mean(), expected, **TOLERANCE)
    page.evaluate("explorer.show({ block: 1 })")
    expect(fetch["block"]).to_be_visible()
    expect(page.locator(".ex-cells button")).to_have_count(4)

    page.evaluate("explorer.show({ view: 'rollout', frame: 5 })")
    expect(visible).to_contain_text("0.6 MB")
    fetch["frame"].click()
    page.wait_for_function("explorer.heatmap")
    expect(visible).to_have_count(0)
    for row, column in ((8, 7), (1, 14)):
        page.evaluate("([row, column]) => explorer.show({ row, column })", [row, column])
        assert_rollout(page, frame=5)
    page.evaluate("explorer.show({ frame: 6 })")  # another frame is another part
    expect(fetch["frame"]).to_be_visible()
    page.evaluate("explorer.show({ frame: 5 })")
    page.locator(".ex-strip figure").nth(5).hover()
    page.wait_for_function("!explorer.nextPaint")
    assert page.evaluate("explorer.heatmap !== null")  # the fetched part stays

    explore_parts(page, "boat-sailing-right")  # another clip has none of the parts
    page.evaluate("explorer.show({ view: 'rollout', frame: 5 })")
    expect(fetch["frame"]).to_be_visible()
    expect(page.locator(".ex-note")).to_have_text("")


def test_a_rollout_that_the_browser_cannot_compute_is_fetched(page: Page) -> None:
    page.evaluate(
        "const isNot = { value: false, configurable: true };"
        "Object.defineProperty(explorer.attention, 'canRoll', isNot);"
        "explorer.show({ view: 'rollout', frame: 1 })"
    )
    button = page.get_by_role("button", name=FETCH["frame"])
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("explorer.heatmap")
    expect(button).to_be_hidden()
    assert page.evaluate("document.activeElement === explorer.layout.large.element")
    assert_rollout(page, frame=1)
    page.evaluate("delete explorer.attention.canRoll")


@pytest.fixture
def too_large(owners_folder: Path) -> Iterator[None]:
    """Every part of a model's attention is too large to send, on the owner's page."""
    (owners_folder / "large").touch()
    yield
    (owners_folder / "large").unlink()


@pytest.mark.usefixtures("too_large")
def test_parts_that_are_too_large_have_no_button(owners_page: Page) -> None:
    explore_parts(owners_page)
    controls = owners_page.locator(".ex-controls")
    for part, name in FETCH.items():
        expect(controls).to_contain_text(t(f"errors.explorer.{part}_too_large"))
        assert owners_page.get_by_role("button", name=name, include_hidden=True).count() == 0
