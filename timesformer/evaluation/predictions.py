"""Predictions of a model for drawn clips, and the localization of its heatmaps."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ..explain import rollout_flow, space_flow, trace_attention
from ..explain.metrics import energy_pointing_game, frame_difference, pointing_game
from ..explain.perturb import random_heatmap
from ..recognizer import Recognizer
from ..synthetic.clips import MotionClips
from ..synthetic.motion import HEADINGS, LABELS, STILL, is_one_of
from .metrics import OPPOSITES

HEATMAPS = ("rollout", "attention", "frame difference", "random")
MODEL_BATCH = 4  # clips a forward pass; more is no faster, and joint attention needs 0.4 GB


@dataclass(frozen=True, eq=False)
class Predictions:
    """Predictions for n clips, and heatmap localization for some of them.

    labels (n,). logits (n, K). backwards (m, K): for the reversed clips that have an opposite.
    shuffled (d, K): for the shuffled clips of the four directions. The others are of k clips with a
    moving object and M = len(HEATMAPS) methods. chance (k,): the share of the picture that the
    object covers. energy (k, M): the share of heat on the object. pointing (k, M): hits of the
    hottest patch.
    """

    labels: Tensor
    logits: Tensor
    backwards: Tensor
    shuffled: Tensor
    chance: Tensor
    energy: Tensor
    pointing: Tensor

    @classmethod
    def concatenate(cls, parts: "list[Predictions]") -> "Predictions":
        """Return the predictions for the clips of all parts."""
        columns = zip(*(vars(part).values() for part in parts), strict=True)
        return cls(*(torch.cat(column) for column in columns))


def predict_batch(
    recognizer: Recognizer, drawn: MotionClips, *, seed: int, with_order: bool, with_heatmaps: bool
) -> Predictions:
    """Return the predictions for one batch.

    `with_order` adds the reversed clips and, with frames shuffled from `seed`, the shuffled ones.
    `with_heatmaps` adds the localization; joint attention then takes four times as long.
    """
    pixel_values = to_pixel_values(recognizer, drawn.pixels)
    has_opposite = is_one_of(drawn.labels, OPPOSITES) & with_order
    is_direction = is_one_of(drawn.labels, HEADINGS) & with_order
    if with_heatmaps:
        logits, heatmaps = _predict_with_heatmaps(recognizer, pixel_values)
        heatmaps.append(frame_difference(pixel_values, recognizer.model.config.patch_shape))
        heatmaps.append(random_heatmap(heatmaps[0].shape, seed=seed))
        localization = _localize(drawn, heatmaps, recognizer.model.config.patch_shape)
    else:
        logits = predict_logits(recognizer, pixel_values)
        localization = (torch.zeros(0), *torch.zeros(2, 0, len(HEATMAPS)))
    return Predictions(
        drawn.labels,
        logits,
        predict_logits(recognizer, pixel_values[has_opposite].flip(1)),
        predict_logits(recognizer, shuffle_frames(pixel_values[is_direction], seed=seed)),
        *localization,
    )


def _localize(
    drawn: MotionClips, heatmaps: list[Tensor], patch: tuple[int, int]
) -> tuple[Tensor, Tensor, Tensor]:
    """Return chance (k,), energy (k, M) and pointing (k, M) of clips with a moving object."""
    by_camera = drawn.masks.amin((1, 2, 3)) == 1
    has_object = (drawn.labels != STILL) & ~by_camera
    coverage = drawn.coverage(patch)[has_object]
    selected = [heatmap[has_object] for heatmap in heatmaps]
    energy = [energy_pointing_game(heatmap, coverage) for heatmap in selected]
    pointing = [pointing_game(heatmap, coverage) for heatmap in selected]
    return coverage.mean((1, 2)), torch.stack(energy, -1), torch.stack(pointing, -1)


def shuffle_frames(clips: Tensor, *, seed: int) -> Tensor:
    """Return clips (B, T, ...) with frames in random orders, none unchanged and none reversed."""
    T = clips.shape[1]
    if T < 3:
        raise ValueError(f"{T} frames have no third order; at least 3 are needed")
    generator = torch.Generator().manual_seed(seed)
    unchanged = torch.arange(T)
    orders: list[Tensor] = []
    while len(orders) < len(clips):
        order = torch.randperm(T, generator=generator)
        if not order.equal(unchanged) and not order.equal(unchanged.flip(0)):
            orders.append(order)
    rows = [clip[order] for clip, order in zip(clips, orders, strict=True)]
    return torch.stack(rows) if rows else clips


def to_pixel_values(recognizer: Recognizer, pixels: Tensor) -> Tensor:
    """Convert drawn pixels in 0..1 to uint8 frames, then to pixel values (B, T, 3, H, W)."""
    frames = (pixels * 255).round().byte().permute(0, 1, 3, 4, 2).numpy()
    return torch.cat([recognizer.preprocess(clip).pixel_values for clip in frames])


def predict_logits(recognizer: Recognizer, pixel_values: Tensor) -> Tensor:
    """Return logits (B, K) float32 on the CPU; B may be 0."""
    if not len(pixel_values):
        return torch.zeros(0, len(LABELS))
    return torch.cat([recognizer.logits(part) for part in pixel_values.split(MODEL_BATCH)])


def _predict_with_heatmaps(
    recognizer: Recognizer, pixel_values: Tensor
) -> tuple[Tensor, list[Tensor]]:
    """Return logits (B, K) and the heatmaps (B, T, N) of rollout and attention."""
    T = pixel_values.shape[1]
    logits, heatmaps = [], []
    for part in pixel_values.split(MODEL_BATCH):
        encoder = recognizer.model.timesformer
        state, blocks = trace_attention(encoder, recognizer.at_model(part), cls_only=True)
        logits.append(recognizer.model.classify(state).float().cpu())
        flows = rollout_flow(blocks, num_frames=T), space_flow(blocks[-1], num_frames=T)
        heatmaps.append([flow.patches.cpu() for flow in flows])
    return torch.cat(logits), [torch.cat(parts) for parts in zip(*heatmaps, strict=True)]
