"""Experiments: change one thing about a clip or its model, and predict again.

EXPERIMENTS is the table that the command line and the page read.
"""

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from .errors import TimesformerError
from .explain import Explanation, Prediction
from .explain.deletion import TOP_FRACTION
from .explain.fewest import NUM_PREDICTIONS, FewestPatches, fewest_patches
from .explain.perturb import mask_patches, random_heatmap, top_patches
from .explain.target import batch_size
from .progress import Progress, ignore_progress
from .recognizer import Recognizer
from .video.clip import Clip

NUM_ORDERS = 5  # random orders of the frames
NUM_RANDOM_MASKS = 5  # beside the mask of the top patches
TIMING_RUNS = 3  # of which the fastest counts: the first run of a model takes longer
SCHEME_MODELS = ("motion", "motion-joint", "motion-space")  # an embedded model of each scheme
COMPARISONS: Mapping[str, Callable[[int, int], int]] = {
    "space_only": lambda N, T: N,
    "divided_space_time": lambda N, T: N + T,
    "joint_space_time": lambda N, T: N * T,
}

Predictions = tuple[Prediction, ...]  # all classes, the most likely first


@dataclass(frozen=True)
class ExperimentResult:
    """Predictions for a clip before and after a change.

    after: one entry for each of `orders`, or the change and then its random controls. index: the
    class whose probability is followed. orders: the frames of each version, counted from 0.
    masked_share: of the patches, 0 to 1. fewest: of the experiment of that name.
    """

    name: str
    index: int
    before: Predictions
    after: tuple[Predictions, ...]
    orders: tuple[tuple[int, ...], ...] = ()
    masked_share: float = 0.0
    fewest: FewestPatches | None = None

    @property
    def label(self) -> str:
        """Label of the followed class."""
        return next(p.label for p in self.before if p.index == self.index)

    @property
    def probability(self) -> float:
        """Probability of the followed class before the change."""
        return self._probability_in(self.before)

    @property
    def before_share(self) -> float:
        """Length of the bar of `probability`."""
        return next(p.share for p in self.before if p.index == self.index)

    @property
    def probabilities(self) -> tuple[float, ...]:
        """Probability of the followed class in each version."""
        return tuple(map(self._probability_in, self.after))

    @property
    def best(self) -> int:
        """Index of the version in which the followed class is most likely."""
        return max(range(len(self.after)), key=self.probabilities.__getitem__)

    @property
    def num_unchanged(self) -> int:
        """Number of versions with the top label of the unchanged clip."""
        return sum(top.index == self.before[0].index for top, *_ in self.after)

    def _probability_in(self, predictions: Predictions) -> float:
        return next(p.probability for p in predictions if p.index == self.index)


@dataclass(frozen=True)
class TimedPrediction:
    """Predictions for a clip of T frames of N patches, and the seconds they took."""

    scheme: str
    T: int
    N: int
    predictions: Predictions
    seconds: float

    @property
    def comparisons(self) -> int:
        """Number of patches that a patch attends to in a block, itself included, without cls."""
        return COMPARISONS[self.scheme](self.N, self.T)

    @property
    def all_comparisons(self) -> int:
        """Comparisons of all patches of the clip in a block."""
        return self.T * self.N * self.comparisons


@dataclass(frozen=True)
class Experiment:
    """An experiment: a change to the clip, or a comparison of recognizers on the same video.

    change(recognizer, clip, *, on_progress, **inputs) returns an ExperimentResult. needs: name of
    an input besides the clip. num_predictions: upper bound for T frames. models: names of the
    models to compare; none means the chosen model with other numbers of frames.
    """

    change: Callable[..., ExperimentResult] | None = None
    needs: Literal["patches", "explanation"] | None = None
    num_predictions: Callable[[int], int] = lambda T: 2
    models: tuple[str, ...] = ()


def reverse(
    recognizer: Recognizer, clip: Clip, *, on_progress: Progress = ignore_progress
) -> ExperimentResult:
    """Play the frames from the last to the first."""
    T = len(clip.frames)
    return _reorder("reverse", recognizer, clip, [range(T - 1, -1, -1)], on_progress)


def shuffle(
    recognizer: Recognizer, clip: Clip, *, seed: int = 0, on_progress: Progress = ignore_progress
) -> ExperimentResult:
    """Play the frames in random orders. Raises TimesformerError for a single frame."""
    orders = random_orders(len(clip.frames), seed=seed)
    return _reorder("shuffle", recognizer, clip, orders, on_progress)


def random_orders(T: int, *, seed: int) -> list[list[int]]:
    """Return NUM_ORDERS different random orders of T frames, or all if there are fewer.

    The original order is not among them. Raises TimesformerError for a single frame.
    """
    if T < 2:
        raise TimesformerError("experiment.one_frame")
    generator, original = torch.Generator().manual_seed(seed), list(range(T))
    orders: list[list[int]] = []
    while len(orders) < min(NUM_ORDERS, math.factorial(T) - 1):
        order = torch.randperm(T, generator=generator, device="cpu").tolist()
        if order != original and order not in orders:
            orders.append(order)
    return orders


def freeze(
    recognizer: Recognizer, clip: Clip, *, on_progress: Progress = ignore_progress
) -> ExperimentResult:
    """Repeat one frame over the whole clip, for each frame."""
    T = len(clip.frames)
    return _reorder("freeze", recognizer, clip, [[k] * T for k in range(T)], on_progress)


def mask(
    recognizer: Recognizer,
    clip: Clip,
    *,
    patches: Iterable[tuple[int, int, int]],
    on_progress: Progress = ignore_progress,
) -> ExperimentResult:
    """Mask patches (frame, row, column) with blurred frames.

    Raises ValueError for patches outside the clip.
    """
    pixel_values = _pixel_values(recognizer, clip)
    shape = (pixel_values.shape[1], *recognizer.grid(pixel_values))
    masked = torch.zeros(shape, dtype=torch.bool, device="cpu")
    for patch in patches:
        if not all(0 <= i < size for i, size in zip(patch, masked.shape, strict=True)):
            raise ValueError(f"{patch} is outside {tuple(masked.shape)} frames, rows and columns")
        masked[patch] = True
    return _mask("mask", recognizer, pixel_values, masked[None], on_progress)


def mask_top_patches(
    recognizer: Recognizer,
    clip: Clip,
    *,
    explanation: Explanation,
    on_progress: Progress = ignore_progress,
) -> ExperimentResult:
    """Mask the top tenth of the patches of a heatmap, then NUM_RANDOM_MASKS random tenths.

    The class that the heatmap explains is followed, or the most likely. Raises TimesformerError for
    a heatmap of zeros.
    """
    index = explanation.tested_class()
    heatmap = torch.from_numpy(explanation.heatmaps)
    random = [random_heatmap(heatmap.shape, seed=seed) for seed in range(NUM_RANDOM_MASKS)]
    masks = [top_patches(values.flatten(), TOP_FRACTION, seed=0) for values in (heatmap, *random)]
    masked = torch.stack(masks).view(-1, *heatmap.shape)
    pixel_values = _pixel_values(recognizer, clip)
    return _mask("hottest", recognizer, pixel_values, masked, on_progress, index=index)


def keep_fewest_patches(
    recognizer: Recognizer,
    clip: Clip,
    *,
    explanation: Explanation,
    on_progress: Progress = ignore_progress,
) -> ExperimentResult:
    """Mask all patches but the hottest that suffice for the answer, then all but as many random.

    The class that the heatmap explains is followed, or the most likely. Raises TimesformerError for
    a heatmap of zeros.
    """
    index, pixel_values = explanation.tested_class(), _pixel_values(recognizer, clip)
    heatmaps = explanation.on_grid(recognizer.grid(pixel_values))
    total = NUM_PREDICTIONS + 3  # the last three are of the unchanged clip and of two masks

    def counted(done: int, _: int | None) -> None:
        on_progress(done, total)

    fewest = fewest_patches(
        recognizer.model, pixel_values, heatmaps, index=index, on_progress=counted
    )
    count = fewest.by_heat.count
    masked = np.stack([order.ranks >= count for order in (fewest.by_heat, fewest.random)])
    result = _mask(
        "fewest",
        recognizer,
        pixel_values,
        torch.from_numpy(masked),
        lambda done, _: on_progress(NUM_PREDICTIONS + done, total),
        index=index,
    )
    return replace(result, fewest=fewest)


EXPERIMENTS: Mapping[str, Experiment] = {
    "reverse": Experiment(reverse),
    "shuffle": Experiment(shuffle, num_predictions=lambda T: 1 + NUM_ORDERS),
    "freeze": Experiment(freeze, num_predictions=lambda T: 1 + T),
    "mask": Experiment(mask, needs="patches"),
    "hottest": Experiment(
        mask_top_patches, needs="explanation", num_predictions=lambda T: 2 + NUM_RANDOM_MASKS
    ),
    "fewest": Experiment(
        keep_fewest_patches, needs="explanation", num_predictions=lambda T: NUM_PREDICTIONS + 3
    ),
    "frames": Experiment(),
    "schemes": Experiment(models=SCHEME_MODELS),
}


def frame_variants(recognizer: Recognizer) -> list[Recognizer]:
    """Return the recognizer for half as many frames, for as many, and for twice as many."""
    T = recognizer.preprocess.num_frames
    counts = dict.fromkeys((max(1, T // 2), T, 2 * T))
    return [recognizer.adapted(num_frames=count) for count in counts]


def time_prediction(recognizer: Recognizer, clip: Clip) -> TimedPrediction:
    """Return the predictions for a clip of any number of frames, and the seconds they take."""
    pixel_values = _pixel_values(recognizer, clip)
    seconds = math.inf
    for _ in range(TIMING_RUNS):
        start = time.perf_counter()
        logits = recognizer.logits(pixel_values)
        seconds = min(seconds, time.perf_counter() - start)
    scheme, N = recognizer.model.config.attention_type, math.prod(recognizer.grid(pixel_values))
    T = pixel_values.shape[1]
    return TimedPrediction(scheme, T, N, recognizer.ranked(logits[0]), seconds)


def _pixel_values(recognizer: Recognizer, clip: Clip) -> Tensor:
    return recognizer.at_model(recognizer.preprocess(clip).pixel_values)


def _reorder(
    name: str,
    recognizer: Recognizer,
    clip: Clip,
    orders: Sequence[Sequence[int]],
    on_progress: Progress,
) -> ExperimentResult:
    """Predict for a clip with its frames in each of the orders, which all have T entries."""
    pixel_values = _pixel_values(recognizer, clip)
    all_orders = torch.tensor([range(pixel_values.shape[1]), *orders], device="cpu")
    before, *after = _predict_versions(
        recognizer, pixel_values, all_orders, lambda part: pixel_values[0, part], on_progress
    )
    shown = tuple(map(tuple, orders))
    return ExperimentResult(name, before[0].index, before, tuple(after), orders=shown)


def _mask(
    name: str,
    recognizer: Recognizer,
    pixel_values: Tensor,
    masks: Tensor,
    on_progress: Progress,
    *,
    index: int | None = None,
) -> ExperimentResult:
    """Predict for a clip with each of the masks (B, T, h, w)."""
    all_masks = torch.cat([torch.zeros_like(masks[:1]), masks])
    before, *after = _predict_versions(
        recognizer, pixel_values, all_masks, lambda part: mask_patches(pixel_values, part),
        on_progress,
    )  # fmt: skip
    index = before[0].index if index is None else index
    share = float(masks[0].float().mean())
    return ExperimentResult(name, index, before, tuple(after), masked_share=share)


def _predict_versions(
    recognizer: Recognizer,
    pixel_values: Tensor,
    versions: Tensor,
    clips_of: Callable[[Tensor], Tensor],
    on_progress: Progress,
) -> list[Predictions]:
    """Return the predictions for each version of a clip, in batches."""
    tokens = pixel_values.shape[1] * math.prod(recognizer.grid(pixel_values))
    predictions: list[Predictions] = []
    for part in versions.split(batch_size(tokens)):
        predictions += map(recognizer.ranked, recognizer.logits(clips_of(part)))
        on_progress(len(predictions), len(versions))
    return predictions
