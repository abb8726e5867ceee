"""What has a known hole is named, and the page does not start with it."""

import av
import pytest

from timesformer.errors import TimesformerError
from timesformer.ui import versions
from timesformer.ui.versions import FLOORS, check_versions


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
