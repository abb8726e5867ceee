"""Recipes are validated, and plan the learning rate of every step."""

import pytest

from timesformer.synthetic.clips import HELD_OUT_SEEDS
from timesformer.synthetic.motion import LABELS
from timesformer.training.recipe import SEEDS_PER_RUN, Recipe, Stage


def test_learning_rates_warm_up_and_change_linearly_within_a_stage() -> None:
    recipe = Recipe(stages=(Stage(6, 8, 16), Stage(4, 8, 32, rate=0.2)), warmup=4)
    rates = [rate for _, rate in recipe.plan()]
    assert rates == pytest.approx([0.25, 0.5, 0.75, 1, 1, 1, 0.8, 0.6, 0.4, 0.2])
    assert len(rates) == recipe.steps


def test_the_model_has_the_frame_size_of_the_last_stage() -> None:
    recipe = Recipe(stages=(Stage(1, 2, 16), Stage(1, 2, 32)))
    assert recipe.config().image_size == 32
    assert recipe.preprocess().crop_size == (32, 32)
    assert tuple(recipe.config().id2label.values()) == LABELS


def test_a_digest_differs_from_the_step_at_which_recipes_differ() -> None:
    short = Recipe(stages=(Stage(4, 2, 16),))
    longer = Recipe(stages=(Stage(4, 2, 16), Stage(4, 2, 16, rate=0.0)))
    other = Recipe(stages=(Stage(4, 2, 16), Stage(4, 4, 16, rate=0.0)))
    assert short.digest(4) == longer.digest(4) == other.digest(4)
    assert longer.digest(5) != other.digest(5)
    larger = Recipe(stages=(Stage(4, 2, 16), Stage(4, 2, 32)))
    assert larger.digest(4) != short.digest(4)  # its tables are larger from the start


def test_a_digest_does_not_change_between_versions() -> None:
    """Otherwise a run that an earlier version started could not be resumed."""
    stage = Stage(4, 2, 16, difficulty=0.5, noise_share=0.1)
    digest = Recipe(stages=(stage,), muon_lr=0.02, adamw_lr=1e-3).digest(4)
    assert digest.startswith("63e9b1c51660")


@pytest.mark.parametrize(
    "values",
    [
        {"steps": 0},
        {"batch": 0},
        {"size": 20},
        {"difficulty": 1.5},
        {"camera_share": -0.1},
        {"noise_share": 2.0},
        {"rate": -1.0},
        {"rollout_weight": -1.0},
    ],
)
def test_invalid_stages_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=str(next(iter(values.values())))):
        Stage(**({"steps": 1, "batch": 1, "size": 16} | values))


@pytest.mark.parametrize("values", [{"stages": ()}, {"warmup": 0}])
def test_invalid_recipes_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Recipe(**values)


def test_no_run_draws_the_seeds_reserved_for_evaluation() -> None:
    last = HELD_OUT_SEEDS // SEEDS_PER_RUN - 1
    assert Recipe(seed=last).seed == last
    with pytest.raises(ValueError, match=str(last)):
        Recipe(seed=last + 1)
