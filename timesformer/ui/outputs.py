"""Outputs of the page's handlers: updates of components, in the order of the wiring."""

from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr

from .answer import Answer
from .sections.status import status_html

SKIP = gr.skip()
NO_FILE = gr.update(value=None, interactive=False)

Outputs = tuple[Any, ...]


class AnswerOutputs(NamedTuple):
    """The outputs of an answer, named as in `wiring.Parts`. By default each stays as it is."""

    status: Any = SKIP
    probabilities: Any = SKIP
    overlay: Any = SKIP
    strip: Any = SKIP
    sheet: Any = SKIP
    deletion_test: Any = SKIP
    archive: Any = SKIP
    experiment: Any = SKIP
    explorer: Any = SKIP
    attention: Any = SKIP


EMPTY = AnswerOutputs(
    probabilities=None, overlay=None, strip="", sheet=NO_FILE, deletion_test="", archive=NO_FILE,
    experiment="", explorer="", attention=NO_FILE,
)  # fmt: skip


def answer_outputs(answer: Answer, sentence: str) -> AnswerOutputs:
    """Return the outputs of an answer. The sentence comes before its notes in the status."""
    return AnswerOutputs(
        status=status_html(f"{sentence} {answer.notes}".strip()),
        probabilities=answer.probabilities,
        overlay=gr.update(value=str(answer.overlay)),  # a plain path breaks in Gradio at a skip
        strip=answer.strip,
        sheet=file_update(answer.sheet),
        deletion_test="",
        archive=NO_FILE,
        experiment="",
        explorer=answer.explorer,
        attention=file_update(answer.attention),
    )


def file_update(file: Path | None) -> Any:
    """Return the update of a download button: its file, or disabled without one."""
    return NO_FILE if file is None else gr.update(value=str(file), interactive=True)


def error_outputs(sentence: str, empty: Outputs) -> Outputs:
    """Return an error in the status, and `empty` for the other outputs."""
    return (status_html(sentence, is_error=True), *empty[1:])
