"""Lessons, the tour, large type and the teacher's links."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from timesformer.i18n import section, t, use_language
from timesformer.ui.sections.lessons import LESSONS, TOUR

CURRENT_STOP = re.compile(r"\bcurrent-stop\b")


def wait_for_answer(page: Page) -> None:
    expect(page.locator("#strip figure")).to_have_count(8)


def test_a_card_opens_the_page_in_its_state(page: Page) -> None:
    title, _, find = section("lessons")["cards"]["reverse"].values()
    page.get_by_role("link", name=title).click()
    expect(page.locator("#lesson-reverse")).to_be_visible()
    expect(page.locator("#lesson-reverse")).to_contain_text(find)
    wait_for_answer(page)
    expect(page.locator("#answer")).to_contain_text("moving right")
    page.get_by_role("button", name=t("lessons.leave")).locator("visible=true").click()
    expect(page.locator("#lesson-reverse")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("lesson="))


def test_a_lesson_can_hide_the_answer_until_it_is_revealed(page: Page) -> None:
    page.goto(page.url.split("#")[0] + LESSONS[0].link)
    reveal = page.locator("#lesson-predict").get_by_role("button", name=t("lessons.reveal"))
    expect(reveal).to_be_visible()
    expect(page.locator("#clip video")).to_be_visible()
    page.wait_for_function("() => document.querySelectorAll('#strip figure').length === 8")
    for hidden in ("#answer", "#strip", "#overlay", "#status"):
        expect(page.locator(hidden)).to_be_hidden()
    reveal.press("Enter")
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("#strip")).to_be_visible()


def test_an_older_link_runs_the_renamed_experiment(page: Page) -> None:
    page.goto(page.url.split("#")[0] + "#clip=ball-rolling-left&try=cover")
    expect(page.locator("#status [role=alert]")).to_contain_text(
        t("errors.experiment.nothing_masked")
    )


def test_a_link_keeps_the_labels_through_a_reload(page: Page) -> None:
    lesson = next(lesson for lesson in LESSONS if lesson.name == "labels")
    page.goto(page.url.split("#")[0] + lesson.link)
    for _ in range(2):
        wait_for_answer(page)
        expect(page.locator("#strip .remarks")).to_contain_text(
            "relevance for “moving left” rather than “moving right”"
        )
        page.reload()


def test_another_language_keeps_the_state_and_writes_its_own_numbers(
    page: Page, tmp_path: Path
) -> None:
    lesson = next(lesson for lesson in LESSONS if lesson.name == "matrix")
    page.goto(page.url.split("#")[0] + lesson.link)
    wait_for_answer(page)
    page.locator(".languages a[lang=de]").click()
    page.wait_for_url(lambda url: "/de#" in url and "lesson=matrix" in url)
    wait_for_answer(page)
    assert page.evaluate("document.documentElement.lang") == "de"
    expect(page.locator("#strip figcaption").nth(1)).to_have_text(re.compile(r"^0,\d\d s$"))
    expect(page.locator(".ex-strip figcaption").nth(1)).to_have_text(re.compile(r"^2 · 0,\d\d s$"))
    expect(page.locator(".ex-readout")).to_contain_text(re.compile(r"Entropie: \d,\d Bit"))
    expect(page.locator(".ex-cell")).to_contain_text(re.compile(r"\d,\d\u00a0%"))
    empty = tmp_path / "empty.mp4"
    empty.touch()
    page.locator("#clip").get_by_label("Clear").click()
    page.locator("#clip input[type=file]").set_input_files(empty)
    with use_language("de"):
        expect(page.locator("#status")).to_contain_text(t("errors.clip.empty"))


def test_choices_go_into_the_address(page: Page) -> None:
    page.locator("#examples .gallery-item").nth(2).click()
    wait_for_answer(page)
    expect(page).to_have_url(re.compile("clip=balloon-rising"))
    page.locator("#settings").get_by_role("button", name=t("page.settings")).click()
    page.get_by_label(t("methods.attention.choice")).check()
    page.wait_for_function("() => location.hash.includes('heatmap=attention')")


def test_a_teacher_hides_panels_and_shares_the_link(page: Page) -> None:
    page.get_by_text(t("teachers.heading"), exact=True).click()
    page.get_by_label(t("teachers.panels.settings"), exact=True).check()
    page.get_by_label(t("teachers.panels.take"), exact=True).check()
    expect(page.locator("#settings")).to_be_hidden()
    expect(page.locator("#take")).to_be_hidden()
    expect(page).to_have_url(re.compile("hide=settings,take"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=t("teachers.copy")).click()
    expect(page.locator(".teachers output")).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.reload()
    expect(page.locator("#strip")).to_be_attached()
    expect(page.locator("#settings")).to_be_hidden()
    expect(page.locator("#examples")).to_be_visible()


def test_the_tour_goes_by_keyboard(page: Page) -> None:
    page.locator("#examples .gallery-item").first.click()
    wait_for_answer(page)
    page.get_by_role("button", name=t("bar.tour")).press("Enter")
    card = page.locator("dialog.tour")
    for number, name in enumerate(TOUR):
        expect(card.locator(".count")).to_have_text(f"Stop {number + 1} of {len(TOUR)}")
        expect(card.locator("h2")).to_have_text(t(f"tour.stops.{name}.title"))
        expect(page.locator(f"#{name}")).to_have_class(CURRENT_STOP)
        expect(page.locator(f"#{name}")).to_be_in_viewport()
        if number < len(TOUR) - 1:
            page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(page.locator(".current-stop")).to_have_count(0)
    expect(page.get_by_role("button", name=t("bar.tour"))).to_be_focused()


def test_large_type_is_larger_and_nothing_scrolls_sideways(page: Page) -> None:
    heading, button = page.locator("#heading h1"), page.get_by_role("button", name=t("bar.large"))
    before = heading.bounding_box()["height"]
    button.click()
    expect(page).to_have_url(re.compile("large=1"))
    assert heading.bounding_box()["height"] > before
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
