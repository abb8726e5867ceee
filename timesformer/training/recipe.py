"""What decides a training run of an embedded motion model: its stages, shape and rates."""

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..models.config import AttentionType, TimesformerConfig
from ..preprocess import Preprocess
from ..synthetic.motion import CAMERA_SHARE, HELD_OUT_SEEDS, LABELS

NUM_FRAMES = 8
SAMPLING_RATE = 8  # a clip of 2.1 s: a gesture, not a story
PATCH_SIZE = 8  # pixels
MEAN, STD = 0.5, 0.5
CLIP_SEEDS = 1_000_000  # seeds of one run's batches


@dataclass(frozen=True)
class Stage:
    """`steps` steps on batches of `batch` clips of `size` x `size` pixels, as hard as `clutter`.

    In `camera_share` of the clips the camera moves. `rate` is the share of the learning rates that
    the stage ends with, from that of the stage before in a straight line. `rollout_weight` is how
    much it counts that rollout through all blocks, too, leads to what the clip is about. In
    `blind_share` of the clips there is nothing but noise, which may be any of the labels.
    Raises ValueError for numbers that make no stage.
    """

    steps: int
    batch: int
    size: int
    clutter: float = 1.0
    camera_share: float = CAMERA_SHARE
    rate: float = 1.0
    rollout_weight: float = 0.0
    blind_share: float = 0.0

    def __post_init__(self) -> None:
        if min(self.steps, self.batch) < 1 or self.size < 1 or self.size % PATCH_SIZE:
            raise ValueError(
                f"{self.steps} steps on batches of {self.batch} clips of {self.size} pixels: steps "
                f"and clips must be at least 1, pixels a multiple of {PATCH_SIZE}"
            )
        if not all(0 <= x <= 1 for x in (self.clutter, self.camera_share, self.blind_share)):
            raise ValueError(f"clutter, camera_share and blind_share of {self} must be in 0..1")
        if min(self.rate, self.rollout_weight) < 0:
            raise ValueError(f"rate and rollout_weight of {self} must be 0 or more")


STAGES = (
    Stage(500, 16, 56, clutter=0.0, camera_share=0.6),
    Stage(1800, 16, 56, rate=0.6),
    Stage(1400, 8, 112, rate=0.0),
    Stage(100, 8, 112, rate=0.4, rollout_weight=0.2),
    Stage(1400, 8, 112, rate=0.0, rollout_weight=0.2),
    Stage(40, 8, 112, rate=0.3, rollout_weight=0.2, blind_share=0.15),
    Stage(260, 8, 112, rate=0.0, rollout_weight=0.2, blind_share=0.1),
)
# The model that most people meet learns a fifth longer, until it knows every label.
DIVIDED_STAGES = (
    *STAGES,
    Stage(40, 8, 112, rate=0.5, rollout_weight=0.2, blind_share=0.1),
    Stage(1060, 8, 112, rate=0.0, rollout_weight=0.2, blind_share=0.1),
)
# Joint attention takes twice as long for frames of 112 pixels, and longer to find what time is for:
# it begins on smaller ones, and sees so much less of the large that it takes no longer in all.
JOINT_STAGES = (
    Stage(600, 16, 32, clutter=0.0, camera_share=0.6),
    *(
        replace(stage, steps=round(0.32 * stage.steps)) if stage.size == 112 else stage
        for stage in STAGES
    ),
    Stage(20, 8, 112, rate=0.4, rollout_weight=0.2, blind_share=0.1),
    Stage(400, 8, 112, rate=0.0, rollout_weight=0.2, blind_share=0.1),
)


@dataclass(frozen=True)
class Recipe:
    """All that decides a training run: the same recipe and seed draw the same batches.

    At the end the classifier is fitted anew to `classifier_clips` clips, if there are any.
    Raises ValueError for numbers that make no run.
    """

    attention_type: AttentionType = "divided_space_time"
    stages: tuple[Stage, ...] = STAGES
    width: int = 128
    blocks: int = 6
    heads: int = 4
    matrix_rate: float = 0.01  # Muon
    vector_rate: float = 1.5e-3  # AdamW
    weight_decay: float = 0.01
    warmup: int = 50
    classifier_clips: int = 3000
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.stages or self.warmup < 1:
            raise ValueError("a recipe has at least one stage and one step of warm-up")
        if not 0 <= self.seed * CLIP_SEEDS <= HELD_OUT_SEEDS - CLIP_SEEDS:
            raise ValueError(
                f"seed is {self.seed}; it must be 0 to {HELD_OUT_SEEDS // CLIP_SEEDS - 1}, for the "
                "clips above are kept for evaluation"
            )

    @property
    def steps(self) -> int:
        """How many steps all stages have together."""
        return sum(stage.steps for stage in self.stages)

    @property
    def size(self) -> int:
        """Pixels a side of the frames of the last stage, which the model is for."""
        return self.stages[-1].size

    def config(self) -> TimesformerConfig:
        """The model's shape; its tables interpolate where a stage's frames are smaller."""
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
        """How the model wants its clips."""
        return Preprocess(
            num_frames=NUM_FRAMES,
            sampling_rate=SAMPLING_RATE,
            short_side=self.size,
            crop_size=(self.size,) * 2,
            mean=(MEAN,) * 3,
            std=(STD,) * 3,
        )

    def plan(self) -> Iterator[tuple[Stage, float]]:
        """Stage and share of the learning rates of every step, after a warm-up."""
        before, done = 1.0, 0
        for stage in self.stages:
            for step in range(1, stage.steps + 1):
                done += 1
                rate = before + (stage.rate - before) * step / stage.steps
                yield stage, rate * min(1.0, done / self.warmup)
            before = stage.rate

    def digest(self, step: int) -> str:
        """Of all that decides the first `step` steps; a recipe that only goes on longer agrees."""
        plan = [
            (replace(stage, steps=1, rate=0.0), rate)
            for stage, rate in itertools.islice(self.plan(), step)
        ]
        rest = replace(self, stages=(Stage(1, 1, self.size),), classifier_clips=0)
        return hashlib.sha256(repr((rest, plan)).encode()).hexdigest()
