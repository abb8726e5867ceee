"""What goes with a model that is chosen: its labels and its drawing, known before it is loaded."""

from typing import Any

import gradio as gr

from .. import text
from ..checkpoints.checkpoint import EMBEDDED_FOLDER, embedded_models
from ..checkpoints.labels import DATASETS, dataset_labels
from ..checkpoints.registry import published_as
from ..models.config import TimesformerConfig
from . import catalog
from .sections.architecture import works_html


def label_choices(choice: str) -> list[tuple[str, str]]:
    """The labels of a model to choose from, each with what it is called here before it."""
    return [(text.label_words(label), label) for label in known_labels(choice)]


def labels_for(choice: str) -> tuple[Any, Any]:
    """The labels of a model to choose from, for both of a contrast."""
    choices = label_choices(choice)
    return gr.update(choices=choices, value=None), gr.update(choices=choices, value=None)


def works_for(choice: str) -> str:
    """How a model works, drawn."""
    return works_html(known_config(choice))


def known_config(choice: str) -> TimesformerConfig | None:
    """The config of a model, where it is known before the model is loaded."""
    name, known = catalog.offered_models().get(choice), published_as(choice)
    if name in embedded_models():
        return TimesformerConfig.from_pretrained(EMBEDDED_FOLDER / str(name))
    if name is None or known is None:
        return None
    return TimesformerConfig(
        num_frames=known.num_frames, image_size=known.size, num_labels=known.num_labels
    )


def known_labels(choice: str) -> tuple[str, ...]:
    """The labels of a model, where they are known before it is loaded; others can be typed."""
    if choice not in catalog.offered_models():
        return ()
    if catalog.offered_models()[choice] in embedded_models():
        config = TimesformerConfig.from_pretrained(EMBEDDED_FOLDER / choice)
        return tuple(config.id2label[number] for number in sorted(config.id2label))
    known = published_as(choice)
    return dataset_labels(DATASETS[known.num_labels]) if known else ()
