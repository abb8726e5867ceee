"""A model on a GPU without the processor's share of the work: recorded once, then replayed."""

import logging
import os
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

import torch
from torch import Tensor

from .model import TimesformerForVideoClassification

MOST = 4  # shapes that are recorded at a time: each holds the memory of a forward pass
LENT = "SPACES_ZERO_GPU" in os.environ  # where each call may be on another GPU

log = logging.getLogger(__name__)

Answering = Callable[[Tensor], Tensor]


class Recorded:
    """Logits of pixel values on a GPU, by a recording for each shape; threads take turns.

    What cannot be recorded is computed as ever.
    """

    def __init__(
        self, answering: Answering, record: Callable[[Answering, Tensor], Answering]
    ) -> None:
        self._answering, self._record = answering, record
        self._recordings: OrderedDict[torch.Size, Answering] = OrderedDict()
        self._lock = Lock()

    def __call__(self, pixel_values: Tensor) -> Tensor:
        shape = pixel_values.shape
        with self._lock:
            if shape not in self._recordings:
                self._recordings[shape] = self._recorded(pixel_values)
            self._recordings.move_to_end(shape)
            if len(self._recordings) > MOST:
                self._recordings.popitem(last=False)
            return self._recordings[shape](pixel_values)

    def _recorded(self, pixel_values: Tensor) -> Answering:
        try:
            return self._record(self._answering, pixel_values)
        except torch.OutOfMemoryError:
            raise
        except RuntimeError:
            log.warning("the GPU records nothing", exc_info=True)
            return self._answering


def record(answering: Answering, like: Tensor) -> Answering:
    """What answers pixel values of one shape by a CUDA graph; inference mode is the caller's."""
    given, aside = torch.empty_like(like).copy_(like), torch.cuda.Stream(like.device)
    aside.wait_stream(torch.cuda.current_stream(like.device))
    with torch.cuda.stream(aside):
        for _ in range(3):  # libraries choose and allocate at first use
            answering(given)
    torch.cuda.current_stream(like.device).wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, capture_error_mode="thread_local"):
        found = answering(given)

    def replay(pixel_values: Tensor) -> Tensor:
        given.copy_(pixel_values)
        graph.replay()
        return found.clone()

    return replay


def answering(model: TimesformerForVideoClassification) -> Answering:
    """Logits (B, K) of pixel values: by recordings on a GPU of one's own, else as they come."""

    def plain(pixel_values: Tensor) -> Tensor:
        logits: Tensor = model(pixel_values).logits
        return logits

    on_gpu = model.classifier.weight.device.type == "cuda"
    return Recorded(plain, record) if on_gpu and not LENT else plain
