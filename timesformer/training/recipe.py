"""Recipes: the stages, model shape and learning rates of a training run on drawn clips."""

import hashlib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..models.config import AttentionType, TimesformerConfig
from ..preprocess import Preprocess
from ..synthetic.clips import CAMERA_SHARE, HELD_OUT_SEEDS
from ..synthetic.motion import LABELS

NUM_FRAMES = 8
SAMPLING_RATE = 8  # a clip of 2.1 s
PATCH_SIZE = 8  # pixels
MEAN, STD = 0.5, 0.5
SEEDS_PER_RUN = 1_000_000  # batch seeds of one run
# Fields whose names changed; hashes use the first name, so that states on disk still resume.
SAVED_NAMES = {
    "difficulty": "clutter",
    "noise_share": "blind_share",
    "muon_lr": "matrix_rate",
    "adamw_lr": "vector_rate",
}


@dataclass(frozen=True)
class Stage:
    """`steps` steps on batches of `batch` clips of `size` x `size` pixels.

    `difficulty` and `camera_share` are arguments of `draw_clips`. `rate` is the factor of the
    learning rates at the end of the stage. The factor changes linearly from stage to stage.
    `rollout_weight` is the weight of the loss on rollout through all blocks. `noise_share` of the
    clips show only noise, with equal probabilities as target. Raises ValueError for values out of
    range.
    """

    steps: int
    batch: int
    size: int
    difficulty: float = 1.0
    camera_share: float = CAMERA_SHARE
    rate: float = 1.0
    rollout_weight: float = 0.0
    noise_share: float = 0.0

    def __post_init__(self) -> None:
        if min(self.steps, self.batch) < 1 or self.size < 1 or self.size % PATCH_SIZE:
            raise ValueError(
                f"{self.steps} steps on batches of {self.batch} clips of {self.size} pixels: steps "
                f"and clips must be at least 1, pixels a multiple of {PATCH_SIZE}"
            )
        if not all(0 <= x <= 1 for x in (self.difficulty, self.camera_share, self.noise_share)):
            raise ValueError(f"difficulty, camera_share and noise_share of {self} must be in 0..1")
        if min(self.rate, self.rollout_weight) < 0:
            raise ValueError(f"rate and rollout_weight of {self} must be 0 or more")


STAGES = (
    Stage(500, 16, 56, difficulty=0.0, camera_share=0.6),
    Stage(1800, 16, 56, rate=0.6),
    Stage(1400, 8, 112, rate=0.0),
    Stage(100, 8, 112, rate=0.4, rollout_weight=0.2),
    Stage(1400, 8, 112, rate=0.0, rollout_weight=0.2),
    Stage(40, 8, 112, rate=0.3, rollout_weight=0.2, noise_share=0.15),
    Stage(260, 8, 112, rate=0.0, rollout_weight=0.2, noise_share=0.1),
)
# The default model trains a fifth longer, until every label is at least 96 % right.
DIVIDED_STAGES = (
    *STAGES,
    Stage(40, 8, 112, rate=0.5, rollout_weight=0.2, noise_share=0.1),
    Stage(1060, 8, 112, rate=0.0, rollout_weight=0.2, noise_share=0.1),
)
# Joint attention needs twice the time at 112 pixels, and more steps until it uses time at all. The
# recipe therefore starts on smaller frames and has fewer steps at 112, for the same total time.
JOINT_STAGES = (
    Stage(600, 16, 32, difficulty=0.0, camera_share=0.6),
    *(
        replace(stage, steps=round(0.32 * stage.steps)) if stage.size == 112 else stage
        for stage in STAGES
    ),
    Stage(20, 8, 112, rate=0.4, rollout_weight=0.2, noise_share=0.1),
    Stage(400, 8, 112, rate=0.0, rollout_weight=0.2, noise_share=0.1),
)


@dataclass(frozen=True)
class Recipe:
    """Everything that determines a training run: the same recipe draws the same batches.

    After the last stage the classifier is refitted to `classifier_clips` clips. Raises ValueError
    for values out of range.
    """

    attention_type: AttentionType = "divided_space_time"
    stages: tuple[Stage, ...] = STAGES
    width: int = 128
    blocks: int = 6
    heads: int = 4
    muon_lr: float = 0.01
    adamw_lr: float = 1.5e-3
    weight_decay: float = 0.01
    warmup: int = 50
    classifier_clips: int = 3000
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.stages or self.warmup < 1:
            raise ValueError("a recipe has at least one stage and one step of warm-up")
        if not 0 <= self.seed * SEEDS_PER_RUN <= HELD_OUT_SEEDS - SEEDS_PER_RUN:
            raise ValueError(
                f"seed is {self.seed}; it must be 0 to {HELD_OUT_SEEDS // SEEDS_PER_RUN - 1}; "
                "the clips above are reserved for evaluation"
            )

    @property
    def steps(self) -> int:
        """Number of steps of all stages."""
        return sum(stage.steps for stage in self.stages)

    @property
    def size(self) -> int:
        """Side in pixels of the frames of the last stage, the size the model is built for."""
        return self.stages[-1].size

    def config(self) -> TimesformerConfig:
        """Return the config of the model; its tables are interpolated for smaller frames."""
        return TimesformerConfig(
            image_size=self.size,
            patch_size=PATCH_SIZE,
            num_frames=NUM_FRAMES,
            position_interpolation="bicubic",
            hidden_size=self.width,
            num_hidden_layers=self.blocks,
            num_attention_heads=self.heads,
            intermediate_size=4 * self.width,
            attention_type=self.attention_type,
            id2label=dict(enumerate(LABELS)),
        )

    def preprocess(self) -> Preprocess:
        """Return the preprocessing of the model."""
        return Preprocess(
            num_frames=NUM_FRAMES,
            sampling_rate=SAMPLING_RATE,
            short_side=self.size,
            crop_size=(self.size,) * 2,
            mean=(MEAN,) * 3,
            std=(STD,) * 3,
        )

    def plan(self) -> Iterator[tuple[Stage, float]]:
        """Yield the stage and the learning rate factor of every step, with a linear warm-up."""
        before, done = 1.0, 0
        for stage in self.stages:
            for step in range(1, stage.steps + 1):
                done += 1
                rate = before + (stage.rate - before) * step / stage.steps
                yield stage, rate * min(1.0, done / self.warmup)
            before = stage.rate

    def digest(self, step: int) -> str:
        """Return a hash of everything that determines the first `step` steps.

        A recipe that differs only after `step` has the same hash.
        """
        plan = [
            (replace(stage, steps=1, rate=0.0), rate)
            for stage, rate in itertools.islice(self.plan(), step)
        ]
        rest = replace(self, stages=(Stage(1, 1, self.size),), classifier_clips=0)
        text = repr((rest, plan))
        for name, saved in SAVED_NAMES.items():
            text = text.replace(f"{name}=", f"{saved}=")
        return hashlib.sha256(text.encode()).hexdigest()


RECIPES: Mapping[str, Recipe] = {
    "motion": Recipe(stages=DIVIDED_STAGES),
    "motion-joint": Recipe(attention_type="joint_space_time", stages=JOINT_STAGES),
    "motion-space": Recipe(attention_type="space_only"),
}
