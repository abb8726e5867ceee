"""What explains an answer: a method with its options, applied to a model and a clip's pixels."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import fmean

import numpy as np
import torch
from torch import Tensor

from ..models.timesformer import TimesformerForVideoClassification
from ..preprocess import Box
from ..progress import Progress, ignore_progress
from . import (
    METHODS,
    Heads,
    Query,
    Relevance,
    gradcam,
    gradsam,
    occlusion,
    relevance,
    rollout,
    space_attention,
    time_attention,
    watch,
)
from .metrics import FRACTIONS, Curves, curves, random_map

OF_A_LABEL: Mapping[str, Callable[..., Relevance]] = {
    "relevance": relevance,
    "gradsam": gradsam,
    "gradcam": gradcam,
    "occlusion": occlusion,
}

TENTH = 0.1
RANDOM_MAPS = 3
ANSWERS_TO_CHECK = 2 * (len(FRACTIONS) - 1) * (1 + RANDOM_MAPS)

Target = str | int | tuple[str | int, str | int]  # a label or its number; two for a contrast


@dataclass(frozen=True)
class Prediction:
    """One class with its words and its probability in 0..1."""

    label: str
    probability: float
    index: int


@dataclass(frozen=True, eq=False)
class Explanation:
    """Where and when a model looked in a clip.

    heatmaps (T, h, w) float32, non-negative, in "times uniform": 1 is what each patch would have
    if all had the same, so their mean is 1; box is the part of the source frame that they cover;
    (0 where there is no heat at all); predictions are all classes, likeliest first; options are
    what was asked; processor is what computed them, and in which precision; about are the numbers
    of the label that they explain, or of the two of a contrast, and empty where they explain none.
    """

    heatmaps: np.ndarray
    box: Box
    predictions: tuple[Prediction, ...]
    options: "Options"
    processor: str
    about: tuple[int, ...] = ()

    @property
    def method(self) -> str:
        """How the heatmaps were made."""
        return self.options.method

    @property
    def labels(self) -> tuple[str, ...]:
        """The words of what they are about."""
        by_class = {prediction.index: prediction.label for prediction in self.predictions}
        return tuple(by_class[index] for index in self.about)

    @property
    def frame_shares(self) -> np.ndarray:
        """How much each frame was looked at, (T,) in "times uniform"."""
        return np.asarray(self.heatmaps.mean(axis=(1, 2)))


@dataclass(frozen=True)
class Check:
    """What an answer does as patches are covered, by a heatmap and by random ones.

    The probability is that of `label`, the one that the heatmap explains, or the likeliest.
    """

    label: str
    curves: Curves
    random: tuple[Curves, ...]

    @property
    def fall(self) -> float:
        """How far the probability falls when the hottest tenth of the patches is covered."""
        return self.curves.fall(TENTH)

    @property
    def random_fall(self) -> float:
        """The same for a random tenth."""
        return fmean(one.fall(TENTH) for one in self.random)

    @property
    def random_gap(self) -> float:
        """The area between insertion and deletion of a random map."""
        return fmean(one.gap for one in self.random)


@dataclass(frozen=True)
class Options:
    """What an explanation can be asked; as in `Recognizer.explain`.

    Raises ValueError for a method that there is not, or an option that it does not take.
    """

    method: str = "rollout"
    target: Target | None = None
    negative: bool = False
    patch: tuple[int, int, int] | None = None
    block: int | None = None
    heads: Heads = "mean"
    norm_aware: bool = False

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"method is {self.method!r}; choose one of {', '.join(METHODS)}")
        takes = METHODS[self.method].takes
        plain = {field.name: field.default for field in fields(self)}
        for name, value in vars(self).items():
            if name != "method" and name not in takes and value != plain[name]:
                raise ValueError(f"{self.method} takes no {name}, only {', '.join(sorted(takes))}")


def heat_of(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    options: Options,
    *,
    labels: Sequence[str],
    on_progress: Progress = ignore_progress,
) -> Relevance:
    """Logits (B, K) of pixel values (B, T, C, H, W), and the heat (B, T, N) of their patches."""
    if not METHODS[options.method].of_a_label:
        return _looked(model, pixel_values, options)
    target = None
    if options.target is not None:
        target = target_weights(options.target, labels).to(pixel_values)
    more = {"on_progress": on_progress} if options.method == "occlusion" else {}
    return OF_A_LABEL[options.method](
        model, pixel_values, target=target, negative=options.negative, **more
    )


@torch.inference_mode()
def _looked(
    model: TimesformerForVideoClassification, pixel_values: Tensor, options: Options
) -> Relevance:
    """Logits, and what was drawn from each patch whatever the label."""
    T, (H, W) = pixel_values.shape[1], pixel_values.shape[-2:]
    height, width = model.config.patch_shape
    query = _query(options.patch, T, H // height, W // width)
    state, blocks = watch(
        model.timesformer,
        pixel_values,
        heads=options.heads,
        norm_aware=options.norm_aware,
        cls_only=query is None,
    )
    logits = model.classify(state)
    if options.method == "rollout":
        return Relevance(logits, rollout(blocks, num_frames=T, query=query).patches)
    block = -1 if options.block is None else options.block
    if not -len(blocks) <= block < len(blocks):
        raise ValueError(f"block is {block}; choose a number from 0 to {len(blocks) - 1}")
    read = space_attention if options.method == "attention" else time_attention
    return Relevance(logits, read(blocks[block], num_frames=T, query=query).patches)


def _query(patch: tuple[int, int, int] | None, T: int, h: int, w: int) -> Query | None:
    if patch is None:
        return None
    frame, row, column = patch
    if not (0 <= frame < T and 0 <= row < h and 0 <= column < w):
        raise ValueError(f"patch {patch} is outside {T} frames of {h} x {w} patches")
    return Query(frame, row * w + column)


def target_indices(target: Target, labels: Sequence[str]) -> tuple[int, ...]:
    """The numbers of the label, or of the two of a contrast. Raises ValueError for others."""
    wanted = target if isinstance(target, tuple) else (target,)
    indices = tuple(_index(one, labels) for one in wanted)
    if len(set(indices)) != len(wanted) or len(wanted) not in (1, 2):
        raise ValueError(f"target is {target!r}; a contrast is of two labels")
    return indices


def target_weights(target: Target, labels: Sequence[str]) -> Tensor:
    """What `target` asks of the logits, (K,) as in `score_of`: 1 for it, -1 for the other."""
    weights = torch.zeros(len(labels))
    for index, weight in zip(target_indices(target, labels), (1.0, -1.0), strict=False):
        weights[index] = weight
    return weights


def _index(target: str | int, labels: Sequence[str]) -> int:
    if isinstance(target, str) and target in labels:
        return labels.index(target)
    if isinstance(target, str) or not 0 <= operator.index(target) < len(labels):
        raise ValueError(
            f"target is {target!r}; choose a label, such as {labels[0]!r}, or its number, "
            f"0 to {len(labels) - 1}"
        )
    return operator.index(target)


def check_heat(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    heatmaps: np.ndarray,
    *,
    index: int,
    label: str,
    on_progress: Progress = ignore_progress,
) -> Check:
    """Covers the patches of pixel_values (1, T, C, H, W) by heatmaps (T, h, w), and at random.

    What covers them is the blurred frame. `on_progress` is called after each map.
    """
    heat = torch.from_numpy(heatmaps).flatten(1)
    maps = [heat, *(random_map(heat.shape, seed=seed) for seed in range(RANDOM_MAPS))]
    found = []
    for number, one in enumerate(maps):
        found.append(curves(model, pixel_values, one, index=index))
        on_progress(number + 1, len(maps))
    return Check(label, found[0], tuple(found[1:]))
