"""The explanation methods that were measured for a checkpoint."""

import json
from pathlib import Path

from ..hub.source import Source

HEATMAPS_FILE = "explanations.json"  # by `evaluate explanations --save`


def measured_methods(source: Source) -> tuple[str, ...]:
    """Return the explanation methods of a checkpoint's folder, the best measured first.

    The result is empty if none were measured, and for checkpoints on the Hub. Files of that name
    by other programs count as none.
    """
    if not isinstance(source, Path):
        return ()
    try:
        ranking = json.loads((source / HEATMAPS_FILE).read_text("utf-8"))["ranking"]
    except (OSError, ValueError, TypeError, KeyError):
        return ()
    is_read = isinstance(ranking, list) and all(isinstance(name, str) for name in ranking)
    return tuple(ranking) if is_read else ()
