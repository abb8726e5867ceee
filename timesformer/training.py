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
from .errors import TimesformerError
from .explain import average_heads, last_attention
from .model import State, TimesformerForVideoClassification, TimesformerModel
from .motion import LABELS, MotionClips, draw_clips
from .preprocess import Preprocess

STATE_FILE = "state.pt"
NUM_FRAMES = 8
MEAN, STD = 0.5, 0.5
SAMPLING_RATE = 8  # a clip of 2.1 s: a gesture, not a story
SAVE_EVERY = 100  # steps
MOTION_SCALE = (8.0, 8.0, 8.0, 8.0, 10.0, 4.0)  # brings typical flow and steps to about 1
LABEL_SMOOTHING = 0.02
WHERE_WEIGHT, HOW_WEIGHT, LOOK_WEIGHT = 1.0, 5.0, 0.2  # against 1 for the labels
SINUSOID_AMPLITUDE = 0.5  # with time embeddings near 0 at first, no direction was learned
PATCH_STD = 0.06  # brings patches to about the size of their place and moment
CLIP_SEEDS = 1_000_000  # seeds of one run's batches


@dataclass(frozen=True)
class Stage:
    """`steps` steps on batches of `batch` clips of `size` x `size` pixels, as hard as `clutter`."""

    steps: int
    batch: int
    size: int
    clutter: float = 1.0


@dataclass(frozen=True)
class Recipe:
    """All that decides a training run: the same recipe and seed draw the same batches."""

    attention_type: AttentionType = "divided_space_time"
    stages: tuple[Stage, ...] = (
        Stage(300, 64, 32, clutter=0.0),
        Stage(550, 48, 48),
        Stage(200, 32, 80),
        Stage(180, 24, 112),
    )
    width: int = 128
    blocks: int = 6
    heads: int = 4
    matrix_rate: float = 0.02  # Muon
    vector_rate: float = 1.5e-3  # AdamW
    weight_decay: float = 0.01
    warmup: int = 50
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


PREPROCESS = Preprocess(
    num_frames=NUM_FRAMES,
    sampling_rate=SAMPLING_RATE,
    short_side=Recipe.stages[-1].size,
    crop_size=(Recipe.stages[-1].size,) * 2,
    mean=(MEAN,) * 3,
    std=(STD,) * 3,
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

    The head's seven numbers a patch are the share of it that the moving thing covers, as a logit,
    how it moves there, right and down, and the thing's four steps as a whole.
    """

    def __init__(self, config: TimesformerConfig) -> None:
        super().__init__()
        self.model = TimesformerForVideoClassification(config)
        self.patch_head = nn.Linear(config.hidden_size, 7)
        _set_out(self.model.timesformer)

    def forward(self, clips: MotionClips) -> tuple[Tensor, Tensor]:
        """Loss () and logits (B, K)."""
        encoder = self.model.timesformer
        # explicit attention: on a CPU in bfloat16, fused attention takes 3 to 7 times as long
        *_, state = encoder.trace((clips.pixels - MEAN) / STD, return_weights=True)
        logits = self.model.classify(state)
        covered = F.avg_pool2d(clips.masks, encoder.config.patch_shape).flatten(2)  # (B, T, N)
        loss = F.cross_entropy(logits.float(), clips.labels, label_smoothing=LABEL_SMOOTHING)
        loss = (
            loss
            + self._patch_loss(state, clips, covered)
            + LOOK_WEIGHT * _look_loss(state, covered)
        )
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


def _look_loss(state: State, covered: Tensor) -> Tensor:
    """How little the cls token attends, in the last block, to what the clip is about."""
    looked = last_attention([average_heads(state)], num_frames=NUM_FRAMES).patches.float()
    share = (looked * covered).sum((1, 2)) / looked.sum((1, 2))
    return -share.clamp(min=1e-4).log().mean()


def train(
    recipe: Recipe,
    folder: Path,
    *,
    device: torch.device,
    tell: Callable[[Progress], None],
) -> tuple[TimesformerForVideoClassification, float]:
    """The trained model and the seconds it took.

    A run that was cut off goes on from its last state in `folder`.
    """
    torch.manual_seed(recipe.seed)
    learner = Learner(recipe.config()).to(device)
    optimizers = _optimizers(learner, recipe)
    done, spent = _resume(folder / STATE_FILE, recipe, learner, optimizers)
    for step, (stage, rate) in itertools.islice(enumerate(_plan(recipe), start=1), done, None):
        started = time.monotonic()
        seed = recipe.seed * CLIP_SEEDS + step
        clips = draw_clips(
            stage.batch,
            num_frames=NUM_FRAMES,
            size=stage.size,
            seed=seed,
            clutter=stage.clutter,
        )
        loss, accuracy = _learn(learner, optimizers, clips.to(device), rate)
        spent += time.monotonic() - started
        tell(Progress(step, recipe.steps, stage.size, loss, accuracy, spent))
        if step % SAVE_EVERY == 0 or step == recipe.steps:
            state = {"recipe": repr(recipe), "step": step, "seconds": spent}
            _save(folder / STATE_FILE, state, learner, optimizers)
    return learner.model.eval(), spent


def _plan(recipe: Recipe) -> Iterator[tuple[Stage, float]]:
    """Stage and share of the learning rates of every step: up in the warm-up, then down to 0."""
    stages = itertools.chain.from_iterable([stage] * stage.steps for stage in recipe.stages)
    for done, stage in enumerate(stages):
        yield stage, min(1.0, (done + 1) / recipe.warmup) * (1 - done / recipe.steps)


def _learn(
    learner: Learner,
    optimizers: list[torch.optim.Optimizer],
    clips: MotionClips,
    rate: float,
) -> tuple[float, float]:
    """One step at `rate` times the recipe's learning rates; loss and accuracy of the batch."""
    with torch.autocast(clips.pixels.device.type, dtype=torch.bfloat16):
        loss, logits = learner(clips)
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
    path: Path, recipe: Recipe, learner: Learner, optimizers: list[torch.optim.Optimizer]
) -> tuple[int, float]:
    """Steps done and seconds spent by an earlier run, whose state is taken over; else 0.

    Raises TimesformerError where that run followed another recipe.
    """
    if not path.exists():
        return 0, 0.0
    device = learner.patch_head.weight.device
    state = torch.load(path, weights_only=True, map_location=device)
    if state["recipe"] != repr(recipe):
        raise TimesformerError(
            f"The run in {path.parent} followed another recipe. Delete that folder to start anew."
        )
    learner.load_state_dict(state["learner"])
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    return state["step"], state["seconds"]


def _set_out(encoder: TimesformerModel) -> None:
    """Starting values from which directions are learned: clear places, moments and patches."""
    D, (h, w) = encoder.config.hidden_size, encoder.config.grid
    down = _sinusoids(h, D // 2)[:, None].expand(h, w, -1)
    across = _sinusoids(w, D // 2)[None].expand(h, w, -1)
    encoder.position_table.data[0, 1:] = torch.cat([down, across], dim=-1).flatten(0, 1)
    if encoder.config.attention_type != "space_only":
        encoder.time_table.data[0] = _sinusoids(encoder.config.num_frames, D)
    nn.init.normal_(encoder.patch_embedding.weight, std=PATCH_STD)


def _sinusoids(count: int, width: int) -> Tensor:
    """Embeddings (count, width) of steps 0, 1, ..., with periods of about 6 to 60 steps."""
    rates = torch.exp(torch.arange(0, width, 2) * (-math.log(10.0) / width))
    phases = torch.arange(count)[:, None] * rates
    return SINUSOID_AMPLITUDE * torch.stack([phases.sin(), phases.cos()], dim=-1).flatten(1)
