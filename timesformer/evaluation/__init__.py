"""How often a motion model is right on clips it has never seen, how sure it is, where it looks."""

from .evaluate import CLIPS, evaluate
from .heatmap_scores import EXPLAINED_FILE, Explained
from .heatmaps import evaluate_explanations
from .results import RESULTS_FILE, Results
from .tables import full_report, heatmaps_side_by_side, side_by_side

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
