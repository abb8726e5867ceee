"""Route by which the page asks whether the server still has an uploaded clip."""

from starlette.requests import Request
from starlette.responses import Response

from .body import HTTPRefusal
from .clip_cache import ClipCache
from .temp_files import TempFiles


class ClipStatus:
    """The route. The page uploads a clip again if the answer is 410."""

    def __init__(self, temp_files: TempFiles, clip_cache: ClipCache) -> None:
        self.temp_files, self.clip_cache = temp_files, clip_cache

    async def respond(self, request: Request) -> Response:
        """Return status 204 if the clip's file or frames are here, and 410 if not."""
        path = request.query_params.get("path", "")
        if not self.temp_files.contains(path):
            raise HTTPRefusal(404, "not_found")
        return Response(status_code=204 if self.clip_cache.can_read(path) else 410)
