"""Section with the results of experiments: predictions before and after, behind a guess."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from html import escape

import numpy as np

from ...experiments import EXPERIMENTS, ExperimentResult, Predictions, TimedPrediction
from ...explain import Explanation
from ...explain.fewest import FewestPatches
from ...i18n import Value, format_number, label_text, probability_text, t
from ...preprocess import Box
from ...video.clip import Clip
from ...visualize import overlay
from ...visualize.captions import curve_text, fewest_text
from ...visualize.strip import jpeg
from .experiment_text import (
    agreement_text,
    change_text,
    dots_text,
    meanings,
    number_text,
    points_between,
)

TOP_K = 3  # labels in a column
FRAME_SIZE = 160  # pixels of the longer side of a frame
FILM_SIZE = 256  # the same, of the film of the fewest patches
GAP, GREY = 3, 128  # pixels between frames, and their grey level


def experiments_html() -> str:
    """Return a button for each experiment, under a heading."""
    buttons = "".join(
        f'<button type="button" data-try="{name}">'
        f"{escape(t(f'experiments.buttons.{name}'))}</button>"
        for name in EXPERIMENTS
    )
    heading, caption = (escape(t(f"experiments.{key}")) for key in ("heading", "caption"))
    return f'<h2>{heading}</h2><p>{caption}</p><div id="experiment-buttons">{buttons}</div>'


def change_html(result: ExperimentResult, *, clip: Clip, box: Box, scheme: str, model: str) -> str:
    """Return the result of a change, for a model of an attention scheme that sees the box."""
    body = _frozen(result, clip) if result.name == "freeze" else _before_and_after(result)
    if result.fewest:
        body = _fewest(result, result.fewest, clip, box) + body
    more = MORE[result.name](result) if result.name in MORE else ""
    sentences = _paragraphs(meanings(result, scheme=scheme))
    return _revealed(result.name, model, f'{body}<div class="meanings">{sentences}</div>{more}')


def comparison_html(
    name: str,
    model: str,
    runs: Mapping[str, TimedPrediction],
    *,
    notes: Sequence[str],
    explained: Sequence[tuple[Clip, Explanation]] = (),
) -> str:
    """Return runs side by side under their heads, with the heatmaps of those `explained`."""
    sentences = _paragraphs([agreement_text(runs), *notes])
    pictures = "".join(
        _heatmaps_figure(head, *pair) for head, pair in zip(runs, explained, strict=False)
    )
    more = (
        f'<p>{escape(t("experiments.heatmaps"))}</p><div class="heatmaps">{pictures}</div>'
        if pictures
        else ""
    )
    body = f'<div class="meanings">{sentences}</div>{_side_by_side(runs)}{more}'
    return _revealed(name, model, body)


def _revealed(name: str, model: str, body: str) -> str:
    question, guess = escape(t(f"experiments.questions.{name}")), escape(t("experiments.guess"))
    return (
        f'<section class="experiment" data-experiment="{name}" aria-label="{question}">'
        f"<h3>{question}</h3><p>{escape(t('experiments.model', model=model))}</p>"
        f'<details class="reveal"><summary>{guess}</summary>{body}</details></section>'
    )


def _paragraphs(sentences: Sequence[str]) -> str:
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)


def _bars(predictions: Predictions, followed: int | None = None) -> str:
    """Return the most probable labels, with the `followed` class marked."""
    lines = "".join(
        f'<li style="--share:{p.share:.4f}"{_class("followed", p.index == followed)}>'
        f"<span>{escape(label_text(p.label))}</span>"
        f"<b>{escape(probability_text(p.probability))}</b></li>"
        for p in predictions[:TOP_K]
    )
    return f'<ol class="bars">{lines}</ol>'


def _class(name: str, applies: bool) -> str:
    return f' class="{name}"' if applies else ""


def _column(head: str, predictions: Predictions, followed: int, more: str = "") -> str:
    return f"<h4>{escape(head)}</h4>{_bars(predictions, followed)}{more}"


def _change(result: ExperimentResult, after: float) -> str:
    points = format_number(points_between(result.probability, after), "+d")
    sentence = change_text(label_text(result.label), result.probability, after)
    return f'<p class="change"><b aria-hidden="true">{points}</b> {escape(sentence)}</p>'


def _before_and_after(result: ExperimentResult) -> str:
    before = _column(t("experiments.unchanged"), result.before, result.index)
    after = _column(t(f"experiments.after.{result.name}"), result.after[0], result.index)
    return (
        f'<div class="before-after"><div>{before}</div><div>{after}</div></div>'
        f"{_change(result, result.probabilities[0])}"
    )


def _dots(result: ExperimentResult) -> str:
    """Return a line from 0 to 1: a mark for the probability before, dots for those after."""
    sentence = dots_text(label_text(result.label), result.probability, result.probabilities)
    if isinstance(result.probability, Value):
        return f"<p>{escape(sentence)}</p>"
    dots = "".join(
        f'<i style="--at:{p:.4f};--row:{row}"{_class("first", row == 0)}></i>'
        for row, p in enumerate(result.probabilities)
    )
    return (
        f'<figure class="line"><div role="img" aria-label="{escape(sentence)}" '
        f'style="--rows:{len(result.after)}"><u style="--at:{result.probability:.4f}"></u>'
        f"{dots}</div>"
        f'<figcaption aria-hidden="true"><span>{format_number(0, ".0%")}</span>'
        f"<span>{escape(number_text(result))}</span>"
        f"<span>{format_number(1, '.0%')}</span></figcaption></figure>"
    )


def _numbers(result: ExperimentResult, names: Sequence[str]) -> str:
    """Return a table with a row for the unchanged clip and one for each changed clip."""
    heads = (
        t(f"experiments.columns.{result.name}"),
        t("experiments.prediction"),
        number_text(result),
    )
    rows = [(t("experiments.unchanged"), result.before, result.probability)]
    rows += zip(names, result.after, result.probabilities, strict=True)
    cells = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(label_text(top.label))}</td>'
        f"<td>{format_number(probability, '.1%')}</td></tr>"
        for name, (top, *_), probability in rows
    )
    header = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return f'<table class="numbers"><thead><tr>{header}</tr></thead><tbody>{cells}</tbody></table>'


def _shuffle_numbers(result: ExperimentResult) -> str:
    names = [" ".join(str(frame + 1) for frame in order) for order in result.orders]
    return _dots(result) + _numbers(result, names)


def _hottest_numbers(result: ExperimentResult) -> str:
    random = [
        t("experiments.random_tenth", number=number) for number in range(1, len(result.after))
    ]
    return _dots(result) + _numbers(result, [t("experiments.after.hottest"), *random])


def _frozen(result: ExperimentResult, clip: Clip) -> str:
    """Return the bars of all frames, a slider over them, and the predictions of the chosen one."""
    T, chosen = len(result.after), result.best
    H, W = clip.frames.shape[1:3]
    frames, _ = overlay.shrink(clip.frames, Box(0, 0, W, H), longest=FRAME_SIZE)
    columns = "".join(
        f'<div data-bar="{k + 1}"{_class("chosen", k == chosen)}>'
        f"<b>{escape(probability_text(p))}</b>"
        f'<i style="--share:{0 if isinstance(p, Value) else p:.4f}"></i>'
        f'<img src="{jpeg(frames[k])}" alt=""><span>{k + 1}</span></div>'
        for k, p in enumerate(result.probabilities)
    )
    panels = "".join(_panel(result, k, hidden=k != chosen) for k in range(T))
    sentence = escape(_frame_text(result, chosen))
    caption = t("experiments.freeze_caption", label=label_text(result.label))
    before = _column(t("experiments.unchanged"), result.before, result.index)
    return (
        f'<div class="frozen"><p>{escape(caption)}</p>'
        f'<div class="frames" style="--frames:{T};--before:{result.before_share:.4f}" '
        f'aria-hidden="true">{columns}</div>'
        f"<label><span>{escape(t('experiments.frame'))}</span>"
        f'<input type="range" min="1" max="{T}" value="{chosen + 1}" aria-valuetext="{sentence}">'
        f'</label><div class="before-after"><div>{before}</div><div>{panels}</div></div></div>'
    )


def _fewest(result: ExperimentResult, fewest: FewestPatches, clip: Clip, box: Box) -> str:
    """Return a slider over the hottest patches, which assets/web/js/fewest.js shows as a film.

    `data-ranks` are four bytes for each patch, in base64.
    """
    crops, _ = overlay.shrink(overlay.crop(clip.frames, box), box, longest=FILM_SIZE)
    frames = "".join(f'<img src="{jpeg(crop, is_small=True)}" alt="">' for crop in crops)
    ranks = base64.b64encode(fewest.by_heat.ranks.astype("<u4").tobytes()).decode()
    curve = fewest.by_heat.curve
    texts = [_fewest_step(fewest, count, probability) for count, probability in curve.items()]
    steps = [{"count": count, "text": text} for count, text in zip(curve, texts, strict=True)]
    chosen = list(curve).index(fewest.by_heat.count)
    grid = fewest.by_heat.ranks.shape[1:]
    return (
        f'<div class="fewest" data-ranks="{ranks}" data-grid="{grid[0]},{grid[1]}" '
        f'data-steps="{escape(json.dumps(steps))}"><canvas role="img" '
        f'aria-label="{escape(fewest_text(fewest, result.label))}"></canvas>'
        f'<div class="strip">{frames}</div>'
        f'<button type="button">{escape(t("stage.play"))}</button>'
        f"<label><span>{escape(t('experiments.fewest_slider'))}</span>"
        f'<input type="range" min="0" max="{len(steps) - 1}" value="{chosen}"></label>'
        f"<output>{escape(texts[chosen])}</output></div>"
    )


def _fewest_step(fewest: FewestPatches, count: int, probability: float) -> str:
    """Return the sentence on a number of patches, with the nearest number tried in random order."""
    random = fewest.random.curve
    nearest = min(random, key=lambda tried: abs(tried - count))
    return t(
        "experiments.fewest_step",
        count=count,
        total=fewest.total,
        probability=probability_text(probability),
        random=probability_text(random[nearest]),
    )


def _freeze_numbers(result: ExperimentResult) -> str:
    numbers = _numbers(result, [str(k + 1) for k in range(len(result.after))])
    return f"<details><summary>{escape(t('experiments.numbers'))}</summary>{numbers}</details>"


def _panel(result: ExperimentResult, k: int, *, hidden: bool) -> str:
    head, change = (
        t("experiments.only_frame", number=k + 1),
        _change(result, result.probabilities[k]),
    )
    return (
        f'<div data-frame="{k + 1}" data-description="{escape(_frame_text(result, k))}"'
        f"{' hidden' if hidden else ''}>"
        f"{_column(head, result.after[k], result.index, change)}</div>"
    )


def _frame_text(result: ExperimentResult, k: int) -> str:
    best = result.after[k][0]
    return t(
        "experiments.frame_words",
        number=k + 1,
        label=label_text(best.label),
        probability=probability_text(best.probability),
    )


def _side_by_side(runs: Mapping[str, TimedPrediction]) -> str:
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in runs)
    rows = {"predictions": [_bars(run.predictions) for run in runs.values()]}
    rows["comparisons"] = _costs([run.comparisons for run in runs.values()], _count)
    rows["all_comparisons"] = _costs([run.all_comparisons for run in runs.values()], _count)
    rows["seconds"] = _costs([run.seconds for run in runs.values()], _seconds)
    bodies = "".join(
        f'<tbody><tr><th scope="rowgroup" colspan="{len(runs)}">'
        f"{escape(t(f'experiments.rows.{row}'))}</th>"
        f"</tr><tr><td>{'</td><td>'.join(cells)}</td></tr></tbody>"
        for row, cells in rows.items()
    )
    return f'<table class="runs"><thead><tr>{heads}</tr></thead>{bodies}</table>'


def _count(number: float) -> str:
    return format_number(number, ",")


def _seconds(number: float) -> str:
    return t("page.seconds", seconds=number)


def _costs(numbers: Sequence[float], write: Callable[[float], str]) -> list[str]:
    """Return each number with a bar, relative to the largest number."""
    return [
        f'<div class="cost" style="--share:{number / max(numbers):.4f}">'
        f"<b>{escape(write(number))}</b></div>"
        for number in numbers
    ]


def _heatmaps_figure(head: str, clip: Clip, explanation: Explanation) -> str:
    """Return a figure of all frames of a clip with their heatmaps, in two rows."""
    frames, box = overlay.shrink(clip.frames, explanation.box, longest=FRAME_SIZE)
    overlays = overlay.overlays(frames, explanation.heatmaps, box)
    overlays = np.pad(overlays, ((0, 0), (0, GAP), (0, GAP), (0, 0)), constant_values=GREY)
    rows = np.array_split(np.arange(len(overlays)), 2 if len(overlays) > 1 else 1)
    columns = len(rows[0])
    padded = [np.pad(overlays[row], ((0, columns - len(row)), *[(0, 0)] * 3)) for row in rows]
    picture = np.concatenate([np.concatenate(list(row), axis=1) for row in padded])
    shares = explanation.frame_shares.tolist()
    sentence = escape(curve_text(shares, clip.times.tolist()))
    return (
        f'<figure><img src="{jpeg(picture)}" alt="{sentence}" title="{sentence}">'
        f"<figcaption>{escape(head)}</figcaption></figure>"
    )


MORE: Mapping[str, Callable[[ExperimentResult], str]] = {
    "shuffle": _shuffle_numbers,
    "freeze": _freeze_numbers,
    "hottest": _hottest_numbers,
}
