"""Event handlers of the page: convert the request, call one function, convert its result.

Each takes the request of assets/web/js/request.js, and yields the status before its other outputs.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import TimesformerError
from ..hub.network_errors import DISK_FULL
from ..i18n import t, translate
from . import model_choices, work
from .answer import answer_data
from .outputs import NO_FILE, NO_STATUS, SKIP, Outputs, error_outputs
from .request import AnalysisRequest, request_from
from .sections.architecture import architecture_html
from .sections.status import resend_html, status_html
from .server import limits
from .server.clip_cache import ClipGone
from .server.examples import EXAMPLE_PREFIX
from .work import ANSWER_CACHE

log = logging.getLogger(__name__)

Work = Callable[[AnalysisRequest], Iterator[Outputs]]


def recall(sent: Any) -> Outputs:
    """Return True if the model is needed, or False with the status and the cached answer."""
    try:
        request = request_from(sent)
    except TimesformerError as error:
        return (False, *error_outputs(translate(error.message), (SKIP,)))
    answer = ANSWER_CACHE.get(request)
    if answer is None or not answer.has_heatmap(request):
        return (True, SKIP, SKIP)
    return (False, NO_STATUS, answer_data(answer, request))


def answer(sent: Any) -> Iterator[Outputs]:
    """Yield the status and the answer. Closing the generator stops the work."""
    yield from _handled(work.answer, sent, (SKIP,), again="ask")


def answer_if_needed(needs_model: bool, sent: Any) -> Iterator[Outputs]:
    """Yield the answer: from the cache if there is one by now, else from the model.

    If many visitors request an answer at once, the model computes it once.
    """
    is_missing, *outputs = recall(sent) if needs_model else (False, SKIP, SKIP)
    yield from answer(sent) if is_missing else iter([tuple(outputs)])


def cache_example_answers(choice: str, examples: Iterable[str]) -> None:
    """Cache the answers of a model for examples."""
    for name in examples:
        for _ in answer({"clip": {"example": name}, "model": choice}):
            pass


def explore(sent: Any) -> Iterator[Outputs]:
    """Yield the status, the explorer and the file with its numbers."""
    yield from _handled(work.explore, sent, ("", NO_FILE), again="explore")


def check(sent: Any) -> Iterator[Outputs]:
    """Yield the status and the result of the deletion test."""
    yield from _handled(work.check, sent, ("",), again="check")


def download(sent: Any) -> Iterator[Outputs]:
    """Yield the status and a file, of the `kind` that is sent."""
    kind = str(sent.get("kind")) if isinstance(sent, Mapping) else ""
    yield from _handled(partial(work.download, kind), sent, (NO_FILE,), again="download")


def fetch(part: str) -> Callable[[Any], Iterator[Outputs]]:
    """Return the handler by which the explorer gets a part of a large model's attention.

    `part` is one of `explorer.PARTS`; its number, from 1, is sent as `number`.
    """

    def handler(sent: Any) -> Iterator[Outputs]:
        number = sent.get("number") if isinstance(sent, Mapping) else None
        yield from _handled(partial(work.fetch, part, number), sent, (NO_FILE,), again=part)

    return handler


def run_experiment(sent: Any) -> Iterator[Outputs]:
    """Yield the status and the HTML of an `experiment`, with the patches of the `mask` masked.

    Before the result, its place shows the status too.
    """
    values = sent if isinstance(sent, Mapping) else {}
    run = partial(work.run_experiment, str(values.get("experiment")), values.get("mask"))
    for status, html in _handled(run, sent, (None,), again="experiment"):
        shown = f'<div aria-hidden="true">{status}</div>' if html is None else html
        yield status, shown


def forget(*files: str | None) -> Outputs:
    """Delete the `files` that were made of the visitor's clip, which is discarded already.

    Return the status, no answer, no explorer and no files.
    """
    for file in filter(None, files):
        if not Path(file).name.startswith(EXAMPLE_PREFIX):  # which other visitors may see
            Path(file).unlink(missing_ok=True)
    sentence = t("status.deleted", minutes=limits.MAX_STAY_SECONDS / 60)
    status = status_html(sentence, attributes=" data-kept")
    return (status, None, "", *(NO_FILE for _ in files))


def update_architecture(sent: Any) -> str:
    """Return the diagram of the chosen model."""
    choice = sent.get("model") if isinstance(sent, Mapping) else None
    return architecture_html(model_choices.known_config(str(choice)))


def _handled(work: Work, sent: Any, empty: Outputs, *, again: str) -> Iterator[Outputs]:
    """Yield the outputs of some work, or an error in the status and empty outputs.

    `again` is the event that the page repeats once it has sent a deleted clip again.
    """
    try:
        request = request_from(sent)
        if request.path is None:
            raise TimesformerError("page.no_clip")
        yield from work(request)
    except ClipGone:
        yield (resend_html(again), *empty)
    except TimesformerError as error:
        yield error_outputs(translate(error.message), empty)
    except Exception as error:
        log.exception("an answer failed")
        is_full = getattr(error, "errno", None) in DISK_FULL
        key = "errors.server.disk_full" if is_full else "errors.page.internal"
        yield error_outputs(t(key), empty)
