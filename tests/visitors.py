"""Visitors without a browser: they speak to the page as its own script does."""

import json
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from timesformer import write_mp4
from timesformer.motion import draw_clips

PATIENCE = 600.0  # seconds


def draw_files(folder: Path, count: int, *, seed: int = 0) -> list[Path]:
    """So many short videos, no two the same."""
    pixels = draw_clips(count, num_frames=24, size=112, seed=seed).pixels
    paths = []
    for number, clip in enumerate(pixels):
        frames = (clip.permute(0, 2, 3, 1).numpy() * 255).astype(np.uint8)
        paths.append(folder / f"drawn-{seed}-{number}.mp4")
        write_mp4(paths[-1], frames, fps=12)
    return paths


@dataclass
class Answered:
    """What a visitor saw, in seconds from the press: when first anything, and when the end."""

    refused: str = ""
    first: float = 0.0
    end: float = 0.0
    ranks: list[int] = field(default_factory=list)
    said: str = ""

    @property
    def is_answer(self) -> bool:
        """Whether it ended with an answer."""
        return not self.refused and "Answered in" in self.said


def open_client(address: str) -> httpx.AsyncClient:
    """What any number of visitors share, each with connections of its own."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=limits)


class Visitor:
    """One open tab."""

    def __init__(self, client: httpx.AsyncClient, config: dict[str, Any]) -> None:
        self.client, self.session = client, secrets.token_hex(6)
        self.event = event_of(config, "run")

    async def upload(self, content: bytes, name: str = "clip.mp4") -> str:
        """Where the server put a file; raises httpx.HTTPStatusError where it is refused."""
        answer = await self.client.post("/gradio_api/upload", files={"files": (name, content)})
        answer.raise_for_status()
        [path] = answer.json()
        return str(path)

    async def join(self, path: str, method: str = "rollout", **more: Any) -> httpx.Response:
        """The press: asks for an answer to a clip that was uploaded."""
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        data = [None, True, file, "motion", method, more.pop("start", 0), False, None, None]
        body = {"data": data, "fn_index": self.event, "session_hash": self.session, **more}
        return await self.client.post("/gradio_api/queue/join", json=body)

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """What the server tells this tab, until it has no more for it."""
        where = f"/gradio_api/queue/data?session_hash={self.session}"
        async with self.client.stream("GET", where) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    message = json.loads(line.removeprefix("data:"))
                    if message["msg"] == "close_stream":
                        return
                    yield message

    async def ask(self, path: str, method: str = "rollout", **more: Any) -> Answered:
        """Presses, and hears all there is to hear."""
        began, seen = time.monotonic(), Answered()
        joined = await self.join(path, method, **more)
        if joined.status_code != 200:
            seen.refused = joined.text
            seen.first = seen.end = time.monotonic() - began
            return seen
        async for message in self.messages():
            seen.first = seen.first or time.monotonic() - began
            if message["msg"] == "estimation":
                seen.ranks.append(message["rank"])
            seen.said += json.dumps(message.get("output", ""))
        seen.end = time.monotonic() - began
        return seen


def event_of(config: dict[str, Any], button: str) -> int:
    """The number of the event that a button of the first page sets off, in the model's queue."""
    (number, *_) = (
        block["id"] for block in config["components"] if block["props"].get("elem_id") == button
    )
    events = config["dependencies"]
    wanted = {event["id"] for event in events if [number, "click"] in event["targets"]}
    while True:
        for event in events:
            if event["id"] in wanted and event["backend_fn"] and event["queue"] is not False:
                return int(event["id"])
        wanted = {event["id"] for event in events if event.get("trigger_after") in wanted}
        assert wanted, f"nothing comes of {button}"
