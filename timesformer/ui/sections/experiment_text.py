"""Sentences on the results of experiments. The numbers of a result choose the catalog key."""

from collections.abc import Callable, Mapping, Sequence

from ...evaluation.metrics import OPPOSITES
from ...experiments import ExperimentResult, TimedPrediction
from ...i18n import Message, Value, format_number, joined, label_text, probability_text, t
from ...synthetic.motion import LABELS
from ...visualize.captions import fewest_text

REVERSED = {label: LABELS[OPPOSITES.get(i, i)] for i, label in enumerate(LABELS)}


def meanings(result: ExperimentResult, *, scheme: str) -> list[str]:
    """Return what the numbers of a result mean, in sentences."""
    is_reordered = result.name in ("reverse", "shuffle")
    sentences = [MEANINGS.get(result.name, _label_meaning)(result)]
    if is_reordered and scheme == "space_only":
        sentences = [t("experiments.no_order")]
    if result.name in ("mask", "hottest", "fewest"):
        sentences.append(t("experiments.flicker"))
    return sentences


def agreement_text(runs: Mapping[str, TimedPrediction]) -> str:
    """Return the label that all runs predict, or the label of each."""
    labels = {head: label_text(run.predictions[0].label) for head, run in runs.items()}
    if len(set(labels.values())) == 1:
        return t("experiments.all_agree", label=next(iter(labels.values())))
    answers = [
        Message("experiments.differ_item", model=head, label=label)
        for head, label in labels.items()
    ]
    return t("experiments.differ", answers=joined(answers))


def points_between(before: float, after: float) -> float:
    """Return the change of a probability in points, between the rounded percentages.

    The change of a Value is a Value.
    """
    if isinstance(before, Value):
        return Value(after - before)
    return round(100 * after) - round(100 * before)


def change_text(label: str, before: float, after: float) -> str:
    """Return the sentence on the change of a probability."""
    points = points_between(before, after)
    texts = {"before": probability_text(before), "after": probability_text(after)}
    if isinstance(points, Value):
        return t("experiments.changes_value", label=label, points=points, **texts)
    if not points:
        return t("experiments.unchanged_probability", label=label, before=texts["before"])
    key = "experiments.changes_one" if abs(points) == 1 else "experiments.changes"
    return t(key, label=label, points=points, **texts)


def dots_text(label: str, before: float, after: Sequence[float]) -> str:
    """Return the sentence for a line of dots."""
    percentages = joined(map(probability_text, after), "lists.comma")
    key = "experiments.dots_value" if isinstance(before, Value) else "experiments.dots"
    return t(key, label=label, before=probability_text(before), after=percentages)


def number_text(result: ExperimentResult) -> str:
    """Return the name of the number that an experiment follows."""
    is_value = isinstance(result.probability, Value)
    key = "experiments.value" if is_value else "experiments.probability"
    return t(key, label=label_text(result.label))


def _reverse_meaning(result: ExperimentResult) -> str:
    first, then = result.before[0].label, result.after[0][0].label
    expected = REVERSED.get(first)
    return reverse_text(
        label_text(first), label_text(then), label_text(expected) if expected else None
    )


def reverse_text(first: str, then: str, mirrored: str | None) -> str:
    """Return what the prediction `then` of a reversed clip means, where `mirrored` is right."""
    key = "experiments.reverse_changed"
    if then == mirrored:
        key = f"experiments.reverse_{'symmetric' if then == first else 'followed'}"
    elif then == first:
        key = f"experiments.reverse_{'ignored' if mirrored is None else 'unfollowed'}"
    return t(key, first=first, then=then, mirrored=mirrored)


def _shuffle_meaning(result: ExperimentResult) -> str:
    count = len(result.after)
    amount = {0: "none", count: "all"}.get(result.num_unchanged, "some")
    if isinstance(result.probability, Value):
        return dots_text(label_text(result.label), result.probability, result.probabilities)
    return t(
        f"experiments.shuffle_{amount}",
        same=result.num_unchanged,
        count=count,
        label=label_text(result.label),
        low=probability_text(min(result.probabilities)),
        high=probability_text(max(result.probabilities)),
    )


def _freeze_meaning(result: ExperimentResult) -> str:
    first = result.before[0].index
    enough = [k for k, (top, *_) in enumerate(result.after, start=1) if top.index == first]
    T, count = len(result.after), len(enough)
    amount = {1: "one", 0: "none", T: "all"}.get(count, "some")
    return t(
        f"experiments.freeze_{amount}",
        count=count,
        T=T,
        label=label_text(result.label),
        frames=joined(map(str, enough), "lists.comma"),
    )


def _label_meaning(result: ExperimentResult) -> str:
    """Return what it means that the label of the changed clip is the same, or another."""
    first, then = (label_text(top.label) for top, *_ in (result.before, result.after[0]))
    is_small = result.masked_share < 0.01
    part = (
        t("experiments.under_one_percent")
        if is_small
        else format_number(result.masked_share, ".0%")
    )
    outcome = "same" if then == first else "changed"
    return t(f"experiments.{outcome}.{result.name}", part=part, first=first, then=then)


def _hottest_meaning(result: ExperimentResult) -> str:
    top, *random = result.probabilities
    hottest, low, high = (
        points_between(result.probability, p) for p in (top, min(random), max(random))
    )
    if isinstance(hottest, Value):
        return t("experiments.hottest_value", hottest=hottest, low=low, high=high)
    effect = "more" if hottest < low else "less" if hottest > high else "same"
    return t(f"experiments.hottest_{effect}", hottest=hottest, low=low, high=high)


def _fewest_meaning(result: ExperimentResult) -> str:
    assert result.fewest is not None
    return fewest_text(result.fewest, result.label)


# Sentences that depend on more than the label of the changed clip.
MEANINGS: Mapping[str, Callable[[ExperimentResult], str]] = {
    "reverse": _reverse_meaning,
    "shuffle": _shuffle_meaning,
    "freeze": _freeze_meaning,
    "hottest": _hottest_meaning,
    "fewest": _fewest_meaning,
}
