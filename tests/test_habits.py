"""Habits in notebooks change no answer: defaults of torch, modes, copies."""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny import SCHEMES, methods_of, random_clip, tiny_checkpoint

from timesformer import Recognizer, load
from timesformer.experiments import EXPERIMENTS
from timesformer.explain import METHODS
from timesformer.kernels.onednn import packs


@contextmanager
def default_dtype(dtype: torch.dtype) -> Iterator[None]:
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(torch.float32)


@contextmanager
def default_device(name: str) -> Iterator[None]:
    torch.set_default_device(name)
    try:
        yield
    finally:
        torch.set_default_device(None)


HABITS = {
    "float64": lambda: default_dtype(torch.float64),
    "float16": lambda: default_dtype(torch.float16),
    "another device": lambda: default_device("meta"),
    "no_grad": torch.no_grad,
    "inference_mode": torch.inference_mode,
}


@pytest.fixture(scope="module", params=SCHEMES)
def folder(request: pytest.FixtureRequest, tmp_path_factory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp(request.param), request.param)


def answers(recognizer: Recognizer) -> list[np.ndarray]:
    """Return the numbers of every kind of answer."""
    clip, found = random_clip(), []
    found.append(np.array([p.probability for p in recognizer.predict(clip, crops=3)]))
    for method in methods_of(recognizer):
        target = (0, 1) if METHODS[method].is_class_specific else None
        found.append(recognizer.explain(clip, method=method, target=target).heatmaps)
    explanation = recognizer.explain(clip, method="gradcam")
    check = recognizer.check(clip, explanation)
    found.append(np.array([*check.curves.deletion, check.curves.area, check.random_area]))
    inputs = {"patches": {"patches": [(0, 1, 1)]}, "explanation": {"explanation": explanation}}
    for experiment in EXPERIMENTS.values():
        if experiment.change:
            result = experiment.change(recognizer, clip, **inputs.get(experiment.needs, {}))
            found.append(np.array(result.probabilities))
    return found


def assert_same(ours: list[np.ndarray], expected: list[np.ndarray]) -> None:
    for one, other in zip(ours, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("habit", HABITS.values(), ids=HABITS)
def test_a_habit_changes_no_answer(folder: Path, habit: Callable) -> None:
    expected = answers(load(folder, device="cpu", dtype="float32"))
    with habit():
        inside = load(folder, device="cpu", dtype="float32")
        assert_same(answers(inside), expected)
    assert_same(answers(inside), expected)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "int8"])
@pytest.mark.parametrize("habit", HABITS.values(), ids=HABITS)
def test_a_habit_changes_no_prediction_in_other_precisions(
    folder: Path, habit: Callable, dtype: str
) -> None:
    if dtype == "int8" and not packs(torch.int8):
        return  # `load` refuses int8 here, as another test shows
    clip = random_clip()
    expected = load(folder, device="cpu", dtype=dtype).predict(clip)
    with habit():
        recognizer = load(folder, device="cpu", dtype=dtype)
        copies = [recognizer, deepcopy(recognizer), pickle.loads(pickle.dumps(recognizer))]
        for recognizer in copies:
            for ours, theirs in zip(recognizer.predict(clip), expected, strict=True):
                assert ours.probability == pytest.approx(theirs.probability, abs=1e-3)
