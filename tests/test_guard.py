"""Which routes there are, and which of them the door lets anybody reach; bodies as they come."""

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.types import Message, Receive
from visitors import in_own_loop

from timesformer import text
from timesformer.ui import body, guard
from timesformer.ui.body import Refused, counted, pass_over, read_whole

ROOT = Path(__file__).parents[1]

LISTED = """
import json
from fastapi.routing import iter_route_contexts
from gradio.routes import App
from timesformer.ui.page import build_page, launch_settings
from timesformer.ui.storage import open_storage
storage = open_storage()
storage.use()
app = App.create_app(build_page(["motion"]), app_kwargs=launch_settings(storage)["app_kwargs"])
routes = {(method, route.path) for route in iter_route_contexts(app.routes)
          for method in route.methods}
print(json.dumps(sorted(routes)))
"""

# What Gradio offers. A route that is in neither list is new: does the page need it?
OPEN = """
GET / /de /es /fr /zh /config /theme.css /favicon.ico /manifest.json /robots.txt /health /ready
GET /assets/{path:path} /static/{path:path} /svelte/{path:path}
GET .../queue/data .../upload_progress .../app_id .../startup-events .../theme.css
GET .../heartbeat/{session_hash} .../file={path_or_url:path}
HEAD / /health /ready .../file={path_or_url:path}
POST .../upload .../queue/join .../cancel .../reset .../run/{api_name}
"""
CLOSED = """
GET /logout /monitoring /monitoring/summary /monitoring/{key} /pwa_icon /pwa_icon/{size}
GET .../info .../openapi.json .../login_check .../user .../token .../dev/reload .../queue/status
GET .../deep_link .../file/{path:path} .../proxy={url_path:path} .../runs .../vibe-code
GET .../custom_component/{id}/{environment}/{type}/{file_name}
GET .../call/{api_name}/{event_id} .../call/v2/{api_name}/{event_id}
GET .../run-history/buckets .../run-history/records
GET .../run-history/records/{endpoint}/{record_id}/assets/{asset_id}
GET .../stream/{session_hash}/{run}/{component_id}/playlist-file
GET .../stream/{session_hash}/{run}/{component_id}/playlist.m3u8
GET .../stream/{session_hash}/{run}/{component_id}/{segment_id}.{ext}
HEAD .../proxy={url_path:path}
POST /login .../api/{api_name} .../call/{api_name} .../call/v2/{api_name} .../component_server
POST .../process_recording .../run-history/connect .../stream/{event_id}
POST .../stream/{event_id}/close .../undo-vibe-edit .../vibe-code .../vibe-edit
POST .../vibe-starter-queries
"""


def routes_of(listing: str) -> set[tuple[str, str]]:
    lines = [line.split() for line in listing.strip().splitlines()]
    return {(method, path.replace("...", guard.API)) for method, *paths in lines for path in paths}


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """In a process of its own: Gradio leaves an event loop open, which is a warning here."""
    run = subprocess.run(
        [sys.executable, "-c", LISTED], cwd=ROOT, capture_output=True, check=True,
        env=os.environ | {"GRADIO_TEMP_DIR": str(tmp_path_factory.mktemp("files"))},
    )  # fmt: skip
    found = {(method, path) for method, path in json.loads(run.stdout)}
    return {(method, path.rstrip("/") or "/") for method, path in found}


def test_every_route_is_known(routes: set[tuple[str, str]]) -> None:
    assert routes == routes_of(OPEN) | routes_of(CLOSED)


def test_the_door_opens_to_what_is_listed_and_nothing_else() -> None:
    def is_open(method: str, path: str) -> bool:
        filled = re.sub(r"\{[^}]*\}", "some", path)
        return bool((guard.SENT if method == "POST" else guard.READ).fullmatch(filled))

    assert {route for route in routes_of(OPEN) if not is_open(*route)} == set()
    assert {route for route in routes_of(CLOSED) if is_open(*route)} == set()


def sends(*messages: Message, then_waits: bool = False) -> Receive:
    given = list(messages)

    async def receive() -> Message:
        if not given and then_waits:
            await asyncio.sleep(60)
        return given.pop(0)

    return receive


def part(content: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": content, "more_body": more}


def test_a_body_is_read_to_its_end_and_no_further_than_its_cap() -> None:
    whole = sends(part(b"ab"), part(b"cd", more=False))
    assert in_own_loop(read_whole(whole, most=4)) == b"abcd"
    larger = sends(part(b"ab"), part(b"cde"))
    for reading in (
        read_whole(larger, most=4),
        pass_over(counted(sends(part(b"ab"), part(b"cde")), most=4)),
    ):
        with pytest.raises(Refused) as refused:
            in_own_loop(reading)
        assert (refused.value.status, refused.value.sentence) == (413, text.TOO_LARGE)


def test_nobody_waits_behind_the_end_of_a_body() -> None:
    async def read_twice() -> None:
        receive = counted(sends(part(b"ab", more=False), then_waits=True), most=4)
        await receive()
        await asyncio.wait_for(pass_over(receive), 1)

    in_own_loop(read_twice())


def test_whoever_goes_silent_or_away_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "SILENCE", 0.01)
    for gone in (
        sends(part(b"ab"), then_waits=True),
        sends(part(b"ab"), {"type": "http.disconnect"}),
    ):
        with pytest.raises(Refused) as refused:
            in_own_loop(read_whole(gone, most=4))
        assert (refused.value.status, refused.value.sentence) == (408, text.BROKEN_OFF)


def test_whoever_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def drip() -> Message:
        await asyncio.sleep(0.01)
        return part(b"a")

    monkeypatch.setattr(body, "LONGEST", 0.05)
    with pytest.raises(Refused) as refused:
        in_own_loop(read_whole(drip, most=1000))
    assert refused.value.status == 408
