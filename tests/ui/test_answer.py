"""The answer as data: its heat is the heatmap, its words are those of the language."""

import base64
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import motion_recognizer, random_clip
from visitors import request_of

from timesformer import Clip, Explanation, Prediction, read_clip
from timesformer.explain import METHODS, Options
from timesformer.i18n import (
    LANGUAGES,
    Value,
    format_number,
    label_text,
    probability_text,
    t,
    use_language,
)
from timesformer.preprocess import Box
from timesformer.ui import handlers, inference, model_cache, work
from timesformer.ui.analysis import Analysis
from timesformer.ui.answer import Answer, answer_data, make_answer
from timesformer.ui.answer_cache import AnswerCache
from timesformer.ui.outputs import SKIP
from timesformer.ui.request import AnalysisRequest
from timesformer.ui.server.examples import EXAMPLES
from timesformer.visualize import overlay
from timesformer.visualize.captions import TOP_K, curve_text, heatmap_name, short_heatmap_text

BOAT = str(EXAMPLES["boat-sailing-right"])
LABELS = ("moving left", "moving right", "shaking")
REQUEST = AnalysisRequest("clip.mp4", "motion", "rollout")
MAX_BYTES = 400_000
WHOLE = Box(0, 0, 64, 48)
QUICK = [name for name, method in METHODS.items() if method.on_page and not method.is_slow]


def explanation_of(
    heatmaps: np.ndarray, *, method: str = "rollout", probabilities: tuple[float, ...] = (0.9, 0.1),
    box: Box = WHOLE, target: tuple[int, ...] = (),
) -> Explanation:  # fmt: skip
    predictions = tuple(
        Prediction(label, probability, index)
        for index, (label, probability) in enumerate(zip(LABELS, probabilities, strict=False))
    )
    options = Options(method)
    return Explanation(heatmaps.astype(np.float32), box, predictions, options, "CPU", target)


def answer_to(
    explanation: Explanation, clip: Clip | None = None, *, name: str = "motion"
) -> Answer:
    clip = clip or random_clip(len(explanation.heatmaps))
    return make_answer(REQUEST, Analysis(name, motion_recognizer(), clip, explanation), 0.1)


def data_of(
    explanation: Explanation, clip: Clip | None = None, *, name: str = "motion"
) -> dict[str, Any]:
    return answer_data(answer_to(explanation, clip, name=name), REQUEST)


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def uniform(T: int = 4) -> np.ndarray:
    return np.ones((T, 6, 6))


def decoded(heat: dict[str, Any], T: int, top: float) -> np.ndarray:
    """Return the heatmap as assets/web/js/pane.js reads it."""
    values = np.frombuffer(base64.b64decode(heat["values"]), np.uint8)
    return (values.reshape(T, *heat["grid"]) / 255.0) ** 2 * top


def assert_same_heat(heat: dict[str, Any], heatmaps: np.ndarray) -> None:
    """Compare square roots of shares of the brightest colour: a step of 8 bits is even in them."""
    top = overlay.scale_top(heatmaps)
    shown = decoded(heat, len(heatmaps), top)
    error = np.sqrt(shown / top) - np.sqrt((heatmaps / top).clip(0, 1))
    assert np.abs(error).max() <= 0.5 / 255 + 1e-6
    assert heat["top"] == format_number(top, ".1f")
    np.testing.assert_allclose(heat["shares"], heatmaps.mean((1, 2)), atol=0.0006)


@pytest.mark.parametrize("method", METHODS)
def test_heat_decodes_to_the_heatmap_of_every_method(method: str) -> None:
    recognizer, clip = motion_recognizer(), random_clip(8)
    explanation = recognizer.explain(clip, method=method)
    answer = make_answer(REQUEST, Analysis("motion", recognizer, clip, explanation), 0.1)
    (heat,) = answer_data(answer, dataclasses.replace(REQUEST, method=method))["heatmaps"]
    assert_same_heat(heat, explanation.heatmaps)
    assert heat["name"] == capitalized(heatmap_name(explanation))
    assert heat["text"] == short_heatmap_text(explanation)
    assert heat["curve"] == curve_text(explanation.frame_shares.tolist(), clip.times.tolist())


@pytest.mark.parametrize(
    "heatmaps",
    [np.zeros((2, 3, 3)), np.ones((1, 1, 1)), np.eye(4)[None] * 4, uniform(96),
     np.random.default_rng(0).exponential(size=(8, 14, 14)), np.full((2, 2, 5), 1e-9)],
    ids=["zeros", "one patch", "a line", "uniform", "few hot", "tiny"],
)  # fmt: skip
def test_every_heatmap_can_be_sent(heatmaps: np.ndarray) -> None:
    (heat,) = data_of(explanation_of(heatmaps))["heatmaps"]
    assert_same_heat(heat, heatmaps)
    assert json.loads(json.dumps(heat)) == {**heat, "grid": list(heat["grid"])}


@pytest.mark.parametrize(
    ("probability", "is_unsure"), [(0.05, True), (0.399, True), (0.4, False), (0.99, False)]
)
def test_an_answer_below_forty_percent_is_a_guess(probability: float, is_unsure: bool) -> None:
    data = data_of(explanation_of(uniform(), probabilities=(probability, 0.01)))
    label = label_text(LABELS[0])
    guess = t("answer.unsure", label=label)
    assert data["isUnsure"] is is_unsure
    assert data["verdict"] == (guess if is_unsure else label.capitalize())
    percent = probability_text(probability)
    assert data["sure"] == (percent if is_unsure else t("answer.sure", percent=percent))


def test_a_value_is_never_unsure() -> None:
    data = data_of(explanation_of(uniform(), probabilities=(Value(0.2),)))
    assert not data["isUnsure"]
    assert data["sure"] == probability_text(Value(0.2))
    assert [bar["share"] for bar in data["predictions"]] == [0]


def test_the_predictions_shown_are_the_most_probable_and_all_labels_are_choices() -> None:
    recognizer, clip = motion_recognizer(), random_clip(8)
    explanation = recognizer.explain(clip)
    data = data_of(explanation, clip)
    assert [bar["label"] for bar in data["predictions"]] == [
        prediction.label for prediction in explanation.predictions[:TOP_K]
    ]
    assert {label for label, _ in data["labels"]} == set(recognizer.labels)
    texts = [text for _, text in data["labels"]]
    assert texts == sorted(texts)


@pytest.mark.parametrize(
    ("shape", "box", "shares"),
    [
        ((48, 64), Box(8, 0, 48, 48), (0.125, 0, 0.75, 1)),
        ((64, 48), Box(0, 8, 48, 48), (0, 0.125, 1, 0.75)),
        ((48, 48), Box(0, 0, 48, 48), (0, 0, 1, 1)),
        ((480, 640), Box(80, 0, 480, 480), (0.125, 0, 0.75, 1)),
    ],
)
def test_the_crop_is_in_shares_of_the_frame(
    shape: tuple[int, int], box: Box, shares: tuple[float, ...]
) -> None:
    """Whatever the size of the pictures that are sent."""
    clip = random_clip(2, *shape)
    data = data_of(explanation_of(uniform(2), box=box), clip)
    assert tuple(data["box"]) == shares
    assert data["size"] == shape[::-1]


def test_a_part_of_a_longer_video_is_described() -> None:
    clip = random_clip(4)
    for duration, is_part in ((clip.duration, False), (0.6, False), (0.8, True), (60.0, True)):
        part = data_of(explanation_of(uniform()), dataclasses.replace(clip, duration=duration))[
            "part"
        ]
        first, last = clip.times[0], clip.times[-1]
        expected = t("answer.part", first=first, last=last, duration=duration) if is_part else ""
        assert part == expected


def test_models_without_a_measurement_have_a_caveat() -> None:
    for name in ("facebook/timesformer-base-finetuned-k400", "/srv/motion"):
        (heat,) = data_of(explanation_of(uniform()), name=name)["heatmaps"]
        caveats = (
            t("methods.rollout.use"), t("methods.rollout.caveat"), t("warnings.not_measured")
        )  # fmt: skip
        assert heat["caveats"] == " ".join(caveats)


def test_measured_faults_of_a_method_are_caveats() -> None:
    (faulty,) = data_of(explanation_of(uniform(), method="time-attention"))["heatmaps"]
    assert t("methods.time-attention.caveat") in faulty["caveats"]
    assert t("warnings.difference") in faulty["caveats"]
    (sound,) = data_of(explanation_of(uniform(), method="attention"))["heatmaps"]
    assert sound["caveats"] == " ".join(
        t(f"methods.attention.{part}") for part in ("use", "caveat")
    )


@pytest.mark.parametrize(("num_frames", "grid"), [(8, 14), (16, 28), (96, 14)])
def test_answers_with_many_frames_stay_small(num_frames: int, grid: int) -> None:
    """The pictures are those of an example, as large as a camera's."""
    frames = read_clip(BOAT, num_frames=8, sampling_rate=1).frames
    frames = np.resize(frames, (num_frames, *frames.shape[1:])).repeat(2, 1).repeat(2, 2)
    H, W = frames.shape[1:3]
    clip = Clip(frames, np.arange(num_frames) / 30, num_frames / 30)
    heatmaps = np.random.default_rng(0).exponential(size=(num_frames, grid, grid))
    data = data_of(explanation_of(heatmaps, box=Box(0, 0, W, H)), clip)
    assert len(data["frames"]) == num_frames
    assert len(json.dumps(data)) < MAX_BYTES


def test_heatmaps_of_other_labels_come_only_when_they_are_asked_for() -> None:
    """Visitors can ask for hundreds."""
    answer = answer_to(explanation_of(uniform(), probabilities=(0.9, 0.1)))
    targets = [(0,), (1,), (0, 1)]
    for target in targets:
        answer = answer.with_heatmap(explanation_of(uniform(), method="gradsam", target=target))
    assert keys(answer_data(answer, REQUEST)) == [
        "rollout",
        *(f"gradsam|{LABELS[i]}" for i in (0, 1)),
    ]
    left, right = LABELS[:2]
    asked = dataclasses.replace(REQUEST, method="gradsam", label=left, contrast=right)
    data = answer_data(answer, asked)
    assert data["shown"] == keys(data)[-1] == f"gradsam|{left}|{right}"


def keys(data: dict[str, Any]) -> list[str]:
    return [heat["key"] for heat in data["heatmaps"]]


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> AnswerCache:
    """An empty cache of answers."""
    empty = AnswerCache()
    for module in (handlers, work):
        monkeypatch.setattr(module, "ANSWER_CACHE", empty)
    return empty


def answers(steps: Iterator[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [answer for _, answer in steps if answer != SKIP]


@pytest.mark.parametrize("model", ["motion", "motion-space"])
def test_a_visitor_s_clip_also_gets_the_heatmaps_by_the_main_methods(
    model: str, tmp_path: Path
) -> None:
    own = tmp_path / "own.mp4"
    content = Path(BOAT).read_bytes()
    own.write_bytes(content + b"\0" * 8)  # no longer an example
    first, *_, last = answers(handlers.answer(request_of(own, model)))
    best = last["predictions"][0]["label"]
    assert set(keys(last)) == {"attention", f"libra-pointed|{best}", "rollout"}
    assert first["frames"] == last["frames"]


def test_an_answer_that_the_page_knows_comes_as_heatmaps_only(
    cache: AnswerCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_of(BOAT, "motion", "attention")
    (first, *_) = answers(handlers.answer(request))
    known = request | {"known": first["id"], "method": "rollout"}
    for steps in (handlers.answer(known), iter([handlers.recall(known)[1:]])):
        (answer,) = answers(steps)
        assert answer.keys() == {"id", "heatmaps", "shown"}
        assert answer["id"] == first["id"]
        assert answer["shown"] == "rollout"
        assert "rollout" in keys(answer)
    other = known | {"known": "another answer"}
    assert handlers.recall(other)[2]["frames"] == first["frames"]


def test_answers_have_the_same_name_only_for_the_same_clip_model_and_start() -> None:
    first = answer_to(explanation_of(uniform())).id
    others = [
        make_answer(
            dataclasses.replace(REQUEST, **change),
            Analysis("motion", motion_recognizer(), random_clip(4), explanation_of(uniform())), 0.1,
        ).id
        for change in (
            {"path": "b.mp4"}, {"choice": "motion-joint"}, {"start": 0.5}, {"method": "attention"},
            {"label": "shaking"}, {"smooth": False},
        )
    ]  # fmt: skip
    assert [other == first for other in others] == [False] * 3 + [True] * 3
    assert len({first, *others}) == 4


def test_a_cached_answer_in_another_language_computes_nothing(
    cache: AnswerCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer of an example has the heatmaps of all quick methods."""
    request = request_of(BOAT, "motion", "attention")
    *_, english = answers(handlers.answer(request))
    assert {key.split("|")[0] for key in keys(english)} == set(QUICK)

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("it was computed again")

    for module, name in ((inference, "explain"), (model_cache, "load"), (work, "analyze")):
        monkeypatch.setattr(module, name, refuse)
    for code in LANGUAGES:
        with use_language(code):
            needs_model, _, answer = handlers.recall(request)
            assert not needs_model
            best, *_ = english["predictions"]
            label = label_text(best["label"])
            assert answer["predictions"][0]["text"] == label
            assert answer["verdict"] == label[:1].upper() + label[1:]
            assert answer["sure"] == t("answer.sure", percent=probability_text(best["share"]))
            heat = next(heat for heat in answer["heatmaps"] if heat["key"] == "attention")
            assert heat["name"] == capitalized(t("methods.attention.name"))
            assert heat["caveats"].startswith(t("methods.attention.use"))
            assert heat["top"] == format_number(float(english_heat(english)["top"]), ".1f")
            assert heat["values"] == english_heat(english)["values"]
            assert answer["frames"] == english["frames"]


def english_heat(answer: dict[str, Any]) -> dict[str, Any]:
    return next(heat for heat in answer["heatmaps"] if heat["key"] == "attention")
