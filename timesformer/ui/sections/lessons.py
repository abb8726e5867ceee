"""Lesson cards, the tour and the teacher's corner, as HTML for assets/web/js/lessons.js.

A lesson is a link into a state of the page. Behind its `#` stand parameters. ui/permalink.py reads
some of them. The page's scripts read the others:

view, block, head, frame, row, column: a state of the explorer.
show: a section to open.
try: an experiment to run.
guess: the answer waits behind a button.
hide: panels that are not shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

from ...i18n import DEFAULT_LANGUAGE, LANGUAGES, language, section, t
from ...synthetic.scenes import SCENES

DEFAULTS = {"model": "motion", "heatmap": "rollout"}


@dataclass(frozen=True)
class Lesson:
    """A lesson and the state that its link opens. Its text is under `lessons.cards`."""

    name: str
    state: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def link(self) -> str:
        """The lesson's parameters, to follow the page's address."""
        return "#" + urlencode({"lesson": self.name} | DEFAULTS | dict(self.state))


LESSONS = (
    Lesson("predict", {"clip": "penguin-coming-down", "guess": 1}),
    Lesson("reverse", {"clip": "boat-sailing-right", "try": "reverse"}),
    Lesson("schemes", {"clip": "ball-rolling-left", "try": "schemes"}),
    Lesson("follow", {"clip": "boat-sailing-right", "view": "rollout", "block": 6, "head": "mean",
                      "frame": 4, "row": 9, "column": 7}),
    Lesson("matrix", {"clip": "hand-waving", "view": "time", "block": 3, "head": 1,
                      "frame": 4, "row": 6, "column": 7}),
    Lesson("heads", {"clip": "balloon-rising", "view": "space", "block": 2, "head": 1,
                     "frame": 4, "row": 7, "column": 7}),
    Lesson("cover", {"clip": "rocket-flying-away", "try": "hottest"}),
    Lesson("labels", {"clip": "trams-passing", "heatmap": "relevance", "label": "moving left",
                      "than": "moving right"}),
    Lesson("check", {"clip": "bus-coming-nearer", "heatmap": "attention", "try": "check"}),
    Lesson("maths", {"clip": "ball-rolling-left", "view": "time", "block": 1, "head": 2,
                     "frame": 3, "row": 8, "column": 7, "show": "arithmetic"}),
)  # fmt: skip

BAR = ("tour", "lessons", "large")
TOUR = ("clip", "examples", "model", "answer", "overlay", "strip", "explorer", "trials", "lessons")
PANELS = ("settings", "answer", "explorer", "trials", "take", "works", "lessons")


def bar_html() -> str:
    """Return the bar over the page, and the hidden panels of the lessons."""
    buttons = "".join(
        f'<button type="button" data-do="{name}">{escape(t(f"bar.{name}"))}</button>'
        for name in BAR
    )
    articles = "".join(_article(number) for number in range(len(LESSONS)))
    examples = " ".join(scene.name for scene in SCENES)
    return (
        f'<nav class="bar" data-stops="{" ".join(TOUR)}" data-examples="{examples}" '
        f'lang="{language().code}" aria-label="{escape(t("bar.label"))}">{buttons}'
        f'<span class="languages">{_languages()}</span></nav>{articles}'
    )


def _languages() -> str:
    """Return links to the page in every language."""
    current = {language().code: ' aria-current="page"'}
    return "".join(
        f'<a href="{page_of(code)}" lang="{code}" hreflang="{code}"{current.get(code, "")}>'
        f"{escape(catalog.name)}</a>"
        for code, catalog in LANGUAGES.items()
    )


def page_of(code: str) -> str:
    """Return the address of the page in a language, relative to any other language."""
    return "./" if code == DEFAULT_LANGUAGE else code


def _article(number: int) -> str:
    """Return the panel over the page during a lesson."""
    lesson, next_lesson = LESSONS[number], LESSONS[(number + 1) % len(LESSONS)]
    title, text, question = section("lessons")["cards"][lesson.name].values()
    return (
        f'<article class="lesson" id="lesson-{lesson.name}" hidden tabindex="-1">'
        f"<h2>{escape(title)}</h2><p>{escape(text)}</p>"
        f'<p class="question">{escape(question)}</p>'
        f'<div><button type="button" data-do="reveal">{escape(t("lessons.reveal"))}</button>'
        f'<button type="button" data-do="again">{escape(t("lessons.again"))}</button>'
        f'<a href="{escape(next_lesson.link)}">{escape(t("lessons.next"))}</a>'
        f'<button type="button" data-do="leave">{escape(t("lessons.leave"))}</button>'
        "</div></article>"
    )


def cards_html() -> str:
    """Return the lesson cards and the teacher's corner."""
    cards = "".join(
        f'<li><a class="card" href="{escape(lesson.link)}"><b>{escape(title)}</b>'
        f"<span>{escape(question)}</span></a></li>"
        for lesson in LESSONS
        for title, _, question in [section("lessons")["cards"][lesson.name].values()]
    )
    boxes = "".join(
        f'<label><input type="checkbox" data-hide="{name}"> '
        f"{escape(t(f'teachers.panels.{name}'))}</label>"
        for name in PANELS
    )
    return (
        f'<section class="lessons"><h2>{escape(t("lessons.heading"))}</h2><ol>{cards}</ol>'
        f'<details class="teachers"><summary>{escape(t("teachers.heading"))}</summary>'
        f"<p>{escape(t('teachers.text'))}</p>"
        f"<fieldset><legend>{escape(t('teachers.hide'))}</legend>{boxes}"
        f'</fieldset><p><button type="button" data-do="copy">{escape(t("teachers.copy"))}</button> '
        f'<output aria-live="polite"></output></p></details></section>'
    )
