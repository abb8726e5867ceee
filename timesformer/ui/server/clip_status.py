"""Route by which the page asks whether the server still has an uploaded clip."""

from starlette.requests import Request
from starlette.responses import Response

from ...i18n import t
from .body import Refused
from .clip_cache import Held
from .temp_files import Storage


class ClipStatus:
    """The route. The page uploads a clip again if the answer is 410."""

    def __init__(self, storage: Storage, held: Held) -> None:
        self.storage, self.held = storage, held

    async def respond(self, request: Request) -> Response:
        """Return status 204 if the clip's file or frames are here, and 410 if not."""
        path = request.query_params.get("path", "")
        if not self.storage.holds(path):
            raise Refused(404, t("errors.server.not_found"))
        return Response(status_code=204 if self.held.can_read(path) else 410)
