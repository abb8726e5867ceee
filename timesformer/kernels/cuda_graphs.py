"""A model on a GPU without the processor's share of the work: recorded once, then replayed.

For those who ask for it. It was not yet run on a GPU: `python -m tests.benchmarks gpu` does.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

import torch
from torch import Tensor, nn

from .linear import changes

MOST = 4  # shapes recorded at a time, each with the memory of a forward pass; not yet measured
RECORDING = Lock()  # as a process makes one recording at a time

log = logging.getLogger(__name__)

Answering = Callable[[Tensor], Tensor]


class Recorded:
    """Logits of pixel values by a recording for each shape; threads take turns.

    What cannot be recorded is computed as ever, also where the memory of the GPU is full: then the
    recordings are given back. They are made anew for weights that changed.
    """

    def __init__(self, model: nn.Module, record: Callable[[Answering, Tensor], Answering]) -> None:
        self._model, self._record = model, record
        self._weights: object = None
        self._recordings: OrderedDict[object, Answering] = OrderedDict()
        self._lock = Lock()

    @torch.inference_mode()
    def __call__(self, pixel_values: Tensor) -> Tensor:
        like = (pixel_values.shape, pixel_values.dtype, pixel_values.device)
        with self._lock:
            if self._weights != _weights_of(self._model):
                self._recordings.clear()
            if like not in self._recordings:
                self._recordings[like] = self._recorded(pixel_values)
                self._weights = _weights_of(self._model)  # an answer may fold them anew
            self._recordings.move_to_end(like)
            if len(self._recordings) > MOST:
                self._recordings.popitem(last=False)
            return self._recordings[like](pixel_values)

    def _recorded(self, pixel_values: Tensor) -> Answering:
        try:
            with RECORDING:
                return self._record(self._plain, pixel_values)
        except torch.OutOfMemoryError:
            log.warning("the GPU has no memory left for recordings")
            self._recordings.clear()
        except RuntimeError:
            log.warning("the GPU records nothing", exc_info=True)
        return self._plain

    def _plain(self, pixel_values: Tensor) -> Tensor:
        logits: Tensor = self._model(pixel_values).logits
        return logits


def recorded(model: nn.Module) -> Recorded:
    """Logits (B, K) of pixel values (B, T, 3, H, W) by recordings, on a GPU of one's own."""
    return Recorded(model, record)


def record(answering: Answering, like: Tensor) -> Answering:
    """What answers pixel values of one shape by a CUDA graph; inference mode is the caller's."""
    before = torch.cuda.current_stream(like.device)
    given, aside = torch.empty_like(like).copy_(like), torch.cuda.Stream(like.device)
    aside.wait_stream(before)
    graph = torch.cuda.CUDAGraph()
    try:
        with torch.cuda.device(like.device), torch.cuda.stream(aside):
            for _ in range(3):  # libraries choose and allocate at first use
                answering(given)
            with torch.cuda.graph(graph, stream=aside, capture_error_mode="thread_local"):
                found = answering(given)
    except BaseException:
        torch.cuda.set_stream(before)  # a capture that fails leaves its own
        raise
    before.wait_stream(aside)

    def replay(pixel_values: Tensor) -> Tensor:
        given.copy_(pixel_values)
        graph.replay()
        return found.clone()

    return replay


def _weights_of(model: nn.Module) -> object:
    """What differs once weights, or what was folded of them, lie elsewhere or were changed."""
    tensors = [*model.parameters(), *model.buffers()]
    return [(t.device, t.dtype, t.data_ptr(), changes(t)) for t in tensors]
