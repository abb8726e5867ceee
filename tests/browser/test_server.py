"""The start of a server, as `python app.py` does it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from sentences import is_answer
from server import ROOT, served
from visitors import Answered, Visitor, draw_files, in_own_loop, open_client

from timesformer.i18n import t
from timesformer.ui.page import FIRST_EXAMPLE
from timesformer.ui.server import limits
from timesformer.ui.server.examples import EXAMPLES

LAUNCHED = "from app import demo; demo.launch()"
MOUNTED = """
import os, uvicorn
from app import demo
from fastapi import FastAPI
app = FastAPI()
app.get("/")(lambda: "another page")
uvicorn.run(demo.mount(app, "/look"), port=int(os.environ["GRADIO_SERVER_PORT"]))
"""
NAME = next(iter(EXAMPLES))
RECORD_FREEZING = f"""
import gc, os
from timesformer.ui.server import examples
examples.EXAMPLES = {{name: examples.EXAMPLES[name] for name in ({NAME!r}, {FIRST_EXAMPLE!r})}}
freeze = gc.freeze
def record():
    freeze()
    with open(os.environ["FROZEN"], "a") as file:
        print(gc.get_freeze_count(), file=file)
gc.freeze = record
"""


def test_example_answers_are_cached_and_permanent_objects_are_not_collected(tmp_path: Path) -> None:
    """Else a full garbage collection stops the event loop for half a second, again and again."""
    frozen = tmp_path / "frozen"

    async def recall(address: str) -> str:
        async with open_client(address) as client:
            visitor = Visitor(client, (await client.get("/config")).json())
            return (await visitor.recall({"clip": {"example": NAME}, "model": "motion"})).text

    environment = {"FROZEN": str(frozen)}
    first = f"exec({RECORD_FREEZING!r})"
    with served(tmp_path, first=first, environment=environment) as address:
        deadline = time.monotonic() + 600
        while not frozen.exists() or len(frozen.read_text().splitlines()) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        at_start, after_answers = map(int, frozen.read_text().splitlines())
        assert 200_000 < at_start < after_answers
        assert is_answer(in_own_loop(recall(address)))


@pytest.mark.parametrize(("run", "path"), [(LAUNCHED, ""), (MOUNTED, "/look")])
def test_a_page_that_is_served_in_another_way_has_its_limits(
    run: str, path: str, tmp_path: Path
) -> None:
    clip = draw_files(tmp_path, 1, seed=12)[0].read_bytes()

    async def request_answer(address: str) -> Answered:
        async with open_client(address) as client:
            visitor = Visitor(client, (await client.get("/config")).json())
            return await visitor.request_answer(await visitor.upload(clip, "holiday.mp4"))

    with served(tmp_path, run=run) as address:
        assert in_own_loop(request_answer(address + path)).is_answer
        assert not list(tmp_path.glob("files/run-*/files/clip-*"))
        with httpx.Client(base_url=address + path, timeout=60) as client:
            closed = client.get("/gradio_api/info").json()
            assert closed["detail"] == t("errors.server.not_found")
            large = client.post("/gradio_api/reset", content=bytes(limits.MAX_JSON_BYTES + 1))
            assert large.status_code == 413
            assert client.get("/scripts/x/page.js").status_code == 404
            assert client.get("/health").json()["protections"]["files_swept"]


def test_the_command_gradio_is_refused(tmp_path: Path) -> None:
    """The command runs app.py a second time, with another folder for visitors' files."""
    run = subprocess.run(
        [sys.executable, "-m", "gradio", "app.py"], cwd=ROOT, capture_output=True, text=True,
        env=os.environ | {"GRADIO_TEMP_DIR": str(tmp_path)},
    )  # fmt: skip
    assert run.stderr.strip() == t("errors.page.no_reload")
