"""Results as Markdown: one model in full, or several side by side."""

from collections.abc import Iterable, Sequence

from ..synthetic.motion import CAMERA_SHARE, LABELS
from .heatmap_scores import Explained, Figures
from .metrics import PAIRS
from .results import CONFIDENT, Footage, Results, Speed, Split
from .splits import CAMERA, DRAWINGS, FOOTAGE, PHOTOGRAPHS

SHOWN = {
    DRAWINGS: f"painted things and grounds; {CAMERA_SHARE:.0%} filmed by a moving camera",
    PHOTOGRAPHS: "things and grounds cut from photographs that were never trained on",
    CAMERA: "the same photographs; the camera moves",
    FOOTAGE: "over live videos: in half a window moves, in half a thing cut out of a frame",
}


def full_report(results: Results) -> str:
    """All figures of one model as Markdown, from the splits down to the confusions."""
    parts = [
        _splits(results.splits),
        _time(results),
        _unknown(results),
        _looks(results),
        *([_footage(results.footage)] if results.footage else []),
        _speed(results.speed),
        *(f"{split.name}, shown \\ said:\n\n{_confusion(split)}" for split in results.splits),
    ]
    return "\n\n".join(parts)


def side_by_side(several: Sequence[Results]) -> str:
    """A Markdown table with a column for each model.

    All that is said of time, of the unknown and of where it looks is of the split "drawings".
    """
    columns = [_column(results) for results in several]
    rows = list(dict.fromkeys(row for column in columns for row in column))
    head = ["", *(f"`{results.model}`" for results in several)]
    return table(head, ([row, *(column.get(row, "") for column in columns)] for row in rows))


def _column(results: Results) -> dict[str, str]:
    drawings, shuffled = results.split(DRAWINGS), results.shuffled
    weakest = min(range(len(LABELS)), key=drawings.recalls.__getitem__)
    found = {"attention": results.scheme.replace("_", " ")}
    found |= {f"right on {split.name}": percent(split.accuracy) for split in results.splits}
    found["weakest label"] = f"{LABELS[weakest]}, {percent(drawings.recalls[weakest])}"
    found["right kind, whatever the sign"] = percent(drawings.kind)
    for pair, accuracy in zip(PAIRS, drawings.pairs, strict=True):
        found[_pair_words(pair)] = percent(accuracy)
    found["backwards, the opposite label"] = percent(results.backwards.opposite)
    found["probability of the true direction"] = percent(shuffled.true_before)
    found["the same, frames out of order"] = percent(shuffled.true_after)
    found["then most often called"] = shuffled.most_said
    found["calibration error"] = percent(drawings.calibration_error)
    wrong = sum(one.wrong for one in results.unknown) / len(results.unknown)
    found["surely wrong of the unknown"] = percent(wrong)
    for look in results.looks:
        if look.split == DRAWINGS:
            words = f"{look.energy:.1f} times chance, {percent(look.pointing)}"
            found[f"{look.method} on the thing, hottest patch on it"] = words
    found["a clip takes"] = f"{results.speed.milliseconds:.0f} ms"
    return found


def heatmaps_side_by_side(several: Sequence[Explained]) -> str:
    """A Markdown table with a row for each kind of heatmap of each model."""
    head = [
        "model", "heatmap", "on the thing", "pointing", "AUROC", "precision", "path error, fit",
        "in its frames", "of its label", "insertion less deletion", "when shuffled",
    ]  # fmt: skip
    rows = (
        [f"`{explained.model}`", *_heatmap_row(one)]
        for explained in several
        for one in explained.figures
    )
    return table(head, rows)


def _heatmap_row(one: Figures) -> list[str]:
    def shown(figure: float | None, form: str) -> str:
        return "" if figure is None else format(figure, form)

    gap = "" if one.gap is None else f"{one.gap:.2f} ({shown(one.faithful, '.2f')})"
    return [
        one.method,
        f"{one.energy:.2f}",
        percent(one.pointing),
        f"{one.auroc:.2f}",
        f"{one.precision:.2f}",
        f"{one.path_error:.2f}, {one.path_fit:.2f}",
        shown(one.in_window, ".2f"),
        shown(one.specific, ".1%"),
        gap,
        shown(one.after_all, ".2f"),
    ]


def percent(share: float) -> str:
    """A share from 0 to 1 as people read it."""
    return f"{share:.1%}"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines).replace("| --- ", "|---")


def _splits(splits: Sequence[Split]) -> str:
    what = "\n".join(f"- **{split.name}**: {SHOWN[split.name]}." for split in splits)
    rows = [["all ten labels", *(percent(split.accuracy) for split in splits)]]
    for k, label in enumerate(LABELS):
        rows.append([label, *(percent(split.recalls[k]) for split in splits)])
    rows.append(["right kind, whatever the sign", *(percent(split.kind) for split in splits)])
    for number, pair in enumerate(PAIRS):
        rows.append([_pair_words(pair), *(percent(split.pairs[number]) for split in splits)])
    rows.append(["calibration error", *(percent(split.calibration_error) for split in splits)])
    head = ["right on", *(split.name for split in splits)]
    return (
        f"{splits[0].clips:,} clips a split, from held-out seeds:\n\n{what}\n\n{table(head, rows)}"
    )


def _pair_words(pair: tuple[int, int]) -> str:
    return f"{LABELS[pair[0]]} or {LABELS[pair[1]]}, of the two"


def _time(results: Results) -> str:
    backwards, shuffled = results.backwards, results.shuffled
    return (
        f"**Played backwards**, {backwards.clips} clips with an opposite are given that opposite "
        f"in {percent(backwards.opposite)}. **With frames out of order**, the mean probability of "
        f"the true direction of {shuffled.clips} clips falls from {percent(shuffled.true_before)} "
        f'to {percent(shuffled.true_after)}; most often called is then "{shuffled.most_said}"; the '
        f"likeliest label has {percent(shuffled.top_after)} on average."
    )


def _unknown(results: Results) -> str:
    head = [
        "no label fits", "clips", f"over {CONFIDENT:.0%} sure", 'of these "standing still"',
        "most often called", "surely wrong",
    ]  # fmt: skip
    rows = [
        [one.name, str(one.clips), str(one.confident), str(one.still), one.most_said,
         percent(one.wrong)]
        for one in results.unknown
    ]  # fmt: skip
    return table(head, rows)


def _looks(results: Results) -> str:
    rows = [
        [look.split, look.method, str(look.clips), f"{look.energy:.2f}", percent(look.pointing)]
        for look in results.looks
    ]
    head = [
        "where it looks",
        "heatmap",
        "clips",
        "on the thing, times chance",
        "hottest patch on it",
    ]
    return table(head, rows)


def _speed(speed: Speed) -> str:
    H, W = speed.frames
    return (
        f"From {W} x {H} frames to logits, one clip takes {speed.milliseconds:.0f} ms "
        f"({speed.machine})."
    )


def _footage(footage: Footage) -> str:
    films = ", ".join(f"{film.name} from {film.start:.1f} s" for film in footage.films)
    left_out = "".join(f"\n- {one.name}: {one.reason}" for one in footage.left_out)
    return f"Videos of the split footage: {films}. Left out:\n{left_out or '- none'}"


def _confusion(split: Split) -> str:
    rows = [
        [label, *(str(count or "") for count in counts)]
        for label, counts in zip(LABELS, split.confusion, strict=True)
    ]
    return table([split.name, *LABELS], rows)
