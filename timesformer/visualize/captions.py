"""Sentences on an explanation, for everyone who cannot see its colours."""

from itertools import product
from typing import NamedTuple

import numpy as np

from ..explain import Check, Explanation
from ..explain.fewest import KEPT, FewestPatches
from ..i18n import Value, label_text, t

TOP_K = 5  # labels that are shown
MIN_UNEVEN = 1.2  # times as much heat as elsewhere, to be worth a sentence
SPAN = 3 / 8  # of the frames, which a sentence names together: 3 of the 8 of most checkpoints
DOWN = ((), ("middle",), ("upper", "lower"), ("upper", "middle", "lower"))  # by their number
ACROSS = ((), ("centre",), ("left", "right"), ("left", "centre", "right"))


class Hottest(NamedTuple):
    """The frames with most of the heat, counted from 1, and the hottest zone in them.

    share: of the heat in these frames. even: share of a uniform heatmap. density: mean heat of the
    zone, in "times uniform".
    """

    first: int
    last: int
    T: int
    share: float
    even: float
    zone: str
    density: float


def hottest(heatmaps: np.ndarray) -> Hottest:
    """Return where and when heatmaps (T, h, w) are strongest."""
    T, h, w = heatmaps.shape
    span = max(1, round(SPAN * T))
    sums = np.convolve(heatmaps.sum(axis=(1, 2)), np.ones(span), "valid")
    first = int(sums.argmax())
    part = heatmaps[first : first + span].mean(axis=0)
    rows, columns = (np.array_split(np.arange(n), min(3, n)) for n in (h, w))
    density, down, across = max(
        (float(part[np.ix_(rows[i], columns[j])].mean()), i, j)
        for i, j in product(range(len(rows)), range(len(columns)))
    )
    return Hottest(
        first=first + 1,
        last=first + span,
        T=T,
        share=sums[first] / heatmaps.sum(),
        even=span / T,
        zone=t(f"zones.{DOWN[len(rows)][down]} {ACROSS[len(columns)][across]}"),
        density=density,
    )


def heatmap_text(explanation: Explanation) -> str:
    """Return the sentence that names the frames with most of the heat, and the hottest zone."""
    name = heatmap_name(explanation)
    if not explanation.heatmaps.any():
        return t("heatmap.nowhere", name=name)
    found = hottest(explanation.heatmaps)
    key = "heatmap.densest_one" if found.first == found.last else "heatmap.densest"
    return t(key, name=name, **found._asdict()) + _moved_text(explanation)


def short_heatmap_text(explanation: Explanation) -> str:
    """Return the sentence of `heatmap_text` without its numbers."""
    if not explanation.heatmaps.any():
        return t("heatmap.nowhere", name=heatmap_name(explanation))
    found = hottest(explanation.heatmaps)
    if found.share < MIN_UNEVEN * found.even:
        return t("heatmap.short_even", zone=found.zone) + _moved_text(explanation)
    key = "heatmap.short_one" if found.first == found.last else "heatmap.short"
    return t(key, **found._asdict()) + _moved_text(explanation)


def _moved_text(explanation: Explanation) -> str:
    """Return the sentence on the share of motion, after a space, or nothing."""
    share = explanation.moved_share
    return "" if share is None else f" {t('heatmap.moved', share=share)}"


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


def fewest_text(fewest: FewestPatches, label: str) -> str:
    """Return the sentence on the fewest patches that keep the answer, by heat and at random."""
    is_value = isinstance(fewest.by_heat.curve[fewest.total], Value)
    return t(
        "experiments.fewest_value" if is_value else "experiments.fewest_enough",
        label=label_text(label),
        count=fewest.by_heat.count,
        total=fewest.total,
        random=fewest.random.count,
        share=KEPT,
    )


def points_of(before: float, change: float) -> float:
    """Return the change of a probability in points, or of a Value as a Value."""
    return Value(change) if isinstance(before, Value) else round(100 * change)


def curve_text(shares: list[float], times: list[float]) -> str:
    """Return the sentence that says when the mean of a frame's heatmap is highest and lowest."""
    most, least = shares.index(max(shares)), shares.index(min(shares))
    if shares[most] < MIN_UNEVEN * shares[least]:
        return t("strip.even")
    return t(
        "strip.curve",
        highest=shares[most],
        highest_time=times[most],
        lowest=shares[least],
        lowest_time=times[least],
    )
