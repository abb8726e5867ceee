"""What goes wrong around a server, and how it goes on; and what it leaves of a visitor's."""

import contextlib
import http.client
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from disks import small_disk
from server import served, servers
from visitors import Answered, Visitor, draw_files, in_own_loop, open_client

from timesformer.checkpoints.registry import EMBEDDED_FOLDER
from timesformer.i18n import t
from timesformer.ui.server import limits, middleware

FORM = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.mp4"\r\n\r\n'
CANARY = "my holiday (Zebra7)"
UNPREPARED = "from timesformer.ui import handlers; handlers.prepare = lambda name: None"

# Files go after four seconds; whoever connects to another host is written down; the disk is as full
# as a file says; and nobody has a home.
WATCHED = f"""
{UNPREPARED}
import os, shutil, sys
from pathlib import Path
from timesformer.ui.server import limits, temp_files
limits.TTL_SECONDS, limits.SWEEP_SECONDS = 4, 1
folder = Path(os.environ["WATCHED"])
def watch(event, inputs):
    if event in ("socket.connect", "socket.getaddrinfo"):
        asked = inputs[1] if event == "socket.connect" else inputs
        host = asked[0] if isinstance(asked, tuple) else "local"
        if host not in ("127.0.0.1", "localhost", "local", "::1", None):
            with (folder / "asked").open("a") as asked_for:
                asked_for.write(f"{{event}} {{asked}}\\n")
sys.addaudithook(watch)
temp_files.TempFiles.free_bytes = property(lambda self: (
    0 if (folder / "full").exists() else shutil.disk_usage(self.folder).free))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A server without a home, of which is known whom it asks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WATCHED", str(folder))
        patch.setenv("HOME", "/dev/null/home")  # which nobody can make, be it root
        patch.delenv("MPLCONFIGDIR", raising=False)
        with served(folder, first=f"exec({WATCHED!r})") as place:
            yield place


@pytest.fixture(scope="module")
def clip(folder: Path) -> bytes:
    return draw_files(folder, 1)[0].read_bytes()


def asked(address: str, content: bytes, name: str = "clip.mp4", **more: Any) -> Answered:
    """What a visitor saw who uploaded a clip and pressed."""

    async def scene() -> Answered:
        async with open_client(address) as client:
            visitor = Visitor(client, (await client.get("/config")).json())
            return await visitor.ask(await visitor.upload(content, name), **more)

    return in_own_loop(scene())


def uploaded(address: str, content: bytes, name: str = "clip.mp4") -> httpx.Response:
    return httpx.post(f"{address}{middleware.UPLOAD}", files={"files": (name, content)}, timeout=60)


def wait_until(true: Callable[[], object], seconds: float) -> float:
    """How long it took to become true."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.05)
    return time.monotonic() - began


def clips_in(folder: Path) -> list[Path]:
    """Files of visitors: whatever lies where Gradio or anything temporary puts it, but examples."""
    runs = folder.glob("files/run-*")
    found = [path for run in runs for path in run.rglob("*") if path.is_file()]
    examples = {path.name for path in Path("assets/clips").iterdir()}
    return [path for path in found if path.name not in {*examples, "lock"}]


def test_nothing_of_a_visitor_s_is_left_told_or_sent(
    address: str, folder: Path, clip: bytes
) -> None:
    """At once not the clip, after the stay nothing; neither a name nor a word is in the log."""
    seen = asked(address, clip, f"{CANARY}.mp4")
    assert seen.is_answer
    assert clips_in(folder)  # what was made of it
    assert not list(folder.glob("files/run-*/files/clip-*"))
    wait_until(lambda: not clips_in(folder), 30)
    assert not asked(address, b"no video " + CANARY.encode(), f"{CANARY}.mp4").is_answer
    gone = httpx.post(
        f"{address}/gradio_api/run/predict",
        json={"data": [{"path": f"{folder}/files/{CANARY}.mp4"}], "session_hash": CANARY},
    )
    assert gone.status_code == 400
    log = (folder / "log").read_text()
    assert "Zebra7" not in log
    assert "clip.mp4" not in log
    assert not (folder / "asked").exists()


def test_a_disk_that_is_full_is_told_and_forgotten_when_it_is_not(
    address: str, folder: Path, clip: bytes
) -> None:
    (folder / "full").touch()
    refused = uploaded(address, clip)
    assert refused.status_code == 507
    assert refused.text == t("errors.server.disk_full")
    assert httpx.get(f"{address}{middleware.READY}").status_code == 503
    assert httpx.get(f"{address}{middleware.HEALTH}").json()["ready"] is False
    (folder / "full").unlink()
    assert uploaded(address, clip).status_code == 200
    assert httpx.get(f"{address}{middleware.READY}").status_code == 200


def begin_upload(address: str, *, whole: int, content: bytes) -> http.client.HTTPConnection:
    """An upload of so many bytes, of which the first are sent."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(str(place.hostname), place.port)
    connection.putrequest("POST", middleware.UPLOAD)
    connection.putheader("Content-Type", "multipart/form-data; boundary=b")
    connection.putheader("Content-Length", str(whole))
    connection.endheaders(content)
    return connection


def test_a_disk_that_fills_up_during_an_upload_costs_its_sender_alone(
    tmp_path: Path, clip: bytes
) -> None:
    """Another that is on its way arrives; and once there is room, everything is as before."""
    mine = FORM + clip + b"\r\n--b--\r\n"
    half, much = len(mine) // 2, bytes(3_000_000)
    unreserved = (
        f"{UNPREPARED}; from timesformer.ui.server import limits; limits.MIN_FREE_UPLOADS = 0"
    )
    with small_disk(tmp_path / "files") as disk, served(tmp_path, first=unreserved) as address:
        other = begin_upload(address, whole=len(mine), content=mine[:half])
        wait_until(lambda: clips_in(tmp_path), 10)
        with disk.full(servers[address].pid, but=1_000_000):
            refused = uploaded(address, much)
            assert (refused.status_code, refused.text) == (507, t("errors.server.disk_full"))
            assert len(clips_in(tmp_path)) == 1
            other.send(mine[half:])
            assert other.getresponse().status == 200
        assert uploaded(address, much).status_code == 200
        assert len(clips_in(tmp_path)) == 2
        assert asked(address, clip).is_answer
        other.close()


def test_an_upload_that_breaks_off_is_gone_at_once(address: str, folder: Path) -> None:
    wait_until(lambda: not clips_in(folder), 30)
    connection = begin_upload(address, whole=limits.MAX_UPLOAD_BYTES, content=FORM + bytes(300_000))
    wait_until(lambda: clips_in(folder), 10)
    connection.close()
    wait_until(lambda: not clips_in(folder), 10)


def test_bytes_without_end_fill_neither_disk_nor_memory(address: str, folder: Path) -> None:
    def endless() -> Iterator[bytes]:
        yield FORM
        while True:
            yield bytes(2**20)

    form = {"content-type": "multipart/form-data; boundary=b"}
    with contextlib.suppress(
        httpx.WriteError, httpx.ReadError
    ):  # it is cut off while it is still sending
        sent = httpx.post(
            f"{address}{middleware.UPLOAD}", content=endless(), headers=form, timeout=60
        )
        assert sent.status_code == 413
    wait_until(lambda: not clips_in(folder), 30)


def test_a_server_that_is_killed_leaves_nothing_to_the_next(tmp_path: Path, clip: bytes) -> None:
    for number, left in ((signal.SIGKILL, True), (signal.SIGTERM, False)):
        with served(tmp_path, first=UNPREPARED) as address:
            assert uploaded(address, clip).status_code == 200
            assert len(clips_in(tmp_path)) == 1  # and no more: those of the one before are gone
            servers[address].send_signal(number)
            servers[address].wait(20)
        assert bool(clips_in(tmp_path)) is left


def test_damaged_weights_are_named_and_the_embedded_model_answers(
    tmp_path: Path, clip: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no hub to be had, either."""
    mine = tmp_path / "mine"
    shutil.copytree(EMBEDDED_FOLDER / "motion", mine)
    weights = mine / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    published = "facebook/timesformer-base-finetuned-k400"
    monkeypatch.setenv("TIMESFORMER_MODELS", f"motion,{mine},{published}")
    with served(tmp_path, first=UNPREPARED) as address:
        damaged = asked(address, clip, model="mine")
        assert not damaged.is_answer
        assert "model.safetensors" in damaged.said
        assert str(tmp_path) not in damaged.said
        absent = asked(address, clip, model=published)
        assert "timesformer download" in absent.said
        assert asked(address, clip).is_answer
