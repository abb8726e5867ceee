"""How soon the page is there, and how soon it answers, through its own protocol.

Seconds from `python app.py` to the page, and from the upload of ten seconds of 1280 x 720 to what
the embedded model says of them, with one visitor on the same machine: first the labels, the film,
the strip and the curve, then the explorer too.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from statistics import median

import numpy as np

from timesformer import write_mp4

from ..browser.server import served
from ..visitors import Answered, Visitor, open_client

STARTS, CLIPS = 3, 7
FPS, SECONDS = 30, 10
ALONE = "pass"  # run before the app, and then no answers are prepared


def film(path: Path) -> bytes:
    """A square that crosses a quilt, of which no two clips are alike."""
    quilt = np.random.default_rng(0).integers(60, 200, (18, 32, 3), np.uint8)
    ground = quilt.repeat(40, axis=0).repeat(40, axis=1)
    frames = []
    for number in range(FPS * SECONDS):
        frame = ground.copy()
        left = 3 * number
        frame[240:480, left : left + 240] = 255
        frames.append(frame)
    write_mp4(path, iter(frames), fps=Fraction(FPS))
    return path.read_bytes()


def start() -> float:
    """Seconds to the page."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with served(Path(folder)):
            return time.perf_counter() - began


async def visits(address: str, clip: bytes) -> list[Answered]:
    """What visitors see who come one after the other; their clocks run from the upload."""
    seen = []
    async with open_client(address) as client:
        config = (await client.get("/config")).json()
        for _ in range(1 + CLIPS):
            visitor, began = Visitor(client, config), time.monotonic()
            path = await visitor.upload(clip)
            uploading = time.monotonic() - began
            answer = await visitor.ask(path)
            assert answer.is_answer, answer.said[-300:]
            answer.shown, answer.end = answer.shown + uploading, answer.end + uploading
            seen.append(answer)
    return seen[1:]


def row(name: str, seconds: list[float]) -> str:
    """The median with its spread."""
    return f"| {name} | {median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f}) |"


def report() -> Iterator[str]:
    """The table, a line at a time."""
    yield "| | seconds, median (fastest to slowest) |"
    yield "|---|---|"
    yield row("start to page", [start() for _ in range(STARTS)])
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        clip = film(folder / "film.mp4")
        with served(folder, first=ALONE) as address:
            seen = asyncio.run(visits(address, clip))
    yield row("upload to answer", [one.shown for one in seen])
    yield row("upload to explorer", [one.end for one in seen])
