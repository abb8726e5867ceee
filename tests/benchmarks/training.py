"""Steps a second of training `motion`: what ships, beside a plain loop.

STEPS batches of 8 clips of 112 x 112 pixels each, after one to warm up. The plain loop draws a
batch, learns of it in float32, and draws the next one.
"""

import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

import torch
from torch import nn

from timesformer.training.recipe import Recipe, Stage
from timesformer.training.trainer import (
    Batches,
    Learner,
    TrainingProgress,
    _optimizers,
    pictures_of,
    train,
)

STEPS = 8
RECIPE = Recipe(stages=(Stage(1 + STEPS, 8, 112),))


def shipped(device: torch.device) -> list[float]:
    """Seconds of each step of `train`."""
    told: list[TrainingProgress] = []
    with tempfile.TemporaryDirectory() as folder:
        train(RECIPE, Path(folder), device=device, on_progress=told.append)
    spent = [progress.seconds for progress in told]
    return [after - before for before, after in pairwise(spent)]


def plain(device: torch.device) -> list[float]:
    """Seconds of each step of the plain loop."""
    batches, seconds = Batches(RECIPE, pictures_of(RECIPE)), []
    learner = Learner(RECIPE.config()).to(device)
    optimizers = _optimizers(learner, RECIPE)
    for step in range(RECIPE.steps):
        began = time.perf_counter()
        clips, targets = batches[step]
        loss, _ = learner(clips.to(device), targets.to(device), rollout_weight=0.0)
        loss.backward()
        nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
        float(loss.detach())
        seconds.append(time.perf_counter() - began)
    return seconds[1:]


def report() -> Iterator[str]:
    """The table, a line at a time."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    base, ours = median(plain(device)), median(shipped(device))
    yield "| | steps a second | times the plain loop |"
    yield "|---|---|---|"
    yield f"| plain loop, float32 | {1 / base:.2f} | 1.00 |"
    yield f"| `train` | {1 / ours:.2f} | {base / ours:.2f} |"
