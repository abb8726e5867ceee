"""Training learns, goes on where it was cut off, and says how it goes."""

import dataclasses
import itertools
from pathlib import Path

import pytest
import torch

from timesformer.checkpoints import save_checkpoint
from timesformer.errors import CheckpointError, TimesformerError
from timesformer.evaluation import Evaluation, evaluate_motion
from timesformer.motion import LABELS
from timesformer.recognizer import Recognizer, load
from timesformer.training import PREPROCESS, STATE_FILE, Progress, Recipe, Stage, _plan, train

TINY = Recipe(stages=(Stage(4, 8, 16), Stage(2, 4, 112)), width=16, blocks=2, heads=2, warmup=2)


def run(recipe: Recipe, folder: Path) -> tuple[dict[str, torch.Tensor], list[Progress]]:
    told: list[Progress] = []
    model, seconds = train(recipe, folder, device=torch.device("cpu"), tell=told.append)
    assert seconds > 0
    return model.state_dict(), told


def test_every_step_is_told(tmp_path: Path) -> None:
    _, told = run(TINY, tmp_path)
    assert [progress.step for progress in told] == [1, 2, 3, 4, 5, 6]
    assert [progress.size for progress in told] == [16, 16, 16, 16, 112, 112]


@pytest.mark.parametrize("scheme", ["divided_space_time", "joint_space_time", "space_only"])
def test_a_cut_off_run_ends_where_a_whole_one_does(
    tmp_path: Path, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe(
        attention_type=scheme,
        stages=(Stage(6, 8, 16), Stage(1, 2, 112)),
        width=16, blocks=2, heads=2, warmup=2,
    )  # fmt: skip
    whole, _ = run(recipe, tmp_path / "whole")

    monkeypatch.setattr("timesformer.training.SAVE_EVERY", 3)

    def cut(progress: Progress) -> None:
        if progress.step == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(recipe, tmp_path / "cut", device=torch.device("cpu"), tell=cut)
    assert torch.load(tmp_path / "cut" / STATE_FILE, weights_only=True)["step"] == 3
    resumed, told = run(recipe, tmp_path / "cut")
    assert told[0].step == 4
    for name, value in whole.items():
        torch.testing.assert_close(resumed[name], value, msg=name)


def test_a_run_with_another_recipe_is_not_gone_on_with(tmp_path: Path) -> None:
    run(TINY, tmp_path)
    other = dataclasses.replace(TINY, seed=1)
    with pytest.raises(TimesformerError, match="another recipe"):
        run(other, tmp_path)


def test_learning_rates_warm_up_and_fall() -> None:
    recipe = Recipe(stages=(Stage(6, 8, 16), Stage(4, 8, 32)), warmup=4)
    rates = [rate for _, rate in _plan(recipe)]
    assert rates[0] == pytest.approx(1 / 4)
    assert all(after < before for before, after in itertools.pairwise(rates[4:]))
    assert rates[-1] == pytest.approx(1 / 10)


def test_the_loss_falls(tmp_path: Path) -> None:
    recipe = Recipe(stages=(Stage(40, 16, 16),), width=32, blocks=2, heads=2, warmup=5)
    _, told = run(recipe, tmp_path)
    first, last = (sum(p.loss for p in part) / 8 for part in (told[:8], told[-8:]))
    assert last < first - 0.2


def test_the_embedded_model_is_right_on_clips_it_has_never_seen() -> None:
    plain = evaluate_motion(load("motion"), clips=100, clutter=0.0, seed=10**12 + 777)
    assert plain.accuracy >= 0.85
    hard = evaluate_motion(load("motion"), clips=100, seed=10**12 + 777)
    assert hard.accuracy >= 0.75


def test_an_evaluation_counts(tmp_path: Path) -> None:
    confusion = torch.eye(len(LABELS), dtype=int).numpy() * 3
    confusion[0, 1] = 1
    result = Evaluation(confusion)
    assert result.accuracy == pytest.approx(30 / 31)
    assert result.recalls[0] == pytest.approx(0.75)
    assert result.table().count("\n") == 1 + len(LABELS)


def test_only_motion_models_are_evaluated(tmp_path: Path) -> None:
    recognizer = load("motion")
    other = Recognizer(recognizer.model, recognizer.preprocess, ("a", "b"))
    with pytest.raises(CheckpointError, match="2 labels, not the ten motions"):
        evaluate_motion(other)


def test_the_saved_model_loads_with_its_preprocessing(tmp_path: Path) -> None:
    model, _ = train(TINY, tmp_path / "run", device=torch.device("cpu"), tell=lambda _: None)
    save_checkpoint(model, PREPROCESS, tmp_path / "model")
    recognizer = load(tmp_path / "model")
    assert recognizer.labels == LABELS
    assert recognizer.preprocess == PREPROCESS
