"""What the page's handlers give back, without a browser."""

import dataclasses
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from tiny import PREPROCESS

from timesformer import TimesformerConfig, write_mp4
from timesformer.checkpoints import embedded_models
from timesformer.errors import ClipError, TimesformerError
from timesformer.hub import Listing
from timesformer.motion import draw_clips
from timesformer.published import PUBLISHED
from timesformer.ui import guard, handlers, text

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> str:
    pixels = draw_clips(1, num_frames=64, size=112, seed=0).pixels[0]
    frames = (pixels.permute(0, 2, 3, 1).numpy() * 255).astype(np.uint8)
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    write_mp4(path, frames, fps=30)
    return str(path)


def test_an_answer_comes_in_stages(video: str) -> None:
    answer = handlers.answer(video, "motion", "rollout", 0, False)
    for words in (text.LOADING, text.READING, text.LOOKING, text.DRAWING):
        assert words in next(answer)[0]
    said, bars, overlay, strip, sheet = next(answer)
    assert "Answered" in said
    assert len(bars) == 5
    assert 0 < sum(bars.values()) <= 1.0001
    assert strip.count("<figure>") == 8
    assert Path(overlay).stat().st_size > 1000
    assert Path(sheet["value"]).read_bytes().startswith(b"\x89PNG")
    assert next(answer, None) is None
    assert not Path(overlay).exists()


def test_a_stopped_answer_leaves_no_file(video: str) -> None:
    answer = handlers.answer(video, "motion", "rollout", 0, False)
    overlay = [next(answer) for _ in range(5)][-1][2]
    assert Path(overlay).exists()
    answer.close()
    assert not Path(overlay).exists()


def test_a_stopped_answer_does_no_further_work(video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "explain", lambda *_: pytest.fail("went on"))
    answer = handlers.answer(video, "motion", "rollout", 0, False)
    for words in (text.LOADING, text.READING, text.LOOKING):
        assert words in next(answer)[0]
    answer.close()


def test_a_new_answer_clears_the_old_one_and_takes_an_empty_start(video: str) -> None:
    answer = handlers.answer(video, "motion", "rollout", None, False)
    assert next(answer)[1:] == handlers.NOTHING
    assert "Answered" in [said for said, *_ in answer][-1]


def test_a_gpu_that_is_not_to_be_had_is_explained(
    video: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise gr.Error("ZeroGPU quota exceeded")

    monkeypatch.setattr(handlers, "explain", refuse)
    *_, last = handlers.answer(video, "motion", "rollout", 0, False)
    assert text.NO_GPU in last[0]


def test_every_embedded_model_is_offered_in_words() -> None:
    assert set(embedded_models()) <= set(text.EMBEDDED)
    for name, words in text.EMBEDDED.items():
        assert text.other_choice(name) == f"{name}: {words}"


def test_visitors_choose_among_what_the_owner_names() -> None:
    everything = guard.offered_models({})
    assert next(iter(everything)) == "motion"
    assert {entry.name for entry in PUBLISHED} < set(everything)
    named = guard.offered_models({"TIMESFORMER_MODELS": " someone/waves, motion,, someone/waves"})
    assert list(named.items()) == [("someone/waves", "someone/waves"), ("motion", "motion")]


def test_visitors_do_not_see_where_a_model_lies(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "other" / "mine").mkdir(parents=True)
    owner = {"TIMESFORMER_MODELS": f"{tmp_path}/mine"}
    assert guard.offered_models(owner) == {"mine": f"{tmp_path}/mine"}
    assert guard.admitted("mine", owner) == f"{tmp_path}/mine"
    owner["TIMESFORMER_MODELS"] += f",{tmp_path}/other/mine"
    with pytest.raises(TimesformerError, match="have the same last part"):
        guard.offered_models(owner)


LISTINGS = {
    "someone/waves": {"model.safetensors": 5_000_000, "config.json": 900},
    "someone/pickles": {"pytorch_model.bin": 5_000_000},
    "someone/giant": {"model.safetensors": 9_000_000_000},
}


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "list_files", lambda name: Listing("c0ffee", LISTINGS[name]))


def test_another_model_is_admitted_where_the_owner_permits_it(listed: None) -> None:
    assert guard.admitted(" someone/waves", {"TIMESFORMER_ANY_MODEL": "1"}) == (
        "someone/waves@c0ffee"
    )
    with pytest.raises(TimesformerError, match="not offered here"):
        guard.admitted("someone/waves", {})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("someone/pickles", "has no model.safetensors"),
        ("someone/giant", "have 9.0 GB; at most 1 GB"),
        (str(ROOT), "not offered here"),
        ("timesformer/ui", "not offered here"),
    ],
)
def test_a_model_that_may_do_harm_is_not_admitted(name: str, words: str, listed: None) -> None:
    with pytest.raises(TimesformerError, match=words):
        guard.admitted(name, {"TIMESFORMER_ANY_MODEL": "1"})


def test_a_model_of_anyone_may_look_at_as_much_as_the_published_ones() -> None:
    def check(T: int, side: int, choice: str = "someone/waves") -> None:
        preprocess = dataclasses.replace(
            PREPROCESS, num_frames=T, crop_size=(side, side), short_side=side
        )
        guard.check_work(choice, preprocess, TimesformerConfig(), {})

    for entry in PUBLISHED:
        check(entry.num_frames, entry.size)
    with pytest.raises(TimesformerError, match="looks at 25,088 patches"):
        check(128, 224)
    check(128, 224, "motion")  # what the owner offers is the owner's to judge


def test_a_download_is_told_as_it_comes(video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(guard.MODELS, "someone/waves")
    go_on = threading.Event()

    def slow(name: str, *, tell: Callable[[int, int | None], None]) -> None:
        tell(120_000_000, 486_000_000)
        assert go_on.wait(30)
        raise ClipError("The network went away.")

    monkeypatch.setattr(handlers, "download_checkpoint", slow)
    answer = handlers.answer(video, "someone/waves", "rollout", 0, False)
    assert text.LOADING in next(answer)[0]
    assert "Downloading someone/waves: 120 of 486 MB" in next(answer)[0]
    go_on.set()
    *_, last = answer
    assert "The network went away." in last[0]


def test_stopping_does_not_wait_for_a_download(video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(guard.MODELS, "someone/waves")
    go_on = threading.Event()

    def slow(name: str, *, tell: Callable[[int, int | None], None]) -> None:
        tell(0, None)
        assert go_on.wait(30)

    monkeypatch.setattr(handlers, "download_checkpoint", slow)
    answer = handlers.answer(video, "someone/waves", "rollout", 0, False)
    next(answer)
    assert "Downloading someone/waves: 0 MB" in next(answer)[0]
    stopped = time.monotonic()
    answer.close()
    assert time.monotonic() - stopped < 10  # the download would go on for 30 s
    go_on.set()


def test_no_clip_gets_a_sentence() -> None:
    (only,) = handlers.answer(None, "motion", "rollout", 0, False)
    assert text.NO_CLIP in only[0]
    assert 'role="alert"' in only[0]


def test_our_errors_are_shown_and_others_are_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(name: str) -> None:
        raise ClipError("<b>Too short.</b>")

    monkeypatch.setattr(handlers, "recognizer_named", refuse)
    *_, last = handlers.answer("clip.mp4", "motion", "rollout", 0, False)
    assert "&lt;b&gt;Too short.&lt;/b&gt;" in last[0]

    def break_down(name: str) -> None:
        raise RuntimeError("secret /path")

    monkeypatch.setattr(handlers, "recognizer_named", break_down)
    with caplog.at_level(logging.ERROR):
        *_, last = handlers.answer("clip.mp4", "motion", "rollout", 0, False)
    assert text.TOO_STRANGE in last[0]
    assert "secret" not in last[0]
    assert "secret" in caplog.text


def test_the_part_of_a_longer_video_is_told() -> None:
    assert "0.0 to 2.1 s of 6.0 s" in text.part_seen(0.0, 2.1, 6.0)
    assert text.part_seen(0.0, 2.1, 2.4) == ""
    assert text.part_seen(0.0, 0.0, 0.1) == ""


def test_everybody_shares_one_recognizer() -> None:
    assert handlers.recognizer_named("motion") is handlers.recognizer_named("motion")


BUILD = """
import json
from timesformer.ui.guard import offered_models
from timesformer.ui.page import build_page, launch_settings
page, settings = build_page(list(offered_models())), launch_settings()
events = page.config["dependencies"]
visibility = [event["api_visibility"] for event in events if event["backend_fn"]]
(model,) = (block for block in page.blocks.values() if block.elem_id == "model")
models = [name for _, name in model.choices]
print(json.dumps([page.delete_cache, visibility, settings, models, model.value], default=str))
"""


def test_the_page_is_built_with_its_limits(tmp_path: Path) -> None:
    """In a process of its own: Gradio leaves an event loop open, which is a warning here."""
    run = subprocess.run(
        [sys.executable, "-c", BUILD],
        cwd=ROOT,
        capture_output=True,
        check=True,
        env=os.environ
        | {"GRADIO_TEMP_DIR": str(tmp_path), "TIMESFORMER_MODELS": "someone/waves,motion"},
    )
    delete_cache, visibility, settings, models, chosen = json.loads(run.stdout)
    assert models == ["someone/waves", "motion"]
    assert chosen == "someone/waves"
    assert delete_cache == list(guard.DELETE_CACHE)
    assert "public" not in visibility
    assert settings["max_file_size"] == "50mb"
    assert settings["run_history"] is False
    assert settings["enable_monitoring"] is False
