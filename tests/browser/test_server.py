"""The start of a server, as `python app.py` does it."""

import re
import time
from pathlib import Path

from sentences import pattern_of
from server import served
from visitors import Visitor, in_own_loop, open_client

from timesformer.ui.server.examples import EXAMPLES

NAME, FILE = next(iter(EXAMPLES.items()))
RECORD_FREEZING = f"""
import gc, os
from timesformer.ui import handlers
handlers.EXAMPLES = {{{NAME!r}: handlers.EXAMPLES[{NAME!r}]}}
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

    async def request_answer(address: str) -> str:
        async with open_client(address) as client:
            visitor = Visitor(client, (await client.get("/config")).json())
            return (await visitor.request_answer(await visitor.upload(FILE.read_bytes()))).outputs

    environment = {"FROZEN": str(frozen)}
    first = f"exec({RECORD_FREEZING!r})"
    with served(tmp_path, first=first, environment=environment) as address:
        deadline = time.monotonic() + 600
        while not frozen.exists() or len(frozen.read_text().splitlines()) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        at_start, after_answers = map(int, frozen.read_text().splitlines())
        assert 200_000 < at_start < after_answers
        assert re.search(pattern_of("status.answered_before"), in_own_loop(request_answer(address)))
