"""Lessons name what exists, and what they call right is true of the embedded model."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import pytest
import torch
from torch import Tensor

from timesformer import Clip, Recognizer, load
from timesformer.checkpoints.registry import EMBEDDED_FOLDER, known_labels
from timesformer.experiments import (
    freeze,
    mask_top_patches,
    reverse,
    time_prediction,
)
from timesformer.explain import (
    METHODS,
    PatchIndex,
    queries_and_keys,
    rollout_flows,
    trace_attention,
)
from timesformer.explain.deletion import FRACTIONS, TOP_FRACTION
from timesformer.i18n import section, use_language
from timesformer.models.config import TimesformerConfig
from timesformer.synthetic.scenes import SCENES
from timesformer.ui.sections import lessons
from timesformer.ui.sections.lessons import LESSONS, PANELS, Lesson, Shown, Step
from timesformer.ui.server.examples import EXAMPLES

CONFIG = TimesformerConfig.from_pretrained(EMBEDDED_FOLDER / "motion")
MOST = {"block": CONFIG.num_hidden_layers, "head": CONFIG.num_attention_heads,
        "frame": CONFIG.num_frames, "row": CONFIG.grid[0], "column": CONFIG.grid[1]}  # fmt: skip
T, (h, w) = CONFIG.num_frames, CONFIG.grid


def states(lesson: Lesson) -> Iterator[dict[str, str]]:
    for step in lesson.steps:
        yield lesson.full_state(step.shown)
        if step.then:
            yield lesson.full_state(step.then)


def step_of(name: str, number: int) -> tuple[Step, dict[str, Any]]:
    """Return a step, counted from 1, and its texts."""
    lesson = next(lesson for lesson in LESSONS if lesson.name == name)
    texts = section("lessons")["cards"][name]["steps"][str(number)]
    return lesson.steps[number - 1], texts


def right_answer(name: str, number: int) -> str:
    step, texts = step_of(name, number)
    return str(texts["answers"][str(step.right)])


def state_of(name: str, number: int, *, then: bool = False) -> dict[str, Any]:
    """Return the state of a step, or of what follows its answer, with its numbers as numbers."""
    step, _ = step_of(name, number)
    lesson = next(lesson for lesson in LESSONS if lesson.name == name)
    shown = step.then if then else step.shown
    assert isinstance(shown, Shown)
    state = lesson.full_state(shown)
    return {key: int(value) if value.isdigit() else value for key, value in state.items()}


@cache
def recognizer(name: str = "motion") -> Recognizer:
    return load(name)


@cache
def clip(name: str) -> Clip:
    return recognizer().read(str(EXAMPLES[name]))


@cache
def weights(name: str) -> dict[str, Tensor]:
    """Return time (L, N, A, T, T) and space (L, T, A, 1+N, 1+N) attention of an example."""
    model = recognizer()
    pixel_values = model.at_model(model.preprocess(clip(name)).pixel_values)
    tensors = queries_and_keys(model.model.timesformer, pixel_values)
    return {
        kind: (tensors[f"{kind}.queries"] @ tensors[f"{kind}.keys"].mT
               / tensors[f"{kind}.keys"].shape[-1] ** 0.5).softmax(-1)
        for kind in ("time", "space")
    }  # fmt: skip


def time_matrix(name: str, number: int) -> Tensor:
    """Return the (T, T) matrix that a step shows."""
    state = state_of(name, number)
    position = (state["row"] - 1) * w + state["column"] - 1
    return weights(state["clip"])["time"][state["block"] - 1, position, state["head"] - 1]


def space_row(name: str, number: int) -> Tensor:
    """Return the weights (1+N) of the patch that a step shows."""
    state = state_of(name, number)
    position = (state["row"] - 1) * w + state["column"] - 1
    of_head = weights(state["clip"])["space"][state["block"] - 1, :, state["head"] - 1]
    return of_head[state["frame"] - 1, 1 + position]


def distance(name: str, number: int) -> float:
    """Return the mean distance, in patches, to what the patch of a step attends to."""
    state, row = state_of(name, number), space_row(name, number)[1:].view(h, w)
    rows, columns = torch.meshgrid(torch.arange(1, h + 1), torch.arange(1, w + 1), indexing="ij")
    away = ((rows - state["row"]) ** 2 + (columns - state["column"]) ** 2).float().sqrt()
    return float((row * away).sum() / row.sum())


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_names_what_exists(lesson: Lesson) -> None:
    for state in states(lesson):
        assert state["clip"] in [scene.name for scene in SCENES]
        assert state["heatmap"] in METHODS
        assert {state.get("label"), state.get("than")} <= {None, *known_labels("motion")}
        for key, most in MOST.items():
            assert state.get(key, "1") == "mean" or 1 <= int(state.get(key, 1)) <= most
    assert 3 <= len(lesson.steps) <= 4


@pytest.mark.parametrize("code", ["en", "de", "es", "fr", "zh"])
def test_every_step_has_its_texts(code: str) -> None:
    with use_language(code):
        cards = section("lessons")["cards"]
        data = json.loads(lessons.lessons_data())
        assert tuple(section("teachers")["panels"]) == PANELS
    assert list(cards) == list(data["lessons"]) == [lesson.name for lesson in LESSONS]
    for lesson in LESSONS:
        steps = data["lessons"][lesson.name]["steps"]
        assert len(cards[lesson.name]["steps"]) == len(lesson.steps) == len(steps)
        for step, sent in zip(lesson.steps, steps, strict=True):
            assert 2 <= len(set(sent["answers"])) <= 4
            assert 1 <= step.right <= len(sent["answers"])


def test_a_link_names_the_lesson_and_hides_nothing() -> None:
    for lesson in LESSONS:
        assert dict(parse_qsl(lesson.link[1:])) == {"lesson": lesson.name, "hide": "none"}
        assert lesson.link.replace("&", "&amp;") in lessons.cards_html()


@pytest.mark.parametrize(
    ("name", "number"),
    [("predict", 1), ("reverse", 1), ("reverse", 3)],
)  # fmt: skip
def test_a_predicted_label_is_predicted(name: str, number: int) -> None:
    state = state_of(name, number, then=True)
    shown, model = clip(state["clip"]), recognizer()
    match state.get("try"):
        case "reverse":
            best = reverse(model, shown).after[0][0]
        case "freeze":
            result = freeze(model, shown)
            assert {after[0].label for after in result.after} == {right_answer(name, number)}
            best = result.after[result.best][0]
        case _:
            best = model.predict(shown)[0]
    assert best.label == right_answer(name, number)
    if "99%" in step_of(name, number)[1]["why"]:
        assert round(100 * best.probability) == 99


def test_the_heat_of_the_first_lesson_is_on_the_penguin() -> None:
    state = state_of("predict", 3)
    heat = recognizer().explain(clip(state["clip"]), method=state["heatmap"]).heatmaps
    assert heat[:, :, 4:10].sum() > 0.95 * heat.sum()  # the columns of the penguin
    assert right_answer("predict", 3).startswith("On the penguin")


def test_the_schemes_differ_as_the_lesson_says() -> None:
    file = clip(state_of("schemes", 1)["clip"])
    divided, joint, space = (
        time_prediction(recognizer(name), file)
        for name in ("motion", "motion-joint", "motion-space")
    )
    assert [run.predictions[0].label for run in (divided, joint)] == ["moving left"] * 2
    assert space.predictions[0].label not in ("moving left", "moving right")
    assert max((divided, joint, space), key=lambda run: run.all_comparisons) is joint
    assert joint.all_comparisons / divided.all_comparisons == pytest.approx(8, abs=0.5)
    assert [step_of("schemes", number)[0].right for number in (1, 2, 3)] == [3, 2, 1]


def test_rollout_follows_the_boat() -> None:
    """The heat of frames 3 to 6 lies on the boat, by the box around it in each frame."""
    state, model = state_of("follow", 4), recognizer()
    pixel_values = model.at_model(model.preprocess(clip(state["clip"])).pixel_values)
    patch = PatchIndex(state["frame"] - 1, (state["row"] - 1) * w + state["column"] - 1)
    with torch.inference_mode():
        _, blocks = trace_attention(model.model.timesformer, pixel_values)
        flow, _ = rollout_flows(blocks, num_frames=T, patches=[patch])
    heat = flow[0, 0].view(T, h, w)
    lefts = {3: 2, 4: 3, 5: 3, 6: 4}  # column of the stern, from 0; the boat is 8 wide
    for frame, left in lefts.items():
        part = heat[frame - 1]
        assert part[3:12, left : left + 8].sum() > 0.5 * part.sum(), frame
    assert right_answer("follow", 4) == "On the boat"


def test_one_block_reaches_all_frames_by_two_steps() -> None:
    assert [step_of("follow", number)[0].right for number in (1, 2, 3)] == [1, 2, 3]
    state = state_of("follow", 3)
    time = weights(state["clip"])["time"][state["block"] - 1].mean(1)  # (N, T, T)
    assert (time[:, state["frame"] - 1].sum(0) > 0).all()


@pytest.mark.parametrize(("number", "offset"), [(1, 1), (2, -1)])
def test_heads_of_the_first_block_attend_to_a_neighbouring_frame(number: int, offset: int) -> None:
    best = time_matrix("matrix", number).argmax(-1)
    inside = [row for row in range(T) if 0 <= row + offset < T]
    assert sum(int(best[row]) == row + offset for row in inside) > T / 2
    assert right_answer("matrix", number) == (
        "The next frame" if offset > 0 else "The frame before"
    )
    examples = {1: [(0, 1), (1, 2)], 2: [(2, 1), (3, 2)]}  # those that the text names
    assert all(int(best[row]) == column for row, column in examples[number])


def test_a_head_of_the_last_block_attends_to_one_frame() -> None:
    assert (time_matrix("matrix", 3)[:, 2] > 0.9).all()
    assert right_answer("matrix", 3) == "Frame 3"


def test_attention_on_the_wall_is_spread() -> None:
    assert float(time_matrix("matrix", 4).max()) < 0.26
    assert right_answer("matrix", 4) == "Over all frames"


def test_heads_look_near_and_far_and_only_one_is_dark() -> None:
    near, far = distance("heads", 1), distance("heads", 2)
    assert near < 2 < 5 < far
    assert [float(space_row("heads", number)[0]) < 0.05 for number in (1, 2, 3)] == [
        True,
        True,
        False,
    ]
    assert float(space_row("heads", 3)[0]) > 0.995
    assert [step_of("heads", number)[0].right for number in (1, 2, 3)] == [1, 2, 2]


def test_the_hottest_patches_matter_for_the_rocket_and_not_for_the_record() -> None:
    changes = {}
    for number, then in ((1, True), (3, False)):
        state = state_of("cover", number, then=then)
        shown, model = clip(state["clip"]), recognizer()
        explanation = model.explain(shown, method=state["heatmap"])
        result = mask_top_patches(model, shown, explanation=explanation)
        changes[number] = [100 * (p - result.probability) for p in result.probabilities]
    hottest, *random = changes[1]
    assert hottest == pytest.approx(-95, abs=1)
    assert min(random) > -10
    assert all(abs(change) < 2 for change in changes[3])
    assert [step_of("cover", number)[0].right for number in (1, 2, 3)] == [1, 3, 2]


def test_each_label_has_its_own_tram() -> None:
    """The green tram is in rows 6 to 9 of the grid, the red tram in the rows below."""
    shares = {}
    for number, then in ((1, False), (2, True)):
        state = state_of("labels", number, then=then)
        target = state["label"], state["than"]
        heat = recognizer().explain(clip(state["clip"]), method=state["heatmap"], target=target)
        shares[number] = [heat.heatmaps[:, rows].mean() for rows in (slice(5, 9), slice(9, 14))]
    (green_left, red_left), (green_right, red_right) = shares[1], shares[2]
    assert green_left > 2 * red_left
    assert red_right > 2 * green_right
    best, *_ = recognizer().predict(clip("trams-passing"))
    assert best.probability < 0.4
    assert [step_of("labels", number)[0].right for number in (1, 2, 3)] == [1, 2, 2]


def test_the_test_of_a_heatmap_passes_for_the_rocket_and_not_for_the_record() -> None:
    at = FRACTIONS.index(TOP_FRACTION)
    heights = {}
    for number in (2, 3):
        state, model = state_of("check", number), recognizer()
        shown = clip(state["clip"])
        result = model.check(shown, model.explain(shown, method=state["heatmap"]))
        random = [curves.deletion[at] for curves in result.random]
        heights[number] = result.curves.deletion[at], sum(random) / len(random)
    assert [round(100 * height) for height in heights[2]] == [5, 98]
    assert heights[3][0] >= heights[3][1] - 0.01
    assert [step_of("check", number)[0].right for number in (1, 2, 3)] == [1, 1, 2]


def test_the_arithmetic_lesson_has_its_largest_weight_where_it_says() -> None:
    state = state_of("maths", 1)
    row = time_matrix("maths", 1)[state["frame"] - 1]
    assert right_answer("maths", 1) == f"Frame {int(row.argmax()) + 1}"
    assert 0.5 < float(row.max()) < 0.95  # so that the temperature has something to change
    assert float(row.sum()) == pytest.approx(1)


def test_the_boat_is_warm_the_cat_is_blue_and_nothing_is_warm_without_comparing_frames() -> None:
    shares = {}
    for number in (1, 2, 3):
        state = state_of("moved", number)
        model = load(state["model"])
        heat = model.explain(clip(state["clip"]), method=state["heatmap"])
        shares[number] = heat.moved_share
        if number == 1:
            motion = (heat.heatmaps * heat.moved).sum(0)
            assert motion[5:12, 3:12].sum() > 0.95 * motion.sum()  # the boat and its way
    assert shares[1] > 0.95
    assert [round(100 * (1 - shares[2])), shares[3]] == [98, 0]
    assert [step_of("moved", number)[0].right for number in (1, 2, 3)] == [1, 2, 3]
