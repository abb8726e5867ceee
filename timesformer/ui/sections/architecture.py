"""Section "How it works": the chosen model as a diagram with its live shapes, and in sentences.

The diagram follows the released code, as models/timesformer.py does. The sentences say where the
paper differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from typing import Any

from ...i18n import t
from ...models.config import TimesformerConfig
from ..model_cost import count_parameters
from .diagram import Attention, Box, Diagram, Lane, attention_pattern

BOTH: tuple[Lane, Lane] = ("cls", "patches")
ACTIVATIONS = {"gelu": "GELU", "gelu_new": "GELU", "relu": "ReLU", "silu": "SiLU"}


@dataclass(frozen=True)
class Step:
    """A part of the model. `title`, `texts` and the boxes' `text` are keys under `architecture`.

    Links and CSS classes use `name`. `attention` is the tokens that a patch attends to.
    """

    name: str
    title: str
    texts: tuple[str, ...]
    boxes: tuple[Box, ...]
    attention: Attention | None = None


NORM, HEADS, CLASSES, SOFTMAX = (Box(key) for key in ("norm", "heads", "classes", "softmax"))
NORM_OF_BOTH, LINEAR_TO_BOTH = Box("norm", inputs=BOTH), Box("linear", outputs=BOTH)
PATCHES = Box("tokens", outputs=("patches",), is_connected=False)

EMBED = Step("embed", "embed", ("embed_text", "embed_time_text"), (
    Box("pixels"), Box("patch"), Box("position_and_time"), PATCHES,
    Box("cls_token", outputs=("cls",)),
))  # fmt: skip
EMBED_FRAMES = Step("embed", "embed", ("embed_text", "embed_no_time_text"), (
    Box("pixels"), Box("patch"), Box("position"), PATCHES, Box("cls_tokens", outputs=("cls",)),
))  # fmt: skip
TIME = Step("time", "time", ("time_text",), (
    Box("norm", inputs=("patches",)), HEADS, Box("time_reads"), Box("linear"),
    Box("second_linear", outputs=("patches",)),
), "time")  # fmt: skip
DIVIDED_SPACE = Step("space", "space", ("divided_space_text",), (
    Box("cls_joins", inputs=BOTH), NORM, HEADS, Box("space_reads"),
    Box("linear", outputs=("patches",)), Box("cls_mean", outputs=("cls",)),
), "space")  # fmt: skip
SPACE = Step("space", "space", ("space_only_text",), (
    NORM_OF_BOTH, HEADS, Box("space_reads"), LINEAR_TO_BOTH,
), "space")  # fmt: skip
JOINT = Step("space", "joint", ("joint_text",), (
    NORM_OF_BOTH, HEADS, Box("joint_reads"), LINEAR_TO_BOTH,
), "joint")  # fmt: skip
MLP = Step("mlp", "mlp", ("mlp_text",), (
    NORM_OF_BOTH, Box("each_token"), Box("mlp_maps", outputs=BOTH),
))  # fmt: skip
CLASSIFIER = Step("classifier", "classifier", ("classifier_text",), (
    Box("norm", inputs=("cls",)), CLASSES, SOFTMAX,
))  # fmt: skip
MEAN_CLASSIFIER = Step("classifier", "classifier", ("classifier_mean_text",), (
    Box("cls_means", inputs=("cls",)), NORM, CLASSES, SOFTMAX,
))  # fmt: skip

# From the first step to the last. Those between embedding and classifier are one block.
STEPS: Mapping[str, tuple[Step, ...]] = {
    "divided_space_time": (EMBED, TIME, DIVIDED_SPACE, MLP, CLASSIFIER),
    "joint_space_time": (EMBED, JOINT, MLP, CLASSIFIER),
    "space_only": (EMBED_FRAMES, SPACE, MLP, MEAN_CLASSIFIER),
}
REMARKS: Mapping[str, tuple[str, ...]] = {
    "divided_space_time": ("divided_compared", "paper"),
    "joint_space_time": ("joint_compared",),
    "space_only": ("space_only_compared",),
}


def shapes_of(config: TimesformerConfig) -> dict[str, Any]:
    """Return the numbers of a model by the names that sentences of the catalogs have for them.

    `M` is the width inside the MLP, and `head` the width of a head. `tokens` counts the patches of
    a clip, `own` the tokens of a frame. `divided` and `joint` count the tokens that a patch is
    compared with.
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
    """Return the section of a model, or a sentence if its config is not known before it loads."""
    if config is None:
        return _section(f"<p>{escape(t('architecture.unknown'))}</p>")
    fill = partial(_fill, shapes_of(config))
    parameters = count_parameters(config)
    remarks = [t("architecture.model", parameters=parameters, **shapes_of(config))]
    remarks += map(fill, REMARKS[config.attention_type])
    paragraphs = "".join(f"<p>{escape(remark)}</p>" for remark in remarks)
    items = "".join(
        f'<li class="of-{step.name}" tabindex="-1"><b>{escape(fill(step.title))}</b> '
        f"{escape(' '.join(map(fill, step.texts)))}</li>"
        for step in STEPS[config.attention_type]
    )
    return _section(
        f'<div class="architecture">{diagram_svg(config)}<div>{paragraphs}<ol>{items}</ol>'
        "</div></div>"
    )


def diagram_svg(config: TimesformerConfig) -> str:
    """Return the SVG of a model: embedding, one block, classifier."""
    fill = partial(_fill, shapes_of(config))
    embed, *block, classifier = STEPS[config.attention_type]
    diagram = Diagram()

    def draw(step: Step) -> None:
        boxes = [replace(box, text=fill(box.text)) for box in step.boxes]
        pattern, note = "", ""
        if step.attention:
            pattern = attention_pattern(step.attention, config.num_frames)
            note = fill("reads")
        diagram.step(step.name, fill(step.title), boxes, pattern=pattern, note=note)

    draw(embed)
    top = diagram.start_block(cls=fill("cls"), patches=fill("patches"))
    for step in block:
        draw(step)
    diagram.end_block(top, fill("block"))
    draw(classifier)
    return diagram.svg(fill("drawing"))


def _fill(shapes: dict[str, Any], key: str) -> str:
    return t(f"architecture.{key}", **shapes)


def _section(inner: str) -> str:
    return (
        '<section class="collapsible" id="drawing">'
        f"<h2>{escape(t('architecture.heading'))}</h2>{inner}</section>"
    )
