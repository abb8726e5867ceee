"""The results of experiments as HTML: words and numbers are those of the result, and escaped."""

import base64
import dataclasses
import json
import re
from collections.abc import Iterator
from html import unescape

import numpy as np
import pytest
from markup import text_of
from tiny import SCHEMES, random_clip
from visitors import request_of

from timesformer import Explanation, Prediction
from timesformer.errors import TimesformerError
from timesformer.experiments import ExperimentResult, TimedPrediction
from timesformer.explain import Options
from timesformer.explain.fewest import FewestPatches, PatchOrder
from timesformer.i18n import probability_text, section, t
from timesformer.paths import ASSETS_FOLDER
from timesformer.preprocess import Box
from timesformer.ui import experiment_runner, handlers
from timesformer.ui.experiment_runner import Subject, masked_patches
from timesformer.ui.model_cache import recognizer_named
from timesformer.ui.outputs import NO_STATUS
from timesformer.ui.request import AnalysisRequest
from timesformer.ui.sections.experiment_text import (
    change_text,
    dots_text,
    meanings,
    points_between,
)
from timesformer.ui.sections.experiments import change_html, comparison_html, experiments_html

VIDEO = str(ASSETS_FOLDER / "clips" / "ball-rolling-left.mp4")
LABELS = ("moving left", "moving right", "shaking", "<b>a & b</b>")


def predictions(*probabilities: float) -> tuple[Prediction, ...]:
    unsorted = [Prediction(LABELS[i], p, i) for i, p in enumerate(probabilities)]
    return tuple(sorted(unsorted, key=lambda prediction: -prediction.probability))


LEFT, RIGHT = predictions(0.94, 0.03, 0.02, 0.01), predictions(0.03, 0.9, 0.06, 0.01)
SHAKES, ODD = predictions(0.1, 0.1, 0.8, 0.0), predictions(0.1, 0.1, 0.2, 0.6)
ALL = {
    "reverse": ExperimentResult("reverse", 0, LEFT, (RIGHT,), orders=((3, 2, 1, 0),)),
    "shuffle": ExperimentResult(
        "shuffle", 0, LEFT, (SHAKES, LEFT), orders=((1, 0, 3, 2), (2, 0, 1, 3))
    ),
    "freeze": ExperimentResult("freeze", 0, LEFT, (RIGHT, LEFT, SHAKES, ODD)),
    "mask": ExperimentResult("mask", 0, LEFT, (ODD,), masked_share=0.25),
    "hottest": ExperimentResult("hottest", 1, LEFT, (RIGHT, LEFT, SHAKES), masked_share=0.1),
}


def html_of(result: ExperimentResult, scheme: str = SCHEMES[0]) -> str:
    clip = random_clip()
    box = Box(8, 0, 48, 48)
    return change_html(result, clip=clip, box=box, scheme=scheme, model="<i>mine</i>")


@pytest.mark.parametrize("name", ALL)
def test_a_result_is_hidden_behind_a_question(name: str) -> None:
    html = html_of(ALL[name])
    words = text_of(html)
    assert t(f"experiments.questions.{name}") in words
    assert t("experiments.model", model="<i>mine</i>") in words
    assert "<i>mine" not in html
    question, _ = html.split("<summary>", 1)
    assert not re.search(r"<b>[\d.]+%", question)  # the answer is all behind the summary
    assert re.search(r"<details class=\"reveal\">$", question)
    for sentence in meanings(ALL[name], scheme=SCHEMES[0]):
        assert sentence in text_of(html)


@pytest.mark.parametrize("name", ["reverse", "shuffle", "mask", "hottest"])
def test_before_and_after_are_side_by_side_with_the_change(name: str) -> None:
    result = ALL[name]
    html = html_of(result)
    bars = html.split('<ol class="bars">')[1:]
    for column, column_html in zip((result.before, result.after[0]), bars, strict=False):
        expected = [probability_text(prediction.probability) for prediction in column[:3]]
        texts = [unescape(text) for text in re.findall(r"<b>(.+?)</b></li>", column_html)]
        assert texts[:3] == expected
    assert change_text(result.label, result.probability, result.probabilities[0]) in text_of(html)
    assert html.count("before-after") == 1


def test_the_fewest_patches_have_a_slider_over_all_numbers_tried() -> None:
    ranks = np.arange(4 * 6 * 6).reshape(4, 6, 6)
    orders = [PatchOrder(ranks, {1: 0.2, 9: 0.9, 144: 0.94}, count) for count in (9, 144)]
    result = dataclasses.replace(ALL["hottest"], name="fewest", fewest=FewestPatches(*orders))
    html = html_of(result)
    steps = json.loads(unescape(re.search(r'data-steps="([^"]+)"', html)[1]))
    assert [step["count"] for step in steps] == [1, 9, 144]
    assert t("experiments.fewest_step", count=9, total=144, probability="90%", random="90%") in (
        step["text"] for step in steps
    )
    assert 'max="2" value="1"' in html
    sent = np.frombuffer(base64.b64decode(re.search(r'data-ranks="([^"]+)"', html)[1]), "<u4")
    np.testing.assert_array_equal(sent, ranks.ravel())
    assert html.count("<img") == 4
    enough = {"label": LABELS[1], "count": 9, "total": 144, "random": 144, "share": 0.9}
    assert t("experiments.fewest_enough", **enough) in text_of(html)


def test_labels_are_escaped() -> None:
    html = html_of(ALL["mask"])
    assert "<b>a" not in html
    assert "&lt;b&gt;a &amp; b&lt;/b&gt;" in html


def test_a_change_is_in_points_between_rounded_percentages() -> None:
    changes = ((0.944, 0.033), (0.1, 0.114), (0.101, 0.104))
    assert [points_between(*change) for change in changes] == [-91, 1, 0]
    for before, after in changes:
        words = change_text("a", before, after)
        texts = {probability_text(before), probability_text(after)}
        assert texts == set(re.findall(r"[<>]?\d+%", words))


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (LEFT, RIGHT, "followed"),
        (LEFT, LEFT, "unfollowed"),
        (LEFT, SHAKES, "changed"),
        (SHAKES, SHAKES, "symmetric"),
        (SHAKES, LEFT, "changed"),
        (ODD, ODD, "ignored"),
        (ODD, LEFT, "changed"),
    ],
)
def test_reverse_has_a_meaning_for_every_outcome(before: tuple, after: tuple, outcome: str) -> None:
    result = ExperimentResult("reverse", before[0].index, before, (after,))
    first, then = before[0].label, after[0].label
    values = {"first": first, "then": then, "mirrored": "moving right"}
    assert meanings(result, scheme=SCHEMES[0]) == [t(f"experiments.reverse_{outcome}", **values)]


@pytest.mark.parametrize(
    ("after", "outcome", "same"),
    [((LEFT, LEFT), "all", 2), ((RIGHT, SHAKES), "none", 0), ((LEFT, SHAKES), "some", 1)],
)
def test_shuffle_has_a_meaning_for_every_outcome(after: tuple, outcome: str, same: int) -> None:
    result = ExperimentResult("shuffle", 0, LEFT, after)
    low, high = (probability_text(end(result.probabilities)) for end in (min, max))
    values = {"same": same, "count": 2, "label": "moving left", "low": low, "high": high}
    assert meanings(result, scheme=SCHEMES[0]) == [t(f"experiments.shuffle_{outcome}", **values)]


def test_without_time_attention_no_order_matters() -> None:
    for name in ("reverse", "shuffle"):
        assert meanings(ALL[name], scheme="space_only") == [t("experiments.no_order")]


@pytest.mark.parametrize(
    ("after", "outcome", "frames"),
    [
        ((LEFT,), "all", "1"),
        ((RIGHT, SHAKES), "none", ""),
        ((LEFT, LEFT), "all", "1, 2"),
        ((RIGHT, LEFT), "one", "2"),
        ((RIGHT, LEFT, LEFT), "some", "2, 3"),
    ],
)
def test_freeze_has_a_meaning_for_every_outcome(after: tuple, outcome: str, frames: str) -> None:
    result, count = ExperimentResult("freeze", 0, LEFT, after), len(frames.split())
    values = {"count": count, "T": len(after), "label": "moving left", "frames": frames}
    assert meanings(result, scheme=SCHEMES[0]) == [t(f"experiments.freeze_{outcome}", **values)]


def test_mask_has_a_meaning_for_every_outcome() -> None:
    same, other = (
        ExperimentResult("mask", 0, LEFT, (after,), masked_share=0.004) for after in (LEFT, RIGHT)
    )
    part, flicker = t("experiments.under_one_percent"), t("experiments.flicker")
    for result, outcome, then in (same, "same", "moving left"), (other, "changed", "moving right"):
        sentence = t(f"experiments.{outcome}.mask", part=part, then=then)
        assert meanings(result, scheme="") == [sentence, flicker]


@pytest.mark.parametrize(
    ("hot", "points", "outcome"), [(0.1, -84, "more"), (0.8, -14, "same"), (0.93, -1, "less")]
)
def test_hottest_has_a_meaning_for_every_outcome(hot: float, points: int, outcome: str) -> None:
    afters = (predictions(hot, 0.0, 0.0), predictions(0.9, 0.0, 0.0), predictions(0.7, 0.0, 0.0))
    first, flicker = meanings(ExperimentResult("hottest", 0, LEFT, afters), scheme="")
    assert first == t(f"experiments.hottest_{outcome}", hottest=points, low=-24, high=-4)
    assert flicker == t("experiments.flicker")


def test_dots_and_numbers_are_the_probabilities() -> None:
    result = ALL["shuffle"]
    html = html_of(result)
    places = [float(place) for place in re.findall(r"<i style=\"--at:([\d.]+)", html)]
    assert places == list(result.probabilities)
    assert f'<u style="--at:{result.probability:.4f}"' in html
    assert dots_text(result.label, result.probability, result.probabilities) in html
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', html)
    assert rows == [
        (t("experiments.unchanged"), "moving left", "94.0%"),
        ("2 1 4 3", "shaking", "10.0%"),
        ("3 1 2 4", "moving left", "94.0%"),
    ]


def test_the_best_of_the_frozen_frames_is_shown_first() -> None:
    html = html_of(ALL["freeze"])
    panels = re.findall(r'<div data-frame="(\d)" data-description="(.*?)"( hidden)?>', html)
    assert [number for number, *_ in panels] == ["1", "2", "3", "4"]
    assert [number for number, _, hidden in panels if not hidden] == ["2"]
    assert panels[2][1] == t(
        "experiments.frame_words", number=3, label="shaking", probability="80%"
    )
    assert 'max="4" value="2"' in html
    assert [float(p) for p in re.findall(r'<i style="--share:([\d.]+)"></i><img', html)] == [
        *ALL["freeze"].probabilities
    ]


def runs() -> dict[str, TimedPrediction]:
    return {
        "divided": TimedPrediction(SCHEMES[0], 8, 196, LEFT, 0.2),
        "joint": TimedPrediction(SCHEMES[1], 8, 196, RIGHT, 0.4),
        "space-only": TimedPrediction(SCHEMES[2], 8, 196, ODD, 0.1),
    }


def test_comparisons_have_their_costs_side_by_side() -> None:
    T = 5
    heatmaps = np.random.default_rng(0).random((T, 4, 4)).astype(np.float32)
    explained = (
        random_clip(T=T),
        Explanation(heatmaps, Box(8, 0, 48, 48), LEFT, Options("rollout"), "CPU, float32"),
    )
    html = comparison_html(
        "schemes", "three", runs(), notes=["So it is."], explained=[explained] * 3
    )
    words = text_of(html)
    for number in ("204", "1,568", "196", "319,872", "2,458,624", "307,328", "0.20 s", "0.40 s"):
        assert f"<b>{number}</b>" in html
    shares = [float(share) for share in re.findall(r'class="cost" style="--share:([\d.]+)"', html)]
    assert shares[:3] == pytest.approx([204 / 1568, 1, 196 / 1568], abs=1e-4)
    assert shares[-3:] == [0.5, 1, 0.25]
    for head, run in runs().items():
        label = run.predictions[0].label
        assert t("experiments.differ_item", model=head, label=label) in words
    assert "So it is." in words
    assert html.count('<img src="data:image/jpeg') == 3
    alike = {"4 frames": runs()["divided"], "8 frames": runs()["divided"]}
    assert t("experiments.all_agree", label="moving left") in text_of(
        comparison_html("frames", "motion", alike, notes=[])
    )


def test_every_experiment_has_its_texts() -> None:
    assert set(BUTTONS) == set(section("experiments")["questions"])
    assert t("experiments.heading") in text_of(experiments_html())


BUTTONS = section("experiments")["buttons"]


REQUEST = AnalysisRequest(VIDEO, "motion", "rollout")


def subject(mask: object) -> Subject:
    recognizer = recognizer_named("motion")
    return Subject(REQUEST, "motion", recognizer, random_clip(T=8), mask=mask)


def test_masked_patches_are_counted_from_1() -> None:
    assert masked_patches(subject([[1, 1, 1], [8, 14, 3]])) == [(0, 0, 0), (7, 13, 2)]


@pytest.mark.parametrize("mask", [None, []])
def test_an_empty_mask_is_refused(mask: object) -> None:
    with pytest.raises(TimesformerError) as raised:
        masked_patches(subject(mask))
    assert raised.value.message.key == "errors.experiment.nothing_masked"


@pytest.mark.parametrize(
    "mask",
    [[[9, 1, 1]], [[1, 15, 1]], [[0, 1, 1]], [[1, 1]], "{", [1], 7, {"a": 1}, [["a", 1, 1]],
     [[float("inf"), 1, 1]], [[float("nan"), 1, 1]], [[None, 1, 1]], [[10**400, 1, 1]]],
)  # fmt: skip
def test_a_mask_that_the_page_does_not_send_is_refused(mask: object) -> None:
    with pytest.raises(TimesformerError) as raised:
        masked_patches(subject(mask))
    assert raised.value.message.key == "errors.experiment.masked_elsewhere"


@pytest.mark.parametrize("experiment", BUTTONS)
def test_every_experiment_runs_in_stages(experiment: str) -> None:
    request = request_of(VIDEO, method="rollout", mask=[[1, 7, 7], [2, 7, 7]])
    steps = list(handlers.run_experiment(request | {"experiment": experiment}))
    for status, html in steps[:-1]:
        assert status in html  # the status also stands in the place of the result
        assert 'aria-hidden="true"' in html
    assert t("status.loading") in steps[0][0]
    assert t("status.reading") in steps[1][0]
    assert steps[-1][0] == NO_STATUS
    assert f'data-experiment="{experiment}"' in steps[-1][1]
    text_of(steps[-1][1])


def test_an_error_is_shown_in_both_places() -> None:
    *_, (status, html) = handlers.run_experiment(request_of(VIDEO, mask=[], experiment="mask"))
    assert t("errors.experiment.nothing_masked") in status
    assert 'role="alert"' in status
    assert t("errors.experiment.nothing_masked") in html
    (only,) = handlers.run_experiment(request_of(None, experiment="reverse"))
    assert t("errors.page.no_clip") in only[0]
    *_, (status, _) = handlers.run_experiment(request_of(VIDEO, experiment="explode"))
    assert t("errors.request.malformed") in status


def test_a_model_outside_the_three_schemes_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "facebook/timesformer-base-finetuned-k400"

    def load_model(request: AnalysisRequest) -> Iterator[object]:
        yield from ()
        return name, recognizer_named("motion")

    monkeypatch.setattr(experiment_runner, "load_model", load_model)
    found = []

    def run() -> Iterator[object]:
        request = dataclasses.replace(REQUEST, choice=name)
        found.append((yield from experiment_runner.run("schemes", "", request)))

    assert len(list(run())) >= 1
    assert t("experiments.other_model", model=name) in text_of(found[0])
