"""Trains the embedded motion models on clips drawn while they learn."""

import itertools
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import AttentionType, TimesformerConfig
from .model import TimesformerForVideoClassification
from .motion import LABELS, MotionClips, draw_clips

STATE_FILE = "state.pt"
NUM_FRAMES = 8
MEAN, STD = 0.5, 0.5
SAVE_EVERY = 100  # steps
STEP_SCALE = (8.0, 8.0, 10.0, 4.0)  # brings typical steps of each kind to about 1
LABEL_SMOOTHING = 0.02
SINUSOID_AMPLITUDE = 0.5  # smaller time embeddings never taught a direction; see README
CLIP_SEEDS = 1_000_000  # seeds of one run's batches; the held-out clips use seeds below 0


@dataclass(frozen=True)
class Stage:
    """`steps` optimiser steps on batches of `batch` clips of `size` x `size` pixels."""

    steps: int
    batch: int
    size: int


@dataclass(frozen=True)
class Recipe:
    """All that decides a training run: the same recipe and seed draw the same batches."""

    attention_type: AttentionType = "divided_space_time"
    stages: tuple[Stage, ...] = (Stage(1300, 48, 48), Stage(150, 32, 80), Stage(150, 24, 112))
    width: int = 128
    blocks: int = 6
    heads: int = 4
    matrix_rate: float = 0.02  # Muon
    vector_rate: float = 1e-3  # AdamW
    weight_decay: float = 0.01
    warmup: int = 50
    patch_targets: float = 1.0  # weight of the extra targets per patch
    seed: int = 0

    @property
    def steps(self) -> int:
        return sum(stage.steps for stage in self.stages)

    def config(self) -> TimesformerConfig:
        """The model's shape, for frames of the last stage; tables interpolate in the others."""
        return TimesformerConfig(
            image_size=self.stages[-1].size,
            patch_size=8,
            num_frames=NUM_FRAMES,
            position_interpolation="bicubic",
            hidden_size=self.width,
            num_hidden_layers=self.blocks,
            num_attention_heads=self.heads,
            intermediate_size=4 * self.width,
            attention_type=self.attention_type,
            id2label=dict(enumerate(LABELS)),
        )


@dataclass(frozen=True)
class Progress:
    """One step of a run, as told to whoever watches it."""

    step: int
    steps: int
    size: int
    loss: float
    accuracy: float
    seconds: float


class Learner(nn.Module):
    """The classifier with a head, used in training only, for what each patch should know.

    The head's five numbers a patch are the share of it that the moving thing covers, as a logit,
    and the thing's four steps there.
    """

    def __init__(self, config: TimesformerConfig) -> None:
        super().__init__()
        self.model = TimesformerForVideoClassification(config)
        self.patch_head = nn.Linear(config.hidden_size, 5)
        encoder = self.model.timesformer
        if config.attention_type != "space_only":
            encoder.time_table.data = _sinusoids(config.num_frames, config.hidden_size)

    def forward(self, clips: MotionClips, patch_targets: float) -> tuple[Tensor, Tensor]:
        """Loss () and logits (B, K)."""
        encoder = self.model.timesformer
        *_, state = encoder.trace((clips.pixels - MEAN) / STD)
        logits = self.model.classify(state)
        seen = self.patch_head(encoder.norm(state.patches)).float()  # (B, T, N, 5)
        covered = F.avg_pool2d(clips.masks, encoder.config.patch_shape).flatten(2)  # (B, T, N)
        wanted = clips.steps[:, :, None] * clips.steps.new_tensor(STEP_SCALE)
        where = F.binary_cross_entropy_with_logits(seen[..., 0], covered)
        error = F.smooth_l1_loss(seen[..., 1:], wanted.expand_as(seen[..., 1:]), reduction="none")
        how = (error.mean(-1) * covered).sum() / covered.sum().clamp(min=1)
        loss = F.cross_entropy(logits.float(), clips.labels, label_smoothing=LABEL_SMOOTHING)
        return loss + patch_targets * (where + how), logits


def train(
    recipe: Recipe,
    folder: Path,
    *,
    device: torch.device,
    tell: Callable[[Progress], None],
) -> TimesformerForVideoClassification:
    """The trained model; a run that was cut off goes on from its last state in `folder`."""
    torch.manual_seed(recipe.seed)
    learner = Learner(recipe.config()).to(device)
    optimizers = _optimizers(learner, recipe)
    done, spent = _resume(folder / STATE_FILE, learner, optimizers)
    for step, stage in _steps(recipe, after=done):
        started = time.monotonic()
        seed = recipe.seed * CLIP_SEEDS + step
        clips = draw_clips(stage.batch, num_frames=NUM_FRAMES, size=stage.size, seed=seed)
        rate = min(1.0, step / recipe.warmup) * (1 - (step - 1) / recipe.steps)
        loss, accuracy = _learn(learner, optimizers, clips.to(device), recipe, rate)
        spent += time.monotonic() - started
        tell(Progress(step, recipe.steps, stage.size, loss, accuracy, spent))
        if step % SAVE_EVERY == 0 or step == recipe.steps:
            _save(folder / STATE_FILE, step, spent, learner, optimizers)
    return learner.model.eval()


def _steps(recipe: Recipe, *, after: int) -> Iterator[tuple[int, Stage]]:
    """Number, from 1, and stage of every step that is still to do."""
    stages = itertools.chain.from_iterable([stage] * stage.steps for stage in recipe.stages)
    return itertools.islice(enumerate(stages, start=1), after, None)


def _learn(
    learner: Learner,
    optimizers: list[torch.optim.Optimizer],
    clips: MotionClips,
    recipe: Recipe,
    rate: float,
) -> tuple[float, float]:
    """One step at `rate` times the recipe's learning rates; loss and accuracy of the batch."""
    with torch.autocast(clips.pixels.device.type, dtype=torch.bfloat16):
        loss, logits = learner(clips, recipe.patch_targets)
    loss.backward()
    nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate * group["initial_lr"]
        optimizer.step()
        optimizer.zero_grad()
    return float(loss), float((logits.argmax(-1) == clips.labels).float().mean())


def _optimizers(learner: Learner, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """Muon (Jordan 2024) for the matrices of the blocks, AdamW for all the rest."""
    matrices = [p for p in learner.model.timesformer.blocks.parameters() if p.ndim == 2]
    chosen = set(matrices)
    rest = [p for p in learner.parameters() if p not in chosen]
    muon = torch.optim.Muon(
        [{"params": matrices, "initial_lr": recipe.matrix_rate}], weight_decay=recipe.weight_decay
    )
    adam = torch.optim.AdamW(
        [{"params": rest, "initial_lr": recipe.vector_rate}], weight_decay=recipe.weight_decay
    )
    return [muon, adam]


def _save(
    path: Path,
    step: int,
    spent: float,
    learner: Learner,
    optimizers: list[torch.optim.Optimizer],
) -> None:
    """Replaces the old state in one move, so that a whole one is there at every moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {
        "step": step,
        "seconds": spent,
        "learner": learner.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
    }
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _resume(
    path: Path, learner: Learner, optimizers: list[torch.optim.Optimizer]
) -> tuple[int, float]:
    """Steps done and seconds spent by an earlier run, whose state is taken over; else 0."""
    if not path.exists():
        return 0, 0.0
    state = torch.load(path, weights_only=True)
    learner.load_state_dict(state["learner"])
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    return state["step"], state["seconds"]


def _sinusoids(num_frames: int, width: int) -> Tensor:
    """Time embeddings (1, T, D) of many periods, the longest about 600 frames."""
    moment = torch.arange(num_frames)[:, None]
    rates = torch.exp(torch.arange(0, width, 2) * (-math.log(100.0) / width))
    waves = torch.stack([torch.sin(moment * rates), torch.cos(moment * rates)], dim=-1)
    return SINUSOID_AMPLITUDE * waves.flatten(1)[None]
