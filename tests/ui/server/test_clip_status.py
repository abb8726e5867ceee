"""The page learns whether the server can still read an uploaded clip."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from visitors import in_own_loop

from timesformer.ui.server.body import Refused
from timesformer.ui.server.clip_cache import Held
from timesformer.ui.server.clip_status import ClipStatus
from timesformer.ui.server.temp_files import ROOT as FILES_IN
from timesformer.ui.server.temp_files import Storage, open_storage


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    monkeypatch.setenv(FILES_IN, str(tmp_path))
    opened = open_storage()
    yield opened
    opened.remove()


def status_of(path: object, storage: Storage, held: Held) -> int:
    query = urlencode({"path": str(path)}).encode()
    scope = {"type": "http", "method": "GET", "path": "/clip", "headers": []}
    request = Request(scope | {"query_string": query})
    return in_own_loop(ClipStatus(storage, held).respond(request)).status_code


def test_a_clip_is_here_while_its_file_or_its_frames_are(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, clip = Held(), Path(tempfile.mkdtemp(dir=storage.files)) / "clip.mp4"
    clip.touch()
    assert status_of(clip, storage, held) == 204
    clip.unlink()
    assert status_of(clip, storage, held) == 410
    monkeypatch.setattr(held, "has", lambda path: path == str(clip))
    assert status_of(clip, storage, held) == 204


@pytest.mark.parametrize("path", ["", "/etc/hostname", "clip.mp4", "\0"])
def test_other_files_are_not_told_about(path: str, storage: Storage) -> None:
    with pytest.raises(Refused) as refused:
        status_of(path, storage, Held())
    assert refused.value.status == 404
