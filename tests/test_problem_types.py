"""`problem_type` decides what is shown of logits, everywhere."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from tiny import PREPROCESS, random_clip, tiny_config, tiny_model
from transformers.pipelines.text_classification import sigmoid, softmax

from timesformer import Clip, Recognizer, load, save_checkpoint
from timesformer.experiments import EXPERIMENTS, time_prediction
from timesformer.explain import METHODS
from timesformer.explain.types import as_numbers
from timesformer.i18n import LANGUAGES, Value, t, use_language
from timesformer.models.outputs import probabilities_of
from timesformer.ui.analysis import Analysis
from timesformer.ui.answer import answer_data, make_answer
from timesformer.ui.request import AnalysisRequest
from timesformer.ui.sections.experiments import change_html
from timesformer.visualize import export
from timesformer.visualize.captions import check_text
from timesformer.visualize.strip import check_html

MULTI = "multi_label_classification"
LABELS = ("person", "dog", "car", "tree", "boat")


def recognizer_of(folder: Path, logits: list[float], problem_type: str | None) -> Recognizer:
    """Return a recognizer with these logits for the mean clip, and about these for another."""
    labels = dict(enumerate(LABELS[: len(logits)]))
    model = tiny_model(id2label=labels, problem_type=problem_type)
    with torch.no_grad():
        model.classifier.weight *= 0.01
        model.classifier.bias[:] = torch.tensor(logits)
    save_checkpoint(model, PREPROCESS, folder)
    return load(folder, device="cpu", dtype="float32")


@pytest.mark.parametrize("K", [1, 3])
@pytest.mark.parametrize("problem_type", [None, "single_label_classification", MULTI, "regression"])
def test_numbers_are_those_of_the_pipelines_of_transformers(
    problem_type: str | None, K: int
) -> None:
    logits = torch.linspace(-3, 2, K)
    config = tiny_config(id2label=dict(enumerate(LABELS[:K])), problem_type=problem_type)
    theirs = transformers.TextClassificationPipeline.postprocess(
        StandIn(config), {"logits": logits[None]}, top_k=None, _legacy=False
    )
    expected = {entry["label"]: entry["score"] for entry in theirs}
    ours = probabilities_of(logits, config).tolist()
    assert dict(zip(LABELS, ours, strict=False)) == pytest.approx(expected, abs=1e-6)


class StandIn:
    """A pipeline with a config alone."""

    def __init__(self, config: object) -> None:
        self.model = type("Model", (), {"config": config})


def test_half_precision_is_computed_in_float32() -> None:
    logits = torch.randn(2, 5)
    config = tiny_config()
    assert probabilities_of(logits.bfloat16(), config).dtype == torch.float32
    ours = probabilities_of(logits, config)[0].numpy()
    np.testing.assert_allclose(ours, softmax(logits[0].numpy()), atol=1e-6)
    several = probabilities_of(logits, tiny_config(problem_type=MULTI))[0].numpy()
    np.testing.assert_allclose(several, sigmoid(logits[0].numpy()), atol=1e-6)


KINDS = {
    "several": ([3.0, 2.0, -4.0], MULTI),
    "nothing": ([-4.0, -4.0, -4.0], MULTI),
    "one logit": ([-3.0], None),
    "value": ([4.2], "regression"),
    "values": ([-7.0, 120.0], "regression"),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Recognizer, list[float]]:
    logits, problem_type = KINDS[request.param]
    recognizer = recognizer_of(tmp_path, logits, problem_type)
    values = recognizer.logits(recognizer.preprocess(random_clip()).pixel_values)[0]
    assert values == pytest.approx(torch.tensor(logits), abs=0.3)
    return recognizer, as_numbers(
        probabilities_of(values, recognizer.model.config), recognizer.model.config
    )


def test_every_answer_shows_the_same_numbers(kind: tuple[Recognizer, list[float]]) -> None:
    recognizer, expected = kind
    clip = random_clip()
    explanations = [recognizer.explain(clip, method=method) for method in METHODS]
    answers = [tuple(recognizer.predict(clip)), *(e.predictions for e in explanations)]
    answers.append(time_prediction(recognizer, clip).predictions)
    answers.append(EXPERIMENTS["reverse"].change(recognizer, clip).before)
    for predictions in answers:
        numbers = [prediction.probability for prediction in predictions]
        assert numbers == sorted(numbers, reverse=True)
        by_class = {p.index: p.probability for p in predictions}
        assert by_class == pytest.approx(dict(enumerate(expected)), abs=1e-4)
    check = recognizer.check(clip, explanations[0])
    assert check.curves.deletion[0] == pytest.approx(max(expected), abs=1e-4)
    arrays = export.arrays_of(recognizer, clip, explanations[0])
    np.testing.assert_allclose(arrays["probabilities"], expected, atol=1e-4)
    record = export.record_of(recognizer, clip, explanations[0], model="mine")
    written = json.loads(json.dumps(record))["predictions"]
    assert written[0]["probability"] == pytest.approx(max(expected), abs=1e-4)


def answer_of(recognizer: Recognizer, clip: Clip) -> dict[str, Any]:
    """Return the answer of the page."""
    analysis = Analysis("mine", recognizer, clip, recognizer.explain(clip))
    request = AnalysisRequest(None, "mine", "rollout")
    return answer_data(make_answer(request, analysis, 0.1), request)


def test_values_are_written_as_numbers_and_bars_are_for_probabilities() -> None:
    value = Value(4.25)
    assert f"{value:.0%} {value:7.1%} {value:+d} {value:.1f}" == "4.25    4.25 +4.25 4.2"
    assert t("report.label", label="score", probability=value) == "score: 4.25"
    assert json.dumps({"probability": value}) == '{"probability": 4.25}'


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_value_is_nowhere_called_a_probability(code: str, tmp_path: Path) -> None:
    recognizer, clip = recognizer_of(tmp_path, [4.2], "regression"), random_clip()
    explanation = recognizer.explain(clip)
    explained = {name: {"explanation": explanation} for name in ("hottest", "fewest")}
    inputs = {"mask": {"patches": [(0, 1, 1)]}, **explained}
    with use_language(code):
        texts = [
            change_html(
                EXPERIMENTS[name].change(recognizer, clip, **inputs.get(name, {})),
                clip=clip, box=explanation.box, scheme="divided_space_time", model="mine",
            )
            for name in ("reverse", "shuffle", *inputs)
        ]  # fmt: skip
        check = recognizer.check(clip, explanation)
        texts += [check_text(explanation, check), check_html(explanation, check)]
        shown = answer_of(recognizer, clip)
        texts += [shown["verdict"], *(heat["numbers"] for heat in shown["heatmaps"]), shown["sure"]]
        words = [t("check.probability"), "--at:", t("answer.sure", percent="").strip()]
        percent = LANGUAGES[code].numbers.format_field(4.2, ".0%")
        number = LANGUAGES[code].numbers.format_field(
            Value(explanation.predictions[0].probability), ".0%"
        )
    for text in texts:
        assert not any(word in text.lower() for word in words)
        assert percent not in text
    assert number in texts[0] + texts[-1]
    assert export.contact_sheet(clip, explanation, footer="mine")


def test_several_labels_have_a_bar_each(tmp_path: Path) -> None:
    recognizer, clip = recognizer_of(tmp_path, [3.0, 2.0, -4.0], MULTI), random_clip()
    bars = {bar["label"]: bar["share"] for bar in answer_of(recognizer, clip)["predictions"]}
    assert bars == {p.label: p.probability for p in recognizer.predict(clip)}
    assert sum(bars.values()) > 1.5
