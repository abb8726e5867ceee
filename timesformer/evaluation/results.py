"""The figures of one evaluation: a tree that is kept as JSON beside the weights."""

from dataclasses import dataclass

RESULTS_FILE = "results.json"
CONFIDENT = 0.9  # a top probability above it


@dataclass(frozen=True)
class Split:
    """What was said of one split of clips.

    confusion[shown][said] counts clips, K x K; pairs are the accuracies of choosing within each of
    measures.PAIRS, 0.5 by chance; kind is the share given the right kind of motion, whatever its
    sign; calibration_error is 0 to 1.
    """

    name: str
    confusion: tuple[tuple[int, ...], ...]
    pairs: tuple[float, ...]
    kind: float
    calibration_error: float

    @property
    def clips(self) -> int:
        """How many clips there were."""
        return sum(map(sum, self.confusion))

    @property
    def accuracy(self) -> float:
        """Share of all clips that were given their own label."""
        return sum(row[k] for k, row in enumerate(self.confusion)) / self.clips

    @property
    def recalls(self) -> tuple[float, ...]:
        """Share of the clips of each label that were given it, K numbers."""
        return tuple(row[k] / max(sum(row), 1) for k, row in enumerate(self.confusion))


@dataclass(frozen=True)
class Backwards:
    """Clips with an opposite label, played backwards: the share that was given that opposite."""

    clips: int
    opposite: float


@dataclass(frozen=True)
class Shuffled:
    """Clips of the four directions, before and after their frames were put out of order.

    true_before and true_after are mean probabilities of the true direction, top_after that of the
    likeliest label, most_said the label that was likeliest most often.
    """

    clips: int
    true_before: float
    true_after: float
    top_after: float
    most_said: str


@dataclass(frozen=True)
class Unknown:
    """Clips of something that is none of the labels.

    `confident` counts those whose top probability passes CONFIDENT, `still` those of them that say
    "standing still", which is no lie; most_said is over all clips.
    """

    name: str
    clips: int
    confident: int
    still: int
    most_said: str

    @property
    def wrong(self) -> float:
        """Share of the clips of which something false is said with confidence."""
        return (self.confident - self.still) / self.clips


@dataclass(frozen=True)
class Looks:
    """How well one kind of heatmap finds the thing that moves, over the clips of a split.

    `energy` is the part of the heat that lies on the thing, in times the part of the picture that
    the thing covers, both averaged over the clips; `pointing` the share of clips whose hottest
    patch lies at least half on the thing.
    """

    split: str
    method: str
    clips: int
    energy: float
    pointing: float


@dataclass(frozen=True)
class Film:
    """A video that was used, from `start` seconds on; `difference` between frames is 0 to 1."""

    name: str
    start: float
    difference: float


@dataclass(frozen=True)
class LeftOut:
    """A file that was not used, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Footage:
    """Which videos the clips of the split "footage" were made of."""

    films: tuple[Film, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Speed:
    """Median time from a clip's frames to its logits, and the machine it was taken on.

    `frames` is their size in pixels, (height, width).
    """

    milliseconds: float
    frames: tuple[int, ...]
    machine: str


@dataclass(frozen=True)
class Results:
    """All that one evaluation of one model tells."""

    model: str
    scheme: str
    splits: tuple[Split, ...]
    backwards: Backwards
    shuffled: Shuffled
    unknown: tuple[Unknown, ...]
    looks: tuple[Looks, ...]
    footage: Footage | None
    speed: Speed

    def split(self, name: str) -> Split:
        """The split of that name."""
        return next(split for split in self.splits if split.name == name)

    def look(self, split: str, method: str) -> Looks:
        """The figures of one heatmap on one split."""
        return next(one for one in self.looks if (one.split, one.method) == (split, method))
