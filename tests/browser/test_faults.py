"""Faults around a server: full disks, killed servers, damaged weights; and what stays of clips."""

import contextlib
import http.client
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from disks import small_disk
from server import hooked, servers
from visitors import Answered, Visitor, draw_files, in_own_loop, open_client

from timesformer.i18n import t
from timesformer.ui.server import limits, middleware

START = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.mp4"\r\n\r\n'
CANARY = "my holiday (Zebra7)"
PATIENCE = 120  # seconds


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A server whose user has no home, on which files expire after four seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MPLCONFIGDIR", raising=False)
        home = {"HOME": "/dev/null/home"}  # which no user can create
        with hooked(folder, environment=home, TTL_SECONDS=4, SWEEP_SECONDS=1) as address:
            yield address


@pytest.fixture(scope="module")
def clip(folder: Path) -> bytes:
    return draw_files(folder, 1)[0].read_bytes()


def request_answer(
    address: str, content: bytes, name: str = "clip.mp4", **options: Any
) -> Answered:
    """Upload a clip, press the button, and return what a visitor saw."""

    async def scene() -> Answered:
        async with open_client(address) as client:
            visitor = Visitor(client, (await client.get("/config")).json())
            return await visitor.request_answer(await visitor.upload(content, name), **options)

    return in_own_loop(scene())


def upload(address: str, content: bytes, name: str = "clip.mp4") -> httpx.Response:
    files = {"files": (name, content)}
    return httpx.post(f"{address}{middleware.UPLOAD}", files=files, timeout=PATIENCE)


def wait_until(is_true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def files_in(folder: Path) -> list[Path]:
    """Return the files of visitors in the folders of all runs of a server.

    Folders may be deleted meanwhile; os.walk passes over them.
    """
    others = {"lock", *(path.name for path in Path("assets/clips").iterdir())}
    walks = (walk for run in folder.glob("files/run-*") for walk in os.walk(run))
    return [
        Path(parent, name) for parent, _, names in walks for name in names if name not in others
    ]


def test_nothing_of_a_visitor_is_kept_logged_or_sent(
    address: str, folder: Path, clip: bytes
) -> None:
    """The clip is deleted once it is read, and an answer makes no file; no name is in the log."""
    answered = request_answer(address, clip, f"{CANARY}.mp4")
    assert answered.is_answer
    assert not list(folder.glob("files/run-*/files/clip-*"))
    assert not files_in(folder)
    assert not request_answer(address, b"no video " + CANARY.encode(), f"{CANARY}.mp4").is_answer
    refused = httpx.post(
        f"{address}/gradio_api/run/predict",
        json={"data": [{"path": f"{folder}/files/{CANARY}.mp4"}], "session_hash": CANARY},
        timeout=PATIENCE,
    )
    assert refused.status_code == 400
    log = (folder / "log").read_text()
    assert "Zebra7" not in log
    assert "clip.mp4" not in log
    assert not (folder / "requests").exists()


def test_a_full_disk_refuses_uploads_until_it_has_room(
    address: str, folder: Path, clip: bytes
) -> None:
    (folder / "full").touch()
    refused = upload(address, clip)
    assert (refused.status_code, refused.text) == (507, t("errors.server.disk_full"))
    assert httpx.get(f"{address}{middleware.READY}", timeout=PATIENCE).status_code == 503
    health = httpx.get(f"{address}{middleware.HEALTH}", timeout=PATIENCE).json()
    assert health["ready"] is False
    (folder / "full").unlink()
    assert upload(address, clip).status_code == 200
    assert httpx.get(f"{address}{middleware.READY}", timeout=PATIENCE).status_code == 200


def start_upload(address: str, *, length: int, content: bytes) -> http.client.HTTPConnection:
    """Announce an upload of `length` bytes, and send the first ones."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port)
    connection.putrequest("POST", middleware.UPLOAD)
    connection.putheader("Content-Type", "multipart/form-data; boundary=b")
    connection.putheader("Content-Length", str(length))
    connection.endheaders(content)
    return connection


def test_a_disk_that_fills_up_during_an_upload_fails_for_its_sender_alone(
    tmp_path: Path, clip: bytes
) -> None:
    """Another upload in progress arrives, and everything works once there is room again."""
    body = START + clip + b"\r\n--b--\r\n"
    half, large = len(body) // 2, bytes(3_000_000)
    with small_disk(tmp_path / "files") as disk, hooked(tmp_path, MIN_FREE_UPLOADS=0) as address:
        other = start_upload(address, length=len(body), content=body[:half])
        wait_until(lambda: files_in(tmp_path))
        with disk.full(servers[address].pid, but=1_000_000):
            refused = upload(address, large)
            assert (refused.status_code, refused.text) == (507, t("errors.server.disk_full"))
            assert len(files_in(tmp_path)) == 1
            other.send(body[half:])
            assert other.getresponse().status == 200
        assert upload(address, large).status_code == 200
        assert len(files_in(tmp_path)) == 2
        assert request_answer(address, clip).is_answer
        other.close()


def test_an_interrupted_upload_is_deleted(address: str, folder: Path) -> None:
    wait_until(lambda: not files_in(folder))
    content = START + bytes(300_000)
    connection = start_upload(address, length=limits.MAX_UPLOAD_BYTES, content=content)
    wait_until(lambda: files_in(folder))
    connection.close()
    wait_until(lambda: not files_in(folder))


def test_an_endless_upload_fills_neither_disk_nor_memory(address: str, folder: Path) -> None:
    def endless() -> Iterator[bytes]:
        yield START
        while True:
            yield bytes(2**20)

    headers = {"content-type": "multipart/form-data; boundary=b"}
    url = f"{address}{middleware.UPLOAD}"
    with contextlib.suppress(httpx.WriteError, httpx.ReadError):  # cut off while it sends
        sent = httpx.post(url, content=endless(), headers=headers, timeout=PATIENCE)
        assert sent.status_code == 413
    wait_until(lambda: not files_in(folder))


def test_a_killed_server_leaves_nothing_to_the_next(tmp_path: Path, clip: bytes) -> None:
    for number, has_left in ((signal.SIGKILL, True), (signal.SIGTERM, False)):
        with hooked(tmp_path) as address:
            assert upload(address, clip).status_code == 200
            assert len(files_in(tmp_path)) == 1  # none of the server before
            servers[address].send_signal(number)
            servers[address].wait(PATIENCE)
        assert bool(files_in(tmp_path)) is has_left


def test_damaged_weights_are_named_and_other_models_work(
    owners_address: str, owners_folder: Path, clip: bytes
) -> None:
    """Without the Hub, a model that is not on this computer is named too."""
    damaged = request_answer(owners_address, clip, model="mine")
    assert not damaged.is_answer
    assert "model.safetensors" in damaged.outputs
    assert str(owners_folder) not in damaged.outputs
    absent = request_answer(owners_address, clip, model="facebook/timesformer-base-finetuned-k400")
    assert "timesformer download" in absent.outputs
    assert request_answer(owners_address, clip).is_answer
