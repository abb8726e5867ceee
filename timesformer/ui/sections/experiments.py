"""The results of the experiments as HTML: what was said before and after, behind a guess."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

import numpy as np

from ...evaluation.metrics import OPPOSITES
from ...experiments import Predictions, Run, Trial
from ...explain import Explanation
from ...i18n import Message, format_number, joined, label_text, t
from ...preprocess import Box
from ...synthetic.motion import LABELS
from ...video.clip import Clip
from ...visualize import overlay
from ...visualize.captions import curve_text
from ...visualize.strip import jpeg

TOP = 3  # labels in a column
THUMBNAIL = 160  # pixels of the longer side of a frozen frame
PICTURE = 160  # the same of a frame with its heatmap
GAP, GREY = 3, 128  # pixels between such frames, and their level
BACKWARDS = {label: LABELS[OPPOSITES.get(i, i)] for i, label in enumerate(LABELS)}


def heading_html() -> str:
    """What stands over the buttons of the experiments."""
    return f"<h2>{escape(t('experiments.heading'))}</h2><p>{escape(t('experiments.caption'))}</p>"


def trial_html(trial: Trial, *, clip: Clip, scheme: str, model: str) -> str:
    """The result of one trial with a model of a scheme."""
    body = _frozen(trial, clip) if trial.name == "freeze" else _before_and_after(trial)
    more = MORE[trial.name](trial) if trial.name in MORE else ""
    means = "".join(f"<p>{escape(one)}</p>" for one in meanings(trial, scheme=scheme))
    return _revealed(trial.name, model, f'{body}<div class="means">{means}</div>{more}')


def meanings(trial: Trial, *, scheme: str) -> list[str]:
    """What the numbers of a trial mean, in sentences that are true whatever they are."""
    ordered = trial.name in ("reverse", "shuffle")
    sentences = [MEANINGS[trial.name](trial)]
    if ordered and scheme == "space_only":
        sentences = [t("experiments.no_order")]
    if trial.name in ("cover", "hottest"):
        sentences.append(t("experiments.flicker"))
    return sentences


def runs_html(
    name: str,
    model: str,
    runs: Mapping[str, Run],
    *,
    notes: Sequence[str],
    looked: Sequence[tuple[Clip, Explanation]] = (),
) -> str:
    """Runs side by side, under their heads; `looked` is what each saw, and where it looked."""
    means = "".join(f"<p>{escape(one)}</p>" for one in (_agreement(runs), *notes))
    pictures = "".join(_looked(head, *one) for head, one in zip(runs, looked, strict=False))
    more = (
        f'<p>{escape(t("experiments.looked"))}</p><div class="looked">{pictures}</div>'
        if pictures
        else ""
    )
    return _revealed(name, model, f'<div class="means">{means}</div>{_side_by_side(runs)}{more}')


def _agreement(runs: Mapping[str, Run]) -> str:
    """Return the label that all runs predict, or the label of each."""
    labels = {head: label_text(run.predictions[0].label) for head, run in runs.items()}
    if len(set(labels.values())) == 1:
        return t("experiments.all_agree", label=next(iter(labels.values())))
    answers = [
        Message("experiments.differ_item", model=head, label=label)
        for head, label in labels.items()
    ]
    return t("experiments.differ", answers=joined(answers))


def _revealed(name: str, model: str, body: str) -> str:
    question, guess = escape(t(f"experiments.questions.{name}")), escape(t("experiments.guess"))
    return (
        f'<section class="trial" data-trial="{name}" aria-label="{question}">'
        f"<h3>{question}</h3><p>{escape(t('experiments.model', model=model))}</p>"
        f'<details class="reveal"><summary>{guess}</summary>{body}</details></section>'
    )


def _bars(said: Predictions, followed: int | None = None) -> str:
    """The likeliest labels; the followed one is marked."""
    lines = "".join(
        f'<li style="--share:{one.probability:.4f}"{_class("followed", one.index == followed)}>'
        f"<span>{escape(label_text(one.label))}</span>"
        f"<b>{format_number(one.probability, '.0%')}</b></li>"
        for one in said[:TOP]
    )
    return f'<ol class="bars">{lines}</ol>'


def _class(name: str, applies: bool) -> str:
    return f' class="{name}"' if applies else ""


def _column(head: str, said: Predictions, followed: int, more: str = "") -> str:
    return f"<h4>{escape(head)}</h4>{_bars(said, followed)}{more}"


def _change(trial: Trial, after: float) -> str:
    points = format_number(points_between(trial.probability, after), "+d")
    words = change_text(label_text(trial.label), trial.probability, after)
    return f'<p class="change"><b aria-hidden="true">{points}</b> {escape(words)}</p>'


def points_between(before: float, after: float) -> int:
    """Return the change of a probability in points, between the rounded percentages."""
    return round(100 * after) - round(100 * before)


def change_text(label: str, before: float, after: float) -> str:
    """Return the sentence on the change of a probability."""
    points = points_between(before, after)
    if not points:
        return t("experiments.unchanged_probability", label=label, before=before)
    key = "experiments.changes_one" if abs(points) == 1 else "experiments.changes"
    return t(key, label=label, before=before, after=after, points=points)


def _before_and_after(trial: Trial) -> str:
    before = _column(t("experiments.unchanged"), trial.before, trial.index)
    after = _column(t(f"experiments.after.{trial.name}"), trial.after[0], trial.index)
    return (
        f'<div class="before-after"><div>{before}</div><div>{after}</div></div>'
        f"{_change(trial, trial.probabilities[0])}"
    )


def _line(trial: Trial) -> str:
    """One line from 0 to 1 with a dot for each probability afterwards, and a mark before."""
    words = dots_text(label_text(trial.label), trial.probability, trial.probabilities)
    dots = "".join(
        f'<i style="--at:{p:.4f};--row:{row}"{_class("first", row == 0)}></i>'
        for row, p in enumerate(trial.probabilities)
    )
    return (
        f'<figure class="line"><div role="img" aria-label="{escape(words)}" '
        f'style="--rows:{len(trial.after)}"><u style="--at:{trial.probability:.4f}"></u>'
        f"{dots}</div>"
        f'<figcaption aria-hidden="true"><span>{format_number(0, ".0%")}</span>'
        f"<span>{escape(t('experiments.probability', label=label_text(trial.label)))}</span>"
        f"<span>{format_number(1, '.0%')}</span></figcaption></figure>"
    )


def dots_text(label: str, before: float, after: Sequence[float]) -> str:
    """Return the sentence that says what a line of dots shows."""
    percentages = joined((format_number(p, ".0%") for p in after), "lists.comma")
    return t("experiments.dots", label=label, before=before, after=percentages)


def _numbers(trial: Trial, names: Sequence[str]) -> str:
    """A row for the clip as it is, and one for each way after."""
    heads = (
        t(f"experiments.columns.{trial.name}"),
        t("experiments.prediction"),
        t("experiments.probability", label=label_text(trial.label)),
    )
    rows = [(t("experiments.unchanged"), trial.before, trial.probability)]
    rows += zip(names, trial.after, trial.probabilities, strict=True)
    cells = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(label_text(said[0].label))}</td>'
        f"<td>{format_number(probability, '.1%')}</td></tr>"
        for name, said, probability in rows
    )
    first = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return f'<table class="numbers"><thead><tr>{first}</tr></thead><tbody>{cells}</tbody></table>'


def _shuffled(trial: Trial) -> str:
    names = [" ".join(str(frame + 1) for frame in order) for order in trial.orders]
    return _line(trial) + _numbers(trial, names)


def _hottest(trial: Trial) -> str:
    others = [t("experiments.random_tenth", number=number) for number in range(1, len(trial.after))]
    return _line(trial) + _numbers(trial, [t("experiments.after.hottest"), *others])


def _frozen(trial: Trial, clip: Clip) -> str:
    """The bars of all frames, a slider over them, and what is said of the chosen one."""
    T, chosen = len(trial.after), trial.best
    H, W = clip.frames.shape[1:3]
    frames, _ = overlay.shrink(clip.frames, Box(0, 0, W, H), longest=THUMBNAIL)
    columns = "".join(
        f'<div data-bar="{k + 1}"{_class("chosen", k == chosen)}><b>{format_number(p, ".0%")}</b>'
        f'<i style="--share:{p:.4f}"></i><img src="{jpeg(frames[k])}" alt=""><span>{k + 1}</span>'
        "</div>"
        for k, p in enumerate(trial.probabilities)
    )
    panels = "".join(_panel(trial, k, hidden=k != chosen) for k in range(T))
    words = escape(_frozen_words(trial, chosen))
    caption = t("experiments.freeze_caption", label=label_text(trial.label))
    before = _column(t("experiments.unchanged"), trial.before, trial.index)
    return (
        f'<div class="frozen"><p>{escape(caption)}</p>'
        f'<div class="frames" style="--frames:{T};--before:{trial.probability:.4f}" '
        f'aria-hidden="true">{columns}</div>'
        f"<label><span>{escape(t('experiments.frame'))}</span>"
        f'<input type="range" min="1" max="{T}" value="{chosen + 1}" aria-valuetext="{words}">'
        f'</label><div class="before-after"><div>{before}</div><div>{panels}</div></div></div>'
    )


def _each_frame(trial: Trial) -> str:
    numbers = _numbers(trial, [str(k + 1) for k in range(len(trial.after))])
    return f"<details><summary>{escape(t('experiments.numbers'))}</summary>{numbers}</details>"


def _panel(trial: Trial, k: int, *, hidden: bool) -> str:
    head, change = t("experiments.only_frame", number=k + 1), _change(trial, trial.probabilities[k])
    return (
        f'<div data-frame="{k + 1}" data-words="{escape(_frozen_words(trial, k))}"'
        f"{' hidden' if hidden else ''}>"
        f"{_column(head, trial.after[k], trial.index, change)}</div>"
    )


def _frozen_words(trial: Trial, k: int) -> str:
    best = trial.after[k][0]
    return t(
        "experiments.frame_words",
        number=k + 1,
        label=label_text(best.label),
        probability=best.probability,
    )


def _side_by_side(runs: Mapping[str, Run]) -> str:
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in runs)
    rows = {"says": [_bars(run.predictions) for run in runs.values()]}
    rows["comparisons"] = _costs([run.comparisons for run in runs.values()], _counted)
    rows["all_comparisons"] = _costs([run.all_comparisons for run in runs.values()], _counted)
    rows["seconds"] = _costs([run.seconds for run in runs.values()], _seconds)
    bodies = "".join(
        f'<tbody><tr><th scope="rowgroup" colspan="{len(runs)}">'
        f"{escape(t(f'experiments.rows.{row}'))}</th>"
        f"</tr><tr><td>{'</td><td>'.join(cells)}</td></tr></tbody>"
        for row, cells in rows.items()
    )
    return f'<table class="runs"><thead><tr>{heads}</tr></thead>{bodies}</table>'


def _counted(number: float) -> str:
    return format_number(number, ",")


def _seconds(number: float) -> str:
    return t("page.seconds", seconds=number)


def _costs(numbers: Sequence[float], words: Callable[[float], str]) -> list[str]:
    """A number and a bar each, as long as it is beside the greatest."""
    return [
        f'<div class="cost" style="--share:{one / max(numbers):.4f}"><b>{escape(words(one))}</b>'
        "</div>"
        for one in numbers
    ]


def _looked(head: str, clip: Clip, explanation: Explanation) -> str:
    """All frames of a clip with their heatmaps, in two rows with a gap between frames."""
    frames, box = overlay.shrink(clip.frames, explanation.box, longest=PICTURE)
    drawn = overlay.overlays(frames, explanation.heatmaps, box)
    drawn = np.pad(drawn, ((0, 0), (0, GAP), (0, GAP), (0, 0)), constant_values=GREY)
    rows = np.array_split(np.arange(len(drawn)), 2 if len(drawn) > 1 else 1)
    wide = len(rows[0])
    padded = [np.pad(drawn[row], ((0, wide - len(row)), *[(0, 0)] * 3)) for row in rows]
    picture = np.concatenate([np.concatenate(list(row), axis=1) for row in padded])
    shares = explanation.frame_shares.tolist()
    words = curve_text(shares, clip.times.tolist())
    return (
        f'<figure><img src="{jpeg(picture)}" alt="{escape(words)}" title="{escape(words)}">'
        f"<figcaption>{escape(head)}</figcaption></figure>"
    )


def _backwards(trial: Trial) -> str:
    first, then = trial.before[0].label, trial.after[0][0].label
    mirrored = BACKWARDS.get(first)
    return reverse_text(
        label_text(first), label_text(then), label_text(mirrored) if mirrored else None
    )


def reverse_text(first: str, then: str, mirrored: str | None) -> str:
    """Return what the prediction `then` of a reversed clip means, where `mirrored` is right."""
    key = "experiments.reverse_changed"
    if then == mirrored:
        key = f"experiments.reverse_{'symmetric' if then == first else 'followed'}"
    elif then == first:
        key = f"experiments.reverse_{'ignored' if mirrored is None else 'unfollowed'}"
    return t(key, first=first, then=then, mirrored=mirrored)


def _in_any_order(trial: Trial) -> str:
    count = len(trial.after)
    amount = {0: "none", count: "all"}.get(trial.alike, "some")
    return t(
        f"experiments.shuffle_{amount}",
        same=trial.alike,
        count=count,
        label=label_text(trial.label),
        low=min(trial.probabilities),
        high=max(trial.probabilities),
    )


def _alone(trial: Trial) -> str:
    first = trial.before[0].index
    enough = [k + 1 for k, said in enumerate(trial.after) if said[0].index == first]
    T, count = len(trial.after), len(enough)
    amount = {1: "one", 0: "none", T: "all"}.get(count, "some")
    return t(
        f"experiments.freeze_{amount}",
        count=count,
        T=T,
        label=label_text(trial.label),
        frames=joined(map(str, enough), "lists.comma"),
    )


def _without(trial: Trial) -> str:
    first, then = (label_text(said[0].label) for said in (trial.before, trial.after[0]))
    under = trial.hidden < 0.01
    part = t("experiments.under_one_percent") if under else format_number(trial.hidden, ".0%")
    key = "experiments.mask_same" if then == first else "experiments.mask_changed"
    return t(key, part=part, then=then)


def _beside_random(trial: Trial) -> str:
    hot, *others = trial.probabilities
    hottest, low, high = (
        points_between(trial.probability, p) for p in (hot, min(others), max(others))
    )
    effect = "more" if hottest < low else "less" if hottest > high else "same"
    return t(f"experiments.hottest_{effect}", hottest=hottest, low=low, high=high)


MORE: Mapping[str, Callable[[Trial], str]] = {
    "shuffle": _shuffled,
    "freeze": _each_frame,
    "hottest": _hottest,
}
MEANINGS: Mapping[str, Callable[[Trial], str]] = {
    "reverse": _backwards,
    "shuffle": _in_any_order,
    "freeze": _alone,
    "cover": _without,
    "hottest": _beside_random,
}
