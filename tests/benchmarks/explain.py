"""What explanations cost beside plain recognition.

With random weights, in float32: the median time of RUNS clips of base 8 x 224, in turn, the dense
construction that public notebooks use among them, and the most memory above the weights for
one clip of 16 x 448, each in a process of its own.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median

import numpy as np
import torch
from torch import Tensor

from timesformer import Clip, Recognizer, TimesformerForVideoClassification
from timesformer.checkpoints.registry import PUBLISHED, Published
from timesformer.explain import fused
from timesformer.kernels.prepare import prepare

from .cost import peak_bytes, shape_of

RUNS = 5
ALONE = "recognition alone"
METHODS = ("rollout", "gradsam", "gradcam", "relevance")
BASE = PUBLISHED[0]
LARGE = next(entry for entry in PUBLISHED if entry.size == 448)


def recognizer_of(entry: Published) -> tuple[Recognizer, Clip]:
    """Of random weights, with a clip for it."""
    model = prepare(TimesformerForVideoClassification(shape_of(entry)))
    recognizer = Recognizer(model, entry.preprocess, tuple(map(str, range(entry.num_labels))))
    frames = np.zeros((entry.num_frames, entry.size, entry.size, 3), np.uint8)
    return recognizer, Clip(frames, np.arange(entry.num_frames) / 30, entry.num_frames / 30)


@torch.inference_mode()
def dense_rollout(recognizer: Recognizer, clip: Clip) -> Tensor:
    """The cls row of the product of whole matrices of 1 + N*T tokens, one a block."""
    values = recognizer.preprocess(clip).pixel_values
    _, *states = recognizer.model.timesformer.trace(values, return_weights=True)
    recognizer.model.classify(states[-1])
    product = None
    for state in states:
        block = fused(state)
        assert block.space is not None
        assert block.time is not None
        space, time_ = block.space[0], block.time[0]  # (T, 1+N, 1+N), (N, T, T)
        T, N = space.shape[0], time_.shape[0]
        whole = torch.zeros(1 + N * T, 1 + N * T)
        places = 1 + torch.arange(N) * T
        for t in range(T):
            tokens = torch.cat([torch.zeros(1, dtype=torch.long), places + t])
            whole[0, tokens] += space[t, 0] / T
            whole[tokens[1:, None], tokens] = space[t, 1:]
        over_time = torch.zeros_like(whole)
        over_time[1:, 1:] = torch.block_diag(*time_)
        over_time[0, 0] = 1
        same = torch.eye(1 + N * T)
        matrix = ((same + whole) / 2) @ ((same + over_time) / 2)
        product = matrix if product is None else matrix @ product
    assert product is not None
    return product[0]


def seconds(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median time of each work, in turn with the others, after one round to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(1 + RUNS):
        for name, work in works.items():
            started = time.perf_counter()
            work()
            taken[name].append(time.perf_counter() - started)
    return {name: median(times[1:]) for name, times in taken.items()}


def gib(method: str) -> float:
    """The most memory above the weights for one explanation of 16 x 448, in this process."""
    recognizer, clip = recognizer_of(LARGE)
    recognizer.logits(torch.zeros(1, 2, 3, 32, 32))  # what torch itself takes at first use
    before = peak_bytes()
    recognizer.explain(clip, method=method)
    return (peak_bytes() - before) / 2**30


def report() -> Iterator[str]:
    """The table, a line at a time."""
    recognizer, clip = recognizer_of(BASE)
    yield ("| | seconds, 8 x 224 | times recognition | GiB above the weights, 16 x 448 |")
    yield "|---|---|---|---|"
    works: dict[str, Callable[[], object]] = {ALONE: lambda: recognizer.predict(clip)}
    for method in METHODS:
        works[method] = lambda method=method: recognizer.explain(clip, method=method)
    works["dense rollout"] = lambda: dense_rollout(recognizer, clip)
    taken = seconds(works)
    for name, time_ in taken.items():
        most = ""
        if name in METHODS:
            child = subprocess.run(
                [sys.executable, "-m", __spec__.name, name],
                capture_output=True,
                text=True,
                check=True,
            )
            most = f"{float(child.stdout):.2f} "
        yield f"| {name} | {time_:.2f} | {time_ / taken[ALONE]:.2f} | {most}|"


if __name__ == "__main__":
    print(gib(sys.argv[1]))
