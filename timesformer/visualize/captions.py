"""The numbers of an explanation in words, for people who cannot see its colours."""

from itertools import product

import numpy as np

from .. import text
from ..explain.registry import Check, Explanation

SPAN = 3 / 8  # of a clip: as many frames as are named together
DOWN = ((), ("middle",), ("upper", "lower"), ("upper", "middle", "lower"))  # by their count
ACROSS = ((), ("centre",), ("left", "right"), ("left", "centre", "right"))


def where_and_when(explanation: Explanation) -> str:
    """In which frames most of the heat is, and where it is densest in those."""
    heatmaps = explanation.heatmaps
    T, h, w = heatmaps.shape
    name = name_of(explanation)
    if not heatmaps.any():
        return str(text.nowhere(name))
    span = max(1, round(SPAN * T))
    sums = np.convolve(heatmaps.sum(axis=(1, 2)), np.ones(span), "valid")
    first = int(sums.argmax())
    share = sums[first] / heatmaps.sum()
    part = heatmaps[first : first + span].mean(axis=0)
    rows, columns = (np.array_split(np.arange(n), min(3, n)) for n in (h, w))
    density, down, across = max(
        (float(part[np.ix_(rows[i], columns[j])].mean()), i, j)
        for i, j in product(range(len(rows)), range(len(columns)))
    )
    zone = text.ZONES[f"{DOWN[len(rows)][down]} {ACROSS[len(columns)][across]}"]
    return str(text.densest(name, first + 1, first + span, T, share, zone, density))


def name_of(explanation: Explanation) -> str:
    """What the heat is, and of which label, if it is of one."""
    name = text.HEAT_NAMES[explanation.method]
    labels = [text.label_words(label) for label in explanation.labels]
    against = explanation.options.negative
    return str(text.heat_about(name, labels, against) if labels else name)


def whether_it_counts(explanation: Explanation, check: Check) -> str:
    """What covering the hottest patches does to the answer, beside covering any."""
    points, any_points = (round(100 * fall) for fall in (check.fall, check.random_fall))
    gaps = check.curves.gap, check.random_gap
    return str(
        text.counts(name_of(explanation), text.label_words(check.label), points, any_points, *gaps)
    )
