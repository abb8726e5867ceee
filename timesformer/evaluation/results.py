"""Results of one evaluation, stored as JSON beside the weights."""

from dataclasses import dataclass

RESULTS_FILE = "results.json"
CONFIDENT = 0.9  # minimum top probability of a confident prediction


@dataclass(frozen=True)
class Split:
    """Predictions on one split of clips.

    confusion[true][predicted] counts clips, K x K. pairs are the accuracies of the choice within
    each of metrics.PAIRS; chance is 0.5. kind is the share predicted as the true label or its
    opposite. calibration_error is 0 to 1.
    """

    name: str
    confusion: tuple[tuple[int, ...], ...]
    pairs: tuple[float, ...]
    kind: float
    calibration_error: float

    @property
    def clips(self) -> int:
        """Number of clips."""
        return sum(map(sum, self.confusion))

    @property
    def accuracy(self) -> float:
        """Share of clips whose top label is the true one."""
        return sum(row[k] for k, row in enumerate(self.confusion)) / self.clips

    @property
    def recalls(self) -> tuple[float, ...]:
        """Recall of each label, K numbers."""
        return tuple(row[k] / max(sum(row), 1) for k, row in enumerate(self.confusion))


@dataclass(frozen=True)
class Backwards:
    """Clips with an opposite label, played backwards: the share predicted as that opposite."""

    clips: int
    opposite: float


@dataclass(frozen=True)
class Shuffled:
    """Clips of the four directions, before and after their frames are shuffled.

    true_before and true_after are mean probabilities of the true direction. After the shuffle,
    top_after is the mean top probability, and most_predicted the most frequent top label.
    """

    clips: int
    true_before: float
    true_after: float
    top_after: float
    most_predicted: str


@dataclass(frozen=True)
class OutOfDistribution:
    """Clips that no label fits.

    `confident` counts clips whose top probability is above CONFIDENT. `still` counts confident
    predictions of "standing still", which are not false. most_predicted is over all clips.
    """

    name: str
    clips: int
    confident: int
    still: int
    most_predicted: str

    @property
    def confidently_wrong(self) -> float:
        """Share of the clips with a confident and false prediction."""
        return (self.confident - self.still) / self.clips


@dataclass(frozen=True)
class Localization:
    """Localization of the moving object by one heatmap method, over the clips of a split.

    `energy` is the share of heat on the object over the share of the picture it covers. Both are
    means over the clips. `pointing` is the share of clips whose hottest patch is at least half on
    the object.
    """

    split: str
    method: str
    clips: int
    energy: float
    pointing: float


@dataclass(frozen=True)
class Video:
    """A video used from `start` seconds on; `difference` between its frames is 0 to 1."""

    name: str
    start: float
    difference: float


@dataclass(frozen=True)
class SkippedFile:
    """A file that was not used, and the reason."""

    name: str
    reason: str


@dataclass(frozen=True)
class Footage:
    """The videos from which the clips of the split "footage" were made."""

    videos: tuple[Video, ...]
    skipped: tuple[SkippedFile, ...]


@dataclass(frozen=True)
class Speed:
    """Median time from the frames of a clip to its logits, and the machine.

    `frames` is the size of the frames in pixels, (height, width).
    """

    milliseconds: float
    frames: tuple[int, ...]
    machine: str


@dataclass(frozen=True)
class Results:
    """All results of one evaluation of one model."""

    model: str
    scheme: str
    splits: tuple[Split, ...]
    backwards: Backwards
    shuffled: Shuffled
    out_of_distribution: tuple[OutOfDistribution, ...]
    localization: tuple[Localization, ...]
    footage: Footage | None
    speed: Speed

    def split(self, name: str) -> Split:
        """Return the split of that name."""
        return next(split for split in self.splits if split.name == name)

    def localization_of(self, split: str, method: str) -> Localization:
        """Return the localization of one heatmap method on one split."""
        matches = (row for row in self.localization if (row.split, row.method) == (split, method))
        return next(matches)
