"""A recipe that exists makes a run, and plans it step by step."""

import pytest

from timesformer.synthetic.motion import HELD_OUT_SEEDS, LABELS
from timesformer.training.recipe import CLIP_SEEDS, Recipe, Stage


def test_learning_rates_warm_up_and_run_straight_to_each_stage_s_end() -> None:
    recipe = Recipe(stages=(Stage(6, 8, 16), Stage(4, 8, 32, rate=0.2)), warmup=4)
    rates = [rate for _, rate in recipe.plan()]
    assert rates == pytest.approx([0.25, 0.5, 0.75, 1, 1, 1, 0.8, 0.6, 0.4, 0.2])
    assert len(rates) == recipe.steps


def test_the_model_is_made_for_the_frames_of_the_last_stage() -> None:
    recipe = Recipe(stages=(Stage(1, 2, 16), Stage(1, 2, 32)))
    assert recipe.config().image_size == 32
    assert recipe.preprocess().crop_size == (32, 32)
    assert tuple(recipe.config().id2label.values()) == LABELS


def test_a_digest_tells_recipes_apart_up_to_where_they_differ() -> None:
    short = Recipe(stages=(Stage(4, 2, 16),))
    longer = Recipe(stages=(Stage(4, 2, 16), Stage(4, 2, 16, rate=0.0)))
    other = Recipe(stages=(Stage(4, 2, 16), Stage(4, 4, 16, rate=0.0)))
    assert short.digest(4) == longer.digest(4) == other.digest(4)
    assert longer.digest(5) != other.digest(5)
    larger = Recipe(stages=(Stage(4, 2, 16), Stage(4, 2, 32)))
    assert larger.digest(4) != short.digest(4)  # its tables are larger from the start


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"steps": 0}, "0 steps"),
        ({"batch": 0}, "batches of 0 clips"),
        ({"size": 20}, "multiple of 8"),
        ({"clutter": 1.5}, r"in 0\.\.1"),
        ({"camera_share": -0.1}, r"in 0\.\.1"),
        ({"blind_share": 2.0}, r"in 0\.\.1"),
        ({"rate": -1.0}, "0 or more"),
        ({"rollout_weight": -1.0}, "0 or more"),
    ],
)
def test_stages_that_cannot_be(values: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Stage(**({"steps": 1, "batch": 1, "size": 16} | values))


@pytest.mark.parametrize("values", [{"stages": ()}, {"warmup": 0}])
def test_recipes_that_cannot_be(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Recipe(**values)


def test_no_run_draws_the_clips_that_are_kept_for_evaluation() -> None:
    last = HELD_OUT_SEEDS // CLIP_SEEDS - 1
    assert Recipe(seed=last).seed == last
    with pytest.raises(ValueError, match="kept for evaluation"):
        Recipe(seed=last + 1)
