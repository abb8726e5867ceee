"""Recordings: one for each shape, used in turn, and done without where there are none."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from tiny import random_pixels, tiny_model
from torch import Tensor

from timesformer.graphs import MOST, Answering, Recorded, answering


class Recorder:
    """Records as a GPU does: what comes in is copied, what goes out is overwritten next time."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def __call__(self, answer: Answering, like: Tensor) -> Answering:
        self.shapes.append(tuple(like.shape))
        given = like.clone()

        def replay(values: Tensor) -> Tensor:
            given.copy_(values)
            return answer(given).clone()

        return replay


def doubled(values: Tensor) -> Tensor:
    return 2 * values


def test_each_shape_is_recorded_once_and_threads_do_not_mix() -> None:
    recorder = Recorder()
    recorded = Recorded(doubled, recorder)
    clips = [torch.full((1 + n % 2, 3000), float(n)) for n in range(40)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(recorded, clips))
    for clip, answer in zip(clips, found, strict=True):
        assert torch.equal(answer, 2 * clip)
    assert sorted(recorder.shapes) == [(1, 3000), (2, 3000)]


def test_few_shapes_are_kept_and_those_used_last() -> None:
    recorder = Recorder()
    recorded = Recorded(doubled, recorder)
    for size in (*range(1, MOST + 1), 1, MOST + 1, 1, 2):
        recorded(torch.ones(size))
    assert recorder.shapes == [(size,) for size in (*range(1, MOST + 2), 2)]


def test_what_cannot_be_recorded_is_computed(caplog: pytest.LogCaptureFixture) -> None:
    def fails(answer: Answering, like: Tensor) -> Answering:
        raise RuntimeError("operation not permitted when stream is capturing")

    recorded = Recorded(doubled, fails)
    with caplog.at_level(logging.CRITICAL):
        assert torch.equal(recorded(torch.ones(3)), 2 * torch.ones(3))

    def full(answer: Answering, like: Tensor) -> Answering:
        raise torch.OutOfMemoryError("no memory")

    with pytest.raises(torch.OutOfMemoryError):
        Recorded(doubled, full)(torch.ones(3))


@torch.inference_mode()
def test_nothing_is_recorded_on_a_processor() -> None:
    model, clips = tiny_model("divided_space_time"), random_pixels(2, 4, 3, 32, 32)
    answer = answering(model)
    assert not isinstance(answer, Recorded)
    assert torch.equal(answer(clips), model(clips).logits)
