"""English: heatmaps in words."""

from collections.abc import Sequence

CAVEATS = {
    "rollout": "What could flow to the answer through the attention of all blocks, whatever "
    "the label. It is almost flat over time by construction.",
    "attention": "What one block read in space attention, whatever the label; what it made of "
    "that, and the other blocks, are left out.",
    "time-attention": "How much of each patch the frames read at its place in time attention of "
    "one block; whether the answer used it is not in it.",
    "relevance": "Where more attention would have raised the score of the label, by gradients: "
    "true of small changes, and of attention alone.",
    "gradsam": "Which of the attention that the answer paid in the last block raised the score "
    "of the label, by gradients; what earlier blocks had carried where is left out.",
    "gradcam": "Where what the last block reads speaks for the label, weighed alike in all "
    "frames: places rather than moments.",
    "occlusion": "How far the score of the label falls when a piece is covered in the mean "
    "colour of the clip; none that the model learned from looked like that.",
}
HEAT_NAMES = {
    "rollout": "rollout",
    "attention": "attention",
    "time-attention": "time attention",
    "relevance": "relevance",
    "gradsam": "Grad-SAM",
    "gradcam": "Grad-CAM",
    "occlusion": "occlusion",
}
ZONES = {
    "upper left": "upper left",
    "upper centre": "upper centre",
    "upper right": "upper right",
    "middle left": "middle left",
    "middle centre": "middle",
    "middle right": "middle right",
    "lower left": "lower left",
    "lower centre": "lower centre",
    "lower right": "lower right",
}


def heat_about(name: str, labels: Sequence[str], against: bool) -> str:
    """What the heat is, and for or against which label, or rather than which other."""
    about = " rather than ".join(f"“{label}”" for label in labels)
    return f"{name} {'against' if against else 'for'} {about}"


def nowhere(name: str) -> str:
    """That there is no heat."""
    return f"There is no {name} anywhere."


def densest(
    name: str, first: int, last: int, T: int, share: float, zone: str, density: float
) -> str:
    """In which frames most of the heat is, and where it is densest in those."""
    frames = f"Frame {first}" if first == last else f"Frames {first} to {last}"
    return (
        f"{frames} of {T} {'holds' if first == last else 'hold'} {share:.0%} of the {name}, where "
        f"an even share is {(last - first + 1) / T:.0%}; it is densest in the {zone} there, "
        f"{density:.1f} times uniform."
    )


def counts(
    name: str, label: str, points: int, random_points: int, gap: float, random_gap: float
) -> str:
    """What covering the hottest tenth takes off a probability, beside a random tenth."""
    return (
        f"By {name}: covering the hottest tenth of the patches {_taken(points)} the probability of "
        f"“{label}”; covering a random tenth {_taken(random_points)} it. Shown hottest first "
        f"rather than covered, the area between is {gap:.2f}, of random maps {random_gap:.2f}."
    )


def _taken(points: int) -> str:
    if not points:
        return "hardly changes"
    noun = "point" if abs(points) == 1 else "points"
    return f"takes {points} {noun} off" if points > 0 else f"adds {-points} {noun} to"
