"""What is measured of heatmaps is there, the same twice, and right for maps that are known."""

import dataclasses
from functools import cache
from pathlib import Path

import pytest
import torch
from tiny import SCHEMES, motion_recognizer, random_pixels, tiny_model

from timesformer.errors import CheckpointError, TimesformerError
from timesformer.evaluation import Explained, evaluate_explanations, heatmaps, heatmaps_side_by_side
from timesformer.evaluation.heatmap_methods import shuffled
from timesformer.evaluation.heatmap_scores import (
    BASELINES,
    CENTRE,
    DIFFERENCE,
    RANDOM,
    TRUTH,
    UNIFORM,
    Figures,
)
from timesformer.evaluation.records import read_record, write_record
from timesformer.explain import METHODS
from timesformer.kernels.prepare import prepare
from timesformer.recognizer import Recognizer
from timesformer.synthetic.motion import LABELS, LEFT

CLIPS = 6


@pytest.fixture(scope="module", params=SCHEMES)
def explained(request: pytest.FixtureRequest) -> Explained:
    return measured(request.param)


@cache
def measured(scheme: str) -> Explained:
    recognizer = motion_recognizer(scheme)
    recognizer.model.classifier.bias.data[LEFT] += 2  # right about those, if by chance
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heatmaps, "LEAF_PICTURES", 2)
        patch.setattr(heatmaps, "TELLING", -1.0)  # a random model hardly depends on the thing
        return evaluate_explanations(recognizer, name="tiny", clips=CLIPS, seeds=2)


def test_every_method_and_baseline_is_measured(explained: Explained) -> None:
    divided = explained.scheme == SCHEMES[0]
    methods = {method for method in METHODS if divided or method != "time-attention"}
    found = {one.method for one in explained.figures}
    assert found == methods | {"rollout, norm-aware"} | set(BASELINES)
    for method in found:
        one = explained.of(method)
        assert one.clips == (2 if method == "occlusion" else 2 * CLIPS)
        assert 0 <= one.pointing <= 1
        assert 0 <= one.auroc <= 1
        assert -1 <= one.gap <= 1
        assert (one.specific is not None) == (method in ("relevance", "gradsam", "gradcam"))
        assert (one.after_all is None) == (method in BASELINES)
        assert (one.in_window is None) == (method == "occlusion")
    assert explained.clips == 2 * CLIPS
    assert explained.windowed == explained.rivals == explained.perturbed == 2


def test_the_baselines_are_what_they_must_be(explained: Explained) -> None:
    truth, uniform = explained.of(TRUTH), explained.of(UNIFORM)
    assert (truth.pointing, truth.auroc, truth.precision) == (1, 1, 1)
    assert truth.path_error == pytest.approx(0, abs=1e-6)
    assert (truth.faithful, explained.of(RANDOM).faithful) == (1, 0)
    assert uniform.energy == pytest.approx(1, abs=1e-5)
    assert uniform.auroc == 0.5
    assert uniform.in_window == pytest.approx(1, abs=1e-5)
    assert explained.of(CENTRE).in_window == pytest.approx(1, abs=1e-5)
    assert explained.of(RANDOM).energy == pytest.approx(1, abs=0.1)
    assert explained.of(DIFFERENCE).energy > 1
    assert truth.energy > explained.of(DIFFERENCE).energy


def test_what_no_label_is_in_does_not_change_with_the_classifier(explained: Explained) -> None:
    for method in ("rollout", "attention"):
        assert explained.of(method).after_classifier == pytest.approx(1)
    assert explained.of("relevance").after_classifier < 0.999


def test_a_measurement_is_the_same_twice() -> None:
    first, second = measured(SCHEMES[2]), measured.__wrapped__(SCHEMES[2])
    assert dataclasses.replace(second, day=first.day) == first


def test_it_is_read_back_as_it_was(explained: Explained, tmp_path: Path) -> None:
    write_record(tmp_path / "explained.json", explained)
    assert read_record(tmp_path / "explained.json", Explained) == explained


def test_the_table_has_a_row_for_each(explained: Explained) -> None:
    lines = heatmaps_side_by_side([explained, explained]).splitlines()
    assert len(lines) == 2 + 2 * len(explained.figures)
    assert {line.count("|") for line in lines} == {12}


def test_a_model_that_is_never_right_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    never = motion_recognizer()
    monkeypatch.setattr(Recognizer, "logits", lambda _, values: torch.full((len(values), 10), -1.0))
    monkeypatch.setattr(heatmaps, "LEAF_PICTURES", 2)
    monkeypatch.setattr(heatmaps, "STILL", 0)  # all its answers are of what does not count
    with pytest.raises(TimesformerError, match="Train it further, then measure its heatmaps"):
        evaluate_explanations(never, name="tiny", clips=2, seeds=1)


def test_only_models_of_the_ten_motions_are_measured() -> None:
    other = dataclasses.replace(motion_recognizer(), labels=LABELS[:5])
    with pytest.raises(CheckpointError, match="not the ten motions"):
        evaluate_explanations(other, name="tiny")


def test_where_nothing_depends_on_the_thing_gaps_say_nothing() -> None:
    gathered = heatmaps.Gathered()
    for method, gap in ((RANDOM, 0.01), (TRUTH, 0.02), ("rollout", 0.0)):
        placed = dict.fromkeys(
            ("inside", "chance", "pointing", "auroc", "precision", "path_error", "path_fit"), 1.0
        )
        gathered.add(
            method, **{name: torch.tensor([x]) for name, x in (placed | {"gap": gap}).items()}
        )
    assert all(one.faithful is None for one in gathered.figures())
    assert gathered.figures()[2].gap == 0


def test_a_shuffled_model_has_the_same_numbers_in_another_place() -> None:
    model = motion_recognizer().model
    whole, head = (shuffled(model, seed=0, only=only) for only in ("", "classifier"))
    for name, parameter in model.named_parameters():
        ours, theirs = (other.state_dict()[name] for other in (whole, head))
        torch.testing.assert_close(ours.flatten().sort().values, parameter.flatten().sort().values)
        assert torch.equal(parameter, theirs) != name.startswith("classifier")
        if parameter.numel() > 10:
            assert not torch.equal(ours, parameter)


def test_a_shuffled_model_answers_by_the_weights_it_has() -> None:
    plain, pixels = tiny_model("divided_space_time"), random_pixels(1, 4, 3, 32, 32)
    before = plain(pixels).logits
    other = shuffled(prepare(plain), seed=0)
    plain.load_state_dict(other.state_dict())
    torch.testing.assert_close(other(pixels).logits, plain(pixels).logits, atol=1e-5, rtol=0)
    assert (other(pixels).logits - before).abs().max() > 0.01


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, []),
        ({"after_all": 0.6}, ["alike"]),
        ({"energy": 0.9}, ["random", "difference"]),
        ({"faithful": -0.1}, ["random"]),
        ({"energy": 1.5}, ["difference"]),
    ],
)
def test_what_fails_is_said(changes: dict[str, float], words: list[str]) -> None:
    plain = {"clips": 1, "pointing": 1.0, "auroc": 1.0, "precision": 1.0, "path_error": 0.0,
             "path_fit": 1.0}  # fmt: skip
    figures = (
        Figures(
            "rollout", **({"energy": 3.0, "faithful": 0.8, "after_all": 0.2} | plain | changes)
        ),
        Figures(RANDOM, energy=1.0, **plain),
        Figures(DIFFERENCE, energy=2.0, **plain),
    )
    one = Explained("tiny", SCHEMES[0], 1, 1, 1, 1, 1, figures, "here", "today")
    assert one.warnings("rollout") == words
    assert one.warnings("gradcam") == []
