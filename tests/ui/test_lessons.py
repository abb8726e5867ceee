"""Lessons name what exists, and a link with anything else changes nothing."""

import json
from urllib.parse import parse_qsl

import gradio as gr
import pytest

from timesformer.checkpoints.registry import EMBEDDED_FOLDER
from timesformer.explain import METHODS
from timesformer.i18n import section
from timesformer.models.config import TimesformerConfig
from timesformer.synthetic.scenes import SCENES
from timesformer.ui.model_choices import known_labels
from timesformer.ui.permalink import inputs_from_link
from timesformer.ui.sections import lessons
from timesformer.ui.sections.lessons import LESSONS, PANELS, TOUR, Lesson

CONFIG = TimesformerConfig.from_pretrained(EMBEDDED_FOLDER / "motion")
MOST = {"block": CONFIG.num_hidden_layers, "head": CONFIG.num_attention_heads,
        "frame": CONFIG.num_frames, "row": CONFIG.grid[0], "column": CONFIG.grid[1]}  # fmt: skip


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_names_what_exists(lesson: Lesson) -> None:
    state = dict(lesson.state)
    assert state["clip"] in [scene.name for scene in SCENES]
    assert state.get("heatmap", "rollout") in METHODS
    assert {state.get("label"), state.get("than")} <= {None, *known_labels("motion")}
    for key, most in MOST.items():
        assert state.get(key, 1) == "mean" or 1 <= state.get(key, 1) <= most


def test_every_lesson_stop_and_panel_has_its_texts() -> None:
    assert list(section("lessons")["cards"]) == [lesson.name for lesson in LESSONS]
    assert tuple(section("tour")["stops"]) == TOUR
    assert tuple(section("teachers")["panels"]) == PANELS
    assert len(TOUR) <= 10


def test_a_link_can_be_parsed() -> None:
    lesson = LESSONS[3]
    assert lesson.link.startswith("#lesson=follow&model=motion&heatmap=rollout&clip=boat-sailing")
    assert dict(parse_qsl(lesson.link[1:])) == {
        "lesson": lesson.name, "model": "motion", "heatmap": "rollout",
        **{key: str(value) for key, value in lesson.state.items()},
    }  # fmt: skip


def test_all_lessons_are_on_the_page() -> None:
    for lesson in LESSONS:
        assert f'id="lesson-{lesson.name}"' in lessons.bar_html()
        assert lesson.link.replace("&", "&amp;") in lessons.cards_html()


def test_a_link_gives_the_inputs() -> None:
    parameters = {"clip": "trams-passing", "model": "motion-joint", "heatmap": "relevance",
              "label": "moving left", "than": None}  # fmt: skip
    clip, model, method, start, smooth, label, than = inputs_from_link(json.dumps(parameters))
    assert clip.endswith("trams-passing.mp4")
    assert (model, method, label["value"]) == ("motion-joint", "relevance", "moving left")
    assert [value for _, value in label["choices"]] == list(known_labels("motion-joint"))
    assert (start, smooth, than["value"]) == (0, False, None)


@pytest.mark.parametrize(
    "parameters",
    [None, "", "[]", "7", "null", "[" * 100_000, '{"clip": ["a"], "model": {"a": 1}}',
     '{"clip": "../../etc/passwd", "model": "/etc", "heatmap": "x"}'],
)  # fmt: skip
def test_a_strange_link_changes_nothing(parameters: str | None) -> None:
    *others, label, than = inputs_from_link(parameters)
    assert all(value == gr.skip() for value in others)
    assert not {"value", "choices"} & {*label, *than}
