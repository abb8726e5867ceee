"""A real server, from visitors who speak its protocol: fair queue, limits and closed routes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx
import pytest
from sentences import is_answer
from visitors import Answered, Visitor, draw_files, in_own_loop, open_client

from timesformer.explain import METHODS
from timesformer.i18n import t
from timesformer.ui.sections.stage import MAIN_METHODS
from timesformer.ui.server import limits, middleware
from timesformer.ui.server.examples import EXAMPLES
from timesformer.visualize.captions import TOP_K

Config = dict[str, Any]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("clips")
    return [path.read_bytes() for path in draw_files(folder, 6)]


def explanations(folder: Path) -> list[str]:
    """Return a checksum of each clip that the model of a server explained, in order."""
    file = folder / "explanations"
    return file.read_text().split() if file.exists() else []


def play(address: str, scene: Callable[[httpx.AsyncClient, Config], Coroutine[Any, Any, None]]):
    """Run a scene with a client and the page's config."""

    async def run() -> None:
        async with open_client(address) as client:
            await scene(client, (await client.get("/config")).json())

    in_own_loop(run())


async def until(is_true: Callable[[], Coroutine[Any, Any, bool]]) -> None:
    """Wait until something is true."""
    while not await is_true():
        await asyncio.sleep(0.02)


async def num_waiting(client: httpx.AsyncClient) -> int:
    return int((await client.get(middleware.HEALTH)).json()["waiting"])


@asynccontextmanager
async def paused_explanations(hold: Path) -> AsyncIterator[None]:
    """Let all explanations wait."""
    hold.touch()
    try:
        yield
    finally:
        hold.unlink()


def test_a_tab_has_one_running_and_one_waiting_request(
    address: str, folder: Path, hold: Path, clips: list[bytes]
) -> None:
    """Its second request is answered after the first one of another tab."""
    before = len(explanations(folder))

    async def listen(visitor: Visitor) -> list[str]:
        return [message["msg"] async for message in visitor.messages()]

    async def scene(client: httpx.AsyncClient, config: Config) -> None:
        greedy, other = (Visitor(client, config) for _ in range(2))
        path, other_path = await greedy.upload(clips[0]), await other.upload(clips[1])
        async with paused_explanations(hold):
            presses = await asyncio.gather(*(greedy.join(path) for _ in range(20)))
            statuses = [press.status_code for press in presses]
            allowed = limits.MAX_MODEL_REQUESTS_PER_TAB
            assert (statuses.count(200), statuses.count(429)) == (allowed, 20 - allowed)
            detail = presses[statuses.index(429)].json()["detail"]
            assert detail == t("errors.server.two_clips")
            assert (await other.join(other_path)).status_code == 200
        received = await asyncio.gather(listen(greedy), listen(other))
        assert [messages.count("process_completed") for messages in received] == [2, 1]

    play(address, scene)
    first, second, third = (clip for clip, _ in groupby(explanations(folder)[before:]))
    assert first == third != second


def test_a_bad_clip_fails_for_its_sender_alone(address: str, clips: list[bytes]) -> None:
    async def scene(client: httpx.AsyncClient, config: Config) -> None:
        visitors = [Visitor(client, config) for _ in range(4)]
        contents = [*clips[:3], b"no video at all" * 100]
        paths = [await v.upload(c) for v, c in zip(visitors, contents, strict=True)]
        seen = await asyncio.gather(
            *(v.request_answer(p) for v, p in zip(visitors, paths, strict=True))
        )
        assert [answered.is_answer for answered in seen] == [True, True, True, False]
        assert "alert" in seen[3].outputs

    play(address, scene)


def test_a_closed_tab_leaves_the_queue_at_once(
    address: str, folder: Path, hold: Path, clips: list[bytes]
) -> None:
    async def leave_early(visitor: Visitor, path: str) -> None:
        assert (await visitor.join(path)).status_code == 200
        async for message in visitor.messages():
            if message["msg"] == "estimation":
                return

    async def scene(client: httpx.AsyncClient, config: Config) -> None:
        first, leaving = Visitor(client, config), Visitor(client, config)
        path, left_path = await first.upload(clips[0]), await leaving.upload(clips[1])
        before = len(explanations(folder))
        async with paused_explanations(hold):
            answer = asyncio.create_task(first.request_answer(path))

            async def is_running() -> bool:
                return len(explanations(folder)) > before

            async def is_empty() -> bool:
                return await num_waiting(client) == 0

            await until(is_running)
            await leave_early(leaving, left_path)
            await until(is_empty)  # although the model is busy
        assert (await answer).is_answer
        assert (await first.request_answer(path)).is_answer
        assert len(set(explanations(folder)[before:])) == 1  # nothing of the closed tab

    play(address, scene)


def test_a_request_may_come_before_its_tab_is_connected(address: str, clips: list[bytes]) -> None:
    async def scene(client: httpx.AsyncClient, config: Config) -> None:
        visitors = [Visitor(client, config) for _ in range(2)]
        for visitor, clip in zip(visitors, clips, strict=False):
            assert (await visitor.join(await visitor.upload(clip))).status_code == 200
        for visitor in visitors:
            await visitor.open()
        for visitor in visitors:
            messages = [message async for message in visitor.messages()]
            assert messages[-1]["msg"] == "process_completed"
            assert is_answer(str(messages))
            await visitor.close()

    play(address, scene)


def test_a_request_may_be_cancelled_twice_at_once(
    address: str, folder: Path, hold: Path, clips: list[bytes]
) -> None:
    """Gradio answers when the running step of the request has ended, a minute later at most."""

    async def scene(client: httpx.AsyncClient, config: Config) -> None:
        visitor, other = (Visitor(client, config) for _ in range(2))
        before = len(explanations(folder))

        async def cancel(visitor: Visitor, event: str) -> int:
            body = {"event_id": event, "session_hash": visitor.session, "fn_index": visitor.event}
            return (await client.post("/gradio_api/cancel", json=body)).status_code

        async with paused_explanations(hold):
            joined = await visitor.join(await visitor.upload(clips[0]))

            async def is_running() -> bool:
                return len(explanations(folder)) > before

            await until(is_running)
            event = joined.json()["event_id"]
            cancelled = []
            for _ in range(3):
                cancelled.append(asyncio.create_task(cancel(visitor, event)))
                assert await cancel(other, "unknown") == 200  # so the one before has arrived
            assert not any(task.done() for task in cancelled)
        assert await asyncio.gather(*cancelled) == [200] * 3

    play(address, scene)
    assert "KeyError" not in (folder / "log").read_text()


def test_an_example_requested_by_many_is_computed_once(address: str, folder: Path) -> None:
    example = EXAMPLES["cat-sleeping"].read_bytes()

    async def request_example(client: httpx.AsyncClient, config: Config) -> Answered:
        visitor = Visitor(client, config)
        return await visitor.request_answer(await visitor.upload(example), "gradsam")

    async def scene(client: httpx.AsyncClient, config: Config) -> None:
        before = len(explanations(folder))
        seen = await asyncio.gather(*(request_example(client, config) for _ in range(8)))
        quick = {n for n, method in METHODS.items() if method.on_page and not method.is_slow}
        of_label = sum(METHODS[name].is_class_specific for name in quick.intersection(MAIN_METHODS))
        assert len(explanations(folder)) == before + len(quick) + of_label * (TOP_K - 1)
        assert all(answered.is_answer for answered in seen)

    play(address, scene)


def test_equal_clips_of_several_visitors_have_paths_of_their_own(
    address: str, clips: list[bytes]
) -> None:
    async def scene(client: httpx.AsyncClient, config: Config) -> None:
        visitors = [Visitor(client, config) for _ in range(8)]
        paths = await asyncio.gather(*(v.upload(clips[0], "me & you.mp4") for v in visitors))
        assert len(set(paths)) == len(visitors)
        assert {Path(path).name for path in paths} == {"clip.mp4"}

    play(address, scene)


def test_health_is_answered_while_the_model_is_busy(
    address: str, hold: Path, clips: list[bytes]
) -> None:
    async def scene(client: httpx.AsyncClient, config: Config) -> None:
        visitors = [Visitor(client, config) for _ in range(3)]
        paths = [await visitor.upload(clip) for visitor, clip in zip(visitors, clips, strict=False)]
        async with paused_explanations(hold):
            answers = [
                asyncio.create_task(visitor.request_answer(path))
                for visitor, path in zip(visitors, paths, strict=True)
            ]

            async def are_waiting() -> bool:
                return await num_waiting(client) == 2

            await until(are_waiting)
            health = (await client.get(middleware.HEALTH)).json()
        await asyncio.gather(*answers)
        assert health["ready"]
        assert health["models"][0] == "motion"
        required = {"files_private", "files_swept", "room_for_uploads", "process_apart", "deadline"}
        assert required < set(health["protections"])
        assert all(health["protections"][name] for name in required)
        assert (await client.get(middleware.READY)).status_code == 200
        assert "/tmp" not in str(health)

    play(address, scene)


def test_links_and_other_paths_are_refused_before_any_request(
    address: str, clips: list[bytes]
) -> None:
    statuses = {
        "https://127.0.0.1:{port}/clip.mp4": 400,
        "HTTP://127.0.0.1:{port}/clip.mp4": 400,
        "file:///etc/hostname": 400,
        "/etc/hostname": 400,
        "{files}/../../../../etc/hostname": 400,
        "{files}": 400,
        "/dev/zero": 400,
        "\0": 400,
        "{files}/gone/clip.mp4": 410,
    }
    requests: list[object] = []

    async def record(*streams: object) -> None:
        requests.append(streams)

    async def scene(client: httpx.AsyncClient, config: Config) -> None:
        visitor = Visitor(client, config)
        files = Path(await visitor.upload(clips[0])).parents[1]
        listener = await asyncio.start_server(record, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        for path, status in statuses.items():
            answer = await visitor.join(path.format(port=port, files=files))
            assert answer.status_code == status, path
            assert str(files) not in answer.text
        await asyncio.sleep(0.1)
        listener.close()

    play(address, scene)
    assert requests == []


def test_routes_that_the_page_does_not_need_are_closed(address: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as client:
        for path in (
            "/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/runs", "/docs",
            "/monitoring", "/monitoring/summary", "/gradio_api/monitoring/summary",
            "/gradio_api/vibe-code", "/gradio_api/proxy=https://example.org",
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
def test_pages_of_other_sites_cannot_send(
    headers: dict[str, str], status: int, address: str
) -> None:
    url = f"{address}/gradio_api/reset"
    answer = httpx.post(url, json={"event_id": "x"}, headers=headers, timeout=60)
    assert answer.status_code == status


def test_bodies_are_limited_whatever_their_headers_say(address: str) -> None:
    def parts(size: int) -> Iterator[bytes]:
        yield from (bytes(65536) for _ in range(size // 65536))

    with httpx.Client(base_url=address, timeout=60) as client:
        assert client.post("/gradio_api/reset", content=parts(2**20)).status_code == 413
        form = {"content-type": "multipart/form-data; boundary=b"}
        sent = client.post(middleware.UPLOAD, content=parts(2**20), headers=form)
        assert sent.status_code == 400
        field = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n' + bytes(2**20)
        assert client.post(middleware.UPLOAD, content=field, headers=form).status_code == 400
        file = ("files", ("a.mp4", b"a"))
        sent = client.post(middleware.UPLOAD, files=[file, file])
        assert (sent.status_code, sent.text) == (400, t("errors.server.one_file"))
