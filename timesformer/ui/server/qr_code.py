"""The route of the QR code of a link, which the dialog for sharing shows."""

from functools import lru_cache
from io import BytesIO

import segno
from starlette.requests import Request
from starlette.responses import Response

from . import limits
from .body import HTTPRefusal

BORDER = 4  # modules of white, as the standard asks


def serve(request: Request) -> Response:
    """Return the code of `link` as SVG. Raises HTTPRefusal for no link, and for a long one.

    The function is no coroutine, so Starlette runs it in a thread: a code takes 20 ms.
    """
    link = request.query_params.get("link", "")
    if not link.startswith(("https://", "http://")) or len(link.encode()) > limits.MAX_LINK:
        raise HTTPRefusal(400, "bad_request")
    return Response(draw(link), media_type="image/svg+xml", headers={"cache-control": "no-store"})


@lru_cache(maxsize=64)
def draw(link: str) -> bytes:
    """Return the QR code of a link as an SVG file."""
    file = BytesIO()
    segno.make_qr(link, error="m").save(file, kind="svg", border=BORDER, omitsize=True)
    return file.getvalue()
