"""The door of a real server, from visitors who speak its protocol: fair, closed, forgetful."""

import asyncio
import re
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sentences import is_answer, says
from server import served
from visitors import Answered, Visitor, draw_files, in_own_loop, open_client

from timesformer.i18n import t
from timesformer.ui.server import limits, middleware
from timesformer.ui.server.examples import EXAMPLES

# Counts each look of the model in a file, and can be told to look slowly.
COUNTING = """
import os, time
from timesformer.recognizer import Recognizer
explain = Recognizer.explain
def counting(self, *inputs, **options):
    with open(os.environ["LOOKS"], "a") as looks:
        looks.write("x")
    time.sleep(float(os.environ["SLOWLY"]))
    return explain(self, *inputs, **options)
Recognizer.explain = counting
from timesformer.ui import handlers
handlers.prepare = lambda name: None
"""
SLOWLY = 0.4  # seconds more that a look takes

Scene = Callable[[httpx.AsyncClient, dict[str, Any]], Coroutine[Any, Any, None]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("door")


@pytest.fixture(scope="module")
def counted(folder: Path) -> Iterator[str]:
    """A server that counts how often the model looks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOOKS", str(folder / "looks"))
        patch.setenv("SLOWLY", str(SLOWLY))
        with served(folder, first=f"exec({COUNTING!r})") as address:
            yield address


@pytest.fixture(scope="module")
def clips(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in draw_files(folder, 6)]


def looks(folder: Path) -> int:
    file = folder / "looks"
    return len(file.read_text()) if file.exists() else 0


def play(address: str, scene: Scene) -> None:
    """Runs a scene with a client and the page's config."""

    async def played() -> None:
        async with open_client(address) as client:
            await scene(client, (await client.get("/config")).json())

    in_own_loop(played())


def test_a_greedy_visitor_has_one_running_and_one_waiting(counted: str, clips: list[bytes]) -> None:
    """And delays another by no more than the one that runs."""

    async def scene(client: httpx.AsyncClient, config: dict[str, Any]) -> None:
        greedy, other = (Visitor(client, config) for _ in range(2))
        path, mine = await greedy.upload(clips[0]), await other.upload(clips[1])
        alone = await other.ask(mine)
        assert alone.is_answer
        presses = await asyncio.gather(*(greedy.join(path) for _ in range(20)))
        taken = [press.status_code for press in presses]
        assert (taken.count(200), taken.count(429)) == (limits.MAX_MODEL_REQUESTS_PER_TAB, 18)
        assert presses[taken.index(429)].json()["detail"] == t("errors.server.two_clips")
        done: list[float] = []

        async def hear() -> None:
            async for message in greedy.messages():
                if message["msg"] == "process_completed":
                    done.append(time.monotonic())

        hearing = asyncio.create_task(hear())
        assert (await other.ask(mine)).is_answer
        answered = time.monotonic()
        await hearing
        assert len(done) == limits.MAX_MODEL_REQUESTS_PER_TAB
        assert sum(when < answered for when in done) == 1

    play(counted, scene)


def test_a_bad_clip_fails_its_sender_alone(counted: str, clips: list[bytes]) -> None:
    async def scene(client: httpx.AsyncClient, config: dict[str, Any]) -> None:
        visitors = [Visitor(client, config) for _ in range(4)]
        contents = [*clips[:3], b"no video at all" * 100]
        paths = [await v.upload(c) for v, c in zip(visitors, contents, strict=True)]
        seen = await asyncio.gather(*(v.ask(p) for v, p in zip(visitors, paths, strict=True)))
        assert [one.is_answer for one in seen] == [True, True, True, False]
        assert "alert" in seen[3].said

    play(counted, scene)


def test_a_closed_tab_frees_its_place_within_a_second(
    counted: str, clips: list[bytes], folder: Path
) -> None:
    """Where it waits; where it is being looked at, after the stage that it is in."""

    async def leave_early(visitor: Visitor, path: str) -> None:
        assert (await visitor.join(path)).status_code == 200
        async for message in visitor.messages():
            if message["msg"] == "estimation":
                return

    async def waiting(client: httpx.AsyncClient) -> int:
        return int((await client.get(middleware.HEALTH)).json()["waiting"])

    async def scene(client: httpx.AsyncClient, config: dict[str, Any]) -> None:
        first, leaving = Visitor(client, config), Visitor(client, config)
        mine, other = await first.upload(clips[0]), await leaving.upload(clips[1])
        before = looks(folder)
        asking = asyncio.create_task(first.ask(mine))
        while looks(folder) == before:
            await asyncio.sleep(0.01)
        await leave_early(leaving, other)
        left = time.monotonic()
        while await waiting(client):
            assert time.monotonic() - left < 1
            await asyncio.sleep(0.02)
        assert (await asking).is_answer
        await asyncio.sleep(0.5)
        assert looks(folder) == before + 1  # the one that stayed

    play(counted, scene)


def test_a_page_may_ask_before_it_is_connected(counted: str, clips: list[bytes]) -> None:
    """And is answered as any other, be it connected while it waits or while it is looked at."""

    async def scene(client: httpx.AsyncClient, config: dict[str, Any]) -> None:
        early = [Visitor(client, config) for _ in range(2)]
        for one, clip in zip(early, clips, strict=False):
            assert (await one.join(await one.upload(clip))).status_code == 200
        for one in early:
            await one.open()
        for one in early:
            told = [message async for message in one.messages()]
            assert told[-1]["msg"] == "process_completed"
            assert is_answer(str(told))
            await one.close()

    play(counted, scene)


def test_the_same_example_by_many_is_computed_once(counted: str, folder: Path) -> None:
    example = EXAMPLES["boat-sailing-right"].read_bytes()

    async def one(client: httpx.AsyncClient, config: dict[str, Any]) -> Answered:
        visitor = Visitor(client, config)
        return await visitor.ask(await visitor.upload(example), "attention")

    async def scene(client: httpx.AsyncClient, config: dict[str, Any]) -> None:
        before = looks(folder)
        seen = await asyncio.gather(*(one(client, config) for _ in range(8)))
        assert looks(folder) == before + 1
        assert all(
            re.search(says("status.answered_before"), one.said) or one.is_answer for one in seen
        )

    play(counted, scene)


def test_the_same_clip_by_many_is_everybody_s_own(counted: str, clips: list[bytes]) -> None:
    """One who deletes it takes it from nobody else."""

    async def scene(client: httpx.AsyncClient, config: dict[str, Any]) -> None:
        visitors = [Visitor(client, config) for _ in range(8)]
        paths = await asyncio.gather(*(v.upload(clips[0], "me & you.mp4") for v in visitors))
        assert len(set(paths)) == len(visitors)
        assert {Path(path).name for path in paths} == {"clip.mp4"}

    play(counted, scene)


def test_health_answers_while_clips_are_looked_at(counted: str, clips: list[bytes]) -> None:
    async def scene(client: httpx.AsyncClient, config: dict[str, Any]) -> None:
        visitors = [Visitor(client, config) for _ in range(3)]
        paths = [await visitor.upload(clips[i]) for i, visitor in enumerate(visitors)]
        asking = [asyncio.create_task(v.ask(path)) for v, path in zip(visitors, paths, strict=True)]
        seen = []
        while not all(task.done() for task in asking):
            began = time.monotonic()
            found = (await client.get(middleware.HEALTH)).json()
            assert time.monotonic() - began < 1
            seen.append(found["waiting"])
            await asyncio.sleep(0.05)
        assert max(seen) > 0
        assert found["ready"]
        assert found["models"][0] == "motion"
        here = {"files_private", "files_swept", "room_for_uploads", "process_apart", "deadline"}
        assert here < set(found["protections"])
        assert all(found["protections"][name] for name in here)
        assert (await client.get(middleware.READY)).status_code == 200
        assert "/tmp" not in str(found)

    play(counted, scene)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("https://127.0.0.1:{port}/clip.mp4", 400),
        ("HTTP://127.0.0.1:{port}/clip.mp4", 400),
        ("file:///etc/hostname", 400),
        ("/etc/hostname", 400),
        ("{files}/../../../../etc/hostname", 400),
        ("{files}", 400),
        ("/dev/zero", 400),
        ("\0", 400),
        ("{files}/gone/clip.mp4", 410),
    ],
)
def test_links_and_other_places_are_refused_before_anything_is_asked(
    path: str, status: int, counted: str, clips: list[bytes]
) -> None:
    asked: list[object] = []

    async def heard(*_: object) -> None:
        asked.append(_)

    async def scene(client: httpx.AsyncClient, config: dict[str, Any]) -> None:
        visitor = Visitor(client, config)
        files = Path(await visitor.upload(clips[0])).parents[1]
        listener = await asyncio.start_server(heard, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        answer = await visitor.join(path.format(port=port, files=files))
        await asyncio.sleep(0.1)
        listener.close()
        assert answer.status_code == status
        assert str(files) not in answer.text

    play(counted, scene)
    assert asked == []


def test_what_the_page_does_not_need_is_not_there(counted: str) -> None:
    with httpx.Client(base_url=counted) as client:
        for path in (
            "/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/runs", "/docs",
            "/monitoring", "/monitoring/summary", "/gradio_api/vibe-code",
            "/gradio_api/proxy=https://example.org",
            "/gradio_api/file=https://example.org/x", "/gradio_api/file=/etc/hostname",
            "/gradio_api/deep_link", "/gradio_api/queue/status", "/gradio_api/token",
        ):  # fmt: skip
            assert client.get(path).status_code == 404, path
        for path in ("/gradio_api/process_recording", "/gradio_api/call/predict", "/login"):
            assert client.post(path, json={}).status_code == 404, path
        assert client.request("PUT", "/").status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example", "host": "classroom.lan:7860"}, 403),
        ({"origin": "http://evil.example", "x-forwarded-host": "evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://classroom.lan:7860", "host": "classroom.lan:7860"}, 200),
        ({"origin": "https://someone-page.hf.space", "host": "someone-page.hf.space"}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "https://anywhere.example"}, 200),
        ({}, 200),
    ],
)
def test_a_page_of_another_site_cannot_send(
    headers: dict[str, str], status: int, counted: str
) -> None:
    answer = httpx.post(f"{counted}/gradio_api/reset", json={"event_id": "x"}, headers=headers)
    assert answer.status_code == status


def test_bodies_are_counted_whatever_their_header_says(counted: str) -> None:
    def pieces(size: int) -> Iterator[bytes]:
        yield from (bytes(65536) for _ in range(size // 65536))

    sent = httpx.post(f"{counted}/gradio_api/reset", content=pieces(2**20))
    assert sent.status_code == 413
    form = {"content-type": "multipart/form-data; boundary=b"}
    sent = httpx.post(f"{counted}/gradio_api/upload", content=pieces(2**20), headers=form)
    assert sent.status_code == 400
    field = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n' + bytes(2**20)
    sent = httpx.post(f"{counted}/gradio_api/upload", content=field, headers=form)
    assert sent.status_code == 400
    two = {"files": ("a.mp4", b"a")}
    sent = httpx.post(f"{counted}/gradio_api/upload", files=[*two.items(), *two.items()])
    assert sent.status_code == 400
    assert sent.text == t("errors.server.one_file")
