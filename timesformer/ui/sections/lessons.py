"""Lessons in steps, their cards and the dialog for sharing, for assets/web/js/lessons.js.

A step shows the page in a state and marks the evidence for its question. The names of a state are
those of the page's address:

clip, model, heatmap, label, than: choices on the stage.
view, block, head, frame, row, column: a state of the explorer.
show: a section to open.
try: an experiment to run.
guess: the prediction is hidden.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from ...i18n import section, t

DEFAULTS = {"model": "motion", "heatmap": "attention"}
RUNS = ".experiment .runs tbody:nth-of-type"  # a row of the compared models
MATRIX = ".ex-axes, .ex-axes + .ex-meaning"
DOTS = ".experiment .line"
CURVES = "#checked .check-curves"
WEIGHTS = ".arithmetic .strip-scroll"

State = Mapping[str, str | int]


@dataclass(frozen=True)
class Shown:
    """A state of the page, and the CSS selector of the evidence in it."""

    evidence: str
    state: State


@dataclass(frozen=True)
class Step:
    """A question on what the page shows. Its texts are under `lessons.cards.NAME.steps`.

    right: number of the right answer, from 1. then: a state to show after an answer.
    """

    shown: Shown
    right: int
    then: Shown | None = None


def _step(
    evidence: str, right: int, state: State | None = None, *, then: Shown | None = None
) -> Step:
    return Step(Shown(evidence, state or {}), right, then)


@dataclass(frozen=True)
class Lesson:
    """A lesson. The states of its steps change and complete `state`."""

    name: str
    state: State
    steps: tuple[Step, ...]

    def full_state(self, shown: Shown) -> dict[str, str]:
        """Return the whole state of the page in a step."""
        merged = DEFAULTS | dict(self.state) | dict(shown.state)
        return {name: str(value) for name, value in merged.items()}

    @property
    def link(self) -> str:
        """The address of the lesson behind the page's. The rest of the page stays open."""
        return f"#lesson={self.name}&hide=none"


LESSONS = (
    Lesson("predict", {"clip": "penguin-coming-down"}, (
        _step(".stage .picture", 2, {"guess": 1}, then=Shown(".stage .verdict", {})),
        _step(".stage .predictions", 2),
        _step(".stage .panes", 1),
    )),
    Lesson("reverse", {"clip": "boat-sailing-right"}, (
        _step(".stage .panes", 2, then=Shown(".experiment .before-after", {"try": "reverse"})),
        _step(".experiment .before-after", 2, {"try": "reverse"}),
        _step(".stage .frames", 2, then=Shown(".frozen .before-after", {"try": "freeze"})),
    )),
    Lesson("schemes", {"clip": "ball-rolling-left"}, (
        _step(".stage .panes", 3, then=Shown(f"{RUNS}(1)", {"try": "schemes"})),
        _step(f"{RUNS}(3)", 2, {"try": "schemes"}),
        _step(f"{RUNS}(1), {RUNS}(2)", 1, {"try": "schemes"}),
    )),
    Lesson("follow", {"clip": "boat-sailing-right", "block": 6, "head": "mean",
                      "frame": 4, "row": 9, "column": 7}, (
        _step(".ex-strip", 1, {"view": "space"}),
        _step(".ex-strip", 2, {"view": "time"}),
        _step(".ex-strip", 3, {"view": "hops"}),
        _step(".ex-strip", 1, {"view": "rollout"}),
    )),
    Lesson("matrix", {"clip": "hand-waving", "view": "time",
                      "frame": 4, "row": 8, "column": 11}, (
        _step(MATRIX, 2, {"block": 1, "head": 4}),
        _step(MATRIX, 1, {"block": 1, "head": 3}),
        _step(MATRIX, 1, {"block": 6, "head": 1}),
        _step(MATRIX, 2, {"block": 6, "head": 3, "row": 2, "column": 8}),
    )),
    Lesson("heads", {"clip": "balloon-rising", "view": "space",
                     "frame": 4, "row": 7, "column": 7}, (
        _step(".ex-big", 1, {"block": 3, "head": 4}),
        _step(".ex-big", 2, {"block": 5, "head": 2}),
        _step(".ex-readout", 2, {"block": 2, "head": 1}),
    )),
    Lesson("cover", {"clip": "rocket-flying-away", "heatmap": "gradsam"}, (
        _step(".stage .panes", 1, then=Shown(DOTS, {"try": "hottest"})),
        _step(".experiment .before-after, .experiment .change", 3, {"try": "hottest"}),
        _step(DOTS, 2, {"clip": "record-turning", "try": "hottest"}),
    )),
    Lesson("labels", {"clip": "trams-passing", "heatmap": "gradcam",
                      "label": "moving left", "than": "moving right"}, (
        _step(".stage .panes", 1),
        _step(".stage .panes", 2, then=Shown(".stage .panes", {
            "label": "moving right", "than": "moving left"})),
        _step(".stage .predictions", 2),
    )),
    Lesson("check", {"clip": "rocket-flying-away", "heatmap": "gradsam"}, (
        _step(".stage .panes", 1, then=Shown(CURVES, {"try": "check"})),
        _step(CURVES, 1, {"try": "check"}),
        _step(CURVES, 2, {"clip": "record-turning", "try": "check"}),
    )),
    Lesson("maths", {"clip": "ball-rolling-left", "view": "time", "block": 1, "head": 2,
                     "frame": 4, "row": 10, "column": 7, "show": "arithmetic"}, (
        _step(WEIGHTS, 2),
        _step(f".arithmetic .temperature, {WEIGHTS}", 1),
        _step(WEIGHTS, 1),
    )),
    Lesson("moved", {"clip": "boat-sailing-right", "heatmap": "moved"}, (
        _step(".stage .panes", 1),
        _step(".stage .panes", 2, {"clip": "cat-sleeping"}),
        _step(".stage .panes", 3, {"model": "motion-space"}),
    )),
)  # fmt: skip

# Parts of the page that a shared link can hide, in the order of the page.
PANELS = ("see", "settings", "answer", "take", "trials", "explorer", "lessons", "works")
WORDS = ("step", "right", "wrong", "next", "next_lesson", "hidden", "guess", "reveal")


def lessons_data() -> str:
    """Return JSON of all lessons and of the words around them, in the current language."""
    texts = section("lessons")
    data = {
        "words": {name: texts[name] for name in WORDS},
        "lessons": {lesson.name: _lesson_data(lesson) for lesson in LESSONS},
    }
    return json.dumps(data, ensure_ascii=False)


def _lesson_data(lesson: Lesson) -> dict[str, Any]:
    texts = section("lessons")["cards"][lesson.name]
    steps = [
        _shown_data(lesson, step.shown) | {
            **texts["steps"][str(number)],
            "answers": list(texts["steps"][str(number)]["answers"].values()),
            "right": step.right,
            "then": step.then and _shown_data(lesson, step.then),
        }
        for number, step in enumerate(lesson.steps, 1)
    ]  # fmt: skip
    return {"title": texts["title"], "steps": steps}


def _shown_data(lesson: Lesson, shown: Shown) -> dict[str, Any]:
    return {"evidence": shown.evidence, "state": lesson.full_state(shown)}


def panel_html() -> str:
    """Return the panel beside the page, which holds one step, and the dialog for sharing."""
    buttons = "".join(_button(name) for name in ("back", "again", "share", "leave", "everything"))
    return (
        '<section id="lesson" aria-labelledby="lesson-title" hidden>'
        '<h2 id="lesson-title" tabindex="-1"><b></b> <span></span></h2><p class="text"></p>'
        '<p class="question" id="lesson-question"></p>'
        '<div class="answers" role="group" aria-labelledby="lesson-question"></div>'
        f'<p class="result" role="status"></p>{_button("next", classes="main")}'
        f'<div class="moves">{buttons}</div></section>{_share_html()}'
    )


def _button(name: str, *, classes: str = "") -> str:
    return (
        f'<button type="button" class="{classes}" data-lesson="{name}">'
        f"{escape(t(f'lessons.{name}'))}</button>"
    )


def _share_html() -> str:
    text = {name: escape(t(f"teachers.{name}")) for name in ("share", "shown", "link", "qr")}
    boxes = "".join(
        f'<label><input type="checkbox" value="{name}"> '
        f"{escape(t(f'teachers.panels.{name}'))}</label>"
        for name in PANELS
    )
    buttons = "".join(
        f'<button type="button" data-lesson="{name}">{escape(t(f"teachers.{name}"))}</button>'
        for name in ("copy", "close")
    )
    return (
        '<dialog id="share" aria-labelledby="share-title">'
        f'<h2 id="share-title">{text["share"]}</h2>'
        f"<fieldset><legend>{text['shown']}</legend>{boxes}</fieldset>"
        f'<label class="link">{text["link"]}<input type="text" readonly></label>'
        f'<div class="moves">{buttons}</div><p role="status"></p>'
        f'<img alt="{text["qr"]}" width="220" height="220"></dialog>'
    )


def cards_html() -> str:
    """Return the lesson cards and the teacher's corner."""
    texts = section("lessons")["cards"]
    cards = "".join(
        f'<li><a class="card" href="{escape(lesson.link)}">'
        f"<b>{escape(texts[lesson.name]['title'])}</b>"
        f"<span>{escape(texts[lesson.name]['steps']['1']['question'])}</span></a></li>"
        for lesson in LESSONS
    )
    return (
        f'<section class="lessons"><h2>{escape(t("lessons.heading"))}</h2><ol>{cards}</ol>'
        f'<div class="teachers"><h3>{escape(t("teachers.heading"))}</h3>'
        f"<p>{escape(t('teachers.text'))}</p>"
        f'<button type="button" data-lesson="share">{escape(t("teachers.share"))}</button>'
        "</div></section>"
    )
