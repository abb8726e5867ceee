"""Answers to bundled clips are kept, those to clips of visitors never."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from timesformer import write_mp4
from timesformer.i18n import t
from timesformer.ui import answer_cache, handlers
from timesformer.ui.answer_cache import EXAMPLES, Answer, Keeper, bundled
from timesformer.ui.request import Asked
from timesformer.ui.server.temp_files import ROOT
from timesformer.ui.server.uploads import FOLDER
from timesformer.ui.wiring import Turn, begins, ends, goes_on, lasts, replaced

BOAT = EXAMPLES["boat-sailing-right"]


def asked(path: Path, method: str = "rollout") -> Asked:
    return Asked(str(path), "motion", method, 0, False)


def answer_in(folder: Path) -> Answer:
    for name in ("overlay", "sheet", "attention"):
        (folder / name).write_text(name)
    return Answer(
        ("moving right", 0.9), "", {}, folder / "overlay", "<p>", folder / "sheet", "<i>",
        folder / "attention",
    )  # fmt: skip


def test_a_bundled_clip_is_known_by_its_content(tmp_path: Path) -> None:
    copy = shutil.copy(BOAT, tmp_path / "upload.mp4")
    assert bundled(str(copy)) == "boat-sailing-right"
    other = bytearray(BOAT.read_bytes())
    other[-1] ^= 1
    (tmp_path / "other.mp4").write_bytes(other)
    assert bundled(str(tmp_path / "other.mp4")) is None
    assert bundled(None) is None


def test_what_is_kept_is_found_again_with_its_files(tmp_path: Path) -> None:
    keeper, copy = Keeper(), shutil.copy(BOAT, tmp_path / "upload.mp4")
    assert keeper.recall(asked(BOAT)) is None
    keeper.keep(asked(BOAT), answer_in(tmp_path))
    for name in ("overlay", "sheet", "attention"):
        (tmp_path / name).unlink()
    found = keeper.recall(asked(copy))
    assert found is not None
    assert [file.read_text() for file in (found.overlay, found.sheet)] == ["overlay", "sheet"]
    assert keeper.recall(asked(BOAT, "relevance")) is None


def test_a_clip_of_a_visitor_is_not_kept(tmp_path: Path) -> None:
    keeper, path = Keeper(), tmp_path / "mine.mp4"
    write_mp4(path, np.zeros((9, 64, 64, 3), np.uint8), fps=30)
    keeper.keep(asked(path), answer_in(tmp_path))
    assert keeper.recall(asked(path)) is None


def test_the_oldest_goes_for_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_cache, "MOST", 2)
    keeper = Keeper()
    folders = []
    for method in ("rollout", "attention", "rollout", "relevance"):
        keeper.keep(asked(BOAT, method), answer_in(tmp_path))
        folders.append(keeper.recall(asked(BOAT, method)).overlay.parent)
    assert keeper.recall(asked(BOAT, "attention")) is None
    assert keeper.recall(asked(BOAT)) is not None
    assert [folder.exists() for folder in folders] == [True, False, True, True]


def test_a_clip_that_is_gone_is_no_bundled_one(tmp_path: Path) -> None:
    assert bundled(str(tmp_path / "gone.mp4")) is None


def test_a_disk_that_is_full_leaves_the_answer_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("No space left on device")

    keeper, answer = Keeper(), answer_in(tmp_path)
    monkeypatch.setattr(shutil, "copy", refuse)
    keeper.keep(asked(BOAT), answer)
    assert keeper.recall(asked(BOAT)) is None


def test_deleting_takes_what_is_a_visitor_s_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "KEPT", Keeper())
    handlers.KEPT.keep(asked(BOAT), answer_in(tmp_path))
    shared = shutil.copy(tmp_path / "overlay", tmp_path / "shared")
    monkeypatch.setenv(ROOT, str(tmp_path))
    unlink, deleted = Path.unlink, []

    def once(file: Path, missing_ok: bool = False) -> None:
        deleted.append(file)
        unlink(file, missing_ok=missing_ok)

    clip, sheet = tmp_path / f"{FOLDER}1" / "clip.mp4", tmp_path / "mine.png"
    clip.parent.mkdir()
    for file in (clip, sheet):
        file.write_text(file.name)
    monkeypatch.setattr(Path, "unlink", once)
    cleared, said, *rest = handlers.forget(str(clip), str(shared), str(sheet), None, None)
    assert (cleared, tuple(rest)) == (None, handlers.NOTHING)
    assert t("status.deleted") in said
    assert [file.exists() for file in (clip, sheet, shared)] == [False, False, True]
    assert deleted == [clip, sheet]
    _, said, *_ = handlers.forget(str(BOAT), None, None, None, None)
    assert t("status.example_stays") in said
    assert BOAT.exists()


def test_what_was_asked_before_says_nothing_any_more() -> None:
    turn, outputs = Turn(), [object(), object()]
    older = lasts(lambda name: iter([(name, 1), (name, 2)]), outputs)(turn, "a")
    next(older)
    assert next(older) == ("a", 1)
    assert begins(lambda name: name)(turn, "b") == "b"
    assert list(older) == []
    newer = lasts(lambda name: iter([(name, 1)]), outputs)(turn, "b")
    assert [str(one) for one in next(newer)] == [str(handlers.gr.skip())] * 2
    assert list(newer) == [("b", 1)]


def test_a_clip_that_is_replaced_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[str] = []
    monkeypatch.setattr(handlers.HELD, "let_go", gone.append)
    turn, asks = Turn(), begins(lambda clip, method: None)
    for clip in ("first", "first", "second"):
        asks(turn, clip, "rollout")
    assert gone == ["first"]
    replaced(turn, None)
    replaced(turn, None)
    assert gone == ["first", "second"]


def test_a_clip_that_is_cleared_away_is_waited_for_by_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone: list[str] = []
    monkeypatch.setattr(handlers.HELD, "let_go", gone.append)
    turn, stopped = Turn(), goes_on(handlers.stopped)
    begins(lambda clip: None)(turn, "first")
    work = lasts(lambda clip: iter([(clip,)] * 2), [object()])(turn, "first")
    assert [next(work), next(work)][1] == ("first",)
    assert t("status.stopped") in stopped(turn)
    said, *others = ends(handlers.cleared)(turn)
    assert t("status.welcome") in said
    assert tuple(others) == handlers.NOTHING
    assert gone == ["first"]
    assert list(work) == []
    assert stopped(turn) == handlers.gr.skip()


def test_the_page_recalls_what_it_has_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "KEPT", Keeper())
    inputs = (str(BOAT), "motion", "rollout", 0, False, None, None)
    wanted, *nothing = handlers.recall(*inputs)
    assert wanted
    assert {str(value) for value in nothing} == {str(handlers.gr.skip())}
    *_, drawn, explored, _ = handlers.answer_if(True, *inputs)
    wanted, said, bars, overlay, strip, *_, section, attention = handlers.recall(*inputs)
    assert not wanted
    assert (
        t("status.answered_before", label="moving right", probability=bars["moving right"]) in said
    )
    assert (bars, strip, section) == (drawn[1], drawn[3], explored[-2])
    assert Path(overlay["value"]).exists()
    assert Path(attention["value"]).exists()
    (again,) = handlers.answer_if(False, *inputs)
    assert again[:2] == (said, bars)
    assert {str(value) for value in again[2:]} == {str(handlers.gr.skip())}
