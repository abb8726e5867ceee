"""A full classroom at one server: `python tests/benchmarks/classroom.py [people] [--growth clips]`.

Starts `python app.py`, and visitors who speak its protocol, each with a clip of their own, all
pressing at once. The ideal is what one visitor waits, times how many there are. Beside them others
upload slowly, and somebody asks how the server is, twice a second. With --growth, so many clips one
after the other, and what the server's memory grew by.
"""

import argparse
import asyncio
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import torch

HERE = Path(__file__).parent
sys.path += [str(HERE.parents[1]), str(HERE.parent), str(HERE.parent / "browser")]

from sentences import says  # noqa: E402
from server import served, servers  # noqa: E402
from visitors import Answered, Visitor, draw_files, open_client  # noqa: E402

from timesformer.evaluation.timing import machine  # noqa: E402
from timesformer.i18n import t  # noqa: E402
from timesformer.ui.answer_cache import EXAMPLES  # noqa: E402
from timesformer.ui.server.middleware import HEALTH  # noqa: E402

SLOW = 20  # who upload slowly
SLOW_PIECE, SLOW_EVERY = 512, 0.5  # bytes, seconds
UNPREPARED = "from timesformer.ui import handlers; handlers.prepare = lambda name: None"
ALONE = 5  # clips of one visitor, to know the ideal
TABS = 10  # open while memory is measured

Config = dict[str, Any]


async def solo(client: httpx.AsyncClient, config: Config, clips: list[bytes]) -> float:
    """Seconds from the press to the end, where nobody else is there."""
    seen = []
    for clip in clips:
        visitor = Visitor(client, config)
        seen.append(await visitor.ask(await visitor.upload(clip)))
    assert all(one.is_answer for one in seen), [one.said[-300:] for one in seen]
    return statistics.median(one.end for one in seen)


async def drip(client: httpx.AsyncClient) -> None:
    """A clip that takes longer than the class."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="slow.mp4"\r\n\r\n'
        while True:
            yield bytes(SLOW_PIECE)
            await asyncio.sleep(SLOW_EVERY)

    form = {"content-type": "multipart/form-data; boundary=b"}
    await client.post("/gradio_api/upload", content=pieces(), headers=form)


async def watch(client: httpx.AsyncClient, waits: list[float]) -> None:
    """Seconds that each answer of the health route took."""
    while True:
        began = time.monotonic()
        (await client.get(HEALTH)).raise_for_status()
        waits.append(time.monotonic() - began)
        await asyncio.sleep(0.5)


async def crowd(client: httpx.AsyncClient, config: Config, clips: list[bytes]) -> list[Answered]:
    """What everybody saw of a press at the same moment."""
    visitors = [Visitor(client, config) for _ in clips]
    await asyncio.gather(*(visitor.open() for visitor in visitors))
    paths = await asyncio.gather(*(v.upload(c) for v, c in zip(visitors, clips, strict=True)))
    seen = await asyncio.gather(*(v.ask(p) for v, p in zip(visitors, paths, strict=True)))
    await asyncio.gather(*(visitor.close() for visitor in visitors))
    return seen


async def same(client: httpx.AsyncClient, config: Config, people: int) -> list[Answered]:
    """What everybody saw of the same example, with a setting that nothing was kept of."""
    visitors = [Visitor(client, config) for _ in range(people)]
    example = EXAMPLES["boat-sailing-right"].read_bytes()
    paths = await asyncio.gather(*(visitor.upload(example) for visitor in visitors))
    asks = (v.ask(p, "attention") for v, p in zip(visitors, paths, strict=True))
    return await asyncio.gather(*asks)


async def greedy(client: httpx.AsyncClient, config: Config, clips: list[bytes]) -> float:
    """Seconds that one more visitor waits behind one who presses twenty times."""
    pressing, other = Visitor(client, config), Visitor(client, config)
    path, mine = await pressing.upload(clips[0]), await other.upload(clips[1])
    await asyncio.gather(*(pressing.join(path) for _ in range(20)))
    seen = await other.ask(mine)
    assert seen.is_answer
    async for _ in pressing.messages():
        pass
    return seen.end


def told(seen: list[Answered], ideal: float, waits: list[float]) -> None:
    """Prints what came of a crowd."""
    answered = sorted(one.end for one in seen if one.is_answer)
    busy = [one for one in seen if t("errors.server.busy") in one.refused]
    taken = [one for one in seen if not one.refused]
    p95 = answered[int(0.95 * (len(answered) - 1))]
    ideal = ideal * len(answered)
    print(f"{len(seen)} at once: {len(answered)} answered, {len(busy)} told that it is busy, "
          f"{len(seen) - len(answered) - len(busy)} failed")  # fmt: skip
    print(f"  first word after {max(one.first for one in taken):.2f} s at most")
    print(f"  p50 {statistics.median(answered):.1f} s, p95 {p95:.1f} s, last {answered[-1]:.1f} s; "
          f"ideal {ideal:.1f} s, p95 / ideal {p95 / ideal:.2f}")  # fmt: skip
    print(f"  health answered {len(waits)} times, in {max(waits):.2f} s at most")


async def classroom(address: str, people: int, clips: list[bytes]) -> None:
    """A class without slow uploads, the same example by all, a greedy one, and the full house."""
    async with open_client(address) as client:
        config = (await client.get("/config")).json()
        alone = await solo(client, config, clips[:ALONE])
        print(f"one visitor alone: {alone:.2f} s from the press to the end")
        waits: list[float] = []
        slow: list[asyncio.Task[None]] = []
        watching = asyncio.create_task(watch(client, waits))
        if people > 30:
            slow = [asyncio.create_task(drip(client)) for _ in range(SLOW)]
        seen = await crowd(client, config, clips[:people])
        told(seen, alone, waits)
        began, example = time.monotonic(), await same(client, config, min(people, 30))
        fine = sum(
            re.search(says("status.answered_before"), one.said) or one.is_answer for one in example
        )
        print(f"{fine} of {len(example)} had the same example in {time.monotonic() - began:.1f} s")
        waited = await greedy(client, config, clips)
        print(f"behind one with 20 presses: {waited:.1f} s, which is {waited / alone:.1f} clips")
        for task in (*slow, watching):
            assert not task.done(), task
            task.cancel()
        await asyncio.gather(*slow, watching, return_exceptions=True)


def resident(process: int) -> float:
    """Megabytes of memory that a process holds, on Linux."""
    (line,) = (
        line for line in Path(f"/proc/{process}/status").read_text().splitlines() if "VmRSS" in line
    )
    return int(line.split()[1]) / 1024


async def growth(address: str, process: int, clips: list[bytes], count: int) -> None:
    """Prints what memory a server holds after each tenth of so many clips."""
    async with open_client(address) as client:
        config, held = (await client.get("/config")).json(), []
        visitors = [Visitor(client, config) for _ in range(TABS)]  # whose frames replace each other
        for number in range(count):
            visitor = visitors[number % TABS]
            seen = await visitor.ask(await visitor.upload(clips[number % len(clips)]))
            assert seen.is_answer, seen.said[-300:]
            if number % (count // 10) == count // 10 - 1:
                held.append(resident(process))
                print(f"after {number + 1} clips {held[-1]:.0f} MB", flush=True)
    print(f"{held[-1] / held[0] - 1:+.1%} from the first tenth to the end")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=int, nargs="?", default=30)
    parser.add_argument("--growth", type=int, metavar="CLIPS")
    options = parser.parse_args()
    print(f"{machine(torch.device('cpu'))}, {date.today()}; visitors on the same machine\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clips = [path.read_bytes() for path in draw_files(folder, max(2, options.people))]
        with served(folder, first=UNPREPARED) as address:
            if options.growth:
                asyncio.run(growth(address, servers[address].pid, clips, options.growth))
            else:
                asyncio.run(classroom(address, options.people, clips))


if __name__ == "__main__":
    main()
