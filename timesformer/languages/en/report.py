"""English: the page to take along."""

REPORT_LEAD = (
    "This page is a file: it works without a network, and asks none for anything. Whoever has it "
    "has the frames of the clip, too."
)
REPORT_MADE = "How it was made"
REPORT_ALL = "All that is on record, as JSON"
REPORT_ROWS = {
    "model": "Model",
    "scheme": "Scheme",
    "method": "Heatmap",
    "about": "For the label",
    "times": "Frames at (seconds)",
    "part": "Part of the picture that it saw (pixels)",
    "grid": "Patches in a frame (rows, columns)",
    "weights": "SHA-256 of the weights",
    "versions": "Made with",
    "notes": "Notes",
}


def report_title(label: str) -> str:
    """The title of a page to take along."""
    return f"“{label}”: where and when the model looked"


def report_label(label: str, probability: float) -> str:
    """A label with its probability, for those who cannot see the bar."""
    return f"{label}: {probability:.1%}"


def report_part(left: float, top: float, width: float, height: float) -> str:
    """Which part of the source's picture the model saw."""
    return f"{width:.0f} wide, {height:.0f} high, {left:.0f} from the left, {top:.0f} from the top"


REPORT_FILM = "The frames with their heatmap; what the model did not see is dark."
