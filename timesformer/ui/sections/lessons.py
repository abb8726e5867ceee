"""The lesson cards, the tour and the teacher's corner: HTML that assets/lessons.js wakes.

A lesson is a link. Behind its `#` stands all that the page needs to be in the right state: `clip`
(an example), `model`, `heatmap`, `label` and `than`, `view`, `block`, `head`, `frame`, `row` and
`column` of the explorer, `try` (an experiment), `guess` (the answer waits behind a button), and
`hide` (panels that are not shown).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

from ... import text
from ...synthetic.scenes import SCENES

START = {"model": "motion", "heatmap": "rollout"}  # of a lesson that says nothing else


@dataclass(frozen=True)
class Lesson:
    """A card: the state that its link opens; its words are in `text.LESSONS` under its name."""

    name: str
    state: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def link(self) -> str:
        """What comes behind the page's address."""
        return "#" + urlencode({"lesson": self.name} | START | dict(self.state))


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

TOUR = ("clip", "examples", "model", "answer", "overlay", "strip", "explorer", "trials", "lessons")
PANELS = ("settings", "answer", "explorer", "trials", "take", "works", "lessons")


def bar_html() -> str:
    """The line over the page: the tour, the lessons, large type, and the panel of a lesson."""
    buttons = "".join(
        f'<button type="button" data-do="{name}">{escape(words)}</button>'
        for name, words in text.BAR.items()
    )
    articles = "".join(_article(number) for number in range(len(LESSONS)))
    stops = json.dumps([[f"#{name}", *text.TOUR[name]] for name in TOUR])
    examples = [{"name": scene.name, "title": text.SCENE_TITLES[scene.name]} for scene in SCENES]
    words = json.dumps(
        text.BAR_WORDS
        | {"camera": text.CAMERA_HELP, "examples": examples, "noPreview": text.NO_PREVIEW}
    )
    return (
        f'<nav class="bar" data-stops="{escape(stops)}" data-words="{escape(words)}" '
        f'lang="{text.CODE}" aria-label="{escape(text.BAR_LABEL)}">{buttons}'
        f'<span class="languages">{_languages()}</span></nav>{articles}'
    )


def _languages() -> str:
    """Links to the page in every language, the present one among them."""
    current = {text.CODE: ' aria-current="page"'}
    return "".join(
        f'<a href="{page_of(code)}" lang="{code}" hreflang="{code}"{current.get(code, "")}>'
        f"{escape(language.NAME)}</a>"
        for code, language in text.LANGUAGES.items()
    )


def page_of(code: str) -> str:
    """Where the page is in a language, as seen from the page in any other."""
    return "./" if code == text.FIRST else code


def _article(number: int) -> str:
    """What a lesson says over the page while it lasts."""
    lesson, following = LESSONS[number], LESSONS[(number + 1) % len(LESSONS)]
    title, read, find = text.LESSONS[lesson.name]
    return (
        f'<article class="lesson" id="lesson-{lesson.name}" hidden tabindex="-1">'
        f"<h2>{escape(title)}</h2><p>{escape(read)}</p>"
        f'<p class="find">{escape(find)}</p>'
        f'<div><button type="button" data-do="reveal">{escape(text.REVEAL)}</button>'
        f'<button type="button" data-do="again">{escape(text.LESSON_AGAIN)}</button>'
        f'<a href="{escape(following.link)}">{escape(text.LESSON_NEXT)}</a>'
        f'<button type="button" data-do="leave">{escape(text.LESSON_END)}</button></div></article>'
    )


def cards_html() -> str:
    """The row of lesson cards, and the teacher's corner."""
    cards = "".join(
        f'<li><a class="card" href="{escape(lesson.link)}"><b>{escape(title)}</b>'
        f"<span>{escape(find)}</span></a></li>"
        for lesson in LESSONS
        for title, _, find in [text.LESSONS[lesson.name]]
    )
    boxes = "".join(
        f'<label><input type="checkbox" data-hide="{name}"> {escape(text.PANELS[name])}</label>'
        for name in PANELS
    )
    return (
        f'<section class="lessons"><h2>{escape(text.LESSONS_HEADING)}</h2><ol>{cards}</ol>'
        f'<details class="teachers"><summary>{escape(text.TEACHERS)}</summary>'
        f"<p>{escape(text.TEACHERS_WORDS)}</p><fieldset><legend>{escape(text.HIDE)}</legend>{boxes}"
        f'</fieldset><p><button type="button" data-do="copy">{escape(text.COPY)}</button> '
        f'<output aria-live="polite"></output></p></details></section>'
    )
