"""What axe-core finds on the page: nothing serious, by day and by night, on a phone too."""

from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page, expect

from timesformer.i18n import t

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
SERIOUS = ("serious", "critical")


def findings(page: Page) -> list[str]:
    """What is serious, each with the rule and the first place."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['target'][0]}: {node['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_nothing_keeps_anybody_out(browser: Browser, address: str, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#clip input[type=file]", state="attached")
    assert findings(page) == []
    page.locator("#examples .gallery-item").first.click()
    expect(page.locator("#strip figure")).to_have_count(8)
    expect(page.locator("#explorer .ex-heads button").first).to_be_visible()
    for details in page.locator("details > summary").all():
        details.click()
    page.locator("#settings > button").click()
    page.click("#try-reverse")
    page.locator(".trial summary").first.click()
    assert findings(page) == []
    page.get_by_role("button", name=t("bar.tour")).click()
    assert findings(page) == []
    context.close()
