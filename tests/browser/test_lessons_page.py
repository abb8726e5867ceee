"""Lessons in steps, links into a state of the page, and the dialog for sharing."""

import re
from pathlib import Path
from typing import Any

import pytest
from pages import (
    OTHER_HOST,
    choose_example,
    choose_method,
    open_tab,
    opened_page,
    upload,
    wait_for_answer,
)
from playwright.sync_api import Browser, Page, expect

from timesformer.i18n import section, t, use_language
from timesformer.ui.sections.lessons import LESSONS, Lesson

SIZES = {"docked": (1280, 900), "sheet": (390, 844)}
# The boxes that have to be in the window, and what lies over their corners and centres.
LOOK = """() => {
  const points = [[.5, .5], [.04, .1], [.96, .1], [.04, .9], [.96, .9]];
  const over = (part) => {
    const { left, top, width, height } = part.getBoundingClientRect();
    return points.map(([x, y]) => document.elementFromPoint(left + width * x, top + height * y))
      .filter((found) => found !== part && !part.contains(found) && !found?.contains(part))
      .map((found) => found?.outerHTML.slice(0, 80) ?? "outside the window");
  };
  return [".question", ".evidence"].flatMap((kind) => [...document.querySelectorAll(kind)])
    .filter((part) => part.getClientRects().length)
    .map((part) => {
      const { left, top, right, bottom } = part.getBoundingClientRect();
      return { name: part.className, box: [left, top, right, bottom], over: over(part) };
    });
}"""


def follow(page: Page, link: str) -> None:
    """Open the page with what is behind the "#" of its address."""
    page.goto(page.url.partition("#")[0] + link)
    page.reload()
    page.wait_for_selector("body.ready")


def link_of(name: str) -> str:
    return next(lesson.link for lesson in LESSONS if lesson.name == name)


def texts_of(lesson: Lesson, number: int) -> dict[str, Any]:
    texts: dict[str, Any] = section("lessons")["cards"][lesson.name]["steps"][str(number)]
    return texts


def check_view(page: Page, context: str) -> None:
    """Check that the question and its evidence are in the window, and that nothing hides them."""
    page.wait_for_selector("#lesson[data-is-open=true]")
    page.wait_for_function("() => !document.querySelector('#status .status progress')")
    parts, tries = page.evaluate(LOOK), 0
    size = page.viewport_size
    assert size
    while tries < 20 and faults_of(parts, size["width"], size["height"]):
        page.wait_for_timeout(50)  # pictures that have just come move the page
        parts, tries = page.evaluate(LOOK), tries + 1
    assert len(parts) >= 2, context
    assert faults_of(parts, size["width"], size["height"]) == [], context


def faults_of(parts: list[dict[str, Any]], width: int, height: int) -> list[dict[str, Any]]:
    def fits(left: float, top: float, right: float, bottom: float) -> bool:
        return left >= -1 and top >= -1 and right <= width + 1 and bottom <= height + 1

    return [part for part in parts if part["over"] or not fits(*part["box"])]


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_each_lesson_is_played_to_its_end(
    browser: Browser, address: str, size: tuple[int, int]
) -> None:
    """At each step, question and evidence are on one screen before and after an answer.

    The first answer of each lesson is wrong; the others are right.
    """
    width, height = size
    viewport = {"width": width, "height": height}
    with opened_page(browser, address, viewport=viewport) as page:
        panel = page.locator("#lesson")
        for lesson in LESSONS:
            page.evaluate("(link) => { location.hash = link; }", lesson.link)
            for number, step in enumerate(lesson.steps, 1):
                texts, context = texts_of(lesson, number), f"{lesson.name}, step {number}"
                expect(panel.locator(".question")).to_have_text(texts["question"])
                expect(panel.locator("h2")).to_be_focused()
                check_view(page, context)
                answer = step.right if number > 1 else step.right % len(texts["answers"]) + 1
                panel.locator(f'[data-answer="{answer}"]').click()
                verdict = t("lessons.right" if answer == step.right else "lessons.wrong")
                expect(panel.get_by_role("status")).to_have_text(f"{verdict} {texts['why']}")
                check_view(page, f"{context}, answered")
                if number < len(lesson.steps):
                    panel.get_by_role("button", name=t("lessons.next"), exact=True).click()
            expect(panel.locator("[data-lesson=next]")).to_have_text(t("lessons.next_lesson"))


def test_a_card_opens_its_lesson_and_another_follows(page: Page) -> None:
    open_tab(page, "lessons")
    title = section("lessons")["cards"]["moved"]["title"]
    page.locator("#lessons").get_by_role("link", name=title).click()
    panel = page.get_by_role("region", name=title)
    expect(panel).to_be_visible()
    expect(page.locator("header [data-tab=see]")).to_be_visible()
    for _ in range(3):
        panel = page.locator("#lesson")
        panel.locator("[data-answer]").first.click()
        expect(panel.locator("[data-lesson=next]")).to_be_visible()
        panel.locator("[data-lesson=next]").press("Enter")
    first = section("lessons")["cards"]["predict"]["title"]
    expect(page.get_by_role("region", name=first)).to_be_visible()
    page.get_by_role("button", name=t("lessons.leave")).press("Enter")
    expect(page.locator("#lesson")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("lesson=|step="))
    expect(page.locator("header [data-tab][aria-current=page]")).to_be_focused()


@pytest.mark.parametrize("link", ["#lesson=follow", "#lesson=follow&model=motion&view=rollout"])
def test_a_lesson_by_link_stands_alone_until_everything_is_opened(page: Page, link: str) -> None:
    follow(page, link)
    tabs = {name: page.locator(f"header [data-tab={name}]") for name in ("see", "explore", "how")}
    expect(page.locator("#lesson .question")).to_have_text(texts_of(LESSONS[3], 1)["question"])
    expect(tabs["explore"]).to_be_visible()
    for name in ("see", "how"):
        expect(tabs[name]).to_be_hidden()
    page.get_by_role("button", name=t("lessons.everything")).click()
    for tab in tabs.values():
        expect(tab).to_be_visible()
    page.reload()
    page.wait_for_selector("body.ready")
    expect(page.locator("#lesson")).to_be_visible()
    expect(tabs["see"]).to_be_visible()


@pytest.mark.parametrize(("step", "number"), [("3", 3), ("9", 1), ("x", 1)])
def test_a_link_opens_a_step(page: Page, step: str, number: int) -> None:
    follow(page, f"#lesson=labels&step={step}")
    lesson = next(lesson for lesson in LESSONS if lesson.name == "labels")
    expect(page.locator("#lesson .question")).to_have_text(texts_of(lesson, number)["question"])
    expect(page.locator("canvas.pane").first).to_have_attribute(
        "aria-label", re.compile("moving left.+moving right")
    )


@pytest.mark.parametrize("link", [LESSONS[0].link, "#clip=boat-sailing-right&guess=1"])
def test_a_guess_hides_the_answer_until_it_is_made(page: Page, link: str) -> None:
    follow(page, link)
    wait_for_answer(page)
    expect(page.locator(".stage .pane")).to_be_visible()
    for hidden in (".verdict", ".predictions"):
        expect(page.locator(f".stage {hidden}")).to_be_hidden()
    page.locator("#lesson [data-answer]").first.press("Enter")
    expect(page.locator(".stage .verdict")).to_be_visible()
    expect(page).not_to_have_url(re.compile("guess="))


def test_an_older_link_runs_the_renamed_experiment(page: Page) -> None:
    follow(page, "#clip=ball-rolling-left&try=cover")
    expect(page.locator("#experiment-result [role=alert]")).to_contain_text(
        t("errors.experiment.nothing_masked")
    )


def test_another_language_keeps_the_state_and_writes_its_own_numbers(
    page: Page, tmp_path: Path
) -> None:
    follow(page, link_of("matrix"))
    page.wait_for_function("window.explorer?.heatmap")
    page.click(".languages summary")
    page.locator(".languages a[lang=de]").click()
    page.wait_for_url(lambda url: "/de#" in url and "lesson=matrix" in url)
    page.wait_for_function("window.explorer?.heatmap")
    assert page.evaluate("document.documentElement.lang") == "de"
    expect(page.locator(".ex-strip figcaption").nth(1)).to_have_text(re.compile(r"^2 · 0,\d\d s$"))
    expect(page.locator(".ex-readout")).to_contain_text(re.compile(r"Entropie: \d,\d Bit"))
    expect(page.locator(".ex-cell")).to_contain_text(re.compile(r"\d,\d\u00a0%"))
    open_tab(page, "see")
    expect(page).to_have_url(re.compile("/de#"))
    frame = page.locator(".frames button").nth(1)
    expect(frame).to_have_attribute("title", re.compile(r"\b0,\d\d s\b"))
    empty = tmp_path / "empty.mp4"
    empty.touch()
    upload(page, empty)
    with use_language("de"):
        expect(page.locator("#status [role=alert]")).to_contain_text(t("errors.clip.empty"))
    choose_example(page, "balloon-rising")
    expect(page).to_have_url(re.compile("/de#.*clip=balloon-rising"))


def test_choices_go_into_the_address(page: Page) -> None:
    choose_example(page, "balloon-rising")
    wait_for_answer(page)
    expect(page).to_have_url(re.compile("clip=balloon-rising"))
    choose_method(page, "rollout")
    expect(page).to_have_url(re.compile("heatmap=rollout"))


def test_a_teacher_shares_a_page_with_fewer_parts(page: Page) -> None:
    choose_example(page, "balloon-rising")
    wait_for_answer(page)
    open_tab(page, "lessons")
    page.get_by_role("button", name=t("teachers.share")).click()
    dialog = page.get_by_role("dialog")
    for part in ("settings", "take", "works"):
        dialog.get_by_label(t(f"teachers.panels.{part}"), exact=True).uncheck()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    dialog.get_by_role("button", name=t("teachers.copy")).click()
    expect(dialog.get_by_role("status")).to_have_text(t("teachers.copied"))
    link = page.evaluate("navigator.clipboard.readText()")
    assert "clip=balloon-rising" in link
    assert link.endswith("hide=settings,take,works")
    expect(dialog.get_by_role("img")).to_be_hidden()  # a code would name this computer
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    follow(page, "#" + link.partition("#")[2])
    wait_for_answer(page, "moving up")
    for hidden in (".stage .choices", ".stage .downloads", "header [data-tab=how]"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".stage .examples")).to_be_visible()


def test_a_link_that_others_can_open_has_a_code(browser: Browser, address: str) -> None:
    elsewhere = address.replace("127.0.0.1", OTHER_HOST)
    with opened_page(browser, elsewhere) as page:
        open_tab(page, "lessons")
        page.get_by_role("button", name=t("teachers.share")).click()
        code = page.get_by_role("img", name=t("teachers.qr"))
        page.wait_for_function("(code) => code.naturalWidth > 0", arg=code.element_handle())


def test_a_shared_lesson_has_a_short_link(page: Page) -> None:
    follow(page, link_of("cover"))
    page.get_by_role("button", name=t("lessons.share")).click()
    dialog = page.get_by_role("dialog")
    link = dialog.get_by_label(t("teachers.link"))
    expect(link).to_have_value(re.compile(r"#lesson=cover$"))
    dialog.get_by_label(t("teachers.panels.explorer"), exact=True).check()
    expect(link).to_have_value(re.compile(r"#lesson=cover&hide=lessons,works$"))
    for box in dialog.get_by_role("checkbox").all():
        box.check()
    expect(link).to_have_value(re.compile(r"#lesson=cover&hide=none$"))
