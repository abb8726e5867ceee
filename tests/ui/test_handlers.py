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

import gradio as gr
import numpy as np
import pytest
from tiny import PREPROCESS

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
    answer,
    background,
    handlers,
    model_cache,
    model_choices,
    model_cost,
    work,
)
from timesformer.ui.answer_cache import AnswerCache
from timesformer.ui.outputs import EMPTY, NO_FILE, SKIP, AnswerOutputs
from timesformer.ui.server.clip_cache import ClipCache
from timesformer.ui.server.examples import EXAMPLES
from timesformer.ui.server.temp_files import ROOT as TEMP_ROOT
from timesformer.ui.server.uploads import FOLDER_PREFIX
from timesformer.visualize import export

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
    for module in (analysis, handlers):
        monkeypatch.setattr(module, "CLIP_CACHE", ClipCache())
    monkeypatch.setattr(handlers, "CLIP_CACHE", analysis.CLIP_CACHE)
    folder = tmp_path / f"{FOLDER_PREFIX}abc"
    folder.mkdir()
    return Path(shutil.copy(video, folder / "clip.mp4"))


@pytest.fixture
def empty_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of answers without any."""
    cache = AnswerCache()
    for module in (handlers, work):
        monkeypatch.setattr(module, "ANSWER_CACHE", cache)


def request_answer(
    path: str | Path | None, model: str = "motion", method: str = "rollout", *labels: str | None
) -> Iterator[AnswerOutputs]:
    """Yield the outputs after a press of the button."""
    inputs = (path and str(path), model, method, 0, False, *labels)
    return (AnswerOutputs(*outputs) for outputs in handlers.answer(*inputs))


def last_status(steps: Iterator[tuple[Any, ...]]) -> str:
    return [status for status, *_ in steps if status != SKIP][-1]


def assert_answered(steps: Iterator[tuple[Any, ...]]) -> None:
    status = last_status(steps)
    assert 'role="alert"' not in status
    assert "<progress" not in status


def assert_refused(steps: Iterator[tuple[Any, ...]], key: str, **values: object) -> None:
    status = last_status(steps)
    assert 'role="alert"' in status
    assert escape(t(f"errors.{key}", **values)) in status


def test_an_answer_comes_in_stages(video: str) -> None:
    steps = request_answer(video)
    first = next(steps)
    assert first[1:] == EMPTY[1:]
    assert t("status.loading") in first.status
    for stage in ("reading", "looking", "drawing"):
        assert t(f"status.{stage}") in next(steps).status
    drawn = next(steps)
    assert 'role="status"' in drawn.status
    assert len(drawn.probabilities) == 5
    assert 0 < sum(drawn.probabilities.values()) <= 1.0001
    assert drawn.strip.count("<figure>") == 8
    assert Path(drawn.overlay["value"]).stat().st_size > 1000
    assert drawn.sheet == NO_FILE
    explored = next(steps)
    assert explored.status == SKIP  # else a screen reader would read it again
    assert 'class="explorer"' in explored.explorer
    assert Path(explored.attention["value"]).stat().st_size > 10**6
    last = next(steps)
    assert last.status == SKIP
    assert Path(last.sheet["value"]).read_bytes().startswith(b"\x89PNG")
    assert next(steps, None) is None
    assert not Path(drawn.overlay["value"]).exists()


def test_a_stopped_answer_leaves_no_file(video: str) -> None:
    steps = handlers.answer(video, "motion", "rollout", 0, False)
    overlay = [AnswerOutputs(*next(steps)) for _ in range(5)][-1].overlay["value"]
    assert Path(overlay).exists()
    steps.close()
    assert not Path(overlay).exists()


def test_an_empty_start_is_the_beginning(video: str) -> None:
    assert_answered(handlers.answer(video, "motion", "rollout", None, False))
    assert_refused(handlers.answer(video, "motion", "rollout", -1, False), "page.negative_start")


def test_a_visitor_s_clip_is_read_in_the_sandbox(
    video: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("read in this process")

    monkeypatch.setattr("timesformer.recognizer.read_clip", refuse)
    assert_answered(request_answer(video))


def test_a_visitor_s_clip_is_deleted_once_its_frames_are_read(upload: Path) -> None:
    steps = request_answer(upload)
    while t("status.looking") not in next(steps).status:
        assert upload.exists()
    assert not upload.parent.exists()
    assert_answered(steps)
    for model, method in (("motion", "attention"), ("motion-joint", "rollout")):
        assert_answered(request_answer(upload, model, method))
    assert_answered(
        handlers.run_experiment("schemes")("", str(upload), "motion", "rollout", 0, False)
    )


def test_other_frames_make_the_page_send_the_clip_again(upload: Path, video: str) -> None:
    """Or show that the clip is gone: the page's script decides."""
    inputs = (str(upload), "motion", "rollout", 0, False)
    assert_answered(handlers.answer(*inputs))
    *_, last = handlers.check(str(upload), "motion", "rollout", 0.5, False)
    assert 'data-again="check"' in last[0]
    *_, last = handlers.run_experiment("frames")("", *inputs)
    assert 'data-again="try-frames"' in last[0]
    assert f'data-gone="{escape(t("errors.server.clip_gone"))}"' in last[0]
    upload.parent.mkdir()
    shutil.copy(video, upload)
    assert_answered(handlers.run_experiment("frames")("", *inputs))
    assert not upload.exists()


def test_a_missing_file_is_not_named_on_the_page(tmp_path: Path) -> None:
    steps = list(request_answer(tmp_path / "clip.mp4"))
    assert_refused(iter(steps), "clip.no_file")
    assert str(tmp_path) not in str(steps)


def test_a_clip_cannot_start_without_a_model_that_is_here(
    video: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors for people are shown with their HTML escaped. Others are logged, not shown."""

    def refuse(name: str) -> None:
        raise CheckpointError("checkpoint.not_here", name="<b>waves</b>")

    monkeypatch.setattr(model_cache, "recognizer_named", refuse)
    assert_refused(request_answer(video), "checkpoint.not_here", name="<b>waves</b>")


def test_other_errors_are_logged_and_not_shown(
    video: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(name: str) -> None:
        raise RuntimeError("secret /path")

    monkeypatch.setattr(model_cache, "recognizer_named", fail)
    with caplog.at_level(logging.ERROR):
        steps = list(request_answer(video))
    assert_refused(iter(steps), "page.internal")
    assert "secret" not in str(steps)
    assert "secret" in caplog.text


def test_a_full_disk_is_an_error(video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(*_: object, **__: object) -> None:
        Path("/dev/full").write_bytes(b"an overlay")

    with monkeypatch.context() as patch:
        patch.setattr(export, "write_videos", fill)
        assert_refused(request_answer(video), "server.disk_full")
    assert_answered(request_answer(video))


def test_errors_and_notes_are_in_the_language_of_the_page(
    video: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    recognizer = model_cache.recognizer_named("motion")
    noted = dataclasses.replace(recognizer, notes=(SAMPLING_ASSUMED,))
    monkeypatch.setattr(model_cache, "recognizer_named", lambda _: noted)
    answer_in_german = localized("de", handlers.answer)
    inputs = ("motion", "rollout", 0, False)
    german = localized("de", t)
    assert german("errors.clip.empty") in last_status(answer_in_german(str(empty), *inputs))
    note = german(SAMPLING_ASSUMED.key, **SAMPLING_ASSUMED.values)
    assert note in last_status(answer_in_german(video, *inputs))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_the_page_is_answered(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("timesformer.explain.occlusion"), "MAX_CELLS", (2, 3, 3))
    assert set(section("methods")) == set(METHODS)
    steps = list(request_answer(EXAMPLES["ball-rolling-left"], "motion", method, *LABELS))
    assert_answered(iter(steps))
    drawn = next(step for step in steps if step.strip not in (SKIP, ""))
    assert len(drawn.probabilities) == 5
    assert escape(t(f"methods.{method}.caveat")) in drawn.strip
    for label in LABELS:
        assert (label in drawn.strip) == METHODS[method].is_class_specific


@pytest.mark.parametrize(
    ("inputs", "key"),
    [
        (("motion-space", "time-attention"), "no_time_attention"),
        (("motion", "relevance", "juggling"), "no_label"),
        (("motion", "relevance", "moving left", "moving left"), "same_labels"),
        (("motion", "guess"), "no_method"),
        (("motion", "gradcam", None, "moving left"), "contrast_alone"),
    ],
)
def test_a_request_that_does_not_fit_the_model_is_refused(
    inputs: tuple[str, ...], key: str
) -> None:
    assert_refused(request_answer(BOAT, *inputs), f"request.{key}", label="juggling")


def test_a_label_does_not_matter_to_methods_without_one(video: str) -> None:
    assert_answered(request_answer(video, "motion", "rollout", "juggling"))


@pytest.mark.parametrize(
    "handler",
    [handlers.answer, handlers.check, handlers.pack],
    ids=["answer", "check", "pack"],
)
def test_without_a_clip_nothing_is_done(handler: Any) -> None:
    steps = list(handler(None, "motion", "rollout", 0, False))
    assert len(steps) == 1
    assert_refused(iter(steps), "page.no_clip")


def test_a_check_gives_curves(video: str) -> None:
    *_, (status, html) = handlers.check(video, "motion", "relevance", 0, False)
    assert t("status.checked") in status
    assert html.count("<polyline") == 1 + 3  # of the heatmap, and of random ones


def test_an_archive_is_deleted_after_it_was_sent(video: str) -> None:
    steps = handlers.pack(video, "motion", "rollout", 0, False)
    for status, archive in steps:
        if t("status.packed") in status:
            with zipfile.ZipFile(archive["value"]) as file:
                assert "explanation.json" in file.namelist()
            assert archive["interactive"]
            break
    steps.close()
    assert not Path(archive["value"]).exists()


@pytest.mark.parametrize("part", ["block", "frame"])
def test_a_part_of_the_attention_is_fetched(part: str, video: str) -> None:
    inputs = (video, "motion", "rollout", 0, False, None, None)
    steps = handlers.fetch(part)(*inputs, 2)
    for status, file in steps:
        if file != SKIP:
            assert t(f"status.fetched.{part}", number=2) in status
            assert Path(file["value"]).stat().st_size > 10_000
    for number in (0, 9, None, 1.5):
        assert_refused(handlers.fetch(part)(*inputs, number), f"explorer.no_{part}")


def test_another_model_changes_the_labels() -> None:
    choices = model_choices.label_choices("motion")
    assert handlers.update_labels("motion") == (gr.update(choices=choices, value=None),) * 2


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
    assert "someone/waves" in last_status(steps := request_answer(video, "someone/waves"))
    assert list(steps) == []


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


def wait_for_progress(steps: Iterator[AnswerOutputs]) -> None:
    sentence = t("status.downloading_of", name="someone/waves", done=120, total=486)
    while sentence not in next(steps).status:
        pass


def test_a_download_reports_its_progress(
    video: str, download: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(model_choices.MODELS, "someone/waves")
    steps = request_answer(video, "someone/waves")
    wait_for_progress(steps)
    download.set()
    assert_refused(steps, "clip.cannot_open")


def test_stopping_does_not_wait_for_a_download(
    video: str, download: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(model_choices.MODELS, "someone/waves")
    steps = request_answer(video, "someone/waves")
    wait_for_progress(steps)
    steps.close()
    assert not download.is_set()


def test_one_model_of_visitors_is_downloaded_at_a_time(
    video: str, download: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The download goes on although its visitor has left."""
    repository = Repository("someone/waves", public=True)
    monkeypatch.setattr(model_choices, "resolve_choice", lambda _: repository)
    monkeypatch.setattr(analysis, "check_cost", lambda _: None)
    first = request_answer(video, "someone/waves")
    wait_for_progress(first)
    first.close()
    assert_refused(request_answer(video, "someone/waves"), "page.downloading")
    with monkeypatch.context() as patch:  # a model that is already here does not wait
        patch.setattr(model_cache, "try_to_load_from_cache", lambda *_, **__: "model.safetensors")
        patch.setattr(model_cache, "_load", lambda _: model_cache.recognizer_named("motion"))
        assert_answered(request_answer(video, "someone/waves"))
    download.set()
    refusal = escape(t("errors.page.downloading"))
    while refusal in last_status(request_answer(video, "someone/waves")):
        pass


def test_a_part_of_a_longer_video_is_described() -> None:
    assert "2.1" in answer.part_seen(0.0, 2.1, 6.0)
    assert answer.part_seen(0.0, 2.1, 2.4) == ""
    assert answer.part_seen(0.0, 0.0, 0.1) == ""


def test_models_without_a_measurement_have_a_caveat() -> None:
    for name in ("facebook/timesformer-base-finetuned-k400", "/srv/motion"):
        caveats = list(answer.caveats(name, "rollout"))
        assert caveats == [t("methods.rollout.caveat"), t("warnings.not_measured")]


def test_measured_faults_of_a_method_are_caveats() -> None:
    caveat, measured = answer.caveats("motion", "time-attention")
    assert caveat == t("methods.time-attention.caveat")
    assert t("warnings.difference") in measured
    assert len(list(answer.caveats("motion", "attention"))) == 1


def test_deleting_leaves_examples_and_cached_files(
    upload: Path, tmp_path: Path, empty_cache: None
) -> None:
    shared, own = tmp_path / "shared.mp4", tmp_path / "own.png"
    for outputs in request_answer(BOAT):
        if outputs.overlay not in (SKIP, None):
            shutil.copy(outputs.overlay["value"], shared)
    own.write_text("a sheet")
    assert_answered(request_answer(upload))
    clip, _, *cleared = handlers.delete_clip(str(upload), str(shared), str(own), None, None)
    assert (clip, *cleared) == (None, *EMPTY[1:])
    assert [file.exists() for file in (upload, own, shared)] == [False, False, True]
    assert analysis.CLIP_CACHE.num_bytes == 0
    *_, last = handlers.answer(str(upload), "motion", "rollout", 0, False)
    assert 'data-again="run"' in last[0]
    handlers.delete_clip(str(BOAT), None, None, None, None)
    assert BOAT.exists()


def test_a_cached_answer_is_recalled(empty_cache: None) -> None:
    inputs = (str(BOAT), "motion", "rollout", 0, False, None, None)
    needs_model, *outputs = handlers.recall(*inputs)
    assert needs_model
    assert AnswerOutputs(*outputs) == AnswerOutputs()
    steps = [AnswerOutputs(*step) for step in handlers.answer_if_needed(True, *inputs)]
    strip = next(step.strip for step in steps if step.strip not in (SKIP, ""))
    needs_model, *outputs = handlers.recall(*inputs)
    recalled = AnswerOutputs(*outputs)
    assert not needs_model
    assert recalled.strip == strip
    assert max(recalled.probabilities, key=recalled.probabilities.get) == "moving right"
    assert Path(recalled.overlay["value"]).exists()
    assert Path(recalled.attention["value"]).exists()
    (again,) = handlers.answer_if_needed(False, *inputs)
    assert again == AnswerOutputs(recalled.status, recalled.probabilities)
    (found,) = handlers.answer_if_needed(True, *inputs)  # another visitor has cached it meanwhile
    assert found == recalled


def test_a_link_without_a_clip_recalls_nothing() -> None:
    inputs = (None, "motion", "rollout", 0, False, None, None)
    assert handlers.recall_linked(*inputs) == (False, *AnswerOutputs())
