"""How often a motion model is right on clips it has never seen, how sure it is, where it looks."""

from .examine import CLIPS, evaluate
from .explained import EXPLAINED_FILE, Explained
from .explanations import evaluate_explanations
from .report import full_report, heatmaps_side_by_side, side_by_side
from .results import RESULTS_FILE, Results

__all__ = [
    "CLIPS",
    "EXPLAINED_FILE",
    "RESULTS_FILE",
    "Explained",
    "Results",
    "evaluate",
    "evaluate_explanations",
    "full_report",
    "heatmaps_side_by_side",
    "side_by_side",
]
