"""Videos come as paths and as open files; an error names the file only for its owner."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from video_files import numbered

from timesformer import read_clip, write_mp4
from timesformer.errors import ClipError
from timesformer.i18n import Message
from timesformer.video.sandbox import SandboxPool, read_clip_sandboxed

READERS = {"named": read_clip, "sandboxed": read_clip_sandboxed}


@pytest.fixture(params=READERS)
def read(request: pytest.FixtureRequest) -> Callable:
    return lambda video, **options: READERS[request.param](
        video, **{"num_frames": 2, "sampling_rate": 1, **options}
    )


@pytest.fixture
def video(tmp_path: Path) -> Path:
    write_mp4(tmp_path / "a.mp4", [numbered(i) for i in range(4)], fps=30)
    return tmp_path / "a.mp4"


def refusal(read: Callable, video: object) -> Message:
    with pytest.raises(ClipError) as caught:
        read(video)
    return caught.value.message


@pytest.mark.parametrize("name", ["nope.mp4", "no/folder.mp4", "a.mp4/under.mp4", "null\0.mp4"])
def test_only_its_owner_is_told_the_name_of_a_missing_file(video: Path, name: str) -> None:
    path = video.parent / name
    told, hidden = (refusal(lambda v, r=r: r(v, num_frames=1, sampling_rate=1), path)
                    for r in (read_clip, read_clip_sandboxed))  # fmt: skip
    assert (told.key, told.values) == ("errors.clip.no_file_named", {"name": str(path)})
    assert (hidden.key, hidden.values) == ("errors.clip.no_file", {})


def test_a_file_without_permission_is_not_called_missing(
    video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stat(_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "stat", stat)
    told = refusal(lambda v: read_clip(v, num_frames=1, sampling_rate=1), video)
    hidden = refusal(lambda v: read_clip_sandboxed(v, num_frames=1, sampling_rate=1), video)
    assert (told.key, told.values) == ("errors.clip.no_access_named", {"name": str(video)})
    assert (hidden.key, hidden.values) == ("errors.clip.cannot_open", {})


def test_an_open_file_is_read_from_its_start(video: Path, read: Callable) -> None:
    expected = read(video).frames
    content = io.BytesIO(video.read_bytes())
    content.seek(99)
    with video.open("rb") as file:
        for opened in (content, content, file, file):
            np.testing.assert_array_equal(read(opened).frames, expected)
        assert not file.closed
    assert refusal(read, io.BytesIO()).key == "errors.clip.empty"


def test_a_large_open_file_is_refused(video: Path) -> None:
    limit = SandboxPool().limits.max_file_bytes
    with pytest.raises(ClipError) as caught:
        read_clip_sandboxed(io.BytesIO(bytes(limit + 1)), num_frames=1, sampling_rate=1)
    assert caught.value.message.key == "errors.clip.file_too_large"


def closed() -> io.BytesIO:
    file = io.BytesIO(b"abc")
    file.close()
    return file


class Pipe(io.RawIOBase):
    """A file that cannot seek, such as the answer of a server."""

    def readable(self) -> bool:
        return True


@pytest.mark.parametrize(
    "video", [None, 5, b"a.mp4", ["a.mp4"], np.zeros(3), io.StringIO("a"), closed(), Pipe()]
)
def test_other_objects_are_refused(read: Callable, video: object) -> None:
    name = type(video).__name__
    with pytest.raises(ValueError, match=f"the video is a {name}; give a path, or a file opened"):
        read(video)


def test_numbers_of_numpy_are_numbers(video: Path, read: Callable) -> None:
    options = {"num_frames": np.int64(2), "sampling_rate": np.int32(1), "start": np.float32(0.05)}
    plain = {"num_frames": 2, "sampling_rate": 1, "start": float(np.float32(0.05))}
    np.testing.assert_array_equal(read(video, **options).frames, read(video, **plain).frames)


@pytest.mark.parametrize("value", [0, -1, 2.5, 8.0, "8", True, [8]])
@pytest.mark.parametrize("name", ["num_frames", "sampling_rate"])
def test_counts_are_whole_numbers(read: Callable, name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{name} is .*; it must be a whole number, 1 or more"):
        read("a.mp4", **{name: value})


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), "1", None, [0.0], 1j])
def test_a_start_is_a_number_of_seconds(read: Callable, value: object) -> None:
    with pytest.raises(ValueError, match=r"start is .*; it must be a number of seconds, 0 or more"):
        read("a.mp4", start=value)
