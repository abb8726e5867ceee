"""What a model says of drawn clips, and where it looks in them: all that is counted later."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from ..explain import average_heads, last_attention, rollout
from ..motion import DOWN, LABELS, LEFT, RIGHT, STILL, UP, MotionClips
from ..recognizer import Recognizer
from .looks import covered_patches, frame_difference, heat_inside, pointing_hits, random_map
from .measures import OPPOSITES, is_one_of

HEATMAPS = ("rollout", "attention", "frame difference", "random")
DIRECTIONS = (LEFT, RIGHT, UP, DOWN)
TRACED = 4  # clips at once through the model: as quick as more, and 0.4 GB for joint attention


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model said of n clips, and where it looked in some of them; no row where not asked.

    labels (n,); logits (n, K); backwards (m, K), of clips with an opposite; shuffled (d, K), of
    clips of the four directions; for the k clips in which a thing moves and for HEATMAPS: chance
    (k,), inside (k, M) and hits (k, M), as in `looks`.
    """

    labels: Tensor
    logits: Tensor
    backwards: Tensor
    shuffled: Tensor
    chance: Tensor
    inside: Tensor
    hits: Tensor

    @classmethod
    def joined(cls, parts: "list[Answers]") -> "Answers":
        """The answers to all the clips of several batches."""
        columns = zip(*(vars(part).values() for part in parts), strict=True)
        return cls(*(torch.cat(column) for column in columns))


def answers_to(
    recognizer: Recognizer, drawn: MotionClips, *, seed: int, in_time: bool, with_looks: bool
) -> Answers:
    """The answers to one batch.

    `in_time`: to the clips backwards and, shuffled from `seed`, out of order too; `with_looks`:
    with where the model looks, which takes joint attention four times as long.
    """
    pixel_values = pixel_values_of(recognizer, drawn.pixels)
    signed = is_one_of(drawn.labels, OPPOSITES) & in_time
    directed = is_one_of(drawn.labels, DIRECTIONS) & in_time
    if with_looks:
        logits, heats = _traced(recognizer, pixel_values)
        patch = recognizer.model.config.patch_shape
        heats["frame difference"] = frame_difference(pixel_values, patch)
        heats["random"] = random_map(heats["rollout"].shape, seed=seed)
        looks = _looks(drawn, heats, patch)
    else:
        logits = logits_of(recognizer, pixel_values)
        looks = (torch.zeros(0), *torch.zeros(2, 0, len(HEATMAPS)))
    return Answers(
        drawn.labels,
        logits,
        logits_of(recognizer, pixel_values[signed].flip(1)),
        logits_of(recognizer, shuffled_frames(pixel_values[directed], seed=seed)),
        *looks,
    )


def _looks(
    drawn: MotionClips, heats: dict[str, Tensor], patch: tuple[int, int]
) -> tuple[Tensor, Tensor, Tensor]:
    """Chance (k,), inside (k, M) and hits (k, M) of the clips in which a thing moves."""
    things = (drawn.labels != STILL) & (drawn.masks.amin((1, 2, 3)) < 1)  # 1: the camera moves
    covered = covered_patches(drawn.masks, patch)[things]
    maps = [heats[method][things] for method in HEATMAPS]
    inside = torch.stack([heat_inside(heat, covered) for heat in maps], -1)
    hits = torch.stack([pointing_hits(heat, covered) for heat in maps], -1)
    return covered.mean((1, 2)), inside, hits


def shuffled_frames(clips: Tensor, *, seed: int) -> Tensor:
    """Clips (B, T, ...) with the frames of each in a random order, neither its own nor reversed."""
    T = clips.shape[1]
    if T < 3:
        raise ValueError(f"{T} frames have no third order; at least 3 are needed")
    generator = torch.Generator().manual_seed(seed)
    own = torch.arange(T)
    orders: list[Tensor] = []
    while len(orders) < len(clips):
        order = torch.randperm(T, generator=generator)
        if not order.equal(own) and not order.equal(own.flip(0)):
            orders.append(order)
    rows = [clip[order] for clip, order in zip(clips, orders, strict=True)]
    return torch.stack(rows) if rows else clips


def pixel_values_of(recognizer: Recognizer, pixels: Tensor) -> Tensor:
    """Pixel values (B, T, 3, H, W) of drawn pixels in 0..1, by way of the frames of a real clip."""
    frames = (pixels * 255).round().byte().permute(0, 1, 3, 4, 2).numpy()
    return torch.cat([recognizer.preprocess(clip).pixel_values for clip in frames])


def _parts(recognizer: Recognizer, pixel_values: Tensor) -> Iterator[Tensor]:
    weight = recognizer.model.classifier.weight
    for part in pixel_values.split(TRACED):
        yield part.to(weight.device, weight.dtype)


def logits_of(recognizer: Recognizer, pixel_values: Tensor) -> Tensor:
    """Logits (B, K) float32 on the CPU; B may be 0."""
    if not len(pixel_values):
        return torch.zeros(0, len(LABELS))
    parts = _parts(recognizer, pixel_values)
    return torch.cat([recognizer.model(part).logits.float().cpu() for part in parts])


def _traced(recognizer: Recognizer, pixel_values: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """Logits (B, K), and by method the heat (B, T, N) of what the cls token looked at."""
    T = pixel_values.shape[1]
    logits, rolled, last = [], [], []
    for part in _parts(recognizer, pixel_values):
        states = recognizer.model.timesformer.trace(part, return_weights=True)
        state, blocks = next(states), []
        for state in states:
            blocks.append(average_heads(state))
        logits.append(recognizer.model.classify(state).float().cpu())
        rolled.append(rollout(blocks, num_frames=T).patches.cpu())
        last.append(last_attention(blocks, num_frames=T).patches.cpu())
    return torch.cat(logits), {"rollout": torch.cat(rolled), "attention": torch.cat(last)}
