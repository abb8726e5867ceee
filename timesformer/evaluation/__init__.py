"""How often a motion model is right on clips it has never seen, how sure it is, where it looks."""

from .examine import CLIPS, evaluate
from .report import full_report, side_by_side
from .results import RESULTS_FILE, Results

__all__ = ["CLIPS", "RESULTS_FILE", "Results", "evaluate", "full_report", "side_by_side"]
