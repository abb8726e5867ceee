"""Event handlers of the page: convert the inputs, call one function, convert its result."""

import logging
import secrets
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import gradio as gr

from ..errors import TimesformerError
from ..hub.client import DISK_FULL
from ..i18n import t, translate
from ..visualize.strip import check_html
from . import experiment_runner, inference, model_choices
from .analysis import CLIP_CACHE, Step, analyze, at_stage, load_model, read_clip
from .answer import (
    Answer,
    draw_answer,
    draw_explorer,
    draw_sheet,
    top_probabilities,
    write_archive,
)
from .answer_cache import AnswerCache
from .request import AnalysisRequest, check_part
from .sections.architecture import architecture_html
from .sections.status import resend_html, status_html
from .server import limits
from .server.clip_cache import ClipGone
from .server.examples import EXAMPLES, example_name

ANSWER_CACHE = AnswerCache()
SKIP = gr.skip()
NO_FILE = gr.update(value=None, interactive=False)

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Outputs = tuple[Any, ...]


class AnswerOutputs(NamedTuple):
    """The outputs of an answer, named as in `wiring.Parts`. By default each stays as it is."""

    status: Any = SKIP
    probabilities: Any = SKIP
    overlay: Any = SKIP
    strip: Any = SKIP
    sheet: Any = SKIP
    faithfulness: Any = SKIP
    archive: Any = SKIP
    experiment: Any = SKIP
    explorer: Any = SKIP
    attention: Any = SKIP


EMPTY = AnswerOutputs(
    probabilities=None, overlay=None, strip="", sheet=NO_FILE, faithfulness="", archive=NO_FILE,
    experiment="", explorer="", attention=NO_FILE,
)  # fmt: skip


def recall(*inputs: Any) -> Outputs:
    """Return whether the model is needed and, if not, the cached answer."""
    answer = ANSWER_CACHE.get(AnalysisRequest(*inputs))
    if answer is None:
        return (True, *AnswerOutputs())
    label, probability = answer.best
    sentence = t("status.answered_before", label=label, probability=probability)
    return (False, *_outputs(answer, sentence))


def recall_linked(*inputs: Any) -> Outputs:
    """Return what `recall` does, for a link. A link need not name a clip."""
    if AnalysisRequest(*inputs).path is None:
        return (False, *AnswerOutputs())
    return recall(*inputs)


def answer(*inputs: Any) -> Iterator[Outputs]:
    """Yield the outputs of an answer as each is ready; closing the generator stops the work.

    First all outputs of an earlier clip are cleared. The explorer and its file come after the
    strip, and the contact sheet comes last. With those the
    status stays, so it is not read out again.
    """
    yield from _handled(_answer, AnalysisRequest(*inputs), EMPTY, button="run")


def answer_if_needed(needs_model: bool, *inputs: Any) -> Iterator[Outputs]:
    """Yield what `answer` does if `recall` found nothing, and nothing is cached since.

    So the model answers one of many equal requests at once; the others find that answer cached.
    """
    is_missing, *outputs = recall(*inputs)
    if needs_model:
        yield from answer(*inputs) if is_missing else iter([tuple(outputs)])
        return
    cached = AnswerOutputs(*outputs)  # again: an older request may have changed these two
    yield AnswerOutputs(status=cached.status, probabilities=cached.probabilities)


def cache_example_answers(choice: str) -> None:
    """Cache the answers of a model for all examples."""
    for file in EXAMPLES.values():
        for _ in answer(str(file), choice, "rollout", 0, False, None, None):
            pass


def check(*inputs: Any) -> Iterator[Outputs]:
    """Yield the status, and the result of the faithfulness test."""
    yield from _handled(_check, AnalysisRequest(*inputs), (SKIP, ""), button="check")


def pack(*inputs: Any) -> Iterator[Outputs]:
    """Yield the status, and a ZIP file with everything there is of an answer."""
    yield from _handled(_pack, AnalysisRequest(*inputs), (SKIP, NO_FILE), button="pack")


def fetch(part: str) -> Callable[..., Iterator[Outputs]]:
    """Return the handler by which the explorer gets a part of a large model's attention.

    `part` is one of `explorer.PARTS`. Its number, from 1, is the last input. The handler yields the
    status and a file.
    """

    def handler(*inputs: Any) -> Iterator[Outputs]:
        *rest, number = inputs
        work = partial(_fetch, part, number)
        yield from _handled(work, AnalysisRequest(*rest), (SKIP, NO_FILE), button=f"fetch-{part}")

    return handler


def run_experiment(experiment: str) -> Callable[..., Iterator[Outputs]]:
    """Return the handler of an experiment's button. The masked patches are its first input.

    It yields the status and the result's HTML; until the result is there, the status stands in its
    place too.
    """

    def handler(mask: str, *inputs: Any) -> Iterator[Outputs]:
        work = partial(_run_experiment, experiment, mask)
        request = AnalysisRequest(*inputs)
        for status, html in _handled(work, request, (SKIP, None), button=f"try-{experiment}"):
            yield status, f'<div aria-hidden="true">{status}</div>' if html is None else html

    return handler


def delete_clip(clip: str | None, *files: str | None) -> Outputs:
    """Delete a visitor's clip and the files made of it. Return no clip and cleared outputs.

    Examples, and files that other visitors may be looking at, stay.
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
    work: Callable[[AnalysisRequest], Iterator[Outputs]],
    request: AnalysisRequest,
    empty: Outputs,
    *,
    button: str,
) -> Iterator[Outputs]:
    """Yield the outputs of a button's work, or an error in the status and empty outputs."""
    if request.path is None:
        yield _error(t("errors.page.no_clip"), empty)
        return
    try:
        yield from work(request)
    except ClipGone:
        yield (resend_html(button), *empty[1:])
    except TimesformerError as error:
        yield _error(translate(error.message), empty)
    except gr.Error:  # raised by ZeroGPU
        log.exception("no GPU")
        yield _error(t("errors.page.no_gpu"), empty)
    except Exception as error:
        log.exception("an answer failed")
        is_full = getattr(error, "errno", None) in DISK_FULL
        yield _error(t("errors.server.disk_full" if is_full else "errors.page.internal"), empty)


def _error(sentence: str, empty: Outputs) -> Outputs:
    return (status_html(sentence, is_error=True), *empty[1:])


def _statuses(
    steps: Generator[Step, None, Result], *others: Any
) -> Generator[Outputs, None, Result]:
    """Yield steps as statuses before the `others` outputs. Return what `steps` returns."""
    try:
        while True:
            sentence, stage = next(steps)
            yield (status_html(sentence, stage=stage), *others)
    except StopIteration as end:
        result: Result = end.value
        return result
    finally:
        steps.close()


def _answer(request: AnalysisRequest) -> Iterator[Outputs]:
    start = time.monotonic()
    steps = _statuses(analyze(request), *AnswerOutputs()[1:])
    status, *_ = next(steps)
    yield EMPTY._replace(status=status)
    analysis = yield from steps
    yield AnswerOutputs(
        status=status_html(t("status.drawing"), stage=0.8),
        probabilities=top_probabilities(analysis),
    )
    with tempfile.TemporaryDirectory() as folder:
        answer = draw_answer(request, analysis, Path(folder))
        label, probability = answer.best
        sentence = t(
            "status.answered",
            label=label,
            probability=probability,
            seconds=time.monotonic() - start,
            device=analysis.explanation.processor,
        )
        yield _outputs(answer, sentence)._replace(explorer=SKIP, attention=SKIP)
        answer = replace(answer, **draw_explorer(request, analysis, Path(folder)))
        yield AnswerOutputs(explorer=answer.explorer, attention=_file(answer.attention))
        answer = replace(answer, sheet=draw_sheet(request, analysis, Path(folder)))
        ANSWER_CACHE.put(request, answer)
        yield AnswerOutputs(sheet=_file(answer.sheet))


def _outputs(answer: Answer, sentence: str) -> AnswerOutputs:
    """Return the outputs of an answer. The sentence comes before its notes in the status."""
    return AnswerOutputs(
        status=status_html(f"{sentence} {answer.notes}".strip()),
        probabilities=answer.probabilities,
        overlay=gr.update(value=str(answer.overlay)),  # a plain path breaks in Gradio at a skip
        strip=answer.strip,
        sheet=_file(answer.sheet),
        faithfulness="",
        archive=NO_FILE,
        experiment="",
        explorer=answer.explorer,
        attention=_file(answer.attention),
    )


def _file(file: Path | None) -> Any:
    return NO_FILE if file is None else gr.update(value=str(file), interactive=True)


def _check(request: AnalysisRequest) -> Iterator[Outputs]:
    analysis = yield from _statuses(analyze(request), SKIP)
    steps = inference.check(analysis.name, analysis.clip, analysis.explanation)
    result = yield from _statuses(at_stage(0.7, steps), SKIP)
    yield status_html(t("status.checked")), check_html(analysis.explanation, result)


def _pack(request: AnalysisRequest) -> Iterator[Outputs]:
    analysis = yield from _statuses(analyze(request), SKIP)
    yield status_html(t("status.packing"), stage=0.8), SKIP
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "timesformer.zip")
        write_archive(request, analysis, file)
        yield status_html(t("status.packed")), _file(file)


def _fetch(part: str, number: int, request: AnalysisRequest) -> Iterator[Outputs]:
    name, recognizer = yield from _statuses(load_model(request), SKIP)
    check_part(recognizer, part, number)
    [clip] = yield from _statuses(read_clip(request, [recognizer]), SKIP)
    yield status_html(t("status.looking"), stage=0.5), SKIP
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{part}-{number}-{secrets.token_hex(4)}.safetensors")
        if part == "block":
            content = inference.queries_of(name, clip, model=request.choice, blocks=[number - 1])
        else:
            content = inference.rollouts_of(name, clip, model=request.choice, frame=number - 1)
        file.write_bytes(content)
        yield status_html(t(f"status.fetched.{part}", number=number)), _file(file)


def _run_experiment(experiment: str, mask: str, request: AnalysisRequest) -> Iterator[Outputs]:
    steps = experiment_runner.run(experiment, mask, request)
    html = yield from _statuses(steps, None)
    yield status_html(t("status.experiment_done")), html
