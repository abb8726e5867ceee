"""The figures of how true heatmaps are: a tree that is kept as JSON beside the weights."""

from dataclasses import dataclass

EXPLAINED_FILE = "explanations.json"
RANDOM, UNIFORM, CENTRE, DIFFERENCE, TRUTH = (
    "random", "uniform", "centre", "frame difference", "true mask",
)  # fmt: skip
BASELINES = (RANDOM, UNIFORM, CENTRE, DIFFERENCE, TRUTH)
ALIKE = 0.5  # rank correlation with the heatmap of a model that knows nothing: past it, a failure


@dataclass(frozen=True)
class Figures:
    """How well one kind of heatmap finds what one model used.

    Over `clips` clips in which a thing moves, all rightly named but those of two things: energy,
    the part of the heat on the thing in times the part of the picture that it covers; pointing,
    auroc and precision, 0 to 1, chance being 0.5 for auroc; path_error, in half-widths, and
    path_fit, Pearson's r, of the heat's centre and the thing's. in_window is the share of heat in
    the frames in which something moves, in times what is even. specific is how often more of the
    heat is on one of two things when it is asked about that one's label. gap is the area between
    insertion and deletion, faithful the same with the random map at 0 and the true mask at 1,
    where the model's answers depend on the thing at all.
    after_classifier and after_all are rank correlations with the heatmaps of a model whose
    classifier, or all of it, was shuffled. None is what was not asked.
    """

    method: str
    clips: int
    energy: float
    pointing: float
    auroc: float
    precision: float
    path_error: float
    path_fit: float
    in_window: float | None = None
    specific: float | None = None
    gap: float | None = None
    faithful: float | None = None
    after_classifier: float | None = None
    after_all: float | None = None


@dataclass(frozen=True)
class Explained:
    """All figures of one model's heatmaps.

    clips, windowed, rivals and perturbed are how many clips there were: in all, moving in a window
    of frames alone, with two things, and covered patch by patch.
    """

    model: str
    scheme: str
    seeds: int
    clips: int
    windowed: int
    rivals: int
    perturbed: int
    figures: tuple[Figures, ...]
    machine: str
    day: str

    def of(self, method: str) -> Figures:
        """The figures of one kind of heatmap."""
        return next(one for one in self.figures if one.method == method)

    def knows(self, method: str) -> bool:
        """Whether that kind of heatmap was measured."""
        return any(one.method == method for one in self.figures)

    def warnings(self, method: str) -> list[str]:
        """What speaks against a method: keys of the section `warnings`."""
        known = [one for one in self.figures if one.method == method]
        if not known or method in BASELINES:
            return []
        one, random, difference = known[0], self.of(RANDOM), self.of(DIFFERENCE)
        found = []
        if one.after_all is not None and one.after_all > ALIKE:
            found.append("alike")
        as_many = one.clips == random.clips  # else they are of other clips
        if (as_many and one.energy <= random.energy) or (
            one.faithful is not None and one.faithful <= 0
        ):
            found.append("random")
        if as_many and one.energy <= difference.energy:
            found.append("difference")
        return found
