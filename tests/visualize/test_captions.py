"""Sentences hold the numbers of the explanation."""

import numpy as np
import pytest

from timesformer import Explanation
from timesformer.explain import Check, Options, Prediction
from timesformer.explain.deletion import FRACTIONS, DeletionCurves
from timesformer.i18n import section, t
from timesformer.preprocess import Box
from timesformer.visualize.captions import check_text, heatmap_name, heatmap_text

ZONES = section("zones")
BOX = Box(0, 0, 9, 9)
LABELS = ("waving", "a", "b")


def explanation_of(
    heatmaps: np.ndarray, method: str = "rollout", labels=(), *, negative: bool = False
) -> Explanation:
    predictions = tuple(Prediction(label, 0.5, index) for index, label in enumerate(LABELS))
    indices = tuple(LABELS.index(label) for label in labels)
    options = Options(method, negative=negative)
    return Explanation(
        heatmaps.astype(np.float32), BOX, predictions, options, "CPU, float32", indices
    )


def zone_of(heatmaps: np.ndarray) -> str:
    """Return the key of the one zone that the sentence on a heatmap names."""
    sentence = heatmap_text(explanation_of(heatmaps))
    return max((key for key in ZONES if ZONES[key] in sentence), key=lambda key: len(ZONES[key]))


def test_the_sentence_names_frames_share_and_zone() -> None:
    heatmaps = np.full((8, 9, 9), 0.5)
    heatmaps[3:6, :3, :3] = 5.0
    sentence = heatmap_text(explanation_of(heatmaps, "relevance", ("waving",)))
    assert sentence == t(
        "heatmap.densest",
        name=t("heatmap.for", name=t("methods.relevance.name"), label="waving"),
        first=4,
        last=6,
        T=8,
        share=heatmaps[3:6].sum() / heatmaps.sum(),
        even=3 / 8,
        zone=t("zones.upper left"),
        density=5.0,
    )


@pytest.mark.parametrize(
    ("row", "column", "zone"),
    [(4, 4, "middle centre"), (8, 0, "lower left"), (4, 8, "middle right")],
)
def test_zones_have_names(row: int, column: int, zone: str) -> None:
    heatmaps = np.ones((1, 9, 9))
    heatmaps[0, row, column] = 9
    assert zone_of(heatmaps) == zone


@pytest.mark.parametrize(
    ("shape", "hot", "zone"),
    [((1, 2, 2), (1, 1), "lower right"), ((1, 1, 1), (0, 0), "middle centre"),
     ((1, 1, 2), (0, 0), "middle left"), ((1, 5, 1), (4, 0), "lower centre")],
)  # fmt: skip
def test_small_grids_have_fewer_zones(shape: tuple, hot: tuple, zone: str) -> None:
    heatmaps = np.zeros(shape)
    heatmaps[0][hot] = 1
    assert zone_of(heatmaps) == zone


@pytest.mark.parametrize(
    ("about", "negative", "key"),
    [
        (("waving",), True, "heatmap.against"),
        (("waving", "a"), False, "heatmap.for_rather_than"),
        (("waving", "a"), True, "heatmap.against_rather_than"),
    ],
)
def test_a_heatmap_is_named_by_its_labels(about: tuple, negative: bool, key: str) -> None:
    explanation = explanation_of(np.ones((1, 3, 3)), "relevance", about, negative=negative)
    name = t("methods.relevance.name")
    assert heatmap_name(explanation) == t(key, name=name, label="waving", other="a")


@pytest.mark.parametrize("shape", [(2, 1, 1), (5, 2, 7), (3, 4, 1)])
def test_every_grid_has_a_sentence(shape: tuple[int, int, int]) -> None:
    assert zone_of(np.random.default_rng(0).random(shape))


def test_a_heatmap_of_zeros_has_a_sentence() -> None:
    nothing = np.zeros((2, 3, 3))
    explanation = explanation_of(nothing, "gradcam", ("a", "b"))
    assert heatmap_text(explanation) == t("heatmap.nowhere", name=heatmap_name(explanation))


def check_of(after: float) -> Check:
    """Return a check: masking a tenth leaves `after` of the probability, at random 0.95."""
    tenth = FRACTIONS.index(0.1)
    deletion = [1.0] * len(FRACTIONS)
    deletion[tenth] = after
    even = [1.0] * len(FRACTIONS)
    even[tenth] = 0.95
    shown = (0.0,) * len(FRACTIONS)
    random = DeletionCurves(tuple(even), shown)
    return Check("waving", DeletionCurves(tuple(deletion), shown), (random, random))


@pytest.mark.parametrize(("after", "points"), [(0.69, -31), (0.99, -1), (0.999, 0), (1.2, 20)])
def test_points_are_drops_of_the_curves(after: float, points: int) -> None:
    check = check_of(after)
    assert check_text(explanation_of(np.ones((1, 3, 3))), check) == t(
        "heatmap.check",
        name=t("methods.rollout.name"),
        label="waving",
        points=points,
        random_points=-5,
        area=check.curves.area,
        random_area=check.random_area,
    )
