"""Heatmap scores are complete, deterministic, and right for known heatmaps."""

import dataclasses
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny import SCHEMES, motion_recognizer, random_pixels, tiny_model

from timesformer.errors import CheckpointError, TimesformerError
from timesformer.evaluation import (
    HeatmapScores,
    evaluate_heatmaps,
    heatmap_scores,
    heatmaps,
    heatmaps_side_by_side,
)
from timesformer.evaluation.heatmap_methods import (
    GRADIENT_METHODS,
    SHARPER_METHODS,
    randomize,
)
from timesformer.evaluation.heatmap_scores import (
    BASELINES,
    CENTRE,
    DIFFERENCE,
    RANDOM,
    TRUTH,
    UNIFORM,
    MethodScores,
    ScoreCollector,
)
from timesformer.evaluation.records import read_record, write_record
from timesformer.explain import METHODS
from timesformer.kernels.prepare import prepare
from timesformer.recognizer import Recognizer
from timesformer.synthetic.motion import LABELS, LEFT, STILL

CLIPS = 6


@pytest.fixture(scope="module", params=SCHEMES)
def scores(request: pytest.FixtureRequest) -> HeatmapScores:
    return measure(request.param)


@cache
def measure(scheme: str, **options: Any) -> HeatmapScores:
    recognizer = motion_recognizer(scheme)
    recognizer.model.classifier.bias.data[LEFT] += 2  # some predictions are then correct
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heatmaps, "LEAF_PICTURES", 2)
        patch.setattr(heatmap_scores, "MIN_RANGE", -1.0)  # a random model ignores the object
        return evaluate_heatmaps(recognizer, name="tiny", clips=CLIPS, seeds=2, **options)


def test_every_method_and_baseline_is_measured(scores: HeatmapScores) -> None:
    expected = {name for name, method in METHODS.items() if scores.scheme in method.schemes}
    slow = {name for name, method in METHODS.items() if method.is_slow}
    rows = {row.method: row for row in scores.scores}
    sharper = [rows.pop(f"{method}, sharper") for method in SHARPER_METHODS]
    assert rows.keys() == expected | {"rollout, norm-aware"} | set(BASELINES)
    assert all(row.clips == 2 and 0 <= row.auroc <= 1 for row in sharper)
    for row in rows.values():
        assert row.clips == (2 if row.method in slow else 2 * CLIPS)
        assert 0 <= row.pointing <= 1
        assert 0 <= row.auroc <= 1
        assert -1 <= row.insertion_deletion <= 1
        assert (row.discrimination is not None) == (row.method in GRADIENT_METHODS)
        assert (row.randomized_all is None) == (row.method in BASELINES)
        assert (row.in_window is None) == (row.method in slow)
    assert scores.clips == 2 * CLIPS
    assert scores.windowed == scores.distractors == scores.perturbed == 2


def test_baselines_have_their_known_scores(scores: HeatmapScores) -> None:
    truth, uniform = scores.of(TRUTH), scores.of(UNIFORM)
    assert (truth.pointing, truth.auroc, truth.precision) == (1, 1, 1)
    assert truth.centroid_error == pytest.approx(0, abs=1e-6)
    assert (truth.faithfulness, scores.of(RANDOM).faithfulness) == (1, 0)
    assert uniform.energy == pytest.approx(1, abs=1e-5)
    assert uniform.auroc == 0.5
    assert uniform.in_window == pytest.approx(1, abs=1e-5)
    assert scores.of(CENTRE).in_window == pytest.approx(1, abs=1e-5)
    assert scores.of(RANDOM).energy == pytest.approx(1, abs=0.1)
    assert scores.of(DIFFERENCE).energy > 1
    assert truth.energy > scores.of(DIFFERENCE).energy


def test_only_methods_for_a_label_depend_on_the_classifier(scores: HeatmapScores) -> None:
    for method in ("rollout", "attention"):
        assert scores.of(method).randomized_classifier == pytest.approx(1)
    assert scores.of("relevance").randomized_classifier < 0.999


def test_scores_are_deterministic() -> None:
    first, second = measure(SCHEMES[2]), measure.__wrapped__(SCHEMES[2])
    assert dataclasses.replace(second, day=first.day) == first


def test_an_interrupted_evaluation_continues(tmp_path: Path) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if stage == "tiny, faithfulness, seed 1 of 2":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure.__wrapped__(SCHEMES[2], run_folder=tmp_path, on_progress=stop)
    assert len(list(tmp_path.iterdir())) == 4
    stages: set[str] = set()
    scores = measure.__wrapped__(
        SCHEMES[2], run_folder=tmp_path, on_progress=lambda stage, *_: stages.add(stage)
    )
    parts = {stage.split(", ")[1] for stage in stages if "seed 1" in stage}
    assert parts == {"faithfulness", "there_or_moved"}
    assert dataclasses.replace(scores, day="") == dataclasses.replace(measure(SCHEMES[2]), day="")
    assert list(tmp_path.iterdir()) == []


def test_scores_are_read_back_unchanged(scores: HeatmapScores, tmp_path: Path) -> None:
    write_record(tmp_path / "scores.json", scores)
    assert read_record(tmp_path / "scores.json", HeatmapScores) == scores


def test_the_table_has_a_row_for_each_method(scores: HeatmapScores) -> None:
    lines = heatmaps_side_by_side([scores, scores]).splitlines()
    assert len(lines) == 2 + 2 * len(scores.scores)
    assert len({line.count("|") for line in lines}) == 1


def test_a_model_without_correct_predictions_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def always_still(_: Recognizer, values: torch.Tensor) -> torch.Tensor:
        return torch.eye(len(LABELS))[STILL].expand(len(values), -1)

    monkeypatch.setattr(Recognizer, "logits", always_still)
    monkeypatch.setattr(heatmaps, "LEAF_PICTURES", 2)
    reports: list[tuple[str, int, int]] = []
    with pytest.raises(TimesformerError):
        evaluate_heatmaps(
            motion_recognizer(),
            name="tiny",
            clips=2,
            seeds=1,
            on_progress=lambda *report: reports.append(report),
        )
    assert reports == [("tiny, localization, seed 1 of 1", 0, 2)]


def test_a_model_with_other_labels_is_refused() -> None:
    other = dataclasses.replace(motion_recognizer(), labels=LABELS[:5])
    with pytest.raises(CheckpointError, match="5 labels"):
        evaluate_heatmaps(other, name="tiny")


def test_faithfulness_needs_predictions_that_depend_on_the_object() -> None:
    collector = ScoreCollector()
    names = ("energy", "chance", "pointing", "auroc", "precision", "centroid_error",
             "centroid_correlation")  # fmt: skip
    for method, area in ((RANDOM, 0.01), (TRUTH, 0.02), ("rollout", 0.0)):
        values = dict.fromkeys(names, 1.0) | {"insertion_deletion": area}
        collector.add(method, **{name: torch.tensor([value]) for name, value in values.items()})
    rows = collector.method_scores()
    assert all(row.faithfulness is None for row in rows)
    assert rows[2].insertion_deletion == 0


def test_a_randomized_model_has_the_same_weights_in_another_order() -> None:
    model = motion_recognizer().model
    randomized, classifier_only = (
        randomize(model, seed=0, only=name) for name in ("", "classifier")
    )
    for name, parameter in model.named_parameters():
        first, second = (m.state_dict()[name] for m in (randomized, classifier_only))
        torch.testing.assert_close(first.flatten().sort().values, parameter.flatten().sort().values)
        assert torch.equal(parameter, second) != name.startswith("classifier")
        if parameter.numel() > 10:
            assert not torch.equal(first, parameter)


def test_a_randomized_model_computes_with_its_own_weights() -> None:
    plain, pixels = tiny_model("divided_space_time"), random_pixels(1, 4, 3, 32, 32)
    before = plain(pixels).logits
    other = randomize(prepare(plain), seed=0)
    plain.load_state_dict(other.state_dict())
    torch.testing.assert_close(other(pixels).logits, plain(pixels).logits, atol=1e-5, rtol=0)
    assert (other(pixels).logits - before).abs().max() > 0.01


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({}, []),
        ({"randomized_all": 0.6}, ["randomized"]),
        ({"energy": 0.9}, ["random", "difference"]),
        ({"faithfulness": -0.1}, ["random"]),
        ({"energy": 1.5}, ["difference"]),
    ],
)
def test_failed_tests_are_warnings(changes: dict[str, float], keys: list[str]) -> None:
    plain = {"clips": 1, "pointing": 1.0, "auroc": 1.0, "precision": 1.0, "centroid_error": 0.0,
             "centroid_correlation": 1.0}  # fmt: skip
    good = {"energy": 3.0, "faithfulness": 0.8, "randomized_all": 0.2}
    rows = (
        MethodScores("rollout", **(good | plain | changes)),
        MethodScores(RANDOM, energy=1.0, **plain),
        MethodScores(DIFFERENCE, energy=2.0, **plain),
    )
    scores = HeatmapScores("tiny", SCHEMES[0], 1, 1, 1, 1, 1, rows, "machine", "day")
    assert scores.warnings("rollout") == keys
    assert scores.warnings("gradcam") == []
