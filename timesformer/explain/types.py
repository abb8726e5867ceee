"""The values that go into an explanation and come out of it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ..errors import TimesformerError
from ..i18n import Value
from ..models.config import TimesformerConfig
from ..preprocess import Box

Target = str | int | tuple[str | int, str | int]  # a label or its class; two for a contrast
Heads = str | int  # "mean", "max" or "min" over heads, or the number of one head


class Heatmap(NamedTuple):
    """Logits (B, K), and a non-negative number for every patch (B, T, N).

    moved: the share of each patch's heat that is due to motion, 0 to 1, by methods that know it.
    """

    logits: Tensor
    patches: Tensor
    moved: Tensor | None = None

    @property
    def motion(self) -> Tensor:
        """The heat that is due to motion, (B, T, N), by methods that know it."""
        assert self.moved is not None, "only some methods know what is due to motion"
        return self.patches * self.moved


def share_of(part: Tensor, whole: Tensor) -> Tensor:
    """Return the share of heat that a part of it has, 0 to 1; 0 where there is no heat."""
    return part / whole.clamp(min=torch.finfo(whole.dtype).tiny)


@dataclass(frozen=True)
class Paper:
    """A paper with its arXiv number."""

    authors: str
    title: str
    venue: str
    arxiv: str


@dataclass(frozen=True)
class Options:
    """Choices for an explanation, with the defaults of `Recognizer.explain`."""

    method: str
    target: Target | None = None
    negative: bool = False
    patch: tuple[int, int, int] | None = None
    block: int | None = None
    heads: Heads = "mean"
    norm_aware: bool = False
    sharper: bool = False

    @property
    def given(self) -> set[str]:
        """Names of the options, besides `method` and `sharper`, that are not the defaults."""
        defaults = vars(Options(self.method, sharper=self.sharper))
        return {name for name, value in vars(self).items() if value != defaults[name]}


def as_numbers(probabilities: Tensor, config: TimesformerConfig) -> list[float]:
    """Return the results of `probabilities_of` (n,) as numbers, those of a regression as Value."""
    kind = Value if config.problem_type == "regression" else float
    return [kind(number) for number in probabilities.tolist()]


@dataclass(frozen=True)
class Prediction:
    """A class with its label and its probability, 0 to 1, or for a regression its Value."""

    label: str
    probability: float
    index: int

    @property
    def share(self) -> float:
        """Length of its bar, 0 to 1; a Value has none."""
        return 0.0 if isinstance(self.probability, Value) else self.probability


@dataclass(frozen=True, eq=False)
class Explanation:
    """Heatmaps of a clip, with the predictions.

    heatmaps: (T, h, w) float32, non-negative, in "times uniform": the mean is 1. All are 0 if the
    method found nothing. With the option `sharper` they are (T, 2*h, 2*w). box: the part of the
    source frame under the heatmaps. predictions: all classes, the most likely first. processor:
    device and precision. target: the class that the heatmaps explain, or the two of a contrast. It
    is empty for a class-independent method. moved: the share of each number that is due to
    motion, 0 to 1, in the shape of heatmaps. Only some methods tell it.
    """

    heatmaps: np.ndarray
    box: Box
    predictions: tuple[Prediction, ...]
    options: Options
    processor: str
    target: tuple[int, ...] = ()
    moved: np.ndarray | None = None

    @property
    def method(self) -> str:
        """Name of the method, a key of METHODS."""
        return self.options.method

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the classes in `target`."""
        by_class = {prediction.index: prediction.label for prediction in self.predictions}
        return tuple(by_class[index] for index in self.target)

    @property
    def frame_shares(self) -> np.ndarray:
        """Mean heat of each frame, (T,), in "times uniform"."""
        return np.asarray(self.heatmaps.mean(axis=(1, 2)))

    @property
    def moved_share(self) -> float | None:
        """Share of all heat that is due to motion, 0 to 1; None by methods that do not tell it."""
        if self.moved is None:
            return None
        return float((self.heatmaps * self.moved).sum() / (self.heatmaps.sum() or 1))

    def tested_class(self) -> int:
        """Return the class that tests of the heatmaps follow: the explained or most likely one.

        Raises TimesformerError for heatmaps of zeros, which cannot be tested.
        """
        if not self.heatmaps.any():
            raise TimesformerError("explain.no_heat")
        return (*self.target, self.predictions[0].index)[0]

    def on_grid(self, grid: tuple[int, int]) -> np.ndarray:
        """Return the heatmaps (T, h, w) on the patch grid (h, w): sharper ones are averaged."""
        (T, rows, columns), (h, w) = self.heatmaps.shape, grid
        cells = self.heatmaps.reshape(T, h, rows // h, w, columns // w)
        return np.asarray(cells.mean(axis=(2, 4)))
