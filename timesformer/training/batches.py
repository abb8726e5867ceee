"""Training batches: drawn clips with target probabilities, determined by recipe and step."""

import os
from collections.abc import Iterator
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from ..synthetic.clips import MotionClips, draw_clips
from ..synthetic.motion import LABELS
from ..synthetic.photographs import TRAINING, read_photographs
from ..synthetic.rng import BatchRng
from ..synthetic.textures import dead_leaves, picture_bank
from .recipe import NUM_FRAMES, SEEDS_PER_RUN, Recipe, Stage

LEAF_PICTURES = 2 * len(TRAINING)  # as many as squares of photographs
MAX_GRAIN = 8  # pixels a side of the grains of noise
# Each process holds one batch ready in shared memory, and one more batch is in use. The largest
# batch takes 16.1 MB of Docker's default of 64 MB.
MAX_PROCESSES = 2


class Batches(Dataset[tuple[MotionClips, Tensor]]):
    """The batch of every step of a recipe: clips and target probabilities (B, K)."""

    def __init__(self, recipe: Recipe, pictures: Tensor) -> None:
        self.plan = list(recipe.plan())
        self.first_seed, self.pictures = recipe.seed * SEEDS_PER_RUN + 1, pictures

    def __getitem__(self, index: int) -> tuple[MotionClips, Tensor]:
        stage, seed = self.plan[index][0], self.first_seed + index
        return draw_batch(stage, self.pictures, seed=seed)

    def loader(self, start: int, *, processes: int) -> Iterator[tuple[MotionClips, Tensor]]:
        """Yield the batches from index `start` on, in order, drawn ahead by `processes`."""
        return iter(
            DataLoader(
                self,
                batch_size=None,
                sampler=range(start, len(self.plan)),
                num_workers=processes,
                multiprocessing_context="spawn" if processes else None,
                prefetch_factor=1 if processes else None,
            )
        )


def training_pictures(recipe: Recipe) -> Tensor:
    """Return the bank that textures are cut from: dead leaves and photographs."""
    leaves = dead_leaves(LEAF_PICTURES, seed=recipe.seed)
    return torch.cat([leaves, picture_bank(read_photographs(TRAINING))])


def num_processes(device: torch.device) -> int:
    """Return the number of processes that draw: the otherwise idle cores beside a GPU, else 0."""
    has_affinity = hasattr(os, "sched_getaffinity")  # not on Windows and macOS
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    return min(MAX_PROCESSES, cores - 1) if device.type == "cuda" else 0


def draw_stage(stage: Stage, pictures: Tensor, *, seed: int) -> MotionClips:
    """Return the clips of one step of a stage, without noise clips."""
    return draw_clips(
        stage.batch,
        num_frames=NUM_FRAMES,
        size=stage.size,
        seed=seed,
        difficulty=stage.difficulty,
        camera_share=stage.camera_share,
        pictures=pictures,
    )


def draw_batch(stage: Stage, pictures: Tensor, *, seed: int) -> tuple[MotionClips, Tensor]:
    """Return the clips of one step of a stage and their target probabilities (B, K)."""
    return with_noise_clips(draw_stage(stage, pictures, seed=seed), stage.noise_share, seed=seed)


def with_noise_clips(clips: MotionClips, share: float, *, seed: int) -> tuple[MotionClips, Tensor]:
    """Replace about `share` of the clips by noise; return all clips and their targets (B, K).

    The noise differs in every frame and has no subject; its target is equal for all labels.
    """
    targets = F.one_hot(clips.labels, len(LABELS)).float()
    B, T, C, H, W = clips.pixels.shape
    rng = BatchRng(B, seed=seed)
    is_noise = rng.chance(share)
    cells = H // int(1 + rng.integers(MAX_GRAIN)[0])
    noise = rng.uniform(-0.5, 0.5, T, C, cells, cells).flatten(0, 1)
    noise = F.interpolate(noise, size=(H, W)).unflatten(0, (B, T))
    noise = torch.where(rng.chance(0.3, 1, 1, 1, 1), noise.mean(2, keepdim=True), noise)
    noise = 0.5 + noise * rng.uniform(0.3, 1, 1, 1, 1, 1)
    targets[is_noise] = 1 / len(LABELS)
    pixels = torch.where(is_noise[:, None, None, None, None], noise, clips.pixels)
    masks = torch.where(is_noise[:, None, None, None], 0.0, clips.masks)
    return replace(clips, pixels=pixels, masks=masks), targets
