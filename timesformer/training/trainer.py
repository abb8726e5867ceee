"""Trains the embedded motion models on clips drawn while they learn."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from ..errors import TimesformerError
from ..explain import Shares, fused, rollout, space_attention
from ..models.config import TimesformerConfig
from ..models.timesformer import State, TimesformerForVideoClassification
from ..synthetic.motion import LABELS, MotionClips, draw_clips
from ..synthetic.photographs import TRAINING, read_photographs
from ..synthetic.rng import Dice
from ..synthetic.textures import bank_of, fallen_leaves
from .init import set_out
from .recipe import CLIP_SEEDS, MEAN, NUM_FRAMES, STD, Recipe, Stage

STATE_FILE = "state.pt"
SAVE_EVERY = 100  # steps
MOTION_SCALE = (8.0, 8.0, 8.0, 8.0, 10.0, 4.0)  # brings typical flow and steps to about 1
LABEL_SMOOTHING = 0.02
WHERE_WEIGHT, HOW_WEIGHT, LOOK_WEIGHT = 1.0, 5.0, 0.2  # against 1 for the labels
LEAF_PICTURES = 2 * len(TRAINING)  # as many as squares of photographs
MOST_GRAIN = 8  # pixels a side of the grains of noise
# Processes: each holds a batch ready in shared memory, one more is learned of, and the largest
# takes 16.1 MB of the 64 that Docker gives.
MOST_DRAWING = 2
WHITENED = 128  # clips that the first weights of patches are made from


@dataclass(frozen=True)
class TrainingProgress:
    """One step of a run, as told to whoever watches it."""

    step: int
    steps: int
    size: int
    loss: float
    accuracy: float
    seconds: float


class Learner(nn.Module):
    """The classifier with a head, used in training only, for what each patch should know.

    The head's seven numbers a patch are the share of it that the moving thing covers, as a logit,
    how it moves there, right and down, and the thing's four steps as a whole.
    """

    def __init__(self, config: TimesformerConfig) -> None:
        super().__init__()
        self.model = TimesformerForVideoClassification(config)
        self.patch_head = nn.Linear(config.hidden_size, 7)

    def forward(
        self, clips: MotionClips, targets: Tensor, *, rollout_weight: float
    ) -> tuple[Tensor, Tensor]:
        """Loss () and logits (B, K); targets (B, K) are the probabilities wanted."""
        encoder = self.model.timesformer
        # explicit attention: on a CPU in bfloat16, fused attention takes 3 to 7 times as long
        _, *states = encoder.trace((clips.pixels - MEAN) / STD, return_weights=True)
        state = states[-1]
        logits = self.model.classify(state)
        covered = clips.covered(encoder.config.patch_shape)
        loss = F.cross_entropy(logits.float(), targets, label_smoothing=LABEL_SMOOTHING)
        loss = loss + self._patch_loss(state, clips, covered)
        blocks = [fused(state) for state in (states if rollout_weight else states[-1:])]
        last = space_attention(blocks[-1], num_frames=NUM_FRAMES)
        loss = loss + LOOK_WEIGHT * _look_loss(last, covered)
        if rollout_weight:
            rolled = rollout(blocks, num_frames=NUM_FRAMES)
            loss = loss + rollout_weight * _look_loss(rolled, covered)
        return loss, logits

    def _patch_loss(self, state: State, clips: MotionClips, covered: Tensor) -> Tensor:
        """How wrong the patches are on where the thing is and, there, on how it moves."""
        encoder = self.model.timesformer
        seen = self.patch_head(encoder.norm(state.patches)).float()  # (B, T, N, 7)
        where = F.binary_cross_entropy_with_logits(seen[..., 0], covered)
        H, W = clips.pixels.shape[-2:]
        height, width = encoder.config.patch_shape
        flow = clips.flow((H // height, W // width))  # (B, T, N, 2)
        steps = clips.steps[:, :, None].expand(-1, -1, flow.shape[2], -1)  # (B, T, N, 4)
        motion = torch.cat([flow, steps], dim=-1) * flow.new_tensor(MOTION_SCALE)
        error = F.smooth_l1_loss(seen[..., 1:], motion, reduction="none")
        how = (error.mean(-1) * covered).sum() / covered.sum().clamp(min=1)
        return WHERE_WEIGHT * where + HOW_WEIGHT * how


def _look_loss(shares: Shares, covered: Tensor) -> Tensor:
    """How little of what the cls token draws from patches comes from what the clip is about."""
    return -shares.inside(covered).clamp(min=1e-4).log().mean()


def train(
    recipe: Recipe,
    folder: Path,
    *,
    device: torch.device,
    on_progress: Callable[[TrainingProgress], None],
) -> tuple[TimesformerForVideoClassification, float]:
    """The trained model and the seconds it took.

    A run that was cut off goes on from its last state in `folder`.
    """
    torch.manual_seed(recipe.seed)
    pictures = pictures_of(recipe)
    learner = Learner(recipe.config())
    first = draw_batch(
        replace(recipe.stages[0], batch=WHITENED), pictures, seed=recipe.seed * CLIP_SEEDS
    )
    set_out(learner.model.timesformer, (first.pixels[:, 0] - MEAN) / STD)
    learner.to(device)
    optimizers = _optimizers(learner, recipe)
    done, spent = _resume(folder / STATE_FILE, recipe, learner=learner, optimizers=optimizers)
    batches = Batches(recipe, pictures)
    drawn = batches.drawn_from(done, processes=_processes(device))
    started = time.monotonic()
    for step, (clips, targets) in enumerate(drawn, start=done + 1):
        stage, rate = batches.plan[step - 1]
        loss, accuracy = _learn(
            learner,
            optimizers,
            clips=clips.to(device),
            targets=targets.to(device),
            rate=rate,
            rollout_weight=stage.rollout_weight,
        )
        spent += time.monotonic() - started
        started = time.monotonic()
        on_progress(TrainingProgress(step, recipe.steps, stage.size, loss, accuracy, spent))
        if step % SAVE_EVERY == 0 or step == recipe.steps:
            state = {"recipe": recipe.digest(step), "step": step, "seconds": spent}
            _save(folder / STATE_FILE, state, learner=learner, optimizers=optimizers)
    return learner.model.eval(), spent


def pictures_of(recipe: Recipe) -> Tensor:
    """The bank that things and grounds are cut from: photographs, and leaves drawn anew."""
    leaves = fallen_leaves(LEAF_PICTURES, seed=recipe.seed)
    return torch.cat([leaves, bank_of(read_photographs(TRAINING))])


class Batches(Dataset[tuple[MotionClips, Tensor]]):
    """The batch of every step of a recipe and what to say of it, the same whoever draws it."""

    def __init__(self, recipe: Recipe, pictures: Tensor) -> None:
        self.plan = list(recipe.plan())
        self.first, self.pictures = recipe.seed * CLIP_SEEDS + 1, pictures

    def __getitem__(self, index: int) -> tuple[MotionClips, Tensor]:
        stage, seed = self.plan[index][0], self.first + index
        return blinded(draw_batch(stage, self.pictures, seed=seed), stage.blind_share, seed=seed)

    def drawn_from(self, done: int, *, processes: int) -> Iterator[tuple[MotionClips, Tensor]]:
        """The batches after the first `done`, in order; drawn ahead where processes do it."""
        return iter(
            DataLoader(
                self,
                batch_size=None,
                sampler=range(done, len(self.plan)),
                num_workers=processes,
                multiprocessing_context="spawn" if processes else None,
                prefetch_factor=1 if processes else None,
            )
        )


def _processes(device: torch.device) -> int:
    """How many draw beside the one that learns: as many as would otherwise idle."""
    able = hasattr(os, "sched_getaffinity")  # not on Windows and macOS
    cores = len(os.sched_getaffinity(0)) if able else os.cpu_count() or 1
    return min(MOST_DRAWING, cores - 1) if device.type == "cuda" else 0


def draw_batch(stage: Stage, pictures: Tensor, *, seed: int) -> MotionClips:
    """The clips of a step of a stage; the same for a seed."""
    return draw_clips(
        stage.batch,
        num_frames=NUM_FRAMES,
        size=stage.size,
        seed=seed,
        clutter=stage.clutter,
        camera_share=stage.camera_share,
        pictures=pictures,
    )


def blinded(clips: MotionClips, share: float, *, seed: int) -> tuple[MotionClips, Tensor]:
    """The clips, about `share` of them noise instead, and what to say of each (B, K).

    The noise is new in every frame and covers no thing; every label is as likely as any other.
    """
    targets = F.one_hot(clips.labels, len(LABELS)).float()
    B, T, C, H, W = clips.pixels.shape
    dice = Dice(B, seed=seed)
    blind = dice.chance(share)
    cells = H // int(1 + dice.below(MOST_GRAIN)[0])
    noise = dice.between(-0.5, 0.5, T, C, cells, cells).flatten(0, 1)
    noise = F.interpolate(noise, size=(H, W)).unflatten(0, (B, T))
    noise = torch.where(dice.chance(0.3, 1, 1, 1, 1), noise.mean(2, keepdim=True), noise)
    noise = 0.5 + noise * dice.between(0.3, 1, 1, 1, 1, 1)
    targets[blind] = 1 / len(LABELS)
    pixels = torch.where(blind[:, None, None, None, None], noise, clips.pixels)
    masks = torch.where(blind[:, None, None, None], 0.0, clips.masks)
    return replace(clips, pixels=pixels, masks=masks), targets


def _learn(
    learner: Learner,
    optimizers: list[torch.optim.Optimizer],
    *,
    clips: MotionClips,
    targets: Tensor,
    rate: float,
    rollout_weight: float,
) -> tuple[float, float]:
    """One step at `rate` times the recipe's learning rates; loss and accuracy of the batch."""
    with torch.autocast(clips.pixels.device.type, dtype=torch.bfloat16):
        loss, logits = learner(clips, targets, rollout_weight=rollout_weight)
    loss.backward()
    nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate * group["initial_lr"]
        optimizer.step()
        optimizer.zero_grad()
    return float(loss.detach()), float((logits.argmax(-1) == clips.labels).float().mean())


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
    state: dict[str, object],
    *,
    learner: Learner,
    optimizers: list[torch.optim.Optimizer],
) -> None:
    """Replaces the old state in one move, so that a whole one is there at every moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    state |= {
        "learner": learner.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
    }
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _resume(
    path: Path, recipe: Recipe, *, learner: Learner, optimizers: list[torch.optim.Optimizer]
) -> tuple[int, float]:
    """Steps done and seconds spent by an earlier run, whose state is taken over; else 0.

    Raises TimesformerError where that run followed another recipe.
    """
    if not path.exists():
        return 0, 0.0
    device = learner.patch_head.weight.device
    state = torch.load(path, weights_only=True, map_location=device)
    if state["recipe"] != recipe.digest(state["step"]):
        raise TimesformerError("training.other_recipe", folder=path.parent)
    learner.load_state_dict(state["learner"])
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    return state["step"], state["seconds"]
