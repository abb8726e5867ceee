"""English."""

from . import errors, explorer, habits, heat, lessons, page, report, trials, works

PARTS = (habits, page, lessons, works, report, trials, explorer, heat, errors)
