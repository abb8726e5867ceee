"""What a model says of drawn clips, and where it looks in them: all that is counted later."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ..explain import rollout, space_attention, watch
from ..explain.metrics import frame_difference, inside, pointing_hits, random_map
from ..recognizer import Recognizer
from ..synthetic.motion import HEADINGS, LABELS, STILL, MotionClips, is_one_of
from .metrics import OPPOSITES

HEATMAPS = ("rollout", "attention", "frame difference", "random")
TRACED = 4  # clips at once through the model: as quick as more, and 0.4 GB for joint attention


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model said of n clips, and where it looked in some of them; no row where not asked.

    labels (n,); logits (n, K); backwards (m, K), of clips with an opposite; shuffled (d, K), of
    clips of the four directions. For the k clips in which a thing moves and for HEATMAPS: chance
    (k,), the share of the picture that the thing covers; inside (k, M), the share of the heat on
    it; hits (k, M) as in `pointing_hits`.
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
    directed = is_one_of(drawn.labels, HEADINGS) & in_time
    if with_looks:
        logits, heats = _traced(recognizer, pixel_values)
        heats.append(frame_difference(pixel_values, recognizer.model.config.patch_shape))
        heats.append(random_map(heats[0].shape, seed=seed))
        looks = _looks(drawn, heats, recognizer.model.config.patch_shape)
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
    drawn: MotionClips, heats: list[Tensor], patch: tuple[int, int]
) -> tuple[Tensor, Tensor, Tensor]:
    """Chance (k,), inside (k, M) and hits (k, M) of the clips in which a thing moves."""
    things = (drawn.labels != STILL) & (drawn.masks.amin((1, 2, 3)) < 1)  # 1: the camera moves
    covered = drawn.covered(patch)[things]
    maps = [heat[things] for heat in heats]
    shares = [inside(heat, covered) for heat in maps]
    hits = [pointing_hits(heat, covered) for heat in maps]
    return covered.mean((1, 2)), torch.stack(shares, -1), torch.stack(hits, -1)


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


def logits_of(recognizer: Recognizer, pixel_values: Tensor) -> Tensor:
    """Logits (B, K) float32 on the CPU; B may be 0."""
    if not len(pixel_values):
        return torch.zeros(0, len(LABELS))
    return torch.cat([recognizer.logits(part) for part in pixel_values.split(TRACED)])


def _traced(recognizer: Recognizer, pixel_values: Tensor) -> tuple[Tensor, list[Tensor]]:
    """Logits (B, K), and the heat (B, T, N) of what the cls token looked at by each method."""
    T = pixel_values.shape[1]
    logits, heats = [], []
    for part in pixel_values.split(TRACED):
        encoder = recognizer.model.timesformer
        state, blocks = watch(encoder, recognizer.at_model(part), cls_only=True)
        logits.append(recognizer.model.classify(state).float().cpu())
        looks = rollout(blocks, num_frames=T), space_attention(blocks[-1], num_frames=T)
        heats.append([look.patches.cpu() for look in looks])
    return torch.cat(logits), [torch.cat(parts) for parts in zip(*heats, strict=True)]
