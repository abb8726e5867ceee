"""Cache of answers for the bundled examples. Answers for visitors' clips are not cached."""

from collections import OrderedDict
from threading import Lock

from . import model_choices
from .answer import Answer, answer_id
from .request import AnalysisRequest
from .server import limits
from .server.examples import example_name


class AnswerCache:
    """A least-recently-used cache of answers, each with the heatmaps that were asked for first."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = Lock()

    def get(self, request: AnalysisRequest) -> Answer | None:
        """Return the cached answer of a request, whatever its heatmaps, or None."""
        if not _is_cached(request):
            return None
        key = answer_id(request)
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def put(self, request: AnalysisRequest, answer: Answer) -> None:
        """Cache an answer, with the heatmaps cached before, if its clip is an example."""
        if not _is_cached(request):
            return
        with self._lock:
            cached = self._answers.get(answer.id, answer)
            for explanation in answer.explanations.values():
                if len(cached.explanations) < limits.MAX_CACHED_HEATMAPS:
                    cached = cached.with_heatmap(explanation)
            self._answers[answer.id] = cached
            self._answers.move_to_end(answer.id)
            if len(self._answers) > limits.MAX_CACHED_ANSWERS:
                self._answers.popitem(last=False)


def _is_cached(request: AnalysisRequest) -> bool:
    is_offered = request.choice in model_choices.offered_models()
    return bool(is_offered and request.start == 0 and example_name(request.path))
