"""Sentences say what the numbers are."""

import numpy as np
import pytest

from timesformer import Explanation
from timesformer.explain.metrics import FRACTIONS, Curves
from timesformer.explain.registry import Check, Options, Prediction
from timesformer.preprocess import Box
from timesformer.visualize.captions import where_and_when, whether_it_counts

BOX = Box(0, 0, 9, 9)
LABELS = ("waving", "a", "b")


def explanation_of(
    heatmaps: np.ndarray, method: str = "rollout", about=(), *, negative: bool = False
) -> Explanation:
    predictions = tuple(Prediction(label, 0.5, index) for index, label in enumerate(LABELS))
    indices = tuple(LABELS.index(label) for label in about)
    options = Options(method, negative=negative)
    return Explanation(
        heatmaps.astype(np.float32), BOX, predictions, options, "CPU, float32", indices
    )


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


@pytest.mark.parametrize(
    ("shape", "hot", "zone"),
    [((1, 2, 2), (1, 1), "lower right"), ((1, 1, 1), (0, 0), "the middle"),
     ((1, 1, 2), (0, 0), "middle left"), ((1, 5, 1), (4, 0), "lower centre")],
)  # fmt: skip
def test_small_grids_have_their_places(shape: tuple, hot: tuple, zone: str) -> None:
    heatmaps = np.zeros(shape)
    heatmaps[0][hot] = 1
    assert f"{zone} there" in where_and_when(explanation_of(heatmaps))


def test_what_speaks_against_is_said_to() -> None:
    asked = explanation_of(np.ones((1, 3, 3)), "relevance", ("waving",), negative=True)
    assert "of the relevance against “waving”," in where_and_when(asked)


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
    said = whether_it_counts(explanation_of(np.ones((1, 3, 3))), check_of(after))
    assert said.startswith("By rollout: covering the hottest tenth of the ")
    assert words in said
    assert "a random tenth takes 5 points off it." in said
