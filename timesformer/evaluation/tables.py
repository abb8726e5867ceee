"""Results as Markdown: all figures of one model, or several models side by side."""

from collections.abc import Sequence

from ..synthetic.clips import CAMERA_SHARE
from ..synthetic.motion import LABELS
from .heatmap_scores import UNIFORM, HeatmapScores, MethodScores
from .markdown import percent, table
from .metrics import PAIRS
from .results import CONFIDENT, Footage, Results, Speed, Split
from .splits import CAMERA, DRAWINGS, FOOTAGE, PHOTOGRAPHS

SPLIT_TEXTS = {
    DRAWINGS: f"painted objects and backgrounds; the camera moves in {CAMERA_SHARE:.0%} of clips",
    PHOTOGRAPHS: "objects and backgrounds cut from photographs that are not in training",
    CAMERA: "the same photographs; the camera moves",
    FOOTAGE: "over moving videos; half of the clips move a window, half an object cut from a frame",
}


def full_report(results: Results) -> str:
    """Return all figures of one model as Markdown."""
    parts = [
        _splits(results.splits),
        _order(results),
        _out_of_distribution(results),
        _localization(results),
        *([_footage(results.footage)] if results.footage else []),
        _speed(results.speed),
        *(f"{split.name}, true \\ predicted:\n\n{_confusion(split)}" for split in results.splits),
    ]
    return "\n\n".join(parts)


def side_by_side(models: Sequence[Results]) -> str:
    """Return a Markdown table with a column for each model.

    Rows without a split in their name are of the split "drawings".
    """
    columns = [_column(results) for results in models]
    names = list(dict.fromkeys(name for column in columns for name in column))
    head = ["", *(f"`{results.model}`" for results in models)]
    return table(head, ([name, *(column.get(name, "") for column in columns)] for name in names))


def _column(results: Results) -> dict[str, str]:
    drawings, shuffled = results.split(DRAWINGS), results.shuffled
    weakest = min(range(len(LABELS)), key=drawings.recalls.__getitem__)
    cells = {"attention": results.scheme.replace("_", " ")}
    cells |= {f"accuracy on {split.name}": percent(split.accuracy) for split in results.splits}
    cells["weakest label"] = f"{LABELS[weakest]}, {percent(drawings.recalls[weakest])}"
    cells["true label or its opposite"] = percent(drawings.kind)
    for pair, accuracy in zip(PAIRS, drawings.pairs, strict=True):
        cells[_pair_name(pair)] = percent(accuracy)
    cells["reversed clips: opposite label"] = percent(results.backwards.opposite)
    cells["probability of the true direction"] = percent(shuffled.true_before)
    cells["the same, frames shuffled"] = percent(shuffled.true_after)
    cells["most predicted label, frames shuffled"] = shuffled.most_predicted
    cells["calibration error"] = percent(drawings.calibration_error)
    kinds = results.out_of_distribution
    wrong = sum(kind.confidently_wrong for kind in kinds) / len(kinds)
    cells["confidently wrong, out of distribution"] = percent(wrong)
    for row in results.localization:
        if row.split == DRAWINGS:
            text = f"{row.energy:.1f} times uniform, {percent(row.pointing)}"
            cells[f"{row.method}: heat on object, pointing"] = text
    cells["time of one clip"] = f"{results.speed.milliseconds:.0f} ms"
    return cells


def heatmaps_side_by_side(models: Sequence[HeatmapScores]) -> str:
    """Return a Markdown table with a row for each heatmap method of each model."""
    head = [
        "model", "heatmap", "heat on object", "pointing", "AUROC", "precision",
        "centroid error, correlation", "heat in window", "discrimination",
        "insertion minus deletion (normalized)", "randomized model",
    ]  # fmt: skip
    rows = (
        [_model_cell(model), *_heatmap_row(scores)] for model in models for scores in model.scores
    )
    return table(head, rows)


def moved_side_by_side(models: Sequence[HeatmapScores]) -> str:
    """Return a Markdown table of the method `moved` for each model; empty if none has it."""
    head = [
        "model", "share of heat that moved", "of it on the mover", "the rest elsewhere",
        "the same of a uniform heatmap",
    ]  # fmt: skip
    rows = []
    for model in models:
        own, uniform = (
            model.of(method) if model.has(method) else None for method in ("moved", UNIFORM)
        )
        if own and uniform and own.moved_share is not None:
            found, even = (
                [_share_cell(row.motion_on_mover), _share_cell(row.scenery_elsewhere)]
                for row in (own, uniform)
            )
            rows.append([_model_cell(model), percent(own.moved_share), *found, ", ".join(even)])
    return table(head, rows) if rows else ""


def _share_cell(share: float | None) -> str:
    return "no heat" if share is None else percent(share)


def _model_cell(model: HeatmapScores) -> str:
    is_usual = model.precision == "float32"
    return f"`{model.model}`" if is_usual else f"`{model.model}`, {model.precision}"


def _heatmap_row(scores: MethodScores) -> list[str]:
    def text(score: float | None, spec: str) -> str:
        return "" if score is None else format(score, spec)

    area, normalized = text(scores.insertion_deletion, ".2f"), text(scores.faithfulness, ".2f")
    return [
        scores.method,
        f"{scores.energy:.2f}",
        percent(scores.pointing),
        f"{scores.auroc:.2f}",
        f"{scores.precision:.2f}",
        f"{text(scores.centroid_error, '.2f')}, {text(scores.centroid_correlation, '.2f')}",
        text(scores.in_window, ".2f"),
        text(scores.discrimination, ".1%"),
        f"{area} ({normalized})" if normalized else area,
        text(scores.randomized_all, ".2f"),
    ]


def _splits(splits: Sequence[Split]) -> str:
    texts = "\n".join(f"- **{split.name}**: {SPLIT_TEXTS[split.name]}." for split in splits)
    rows = [["all ten labels", *(percent(split.accuracy) for split in splits)]]
    for k, label in enumerate(LABELS):
        rows.append([label, *(percent(split.recalls[k]) for split in splits)])
    rows.append(["true label or its opposite", *(percent(split.kind) for split in splits)])
    for index, pair in enumerate(PAIRS):
        rows.append([_pair_name(pair), *(percent(split.pairs[index]) for split in splits)])
    rows.append(["calibration error", *(percent(split.calibration_error) for split in splits)])
    head = ["accuracy", *(split.name for split in splits)]
    return (
        f"{splits[0].clips:,} clips a split, from held-out seeds:\n\n{texts}\n\n{table(head, rows)}"
    )


def _pair_name(pair: tuple[int, int]) -> str:
    return f"{LABELS[pair[0]]} or {LABELS[pair[1]]}"


def _order(results: Results) -> str:
    backwards, shuffled = results.backwards, results.shuffled
    return (
        f"**Played backwards**, {percent(backwards.opposite)} of {backwards.clips} clips are "
        "predicted as the opposite label. **With frames shuffled**, the mean probability of the "
        f"true direction of {shuffled.clips} clips falls from {percent(shuffled.true_before)} to "
        f"{percent(shuffled.true_after)}. The most predicted label is then "
        f'"{shuffled.most_predicted}", and the mean top probability is '
        f"{percent(shuffled.top_after)}."
    )


def _out_of_distribution(results: Results) -> str:
    head = [
        "out of distribution", "clips", f"above {CONFIDENT:.0%}", 'of these "standing still"',
        "most predicted", "confidently wrong",
    ]  # fmt: skip
    rows = [
        [kind.name, str(kind.clips), str(kind.confident), str(kind.still), kind.most_predicted,
         percent(kind.confidently_wrong)]
        for kind in results.out_of_distribution
    ]  # fmt: skip
    return table(head, rows)


def _localization(results: Results) -> str:
    rows = [
        [row.split, row.method, str(row.clips), f"{row.energy:.2f}", percent(row.pointing)]
        for row in results.localization
    ]
    return table(["split", "heatmap", "clips", "heat on object, times uniform", "pointing"], rows)


def _speed(speed: Speed) -> str:
    H, W = speed.frames
    return (
        f"From {W} x {H} frames to logits, one clip takes {speed.milliseconds:.0f} ms "
        f"({speed.machine})."
    )


def _footage(footage: Footage) -> str:
    videos = ", ".join(f"{video.name} from {video.start:.1f} s" for video in footage.videos)
    skipped = "".join(f"\n- {file.name}: {file.reason}" for file in footage.skipped)
    return f"Videos of the split footage: {videos}. Skipped:\n{skipped or '- none'}"


def _confusion(split: Split) -> str:
    rows = [
        [label, *(str(count or "") for count in counts)]
        for label, counts in zip(LABELS, split.confusion, strict=True)
    ]
    return table([split.name, *LABELS], rows)
