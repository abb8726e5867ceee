"""axe-core finds nothing serious on the page, in light and dark mode, on a phone too."""

from importlib.resources import files

import pytest
from pages import opened_page
from playwright.sync_api import Browser, Page, expect

from timesformer.i18n import t

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
SERIOUS = ("serious", "critical")


def findings(page: Page) -> list[str]:
    """Return the serious violations, each with its rule and its first place."""
    page.evaluate(AXE)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['target'][0]}: {node['html'][:160]}"
        for violation in result["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_no_serious_violation(
    browser: Browser, address: str, width: int, scheme: str
) -> None:
    options = {"color_scheme": scheme, "reduced_motion": "reduce"}
    size = {"width": width, "height": 900}
    with opened_page(browser, address, viewport=size, **options) as page:
        assert findings(page) == []
        page.locator("#examples .gallery-item").first.click()
        expect(page.locator("#strip figure")).to_have_count(8)
        expect(page.locator("#explorer .ex-heads button").first).to_be_visible()
        for details in page.locator("details > summary").all():
            details.click()
        page.locator("#settings > button").click()
        page.click("#try-reverse")
        page.locator(".experiment summary").first.click()
        assert findings(page) == []
        page.get_by_role("button", name=t("bar.tour")).click()
        assert findings(page) == []
