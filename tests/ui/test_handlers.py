"""What the page's handlers give back, without a browser."""

import dataclasses
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest
from sentences import is_answer, says
from tiny import PREPROCESS

from timesformer import TimesformerConfig, write_mp4
from timesformer.checkpoints.checkpoint import SAMPLING_ASSUMED
from timesformer.checkpoints.registry import PUBLISHED, embedded_models
from timesformer.errors import CheckpointError, ClipError, TimesformerError
from timesformer.hub.client import Listing
from timesformer.hub.source import Repository
from timesformer.i18n import localized, section, t, translate, use_language
from timesformer.synthetic.clips import draw_clips
from timesformer.ui import catalog, handlers, inference
from timesformer.ui.server.clip_cache import Held
from timesformer.ui.server.temp_files import ROOT as ROOT_OF_FILES
from timesformer.ui.server.uploads import FOLDER
from timesformer.visualize import export

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> str:
    pixels = draw_clips(1, num_frames=64, size=112, seed=0).pixels[0]
    frames = (pixels.permute(0, 2, 3, 1).numpy() * 255).astype(np.uint8)
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    write_mp4(path, frames, fps=30)
    return str(path)


def said_last(answer: Iterator[tuple[Any, ...]]) -> str:
    """What the status says in the end."""
    return [said for said, *_ in answer if said != gr.skip()][-1]


def test_what_models_compute_in_is_the_owner_s_to_say() -> None:
    assert catalog.owners_dtype({}) is catalog.owners_dtype({"TIMESFORMER_DTYPE": ""}) is None
    assert catalog.owners_dtype({"TIMESFORMER_DTYPE": "int8"}) == "int8"
    with pytest.raises(TimesformerError, match=says("errors.page.bad_variable", value="int4")):
        catalog.owners_dtype({"TIMESFORMER_DTYPE": "int4"})


def test_an_answer_comes_in_stages(video: str) -> None:
    answer = handlers.answer(video, "motion", "rollout", 0, False)
    for words in (
        t("status.loading"),
        t("status.reading"),
        t("status.looking"),
        t("status.drawing"),
    ):
        assert words in next(answer)[0]
    said, bars, overlay, strip, sheet, *_ = next(answer)
    assert is_answer(said)
    assert len(bars) == 5
    assert 0 < sum(bars.values()) <= 1.0001
    assert strip.count("<figure>") == 8
    assert Path(overlay["value"]).stat().st_size > 1000
    assert sheet == handlers.NO_FILE
    said, *_, explorer, attention = next(answer)
    assert said == gr.skip()  # it would be read out once more
    assert 'class="explorer"' in explorer
    assert Path(attention["value"]).stat().st_size > 10**6
    said, _, _, _, sheet, *_ = next(answer)
    assert said == gr.skip()
    assert Path(sheet["value"]).read_bytes().startswith(b"\x89PNG")
    assert next(answer, None) is None
    assert not Path(overlay["value"]).exists()


def test_a_stopped_answer_leaves_no_file(video: str) -> None:
    answer = handlers.answer(video, "motion", "rollout", 0, False)
    overlay = [next(answer) for _ in range(5)][-1][2]["value"]
    assert Path(overlay).exists()
    answer.close()
    assert not Path(overlay).exists()


def test_a_stopped_answer_does_no_further_work(video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inference, "_explain", lambda *_: pytest.fail("went on"))
    answer = handlers.answer(video, "motion", "rollout", 0, False)
    for words in (t("status.loading"), t("status.reading"), t("status.looking")):
        assert words in next(answer)[0]
    answer.close()


def test_a_visitors_clip_is_read_in_a_process_apart(
    video: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timesformer.recognizer.read_clip", lambda *_, **__: pytest.fail("here"))
    assert is_answer(said_last(handlers.answer(video, "motion", "rollout", 0, False)))


@pytest.fixture
def upload(video: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The clip as a visitor's, where uploads lie."""
    monkeypatch.setenv(ROOT_OF_FILES, str(tmp_path))
    monkeypatch.setattr(handlers, "HELD", Held())
    folder = tmp_path / f"{FOLDER}abc"
    folder.mkdir()
    return Path(shutil.copy(video, folder / "clip.mp4"))


def test_a_visitors_clip_is_gone_once_its_frames_are_read(upload: Path) -> None:
    answer = handlers.answer(str(upload), "motion", "rollout", 0, False)
    assert t("status.reading") in [next(answer)[0] for _ in range(2)][-1]
    assert upload.exists()
    assert t("status.looking") in next(answer)[0]
    assert not upload.parent.exists()
    assert is_answer(said_last(answer))
    for model, method in (("motion", "attention"), ("motion-joint", "rollout")):
        again = handlers.answer(str(upload), model, method, 0, False)
        assert is_answer(said_last(again))
    *_, last = handlers.try_out("schemes")("", str(upload), "motion", "rollout", 0, False)
    assert t("status.experiment_done") in last[0]


def test_what_wants_other_frames_is_pressed_again_with_the_clip(upload: Path, video: str) -> None:
    """Or says that it is gone: that the page's script decides."""
    asked = (str(upload), "motion", "rollout", 0, False)
    for _ in handlers.answer(*asked):
        pass
    *_, last = handlers.check(str(upload), "motion", "rollout", 0.5, False)
    assert 'data-again="check"' in last[0]
    *_, last = handlers.try_out("frames")("", *asked)
    assert 'data-again="try-frames"' in last[0]
    assert f'data-gone="{t("errors.server.clip_gone")}"' in last[0]
    assert t("status.reading") in last[0]
    upload.parent.mkdir()
    shutil.copy(video, upload)
    *_, last = handlers.try_out("frames")("", *asked)
    assert t("status.experiment_done") in last[0]
    assert not upload.exists()


def test_a_clip_that_is_deleted_is_gone_with_its_frames(upload: Path) -> None:
    asked = (str(upload), "motion", "rollout", 0, False)
    for _ in handlers.answer(*asked):
        pass
    handlers.forget(str(upload), None, None, None, None)
    assert handlers.HELD.num_bytes == 0
    *_, last = handlers.answer(*asked)
    assert 'data-again="run"' in last[0]


def test_a_new_answer_clears_the_old_one_and_takes_an_empty_start(video: str) -> None:
    answer = handlers.answer(video, "motion", "rollout", None, False)
    assert next(answer)[1:] == handlers.NOTHING
    assert is_answer(said_last(answer))


def test_a_gpu_that_is_not_to_be_had_is_explained(
    video: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise gr.Error("ZeroGPU quota exceeded")

    monkeypatch.setattr(inference, "_explain", refuse)
    *_, last = handlers.answer(video, "motion", "rollout", 0, False)
    assert t("errors.page.no_gpu") in last[0]


def test_every_embedded_model_is_offered_in_words() -> None:
    assert set(embedded_models()) == set(section("embedded"))


def test_visitors_choose_among_what_the_owner_names() -> None:
    everything = catalog.offered_models({})
    assert next(iter(everything)) == "motion"
    assert {entry.name for entry in PUBLISHED} < set(everything)
    named = catalog.offered_models({"TIMESFORMER_MODELS": " someone/waves, motion,, someone/waves"})
    assert list(named.items()) == [("someone/waves", "someone/waves"), ("motion", "motion")]


def test_visitors_do_not_see_where_a_model_lies() -> None:
    """Nor where one lay that is gone."""
    owner = {"TIMESFORMER_MODELS": "/srv/models/mine,you/model@c0ffee,motion"}
    assert catalog.offered_models(owner) == {
        "mine": "/srv/models/mine",
        "you/model@c0ffee": "you/model@c0ffee",
        "motion": "motion",
    }
    assert catalog.admitted("mine", owner) == "/srv/models/mine"
    owner["TIMESFORMER_MODELS"] += ",/srv/other/mine"
    with pytest.raises(TimesformerError, match=says("errors.page.same_last_part")):
        catalog.offered_models(owner)


WHOLE = {"config.json": 900, "preprocessor_config.json": 400, "model.safetensors": 5_000_000}
LISTINGS = {
    "someone/waves": WHOLE,
    "someone/pickles": {"pytorch_model.bin": 5_000_000},
    "someone/gated": WHOLE,
    "someone/giant": WHOLE | {"model.safetensors": 9_000_000_000},
    "someone/unsaid": WHOLE | {"model.safetensors": None},
    "someone/wordy": WHOLE | {"config.json": 9_000_000_000},
}
PERMITTED = {"TIMESFORMER_ANY_MODEL": "1"}


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Hub that has LISTINGS and gives them to anybody."""

    def give(repository: Repository) -> Listing:
        assert repository.public
        if repository.name not in LISTINGS:
            raise CheckpointError("checkpoint.not_here", name="waves")
        is_open = repository.name != "someone/gated"
        return Listing("c0ffee", LISTINGS[repository.name], is_open=is_open)

    monkeypatch.setattr(catalog, "list_files", give)


def test_another_model_is_admitted_where_the_owner_permits_it(listed: None) -> None:
    there = Repository("someone/waves", "c0ffee", public=True)
    assert catalog.admitted(" someone/waves ", PERMITTED) == there
    with pytest.raises(TimesformerError, match=says("errors.request.model_not_offered")):
        catalog.admitted("someone/waves", {})


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("someone/pickles", says("errors.request.no_safetensors", file="model.safetensors")),
        ("someone/giant", says("errors.request.file_too_large", limit=1000)),
        ("someone/unsaid", says("errors.request.file_too_large", limit=1000)),
        ("someone/wordy", says("errors.request.file_too_large", limit=4)),
        ("someone/gated", says("errors.request.not_public")),
        ("someone/nothing", says("errors.request.hub_unavailable")),
        ("timesformer/ui", says("errors.request.hub_unavailable")),
        (" assets/models", says("errors.request.hub_unavailable")),
        (str(ROOT), says("errors.request.not_a_hub_id")),
        ("/etc/hostname", says("errors.request.not_a_hub_id")),
        ("/no/such/place", says("errors.request.not_a_hub_id")),
        ("someone/waves@main", says("errors.request.not_a_hub_id")),
    ],
)
def test_a_model_that_may_do_harm_is_not_admitted(name: str, pattern: str, listed: None) -> None:
    with pytest.raises(TimesformerError, match=pattern):
        catalog.admitted(name, PERMITTED)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"num_frames": 128, "image_size": 112}, "128 frames.*96"),
        ({"image_size": 8192, "patch_size": 2048}, "[0-9] pixels"),
        ({"hidden_size": 1536}, "[0-9] parameters"),
        ({"intermediate_size": 32768, "num_frames": 96, "num_hidden_layers": 1},
         "activations of a block"),
        ({"attention_type": "joint_space_time", "num_frames": 96}, "attention weights of a block"),
        ({"num_hidden_layers": 128, "image_size": 448, "num_frames": 16, "hidden_size": 192,
          "intermediate_size": 192, "num_attention_heads": 1}, "attention weights of all blocks"),
    ],
)  # fmt: skip
def test_a_model_of_anyone_asks_no_more_than_the_published_ones(
    changes: dict[str, object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def described(config: TimesformerConfig) -> None:
        side = config.image_shape[0]
        preprocess = dataclasses.replace(
            PREPROCESS, num_frames=config.num_frames, crop_size=(side, side), short_side=side
        )
        monkeypatch.setattr(catalog, "describe_checkpoint", lambda _: (config, preprocess, ()))
        catalog.check_work(Repository("someone/waves"))

    for entry in PUBLISHED:
        described(TimesformerConfig(num_frames=entry.num_frames, image_size=entry.size))
    with pytest.raises(TimesformerError, match=words):
        described(TimesformerConfig(**changes))


def test_a_model_that_is_too_large_is_refused_before_it_is_read(
    video: str, listed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = TimesformerConfig(num_frames=512)
    preprocess = dataclasses.replace(PREPROCESS, num_frames=512)
    monkeypatch.setenv(catalog.ANY_MODEL, "1")
    monkeypatch.setattr(catalog, "describe_checkpoint", lambda _: (config, preprocess, ()))
    monkeypatch.setattr(inference, "download_checkpoint", lambda *_, **__: None)
    monkeypatch.setattr(inference, "load", lambda _: pytest.fail("it was read"))
    *_, last = handlers.answer(video, "someone/waves", "rollout", 0, False)
    assert re.search(says("errors.request.model_too_large", name="someone/waves"), last[0])


def test_one_model_that_is_not_offered_is_fetched_at_a_time(
    video: str, listed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    monkeypatch.setenv(catalog.ANY_MODEL, "1")
    monkeypatch.setattr(inference, "download_checkpoint", lambda *_, **__: go_on.wait(30))
    monkeypatch.setattr(catalog, "check_work", lambda _: None)
    first = handlers.answer(video, "someone/waves", "rollout", 0, False)
    next(first), next(first)
    first.close()  # its visitor has gone, and still it is on its way
    *_, last = handlers.answer(video, "someone/waves", "rollout", 0, False)
    assert t("errors.page.downloading") in last[0]
    go_on.set()
    while not inference.fetching.acquire(timeout=30):
        raise AssertionError("never let go")
    inference.fetching.release()


def test_a_download_is_told_as_it_comes(video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(catalog.MODELS, "someone/waves")
    go_on = threading.Event()

    def slow(name: str, *, on_progress: Callable[[int, int | None], None]) -> None:
        on_progress(120_000_000, 486_000_000)
        assert go_on.wait(30)
        raise ClipError("clip.cannot_open")

    monkeypatch.setattr(inference, "download_checkpoint", slow)
    answer = handlers.answer(video, "someone/waves", "rollout", 0, False)
    assert t("status.loading") in next(answer)[0]
    assert t("status.downloading_of", name="someone/waves", done=120, total=486) in next(answer)[0]
    go_on.set()
    *_, last = answer
    assert t("errors.clip.cannot_open") in last[0]


def test_stopping_does_not_wait_for_a_download(video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(catalog.MODELS, "someone/waves")
    go_on = threading.Event()

    def slow(name: str, *, on_progress: Callable[[int, int | None], None]) -> None:
        on_progress(0, None)
        assert go_on.wait(30)

    monkeypatch.setattr(inference, "download_checkpoint", slow)
    answer = handlers.answer(video, "someone/waves", "rollout", 0, False)
    next(answer)
    assert t("status.downloading", name="someone/waves", done=0) in next(answer)[0]
    stopped = time.monotonic()
    answer.close()
    assert time.monotonic() - stopped < 10  # the download would go on for 30 s
    go_on.set()


def test_no_clip_gets_a_sentence() -> None:
    (only,) = handlers.answer(None, "motion", "rollout", 0, False)
    assert t("errors.page.no_clip") in only[0]
    assert 'role="alert"' in only[0]


def test_our_errors_are_shown_and_others_are_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(name: str) -> None:
        raise CheckpointError("checkpoint.not_here", name="<b>waves</b>")

    monkeypatch.setattr(inference, "recognizer_named", refuse)
    *_, last = handlers.answer("clip.mp4", "motion", "rollout", 0, False)
    assert "&lt;b&gt;waves&lt;/b&gt;" in last[0]

    def break_down(name: str) -> None:
        raise RuntimeError("secret /path")

    monkeypatch.setattr(inference, "recognizer_named", break_down)
    with caplog.at_level(logging.ERROR):
        *_, last = handlers.answer("clip.mp4", "motion", "rollout", 0, False)
    assert t("errors.page.internal") in last[0]
    assert "secret" not in last[0]
    assert "secret" in caplog.text


def test_an_answer_that_finds_no_room_on_the_disk_says_so(
    video: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        Path("/dev/full").write_bytes(b"an overlay")

    with monkeypatch.context() as patch:
        patch.setattr(export, "write_films", full)
        *_, last = handlers.answer(video, "motion", "rollout", 0, False)
    assert t("errors.server.disk_full") in last[0]
    assert is_answer(said_last(handlers.answer(video, "motion", "rollout", 0, False)))


def test_errors_and_notes_are_told_in_the_language_of_the_page(
    video: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    noted = dataclasses.replace(inference.recognizer_named("motion"), notes=(SAMPLING_ASSUMED,))
    monkeypatch.setattr(inference, "recognizer_named", lambda _: noted)
    ask = localized("de", handlers.answer)
    *_, refused = ask(str(empty), "motion", "rollout", 0, False)
    with use_language("de"):
        assert t("errors.clip.empty") in refused[0]
    answered = said_last(ask(video, "motion", "rollout", 0, False))
    with use_language("de"):
        assert translate(SAMPLING_ASSUMED) in answered


def test_the_part_of_a_longer_video_is_told() -> None:
    assert "2.1" in handlers.part_seen(0.0, 2.1, 6.0)
    assert handlers.part_seen(0.0, 2.1, 2.4) == ""
    assert handlers.part_seen(0.0, 0.0, 0.1) == ""


def test_everybody_shares_one_recognizer() -> None:
    assert inference.recognizer_named("motion") is inference.recognizer_named("motion")


BUILD = """
import json
from timesformer.ui.catalog import any_model, offered_models
from timesformer.i18n import LANGUAGES, section
from timesformer.visualize.explorer import PARTS
from timesformer.ui.page import build_page, launch_settings
from timesformer.ui.server.temp_files import open_storage
storage = open_storage()
storage.use()
page = build_page(list(offered_models()), any_model=any_model())
settings = launch_settings(storage)
ids = {block.elem_id for block in page.blocks.values()}
fetches = {f"fetch-{part}" for part in PARTS}
tries = {f"try-{name}" for name in section("experiments")["buttons"]}
again = {"run", "check", "pack", *fetches, *tries}
assert again <= ids, again - ids  # what the page's script may press
events = page.config["dependencies"]
visibility = [event["api_visibility"] for event in events if event["backend_fn"]]
found = [block for block in page.blocks.values() if block.elem_id == "model"]
assert len(found) == len(LANGUAGES)  # a page in each
model, *others = found
models = [name for _, name in model.choices]
assert all([name for _, name in other.choices] == models for other in others)
free = model.allow_custom_value
print(json.dumps([page.delete_cache, visibility, settings, models, model.value, free], default=str))
"""


@pytest.mark.parametrize("permitted", ["", "1"])
def test_the_page_is_built_with_its_limits(permitted: str, tmp_path: Path) -> None:
    """In a process of its own: Gradio leaves an event loop open, which is a warning here."""
    run = subprocess.run(
        [sys.executable, "-c", BUILD],
        cwd=ROOT,
        capture_output=True,
        check=True,
        env=os.environ
        | {
            "GRADIO_TEMP_DIR": str(tmp_path),
            "TIMESFORMER_MODELS": "someone/waves,motion",
            "TIMESFORMER_ANY_MODEL": permitted,
        },
    )
    delete_cache, visibility, settings, models, chosen, free = json.loads(run.stdout)
    assert free is bool(permitted)
    assert models == ["someone/waves", "motion"]
    assert chosen == "someone/waves"
    assert delete_cache is None  # when something goes is not for a clock on the wall to say
    assert "public" not in visibility
    assert settings["max_file_size"] == 50_000_000
    assert settings["run_history"] is False
    assert settings["enable_monitoring"] is False
