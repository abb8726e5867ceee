"""Sentences on an explanation, for everyone who cannot see its colours."""

from itertools import product

import numpy as np

from ..explain import Check, Explanation
from ..i18n import Value, label_text, t

TOP_K = 5  # labels that are shown
SPAN = 3 / 8  # of the frames, which a sentence names together: 3 of the 8 of most checkpoints
DOWN = ((), ("middle",), ("upper", "lower"), ("upper", "middle", "lower"))  # by their number
ACROSS = ((), ("centre",), ("left", "right"), ("left", "centre", "right"))


def heatmap_text(explanation: Explanation) -> str:
    """Return the sentence that names the frames with most of the heat, and the hottest zone."""
    heatmaps = explanation.heatmaps
    T, h, w = heatmaps.shape
    name = heatmap_name(explanation)
    if not heatmaps.any():
        return t("heatmap.nowhere", name=name)
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
    return t(
        "heatmap.densest_one" if span == 1 else "heatmap.densest",
        name=name,
        first=first + 1,
        last=first + span,
        T=T,
        share=share,
        even=span / T,
        zone=t(f"zones.{DOWN[len(rows)][down]} {ACROSS[len(columns)][across]}"),
        density=density,
    )


def heatmap_name(explanation: Explanation) -> str:
    """Return the name of the heatmap, with the labels that it explains."""
    name = t(f"methods.{explanation.method}.name")
    if not explanation.labels:
        return name
    label, *others = map(label_text, explanation.labels)
    side = "against" if explanation.options.negative else "for"
    key = f"heatmap.{side}_rather_than" if others else f"heatmap.{side}"
    return t(key, name=name, label=label, other="".join(others))


def check_text(explanation: Explanation, check: Check) -> str:
    """Return the sentence on the result of a deletion test."""
    before = check.curves.deletion[0]
    return t(
        "heatmap.check_value" if isinstance(before, Value) else "heatmap.check",
        name=heatmap_name(explanation),
        label=label_text(check.label),
        points=points_of(before, -check.drop),
        random_points=points_of(before, -check.random_drop),
        area=check.curves.area,
        random_area=check.random_area,
    )


def points_of(before: float, change: float) -> float:
    """Return the change of a probability in points, or of a Value as a Value."""
    return Value(change) if isinstance(before, Value) else round(100 * change)


def curve_text(shares: list[float], times: list[float]) -> str:
    """Return the sentence that says when the mean of a frame's heatmap is highest and lowest."""
    most, least = shares.index(max(shares)), shares.index(min(shares))
    return t(
        "strip.curve",
        highest=shares[most],
        highest_time=times[most],
        lowest=shares[least],
        lowest_time=times[least],
    )
