"""Event handlers of the page, without a browser."""

import dataclasses
import logging
import shutil
import threading
import zipfile
from collections.abc import Iterator
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import PREPROCESS
from visitors import request_of

from timesformer import TimesformerConfig, write_mp4
from timesformer.checkpoints.checkpoint import SAMPLING_ASSUMED
from timesformer.errors import CheckpointError, ClipError
from timesformer.explain import METHODS
from timesformer.hub.source import Repository
from timesformer.i18n import localized, section, t
from timesformer.progress import Progress
from timesformer.synthetic.clips import draw_clips
from timesformer.ui import (
    analysis,
    background,
    handlers,
    model_cache,
    model_choices,
    model_cost,
    request_token,
    work,
)
from timesformer.ui.answer import DOWNLOADS
from timesformer.ui.answer_cache import AnswerCache
from timesformer.ui.outputs import NO_FILE, NO_STATUS, SKIP
from timesformer.ui.request_token import RequestToken, forgets_clip
from timesformer.ui.server import limits
from timesformer.ui.server.clip_cache import ClipCache
from timesformer.ui.server.examples import EXAMPLE_PREFIX, EXAMPLES
from timesformer.ui.server.temp_files import ROOT as TEMP_ROOT
from timesformer.ui.server.uploads import FOLDER_PREFIX
from timesformer.visualize import export
from timesformer.visualize.explorer import PARTS

BOAT = EXAMPLES["boat-sailing-right"]
LABELS = ("moving left", "moving right")


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> str:
    pixels = draw_clips(1, num_frames=64, size=112, seed=0).pixels[0]
    frames = (pixels.permute(0, 2, 3, 1).numpy() * 255).astype(np.uint8)
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    write_mp4(path, frames, fps=30)
    return str(path)


@pytest.fixture
def upload(video: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The clip as a visitor's upload, with an empty clip cache."""
    monkeypatch.setenv(TEMP_ROOT, str(tmp_path))
    cache = ClipCache()
    for module in (analysis, request_token):
        monkeypatch.setattr(module, "CLIP_CACHE", cache)
    folder = tmp_path / f"{FOLDER_PREFIX}abc"
    folder.mkdir()
    return Path(shutil.copy(video, folder / "clip.mp4"))


@pytest.fixture
def empty_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of answers without any."""
    cache = AnswerCache()
    for module in (handlers, work):
        monkeypatch.setattr(module, "ANSWER_CACHE", cache)


def last_status(steps: Iterator[tuple[Any, ...]]) -> str:
    return [status for status, *_ in steps if status != SKIP][-1]


def answer_of(steps: Iterator[tuple[Any, ...]]) -> dict[str, Any]:
    """Return the first answer, and stop the work on further heatmaps."""
    for status, answer in steps:
        if answer != SKIP:
            steps.close()
            assert status == NO_STATUS
            return dict(answer)
    pytest.fail("no answer came")


def file_of(steps: Iterator[tuple[Any, ...]]) -> Path:
    """Return the file that some steps make, which is there until they are closed."""
    for status, file in steps:
        if file not in (SKIP, NO_FILE):
            assert status == NO_STATUS
            return Path(file["value"])
    pytest.fail("no file came")


def assert_done(steps: Iterator[tuple[Any, ...]]) -> None:
    assert last_status(steps) == NO_STATUS


def assert_refused(steps: Iterator[tuple[Any, ...]], key: str, **values: object) -> None:
    status = last_status(steps)
    assert 'role="alert"' in status
    assert escape(t(f"errors.{key}", **values)) in status


def test_an_answer_comes_in_stages(video: str) -> None:
    steps = handlers.answer(request_of(video))
    for stage in ("loading", "reading", "looking"):
        status, nothing = next(steps)
        assert t(f"status.{stage}") in status
        assert 'data-do="cancel"' in status
        assert nothing == SKIP
    status, first = next(steps)
    assert status == NO_STATUS
    assert len(first["predictions"]) == 5
    assert 0 < sum(prediction["share"] for prediction in first["predictions"]) <= 1.0001
    assert len(first["frames"]) == len(first["times"]) == 8
    assert [heat["key"] for heat in first["heatmaps"]] == [first["shown"]]
    *_, (status, last) = steps
    assert status == SKIP  # else a screen reader would read it again
    assert {**last, "heatmaps": first["heatmaps"]} == first


def test_an_empty_start_is_the_beginning(video: str) -> None:
    assert answer_of(handlers.answer(request_of(video, start=None)))["start"] == 0
    assert_refused(handlers.answer(request_of(video, start=-1)), "page.negative_start")


def test_a_visitor_s_clip_is_read_in_the_sandbox(
    video: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("read in this process")

    monkeypatch.setattr("timesformer.recognizer.read_clip", refuse)
    assert answer_of(handlers.answer(request_of(video)))


def test_a_visitor_s_clip_is_deleted_once_its_frames_are_read(upload: Path) -> None:
    steps = handlers.answer(request_of(upload))
    while t("status.looking") not in next(steps)[0]:
        assert upload.exists()
    assert not upload.parent.exists()
    assert answer_of(steps)
    for model, method in (("motion", "attention"), ("motion-joint", "rollout")):
        assert answer_of(handlers.answer(request_of(upload, model, method)))
    assert_done(handlers.run_experiment(request_of(upload, experiment="schemes")))


def test_other_frames_make_the_page_send_the_clip_again(upload: Path, video: str) -> None:
    """Or show that the clip is gone: the page's script decides."""
    request = request_of(upload)
    assert answer_of(handlers.answer(request))
    for event in ("answer", "explore", "check", "download"):
        handler = getattr(handlers, event)
        *_, last = handler(request | {"start": 0.5, "kind": "video"})
        again = "ask" if event == "answer" else event
        assert f'data-again="{again}"' in last[0]
    frames = request | {"experiment": "frames"}
    *_, last = handlers.run_experiment(frames)
    assert 'data-again="experiment"' in last[0]
    assert f'data-gone="{escape(t("errors.server.clip_gone"))}"' in last[0]
    upload.parent.mkdir()
    shutil.copy(video, upload)
    assert_done(handlers.run_experiment(frames))
    assert not upload.exists()


def test_a_clip_cannot_start_without_a_model_that_is_here(
    video: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors for people are shown with their HTML escaped. Others are logged, not shown."""

    def refuse(name: str) -> None:
        raise CheckpointError("checkpoint.not_here", name="<b>waves</b>")

    monkeypatch.setattr(model_cache, "recognizer_named", refuse)
    steps = handlers.answer(request_of(video))
    assert_refused(steps, "checkpoint.not_here", name="<b>waves</b>")


def test_other_errors_are_logged_and_not_shown(
    video: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(name: str) -> None:
        raise RuntimeError("secret /path")

    monkeypatch.setattr(model_cache, "recognizer_named", fail)
    with caplog.at_level(logging.ERROR):
        steps = list(handlers.answer(request_of(video)))
    assert_refused(iter(steps), "page.internal")
    assert "secret" not in str(steps)
    assert "secret" in caplog.text


def test_a_full_disk_is_an_error(video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(*_: object, **__: object) -> None:
        Path("/dev/full").write_bytes(b"an overlay")

    request = request_of(video, kind="video")
    with monkeypatch.context() as patch:
        patch.setattr(export, "write_videos", fill)
        assert_refused(handlers.download(request), "server.disk_full")
    assert_done(handlers.download(request))


def test_errors_and_notes_are_in_the_language_of_the_page(
    video: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    recognizer = model_cache.recognizer_named("motion")
    noted = dataclasses.replace(recognizer, notes=(SAMPLING_ASSUMED,))
    monkeypatch.setattr(model_cache, "recognizer_named", lambda _: noted)
    answer_in_german = localized("de", handlers.answer)
    german = localized("de", t)
    assert german("errors.clip.empty") in last_status(answer_in_german(request_of(empty)))
    note = german(SAMPLING_ASSUMED.key, **SAMPLING_ASSUMED.values)
    assert note in answer_of(answer_in_german(request_of(video)))["notes"]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_the_page_is_answered(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("timesformer.explain.occlusion"), "MAX_CELLS", (2, 3, 3))
    assert set(section("methods")) == set(METHODS)
    label, contrast = LABELS
    request = request_of(BOAT, "motion", method, label=label, contrast=contrast)
    answer = answer_of(handlers.answer(request))
    (heat,) = answer["heatmaps"]
    assert heat["key"] == answer["shown"]
    assert heat["key"].split("|")[0] == method
    assert len(answer["predictions"]) == 5
    assert t(f"methods.{method}.caveat") in heat["caveats"]
    for label in LABELS:
        assert (label in heat["name"]) == METHODS[method].is_class_specific


@pytest.mark.parametrize(
    ("model", "method", "label", "contrast", "key"),
    [
        ("motion-space", "time-attention", "", "", "no_time_attention"),
        ("motion", "relevance", "juggling", "", "no_label"),
        ("motion", "relevance", "moving left", "moving left", "same_labels"),
        ("motion", "guess", "", "", "no_method"),
        ("motion", "gradcam", "", "moving left", "contrast_alone"),
    ],
)
def test_a_request_that_does_not_fit_the_model_is_refused(
    model: str, method: str, label: str, contrast: str, key: str
) -> None:
    request = request_of(BOAT, model, method, label=label, contrast=contrast)
    assert_refused(handlers.answer(request), f"request.{key}", label="juggling")


def test_a_label_does_not_matter_to_methods_without_one(video: str) -> None:
    request = request_of(video, method="rollout", label="juggling")
    assert answer_of(handlers.answer(request))["shown"] == "rollout"


EVENTS = {
    "ask": handlers.answer,
    "explore": handlers.explore,
    "check": handlers.check,
    "download": handlers.download,
    "fetch": handlers.fetch("block"),
    "experiment": handlers.run_experiment,
}


@pytest.mark.parametrize("event", EVENTS)
def test_without_a_clip_nothing_is_done(event: str) -> None:
    steps = list(EVENTS[event](request_of(None)))
    assert len(steps) == 1
    assert_refused(iter(steps), "page.no_clip")


@pytest.mark.parametrize("event", EVENTS)
def test_a_request_that_the_page_does_not_send_is_refused(event: str) -> None:
    for request in (None, [], "clip", {"clip": "clip.mp4"}, {"clip": {"example": "x"}}):
        assert_refused(EVENTS[event](request), "request.malformed")


def test_a_check_gives_curves(video: str) -> None:
    *_, (status, html) = handlers.check(request_of(video, method="relevance"))
    assert status == NO_STATUS
    assert html.count("<polyline") == 1 + 3  # of the heatmap, and of random ones


def test_the_explorer_comes_with_its_numbers(video: str) -> None:
    for status, html, file in handlers.explore(request_of(video)):
        if html != SKIP:
            assert status == NO_STATUS
            assert 'class="explorer"' in html
            assert Path(file["value"]).stat().st_size > 10**5
    assert not Path(file["value"]).exists()


@pytest.mark.parametrize(
    ("kind", "start"), [("video", b"\0\0\0"), ("sheet", b"\x89PNG"), ("archive", b"PK")]
)
def test_a_download_is_deleted_after_it_was_sent(kind: str, start: bytes, video: str) -> None:
    steps = handlers.download(request_of(video, kind=kind))
    file = file_of(steps)
    assert file.name == DOWNLOADS[kind]
    assert file.read_bytes().startswith(start)
    if kind == "archive":
        assert "explanation.json" in zipfile.ZipFile(file).namelist()
    steps.close()  # also if its visitor stops
    assert not file.exists()


@pytest.mark.parametrize("kind", [None, "", "model", ["video"], 5])
def test_only_downloads_of_the_menu_are_made(kind: object) -> None:
    assert_refused(handlers.download(request_of(BOAT, kind=kind)), "request.malformed")


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_the_attention_is_fetched(part: str, video: str) -> None:
    request = request_of(video)
    assert file_of(handlers.fetch(part)(request | {"number": 2})).stat().st_size > 10_000
    for number in (0, 9, None, 1.5, 2.0, True, "2", [2]):
        steps = handlers.fetch(part)(request | {"number": number})
        assert_refused(steps, f"explorer.no_{part}")


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_too_large_is_refused(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timesformer.visualize.explorer.MAX_PART_BYTES", 10**5)
    steps = handlers.fetch(part)(request_of(BOAT, number=3))
    assert_refused(steps, f"explorer.{part}_too_large")


def test_a_model_that_costs_too_much_is_not_loaded(
    video: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = TimesformerConfig(num_frames=512)
    preprocess = dataclasses.replace(PREPROCESS, num_frames=512)
    repository = Repository("someone/waves", "c0ffee", public=True)
    monkeypatch.setattr(model_choices, "resolve_choice", lambda _: repository)
    monkeypatch.setattr(model_cost, "describe_checkpoint", lambda _: (config, preprocess, ()))
    monkeypatch.setattr(model_cache, "download_checkpoint", lambda *_, **__: None)
    monkeypatch.setattr(model_cache, "load", lambda *_, **__: pytest.fail("it was loaded"))
    steps = handlers.answer(request_of(video, "someone/waves"))
    assert "someone/waves" in last_status(steps)


@pytest.fixture
def download(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A download that reports some progress, and fails once the event is set."""
    go_on = threading.Event()

    def download_checkpoint(name: object, *, on_progress: Progress) -> None:
        on_progress(120_000_000, 486_000_000)
        assert go_on.wait(60)
        raise ClipError("clip.cannot_open")

    monkeypatch.setattr(background, "PROGRESS_SECONDS", 0.01)
    monkeypatch.setattr(model_cache, "download_checkpoint", download_checkpoint)
    yield go_on
    go_on.set()


WAVES = request_of(BOAT, "someone/waves")


def wait_for_progress(steps: Iterator[tuple[Any, ...]]) -> None:
    sentence = t("status.downloading_of", name="someone/waves", done=120, total=486)
    while sentence not in next(steps)[0]:
        pass


def test_a_download_reports_its_progress(
    download: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(model_choices.MODELS, "someone/waves")
    steps = handlers.answer(WAVES)
    wait_for_progress(steps)
    download.set()
    assert_refused(steps, "clip.cannot_open")


def test_stopping_does_not_wait_for_a_download(
    download: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(model_choices.MODELS, "someone/waves")
    steps = handlers.answer(WAVES)
    wait_for_progress(steps)
    steps.close()
    assert not download.is_set()


def test_one_model_of_visitors_is_downloaded_at_a_time(
    download: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The download goes on although its visitor has left."""
    repository = Repository("someone/waves", public=True)
    monkeypatch.setattr(model_choices, "resolve_choice", lambda _: repository)
    monkeypatch.setattr(analysis, "check_cost", lambda _: None)
    first = handlers.answer(WAVES)
    wait_for_progress(first)
    first.close()
    assert_refused(handlers.answer(WAVES), "page.downloading")
    with monkeypatch.context() as patch:  # a model that is already here does not wait
        patch.setattr(model_cache, "try_to_load_from_cache", lambda *_, **__: "model.safetensors")
        patch.setattr(model_cache, "_load", lambda _: model_cache.recognizer_named("motion"))
        assert answer_of(handlers.answer(WAVES))
    download.set()
    refusal = escape(t("errors.page.downloading"))
    while refusal in last_status(handlers.answer(WAVES)):
        pass


def test_deleting_leaves_examples(upload: Path, tmp_path: Path) -> None:
    request = request_of(upload)
    assert answer_of(handlers.answer(request))
    made, of_example = tmp_path / "timesformer.mp4", tmp_path / f"{EXAMPLE_PREFIX}attention"
    for file in (made, of_example):
        file.touch()
    files = (str(made), str(of_example), str(made), None)  # one may be there twice
    forget = forgets_clip(handlers.forget)
    status, answer, explorer, *emptied = forget(RequestToken(), request, *files)
    assert explorer == ""
    assert emptied == [NO_FILE] * len(files)
    assert not made.exists()
    assert of_example.exists()  # other visitors may have it
    assert t("status.deleted", minutes=limits.MAX_STAY_SECONDS / 60) in status
    assert answer is None
    assert not upload.exists()
    assert analysis.CLIP_CACHE.num_bytes == 0
    *_, last = handlers.answer(request)
    assert 'data-again="ask"' in last[0]
    forget(RequestToken(), request_of(BOAT))
    assert BOAT.exists()


def test_deleting_and_the_diagram_take_any_request() -> None:
    for request in (None, [], {"clip": 5, "model": ["motion"]}, {"clip": {"path": 5}}):
        assert forgets_clip(handlers.forget)(RequestToken(), request)[1] is None
        assert t("architecture.unknown") in handlers.update_architecture(request)


def test_a_cached_answer_is_recalled(empty_cache: None) -> None:
    request = request_of(BOAT)
    assert handlers.recall(request) == (True, SKIP, SKIP)
    *_, (_, answer) = handlers.answer_if_needed(True, request)
    assert handlers.recall(request) == (False, NO_STATUS, answer)
    assert answer["predictions"][0]["label"] == "moving right"
    assert list(handlers.answer_if_needed(False, request)) == [(SKIP, SKIP)]
    found = list(handlers.answer_if_needed(True, request))  # cached by another visitor meanwhile
    assert found == [(NO_STATUS, answer)]
    example = {"clip": {"example": "boat-sailing-right"}, "model": "motion"}
    assert handlers.recall(example) == (False, NO_STATUS, answer)
    needs_model, *refused = handlers.recall(example | {"method": "guess"})
    assert not needs_model
    assert_refused(iter([tuple(refused)]), "request.no_method")


def test_a_link_without_a_clip_recalls_nothing() -> None:
    assert handlers.recall(request_of(None)) == (True, SKIP, SKIP)
