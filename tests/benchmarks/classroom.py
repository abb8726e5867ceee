"""A server with a full classroom: many visitors press at once, each with a clip of their own.

`python -m tests.benchmarks.classroom [PEOPLE] [--growth CLIPS]` starts `python app.py` and visitors
that use its protocol, on the same machine. "Ideal" is the time of one visitor times their number.
Meanwhile the health route is requested twice a second; with more than 30 people, others upload
slowly. With --growth, clips are analyzed one after the other and the server's memory is measured.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
from server import served, servers
from visitors import Answered, Visitor, draw_files, open_client

from timesformer.i18n import t
from timesformer.ui.server.examples import EXAMPLES
from timesformer.ui.server.middleware import HEALTH

PEOPLE = 30
SLOW_UPLOADS = 20
SLOW_PIECE, SLOW_EVERY = 512, 0.5  # bytes, seconds
UNPREPARED = "from timesformer.ui import handlers; handlers.cache_example_answers = lambda *_: None"
ALONE = 5  # clips of one visitor alone, for the ideal
TABS = 10  # open while memory is measured
PRESSES = 20  # of a visitor who presses too often

Config = dict[str, Any]


async def time_alone(client: httpx.AsyncClient, config: Config, clips: list[bytes]) -> float:
    """Return the seconds from press to end for a visitor alone."""
    answers = []
    for clip in clips:
        visitor = Visitor(client, config)
        answers.append(await visitor.request_answer(await visitor.upload(clip)))
    assert all(answer.is_answer for answer in answers), [
        answer.outputs[-300:] for answer in answers
    ]
    return statistics.median(answer.end for answer in answers)


async def upload_slowly(client: httpx.AsyncClient) -> None:
    """Upload a clip that takes longer than the benchmark."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="slow.mp4"\r\n\r\n'
        while True:
            yield bytes(SLOW_PIECE)
            await asyncio.sleep(SLOW_EVERY)

    form = {"content-type": "multipart/form-data; boundary=b"}
    await client.post("/gradio_api/upload", content=pieces(), headers=form)


async def watch_health(client: httpx.AsyncClient, seconds: list[float]) -> None:
    """Append the seconds of each response of the health route."""
    while True:
        started = time.monotonic()
        (await client.get(HEALTH)).raise_for_status()
        seconds.append(time.monotonic() - started)
        await asyncio.sleep(0.5)


async def press_at_once(
    client: httpx.AsyncClient, config: Config, clips: list[bytes]
) -> list[Answered]:
    """Return the answers of visitors who press at the same moment."""
    visitors = [Visitor(client, config) for _ in clips]
    await asyncio.gather(*(visitor.open() for visitor in visitors))
    paths = await asyncio.gather(*(v.upload(c) for v, c in zip(visitors, clips, strict=True)))
    answers = await asyncio.gather(
        *(v.request_answer(p) for v, p in zip(visitors, paths, strict=True))
    )
    await asyncio.gather(*(visitor.close() for visitor in visitors))
    return answers


async def press_for_one_example(
    client: httpx.AsyncClient, config: Config, people: int
) -> list[Answered]:
    """Return the answers for one example, with a setting that is not cached."""
    visitors = [Visitor(client, config) for _ in range(people)]
    example = EXAMPLES["boat-sailing-right"].read_bytes()
    paths = await asyncio.gather(*(visitor.upload(example) for visitor in visitors))
    answers = (v.request_answer(p, "attention") for v, p in zip(visitors, paths, strict=True))
    return await asyncio.gather(*answers)


async def time_behind_presses(
    client: httpx.AsyncClient, config: Config, clips: list[bytes]
) -> float:
    """Return the seconds of a visitor behind one who presses PRESSES times."""
    pressing, other = Visitor(client, config), Visitor(client, config)
    path, other_path = await pressing.upload(clips[0]), await other.upload(clips[1])
    await asyncio.gather(*(pressing.join(path) for _ in range(PRESSES)))
    answer = await other.request_answer(other_path)
    assert answer.is_answer
    async for _ in pressing.messages():
        pass
    return answer.end


def crowd_lines(answers: list[Answered], alone: float, health: list[float]) -> Iterator[str]:
    """Yield the figures of visitors who pressed at once."""
    ends = sorted(answer.end for answer in answers if answer.is_answer)
    busy = [answer for answer in answers if t("errors.server.busy") in answer.refused]
    accepted = [answer for answer in answers if not answer.refused]
    p95, ideal = ends[int(0.95 * (len(ends) - 1))], alone * len(ends)
    failed = len(answers) - len(ends) - len(busy)
    yield f"- {len(answers)} at once: {len(ends)} answered, {len(busy)} busy, {failed} failed"
    yield f"- first message after at most {max(answer.first for answer in accepted):.2f} s"
    yield (
        f"- p50 {statistics.median(ends):.1f} s, p95 {p95:.1f} s, last {ends[-1]:.1f} s; "
        f"ideal {ideal:.1f} s, p95 / ideal {p95 / ideal:.2f}"
    )
    yield f"- health: {len(health)} responses, in at most {max(health):.2f} s"


async def classroom(address: str, people: int, clips: list[bytes]) -> list[str]:
    """Return the figures of a class, of one example for all, and of frequent presses."""
    async with open_client(address) as client:
        config = (await client.get("/config")).json()
        alone = await time_alone(client, config, clips[:ALONE])
        lines = [f"- one visitor alone: {alone:.2f} s from press to end"]
        health: list[float] = []
        background = [asyncio.create_task(watch_health(client, health))]
        if people > PEOPLE:
            background += [asyncio.create_task(upload_slowly(client)) for _ in range(SLOW_UPLOADS)]
        answers = await press_at_once(client, config, clips[:people])
        lines += crowd_lines(answers, alone, health)
        started = time.monotonic()
        example = await press_for_one_example(client, config, min(people, PEOPLE))
        count = sum(not answer.refused for answer in example)
        seconds = time.monotonic() - started
        lines.append(f"- {count} of {len(example)} had the same example in {seconds:.1f} s")
        waited = await time_behind_presses(client, config, clips)
        lines.append(f"- behind {PRESSES} presses: {waited:.1f} s, {waited / alone:.1f} clips")
        for task in background:
            assert not task.done(), task
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        return lines


def resident_mb(process: int) -> float:
    """Return the megabytes of memory that a process holds, on Linux."""
    status = Path(f"/proc/{process}/status").read_text().splitlines()
    (line,) = (line for line in status if "VmRSS" in line)
    return int(line.split()[1]) / 1024


async def growth(address: str, process: int, clips: list[bytes], count: int) -> list[str]:
    """Return the server's memory after each tenth of `count` clips."""
    lines, memory = [], []
    async with open_client(address) as client:
        config = (await client.get("/config")).json()
        visitors = [Visitor(client, config) for _ in range(TABS)]  # their frames replace each other
        for number in range(count):
            visitor = visitors[number % TABS]
            answer = await visitor.request_answer(await visitor.upload(clips[number % len(clips)]))
            assert answer.is_answer, answer.outputs[-300:]
            if number % (count // 10) == count // 10 - 1:
                memory.append(resident_mb(process))
                lines.append(f"- after {number + 1} clips: {memory[-1]:.0f} MB")
    lines.append(f"- {memory[-1] / memory[0] - 1:+.1%} from the first tenth to the end")
    return lines


def report(people: int = PEOPLE, *, clips: int | None = None) -> Iterator[str]:
    """Yield the figures of `people` at once, or of the memory over many clips."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        videos = [path.read_bytes() for path in draw_files(folder, max(2, people))]
        with served(folder, first=UNPREPARED) as address:
            if clips:
                yield from asyncio.run(growth(address, servers[address].pid, videos, clips))
            else:
                yield from asyncio.run(classroom(address, people, videos))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=int, nargs="?", default=PEOPLE)
    parser.add_argument("--growth", type=int, metavar="CLIPS")
    options = parser.parse_args()
    for line in report(options.people, clips=options.growth):
        print(line)
