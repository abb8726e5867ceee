"""Cost of explanations beside recognition alone.

With random weights, in float32: the median time of RUNS clips of base 8 x 224, in turn. The dense
construction that public notebooks use is one of the tasks. Memory is the peak above the weights for
one clip of 16 x 448, each in a process of its own.
"""

import sys
from collections.abc import Callable, Iterator
from statistics import median

import torch
from torch import Tensor

from timesformer import Clip, Recognizer
from timesformer.checkpoints.registry import PUBLISHED
from timesformer.explain import METHODS, fuse_heads

from .cost import random_recognizer
from .measure import measure_in_turn, peak_bytes, run_alone

RUNS = 5
ALONE = "recognition alone"
FAST = tuple(name for name, method in METHODS.items() if not method.is_slow)
BASE = PUBLISHED[0]
LARGE = next(entry for entry in PUBLISHED if entry.size == 448)


@torch.inference_mode()
def dense_rollout(recognizer: Recognizer, clip: Clip) -> Tensor:
    """Return the cls row of the product of dense matrices of 1 + N*T tokens, one a block."""
    values = recognizer.preprocess(clip).pixel_values
    _, *states = recognizer.model.timesformer.trace(values, return_weights=True)
    recognizer.model.classify(states[-1])
    product = None
    for state in states:
        block = fuse_heads(state)
        assert block.space is not None
        assert block.time is not None
        space, time_ = block.space[0], block.time[0]  # (T, 1+N, 1+N), (N, T, T)
        T, N = space.shape[0], time_.shape[0]
        over_space = torch.zeros(1 + N * T, 1 + N * T)
        places = 1 + torch.arange(N) * T
        for t in range(T):
            tokens = torch.cat([torch.zeros(1, dtype=torch.long), places + t])
            over_space[0, tokens] += space[t, 0] / T
            over_space[tokens[1:, None], tokens] = space[t, 1:]
        over_time = torch.zeros_like(over_space)
        over_time[1:, 1:] = torch.block_diag(*time_)
        over_time[0, 0] = 1
        identity = torch.eye(1 + N * T)
        matrix = ((identity + over_space) / 2) @ ((identity + over_time) / 2)
        product = matrix if product is None else matrix @ product
    assert product is not None
    return product[0]


def peak_gib(method: str) -> float:
    """Return the peak GiB above the weights for one explanation of 16 x 448, in this process."""
    recognizer, clip = random_recognizer(LARGE)
    recognizer.logits(torch.zeros(1, 2, 3, 32, 32))  # excludes what torch allocates at first use
    before = peak_bytes()
    recognizer.explain(clip, method=method)
    return (peak_bytes() - before) / 2**30


def report() -> Iterator[str]:
    """Yield the lines of the table."""
    recognizer, clip = random_recognizer(BASE)
    yield "| | seconds, 8 x 224 | times recognition | GiB above the weights, 16 x 448 |"
    yield "|---|---|---|---|"
    tasks: dict[str, Callable[[], object]] = {ALONE: lambda: recognizer.predict(clip)}
    for method in FAST:
        tasks[method] = lambda method=method: recognizer.explain(clip, method=method)
    tasks["dense rollout"] = lambda: dense_rollout(recognizer, clip)
    medians = {name: median(times) for name, times in measure_in_turn(tasks, runs=RUNS).items()}
    for name, seconds in medians.items():
        gib = f"{float(run_alone(__spec__.name, name)):.2f} " if name in FAST else ""
        yield f"| {name} | {seconds:.2f} | {seconds / medians[ALONE]:.2f} | {gib}|"


if __name__ == "__main__":
    print(peak_gib(sys.argv[1]))
