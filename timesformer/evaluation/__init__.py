"""Evaluation of motion models: accuracy, calibration and heatmaps on clips not in training."""

from .evaluate import CLIPS, evaluate
from .heatmap_scores import HEATMAPS_FILE, HeatmapScores
from .heatmaps import evaluate_heatmaps
from .results import RESULTS_FILE, Results
from .tables import full_report, heatmaps_side_by_side, side_by_side

__all__ = [
    "CLIPS",
    "HEATMAPS_FILE",
    "RESULTS_FILE",
    "HeatmapScores",
    "Results",
    "evaluate",
    "evaluate_heatmaps",
    "full_report",
    "heatmaps_side_by_side",
    "side_by_side",
]
