"""What the server keeps of a visitor's, and what it tells."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from server import served

BOUNDARY = "----------clip"
FREEZING = """
import gc, os
freeze = gc.freeze
def told():
    freeze()
    open(os.environ["FROZEN"], "w").write(str(gc.get_freeze_count()))
gc.freeze = told
"""
SHORT_STAY = (
    "from timesformer.ui.server import limits; limits.TTL_SECONDS, limits.SWEEP_SECONDS = 2, 1"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A server on which uploads stay for two seconds."""
    with served(folder, first=SHORT_STAY) as place:
        yield place


def upload(address: str, content: bytes) -> Path:
    """Where the server put a file sent to it."""
    body = (
        (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="clip.mp4"\r\n'
            "Content-Type: video/mp4\r\n\r\n"
        ).encode()
        + content
        + f"\r\n--{BOUNDARY}--\r\n".encode()
    )
    request = urllib.request.Request(
        f"{address}/gradio_api/upload",
        data=body,
        headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return Path(json.load(answer)[0])


def test_an_upload_is_deleted_after_its_stay(address: str, folder: Path) -> None:
    stored = upload(address, b"not much of a video")
    assert stored.is_relative_to(folder)
    assert stored.exists()
    until = time.monotonic() + 60
    while stored.exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not stored.exists()


def test_what_stays_is_not_looked_through_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else everybody waits for half a second now and then, until Python has looked at all."""
    told = tmp_path / "frozen"
    monkeypatch.setenv("FROZEN", str(told))
    with served(tmp_path, first=f"exec({FREEZING!r})"):
        until = time.monotonic() + 60
        while not (told.exists() and told.read_text()) and time.monotonic() < until:
            time.sleep(0.1)
        assert int(told.read_text()) > 200_000


def test_an_upload_above_the_limit_is_refused(address: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        upload(address, bytes(51 * 1024 * 1024))
    assert refusal.value.code == 413
    refusal.value.close()


def test_nobody_can_look_over_the_shoulder(address: str) -> None:
    """Gradio's overview of what visitors do is off."""
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{address}/gradio_api/monitoring/summary", timeout=30)
    assert refusal.value.code in (403, 404)
    refusal.value.close()
