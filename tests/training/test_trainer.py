"""Training learns, resumes where it was interrupted, and reports every step."""

import dataclasses
from pathlib import Path

import pytest
import torch
from tiny import SCHEMES

from timesformer.checkpoints.checkpoint import save_checkpoint
from timesformer.errors import TimesformerError
from timesformer.explain import fuse_heads, rollout_flow, space_flow
from timesformer.recognizer import load
from timesformer.synthetic.clips import draw_clips
from timesformer.synthetic.motion import LABELS
from timesformer.synthetic.textures import dead_leaves
from timesformer.training.batches import with_noise_clips
from timesformer.training.recipe import Recipe, Stage
from timesformer.training.trainer import STATE_FILE, Learner, TrainingProgress, train

PICTURES = dead_leaves(2, seed=0)
CPU = torch.device("cpu")
TINY = Recipe(stages=(Stage(4, 8, 16), Stage(2, 4, 24)), width=16, blocks=2, heads=2, warmup=2)


def run(recipe: Recipe, folder: Path) -> tuple[dict[str, torch.Tensor], list[TrainingProgress]]:
    reports: list[TrainingProgress] = []
    model, seconds = train(recipe, PICTURES, folder, device=CPU, on_progress=reports.append)
    assert seconds > 0
    return model.state_dict(), reports


def test_every_step_is_reported(tmp_path: Path) -> None:
    _, reports = run(TINY, tmp_path)
    assert [report.step for report in reports] == [1, 2, 3, 4, 5, 6]
    assert [report.size for report in reports] == [16, 16, 16, 16, 24, 24]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_interrupted_run_ends_with_the_same_weights(
    tmp_path: Path, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe(
        attention_type=scheme,
        stages=(Stage(6, 8, 16), Stage(1, 2, 24)),
        width=16, blocks=2, heads=2, warmup=2,
    )  # fmt: skip
    uninterrupted, _ = run(recipe, tmp_path / "uninterrupted")

    monkeypatch.setattr("timesformer.training.trainer.SAVE_EVERY", 3)

    def interrupt(report: TrainingProgress) -> None:
        if report.step == 5:
            raise KeyboardInterrupt

    folder = tmp_path / "interrupted"
    with pytest.raises(KeyboardInterrupt):
        train(recipe, PICTURES, folder, device=CPU, on_progress=interrupt)
    assert torch.load(folder / STATE_FILE, weights_only=True)["step"] == 3
    resumed, reports = run(recipe, folder)
    assert reports[0].step == 4
    for name, value in uninterrupted.items():
        assert torch.equal(resumed[name], value), name


@pytest.mark.parametrize(
    "changes", [{"seed": 1}, {"stages": (*TINY.stages, Stage(2, 4, 32))}], ids=["seed", "size"]
)
def test_a_run_with_another_recipe_does_not_resume(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    run(TINY, tmp_path)
    with pytest.raises(TimesformerError):
        run(dataclasses.replace(TINY, **changes), tmp_path)


def test_a_run_resumes_with_a_longer_recipe(tmp_path: Path) -> None:
    run(TINY, tmp_path)
    longer = dataclasses.replace(TINY, stages=(*TINY.stages, Stage(2, 4, 24)))
    _, reports = run(longer, tmp_path)
    assert [report.step for report in reports] == [7, 8]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_loss_on_rollout_reaches_the_first_block(scheme: str) -> None:
    """Check the gradient: the last block alone does not depend on the first."""
    torch.manual_seed(0)
    encoder = Learner(dataclasses.replace(TINY, attention_type=scheme).config()).model.timesformer
    clips = draw_clips(4, num_frames=8, size=16, seed=0)
    _, *states = encoder.trace(clips.pixels, return_weights=True)
    first, last = states[0].space_observed, states[-1].space_observed.detach()
    blocks = [fuse_heads(states[0]), fuse_heads(states[-1]._replace(space_observed=last))]
    coverage = clips.coverage(encoder.config.patch_shape)
    assert rollout_flow(blocks, num_frames=8).share_on(coverage).requires_grad
    assert not space_flow(blocks[-1], num_frames=8).share_on(coverage).requires_grad
    (gradient,) = torch.autograd.grad(
        rollout_flow(blocks, num_frames=8).share_on(coverage).sum(), first
    )
    assert gradient.abs().max() > 0


def test_the_loss_is_linear_in_the_weight_on_rollout() -> None:
    learner = Learner(TINY.config())
    clips = draw_clips(4, num_frames=8, size=16, seed=0)
    _, targets = with_noise_clips(clips, 0.0, seed=0)
    losses = [
        float(learner(clips, targets, rollout_weight=weight)[0].detach())
        for weight in (0.0, 1.0, 2.0)
    ]
    assert losses[0] < losses[1]
    assert losses[2] - losses[1] == pytest.approx(losses[1] - losses[0], rel=1e-4)


def test_the_loss_falls(tmp_path: Path) -> None:
    recipe = Recipe(stages=(Stage(40, 16, 16),), width=32, blocks=2, heads=2, warmup=5)
    _, reports = run(recipe, tmp_path)
    first, last = (sum(report.loss for report in part) / 8 for part in (reports[:8], reports[-8:]))
    assert last < first - 0.2


def test_the_saved_model_loads_with_its_preprocessing(tmp_path: Path) -> None:
    model, _ = train(TINY, PICTURES, tmp_path / "run", device=CPU, on_progress=lambda _: None)
    save_checkpoint(model, TINY.preprocess(), tmp_path / "model")
    recognizer = load(tmp_path / "model")
    assert recognizer.labels == LABELS
    assert recognizer.preprocess == TINY.preprocess()
