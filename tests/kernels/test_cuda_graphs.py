"""Recordings: one for each shape, used in turn, and done without where there are none."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
import torch
from tiny import random_pixels, tiny_model
from torch import Tensor, nn

from timesformer.kernels import cuda_graphs
from timesformer.kernels.cuda_graphs import MOST, Answering, Recorded, record


class Recorder:
    """Records as a GPU does: what comes in is copied, what goes out is overwritten next time."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def __call__(self, answer: Answering, like: Tensor) -> Answering:
        self.shapes.append(tuple(like.shape))
        given, found = like.clone(), answer(like).clone()

        def replay(values: Tensor) -> Tensor:
            given.copy_(values)
            return found.copy_(answer(given)).clone()

        return replay


class Times(nn.Module):
    """A model that multiplies by its one weight."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(2.0))

    def forward(self, values: Tensor) -> SimpleNamespace:
        return SimpleNamespace(logits=self.weight * values)


def test_each_shape_is_recorded_once_and_threads_do_not_mix() -> None:
    recorder = Recorder()
    recorded = Recorded(Times(), recorder)
    clips = [torch.full((1 + n % 2, 3000), float(n)) for n in range(40)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(recorded, clips))
    for clip, answer in zip(clips, found, strict=True):
        assert torch.equal(answer, 2 * clip)
    assert sorted(recorder.shapes) == [(1, 3000), (2, 3000)]


def test_few_shapes_are_kept_and_those_used_last() -> None:
    recorder = Recorder()
    recorded = Recorded(Times(), recorder)
    for size in (*range(1, MOST + 1), 1, MOST + 1, 1, 2):
        recorded(torch.ones(size))
    assert recorder.shapes == [(size,) for size in (*range(1, MOST + 2), 2)]


def test_weights_that_changed_or_went_elsewhere_are_recorded_anew() -> None:
    model, recorder = Times(), Recorder()
    recorded = Recorded(model, recorder)
    for change in (model.double, model.weight.detach().zero_, model.float, lambda: None):
        recorded(torch.ones(3))
        change()
    recorded(torch.ones(3))
    assert len(recorder.shapes) == 4
    recorded(torch.ones(3, dtype=torch.bfloat16))
    assert len(recorder.shapes) == 5


@torch.inference_mode()
def test_a_model_that_folds_at_its_first_answer_is_recorded_once() -> None:
    model, clips = tiny_model("divided_space_time"), random_pixels(1, 4, 3, 32, 32)
    model.timesformer.fold()
    model.timesformer.blocks[0].time_output.weight.mul_(1.1)
    recorder = Recorder()
    recorded = Recorded(model, recorder)
    for _ in range(2):
        torch.testing.assert_close(recorded(clips), model(clips).logits, atol=1e-5, rtol=0)
    assert len(recorder.shapes) == 1


def test_a_process_records_one_at_a_time() -> None:
    at_work: list[int] = []

    def slow(answer: Answering, like: Tensor) -> Answering:
        at_work.append(1)
        time.sleep(0.05)
        assert len(at_work) == 1
        at_work.pop()
        return answer

    all_recorded = [Recorded(Times(), slow) for _ in range(3)]
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda recorded: recorded(torch.ones(3)), all_recorded))


def fails(answer: Answering, like: Tensor) -> Answering:
    raise RuntimeError("operation not permitted when stream is capturing")


def test_what_cannot_be_recorded_is_computed(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL):
        assert torch.equal(Recorded(Times(), fails)(torch.ones(3)), 2 * torch.ones(3))


def test_without_memory_recordings_are_given_back(caplog: pytest.LogCaptureFixture) -> None:
    kept: list[int] = []

    def full(answer: Answering, like: Tensor) -> Answering:
        if kept:
            raise torch.OutOfMemoryError("no memory")
        kept.append(1)
        return answer

    recorded = Recorded(Times(), full)
    with caplog.at_level(logging.CRITICAL):
        for size in (2, 3):
            assert torch.equal(recorded(torch.ones(size)), 2 * torch.ones(size))
    assert [tuple(shape) for shape, *_ in recorded._recordings] == [(3,)]


@pytest.mark.parametrize("failing", [False, True])
def test_a_recording_is_made_on_a_stream_of_the_values_device(
    failing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a stand-in of torch.cuda, whose capture leaves its stream in place where it fails."""
    cuda, used = MagicMock(), []

    @contextmanager
    def capture(graph: object, *, stream: object, **_: object):
        used.append(stream)
        yield

    cuda.graph = capture
    monkeypatch.setattr(
        cuda_graphs, "torch", SimpleNamespace(cuda=cuda, empty_like=torch.empty_like)
    )
    like = torch.ones(3)
    calls: list[int] = []

    def answer(values: Tensor) -> Tensor:
        calls.append(1)
        if failing and len(calls) == 4:
            raise RuntimeError("not permitted")
        return values

    if failing:
        with pytest.raises(RuntimeError):
            record(answer, like)
        cuda.set_stream.assert_called_once_with(cuda.current_stream.return_value)
    else:
        replay = record(answer, like)
        first, second = replay(2 * like), replay(3 * like)
        assert torch.equal(first, 2 * like)
        assert torch.equal(second, 3 * like)
    cuda.Stream.assert_called_once_with(like.device)
    cuda.device.assert_called_once_with(like.device)
    assert used == [cuda.Stream.return_value]
