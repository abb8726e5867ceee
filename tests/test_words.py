"""Sentences say what the numbers are."""

import numpy as np
import pytest

from timesformer import Explanation
from timesformer.explain.faithfulness import FRACTIONS, Curves
from timesformer.explanations import Check
from timesformer.preprocess import Box
from timesformer.words import where_and_when, whether_it_counts

BOX = Box(0, 0, 9, 9)


def explanation_of(heatmaps: np.ndarray, method: str = "rollout", about=()) -> Explanation:
    return Explanation(heatmaps.astype(np.float32), BOX, (), method, about)


def test_frames_share_and_place_are_those_of_the_heat() -> None:
    heatmaps = np.full((8, 9, 9), 0.5)
    heatmaps[3:6, :3, :3] = 5.0
    said = where_and_when(explanation_of(heatmaps, "relevance", ("waving",)))
    share = heatmaps[3:6].sum() / heatmaps.sum()
    assert said == (
        f"Frames 4 to 6 of 8 hold {share:.0%} of the relevance for “waving”, where an even share "
        "is 38%; it is densest in the upper left there, 5.0 times uniform."
    )


@pytest.mark.parametrize(
    ("row", "column", "zone"),
    [(1, 1, "the middle"), (8, 0, "the lower left"), (4, 8, "middle right")],
)
def test_the_place_has_its_name(row: int, column: int, zone: str) -> None:
    heatmaps = np.ones((1, 9, 9))
    if zone == "the middle":
        row = column = 4
    heatmaps[0, row, column] = 9
    said = where_and_when(explanation_of(heatmaps))
    assert f"{zone} there" in said
    assert said.startswith("Frame 1 of 1 holds 100% of the rollout, where an even share is 100%")


@pytest.mark.parametrize("shape", [(2, 1, 1), (5, 2, 7), (3, 4, 1)])
def test_any_grid_has_a_sentence(shape: tuple[int, int, int]) -> None:
    said = where_and_when(explanation_of(np.random.default_rng(0).random(shape)))
    assert "times uniform." in said


def test_no_heat_is_told() -> None:
    nothing = np.zeros((2, 3, 3))
    said = where_and_when(explanation_of(nothing, "gradcam", ("a", "b")))
    assert said == "There is no Grad-CAM for “a” rather than “b” anywhere."


def check_of(after: float) -> Check:
    """A tenth covered leaves `after` of the probability; at random, 0.95."""
    tenth = FRACTIONS.index(0.1)
    deletion = [1.0] * len(FRACTIONS)
    deletion[tenth] = after
    even = [1.0] * len(FRACTIONS)
    even[tenth] = 0.95
    shown = (0.0,) * len(FRACTIONS)
    return Check("waving", Curves(tuple(deletion), shown), (Curves(tuple(even), shown),) * 2)


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (0.69, "patches takes 31 points off the probability of “waving”"),
        (0.99, "patches takes 1 point off the probability"),
        (0.999, "patches hardly changes the probability"),
        (1.2, "patches adds 20 points to the probability"),
    ],
)
def test_points_are_those_of_the_curves(after: float, words: str) -> None:
    said = whether_it_counts(check_of(after))
    assert words in said
    assert "a random tenth takes 5 points off it." in said
