"""Sentences written from the numbers of an explanation, for people who cannot see its colours."""

from itertools import product

import numpy as np

from .explanations import Check, Explanation

SPAN = 3 / 8  # of a clip: as many frames as are named together
NAMES = {"gradcam": "Grad-CAM", "time-attention": "time attention"}  # as people call them
DOWN = ((), ("middle",), ("upper", "lower"), ("upper", "middle", "lower"))  # by their count
ACROSS = ((), ("centre",), ("left", "right"), ("left", "centre", "right"))


def where_and_when(explanation: Explanation) -> str:
    """In which frames most of the heat is, and where it is densest in those."""
    heatmaps = explanation.heatmaps
    T, h, w = heatmaps.shape
    if not heatmaps.any():
        return f"There is no {name_of(explanation)} anywhere."
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
    zone = _zone(DOWN[len(rows)][down], ACROSS[len(columns)][across])
    frames = f"Frame {first + 1}" if span == 1 else f"Frames {first + 1} to {first + span}"
    verb = "holds" if span == 1 else "hold"
    return (
        f"{frames} of {T} {verb} {share:.0%} of the {name_of(explanation)}, where an even share is "
        f"{span / T:.0%}; it is densest in the {zone} there, {density:.1f} times "
        "uniform."
    )


def _zone(down: str, across: str) -> str:
    return "middle" if (down, across) == ("middle", "centre") else f"{down} {across}"


def name_of(explanation: Explanation) -> str:
    """What the heat is, and of which label, if it is of one."""
    name = NAMES.get(explanation.method, explanation.method)
    about = " rather than ".join(f"“{label}”" for label in explanation.labels)
    against = explanation.options.negative
    return f"{name} {'against' if against else 'for'} {about}" if about else name


def whether_it_counts(explanation: Explanation, check: Check) -> str:
    """What covering the hottest patches does to the answer, beside covering any."""
    hot, any_tenth = _change(check.fall), _change(check.random_fall)
    return (
        f"By {name_of(explanation)}: covering the hottest tenth of the patches {hot} the "
        f"probability of “{check.label}”; covering a random tenth {any_tenth} it. Shown hottest "
        f"first rather than covered, the area between is {check.curves.gap:.2f}, of random maps "
        f"{check.random_gap:.2f}."
    )


def _change(fall: float) -> str:
    points = round(100 * abs(fall))
    noun = "point" if points == 1 else "points"
    if not points:
        return "hardly changes"
    return f"takes {points} {noun} off" if fall > 0 else f"adds {points} {noun} to"
