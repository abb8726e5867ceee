"""Training learns, goes on where it was cut off, and says how it goes."""

import dataclasses
from pathlib import Path

import pytest
import torch

from timesformer.checkpoints import save_checkpoint
from timesformer.errors import TimesformerError
from timesformer.motion import LABELS, draw_clips
from timesformer.recognizer import load
from timesformer.training import (
    PREPROCESS,
    STATE_FILE,
    Learner,
    Progress,
    Recipe,
    Stage,
    _plan,
    train,
)

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


def test_a_longer_recipe_that_begins_the_same_goes_on(tmp_path: Path) -> None:
    run(TINY, tmp_path)
    longer = dataclasses.replace(TINY, stages=(*TINY.stages, Stage(2, 4, 112)))
    _, told = run(longer, tmp_path)
    assert [progress.step for progress in told] == [7, 8]


def test_learning_rates_warm_up_and_run_straight_to_each_stage_s_end() -> None:
    recipe = Recipe(stages=(Stage(6, 8, 16), Stage(4, 8, 32, rate=0.2)), warmup=4)
    rates = [rate for _, rate in _plan(recipe)]
    assert rates == pytest.approx([0.25, 0.5, 0.75, 1, 1, 1, 0.8, 0.6, 0.4, 0.2])


@pytest.mark.parametrize("scheme", ["divided_space_time", "joint_space_time", "space_only"])
def test_teaching_rollout_reaches_the_heads_of_the_first_block(scheme: str) -> None:
    """Without it, only the last block's attention is told where to look."""
    torch.manual_seed(0)
    learner = Learner(dataclasses.replace(TINY, attention_type=scheme).config())
    clips = draw_clips(4, num_frames=8, size=16, seed=0)
    plain, _ = learner(clips, rollout_weight=0.0)
    taught, _ = learner(clips, rollout_weight=1.0)
    assert taught > plain
    weight = learner.model.timesformer.blocks[0].space_attention.qkv.weight
    (reached,) = torch.autograd.grad(taught - plain, weight)
    assert reached.abs().max() > 0


def test_the_loss_falls(tmp_path: Path) -> None:
    recipe = Recipe(stages=(Stage(40, 16, 16),), width=32, blocks=2, heads=2, warmup=5)
    _, told = run(recipe, tmp_path)
    first, last = (sum(p.loss for p in part) / 8 for part in (told[:8], told[-8:]))
    assert last < first - 0.2


def test_the_saved_model_loads_with_its_preprocessing(tmp_path: Path) -> None:
    model, _ = train(TINY, tmp_path / "run", device=torch.device("cpu"), tell=lambda _: None)
    save_checkpoint(model, PREPROCESS, tmp_path / "model")
    recognizer = load(tmp_path / "model")
    assert recognizer.labels == LABELS
    assert recognizer.preprocess == PREPROCESS
