"""Every tab opens by keyboard, and axe-core finds nothing serious, also on a dark phone."""

from importlib.resources import files

import pytest
from pages import explore, open_tab, opened_page
from playwright.sync_api import Browser, Page, expect

from timesformer.i18n import section, t

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
SERIOUS = ("serious", "critical")
PLACES = {  # what each tab shows
    "see": ".stage", "experiment": "#trials", "explore": "#explorer .ex-big",
    "lessons": "#lessons .card", "how": "#drawing",
}  # fmt: skip


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
        menus = page.locator(".stage details, .languages")
        menus.evaluate_all("all => { for (const one of all) one.open = true; }")
        assert findings(page) == []
        menus.evaluate_all("all => { for (const one of all) one.open = false; }")
        page.click("[data-do=compare]")
        page.click("[data-do=check]")
        expect(page.locator("#checked polyline")).to_have_count(4)
        assert findings(page) == []
        open_tab(page, "experiment")
        page.click("[data-try=reverse]")
        page.locator(".experiment summary").first.click()
        assert findings(page) == []
        explore(page)
        page.click("#arithmetic > summary")
        page.evaluate("explorer.show({ view: 'time', block: 3, head: 1 })")
        assert findings(page) == []
        open_tab(page, "lessons")
        page.get_by_role("button", name=t("teachers.share")).click()
        assert findings(page) == []
        page.keyboard.press("Escape")
        page.locator("#lessons .card").first.click()
        expect(page.locator("#lesson")).to_be_visible()
        assert findings(page) == []
        page.get_by_role("button", name=t("lessons.leave")).click()
        open_tab(page, "how")
        expect(page.locator("#drawing")).to_be_visible()
        assert findings(page) == []


def test_every_tab_opens_by_keyboard(page: Page) -> None:
    page.locator("header [data-tab=see]").focus()
    for name, place in PLACES.items():
        button = page.locator(f"header [data-tab={name}]")
        expect(button).to_be_focused()
        expect(button).to_have_text(section("tabs")[name])
        page.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-current", "page")
        expect(page.locator(place).first).to_be_visible()
        hidden = [other for other in PLACES if other not in (name, "explore")]
        for other in hidden:
            expect(page.locator(PLACES[other]).first).to_be_hidden()
        page.keyboard.press("Tab")
    expect(page.locator("#model")).to_be_focused()
    page.locator("header [data-tab=see]").press("Enter")
    frame = page.locator(".frames [data-frame='4']")
    frame.press("Enter")
    expect(frame).to_have_attribute("aria-current", "true")
    method = page.locator("input[name=method]:checked")
    method.press("ArrowRight")
    expect(page.locator("input[name=method][value=attention]")).to_be_checked()
    bar = page.locator(".predictions button").nth(1)
    bar.press("Enter")
    expect(bar).to_be_focused()
    expect(bar).to_have_attribute("aria-pressed", "true")
