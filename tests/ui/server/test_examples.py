"""The route of the bundled example clips."""

import pytest
from starlette.requests import Request
from starlette.responses import FileResponse
from visitors import in_own_loop

from timesformer.ui.server import examples
from timesformer.ui.server.body import HTTPRefusal
from timesformer.ui.server.examples import EXAMPLES
from timesformer.ui.server.middleware import GET_ROUTES


def response_to(name: str) -> FileResponse:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [],
             "path_params": {"name": name}}  # fmt: skip
    return in_own_loop(examples.serve(Request(scope)))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_served_and_kept_by_browsers(name: str) -> None:
    assert GET_ROUTES.fullmatch(examples.ROUTE.format(name=name))
    response = response_to(name)
    assert response.path == EXAMPLES[name]
    assert response.media_type == "video/mp4"
    assert response.headers["cache-control"] == "public, max-age=86400"


@pytest.mark.parametrize("name", ["", "unknown", "../clips/hand-waving", "hand-waving.mp4", "\0"])
def test_other_files_are_refused(name: str) -> None:
    with pytest.raises(HTTPRefusal) as raised:
        response_to(name)
    assert raised.value.status == 404
