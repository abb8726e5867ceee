"""Trains the embedded motion models on clips drawn while they learn."""

import hashlib
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import AttentionType, TimesformerConfig
from .errors import TimesformerError
from .explain import Shares, average_heads, last_attention, rollout
from .model import State, TimesformerForVideoClassification
from .motion import CAMERA_SHARE, LABELS, MotionClips, draw_clips
from .photographs import TRAINING, read_photographs
from .preprocess import Preprocess
from .start import set_out
from .surfaces import bank_of, fallen_leaves

STATE_FILE = "state.pt"
NUM_FRAMES = 8
MEAN, STD = 0.5, 0.5
SAMPLING_RATE = 8  # a clip of 2.1 s: a gesture, not a story
SAVE_EVERY = 100  # steps
MOTION_SCALE = (8.0, 8.0, 8.0, 8.0, 10.0, 4.0)  # brings typical flow and steps to about 1
LABEL_SMOOTHING = 0.02
WHERE_WEIGHT, HOW_WEIGHT, LOOK_WEIGHT = 1.0, 5.0, 0.2  # against 1 for the labels
LEAF_PICTURES = 18  # as many as squares of photographs
CLIP_SEEDS = 1_000_000  # seeds of one run's batches


@dataclass(frozen=True)
class Stage:
    """`steps` steps on batches of `batch` clips of `size` x `size` pixels, as hard as `clutter`.

    In `camera_share` of the clips the camera moves. `rate` is the share of the learning rates that
    the stage ends with, from that of the stage before in a straight line. `rollout` is how much it
    counts that rollout through all blocks, too, leads to what the clip is about.
    """

    steps: int
    batch: int
    size: int
    clutter: float = 1.0
    camera_share: float = CAMERA_SHARE
    rate: float = 1.0
    rollout: float = 0.0


@dataclass(frozen=True)
class Recipe:
    """All that decides a training run: the same recipe and seed draw the same batches."""

    attention_type: AttentionType = "divided_space_time"
    stages: tuple[Stage, ...] = (
        Stage(500, 16, 56, clutter=0.0, camera_share=0.6),
        Stage(1800, 16, 56, rate=0.6),
        Stage(1400, 8, 112, rate=0.0),
    )
    width: int = 128
    blocks: int = 6
    heads: int = 4
    matrix_rate: float = 0.01  # Muon
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

    def forward(self, clips: MotionClips, *, rollout_weight: float) -> tuple[Tensor, Tensor]:
        """Loss () and logits (B, K)."""
        encoder = self.model.timesformer
        # explicit attention: on a CPU in bfloat16, fused attention takes 3 to 7 times as long
        _, *states = encoder.trace((clips.pixels - MEAN) / STD, return_weights=True)
        state = states[-1]
        logits = self.model.classify(state)
        covered = F.avg_pool2d(clips.masks, encoder.config.patch_shape).flatten(2)  # (B, T, N)
        loss = F.cross_entropy(logits.float(), clips.labels, label_smoothing=LABEL_SMOOTHING)
        loss = loss + self._patch_loss(state, clips, covered)
        last = [average_heads(state)]
        loss = loss + LOOK_WEIGHT * _look_loss(last_attention(last, num_frames=NUM_FRAMES), covered)
        if rollout_weight:
            blocks = [average_heads(state) for state in states]
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
    looked = shares.patches.float()
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
    pictures = _pictures(recipe)
    learner = Learner(recipe.config())
    first = _draw(replace(recipe.stages[0], batch=128), pictures, seed=recipe.seed * CLIP_SEEDS)
    set_out(learner.model.timesformer, (first.pixels[:, 0] - MEAN) / STD)
    learner.to(device)
    optimizers = _optimizers(learner, recipe)
    plan = list(_plan(recipe))
    done, spent = _resume(folder / STATE_FILE, recipe, learner, optimizers)
    for step, (stage, rate) in itertools.islice(enumerate(plan, start=1), done, None):
        started = time.monotonic()
        clips = _draw(stage, pictures, seed=recipe.seed * CLIP_SEEDS + step)
        loss, accuracy = _learn(
            learner, optimizers, clips.to(device), rate, rollout_weight=stage.rollout
        )
        spent += time.monotonic() - started
        tell(Progress(step, recipe.steps, stage.size, loss, accuracy, spent))
        if step % SAVE_EVERY == 0 or step == recipe.steps:
            state = {"recipe": _so_far(recipe, step), "step": step, "seconds": spent}
            _save(folder / STATE_FILE, state, learner, optimizers)
    return learner.model.eval(), spent


def _pictures(recipe: Recipe) -> Tensor:
    """The bank that things and grounds are cut from: photographs, and leaves drawn anew."""
    leaves = fallen_leaves(LEAF_PICTURES, seed=recipe.seed)
    return torch.cat([leaves, bank_of(read_photographs(TRAINING))])


def _draw(stage: Stage, pictures: Tensor, *, seed: int) -> MotionClips:
    return draw_clips(
        stage.batch,
        num_frames=NUM_FRAMES,
        size=stage.size,
        seed=seed,
        clutter=stage.clutter,
        camera_share=stage.camera_share,
        pictures=pictures,
    )


def _plan(recipe: Recipe) -> Iterator[tuple[Stage, float]]:
    """Stage and share of the learning rates of every step, after a warm-up."""
    before, done = 1.0, 0
    for stage in recipe.stages:
        for step in range(1, stage.steps + 1):
            done += 1
            rate = before + (stage.rate - before) * step / stage.steps
            yield stage, rate * min(1.0, done / recipe.warmup)
        before = stage.rate


def _learn(
    learner: Learner,
    optimizers: list[torch.optim.Optimizer],
    clips: MotionClips,
    rate: float,
    *,
    rollout_weight: float,
) -> tuple[float, float]:
    """One step at `rate` times the recipe's learning rates; loss and accuracy of the batch."""
    with torch.autocast(clips.pixels.device.type, dtype=torch.bfloat16):
        loss, logits = learner(clips, rollout_weight=rollout_weight)
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


def _so_far(recipe: Recipe, step: int) -> str:
    """A digest of what decided the first `step` steps; a recipe that only goes on longer agrees."""
    plan = [(replace(stage, steps=0, rate=0), rate) for stage, rate in _plan(recipe)][:step]
    return hashlib.sha256(repr((replace(recipe, stages=()), plan)).encode()).hexdigest()


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
    if state["recipe"] != _so_far(recipe, state["step"]):
        raise TimesformerError(
            f"The run in {path.parent} followed another recipe. Delete that folder to start anew."
        )
    learner.load_state_dict(state["learner"])
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    return state["step"], state["seconds"]
