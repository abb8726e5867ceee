"""How the chosen model works: every step drawn with its live shapes, and told in words.

The drawing follows the released code, as model.py does, and says where the paper differs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

import torch

from ...i18n import t
from ...models.config import TimesformerConfig
from ...models.timesformer import TimesformerForVideoClassification
from .diagram import GAP, LINE, Box, Drawing, Lane, Reads, pattern_of

Say = Callable[[str], str]  # from a key to its sentence, filled with the model's shapes
BOTH: tuple[Lane, Lane] = ("cls", "patches")
ACTIVATIONS = {"gelu": "GELU", "gelu_new": "GELU", "relu": "ReLU", "silu": "SiLU"}
COMPARED = {
    "divided_space_time": "architecture.divided_compared",
    "joint_space_time": "architecture.joint_compared",
    "space_only": "architecture.space_only_compared",
}


@dataclass(frozen=True)
class Step:
    """A part of the model: its name in links, title, boxes and words; how its tokens read."""

    name: str
    title: str
    boxes: tuple[Box, ...]
    words: str
    reads: Reads | None = None


def shapes_of(config: TimesformerConfig) -> dict[str, Any]:
    """Return the numbers of a model by the letters that the catalog's sentences name them with.

    `M` is the width inside the MLP, `head` the width of a head, `tokens` the patches of a clip,
    `own` the tokens of a frame. `divided` and `joint` count the tokens a patch is compared with.
    """
    (H, W), (height, width) = config.image_shape, config.patch_shape
    rows, columns = config.grid
    T, N, D, A = config.num_frames, rows * columns, config.hidden_size, config.num_attention_heads
    return {
        "T": T, "N": N, "D": D, "A": A, "H": H, "W": W, "C": config.num_channels,
        "L": config.num_hidden_layers, "M": config.intermediate_size, "K": config.num_labels,
        "height": height, "width": width, "rows": rows, "columns": columns, "head": D // A,
        "tokens": T * N, "own": 1 + N, "divided": T + 1 + N, "joint": 1 + T * N,
        "activation": ACTIVATIONS[config.hidden_act],
    }  # fmt: skip


def architecture_html(config: TimesformerConfig | None) -> str:
    """The drawing and the words beside it; says so where the model is not known before it loads."""
    if config is None:
        return _folded(f"<p>{escape(t('architecture.unknown'))}</p>")
    steps, say = steps_of(config), partial(t, **shapes_of(config))
    with torch.device("meta"):
        model = TimesformerForVideoClassification(config)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    said = [say("architecture.model", parameters=parameters), say(COMPARED[config.attention_type])]
    if config.attention_type == "divided_space_time":
        said.append(t("architecture.paper"))
    told = "".join(
        f'<li class="of-{step.name}" tabindex="-1"><b>{escape(step.title)}</b> '
        f"{escape(step.words)}</li>"
        for step in steps
    )
    return _folded(
        f'<div class="works-drawn">{drawing_of(config)}<div>{_paragraphs(said)}<ol>{told}</ol>'
        "</div></div>"
    )


def drawing_of(config: TimesformerConfig) -> str:
    """The SVG of a model: embedding, one block, classifier."""
    embed, *block, classifier = steps_of(config)
    drawing = Drawing()
    drawing.step(embed.name, embed.title, embed.boxes)
    drawing.y += LINE
    drawing.name("cls", t("architecture.cls"))
    drawing.name("patches", t("architecture.patches"))
    drawing.y += GAP / 2
    top = drawing.y
    drawing.y += LINE + GAP / 2
    for step in block:
        pattern = pattern_of(step.reads, config.num_frames) if step.reads else ""
        note = t("architecture.reads") if step.reads else ""
        drawing.step(step.name, step.title, step.boxes, pattern=pattern, note=note)
    drawing.frame(top, t("architecture.block", L=config.num_hidden_layers))
    drawing.end("patches", drawing.y)
    drawing.y += GAP
    drawing.end("cls", drawing.y + 2 * LINE + GAP)
    drawing.step(classifier.name, classifier.title, classifier.boxes)
    return drawing.svg(t("architecture.drawing"))


def steps_of(config: TimesformerConfig) -> tuple[Step, ...]:
    """What happens in the model, from the first step to the last, those of a block once."""
    say = partial(t, **shapes_of(config))
    per_frame = config.attention_type == "space_only"
    attention = {
        "divided_space_time": _divided,
        "joint_space_time": _joint,
        "space_only": _space_only,
    }[config.attention_type]
    classifier = _mean_classifier if per_frame else _classifier
    return (_embed(say, per_frame=per_frame), *attention(say), _mlp(say), classifier(say))


def _embed(say: Say, *, per_frame: bool) -> Step:
    """`per_frame`: each frame has a cls token, and no time embedding."""
    place = "architecture.place" if per_frame else "architecture.place_and_time"
    cls = "architecture.cls_tokens" if per_frame else "architecture.cls_token"
    more = "architecture.embed_no_time_text" if per_frame else "architecture.embed_time_text"
    boxes = (
        Box(say("architecture.pixels")),
        Box(say("architecture.patch")),
        Box(say(place)),
        Box(say("architecture.tokens"), gives=("patches",), alone=True),
        Box(say(cls), gives=("cls",)),
    )
    words = f"{say('architecture.embed_text')} {say(more)}"
    return Step("embed", say("architecture.embed"), boxes, words)


def _divided(say: Say) -> tuple[Step, Step]:
    heads, norm = Box(say("architecture.heads")), say("architecture.norm")
    linear = say("architecture.linear")
    time = (
        Box(norm, takes=("patches",)),
        heads,
        Box(say("architecture.time_reads")),
        Box(linear),
        Box(say("architecture.second_linear"), gives=("patches",)),
    )
    space = (
        Box(say("architecture.cls_joins"), takes=BOTH),
        Box(norm),
        heads,
        Box(say("architecture.space_reads")),
        Box(linear, gives=("patches",)),
        Box(say("architecture.cls_mean"), gives=("cls",)),
    )
    time_text, space_text = say("architecture.time_text"), say("architecture.divided_space_text")
    return (
        Step("time", say("architecture.time"), time, time_text, "time"),
        Step("space", say("architecture.space"), space, space_text, "space"),
    )


def _joint(say: Say) -> tuple[Step]:
    boxes, words = _attention(say, "architecture.joint_reads"), say("architecture.joint_text")
    return (Step("space", say("architecture.joint"), boxes, words, "joint"),)


def _space_only(say: Say) -> tuple[Step]:
    boxes, words = _attention(say, "architecture.space_reads"), say("architecture.space_only_text")
    return (Step("space", say("architecture.space"), boxes, words, "space"),)


def _attention(say: Say, reads: str) -> tuple[Box, ...]:
    """The one attention of a block that has no other."""
    return (
        Box(say("architecture.norm"), takes=BOTH),
        Box(say("architecture.heads")),
        Box(say(reads)),
        Box(say("architecture.linear"), gives=BOTH),
    )


def _mlp(say: Say) -> Step:
    boxes = (
        Box(say("architecture.norm"), takes=BOTH),
        Box(say("architecture.each_token")),
        Box(say("architecture.mlp_maps"), gives=BOTH),
    )
    return Step("mlp", say("architecture.mlp"), boxes, say("architecture.mlp_text"))


def _classifier(say: Say) -> Step:
    boxes = (Box(say("architecture.norm"), takes=("cls",)), *_to_probabilities(say))
    words = say("architecture.classifier_text")
    return Step("classifier", say("architecture.classifier"), boxes, words)


def _mean_classifier(say: Say) -> Step:
    mean = Box(say("architecture.cls_means"), takes=("cls",))
    boxes = (mean, Box(say("architecture.norm")), *_to_probabilities(say))
    words = say("architecture.classifier_mean_text")
    return Step("classifier", say("architecture.classifier"), boxes, words)


def _to_probabilities(say: Say) -> tuple[Box, Box]:
    return Box(say("architecture.classes")), Box(say("architecture.softmax"))


def _folded(inner: str) -> str:
    return (
        '<details class="works" id="drawing">'
        f"<summary>{escape(t('architecture.heading'))}</summary>{inner}</details>"
    )


def _paragraphs(sentences: list[str]) -> str:
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
