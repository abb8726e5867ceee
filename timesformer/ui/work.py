"""The work behind the page's buttons: generators of outputs, the status first."""

import secrets
import tempfile
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from ..i18n import t
from ..visualize.strip import check_html
from . import experiment_runner, inference
from .analysis import Step, analyze, at_stage, load_model, read_clip
from .answer import draw_answer, draw_explorer, draw_sheet, top_probabilities, write_archive
from .answer_cache import AnswerCache
from .background import convert_steps
from .outputs import EMPTY, SKIP, AnswerOutputs, Outputs, answer_outputs, file_update
from .request import AnalysisRequest, check_part
from .sections.status import status_html

ANSWER_CACHE = AnswerCache()

Result = TypeVar("Result")


def answer(request: AnalysisRequest) -> Iterator[Outputs]:
    """Yield the outputs of an answer, each when it is ready, and cache the answer.

    The steps after the strip leave the status unchanged, so screen readers do not repeat it.
    """
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
        yield answer_outputs(answer, sentence)._replace(explorer=SKIP, attention=SKIP)
        answer = replace(answer, **draw_explorer(request, analysis, Path(folder)))
        yield AnswerOutputs(explorer=answer.explorer, attention=file_update(answer.attention))
        answer = replace(answer, sheet=draw_sheet(request, analysis, Path(folder)))
        ANSWER_CACHE.put(request, answer)
        yield AnswerOutputs(sheet=file_update(answer.sheet))


def check(request: AnalysisRequest) -> Iterator[Outputs]:
    """Yield the status and the result of the deletion test."""
    analysis = yield from _statuses(analyze(request), SKIP)
    steps = inference.check(analysis.name, analysis.clip, analysis.explanation)
    result = yield from _statuses(at_stage(0.7, steps), SKIP)
    yield status_html(t("status.checked")), check_html(analysis.explanation, result)


def pack(request: AnalysisRequest) -> Iterator[Outputs]:
    """Yield the status and a ZIP file with all files of an answer."""
    analysis = yield from _statuses(analyze(request), SKIP)
    yield status_html(t("status.packing"), stage=0.8), SKIP
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "timesformer.zip")
        write_archive(request, analysis, file)
        yield status_html(t("status.packed")), file_update(file)


def fetch(part: str, number: int, request: AnalysisRequest) -> Iterator[Outputs]:
    """Yield the status and a file with one of `explorer.PARTS`, whose number counts from 1."""
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
        yield status_html(t(f"status.fetched.{part}", number=number)), file_update(file)


def run_experiment(experiment: str, mask: str, request: AnalysisRequest) -> Iterator[Outputs]:
    """Yield the status and the HTML of an experiment, which is None before the result."""
    steps = experiment_runner.run(experiment, mask, request)
    html = yield from _statuses(steps, None)
    yield status_html(t("status.experiment_done")), html


def _statuses(
    steps: Generator[Step, None, Result], *others: Any
) -> Generator[Outputs, None, Result]:
    """Return a generator of steps as one of statuses before the `others` outputs."""
    return convert_steps(
        steps, lambda step: (status_html(step.sentence, stage=step.stage), *others)
    )
