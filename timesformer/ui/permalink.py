"""A link opened: the page's choices as they stand behind its `#`, once checked."""

import json
from typing import Any

import gradio as gr

from ..explain import METHODS
from . import catalog, choices
from .answer_cache import EXAMPLES


def opened(wanted: str) -> tuple[Any, ...]:
    """The page's inputs as a link wants them, in the order of `Asked`.

    What it does not name stays as it is, and what there is not is passed over; but a clip starts at
    its beginning, and a heatmap is of no label but its own.
    """
    asked = _strings(wanted)
    clip, model = EXAMPLES.get(asked.get("clip", "")), asked.get("model", "")
    method, labels = asked.get("heatmap", ""), (asked.get("label"), asked.get("than"))
    known = choices.label_choices(model) if model in catalog.offered_models() else None
    return (
        str(clip) if clip else gr.skip(),
        gr.skip() if known is None else model,
        method if method in METHODS else gr.skip(),
        *((0, False) if clip else (gr.skip(), gr.skip())),
        *(_label(label, known, told=method in METHODS) for label in labels),
    )


def _label(label: str | None, known: list[tuple[str, str]] | None, *, told: bool) -> Any:
    """A label chosen, or none where that is `told`, of those of a model chosen with it."""
    changes: dict[str, Any] = {"value": label} if label or told else {}
    if known is not None:
        changes["choices"] = known
    return gr.update(**changes)


def _strings(wanted: str) -> dict[str, str]:
    try:
        found = json.loads(wanted)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key): value for key, value in found.items() if isinstance(value, str)}
