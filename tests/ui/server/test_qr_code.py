"""QR codes of links: drawn for links of a moderate length, and for nothing else."""

from urllib.parse import urlencode

import pytest
from starlette.requests import Request

from timesformer.ui.server import limits, qr_code
from timesformer.ui.server.body import HTTPRefusal

LINK = "https://example.org/de#lesson=follow&hide=none"


def request(**query: str) -> Request:
    return Request({"type": "http", "query_string": urlencode(query).encode(), "headers": []})


def test_a_link_becomes_an_svg_that_no_cache_keeps() -> None:
    response = qr_code.serve(request(link=LINK))
    assert response.media_type == "image/svg+xml"
    assert response.headers["cache-control"] == "no-store"
    assert bytes(response.body).startswith(b"<?xml")
    assert response.body != qr_code.serve(request(link=f"{LINK}!")).body


def test_the_longest_link_fits() -> None:
    link = LINK + "x" * (limits.MAX_LINK - len(LINK))
    assert qr_code.serve(request(link=link)).status_code == 200
    with pytest.raises(HTTPRefusal):
        qr_code.serve(request(link=f"{link}x"))


@pytest.mark.parametrize("query", [{}, {"link": ""}, {"link": "javascript:alert(1)"}])
def test_anything_else_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(HTTPRefusal):
        qr_code.serve(request(**query))
