"""Limits at the door: what may be sent here, how long it stays, and what is switched off."""

from typing import Any

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
