"""Experiments: one thing about a clip is changed, and the answer is asked for again.

The time order of a clip's pixel values is changed, or some patches are covered with the blurred
frame, and several such forms go through the model at once; or the clip goes through another model,
or is read with other frames.
"""

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .errors import TimesformerError
from .explain.deletion import TOP_FRACTION
from .explain.perturb import mask_patches, random_heatmap, top_patches
from .explain.target import batch_size
from .explain.types import Explanation, Prediction
from .progress import Progress, ignore_progress
from .recognizer import Recognizer
from .video.clip import Clip

ORDERS = 5  # that frames are shuffled into
RANDOM_TENTHS = 5  # that are covered beside the hottest
TIMED = 3  # looks at a clip, of which the quickest counts: the first of a model takes longer
SCHEMES = ("motion", "motion-joint", "motion-space")  # a model of each
COMPARISONS: Mapping[str, Callable[[int, int], int]] = {
    "space_only": lambda N, T: N,
    "divided_space_time": lambda N, T: N + T,
    "joint_space_time": lambda N, T: N * T,
}

Predictions = tuple[Prediction, ...]  # all classes, likeliest first


@dataclass(frozen=True)
class Trial:
    """What was said of a clip, and of the same clip after something was done to it.

    `after` has one answer for each way in which it was done; `index` is the class whose probability
    is followed, the first before unless a heatmap is of another. `orders` are the frames, counted
    from 0, in the order shown; `hidden` is the share of patches that were covered.
    """

    name: str
    index: int
    before: Predictions
    after: tuple[Predictions, ...]
    orders: tuple[tuple[int, ...], ...] = ()
    hidden: float = 0.0

    @property
    def label(self) -> str:
        """The words of the class that is followed."""
        return next(one.label for one in self.before if one.index == self.index)

    @property
    def probability(self) -> float:
        """Its probability before."""
        return self._of(self.before)

    @property
    def probabilities(self) -> tuple[float, ...]:
        """The same after."""
        return tuple(map(self._of, self.after))

    @property
    def best(self) -> int:
        """Which of `after` leaves it the likeliest."""
        return max(range(len(self.after)), key=self.probabilities.__getitem__)

    @property
    def alike(self) -> int:
        """How many of `after` have the same first label as before."""
        return sum(said[0].index == self.before[0].index for said in self.after)

    def _of(self, said: Predictions) -> float:
        return next(one.probability for one in said if one.index == self.index)


@dataclass(frozen=True)
class Run:
    """One look of a model at a clip of T frames of N patches, and how many seconds it took."""

    scheme: str
    T: int
    N: int
    predictions: Predictions
    seconds: float

    @property
    def comparisons(self) -> int:
        """With how many patches, itself among them, each is compared in a block.

        cls, one more, is left out.
        """
        return COMPARISONS[self.scheme](self.N, self.T)

    @property
    def all_comparisons(self) -> int:
        """The same of all patches of the clip."""
        return self.T * self.N * self.comparisons


def reverse(
    recognizer: Recognizer, clip: Clip, *, on_progress: Progress = ignore_progress
) -> Trial:
    """The frames from the last to the first."""
    T = len(clip.frames)
    return _reordered("reverse", recognizer, clip, [range(T - 1, -1, -1)], on_progress)


def shuffle(
    recognizer: Recognizer, clip: Clip, *, seed: int = 0, on_progress: Progress = ignore_progress
) -> Trial:
    """The frames in ORDERS random orders, none of them their own.

    Raises TimesformerError where a single frame has no other.
    """
    return _reordered(
        "shuffle", recognizer, clip, other_orders(len(clip.frames), seed=seed), on_progress
    )


def other_orders(T: int, *, seed: int) -> list[list[int]]:
    """ORDERS random orders of T frames, the same for a seed. Raises TimesformerError for T of 1."""
    if T < 2:
        raise TimesformerError("experiment.one_frame")
    generator, own = torch.Generator().manual_seed(seed), list(range(T))
    orders: list[list[int]] = []
    while len(orders) < ORDERS:
        order = torch.randperm(T, generator=generator).tolist()
        if order != own:
            orders.append(order)
    return orders


def freeze(recognizer: Recognizer, clip: Clip, *, on_progress: Progress = ignore_progress) -> Trial:
    """Each frame in the place of all others, so that nothing moves."""
    T = len(clip.frames)
    return _reordered("freeze", recognizer, clip, [[k] * T for k in range(T)], on_progress)


def cover(
    recognizer: Recognizer,
    clip: Clip,
    *,
    patches: Iterable[tuple[int, int, int]] = (),
    frames: Iterable[int] = (),
    on_progress: Progress = ignore_progress,
) -> Trial:
    """Patches (frame, row, column) and whole frames covered with the blurred frame.

    Raises ValueError for what is outside of the clip.
    """
    pixel_values = _pixel_values(recognizer, clip)
    hidden = torch.zeros(pixel_values.shape[1], *recognizer.grid(pixel_values), dtype=torch.bool)
    for place in (*patches, *((frame,) for frame in frames)):
        if not all(0 <= i < size for i, size in zip(place, hidden.shape, strict=False)):
            raise ValueError(f"{place} is outside {tuple(hidden.shape)} frames, rows and columns")
        hidden[place] = True
    return _covered("cover", recognizer, pixel_values, hidden[None], on_progress)


def cover_hottest(
    recognizer: Recognizer,
    clip: Clip,
    *,
    explanation: Explanation,
    on_progress: Progress = ignore_progress,
) -> Trial:
    """The hottest tenth of the patches covered, and after it RANDOM_TENTHS random ones.

    What is followed is the label that the heatmap explains, or the likeliest.
    """
    heat = torch.from_numpy(explanation.heatmaps)
    maps = [heat, *(random_heatmap(heat.shape, seed=seed) for seed in range(RANDOM_TENTHS))]
    tenths = [top_patches(values.flatten(), TOP_FRACTION, seed=0) for values in maps]
    hidden = torch.stack(tenths).view(-1, *heat.shape)
    pixel_values = _pixel_values(recognizer, clip)
    index = explanation.target[0] if explanation.target else None
    return _covered("hottest", recognizer, pixel_values, hidden, on_progress, index=index)


TRIALS: Mapping[str, Callable[..., Trial]] = {
    "reverse": reverse,
    "shuffle": shuffle,
    "freeze": freeze,
    "cover": cover,
    "hottest": cover_hottest,
}


def answers_of(name: str, T: int) -> int:
    """How many answers a trial of TRIALS takes with T frames."""
    after = {"shuffle": ORDERS, "freeze": T, "hottest": 1 + RANDOM_TENTHS}
    return 1 + after.get(name, 1)


def measured(recognizer: Recognizer, clip: Clip) -> Run:
    """The answer to a clip, whatever its number of frames, and how long it takes."""
    pixel_values = _pixel_values(recognizer, clip)
    seconds = math.inf
    for _ in range(TIMED):
        began = time.perf_counter()
        logits = recognizer.logits(pixel_values)
        seconds = min(seconds, time.perf_counter() - began)
    scheme, N = recognizer.model.config.attention_type, math.prod(recognizer.grid(pixel_values))
    return Run(scheme, pixel_values.shape[1], N, recognizer.ranked(logits[0]), seconds)


def frame_counts(T: int) -> tuple[int, ...]:
    """Half as many frames as T, as many, and twice as many."""
    return tuple(dict.fromkeys((max(1, T // 2), T, 2 * T)))


def _pixel_values(recognizer: Recognizer, clip: Clip) -> Tensor:
    return recognizer.at_model(recognizer.preprocess(clip).pixel_values)


def _reordered(
    name: str,
    recognizer: Recognizer,
    clip: Clip,
    orders: Sequence[Sequence[int]],
    on_progress: Progress,
) -> Trial:
    """The trial of a clip with its frames in each of the orders, of which all have T."""
    pixel_values = _pixel_values(recognizer, clip)
    forms = torch.tensor([range(pixel_values.shape[1]), *orders])
    said = _answers(
        recognizer, pixel_values, forms, lambda some: pixel_values[0, some], on_progress
    )
    return Trial(name, said[0][0].index, said[0], said[1:], orders=tuple(map(tuple, orders)))


def _covered(
    name: str,
    recognizer: Recognizer,
    pixel_values: Tensor,
    hidden: Tensor,
    on_progress: Progress,
    *,
    index: int | None = None,
) -> Trial:
    """The trial of a clip with each of the `hidden` patches (B, T, h, w) covered."""
    forms = torch.cat([torch.zeros_like(hidden[:1]), hidden])
    said = _answers(
        recognizer, pixel_values, forms, lambda some: mask_patches(pixel_values, some), on_progress
    )
    index = said[0][0].index if index is None else index
    return Trial(name, index, said[0], said[1:], hidden=float(hidden[0].float().mean()))


def _answers(
    recognizer: Recognizer,
    pixel_values: Tensor,
    forms: Tensor,
    clips_of: Callable[[Tensor], Tensor],
    on_progress: Progress,
) -> tuple[Predictions, ...]:
    """What is said of each of the forms of a clip, as many at once as is modest."""
    tokens = pixel_values.shape[1] * math.prod(recognizer.grid(pixel_values))
    said: list[Predictions] = []
    for some in forms.split(batch_size(tokens)):
        said += map(recognizer.ranked, recognizer.logits(clips_of(some)))
        on_progress(len(said), len(forms))
    return tuple(said)
