"""Training learns, goes on where it was cut off, and says how it goes."""

import dataclasses
import os
from functools import cache
from pathlib import Path

import pytest
import torch
from tiny import SCHEMES

from timesformer.checkpoints.checkpoint import save_checkpoint
from timesformer.errors import TimesformerError
from timesformer.explain import fused, rollout, space_attention
from timesformer.recognizer import load
from timesformer.synthetic.motion import LABELS, draw_clips
from timesformer.synthetic.photographs import read_photographs
from timesformer.synthetic.textures import fallen_leaves
from timesformer.training import trainer
from timesformer.training.recipe import STAGES, Recipe, Stage
from timesformer.training.trainer import (
    STATE_FILE,
    Batches,
    Learner,
    TrainingProgress,
    blinded,
    train,
)

read_once = cache(read_photographs)


@pytest.fixture(autouse=True)
def small_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of leaves there are few, and photographs are read once for all runs."""
    monkeypatch.setattr(trainer, "LEAF_PICTURES", 2)
    monkeypatch.setattr(trainer, "read_photographs", read_once)


TINY = Recipe(stages=(Stage(4, 8, 16), Stage(2, 4, 24)), width=16, blocks=2, heads=2, warmup=2)


def run(recipe: Recipe, folder: Path) -> tuple[dict[str, torch.Tensor], list[TrainingProgress]]:
    told: list[TrainingProgress] = []
    model, seconds = train(recipe, folder, device=torch.device("cpu"), on_progress=told.append)
    assert seconds > 0
    return model.state_dict(), told


def test_every_step_is_told(tmp_path: Path) -> None:
    _, told = run(TINY, tmp_path)
    assert [progress.step for progress in told] == [1, 2, 3, 4, 5, 6]
    assert [progress.size for progress in told] == [16, 16, 16, 16, 24, 24]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_cut_off_run_ends_where_a_whole_one_does(
    tmp_path: Path, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe(
        attention_type=scheme,
        stages=(Stage(6, 8, 16), Stage(1, 2, 24)),
        width=16, blocks=2, heads=2, warmup=2,
    )  # fmt: skip
    whole, _ = run(recipe, tmp_path / "whole")

    monkeypatch.setattr("timesformer.training.trainer.SAVE_EVERY", 3)

    def cut(progress: TrainingProgress) -> None:
        if progress.step == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(recipe, tmp_path / "cut", device=torch.device("cpu"), on_progress=cut)
    assert torch.load(tmp_path / "cut" / STATE_FILE, weights_only=True)["step"] == 3
    resumed, told = run(recipe, tmp_path / "cut")
    assert told[0].step == 4
    for name, value in whole.items():
        assert torch.equal(resumed[name], value), name


@pytest.mark.parametrize(
    "changes", [{"seed": 1}, {"stages": (*TINY.stages, Stage(2, 4, 32))}], ids=["seed", "size"]
)
def test_a_run_with_another_recipe_is_not_gone_on_with(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    run(TINY, tmp_path)
    with pytest.raises(TimesformerError, match="another recipe"):
        run(dataclasses.replace(TINY, **changes), tmp_path)


def test_a_longer_recipe_that_begins_the_same_goes_on(tmp_path: Path) -> None:
    run(TINY, tmp_path)
    longer = dataclasses.replace(TINY, stages=(*TINY.stages, Stage(2, 4, 24)))
    _, told = run(longer, tmp_path)
    assert [progress.step for progress in told] == [7, 8]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_rollout_teaches_the_attention_of_the_first_block(scheme: str) -> None:
    """By itself, whereas the last block's attention says nothing of the first one's."""
    torch.manual_seed(0)
    encoder = Learner(dataclasses.replace(TINY, attention_type=scheme).config()).model.timesformer
    clips = draw_clips(4, num_frames=8, size=16, seed=0)
    _, *states = encoder.trace(clips.pixels, return_weights=True)
    first, last = states[0].space_observed, states[-1].space_observed.detach()
    blocks = [fused(states[0]), fused(states[-1]._replace(space_observed=last))]
    covered = clips.covered(encoder.config.patch_shape)
    assert rollout(blocks, num_frames=8).inside(covered).requires_grad
    assert not space_attention(blocks[-1], num_frames=8).inside(covered).requires_grad
    (reached,) = torch.autograd.grad(rollout(blocks, num_frames=8).inside(covered).sum(), first)
    assert reached.abs().max() > 0


def test_a_weight_on_rollout_is_in_the_loss() -> None:
    learner = Learner(TINY.config())
    clips = draw_clips(4, num_frames=8, size=16, seed=0)
    _, targets = blinded(clips, 0.0, seed=0)
    losses = [
        float(learner(clips, targets, rollout_weight=weight)[0].detach())
        for weight in (0.0, 1.0, 2.0)
    ]
    assert losses[0] < losses[1]
    assert losses[2] - losses[1] == pytest.approx(losses[1] - losses[0], rel=1e-4)


def test_blind_clips_are_noise_of_which_anything_may_be_said() -> None:
    clips = draw_clips(20, num_frames=8, size=16, seed=0, camera_share=1.0)
    same, targets = blinded(clips, 0.0, seed=1)
    assert torch.equal(same.pixels, clips.pixels)
    assert torch.equal(targets.argmax(-1), clips.labels)
    assert (targets.max(-1).values == 1).all()
    half, targets = blinded(clips, 0.5, seed=1)
    blind = (half.pixels != clips.pixels).flatten(1).any(1)
    assert 4 <= blind.sum() <= 16
    assert torch.equal(blind, (half.masks == 0).flatten(1).all(1))
    assert (targets[blind] == 1 / len(LABELS)).all()
    assert (targets[~blind].max(-1).values == 1).all()
    assert half.pixels.min() >= 0
    assert half.pixels.max() <= 1
    assert (half.pixels[blind].diff(dim=1).abs().mean((1, 2, 3, 4)) > 0.02).all()


def test_batches_are_the_same_whoever_draws_them() -> None:
    batches = Batches(TINY, fallen_leaves(2, seed=0))
    here, apart = (list(batches.drawn_from(3, processes=count)) for count in (0, 1))
    assert len(here) == len(apart) == TINY.steps - 3
    for (clips, targets), (others, wanted) in zip(here, apart, strict=True):
        assert torch.equal(targets, wanted)
        for field in dataclasses.fields(clips):
            assert torch.equal(getattr(clips, field.name), getattr(others, field.name))
    alone, wanted = batches[4]
    assert torch.equal(alone.pixels, here[1][0].pixels)
    assert torch.equal(wanted, here[1][1])


def test_batches_that_are_drawn_ahead_fit_the_memory_that_docker_shares() -> None:
    pictures = fallen_leaves(2, seed=0)
    for stage in {dataclasses.replace(stage, steps=1, rate=1.0) for stage in STAGES}:
        clips = trainer.draw_batch(stage, pictures, seed=0)
        size = sum(tensor.nbytes for tensor in vars(clips).values())
        assert (trainer.MOST_DRAWING + 1) * size < 64e6
    batches = Batches(TINY, fallen_leaves(2, seed=0))
    assert batches.drawn_from(0, processes=1)._prefetch_factor == 1


@pytest.mark.parametrize(("cores", "processes"), [(1, 0), (2, 1), (64, trainer.MOST_DRAWING)])
def test_no_more_processes_draw_than_cores_are_to_be_had(
    cores: int, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    assert trainer._processes(torch.device("cuda")) == processes
    assert trainer._processes(torch.device("cpu")) == 0


def test_the_loss_falls(tmp_path: Path) -> None:
    recipe = Recipe(stages=(Stage(40, 16, 16),), width=32, blocks=2, heads=2, warmup=5)
    _, told = run(recipe, tmp_path)
    first, last = (sum(p.loss for p in part) / 8 for part in (told[:8], told[-8:]))
    assert last < first - 0.2


def test_the_saved_model_loads_with_its_preprocessing(tmp_path: Path) -> None:
    model, _ = train(TINY, tmp_path / "run", device=torch.device("cpu"), on_progress=lambda _: None)
    save_checkpoint(model, TINY.preprocess(), tmp_path / "model")
    recognizer = load(tmp_path / "model")
    assert recognizer.labels == LABELS
    assert recognizer.preprocess == TINY.preprocess()
