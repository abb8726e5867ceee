"""What explanations cost beside plain recognition: `python tests/benchmarks/explain.py`.

Medians over RUNS clips of base 8 x 224 with random weights, in fp32 on this machine.
"""

import time
from collections.abc import Callable
from datetime import date
from statistics import median

import numpy as np
import torch
from cost import shape_of

from timesformer import Clip, Recognizer, TimesformerForVideoClassification
from timesformer.evaluation.speed import machine
from timesformer.published import PUBLISHED

RUNS = 5


def seconds(work: Callable[[], object]) -> float:
    """The median time of one call, after one to warm up."""
    work()
    taken = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return median(taken)


def main() -> None:
    entry = PUBLISHED[0]
    model = TimesformerForVideoClassification(shape_of(entry)).eval()
    labels = tuple(map(str, range(entry.num_labels)))
    recognizer = Recognizer(model, entry.preprocess, labels)
    frames = np.zeros((entry.num_frames, entry.size, entry.size, 3), np.uint8)
    clip = Clip(frames, np.arange(entry.num_frames) / 30, entry.num_frames / 30)
    plain = seconds(lambda: recognizer.predict(clip))
    print(f"{machine(torch.device('cpu'))}, {date.today()}\n")
    print(f"| recognition alone | {plain:.2f} s | 1.00 |")
    for method in ("rollout", "relevance"):
        taken = seconds(lambda method=method: recognizer.explain(clip, method=method))
        print(f"| with {method} | {taken:.2f} s | {taken / plain:.2f} |")


if __name__ == "__main__":
    main()
