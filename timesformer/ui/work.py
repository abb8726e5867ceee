"""The work behind the page's events: generators of outputs, the status first."""

import secrets
import tempfile
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from ..checkpoints.registry import embedded_models
from ..errors import TimesformerError
from ..experiments import EXPERIMENTS
from ..explain import METHODS
from ..i18n import t
from ..visualize.captions import TOP_K
from ..visualize.strip import check_html
from . import experiment_runner, inference
from .analysis import Analysis, Step, Steps, analyze, at_stage, load_model, read_clip
from .answer import DOWNLOADS, Answer, answer_data, draw_explorer, make_answer, write_download
from .answer_cache import AnswerCache
from .background import convert_steps
from .outputs import NO_STATUS, SKIP, Outputs, file_update
from .request import AnalysisRequest, check_part
from .sections.stage import MAIN_METHODS
from .sections.status import status_html

ANSWER_CACHE = AnswerCache()

Result = TypeVar("Result")
Group = list[tuple[str, str | None]]  # methods, each with a label; None is the most likely one


def answer(request: AnalysisRequest) -> Iterator[Outputs]:
    """Yield the status and the answer, and cache the answer of an example.

    An answer of a small model gets the heatmaps of all quick methods. The page then switches
    between them at once.
    """
    start = time.monotonic()
    analysis = yield from _statuses(analyze(request), SKIP)
    made = make_answer(request, analysis, time.monotonic() - start)
    yield NO_STATUS, answer_data(made, request)
    if request.known != made.id and analysis.name in embedded_models():
        for group in _quick_heatmaps(analysis, made):
            made = yield from _add_heatmaps(request, analysis, made, group)
            yield SKIP, answer_data(made, request)
    ANSWER_CACHE.put(request, made)


def _add_heatmaps(
    request: AnalysisRequest, analysis: Analysis, answer: Answer, group: Group
) -> Generator[Outputs, None, Answer]:
    """Return the answer with a group of heatmaps. Stop between two of them if closed."""
    for method, label in group:
        more = replace(request, method=method, label=label, contrast=None, sharper=False)
        if not answer.has_heatmap(more):
            name, clip = analysis.name, analysis.clip
            steps = inference.explain(name, clip, method=method, target=more.target)
            answer = answer.with_heatmap((yield from _statuses(at_stage(1, steps), SKIP)))
            yield SKIP, SKIP
    return answer


def _quick_heatmaps(analysis: Analysis, answer: Answer) -> Iterator[Group]:
    """Yield groups of quick heatmaps. A visitor's clip gets those by the main methods.

    The answer of an example is cached, so it gets those by all quick methods. Then come those of
    the other labels that are shown, by the main methods.
    """
    scheme = analysis.recognizer.model.config.attention_type
    quick = {
        name: method for name, method in METHODS.items()
        if method.on_page and scheme in method.schemes and not method.is_slow
    }  # fmt: skip
    main = [name for name in MAIN_METHODS if name in quick]
    if not answer.example:
        yield [(name, None) for name in main]
        return
    yield [(name, None) for name in quick]
    shown = [prediction.label for prediction in analysis.explanation.predictions[:TOP_K]]
    yield [(name, label) for label in shown for name in main if quick[name].is_class_specific]


def explore(request: AnalysisRequest) -> Iterator[Outputs]:
    """Yield the status, the explorer's HTML and the file with its numbers."""
    analysis = yield from _statuses(analyze(replace(request, sharper=False)), SKIP, SKIP)
    with tempfile.TemporaryDirectory() as folder:
        section, file = draw_explorer(request, analysis, Path(folder))
        yield NO_STATUS, section, file_update(file)


def check(request: AnalysisRequest) -> Iterator[Outputs]:
    """Yield the status and the result of the deletion test."""
    analysis = yield from _statuses(analyze(request), SKIP)
    steps = inference.check(analysis.name, analysis.clip, analysis.explanation)
    result = yield from _statuses(at_stage(0.7, steps), SKIP)
    yield NO_STATUS, check_html(analysis.explanation, result)


def download(kind: str, request: AnalysisRequest) -> Iterator[Outputs]:
    """Yield the status and one of `answer.DOWNLOADS`, a file. Raises TimesformerError."""
    if kind not in DOWNLOADS:  # not sent by the page
        raise TimesformerError("request.malformed")
    analysis = yield from _statuses(analyze(request), SKIP)
    yield status_html(t("status.packing"), stage=0.8), SKIP
    with tempfile.TemporaryDirectory() as folder:
        yield NO_STATUS, file_update(write_download(kind, request, analysis, Path(folder)))


def fetch(part: str, number: object, request: AnalysisRequest) -> Iterator[Outputs]:
    """Yield the status and a file with one of `explorer.PARTS`, whose number counts from 1."""
    name, recognizer = yield from _statuses(load_model(request), SKIP)
    check_part(recognizer, part, number)
    assert isinstance(number, int)
    [clip] = yield from _statuses(read_clip(request, [recognizer]), SKIP)
    yield status_html(t("status.looking"), stage=0.5), SKIP
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{part}-{number}-{secrets.token_hex(4)}.safetensors")
        if part == "block":
            content = inference.queries_of(name, clip, model=request.choice, blocks=[number - 1])
        else:
            content = inference.rollouts_of(name, clip, model=request.choice, frame=number - 1)
        file.write_bytes(content)
        yield NO_STATUS, file_update(file)


def run_experiment(experiment: str, mask: object, request: AnalysisRequest) -> Iterator[Outputs]:
    """Yield the status and the HTML of one of EXPERIMENTS, which is None before the result.

    Raises TimesformerError for any other.
    """
    if experiment not in EXPERIMENTS:  # not sent by the page
        raise TimesformerError("request.malformed")
    steps = experiment_runner.run(experiment, mask, request)
    html = yield from _statuses(steps, None)
    yield NO_STATUS, html


def _statuses(steps: Steps[Result], *others: Any) -> Generator[Outputs, None, Result]:
    """Return a generator of steps as one of statuses before the `others` outputs."""

    def shown(step: Step) -> Outputs:
        return (status_html(step.sentence, stage=step.stage), *others)

    return convert_steps(steps, shown)
