"""Whether the page can take a clip, for whoever keeps it running; answered at once.

What is told helps nobody to attack: no path, no version, nothing of a visitor.
"""

import asyncio
import time
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from ...errors import ClipError
from ...video import sandbox
from .. import catalog
from . import middleware
from .temp_files import SWEPT_EVERY, Storage
from .uploads import Uploads


class Health:
    """The routes that tell how the page is."""

    def __init__(self, storage: Storage, uploads: Uploads) -> None:
        self.storage, self.uploads = storage, uploads
        self._models = list(catalog.offered_models())

    async def health(self, request: Request) -> JSONResponse:
        """All of it, as an object."""
        return JSONResponse(
            {
                "ready": self._is_ready(request),
                "models": self._models,
                "waiting": len(request.app.get_blocks()._queue),
                "protections": self.protections() | await asyncio.to_thread(_of_reading),
            }
        )

    async def ready(self, request: Request) -> JSONResponse:
        """Status 200 where a clip would be taken now, 503 where it would not."""
        is_ready = self._is_ready(request)
        return JSONResponse({"ready": is_ready}, 200 if is_ready else 503)

    def protections(self) -> dict[str, bool]:
        """What depends on this computer and on how the server does, and whether it holds."""
        return {
            "files_private": self.storage.is_private,
            "files_swept": time.monotonic() - self.storage.swept_at < 3 * SWEPT_EVERY,
            "room_for_uploads": self.uploads.has_room,
        }

    def _is_ready(self, request: Request) -> bool:
        queue: Any = request.app.get_blocks()._queue
        is_full = len(queue) >= middleware.MAX_WAITING
        return self.uploads.has_room and not queue.stopped and not is_full


def _of_reading() -> dict[str, bool]:
    """What holds where clips are read; asked for again only where nothing could be read."""
    try:
        return _found_in_reading()
    except ClipError:
        return {"process_apart": False}


@cache
def _found_in_reading() -> dict[str, bool]:
    return {name.replace(" ", "_"): holds for name, holds in sandbox.protections().items()}
