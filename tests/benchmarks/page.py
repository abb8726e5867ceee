"""Latency of the page, through its own protocol.

Seconds from `python app.py` to the page, and from the upload of ten seconds of 1280 x 720 to the
result of the embedded model, with one visitor on the same machine. "Answer" has labels, overlay,
strip and curve; "explorer" is complete.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from server import served
from visitors import Answered, Visitor, open_client

from timesformer import write_mp4

from .measure import spread

STARTS, CLIPS = 3, 7
FPS, SECONDS = 30, 10
ALONE = "pass"  # code to run before the app; with any, no answers are prepared


def draw_video(path: Path) -> bytes:
    """Write a video of a square that crosses a patchwork, and return the file."""
    patchwork = np.random.default_rng(0).integers(60, 200, (18, 32, 3), np.uint8)
    background = patchwork.repeat(40, axis=0).repeat(40, axis=1)
    frames = []
    for number in range(FPS * SECONDS):
        frame = background.copy()
        left = 3 * number
        frame[240:480, left : left + 240] = 255
        frames.append(frame)
    write_mp4(path, iter(frames), fps=Fraction(FPS))
    return path.read_bytes()


def start() -> float:
    """Return the seconds until the page is served."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        with served(Path(folder)):
            return time.perf_counter() - started


async def visits(address: str, clip: bytes) -> list[Answered]:
    """Return the answers of successive visitors, timed from the upload."""
    answers = []
    async with open_client(address) as client:
        config = (await client.get("/config")).json()
        for _ in range(1 + CLIPS):
            visitor, started = Visitor(client, config), time.monotonic()
            path = await visitor.upload(clip)
            uploading = time.monotonic() - started
            answer = await visitor.request_answer(path)
            assert answer.is_answer, answer.outputs[-300:]
            answer.shown, answer.end = answer.shown + uploading, answer.end + uploading
            answers.append(answer)
    return answers[1:]


def report() -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| | seconds, median (fastest to slowest) |"
    yield "|---|---|"
    starts = [start() for _ in range(STARTS)]
    yield f"| start to page | {spread(starts, digits=2)} |"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        clip = draw_video(folder / "video.mp4")
        with served(folder, first=ALONE) as address:
            answers = asyncio.run(visits(address, clip))
    for name, seconds in (
        ("upload to answer", [answer.shown for answer in answers]),
        ("upload to explorer", [answer.end for answer in answers]),
    ):
        yield f"| {name} | {spread(seconds, digits=2)} |"
