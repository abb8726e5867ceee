"""The explorer as people use it; its numbers are those of the model."""

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Locator, Page, expect
from safetensors.numpy import load_file
from sentences import says
from server import served

from timesformer import Recognizer, load
from timesformer.explain import PatchIndex, trace_attention
from timesformer.explain.attention_maps import flow_through_space, flow_through_time, initial_flow
from timesformer.i18n import section, t
from timesformer.synthetic.scenes import SCENES

CLIP = Path(__file__).parents[2] / "assets" / "clips" / f"{SCENES[0].name}.mp4"
WORDS = section("explorer")
T, h, w = 8, 14, 14
PATCHES = ((0, 0, 0), (3, 7, 6), (7, 13, 2))
MODELS = {
    "motion": ("space", "time", "hops", "rollout"),
    "motion-joint": ("hops", "rollout"),
    "motion-space": ("space", "rollout"),
}
METHODS = {"space": "attention", "time": "time-attention", "rollout": "rollout"}
AS_CLOSE = {"rtol": 0.01, "atol": 0.002}  # of float16: the worst of all weights is 1.9 % off


def explore(page: Page, model: str = "motion") -> None:
    """Has the clip looked at, and waits for the explorer."""
    page.evaluate("document.addEventListener('explorer:ready', () => { window.ready = true; })")
    if model != "motion":
        page.click("#model input")
        page.get_by_role("option").filter(has_text=f"{model}:").click()
    page.set_input_files("#clip input[type=file]", str(CLIP))
    page.wait_for_function("window.ready && explorer.heatmap")


def map_of(page: Page, view: str, block: int, head: int | str, patch: tuple[int, int, int]) -> dict:
    """What the browser finds, in numbers counted from 0; NaN is null."""
    frame, row, column = patch
    asked = {"block": block, "head": head, "frame": frame, "place": row * w + column}
    found = page.evaluate(
        "([view, asked]) => { const map = explorer.attention.heatmap(view, asked);"
        "return { ...map, patches: [...map.patches].map((x) => (isNaN(x) ? 0 : x)) }; }",
        [view, asked],
    )
    return found | {"patches": np.array(found["patches"]).reshape(T, h, w)}


def state_of(page: Page) -> dict:
    return page.evaluate("explorer.state")


def place_in(map_: Locator, row: int, column: int) -> dict[str, float]:
    """Where a patch, from 1, is in a frame on the page, in pixels."""
    box = map_.bounding_box()
    assert box
    return {"x": (column - 0.5) / w * box["width"], "y": (row - 0.5) / h * box["height"]}


@pytest.fixture(scope="module", params=MODELS)
def explored(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[tuple]:
    """A page with the explorer of one model, and that model."""
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(address)
    page.wait_for_selector("#clip input[type=file]", state="attached")
    explore(page, request.param)
    page.evaluate("explorer.show({ view: 'rollout' })")
    page.wait_for_function("explorer.attention.means && explorer.heatmap")
    yield page, load(request.param), MODELS[request.param]
    page.close()


def test_the_numbers_are_those_of_the_model(explored: tuple) -> None:
    page, recognizer, views = explored
    clip = recognizer.read(CLIP)
    joint = "time" not in views and "hops" in views
    methods = METHODS | ({"hops": "attention"} if joint else {})
    for view, patch in [(view, patch) for view in views if view in methods for patch in PATCHES]:
        for block, head in ((0, 1), (5, "mean")):
            heads = {} if view == "rollout" else {"block": block, "heads": head}
            theirs = recognizer.explain(clip, method=methods[view], patch=patch, **heads).heatmaps
            found = map_of(page, view, block, head, patch)["patches"]
            np.testing.assert_allclose(found / found.mean(), theirs, **AS_CLOSE)


def test_shares_sum_to_one(explored: tuple) -> None:
    page, _, views = explored
    for view in views:
        found = map_of(page, view, 2, "mean", PATCHES[1])
        assert found["patches"].sum() + found["cls"] == pytest.approx(1, abs=1e-4)


def test_what_a_model_does_not_have_is_disabled_and_told(explored: tuple) -> None:
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
    explore(page)
    recognizer = load("motion")
    for patch in PATCHES:
        for block, head in ((1, 2), (4, "mean")):
            found = map_of(page, "hops", block, head, patch)["patches"] * T * h * w
            theirs = two_hops(recognizer, block, head, patch) * T * h * w
            np.testing.assert_allclose(found, theirs, **AS_CLOSE)


def test_entropy_and_distance_are_those_of_torch(page: Page) -> None:
    explore(page)
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
    places = [(block, head) for block in range(6) for head in range(4)]
    assert [(one["block"], one["head"]) for one in survey] == places
    np.testing.assert_allclose([one["bits"] for one in survey], bits, rtol=0.01)
    np.testing.assert_allclose([one["distance"] for one in survey], distance, rtol=0.01)


def test_a_pointer_shows_and_a_press_keeps(page: Page) -> None:
    explore(page)
    big = page.locator(".ex-big")
    big.hover(position=place_in(big, 3, 12))
    page.wait_for_function("explorer.shown.choice.place === 2 * 14 + 11")
    assert (state_of(page)["row"], state_of(page)["column"]) == (7, 7)
    expect(page.locator(".ex-readout")).to_contain_text("Frame 4, row 3, column 12.")
    page.locator("#heading").hover()
    expect(page.locator(".ex-readout")).to_contain_text("Frame 4, row 7, column 7.")
    big.click(position=place_in(big, 3, 12))
    page.locator("#heading").hover()
    expect(page.locator(".ex-readout")).to_contain_text("Frame 4, row 3, column 12.")
    expect(page.get_by_label(WORDS["row"], exact=True)).to_have_value("3")
    small = page.locator(".ex-strip .ex-frame").nth(6)
    small.click(position=place_in(small, 5, 5))
    state = state_of(page)
    assert (state["frame"], state["row"], state["column"]) == (7, 5, 5)


def test_the_readout_says_what_the_model_does(page: Page) -> None:
    explore(page)
    page.evaluate("explorer.show({ view: 'hops', block: 2, head: 3, frame: 5, row: 8, column: 6 })")
    shares = two_hops(load("motion"), 1, 2, (4, 7, 5))
    frame, row, column = (i + 1 for i in np.unravel_index(shares.argmax(), shares.shape))
    expect(page.locator(".ex-readout")).to_contain_text("Block 2, head 3.")
    values = {"frame": frame, "row": row, "column": column, "percent": f"{shares.max():.1%}"}
    pattern = re.compile(says("explorer.strongest.hops", **values))
    expect(page.locator(".ex-readout")).to_contain_text(pattern)


def test_keys_and_numbers_move_the_patch(page: Page) -> None:
    explore(page)
    page.evaluate(
        "() => { const { replaceState } = history; window.writes = 0;"
        "history.replaceState = (...all) => { writes += 1; replaceState.apply(history, all); }; }"
    )
    page.locator(".ex-big").focus()
    for key in ("ArrowUp", "ArrowLeft", "ArrowLeft", "PageDown", ".", "PageUp"):
        page.keyboard.press(key)
    state = state_of(page)
    assert (state["frame"], state["row"], state["column"]) == (5, 6, 5)
    for key in ("ArrowUp",) * 20:  # the edge holds
        page.keyboard.press(key)
    assert state_of(page)["row"] == 1
    page.wait_for_function("location.hash.includes('frame=5&row=1&column=5')")
    assert page.evaluate("writes") <= 5  # of 26 keys: the address follows when they rest
    for name, value in (("frame", "2"), ("row", "14"), ("column", "99")):
        field = page.get_by_label(WORDS[name], exact=True)
        field.fill(value)
        field.press("Tab")
    state = state_of(page)
    assert (state["frame"], state["row"], state["column"]) == (2, 14, 5)
    expect(page.get_by_label(WORDS["column"], exact=True)).to_have_value("5")
    page.locator(".ex-choices input[value=time]").press("Space")
    assert state_of(page)["view"] == "time"


def test_the_matrix_of_frames_is_told_cell_by_cell(page: Page) -> None:
    explore(page)
    page.evaluate("explorer.show({ block: 3, head: 1, row: 8, column: 9 })")
    explanation = (r := load("motion")).explain(
        r.read(CLIP), method="time-attention", patch=(2, 7, 8), block=2, heads=0
    )
    shares = explanation.heatmaps[:, 7, 8] / explanation.heatmaps.sum()
    matrix = page.locator(".ex-matrix")
    page.wait_for_function("!explorer.nextPaint")  # it is drawn
    box = matrix.bounding_box()
    assert box
    matrix.hover(position={"x": box["width"] * 4.5 / T, "y": box["height"] * 2.5 / T})
    told = page.locator(".ex-cell")
    cell = re.compile(says("explorer.cell", reading=3, read=5).replace(".*", r"([\d.]+)%"))
    expect(told).to_have_text(cell)
    (percent,) = map(float, cell.findall(told.inner_text()))
    assert percent == pytest.approx(100 * shares[4], rel=0.01, abs=0.06)
    figures = page.locator(".ex-strip figure")
    expect(figures.nth(2).locator("b:visible")).to_have_text(WORDS["reading"])
    expect(figures.nth(4).locator("b:visible")).to_have_text(WORDS["read"])
    page.locator("#heading").hover()
    expect(page.locator(".ex-strip b:visible")).to_have_count(0)
    matrix.focus()
    page.keyboard.press("ArrowDown")
    expect(figures.locator("b:visible")).not_to_have_count(0)


def test_a_head_is_picked_from_the_wall(page: Page) -> None:
    explore(page)
    buttons = page.locator(".ex-cells button")
    expect(buttons).to_have_count(24)
    buttons.nth(6).click()
    assert (state_of(page)["block"], state_of(page)["head"]) == (2, 3)
    expect(buttons.nth(6)).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("explorer.attention.survey")
    for sort, unit, key in (("entropy", "bits", "bits"), ("distance", "patches", "distance")):
        page.locator(f".ex-heads input[value={sort}]").press("Space")
        expect(buttons.first).to_contain_text(unit)
        said = [float(one.split(": ")[1].split(" ")[0]) for one in buttons.all_inner_texts()]
        assert said == sorted(said)
        lowest = page.evaluate(
            f"[...explorer.attention.survey].sort((a, b) => a.{key} - b.{key})[0]"
        )
        expect(buttons.first).to_contain_text(
            f"Block {lowest['block'] + 1}, head {lowest['head'] + 1}"
        )


def test_patches_are_covered_by_pointer_keys_and_frames(page: Page) -> None:
    explore(page)
    page.get_by_role("button", name=WORDS["mask"], exact=True).click()
    big = page.locator(".ex-big")
    big.scroll_into_view_if_needed()
    ends = [place_in(big, 2, column) for column in (3, 5)]
    box = big.bounding_box()
    assert box
    page.mouse.move(box["x"] + ends[0]["x"], box["y"] + ends[0]["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + ends[1]["x"], box["y"] + ends[1]["y"], steps=8)
    page.mouse.up()
    assert page.evaluate("explorer.mask.list()") == [[4, 2, 3], [4, 2, 4], [4, 2, 5]]
    assert (state_of(page)["row"], state_of(page)["column"]) == (7, 7)
    page.locator("#heading").hover()
    big.focus()
    page.keyboard.press("Space")
    assert [4, 7, 7] in page.evaluate("explorer.mask.list()")
    page.get_by_label(WORDS["mask_frame"].replace("{frame}", "1")).check()
    assert len(page.evaluate("explorer.mask.list()")) == 4 + h * w
    expect(page.locator(".ex-masking")).to_contain_text(f"{4 + h * w}")
    page.get_by_role("button", name=WORDS["unmask"]).click()
    assert page.evaluate("explorer.mask.list()") == []


def test_a_change_is_told_to_the_page_with_the_numbers_behind_it(page: Page) -> None:
    explore(page)
    page.evaluate("document.addEventListener('explorer:changed', (e) => { window.told = e; })")
    page.evaluate("explorer.show({ block: 2, head: 4 })")
    assert page.evaluate("told.detail.state.head") == 4
    assert page.evaluate("told.detail.keys.length") == T
    assert page.evaluate("told.detail.names") == [f"frame {i + 1}" for i in range(T)]
    scores = page.evaluate(
        "told.detail.keys.map((k) => told.detail.query.reduce((s, q, i) => s + q * k[i], 0))"
    )
    weights = torch.tensor(scores).div(32**0.5).softmax(-1)
    found = map_of(page, "time", 1, 3, (3, 6, 6))["patches"][:, 6, 6]
    np.testing.assert_allclose(weights, found, rtol=1e-3, atol=1e-6)
    page.evaluate("explorer.show({ head: 'mean' })")
    assert page.evaluate("told.detail.query ?? null") is None


def test_the_numbers_can_be_taken_along(page: Page, tmp_path: Path) -> None:
    explore(page)
    with page.expect_download() as download:
        page.click("#attention")
    download.value.save_as(tmp_path / "numbers.safetensors")
    found = load_file(tmp_path / "numbers.safetensors")
    assert found["time.queries"].shape == (6, h * w, 4, T, 32)
    assert found["space.keys"].shape == (6, T, 4, 1 + h * w, 32)


def test_nothing_scrolls_sideways_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    explore(page)
    for view in MODELS["motion"]:
        page.evaluate("view => explorer.show({ view, sort: 'entropy' })", view)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator(".ex-big").bounding_box()["width"] >= 300
    sides = page.locator(".explorer button, .ex-choices label, .ex-numbers input").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).filter((box) => box.width)"
        ".map((box) => Math.min(box.width, box.height))"
    )
    assert min(sides) >= 24


def test_a_pointer_is_followed_sixty_times_a_second(page: Page) -> None:
    """Without a GPU too: the work of one picture is less than the time of one."""
    explore(page)
    page.wait_for_function("explorer.attention.survey")
    page.evaluate("""() => {
        const wait = window.requestAnimationFrame;
        window.costs = [];
        window.requestAnimationFrame = (draw) => wait((time) => {
            const began = performance.now();
            draw(time);
            window.costs.push(performance.now() - began);
        });
    }""")
    big = page.locator(".ex-big")
    for view in MODELS["motion"]:
        page.evaluate("view => { explorer.show({ view, head: 'mean' }); costs.length = 0; }", view)
        for i in range(60):
            place = place_in(big, 1 + i % h, 1 + (3 * i) % w)
            big.dispatch_event("pointermove", client_of(big, place))
            page.wait_for_function("n => costs.length >= n", arg=i + 1)
        assert median(page.evaluate("costs")) < 16, view


def client_of(map_: Locator, place: dict[str, float]) -> dict[str, float]:
    box = map_.bounding_box()
    assert box
    return {"clientX": box["x"] + place["x"], "clientY": box["y"] + place["y"]}


LARGE = "from timesformer.visualize import explorer; explorer.MOST_BYTES = 10**6"


def test_a_large_model_comes_block_by_block(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path, first=LARGE) as place:
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(place)
        page.wait_for_selector("#clip input[type=file]", state="attached")
        page.evaluate("document.addEventListener('explorer:ready', () => { window.ready = true; })")
        page.set_input_files("#clip input[type=file]", str(CLIP))
        page.wait_for_function("window.ready")
        assert page.evaluate("explorer.heatmap ?? null") is None
        expect(page.locator(".ex-fetch:visible")).to_contain_text("about 2 MB each")
        page.evaluate("explorer.show({ block: 3, head: 2, row: 8, column: 7 })")
        page.get_by_role("button", name=WORDS["fetch"]["block"]).click()
        page.wait_for_function("explorer.heatmap")
        expect(page.locator("#status")).to_contain_text(t("status.fetched.block").format(number=3))
        expect(page.locator(".ex-fetch:visible")).to_have_count(0)
        recognizer = load("motion")
        theirs = recognizer.explain(
            recognizer.read(CLIP), method="attention", patch=(3, 7, 6), block=2, heads=1
        ).heatmaps
        found = map_of(page, "space", 2, 1, (3, 7, 6))["patches"]
        np.testing.assert_allclose(found / found.mean(), theirs, **AS_CLOSE)
        page.evaluate("explorer.show({ block: 1 })")
        expect(page.get_by_role("button", name=WORDS["fetch"]["block"])).to_be_visible()
        expect(page.locator(".ex-cells button")).to_have_count(4)

        page.evaluate("explorer.show({ view: 'rollout', frame: 5 })")
        expect(page.locator(".ex-fetch:visible")).to_contain_text("about 0.6 MB")
        page.get_by_role("button", name=WORDS["fetch"]["frame"]).click()
        page.wait_for_function("explorer.heatmap")
        expect(page.locator("#status")).to_contain_text(t("status.fetched.frame").format(number=5))
        expect(page.locator(".ex-fetch:visible")).to_have_count(0)
        for row, column in ((8, 7), (1, 14)):
            page.evaluate("([row, column]) => explorer.show({ row, column })", [row, column])
            theirs = recognizer.explain(recognizer.read(CLIP), patch=(4, row - 1, column - 1))
            page.wait_for_function("explorer.nextPaint === null")
            found = np.array(page.evaluate("[...explorer.heatmap.patches]")).reshape(T, h, w)
            np.testing.assert_allclose(found / found.mean(), theirs.heatmaps, **AS_CLOSE)
        page.evaluate("explorer.show({ frame: 6 })")  # whose patches are not here
        expect(page.get_by_role("button", name=WORDS["fetch"]["frame"])).to_be_visible()
        page.evaluate("explorer.show({ frame: 5 })")
        page.locator(".ex-strip figure").nth(5).hover()
        page.wait_for_timeout(200)
        assert page.evaluate("explorer.heatmap !== null")  # what is here stays to be seen

        page.evaluate("window.ready = false")  # the parts of a clip are not those of the next one
        page.get_by_role("button", name=t("scenes.boat-sailing-right")).click()
        page.wait_for_function("window.ready")
        page.evaluate("explorer.show({ view: 'rollout', frame: 5 })")
        expect(page.get_by_role("button", name=WORDS["fetch"]["frame"])).to_be_visible()
        expect(page.locator(".ex-note")).to_have_text("")
        page.close()


def test_what_a_browser_cannot_roll_out_is_fetched(page: Page) -> None:
    explore(page)
    page.evaluate(
        "Object.defineProperty(explorer.attention, 'canRoll', { value: false });"
        "explorer.show({ view: 'rollout', frame: 1 })"
    )
    button = page.get_by_role("button", name=WORDS["fetch"]["frame"])
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("explorer.heatmap")
    expect(button).to_be_hidden()
    assert page.evaluate("document.activeElement === explorer.layout.large.element")
    row, column = page.evaluate("[explorer.state.row, explorer.state.column]")
    recognizer = load("motion")
    theirs = recognizer.explain(recognizer.read(CLIP), patch=(0, row - 1, column - 1)).heatmaps
    found = np.array(page.evaluate("[...explorer.heatmap.patches]")).reshape(T, h, w)
    np.testing.assert_allclose(found / found.mean(), theirs, **AS_CLOSE)
    with page.expect_download() as download:  # what was there from the start stays
        page.click("#attention")
    assert "attention" in download.value.suggested_filename


def test_a_part_too_large_is_told(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path, first=f"{LARGE}; explorer.MOST_AT_ONCE = 10**5") as place:
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(place)
        page.wait_for_selector("#clip input[type=file]", state="attached")
        page.set_input_files("#clip input[type=file]", str(CLIP))
        expect(page.locator(".ex-fetch:visible")).to_contain_text(
            t("errors.explorer.block_too_large")
        )
        expect(page.locator(".ex-controls")).to_contain_text(t("errors.explorer.frame_too_large"))
        for words in WORDS["fetch"].values():
            assert page.get_by_role("button", name=words, include_hidden=True).count() == 0
        page.close()
