"""Long work of the page tells how far it is, ends when nobody waits, and is refused if too long."""

import json
import math
import os
import re
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
import torch
from sentences import is_answer, says

from timesformer.checkpoints.registry import PUBLISHED, embedded_models
from timesformer.errors import TimesformerError
from timesformer.explain import METHODS, Explanation
from timesformer.i18n import section, t
from timesformer.paths import ASSETS_FOLDER
from timesformer.recognizer import Recognizer
from timesformer.ui import choices, handlers, inference
from timesformer.video.clip import Clip
from timesformer.visualize import export

ROOT = Path(__file__).parents[2]
VIDEO = str(ASSETS_FOLDER / "clips" / "ball-rolling-left.mp4")
LABELS = ("moving left", "moving right")


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long work is let go on however busy the computer is, and is a tenth as long."""
    monkeypatch.setattr(inference, "LONGEST", math.inf)
    monkeypatch.setattr(import_module("timesformer.explain.occlusion"), "PIECES", (2, 3, 3))


@pytest.fixture(scope="module")
def clip() -> Clip:
    return inference.recognizer_named("motion").read(VIDEO)


def test_occlusion_tells_how_far_it_is(clip: Clip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inference, "HEARD_EVERY", 0.01)
    found = []

    def run() -> Iterator[str]:
        work = inference.explained("motion", clip, method="occlusion", target=None)
        found.append((yield from work))

    assert all(said.startswith(t("status.masking")) for said in run())
    assert found[0].method == "occlusion"


def test_nobody_waits_for_work_that_was_stopped() -> None:
    """It ends at its next step, and does not keep who stops it."""
    ended, go_on = threading.Event(), threading.Event()

    def work(more: dict) -> None:
        try:
            for step in range(1000):
                more["on_progress"](step, 1000)
                go_on.wait(0.05)
        finally:
            ended.set()

    told = inference._told(work)
    next(told)
    began = time.monotonic()
    told.close()
    assert time.monotonic() - began < 5
    assert ended.wait(20)


@pytest.mark.parametrize("method", ["occlusion", "check"])
def test_what_would_take_too_long_is_refused_with_the_minutes(
    clip: Clip, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inference, "LONGEST", 0.001)
    monkeypatch.setattr(inference, "_explain", lambda *_: pytest.fail("it began"))
    monkeypatch.setattr(inference, "_check", lambda *_: pytest.fail("it began"))
    if method == "check":
        explanation = inference.recognizer_named("motion").explain(clip)
        work = inference.checked("motion", clip, explanation)
    else:
        work = inference.explained("motion", clip, method=method, target=None)
    with pytest.raises(TimesformerError, match=says("errors.page.too_slow")):
        next(work)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_the_page_is_answered(method: str) -> None:
    assert set(section("methods")) == set(METHODS)
    *_, drawn, _, _ = handlers.answer(VIDEO, "motion", method, 0, False, *LABELS)
    said, bars, _, strip, *_ = drawn
    assert is_answer(said)
    assert len(bars) == 5
    assert t(f"methods.{method}.caveat") in strip
    name, (label, other) = t(f"methods.{method}.name"), LABELS
    contrast = t("heatmap.for_rather_than", name=name, label=label, other=other)
    assert (contrast in strip) == METHODS[method].is_class_specific


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("motion-space", "time-attention"), t("errors.request.no_time_attention")),
        (
            ("motion", "relevance", 0, False, "juggling"),
            t("errors.request.no_label", label="juggling"),
        ),
        (
            ("motion", "relevance", 0, False, "moving left", "moving left"),
            t("errors.request.same_labels"),
        ),
        (("motion", "guess"), t("errors.request.no_method")),
        (("motion", "gradcam", 0, False, None, "moving left"), t("errors.request.contrast_alone")),
    ],
)
def test_what_does_not_fit_together_gets_a_sentence(asked: tuple, words: str) -> None:
    asked = asked if len(asked) > 2 else (*asked, 0, False)
    *_, last = handlers.answer(VIDEO, *asked)
    assert words in last[0].replace("&#x27;", "'")
    assert 'role="alert"' in last[0]


def test_a_label_is_no_hindrance_to_methods_of_none() -> None:
    *_, drawn, _, _ = handlers.answer(VIDEO, "motion", "rollout", 0, False, "juggling")
    assert is_answer(drawn[0])


def test_a_check_is_told_in_words_and_curves() -> None:
    *_, last = handlers.check(VIDEO, "motion", "relevance", 0, False)
    said, html = last
    assert t("status.checked") in said
    assert re.search(says("heatmap.check"), html)
    assert html.count("<polyline") == 1 + 3


def test_everything_is_packed_and_then_gone() -> None:
    packing = handlers.pack(VIDEO, "motion", "rollout", 0, False)
    for said, archive in packing:
        if t("status.packed") in said:
            with zipfile.ZipFile(archive["value"]) as file:
                assert "explanation.json" in file.namelist()
            assert archive["interactive"]
            break
    packing.close()
    assert not Path(archive["value"]).exists()


@pytest.mark.parametrize("handler", [handlers.check, handlers.pack])
def test_without_a_clip_there_is_a_sentence(handler) -> None:
    (only,) = handler(None, "motion", "rollout", 0, False)
    assert t("errors.page.no_clip") in only[0]


def test_labels_to_choose_from_are_the_model_s() -> None:
    for name in embedded_models():
        assert choices.known_labels(name) == inference.recognizer_named(name).labels
    for entry in PUBLISHED:
        assert len(choices.known_labels(entry.name)) == entry.num_labels
    assert choices.known_labels("someone/waves") == ()
    first, second = choices.labels_for("motion")
    labels = [(label, label) for label in choices.known_labels("motion")]
    assert first == second == gr.update(choices=labels, value=None)


def test_models_that_were_not_measured_are_told_so() -> None:
    for name in ("facebook/timesformer-base-finetuned-k400", "/srv/motion"):
        said = list(handlers._caveats(name, "rollout"))
        assert said == [t("methods.rollout.caveat"), t("warnings.not_measured")]


def test_what_was_measured_against_a_method_is_told() -> None:
    caveat, against = handlers._caveats("motion", "time-attention")
    assert caveat == t("methods.time-attention.caveat")
    assert t("warnings.difference") in against
    assert len(list(handlers._caveats("motion", "attention"))) == 1


def test_a_gpu_without_memory_is_done_without(
    clip: Clip, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Once more, then on the processor: the answer is the same, and the page says so."""
    tried, explain = [], Recognizer.explain
    usual = inference.recognizer_named("motion")
    wanted = usual.explain(clip)

    def full(self: Recognizer, *inputs: Any, **options: Any) -> Explanation:
        tried.append(self)
        if len(tried) < 3:
            raise torch.OutOfMemoryError("CUDA out of memory at 0x7f")
        return explain(self, *inputs, **options)

    monkeypatch.setattr(Recognizer, "explain", full)
    monkeypatch.setattr(Recognizer, "processor", property(lambda self: f"processor {id(self)}"))
    seen = list(handlers.answer(VIDEO, "motion", "rollout", 0, False))
    said = [said for said, *_ in seen[:-2]]  # behind it come files alone
    assert any(t("status.on_cpu") in one for one in said)
    assert is_answer(said[-1])
    assert f"(processor {id(tried[2])})" in said[-1]
    assert tried[:2] == [usual, usual]
    assert tried[2] is not usual
    assert tried[2].device.type == "cpu"
    best = wanted.predictions[0]
    bars = seen[-3][1]
    assert max(bars.items(), key=lambda pair: pair[1])[0] == best.label
    assert caplog.text.count("no memory left") == 2


def test_numbers_to_take_along_need_no_gpu_either(
    clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    explanation = inference.recognizer_named("motion").explain(clip)
    arrays_of, tried = export.arrays_of, []

    def full(recognizer: Recognizer, *inputs: Any) -> Any:
        tried.append(recognizer)
        if len(tried) < 3:
            raise torch.OutOfMemoryError
        return arrays_of(recognizer, *inputs)

    monkeypatch.setattr(export, "arrays_of", full)
    assert inference.arrays_of("motion", clip, explanation).keys()
    assert len(tried) == 3


LENDING = """
import json, os, runpy, sys, threading
from types import ModuleType
calls = []
def gpu(duration):
    def lent(function):
        def called(*inputs, **options):
            calls.append(function.__name__)
            return function(*inputs, **options)
        return called
    return lent
sys.modules["spaces"] = ModuleType("spaces")
sys.modules["spaces"].GPU = gpu
runpy.run_path("app.py", run_name="app")
from timesformer.checkpoints.registry import embedded_models
from timesformer.ui import handlers, inference
held = inference._load_embedded.cache_info()
devices = []
load = inference.load
def noted(name, device=None, **options):
    devices.append(device)
    return load("motion", device=device)
inference.load = noted
late = threading.Thread(target=inference.recognizer_named, args=("someone/waves",))
late.start()
late.join()
clip = "assets/clips/ball-rolling-left.mp4"
*_, seen, _, _ = handlers.answer(clip, "motion", "rollout", 0, False)
now = inference._load_embedded.cache_info()
print(json.dumps([held.currsize, len(embedded_models()), now.misses - held.misses, devices,
                  seen[0], calls]))
"""


def test_where_a_gpu_is_lent_all_that_is_here_is_loaded_before_anybody_comes(
    tmp_path: Path,
) -> None:
    """With a stand-in for Spaces; what is loaded later is for the processor."""
    surroundings = {"SPACES_ZERO_GPU": "1", "GRADIO_TEMP_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", LENDING], cwd=ROOT, capture_output=True, text=True,
        env=os.environ | surroundings,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    held, embedded, later, devices, answered, calls = json.loads(run.stdout.splitlines()[-1])
    assert held == embedded > 1
    assert later == 0
    assert devices == ["cpu"]
    assert is_answer(answered)
    assert "_explain" in calls
