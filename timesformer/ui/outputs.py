"""Outputs of the page's handlers: updates of components, in the order of the wiring."""

from pathlib import Path
from typing import Any

import gradio as gr

from .sections.status import status_html

SKIP = gr.skip()
NO_STATUS = ""  # the status line is hidden
NO_FILE = gr.update(value=None)

Outputs = tuple[Any, ...]


def file_update(file: Path | None) -> Any:
    """Return the update of a file that the page's script fetches."""
    return NO_FILE if file is None else gr.update(value=str(file))


def error_outputs(sentence: str, empty: Outputs) -> Outputs:
    """Return an error in the status, and `empty` for the other outputs."""
    return (status_html(sentence, is_error=True), *empty)
