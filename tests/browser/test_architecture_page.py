"""The section “How it works”: the diagram, the arithmetic of attention and the references."""

import numpy as np
import pytest
import torch
from pages import choose_example, choose_model, explore, open_tab, wait_for_answer
from playwright.sync_api import Page, expect

from timesformer import load
from timesformer.i18n import t
from timesformer.synthetic.scenes import SCENES
from timesformer.ui.sections.references import BIBTEX
from timesformer.ui.server.examples import EXAMPLES

NAME = SCENES[0].name
MINUS = "\u2212"
LINK = """name => {
    const link = Object.assign(document.createElement("a"), { href: `#step-${name}` });
    link.textContent = name;
    document.querySelector("#works").prepend(link);
}"""


def show(page: Page, **state: object) -> None:
    choose_example(page, NAME)
    wait_for_answer(page)
    explore(page)
    page.evaluate("state => window.explorer.show(state)", state)


def test_another_model_has_another_diagram(page: Page) -> None:
    open_tab(page, "how")
    diagram = page.locator("#drawing")
    expect(diagram).to_be_visible()
    expect(diagram).to_contain_text("1,739,146")
    choose_model(page, "facebook/timesformer-base-finetuned-k400")
    expect(diagram).to_contain_text("121,566,352")
    choose_model(page, "motion-joint")
    expect(diagram.locator("#step-space")).to_contain_text(t("architecture.joint"))
    expect(diagram.locator("#step-time")).to_have_count(0)


def test_a_link_shows_its_step(page: Page) -> None:
    open_tab(page, "how")
    page.wait_for_selector("#drawing")
    for name in ("time", "mlp"):
        page.evaluate(LINK, name)
        page.locator(f'a[href="#step-{name}"]').press("Enter")
        expect(page.locator(f"#step-{name}")).to_have_class("selected")
        expect(page.locator(f"#step-{name}")).to_be_in_viewport()
        expect(page.locator(f"#drawing li.of-{name}")).to_be_focused()
        expect(page.locator("#drawing .selected")).to_have_count(2)
    assert "step-" not in page.evaluate("location.hash")  # the page keeps its state there


def numbers(texts: list[str]) -> list[float]:
    return [float(text.split()[0].rstrip("%").replace(MINUS, "-")) for text in texts]


def test_the_arithmetic_is_that_of_the_model(page: Page) -> None:
    show(page, view="time", block=3, head=1, frame=4, row=7, column=7)
    page.locator("#arithmetic > summary").click()
    recognizer = load("motion", device="cpu")
    values = recognizer.at_model(
        recognizer.preprocess(recognizer.read(EXAMPLES[NAME])).pixel_values
    )
    with torch.inference_mode():
        output = recognizer.model(values, output_attentions=True)
    weights = output.temporal_attentions[2][6 * 14 + 6, 0, 3].numpy()
    for temperature in (1, 0.25, 4):
        page.get_by_label(t("arithmetic.temperature")).fill(str(np.log2(temperature)))
        expect(page.locator("#arithmetic output")).to_have_text(f"{temperature:.2f}")
        shares = numbers(page.locator("#arithmetic td.share").all_inner_texts())
        expected = weights ** (1 / temperature)  # softmax(s / t) = softmax(s) ** (1 / t), scaled
        expected = 100 * expected / expected.sum()
        assert shares == pytest.approx([*expected, 100], abs=0.6)

        texts = page.locator("#arithmetic .products li:not(.zeros)").all_inner_texts()
        products = numbers([text.split("=")[1] for text in texts])
        scores = page.locator("#arithmetic tbody td:first-of-type").all_inner_texts()[:8]
        assert sum(products) == pytest.approx(max(numbers(scores)), abs=0.2)


def test_a_mean_of_heads_has_no_query(page: Page) -> None:
    show(page, view="time", block=3, head="mean")
    page.locator("#arithmetic > summary").click()
    expect(page.locator("#arithmetic")).to_contain_text(t("arithmetic.empty"))
    page.evaluate("window.explorer.show({ head: 4 })")
    expect(page.locator("#arithmetic .query")).to_contain_text("head 4")


def test_the_bibtex_entry_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_tab(page, "how")
    page.get_by_role("button", name=t("references.copy"), exact=True).click()
    expect(page.locator(".cite button")).to_have_text(t("references.copied"))
    assert page.evaluate("navigator.clipboard.readText()") == BIBTEX
    assert page.evaluate("getSelection().toString()").strip() == BIBTEX


def test_the_sections_do_not_scroll_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    show(page, view="time", block=3, head=1)
    page.locator("#arithmetic > summary").click()
    expect(page.locator("#arithmetic table")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    table = page.locator("#arithmetic table")
    assert table.evaluate("t => t.scrollWidth <= t.parentElement.clientWidth")
    open_tab(page, "how")
    expect(page.locator("#references")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
