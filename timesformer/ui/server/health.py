"""Health routes, which report if the page can accept a clip.

The answers are immediate, and contain no path, no version and nothing about a visitor.
"""

import asyncio
import time
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from ...errors import ClipError
from ...video import sandbox
from .. import model_choices
from . import limits
from .temp_files import TempFiles
from .uploads import Uploads


class Health:
    """The routes /health and /ready."""

    def __init__(self, temp_files: TempFiles, uploads: Uploads) -> None:
        self.temp_files, self.uploads = temp_files, uploads
        self._models = list(model_choices.offered_models())

    async def health(self, request: Request) -> JSONResponse:
        """Return the state of the page as a JSON object."""
        return JSONResponse(
            {
                "ready": self._is_ready(request),
                "models": self._models,
                "waiting": len(request.app.get_blocks()._queue),
                "protections": self.protections() | await asyncio.to_thread(_sandbox_protections),
            }
        )

    async def ready(self, request: Request) -> JSONResponse:
        """Return status 200 if a clip would be accepted now, and 503 if not."""
        is_ready = self._is_ready(request)
        return JSONResponse({"ready": is_ready}, 200 if is_ready else 503)

    def protections(self) -> dict[str, bool]:
        """Return the protections of the server by name, each True if it is active."""
        is_swept = time.monotonic() - self.temp_files.swept_at < 3 * limits.SWEEP_SECONDS
        return {
            "files_private": self.temp_files.is_private,
            "files_swept": is_swept,
            "room_for_uploads": self.uploads.has_room,
        }

    def _is_ready(self, request: Request) -> bool:
        queue: Any = request.app.get_blocks()._queue
        is_full = len(queue) >= limits.MAX_WAITING
        return self.uploads.has_room and not queue.stopped and not is_full


def _sandbox_protections() -> dict[str, bool]:
    """Return the protections of the sandbox by name.

    They are tested once, and again only if the sandbox could not start.
    """
    try:
        return _cached_protections()
    except ClipError:
        return {"process_apart": False}


@cache
def _cached_protections() -> dict[str, bool]:
    return {name.replace(" ", "_"): is_active for name, is_active in sandbox.protections().items()}
