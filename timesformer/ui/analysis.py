"""Analysis of a clip: from a visitor's request to an explanation, step by step.

Functions that take long are generators. They yield each step and return a result.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from ..errors import TimesformerError
from ..explain import Explanation
from ..hub.source import Repository
from ..i18n import Message, t
from ..recognizer import Recognizer
from ..video.clip import Clip
from . import inference, model_cache, model_choices
from .background import convert_steps
from .model_cache import ModelName, OnCPU
from .model_cost import check_cost
from .request import AnalysisRequest, check_request
from .server.clip_cache import ClipCache

CLIP_CACHE = ClipCache()

Result = TypeVar("Result")


class Step(NamedTuple):
    """A sentence for the visitor, and the share of the work that is done (0 to 1)."""

    sentence: str
    stage: float


Steps = Generator[Step, None, Result]


@dataclass(frozen=True, eq=False)
class Analysis:
    """An explanation of a clip, and the recognizer that made it, by its name for inference."""

    name: ModelName
    recognizer: Recognizer
    clip: Clip
    explanation: Explanation


def load_model(request: AnalysisRequest) -> Steps[tuple[str | Repository, Recognizer]]:
    """Return the requested model: its name for `load`, and its recognizer."""
    yield Step(t("status.loading"), 0.1)
    name = model_choices.resolve_choice(request.choice)
    if isinstance(name, Repository):
        check_cost(name)
    for sentence in model_cache.download(name):
        yield Step(sentence, 0.1)
    return name, model_cache.recognizer_named(name)


def read_clip(request: AnalysisRequest, recognizers: Sequence[Recognizer]) -> Steps[list[Clip]]:
    """Return the clip for each recognizer. Read it for all at once: its file is then deleted."""
    yield Step(t("status.reading"), 0.3)
    assert request.path is not None
    if request.start < 0:
        raise TimesformerError("page.negative_start")
    return CLIP_CACHE.read(request.path, recognizers, start=request.start)


def analyze(request: AnalysisRequest) -> Steps[Analysis]:
    """Return the explanation that a request asks for."""
    name, recognizer = yield from load_model(request)
    check_request(recognizer, request)
    [clip] = yield from read_clip(request, [recognizer])
    yield Step(t("status.looking"), 0.5)
    steps = inference.explain(
        name, clip, method=request.method, target=request.target, sharper=request.sharper
    )
    explanation = yield from at_stage(0.6, steps)
    if inference.is_without_gpu(name, explanation):
        notes = (*recognizer.notes, Message("status.no_gpu"))
        return Analysis(OnCPU(name), replace(recognizer, notes=notes), clip, explanation)
    return Analysis(name, recognizer, clip, explanation)


def at_stage(stage: float, sentences: Generator[str, None, Result]) -> Steps[Result]:
    """Return a generator of sentences as one of steps, all of one stage."""
    return convert_steps(sentences, lambda sentence: Step(sentence, stage))
