"""The results of the experiments as HTML: what was said before and after, behind a guess."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

import numpy as np

from ... import text
from ...evaluation.metrics import OPPOSITES
from ...experiments import Predictions, Run, Trial
from ...explain.registry import Explanation
from ...preprocess import Box
from ...synthetic.motion import LABELS
from ...video.clip import Clip
from ...visualize import overlay
from ...visualize.strip import jpeg

TOP = 3  # labels in a column
THUMBNAIL = 160  # pixels of the longer side of a frozen frame
PICTURE = 160  # the same of a frame with its heatmap
GAP, GREY = 3, 128  # pixels between such frames, and their level
BACKWARDS = {label: LABELS[OPPOSITES.get(i, i)] for i, label in enumerate(LABELS)}


def heading_html() -> str:
    """What stands over the buttons of the experiments."""
    return f"<h2>{escape(text.TRY_HEADING)}</h2><p>{escape(text.TRY_CAPTION)}</p>"


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
        sentences = [text.NO_ORDER]
    if trial.name in ("cover", "hottest"):
        sentences.append(text.FLICKER)
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
    firsts = {head: text.label_words(run.predictions[0].label) for head, run in runs.items()}
    alike = len(set(firsts.values())) == 1
    said = text.all_alike(*set(firsts.values())) if alike else text.not_alike(list(firsts.items()))
    means = "".join(f"<p>{escape(one)}</p>" for one in (said, *notes))
    pictures = "".join(_looked(head, *one) for head, one in zip(runs, looked, strict=False))
    more = f'<p>{escape(text.LOOKED)}</p><div class="looked">{pictures}</div>' if pictures else ""
    return _revealed(name, model, f'<div class="means">{means}</div>{_side_by_side(runs)}{more}')


def _revealed(name: str, model: str, body: str) -> str:
    question = escape(text.TRY_QUESTIONS[name])
    return (
        f'<section class="trial" data-trial="{name}" aria-label="{question}">'
        f"<h3>{question}</h3><p>{escape(text.tried_with(model))}</p>"
        f'<details class="reveal"><summary>{escape(text.GUESS)}</summary>{body}</details></section>'
    )


def _bars(said: Predictions, followed: int | None = None) -> str:
    """The likeliest labels; the followed one is marked."""
    lines = "".join(
        f'<li style="--share:{one.probability:.4f}"{_class("followed", one.index == followed)}>'
        f"<span>{escape(text.label_words(one.label))}</span>"
        f"<b>{text.number(one.probability, '.0%')}</b></li>"
        for one in said[:TOP]
    )
    return f'<ol class="bars">{lines}</ol>'


def _class(name: str, applies: bool) -> str:
    return f' class="{name}"' if applies else ""


def _column(head: str, said: Predictions, followed: int, more: str = "") -> str:
    return f"<h4>{escape(head)}</h4>{_bars(said, followed)}{more}"


def _change(trial: Trial, after: float) -> str:
    before = trial.probability
    return (
        f'<p class="change"><b aria-hidden="true">{text.in_points(before, after)}</b> '
        f"{escape(text.changed(text.label_words(trial.label), before, after))}</p>"
    )


def _before_and_after(trial: Trial) -> str:
    before = _column(text.AS_IT_IS, trial.before, trial.index)
    after = _column(text.AFTERWARDS[trial.name], trial.after[0], trial.index)
    return (
        f'<div class="before-after"><div>{before}</div><div>{after}</div></div>'
        f"{_change(trial, trial.probabilities[0])}"
    )


def _line(trial: Trial) -> str:
    """One line from 0 to 1 with a dot for each probability afterwards, and a mark before."""
    words = text.line_words(
        text.label_words(trial.label), trial.probability, list(trial.probabilities)
    )
    dots = "".join(
        f'<i style="--at:{p:.4f};--row:{row}"{_class("first", row == 0)}></i>'
        for row, p in enumerate(trial.probabilities)
    )
    return (
        f'<figure class="line"><div role="img" aria-label="{escape(words)}" '
        f'style="--rows:{len(trial.after)}"><u style="--at:{trial.probability:.4f}"></u>'
        f"{dots}</div>"
        f'<figcaption aria-hidden="true"><span>{text.number(0, ".0%")}</span>'
        f"<span>{escape(text.probability_of(text.label_words(trial.label)))}</span>"
        f"<span>{text.number(1, '.0%')}</span></figcaption></figure>"
    )


def _numbers(trial: Trial, names: Sequence[str]) -> str:
    """A row for the clip as it is, and one for each way after."""
    heads = (
        text.NUMBER_HEADS[trial.name],
        text.SAYS,
        text.probability_of(text.label_words(trial.label)),
    )
    rows = [(text.AS_IT_IS, trial.before, trial.probability)]
    rows += zip(names, trial.after, trial.probabilities, strict=True)
    cells = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(text.label_words(said[0].label))}</td>'
        f"<td>{text.number(probability, '.1%')}</td></tr>"
        for name, said, probability in rows
    )
    first = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return f'<table class="numbers"><thead><tr>{first}</tr></thead><tbody>{cells}</tbody></table>'


def _shuffled(trial: Trial) -> str:
    names = [" ".join(str(frame + 1) for frame in order) for order in trial.orders]
    return _line(trial) + _numbers(trial, names)


def _hottest(trial: Trial) -> str:
    others = [text.random_tenth(number) for number in range(1, len(trial.after))]
    return _line(trial) + _numbers(trial, [text.AFTERWARDS["hottest"], *others])


def _frozen(trial: Trial, clip: Clip) -> str:
    """The bars of all frames, a slider over them, and what is said of the chosen one."""
    T, chosen = len(trial.after), trial.best
    H, W = clip.frames.shape[1:3]
    frames, _ = overlay.shrink(clip.frames, Box(0, 0, W, H), longest=THUMBNAIL)
    columns = "".join(
        f'<div data-bar="{k + 1}"{_class("chosen", k == chosen)}><b>{text.number(p, ".0%")}</b>'
        f'<i style="--share:{p:.4f}"></i><img src="{jpeg(frames[k])}" alt=""><span>{k + 1}</span>'
        "</div>"
        for k, p in enumerate(trial.probabilities)
    )
    panels = "".join(_panel(trial, k, hidden=k != chosen) for k in range(T))
    words = escape(_frozen_words(trial, chosen))
    before = _column(text.AS_IT_IS, trial.before, trial.index)
    return (
        f'<div class="frozen"><p>{escape(text.frozen_caption(text.label_words(trial.label)))}</p>'
        f'<div class="frames" style="--frames:{T};--before:{trial.probability:.4f}" '
        f'aria-hidden="true">{columns}</div>'
        f"<label><span>{escape(text.FRAME)}</span>"
        f'<input type="range" min="1" max="{T}" value="{chosen + 1}" aria-valuetext="{words}">'
        f'</label><div class="before-after"><div>{before}</div><div>{panels}</div></div></div>'
    )


def _each_frame(trial: Trial) -> str:
    numbers = _numbers(trial, [str(k + 1) for k in range(len(trial.after))])
    return f"<details><summary>{escape(text.NUMBERS)}</summary>{numbers}</details>"


def _panel(trial: Trial, k: int, *, hidden: bool) -> str:
    change = _change(trial, trial.probabilities[k])
    return (
        f'<div data-frame="{k + 1}" data-words="{escape(_frozen_words(trial, k))}"'
        f"{' hidden' if hidden else ''}>"
        f"{_column(text.only_frame(k + 1), trial.after[k], trial.index, change)}</div>"
    )


def _frozen_words(trial: Trial, k: int) -> str:
    best = trial.after[k][0]
    return text.frozen_words(k + 1, text.label_words(best.label), best.probability)


def _side_by_side(runs: Mapping[str, Run]) -> str:
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in runs)
    rows = {"says": [_bars(run.predictions) for run in runs.values()]}
    rows["comparisons"] = _costs([run.comparisons for run in runs.values()], _counted)
    rows["all_comparisons"] = _costs([run.all_comparisons for run in runs.values()], _counted)
    rows["seconds"] = _costs([run.seconds for run in runs.values()], text.took)
    bodies = "".join(
        f'<tbody><tr><th scope="rowgroup" colspan="{len(runs)}">{escape(text.RUN_ROWS[row])}</th>'
        f"</tr><tr><td>{'</td><td>'.join(cells)}</td></tr></tbody>"
        for row, cells in rows.items()
    )
    return f'<table class="runs"><thead><tr>{heads}</tr></thead>{bodies}</table>'


def _counted(number: float) -> str:
    return text.number(number, ",")


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
    words = text.curve_words(shares, clip.times.tolist())
    return (
        f'<figure><img src="{jpeg(picture)}" alt="{escape(words)}" title="{escape(words)}">'
        f"<figcaption>{escape(head)}</figcaption></figure>"
    )


def _backwards(trial: Trial) -> str:
    first, then = trial.before[0].label, trial.after[0][0].label
    mirrored = BACKWARDS.get(first)
    words = [label and text.label_words(label) for label in (first, then, mirrored)]
    return str(text.backwards_means(*words))


def _in_any_order(trial: Trial) -> str:
    low, high = min(trial.probabilities), max(trial.probabilities)
    return text.shuffled_means(
        trial.alike, len(trial.after), text.label_words(trial.label), low, high
    )


def _alone(trial: Trial) -> str:
    first = trial.before[0].index
    enough = [k + 1 for k, said in enumerate(trial.after) if said[0].index == first]
    return text.frozen_means(enough, len(trial.after), text.label_words(trial.label))


def _without(trial: Trial) -> str:
    words = (text.label_words(said[0].label) for said in (trial.before, trial.after[0]))
    return str(text.covered_means(trial.hidden, *words))


def _beside_random(trial: Trial) -> str:
    hot, *others = trial.probabilities
    return text.hottest_means(hot, min(others), max(others), trial.probability)


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
