"""Long inference reports its progress, has a time limit, and goes on if the GPU is full."""

import json
import math
import os
import subprocess
import sys
import threading
from collections.abc import Generator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from sentences import is_answer
from tiny import tiny_checkpoint

from timesformer.checkpoints.registry import find_published
from timesformer.errors import TimesformerError
from timesformer.explain import Explanation
from timesformer.i18n import t, translate
from timesformer.recognizer import Recognizer
from timesformer.ui import background, inference, model_cache
from timesformer.ui.model_cache import gpu_seconds, recognizer_named
from timesformer.ui.server import limits
from timesformer.ui.server.examples import EXAMPLES
from timesformer.video.clip import Clip
from timesformer.visualize import export

ROOT = Path(__file__).parents[2]
WAIT = 60  # seconds, at most
BASE = "facebook/timesformer-base-finetuned-k400"
LARGE = "fcakyon/timesformer-large-finetuned-k400"


@pytest.fixture(autouse=True)
def short_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Occlusion of few cells, which a busy machine may take any time for."""
    monkeypatch.setattr(limits, "MAX_WORK_SECONDS", math.inf)
    monkeypatch.setattr(import_module("timesformer.explain.occlusion"), "MAX_CELLS", (2, 3, 3))


@pytest.fixture(scope="module")
def clip() -> Clip:
    return recognizer_named("motion").read(str(EXAMPLES["ball-rolling-left"]))


def run_to_end(steps: Generator[str, None, Any]) -> tuple[list[str], Any]:
    """Return all sentences, and the result."""
    sentences = []
    try:
        while True:
            sentences.append(next(steps))
    except StopIteration as end:
        return sentences, end.value


def test_recognizers_are_shared() -> None:
    assert recognizer_named("motion") is recognizer_named("motion")


def test_occlusion_reports_its_progress(clip: Clip, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = {t("status.explaining_part", done=done, total=18) for done in range(19)}
    is_reported, explain = threading.Event(), Recognizer.explain

    def wait_for_report(recognizer: Recognizer, *inputs: Any, **options: Any) -> Any:
        on_progress = options.pop("on_progress")

        def report(done: int, total: int) -> None:
            on_progress(done, total)
            is_reported.wait(WAIT)

        return explain(recognizer, *inputs, on_progress=report, **options)

    monkeypatch.setattr(background, "PROGRESS_SECONDS", 0.001)
    monkeypatch.setattr(Recognizer, "explain", wait_for_report)
    steps = inference.explain("motion", clip, method="occlusion", target=None)
    while (sentence := next(steps)) not in parts:
        assert sentence == t("status.explaining")
    is_reported.set()
    sentences, explanation = run_to_end(steps)
    assert set(sentences) <= parts
    assert explanation.method == "occlusion"


def long_work(name: str, clip: Clip) -> Generator[str, None, Any]:
    if name == "check":
        return inference.check("motion", clip, recognizer_named("motion").explain(clip))
    if name == "experiment":
        return inference.run_experiment("motion", clip, "freeze")
    if name == "measure":
        return inference.measure("motion", clip)
    return inference.explain("motion", clip, method=name, target=None)


@pytest.mark.parametrize("name", ["occlusion", "check", "experiment", "measure"])
def test_work_that_would_take_too_long_is_refused(
    name: str, clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = long_work(name, clip)
    predictions: list[Clip] = []
    predict = Recognizer.predict

    def count(self: Recognizer, clip: Clip, **options: Any) -> Any:
        predictions.append(clip)
        return predict(self, clip, **options)

    monkeypatch.setattr(Recognizer, "predict", count)
    monkeypatch.setattr(limits, "MAX_WORK_SECONDS", 0.0)
    with pytest.raises(TimesformerError) as raised:
        next(steps)
    assert raised.value.message.key == "errors.page.too_slow"
    assert len(predictions) == 2  # to estimate the time, and no more


@pytest.fixture
def full_gpu(monkeypatch: pytest.MonkeyPatch) -> list[Recognizer]:
    """A GPU that has no memory for the first two tries; the recognizers of all tries."""
    tries: list[Recognizer] = []
    explain, arrays_of = Recognizer.explain, export.arrays_of

    def limited(function: Any) -> Any:
        def call(recognizer: Recognizer, *inputs: Any, **options: Any) -> Any:
            tries.append(recognizer)
            if len(tries) < 3:
                raise torch.OutOfMemoryError("CUDA out of memory at 0x7f")
            return function(recognizer, *inputs, **options)

        return call

    monkeypatch.setattr(Recognizer, "explain", limited(explain))
    monkeypatch.setattr(export, "arrays_of", limited(arrays_of))
    return tries


def assert_second_and_third_try(tries: list[Recognizer]) -> None:
    usual = recognizer_named("motion")
    assert tries[:2] == [usual, usual]
    assert tries[2] is not usual
    assert tries[2].device.type == "cpu"
    assert len(tries) == 3


def test_a_full_gpu_is_retried_and_then_left_for_the_cpu(
    clip: Clip, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    expected = recognizer_named("motion").explain(clip)
    tries = request.getfixturevalue("full_gpu")
    steps = inference.explain("motion", clip, method="rollout", target=None)
    sentences, explanation = run_to_end(steps)
    assert sentences == [t("status.on_cpu")]
    assert explanation.predictions[0].label == expected.predictions[0].label
    assert_second_and_third_try(tries)
    assert len(caplog.records) == 2


def test_files_of_numbers_need_no_gpu_either(clip: Clip, request: pytest.FixtureRequest) -> None:
    explanation: Explanation = recognizer_named("motion").explain(clip)
    tries = request.getfixturevalue("full_gpu")
    assert inference.arrays_of("motion", clip, explanation).keys()
    assert_second_and_third_try(tries)


def test_a_model_for_which_the_gpu_has_no_memory_is_loaded_on_the_cpu(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    devices: list[str | None] = []
    load = model_cache.load

    def load_on_full_gpu(name: str, *, device: str | None, **options: Any) -> Recognizer:
        devices.append(device)
        if device != "cpu":
            raise torch.OutOfMemoryError("CUDA out of memory")
        return load(name, device=device, **options)

    monkeypatch.setattr(model_cache, "load", load_on_full_gpu)
    monkeypatch.setattr(model_cache, "_load_embedded", cache(model_cache._loaded))
    model_cache._load_on_cpu.cache_clear()
    recognizer = recognizer_named("motion")
    assert recognizer_named("motion") is recognizer
    assert devices == [None, "cpu"]
    assert recognizer.device.type == "cpu"
    assert translate(recognizer.notes[-1]) == t("status.on_cpu")
    assert len(caplog.records) == 1


ZERO_GPU = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
import gradio

requests, lent = [], []

def GPU(duration):
    def lend(function):
        def call(name, *inputs, **options):
            requests.append([str(name), duration(name, *inputs, **options)])
            if refusal == "quota":
                raise gradio.Error("You have exceeded your ZeroGPU quota (6s requested)")
            if refusal == "scheduler":
                raise RuntimeError("ZeroGPU API /schedule error: 502 (Bad Gateway)")
            lent.append(function.__name__)
            return function(name, *inputs, **options)
        return call
    return lend

spaces = sys.modules["spaces"] = ModuleType("spaces")
spaces.GPU = GPU
from timesformer.ui import handlers

def press(button):
    request = {"clip": {"example": "ball-rolling-left"}, "model": model, "method": "rollout"}
    return json.dumps(list(getattr(handlers, button)(request)))

for refusal, model, buttons in json.loads(sys.argv[1]):
    with ThreadPoolExecutor(2) as pool:  # the queue runs few at once, too
        texts = list(pool.map(press, buttons))
    print(json.dumps([texts, requests, lent]))
    requests.clear()
    lent.clear()
"""
PUPILS = 3  # two at once, and one when the model is in memory
REFUSALS = ["quota", "scheduler", ""]
Presses = tuple[list[str], list[tuple[str, int]], list[str]]


@pytest.fixture(scope="module")
def waves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that is not embedded."""
    return tiny_checkpoint(tmp_path_factory.mktemp("models") / "waves")


@pytest.fixture(scope="module")
def on_zero_gpu(waves: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Presses]:
    """The presses of pupils with an embedded model, and of one with another for each refusal.

    Of each, the outputs, the requests for GPUs, and the functions with a lent one. A stand-in
    replaces the package of Spaces.
    """
    variables = {
        "SPACES_ZERO_GPU": "1",
        "GRADIO_TEMP_DIR": str(tmp_path_factory.mktemp("temporary")),
        "TIMESFORMER_MODELS": f"motion,{waves}",
    }
    presses = [
        ("quota", "motion", ["answer"] * PUPILS),
        *((refusal, "waves", ["answer", "check"]) for refusal in REFUSALS),
    ]
    run = subprocess.run(
        [sys.executable, "-c", ZERO_GPU, json.dumps(presses)], cwd=ROOT, capture_output=True,
        text=True, env=os.environ | variables,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_pupils_use_no_gpu_for_an_embedded_model(on_zero_gpu: list[Presses]) -> None:
    texts, requests, _ = on_zero_gpu[0]
    assert len(texts) == PUPILS
    for text in texts:
        assert is_answer(text)
        assert "alert" not in text
        assert t("status.no_gpu") not in text
    assert requests == []


@pytest.mark.parametrize("refusal", REFUSALS)
def test_another_model_asks_for_a_gpu_and_answers_without_one(
    refusal: str, on_zero_gpu: list[Presses], waves: Path
) -> None:
    texts, requests, lent = on_zero_gpu[1 + REFUSALS.index(refusal)]
    answer, check = texts
    assert is_answer(answer)
    assert "<polyline" in check
    assert "alert" not in answer + check
    assert requests
    for name, seconds in requests:
        assert name == str(waves)
        assert seconds in range(1, limits.MAX_GPU_SECONDS + 1)
    if refusal:
        assert t("status.no_gpu") in answer  # also as a note
        assert lent == []
        assert len(requests) == 2  # the test of the heatmap asks once, for its explanation
    else:
        assert set(lent) == {"_explain"}


def test_a_gpu_is_requested_for_as_long_as_the_model_takes(
    clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most 5 s for base, as each answer counts toward a quota of two minutes a day."""
    base, large = (
        Recognizer(SimpleNamespace(config=entry.config), entry.preprocess, ())
        for entry in (find_published(name) for name in (BASE, LARGE))
    )
    frames = Clip(clip.frames[:8], clip.times[:8], clip.duration)
    assert 1 <= gpu_seconds(base, frames, 1) <= 5
    assert gpu_seconds(base, frames, 1) < gpu_seconds(base, frames, 500)
    assert gpu_seconds(base, frames, 48) < gpu_seconds(large, frames, 48 * 96 // 8)
