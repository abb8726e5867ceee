"""Steps a second of training `motion`, by `train` and by a plain loop.

STEPS batches of 8 clips of 112 x 112 pixels each, after one warm-up batch. The plain loop draws
each batch when it is needed, and trains in float32.
"""

import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

import torch
from torch import nn

from timesformer.training.batches import Batches, training_pictures
from timesformer.training.recipe import Recipe, Stage
from timesformer.training.trainer import Learner, TrainingProgress, make_optimizers, train

STEPS = 8
RECIPE = Recipe(stages=(Stage(1 + STEPS, 8, 112),))


def shipped(device: torch.device) -> list[float]:
    """Return the seconds of each step of `train`."""
    reports: list[TrainingProgress] = []
    pictures = training_pictures(RECIPE)
    with tempfile.TemporaryDirectory() as folder:
        train(RECIPE, pictures, Path(folder), device=device, on_progress=reports.append)
    spent = [report.seconds for report in reports]
    return [after - before for before, after in pairwise(spent)]


def plain(device: torch.device) -> list[float]:
    """Return the seconds of each step of the plain loop."""
    batches, seconds = Batches(RECIPE, training_pictures(RECIPE)), []
    learner = Learner(RECIPE.config()).to(device)
    optimizers = make_optimizers(learner, RECIPE)
    for step in range(RECIPE.steps):
        started = time.perf_counter()
        clips, targets = batches[step]
        loss, _ = learner(clips.to(device), targets.to(device), rollout_weight=0.0)
        loss.backward()
        nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
        float(loss.detach())
        seconds.append(time.perf_counter() - started)
    return seconds[1:]


def report() -> Iterator[str]:
    """Yield the lines of the table."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    baseline, shipped_seconds = median(plain(device)), median(shipped(device))
    yield "| | steps a second | times the plain loop |"
    yield "|---|---|---|"
    yield f"| plain loop, float32 | {1 / baseline:.2f} | 1.00 |"
    yield f"| `train` | {1 / shipped_seconds:.2f} | {baseline / shipped_seconds:.2f} |"
