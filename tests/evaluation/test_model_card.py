"""The card says what the records beside the weights say; the commands write all three."""

import dataclasses
from pathlib import Path

import pytest

from timesformer.checkpoints.registry import EMBEDDED_FOLDER, embedded_models
from timesformer.cli import main, training
from timesformer.evaluation import RESULTS_FILE, Results, full_report, splits
from timesformer.evaluation.model_card import CARD_FILE, TRAINING_FILE, Training, card
from timesformer.evaluation.records import read_record
from timesformer.recognizer import load
from timesformer.synthetic.photographs import TRAINING
from timesformer.training import trainer
from timesformer.training.recipe import Recipe, Stage

TINY = Recipe(
    stages=(Stage(1, 4, 16), Stage(1, 2, 24, clutter=0.25)), width=16, blocks=2, heads=2, warmup=1
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `train` leaves of a run of two steps."""
    place = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "RECIPES", {"motion": TINY})
        patch.setattr(training, "RUNS_FOLDER", place / "runs")
        patch.setattr(training, "CLIPS", 20)
        patch.setattr(splits, "LEAF_PICTURES", 2)
        patch.setattr(trainer, "LEAF_PICTURES", 2)
        assert main.main(["train", "motion", "--out", str(place / "small")]) == 0
    return place / "small"


def test_training_ends_with_results_and_a_card(folder: Path) -> None:
    record = read_record(folder / TRAINING_FILE, Training)
    results = read_record(folder / RESULTS_FILE, Results)
    assert record.recipe == TINY
    assert results.split("drawings").clips == 20
    assert results.model == "motion"
    assert (folder / CARD_FILE).read_text("utf-8") == card(record, results)


def test_the_card_is_whole(folder: Path) -> None:
    record = read_record(folder / TRAINING_FILE, Training)
    results = read_record(folder / RESULTS_FILE, Results)
    text = card(dataclasses.replace(record, seconds=1234.0), results)
    assert "21 minutes" in text
    assert record.command in text
    assert record.machine in text
    assert full_report(results) in text
    for photograph in TRAINING:
        assert f"| {photograph.author} | {photograph.licence} |" in text
    assert "| steps | batch | size | clutter |" in text
    assert "| 1 | 2 | 24 | 0.25 |" in text
    assert "None" not in text
    assert str(folder) not in text


def test_a_classifier_is_said_to_be_fitted_where_it_was(folder: Path) -> None:
    record = read_record(folder / TRAINING_FILE, Training)
    results = read_record(folder / RESULTS_FILE, Results)
    assert "fitted anew to 3,000 further clips. The stages:" in card(record, results)
    recipe = dataclasses.replace(TINY, classifier_clips=0)
    text = card(dataclasses.replace(record, recipe=recipe), results)
    assert "further clips" not in text
    assert "looks was taught. The stages:" in text


def test_an_evaluation_can_be_saved(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(splits, "LEAF_PICTURES", 2)
    before = read_record(folder / RESULTS_FILE, Results)
    (folder / RESULTS_FILE).unlink()
    (folder / CARD_FILE).unlink()
    assert main.main(["evaluate", str(folder), "--clips", "20", "--save"]) == 0
    results = read_record(folder / RESULTS_FILE, Results)
    assert results == dataclasses.replace(before, model="small", speed=results.speed)
    assert full_report(results) in capsys.readouterr().out
    assert full_report(results) in (folder / CARD_FILE).read_text("utf-8")


def test_the_cards_of_the_embedded_models_are_those_of_their_records() -> None:
    for name in embedded_models():
        place = EMBEDDED_FOLDER / name
        results = read_record(place / RESULTS_FILE, Results)
        record = read_record(place / TRAINING_FILE, Training)
        assert (place / CARD_FILE).read_text("utf-8") == card(record, results)
        assert results.model == name
        assert results.scheme == load(name).model.config.attention_type
