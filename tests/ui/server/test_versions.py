"""What has a known hole is named, and the page does not start with it."""

from importlib.metadata import PackageNotFoundError

import av
import pytest

from timesformer.errors import TimesformerError
from timesformer.ui.server import versions
from timesformer.ui.server.versions import FLOORS, check_versions


def test_what_is_installed_has_no_hole_that_is_known() -> None:
    check_versions()


@pytest.mark.parametrize(
    ("name", "old"),
    [
        ("av", "18.0.9"), ("brotli", "1.2.0"), ("gradio", "6.30.5"), ("torch", "2.9.1+cu130"),
        ("python-multipart", "0.0.26"), ("starlette", "0.49.0"),
    ],
)  # fmt: skip
def test_an_old_version_is_refused(name: str, old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = dict(FLOORS) | {name: old}
    monkeypatch.setattr(versions, "version", lambda name: found[name])
    with pytest.raises(TimesformerError) as refused:
        check_versions()
    assert f"holes: {name} {old} (at least {FLOORS[name]})." in str(refused.value)


def test_every_floor_is_tried() -> None:
    (mark,) = test_an_old_version_is_refused.pytestmark
    assert {name for name, _ in mark.args[1]} == set(FLOORS)


def test_pyav_that_was_built_with_an_old_ffmpeg_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(av, "ffmpeg_version_info", "n8.1.1")
    with pytest.raises(TimesformerError, match=r"FFmpeg 8\.1\.1"):
        check_versions()


@pytest.mark.parametrize(
    "built", ["n8.1.2", "8.1.2", "8.1.2-full_build-www.gyan.dev", "n8.2-3-gab"]
)
def test_a_new_ffmpeg_is_known_however_it_is_written(
    built: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(av, "ffmpeg_version_info", built)
    check_versions()


@pytest.mark.parametrize(
    ("built", "words"),
    [
        ("8.0-full_build", r"known holes: FFmpeg 8\.0-full_build \(at least 8\.1\.2\)\."),
        ("N-118-gabc", r"how new they are: FFmpeg N-118-gabc\. Run pip"),
        ("UNKNOWN", r"how new they are: FFmpeg UNKNOWN\. Run pip"),
    ],
)
def test_an_odd_ffmpeg_is_refused_in_a_sentence(
    built: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(av, "ffmpeg_version_info", built)
    with pytest.raises(TimesformerError, match=words):
        check_versions()


def test_what_is_absent_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "brotli":
            raise PackageNotFoundError(name)
        return FLOORS[name]

    monkeypatch.setattr(versions, "version", version)
    check_versions()
