"""Chinese (simplified)."""

from . import door, errors, explorer, habits, heat, lessons, page, report, trials, works

PARTS = (habits, page, door, lessons, works, report, trials, explorer, heat, errors)
