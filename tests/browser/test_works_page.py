"""The foot of the page: the drawing, the arithmetic and the references, as a visitor uses them."""

from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from timesformer import load
from timesformer.i18n import t
from timesformer.synthetic.scenes import SCENES
from timesformer.ui.sections.references import BIBTEX

CLIP = Path(__file__).parents[2] / "assets" / "clips" / f"{SCENES[0].name}.mp4"
MINUS = "\u2212"
LINK = """name => {
    const link = Object.assign(document.createElement("a"), { href: `#works-${name}` });
    link.textContent = name;
    document.querySelector("#works").prepend(link);
}"""


def show(page: Page, **state: object) -> None:
    page.set_input_files("#clip input[type=file]", str(CLIP))
    page.wait_for_function("() => window.explorer?.attention")
    page.evaluate("state => window.explorer.show(state)", state)


def test_another_model_is_another_drawing(page: Page) -> None:
    drawing = page.locator("#drawing")
    assert drawing.get_attribute("open") is None
    drawing.locator("summary").click()
    expect(drawing).to_contain_text("1,739,146 parameters in 6 blocks of 4 heads")
    page.click("#model input")
    page.get_by_role("option").filter(has_text="base-finetuned-k400").click()
    expect(drawing).to_contain_text("121,566,352 parameters in 12 blocks of 12 heads")
    assert drawing.get_attribute("open") is not None  # it stays open
    page.click("#model input")
    page.get_by_role("option").filter(has_text="motion-joint").click()
    expect(drawing.locator("#works-space")).to_contain_text(t("architecture.joint"))
    expect(drawing.locator("#works-time")).to_have_count(0)


def test_a_link_shows_its_step(page: Page) -> None:
    for name in ("time", "mlp"):
        page.evaluate(LINK, name)
        page.locator(f'a[href="#works-{name}"]').press("Enter")
        expect(page.locator(f"#works-{name}")).to_have_class("aimed")
        expect(page.locator(f"#works-{name}")).to_be_in_viewport()
        expect(page.locator(f"#drawing li.of-{name}")).to_be_focused()
        expect(page.locator("#drawing .aimed")).to_have_count(2)
    assert "works-" not in page.evaluate("location.hash")  # it holds the state of the page


@pytest.mark.parametrize("temperature", [1, 0.25, 4])
def test_the_arithmetic_is_that_of_the_model(page: Page, temperature: float) -> None:
    show(page, view="time", block=3, head=1, frame=4, row=7, column=7)
    page.locator("#arithmetic > summary").click()
    slider = page.get_by_label(t("arithmetic.temperature"))
    slider.fill(str(np.log2(temperature)))
    expect(page.locator("#arithmetic output")).to_have_text(f"{temperature:.2f}")

    recognizer = load("motion", device="cpu")
    values = recognizer.at_model(recognizer.preprocess(recognizer.read(CLIP)).pixel_values)
    with torch.inference_mode():
        output = recognizer.model(values, output_attentions=True)
    weights = output.temporal_attentions[2][6 * 14 + 6, 0, 3].numpy()
    expected = weights ** (1 / temperature)  # softmax(s / t) is softmax(s) to the power of 1 / t
    expected = 100 * expected / expected.sum()
    shown = page.locator("#arithmetic td.share").all_inner_texts()
    assert len(shown) == 9
    found = [float(share.split()[0]) for share in shown]
    assert found == pytest.approx([*expected, 100], abs=0.6)

    products = page.locator("#arithmetic .products li:not(.zeros)").all_inner_texts()
    product = [float(words.split("=")[1].replace(MINUS, "-")) for words in products]
    scores = page.locator("#arithmetic tbody td:first-of-type").all_inner_texts()
    best = max(float(score.replace(MINUS, "-")) for score in scores[:8])
    assert sum(product) == pytest.approx(best, abs=0.2)


def test_a_mean_of_heads_has_no_query(page: Page) -> None:
    show(page, view="time", block=3, head="mean")
    page.locator("#arithmetic > summary").click()
    expect(page.locator("#arithmetic")).to_contain_text(t("arithmetic.empty"))
    page.evaluate("window.explorer.show({ head: 4 })")
    expect(page.locator("#arithmetic .asks")).to_contain_text("head 4")


def test_the_entry_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#references > summary").click()
    page.get_by_role("button", name=t("references.copy"), exact=True).click()
    expect(page.locator(".cite button")).to_have_text(t("references.copied"))
    assert page.evaluate("navigator.clipboard.readText()") == BIBTEX
    assert page.evaluate("getSelection().toString()").strip() == BIBTEX


def test_nothing_of_it_scrolls_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    show(page, view="time", block=3, head=1)
    for place in ("drawing", "arithmetic", "references"):
        page.locator(f"#{place} > summary").click()
    expect(page.locator("#arithmetic table")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    table = page.locator("#arithmetic table")
    assert table.evaluate("t => t.scrollWidth <= t.parentElement.clientWidth")
