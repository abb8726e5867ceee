"""What goes with a model that is chosen: its labels and its drawing, known before it is loaded."""

from typing import Any

import gradio as gr

from ..checkpoints import registry
from ..i18n import label_text
from ..models.config import TimesformerConfig
from . import catalog
from .sections.architecture import works_html


def label_choices(choice: str) -> list[tuple[str, str]]:
    """The labels of a model to choose from, each with what it is called here before it."""
    return [(label_text(label), label) for label in known_labels(choice)]


def labels_for(choice: str) -> tuple[Any, Any]:
    """The labels of a model to choose from, for both of a contrast."""
    choices = label_choices(choice)
    return gr.update(choices=choices, value=None), gr.update(choices=choices, value=None)


def works_for(choice: str) -> str:
    """How a model works, drawn."""
    return works_html(known_config(choice))


def known_config(choice: str) -> TimesformerConfig | None:
    """Return the config of a model if it is known before the model is loaded."""
    return registry.known_config(choice) if _is_registered(choice) else None


def known_labels(choice: str) -> tuple[str, ...]:
    """Return the labels of a model if they are known before it is loaded."""
    return registry.known_labels(choice) if _is_registered(choice) else ()


def _is_registered(choice: str) -> bool:
    """Return True for an offered model that is named as in the table, not by a path."""
    return catalog.offered_models().get(choice) == choice
