"""Evaluation of motion models: accuracy, calibration and heatmaps on clips not in training."""

from ..checkpoints.measured import HEATMAPS_FILE
from .evaluate import CLIPS, evaluate
from .heatmap_scores import HeatmapScores
from .heatmaps import evaluate_heatmaps
from .masked_videos import evaluate_masked_videos
from .results import RESULTS_FILE, Results
from .tables import full_report, heatmaps_side_by_side, moved_side_by_side, side_by_side

__all__ = [
    "CLIPS",
    "HEATMAPS_FILE",
    "RESULTS_FILE",
    "HeatmapScores",
    "Results",
    "evaluate",
    "evaluate_heatmaps",
    "evaluate_masked_videos",
    "full_report",
    "heatmaps_side_by_side",
    "moved_side_by_side",
    "side_by_side",
]
