"""Answers for the examples are cached, answers for visitors' clips never."""

import shutil
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from timesformer import write_mp4
from timesformer.i18n import use_language
from timesformer.ui.answer import Answer
from timesformer.ui.answer_cache import AnswerCache
from timesformer.ui.request import AnalysisRequest
from timesformer.ui.server import limits
from timesformer.ui.server.examples import EXAMPLES, example_name

BOAT = EXAMPLES["boat-sailing-right"]
FILES = ("overlay", "sheet", "attention")


def request_for(path: Path, method: str = "rollout") -> AnalysisRequest:
    return AnalysisRequest(str(path), "motion", method, 0, False)


def answer_in(folder: Path) -> Answer:
    overlay, sheet, attention = (folder / name for name in FILES)
    for file in (overlay, sheet, attention):
        file.write_text(file.name)
    return Answer(("moving right", 0.9), "", {}, overlay, "<p>", sheet, "<i>", attention)


def test_an_example_is_recognized_by_its_content(tmp_path: Path) -> None:
    copy = shutil.copy(BOAT, tmp_path / "upload.mp4")
    assert example_name(str(copy)) == "boat-sailing-right"
    other = bytearray(BOAT.read_bytes())
    other[-1] ^= 1
    (tmp_path / "other.mp4").write_bytes(other)
    assert example_name(str(tmp_path / "other.mp4")) is None
    assert example_name(str(tmp_path / "gone.mp4")) is None
    assert example_name(None) is None


def test_a_cached_answer_has_copies_of_its_files(tmp_path: Path) -> None:
    cache, copy = AnswerCache(), Path(shutil.copy(BOAT, tmp_path / "upload.mp4"))
    assert cache.get(request_for(BOAT)) is None
    cache.put(request_for(BOAT), answer_in(tmp_path))
    for name in FILES:
        (tmp_path / name).unlink()
    answer = cache.get(request_for(copy))
    assert answer is not None
    files = (answer.overlay, answer.sheet, answer.attention)
    assert [file.read_text() for file in files if file] == list(FILES)
    assert cache.get(request_for(BOAT, "relevance")) is None
    with use_language("de"):
        assert cache.get(request_for(BOAT)) is None


def test_an_answer_for_a_visitor_s_clip_is_not_cached(tmp_path: Path) -> None:
    cache, path = AnswerCache(), tmp_path / "mine.mp4"
    write_mp4(path, np.zeros((9, 64, 64, 3), np.uint8), fps=30)
    cache.put(request_for(path), answer_in(tmp_path))
    assert cache.get(request_for(path)) is None


def test_the_least_recently_used_answer_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_CACHED_ANSWERS", 2)
    cache = AnswerCache()
    folders = []
    for method in ("rollout", "attention", "rollout", "relevance"):
        cache.put(request_for(BOAT, method), answer_in(tmp_path))
        answer = cache.get(request_for(BOAT, method))
        assert answer is not None
        folders.append(answer.overlay.parent)
    assert cache.get(request_for(BOAT, "attention")) is None
    assert cache.get(request_for(BOAT)) is not None
    assert [folder.exists() for folder in folders] == [True, False, True, True]


def test_a_full_disk_does_not_fail_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("No space left on device")

    cache, answer = AnswerCache(), answer_in(tmp_path)
    monkeypatch.setattr(shutil, "copy", refuse)
    cache.put(request_for(BOAT), answer)
    assert cache.get(request_for(BOAT)) is None


@pytest.mark.parametrize("methods", [("rollout", "rollout"), ("rollout", "relevance")])
def test_answers_of_two_threads_are_each_copied_once(
    methods: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each thread waits for the other, while it copies or once it has not copied."""
    barrier, met, copy = threading.Barrier(2), set(), shutil.copy

    def meet() -> None:
        if threading.get_ident() not in met:
            met.add(threading.get_ident())
            barrier.wait()

    def copy_together(*paths: Path) -> Path:
        meet()
        return copy(*paths)

    def put(method: str) -> None:
        cache.put(request_for(BOAT, method), answer)
        meet()

    cache, answer, folder = AnswerCache(), answer_in(tmp_path), tmp_path / "work"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(shutil, "copy", copy_together)
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(put, methods)) == [None, None]
    assert len(list(folder.iterdir())) == 1
    assert len(list(folder.glob("*/*"))) == len(set(methods))
    assert all(cache.get(request_for(BOAT, method)) for method in methods)


def test_files_are_compared_by_content(tmp_path: Path) -> None:
    cache = AnswerCache()
    cache.put(request_for(BOAT), answer_in(tmp_path))
    copy, other = shutil.copy(tmp_path / "sheet", tmp_path / "copy"), tmp_path / "other"
    other.write_text("other")
    assert cache.has_file(str(copy))
    assert not cache.has_file(str(other))
    assert not cache.has_file(str(tmp_path / "gone"))
