"""Event handlers of the page: convert the inputs, call one function, convert its result."""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from ..errors import TimesformerError
from ..hub.network_errors import DISK_FULL
from ..i18n import t, translate
from . import model_choices, work
from .analysis import CLIP_CACHE
from .outputs import (
    EMPTY,
    NO_FILE,
    SKIP,
    AnswerOutputs,
    Outputs,
    answer_outputs,
    error_outputs,
)
from .request import AnalysisRequest
from .sections.architecture import architecture_html
from .sections.status import resend_html, status_html
from .server import limits
from .server.clip_cache import ClipGone
from .server.examples import EXAMPLES, example_name
from .work import ANSWER_CACHE

log = logging.getLogger(__name__)


def recall(*inputs: Any) -> Outputs:
    """Return True if the model is needed, or False and the cached answer."""
    answer = ANSWER_CACHE.get(AnalysisRequest(*inputs))
    if answer is None:
        return (True, *AnswerOutputs())
    label, probability = answer.best
    sentence = t("status.answered_before", label=label, probability=probability)
    return (False, *answer_outputs(answer, sentence))


def recall_linked(*inputs: Any) -> Outputs:
    """Return the outputs of `recall` for a link. A link need not name a clip."""
    if AnalysisRequest(*inputs).path is None:
        return (False, *AnswerOutputs())
    return recall(*inputs)


def answer(*inputs: Any) -> Iterator[Outputs]:
    """Yield the outputs of an answer, each when it is ready. Closing the generator stops the work.

    The first outputs clear those of an earlier clip.
    """
    yield from _handled(work.answer, AnalysisRequest(*inputs), EMPTY, button="run")


def answer_if_needed(needs_model: bool, *inputs: Any) -> Iterator[Outputs]:
    """Yield the answer: from the cache if there is one by now, else from the model.

    If many visitors request an answer at once, the model computes it once. If `recall` found the
    answer, yield only the outputs that an older request may have changed since.
    """
    is_missing, *outputs = recall(*inputs)
    if needs_model:
        yield from answer(*inputs) if is_missing else iter([tuple(outputs)])
        return
    cached = AnswerOutputs(*outputs)
    yield AnswerOutputs(status=cached.status, probabilities=cached.probabilities)


def cache_example_answers(choice: str) -> None:
    """Cache the answers of a model for all examples."""
    for file in EXAMPLES.values():
        for _ in answer(str(file), choice, "rollout", 0, False, None, None):
            pass


def check(*inputs: Any) -> Iterator[Outputs]:
    """Yield the status and the result of the deletion test."""
    yield from _handled(work.check, AnalysisRequest(*inputs), (SKIP, ""), button="check")


def pack(*inputs: Any) -> Iterator[Outputs]:
    """Yield the status and a ZIP file with all files of an answer."""
    yield from _handled(work.pack, AnalysisRequest(*inputs), (SKIP, NO_FILE), button="pack")


def fetch(part: str) -> Callable[..., Iterator[Outputs]]:
    """Return the handler by which the explorer gets a part of a large model's attention.

    `part` is one of `explorer.PARTS`. Its number, from 1, is the last input. The handler yields the
    status and a file.
    """

    def handler(*inputs: Any) -> Iterator[Outputs]:
        *rest, number = inputs
        fetch_part = partial(work.fetch, part, number)
        yield from _handled(
            fetch_part, AnalysisRequest(*rest), (SKIP, NO_FILE), button=f"fetch-{part}"
        )

    return handler


def run_experiment(experiment: str) -> Callable[..., Iterator[Outputs]]:
    """Return the handler of an experiment's button. The masked patches are its first input.

    It yields the status and the result's HTML. Before the result, its place shows the status too.
    """

    def handler(mask: str, *inputs: Any) -> Iterator[Outputs]:
        run = partial(work.run_experiment, experiment, mask)
        request = AnalysisRequest(*inputs)
        for status, html in _handled(run, request, (SKIP, None), button=f"try-{experiment}"):
            yield status, f'<div aria-hidden="true">{status}</div>' if html is None else html

    return handler


def delete_clip(clip: str | None, *files: str | None) -> Outputs:
    """Delete a visitor's clip and the files made of it. Return no clip and cleared outputs.

    Examples and files with the content of a cached one, which other visitors may see, stay.
    """
    if clip is None or example_name(clip):
        sentence = t("status.example_stays") if clip else t("status.welcome")
        return (None, *EMPTY._replace(status=status_html(sentence)))
    CLIP_CACHE.discard(clip)
    for file in filter(None, files):
        if not example_name(file) and not ANSWER_CACHE.has_file(file):
            Path(file).unlink(missing_ok=True)
    sentence = t("status.deleted", minutes=limits.MAX_STAY_SECONDS / 60)
    return (None, *EMPTY._replace(status=status_html(sentence)))


def clear() -> Outputs:
    """Return the outputs of a page without a clip."""
    return EMPTY._replace(status=status_html(t("status.welcome")))


def stop() -> str:
    """Return the status after the stop button."""
    return status_html(t("status.stopped"))


def update_labels(choice: str) -> tuple[Any, Any]:
    """Return updates of the dropdowns for a label and its contrast, for another model."""
    choices = model_choices.label_choices(choice)
    return gr.update(choices=choices, value=None), gr.update(choices=choices, value=None)


def update_architecture(choice: str) -> str:
    """Return the diagram of another model."""
    return architecture_html(model_choices.known_config(choice))


def _handled(
    button_work: Callable[[AnalysisRequest], Iterator[Outputs]],
    request: AnalysisRequest,
    empty: Outputs,
    *,
    button: str,
) -> Iterator[Outputs]:
    """Yield the outputs of a button's work, or an error in the status and empty outputs."""
    if request.path is None:
        yield error_outputs(t("errors.page.no_clip"), empty)
        return
    try:
        yield from button_work(request)
    except ClipGone:
        yield (resend_html(button), *empty[1:])
    except TimesformerError as error:
        yield error_outputs(translate(error.message), empty)
    except Exception as error:
        log.exception("an answer failed")
        is_full = getattr(error, "errno", None) in DISK_FULL
        yield error_outputs(
            t("errors.server.disk_full" if is_full else "errors.page.internal"), empty
        )
