"""Limits at the door: what may be sent here, how long it stays, and what is switched off."""

import os
from collections.abc import Mapping
from typing import Any

from ..checkpoints import embedded_models
from ..published import PUBLISHED

MODELS = "TIMESFORMER_MODELS"  # the environment variable in which the owner names them
MAX_FILE = "50mb"
MAX_WAITING = 64  # people in the queue
DELETE_CACHE = (60, 540)  # every minute, files not used for nine: gone within ten

LAUNCH: dict[str, Any] = {
    "max_file_size": MAX_FILE,
    "allowed_paths": [],
    "share": False,
    "show_error": False,
    "run_history": False,  # would keep what was shown in the browser of a shared computer
    "enable_monitoring": False,
    "footer_links": [],
    "pwa": False,
    "ssr_mode": False,
    "mcp_server": False,
}


def offered_models(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The models that visitors may choose: those the owner names, or all embedded and published.

    The owner names them in TIMESFORMER_MODELS, with commas between; the first is chosen at first.
    """
    named = [name.strip() for name in environment.get(MODELS, "").split(",")]
    chosen = tuple(dict.fromkeys(name for name in named if name))
    return chosen or (*embedded_models(), *(entry.name for entry in PUBLISHED))
