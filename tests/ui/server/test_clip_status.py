"""The page learns whether the server can still read an uploaded clip."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from visitors import in_own_loop

from timesformer.ui.server.body import HTTPRefusal
from timesformer.ui.server.clip_cache import ClipCache
from timesformer.ui.server.clip_status import ClipStatus
from timesformer.ui.server.temp_files import ROOT as TEMP_ROOT
from timesformer.ui.server.temp_files import TempFiles, open_temp_files


@pytest.fixture
def temp_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TempFiles]:
    monkeypatch.setenv(TEMP_ROOT, str(tmp_path))
    opened = open_temp_files()
    yield opened
    opened.remove()


def status_of(path: object, temp_files: TempFiles, clip_cache: ClipCache) -> int:
    query = urlencode({"path": str(path)}).encode()
    scope = {"type": "http", "method": "GET", "path": "/clip", "headers": []}
    request = Request(scope | {"query_string": query})
    return in_own_loop(ClipStatus(temp_files, clip_cache).respond(request)).status_code


def test_a_clip_is_here_while_its_file_or_its_frames_are(
    temp_files: TempFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip_cache, clip = ClipCache(), Path(tempfile.mkdtemp(dir=temp_files.files)) / "clip.mp4"
    clip.touch()
    assert status_of(clip, temp_files, clip_cache) == 204
    clip.unlink()
    assert status_of(clip, temp_files, clip_cache) == 410
    monkeypatch.setattr(clip_cache, "has", lambda path: path == str(clip))
    assert status_of(clip, temp_files, clip_cache) == 204


@pytest.mark.parametrize("path", ["", "/etc/hostname", "clip.mp4", "\0"])
def test_paths_outside_the_folder_are_not_found(path: str, temp_files: TempFiles) -> None:
    with pytest.raises(HTTPRefusal) as raised:
        status_of(path, temp_files, ClipCache())
    assert raised.value.status == 404
