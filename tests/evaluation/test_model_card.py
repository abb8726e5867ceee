"""Cards and comparisons agree with the records beside the weights."""

import dataclasses
import shutil
from pathlib import Path

import pytest
import torch

from timesformer.checkpoints.registry import EMBEDDED_FOLDER, embedded_models
from timesformer.cli.main import main
from timesformer.cli.terminal import ProgressLine
from timesformer.cli.training import run_training
from timesformer.evaluation import RESULTS_FILE, Results, full_report, splits
from timesformer.evaluation.markdown import replace_section, section
from timesformer.evaluation.model_card import (
    CARD_FILE,
    TRAINING_FILE,
    Training,
    card,
    write_comparison,
)
from timesformer.evaluation.records import read_record
from timesformer.recognizer import load
from timesformer.synthetic.photographs import TRAINING
from timesformer.synthetic.textures import dead_leaves
from timesformer.training.recipe import RECIPES, Recipe, Stage

TINY = Recipe(
    stages=(Stage(1, 4, 16), Stage(1, 2, 24, difficulty=0.25)),
    width=16, blocks=2, heads=2, warmup=1, classifier_clips=20,
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model folder written by a training of two steps."""
    folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splits, "LEAF_PICTURES", 2)
        run_training(
            TINY,
            dead_leaves(2, seed=0),
            folder / "small",
            name="motion",
            run_folder=folder / "run",
            device=torch.device("cpu"),
            progress=ProgressLine(),
            clips=20,
        )
    return folder / "small"


def records(folder: Path) -> tuple[Training, Results]:
    training = read_record(folder / TRAINING_FILE, Training)
    return training, read_record(folder / RESULTS_FILE, Results)


def test_training_writes_records_and_a_card(folder: Path) -> None:
    training, results = records(folder)
    assert training.recipe == TINY
    assert results.split("drawings").clips == 20
    assert results.model == "motion"
    assert (folder / CARD_FILE).read_text("utf-8") == card(training, results)
    assert load(folder).model.config.hidden_size == TINY.width


def test_the_card_is_complete(folder: Path) -> None:
    training, results = records(folder)
    text = card(dataclasses.replace(training, seconds=1234.0), results)
    assert "21 minutes" in text
    assert training.command in text
    assert training.machine in text
    assert full_report(results) in text
    for photograph in TRAINING:
        assert f"| {photograph.author} | {photograph.licence} |" in text
    assert "| 1 | 2 | 24 | 0.25 |" in text
    assert "None" not in text
    assert str(folder) not in text


def test_the_card_names_a_refit_only_if_there_was_one(folder: Path) -> None:
    training, results = records(folder)
    assert f"{TINY.classifier_clips:,}" in card(training, results)
    recipe = dataclasses.replace(TINY, classifier_clips=0)
    assert "refit" not in card(dataclasses.replace(training, recipe=recipe), results)


def test_an_evaluation_can_be_saved(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(splits, "LEAF_PICTURES", 2)
    before = read_record(folder / RESULTS_FILE, Results)
    (folder / RESULTS_FILE).unlink()
    (folder / CARD_FILE).unlink()
    assert main(["evaluate", str(folder), "--clips", "20", "--save"]) == 0
    results = read_record(folder / RESULTS_FILE, Results)
    assert results == dataclasses.replace(before, model="small", speed=results.speed)
    assert full_report(results) in capsys.readouterr().out
    assert full_report(results) in (folder / CARD_FILE).read_text("utf-8")


def test_a_model_without_measured_heatmaps_is_compared_by_accuracy(
    folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / CARD_FILE
    shutil.copy(EMBEDDED_FOLDER / CARD_FILE, file)
    write_comparison(file, [EMBEDDED_FOLDER / "motion", folder])
    text = file.read_text("utf-8")
    assert "`motion`" in section(text, "heatmaps")
    assert records(folder)[1].model in section(text, "results")


@pytest.mark.parametrize("name", embedded_models())
def test_the_card_of_an_embedded_model_is_that_of_its_records(name: str) -> None:
    folder = EMBEDDED_FOLDER / name
    training, results = records(folder)
    assert (folder / CARD_FILE).read_text("utf-8") == card(training, results)
    assert results.model == name
    assert results.scheme == load(name).model.config.attention_type
    assert training.recipe == RECIPES[name]


def test_the_comparison_of_the_embedded_models_is_that_of_their_records(tmp_path: Path) -> None:
    written = EMBEDDED_FOLDER / CARD_FILE
    copy = Path(shutil.copy(written, tmp_path))
    write_comparison(copy, [EMBEDDED_FOLDER / name for name in embedded_models()])
    assert copy.read_text("utf-8") == written.read_text("utf-8")


def test_a_section_is_replaced_and_the_rest_is_kept() -> None:
    text = "a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n"
    changed = replace_section(text, "x", "new")
    assert section(changed, "x") == "new"
    assert changed.startswith("a\n")
    assert changed.endswith("\nb\n")
    for unknown in (text * 2, "nothing"):
        with pytest.raises(ValueError, match="'x'"):
            section(unknown, "x")
