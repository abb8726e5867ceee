"""Visitors without a browser, who send what the page's script sends."""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import numpy as np
from sentences import is_answer

from timesformer import write_mp4
from timesformer.synthetic.clips import draw_clips

PATIENCE = 600.0  # seconds

Result = TypeVar("Result")


def in_own_loop(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine on a thread of its own: Playwright has an event loop on the tests' thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def draw_files(folder: Path, count: int, *, seed: int = 0) -> list[Path]:
    """Write short videos, no two the same."""
    pixels = draw_clips(count, num_frames=24, size=112, seed=seed).pixels
    paths = []
    for number, clip in enumerate(pixels):
        frames = (clip.permute(0, 2, 3, 1).numpy() * 255).astype(np.uint8)
        paths.append(folder / f"drawn-{seed}-{number}.mp4")
        write_mp4(paths[-1], frames, fps=12)
    return paths


@dataclass
class Answered:
    """Times at which a visitor saw something, in seconds from the request.

    `first` is the first message, `shown` the answer, `end` the last message.
    `refused` is the text of a refusal, `outputs` all outputs as JSON, `ranks` the queue positions.
    """

    refused: str = ""
    first: float = 0.0
    shown: float = 0.0
    end: float = 0.0
    ranks: list[int] = field(default_factory=list)
    outputs: str = ""

    @property
    def is_answer(self) -> bool:
        """True if an answer came."""
        return not self.refused and is_answer(self.outputs)


def request_of(
    path: str | Path | None, model: str = "motion", method: str = "", **more: object
) -> dict[str, Any]:
    """Return the request that the page sends for the clip of a path."""
    clip = None if path is None else {"path": str(path)}
    return {"clip": clip, "model": model, "method": method, **more}


def open_client(address: str) -> httpx.AsyncClient:
    """Return a client for any number of visitors, without a limit of connections."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=limits)


class Visitor:
    """One open tab."""

    def __init__(self, client: httpx.AsyncClient, config: dict[str, Any]) -> None:
        self.client, self.session = client, secrets.token_hex(6)
        self.recalls, self.event = events_of(config, "ask")
        self._heartbeat: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Open the page. The tab stays connected until `close`."""
        opened = asyncio.Event()

        async def beat() -> None:
            where = f"/gradio_api/heartbeat/{self.session}"
            async with self.client.stream("GET", where) as stream:
                async for _ in stream.aiter_lines():
                    opened.set()

        self._heartbeat = asyncio.create_task(beat())
        await opened.wait()

    async def close(self) -> None:
        """Close the tab."""
        assert self._heartbeat
        self._heartbeat.cancel()
        await asyncio.gather(self._heartbeat, return_exceptions=True)

    async def upload(self, content: bytes, name: str = "clip.mp4") -> str:
        """Upload a file and return its path. Raise httpx.HTTPStatusError if it is refused."""
        answer = await self.client.post("/gradio_api/upload", files={"files": (name, content)})
        answer.raise_for_status()
        [path] = answer.json()
        return str(path)

    async def join(self, path: str, method: str = "", model: str = "motion") -> httpx.Response:
        """Ask for an answer: recall a cached one, then join the queue."""
        sent = request_of(path, model, method)
        recalled = await self.recall(sent)
        if recalled.status_code != 200:
            return recalled
        body = {"data": [None, True, sent], "fn_index": self.event, "session_hash": self.session}
        return await self.client.post("/gradio_api/queue/join", json=body)

    async def recall(self, sent: dict[str, Any]) -> httpx.Response:
        """Send a request. The response holds the answer if it is cached."""
        body = {"data": [None, sent], "fn_index": self.recalls, "session_hash": self.session}
        return await self.client.post("/gradio_api/run/predict", json=body)

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the messages of the server to this tab, to the last one."""
        where = f"/gradio_api/queue/data?session_hash={self.session}"
        async with self.client.stream("GET", where) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    message = json.loads(line.removeprefix("data:"))
                    if message["msg"] == "close_stream":
                        return
                    yield message

    async def request_answer(self, path: str, method: str = "", model: str = "motion") -> Answered:
        """Ask for an answer and return what the visitor saw."""
        began, seen = time.monotonic(), Answered()
        joined = await self.join(path, method, model)
        if joined.status_code != 200:
            seen.refused = joined.text
            seen.first = seen.end = time.monotonic() - began
            return seen
        async for message in self.messages():
            seen.first = seen.first or time.monotonic() - began
            if message["msg"] == "estimation":
                seen.ranks.append(message["rank"])
            seen.outputs += json.dumps(message.get("output", ""))
            seen.shown = seen.shown or seen.is_answer * (time.monotonic() - began)
        seen.end = time.monotonic() - began
        return seen


def events_of(config: dict[str, Any], name: str) -> tuple[int, int]:
    """Return the indices of the two handlers of an event: outside the queue, and then in it.

    The page has each event in every language.
    """
    events = [event for event in config["dependencies"] if event["backend_fn"]]
    first = next(e["id"] for e in events if name in [target[1] for target in e["targets"]])
    then = next(event["id"] for event in events if event["trigger_after"] == first)
    return int(first), int(then)
