"""How the chosen model works: every step drawn with its live shapes, and told in words.

The drawing follows the released code, as model.py does, and says where the paper differs.
"""

from dataclasses import dataclass
from html import escape
from math import prod

import torch

from ... import text
from ...models.config import TimesformerConfig
from ...models.timesformer import TimesformerForVideoClassification
from .diagram import GAP, LINE, Box, Drawing, Lane, Reads, pattern_of

BOTH: tuple[Lane, Lane] = ("cls", "patches")


@dataclass(frozen=True)
class Step:
    """A part of the model: its name in links, title, boxes and words; how its tokens read."""

    name: str
    title: str
    boxes: tuple[Box, ...]
    words: str
    reads: Reads | None = None


@dataclass(frozen=True)
class Shapes:
    """The numbers of a model by the letters of model.py; M is the width within the MLP."""

    T: int
    N: int
    D: int
    A: int
    L: int
    M: int
    K: int

    @classmethod
    def of(cls, config: TimesformerConfig) -> "Shapes":
        """Those of frames as the model was made for."""
        return cls(
            T=config.num_frames, N=prod(config.grid), D=config.hidden_size,
            A=config.num_attention_heads, L=config.num_hidden_layers,
            M=config.intermediate_size, K=config.num_labels,
        )  # fmt: skip


def works_html(config: TimesformerConfig | None) -> str:
    """The drawing and the words beside it; says so where the model is not known before it loads."""
    if config is None:
        return _folded(f"<p>{escape(text.WORKS_UNKNOWN)}</p>")
    shapes, steps = Shapes.of(config), steps_of(config)
    with torch.device("meta"):
        model = TimesformerForVideoClassification(config)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    said = [text.works_model(parameters, shapes.L, shapes.A, shapes.D), _compared(config)]
    if config.attention_type == "divided_space_time":
        said.append(text.WORKS_PAPER)
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
    shapes, steps = Shapes.of(config), steps_of(config)
    embed, *block, classifier = steps
    drawing = Drawing()
    drawing.step(embed.name, embed.title, embed.boxes)
    drawing.y += LINE
    drawing.name("cls", text.WORKS_CLS)
    drawing.name("patches", text.WORKS_PATCHES)
    drawing.y += GAP / 2
    top = drawing.y
    drawing.y += LINE + GAP / 2
    for step in block:
        pattern = pattern_of(step.reads, shapes.T, more=text.WORKS_MORE) if step.reads else ""
        note = text.WORKS_READS if step.reads else ""
        drawing.step(step.name, step.title, step.boxes, pattern=pattern, note=note)
    drawing.frame(top, text.works_blocks(shapes.L))
    drawing.end("patches", drawing.y)
    drawing.y += GAP
    drawing.end("cls", drawing.y + 2 * LINE + GAP)
    drawing.step(classifier.name, classifier.title, classifier.boxes)
    return drawing.svg(text.WORKS_DRAWING)


def steps_of(config: TimesformerConfig) -> tuple[Step, ...]:
    """What happens in the model, from the first step to the last, those of a block once."""
    shapes = Shapes.of(config)
    attention = {
        "divided_space_time": _divided,
        "joint_space_time": _joint,
        "space_only": _space_only,
    }[config.attention_type]
    return (_embed(config, shapes), *attention(shapes), _mlp(config, shapes),
            _classifier(config, shapes))  # fmt: skip


def _embed(config: TimesformerConfig, of: Shapes) -> Step:
    alone = config.attention_type == "space_only"
    (height, width), C = config.patch_shape, config.num_channels
    boxes = (
        Box(text.works_pixels(of.T, *config.image_shape, C)),
        Box(text.works_patch(height, width, C, of.D)),
        Box(text.WORKS_PLACE if alone else text.WORKS_PLACE_AND_TIME),
        Box(text.works_tokens(of.T, of.N, of.D), gives=("patches",), alone=True),
        Box(text.works_cls_of_each(of.D, of.T) if alone else text.works_cls(of.D), gives=("cls",)),
    )
    words = text.embed_words(*config.grid, config.patch_shape, of.D)
    more = text.EMBED_NO_TIME_WORDS if alone else text.EMBED_TIME_WORDS
    return Step("embed", text.WORKS_EMBED, boxes, f"{words} {more}")


def _divided(of: Shapes) -> tuple[Step, Step]:
    heads = Box(text.works_heads(of.A, of.D // of.A))
    linear = text.works_linear(of.D, of.D)
    time = (
        Box(text.WORKS_NORM, takes=("patches",)),
        heads,
        Box(text.works_time_reads(of.N, of.T)),
        Box(linear),
        Box(text.works_second_linear(of.D, of.D), gives=("patches",)),
    )
    space = (
        Box(text.works_cls_joins(of.T), takes=BOTH),
        Box(text.WORKS_NORM),
        heads,
        Box(text.works_space_reads(of.T, of.N)),
        Box(linear, gives=("patches",)),
        Box(text.works_cls_mean(of.T), gives=("cls",)),
    )
    return (
        Step("time", text.WORKS_TIME, time, text.time_words(of.T, of.D // of.A), "time"),
        Step("space", text.WORKS_SPACE, space, text.divided_space_words(of.T, of.N), "space"),
    )


def _joint(of: Shapes) -> tuple[Step]:
    boxes = _attention(of, text.works_joint_reads(of.T * of.N))
    return (Step("space", text.WORKS_JOINT, boxes, text.joint_words(of.T * of.N), "joint"),)


def _space_only(of: Shapes) -> tuple[Step]:
    boxes = _attention(of, text.works_space_reads(of.T, of.N))
    return (Step("space", text.WORKS_SPACE, boxes, text.space_only_words(of.T, of.N), "space"),)


def _attention(of: Shapes, reads: str) -> tuple[Box, ...]:
    """The one attention of a block that has no other."""
    return (
        Box(text.WORKS_NORM, takes=BOTH),
        Box(text.works_heads(of.A, of.D // of.A)),
        Box(reads),
        Box(text.works_linear(of.D, of.D), gives=BOTH),
    )


def _mlp(config: TimesformerConfig, of: Shapes) -> Step:
    activation = text.ACTIVATION_NAMES[config.hidden_act]
    boxes = (
        Box(text.WORKS_NORM, takes=BOTH),
        Box(text.WORKS_EACH_ALONE),
        Box(text.works_mlp(of.D, of.M, activation), gives=BOTH),
    )
    return Step("mlp", text.WORKS_MLP, boxes, text.mlp_words(of.D, of.M, activation))


def _classifier(config: TimesformerConfig, of: Shapes) -> Step:
    rest = (Box(text.works_classes(of.D, of.K)), Box(text.WORKS_SOFTMAX))
    if config.attention_type == "space_only":
        mean = Box(text.works_cls_means(of.T), takes=("cls",))
        boxes = (mean, Box(text.WORKS_NORM), *rest)
        words = text.classifier_mean_words(of.T, of.K)
        return Step("classifier", text.WORKS_CLASSIFIER, boxes, words)
    normed = Box(text.WORKS_NORM, takes=("cls",))
    words = text.classifier_words(of.K)
    return Step("classifier", text.WORKS_CLASSIFIER, (normed, *rest), words)


def _compared(config: TimesformerConfig) -> str:
    of = Shapes.of(config)
    divided, joint = of.T + 1 + of.N, 1 + of.T * of.N
    if config.attention_type == "divided_space_time":
        return text.divided_compared(of.T, 1 + of.N, joint)
    if config.attention_type == "joint_space_time":
        return text.joint_compared(joint, divided)
    return text.space_only_compared(1 + of.N)


def _folded(inner: str) -> str:
    return (
        f'<details class="works" id="drawing"><summary>{escape(text.WORKS)}</summary>'
        f"{inner}</details>"
    )


def _paragraphs(sentences: list[str]) -> str:
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
