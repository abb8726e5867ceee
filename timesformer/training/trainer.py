"""Training of the embedded models on clips that are drawn during the run."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..errors import TimesformerError
from ..explain import Flow, fuse_heads, rollout_flow, space_flow
from ..models.blocks import State
from ..models.config import TimesformerConfig
from ..models.timesformer import TimesformerForVideoClassification
from ..synthetic.clips import MotionClips
from .batches import Batches, draw_stage, num_processes
from .init import init_encoder
from .recipe import MEAN, NUM_FRAMES, SEEDS_PER_RUN, STD, Recipe

STATE_FILE = "state.pt"
SAVE_EVERY = 100  # steps
MOTION_SCALE = (8.0, 8.0, 8.0, 8.0, 10.0, 4.0)  # scales typical flow and steps to about 1
LABEL_SMOOTHING = 0.02
# Weights of the losses on coverage, motion and attention; the loss on labels has weight 1.
COVERAGE_WEIGHT, MOTION_WEIGHT, ATTENTION_WEIGHT = 1.0, 5.0, 0.2
WHITENING_CLIPS = 128  # for the initial weights of the patch embedding


@dataclass(frozen=True)
class TrainingProgress:
    """Figures of one step: its number, the number of steps, frame size, loss, accuracy, seconds.

    `seconds` is the time of the whole run so far.
    """

    step: int
    steps: int
    size: int
    loss: float
    accuracy: float
    seconds: float


class Learner(nn.Module):
    """The classifier with a head for patches that only training uses.

    The head predicts seven numbers a patch. The first is the share that the subject covers, as a
    logit. Two are its motion there, right and down, and four are the steps of the whole subject.
    """

    def __init__(self, config: TimesformerConfig) -> None:
        super().__init__()
        self.model = TimesformerForVideoClassification(config)
        self.patch_head = nn.Linear(config.hidden_size, 7)

    def forward(
        self, clips: MotionClips, targets: Tensor, *, rollout_weight: float
    ) -> tuple[Tensor, Tensor]:
        """Return the loss () and logits (B, K) for target probabilities (B, K)."""
        encoder = self.model.timesformer
        # explicit attention: on a CPU in bfloat16, fused attention takes 3 to 7 times as long
        _, *states = encoder.trace((clips.pixels - MEAN) / STD, return_weights=True)
        state = states[-1]
        logits = self.model.classify(state)
        coverage = clips.coverage(encoder.config.patch_shape)
        loss = F.cross_entropy(logits.float(), targets, label_smoothing=LABEL_SMOOTHING)
        loss = loss + self._patch_loss(state, clips, coverage)
        blocks = [fuse_heads(state) for state in (states if rollout_weight else states[-1:])]
        attention = space_flow(blocks[-1], num_frames=NUM_FRAMES)
        loss = loss + ATTENTION_WEIGHT * _attention_loss(attention, coverage)
        if rollout_weight:
            flow = rollout_flow(blocks, num_frames=NUM_FRAMES)
            loss = loss + rollout_weight * _attention_loss(flow, coverage)
        return loss, logits

    def _patch_loss(self, state: State, clips: MotionClips, coverage: Tensor) -> Tensor:
        """Return the loss on the coverage of patches and, where covered, on their motion."""
        encoder = self.model.timesformer
        predicted = self.patch_head(encoder.norm(state.patches)).float()  # (B, T, N, 7)
        coverage_loss = F.binary_cross_entropy_with_logits(predicted[..., 0], coverage)
        grid = encoder.config.grid_of(*clips.pixels.shape[-2:])
        flow = clips.flow(grid)  # (B, T, N, 2)
        steps = clips.steps[:, :, None].expand(-1, -1, flow.shape[2], -1)  # (B, T, N, 4)
        motion = torch.cat([flow, steps], dim=-1) * flow.new_tensor(MOTION_SCALE)
        error = F.smooth_l1_loss(predicted[..., 1:], motion, reduction="none")
        motion_loss = (error.mean(-1) * coverage).sum() / coverage.sum().clamp(min=1)
        return COVERAGE_WEIGHT * coverage_loss + MOTION_WEIGHT * motion_loss


def _attention_loss(attention: Flow, coverage: Tensor) -> Tensor:
    """Return the negative log share of the cls token's attention that lies on the subject."""
    return -attention.share_on(coverage).clamp(min=1e-4).log().mean()


def train(
    recipe: Recipe,
    pictures: Tensor,
    folder: Path,
    *,
    device: torch.device,
    on_progress: Callable[[TrainingProgress], None],
) -> tuple[TimesformerForVideoClassification, float]:
    """Return the trained model and the seconds of the run.

    Textures are cut from the bank `pictures`. An interrupted run resumes from its last state in
    `folder`.
    """
    torch.manual_seed(recipe.seed)
    learner = Learner(recipe.config())
    whitening_stage = replace(recipe.stages[0], batch=WHITENING_CLIPS)
    first = draw_stage(whitening_stage, pictures, seed=recipe.seed * SEEDS_PER_RUN)
    init_encoder(learner.model.timesformer, (first.pixels[:, 0] - MEAN) / STD)
    learner.to(device)
    optimizers = make_optimizers(learner, recipe)
    done, spent = _resume(folder / STATE_FILE, recipe, learner=learner, optimizers=optimizers)
    batches = Batches(recipe, pictures)
    loader = batches.loader(done, processes=num_processes(device))
    started = time.monotonic()
    for step, (clips, targets) in enumerate(loader, start=done + 1):
        stage, rate = batches.plan[step - 1]
        loss, accuracy = _step(
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


def make_optimizers(learner: Learner, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """Return Muon (Jordan 2024) for the matrices of the blocks and AdamW for all else."""
    matrices = [p for p in learner.model.timesformer.blocks.parameters() if p.ndim == 2]
    in_muon = set(matrices)
    rest = [p for p in learner.parameters() if p not in in_muon]
    muon = torch.optim.Muon(
        [{"params": matrices, "initial_lr": recipe.muon_lr}], weight_decay=recipe.weight_decay
    )
    adamw = torch.optim.AdamW(
        [{"params": rest, "initial_lr": recipe.adamw_lr}], weight_decay=recipe.weight_decay
    )
    return [muon, adamw]


def _step(
    learner: Learner,
    optimizers: list[torch.optim.Optimizer],
    *,
    clips: MotionClips,
    targets: Tensor,
    rate: float,
    rollout_weight: float,
) -> tuple[float, float]:
    """Update the weights at `rate` times the learning rates; return loss and accuracy."""
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


def _save(
    path: Path,
    state: dict[str, object],
    *,
    learner: Learner,
    optimizers: list[torch.optim.Optimizer],
) -> None:
    """Replace the saved state atomically, so that a complete one always exists."""
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
    """Restore the state of an earlier run; return its steps and seconds, 0 if there is none.

    Raises TimesformerError if that run had another recipe.
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
