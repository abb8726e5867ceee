"""Links into a state of the page: the choices behind the `#` of its address.

The parameters are `clip` (an example), `model`, `heatmap` (a method), `label` and `than` (the label
to contrast it with). The page's script reads further ones for the explorer and the lessons, see
sections/lessons.py.
"""

import json
from typing import Any

import gradio as gr

from ..explain import METHODS
from . import model_choices
from .server.examples import EXAMPLES


def inputs_from_link(parameters: str) -> tuple[Any, ...]:
    """Return the page's inputs for a link's parameters (JSON), in the order of AnalysisRequest.

    Unnamed inputs stay as they are, and unknown values are ignored. A link to a clip starts at the
    beginning of the clip. A link to a method clears the labels that it does not name.
    """
    values = _string_values(parameters)
    clip, model = EXAMPLES.get(values.get("clip", "")), values.get("model", "")
    method, labels = values.get("heatmap", ""), (values.get("label"), values.get("than"))
    is_offered, is_method = model in model_choices.offered_models(), method in METHODS
    choices = model_choices.label_choices(model) if is_offered else None
    return (
        str(clip) if clip else gr.skip(),
        model if is_offered else gr.skip(),
        method if is_method else gr.skip(),
        *((0, False) if clip else (gr.skip(), gr.skip())),
        *(_label_update(label, choices, clear=is_method) for label in labels),
    )


def _label_update(label: str | None, choices: list[tuple[str, str]] | None, *, clear: bool) -> Any:
    """Return the update of a label's dropdown: a value, none with `clear`, and its choices."""
    changes: dict[str, Any] = {"value": label} if label or clear else {}
    if choices is not None:
        changes["choices"] = choices
    return gr.update(**changes)


def _string_values(parameters: str) -> dict[str, str]:
    try:
        values = json.loads(parameters)
    except (ValueError, TypeError, RecursionError):  # not sent by the page
        return {}
    if not isinstance(values, dict):
        return {}
    return {str(key): value for key, value in values.items() if isinstance(value, str)}
