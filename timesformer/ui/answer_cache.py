"""Cache of answers for the bundled examples. Answers for visitors' clips are not cached."""

import atexit
import logging
import shutil
from collections import OrderedDict
from dataclasses import replace
from filecmp import cmp
from functools import cached_property
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock

from ..i18n import language
from . import model_choices
from .answer import Answer
from .request import AnalysisRequest
from .server import limits
from .server.examples import example_name
from .server.temp_files import CACHE_PREFIX

log = logging.getLogger(__name__)

Key = tuple[str, AnalysisRequest]  # language, and a request whose path is an example's name


class AnswerCache:
    """A least-recently-used cache of answers, with copies of their files."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._copying: set[Key] = set()
        self._lock = Lock()

    @cached_property
    def _folder(self) -> Path:
        folder = Path(mkdtemp(prefix=CACHE_PREFIX))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def get(self, request: AnalysisRequest) -> Answer | None:
        """Return the cached answer of a request, or None."""
        key = _key(request)
        with self._lock:
            if key is None or key not in self._answers:
                return None
            self._answers.move_to_end(key)
            return self._answers[key]

    def put(self, request: AnalysisRequest, answer: Answer) -> None:
        """Cache an answer if its clip is an example and its model is offered."""
        key = _key(request)
        if key is None:
            return
        with self._lock:
            if key in self._answers or key in self._copying:
                return
            self._copying.add(key)
        try:
            self._copy(key, answer)
        except OSError:  # the disk is full; the answer itself is complete
            log.exception("an answer could not be cached")
        finally:
            with self._lock:
                self._copying.remove(key)

    def has_file(self, file: str) -> bool:
        """Return True if a file has the content of a cached one."""
        with self._lock:
            answers = list(self._answers.values())
        cached = [path for a in answers for path in (a.overlay, a.sheet, a.attention) if path]
        return Path(file).exists() and any(cmp(file, path, shallow=False) for path in cached)

    def _copy(self, key: Key, answer: Answer) -> None:
        with self._lock:
            folder = Path(mkdtemp(dir=self._folder))
        answer = replace(
            answer,
            overlay=Path(shutil.copy(answer.overlay, folder)),
            sheet=answer.sheet and Path(shutil.copy(answer.sheet, folder)),
            attention=answer.attention and Path(shutil.copy(answer.attention, folder)),
        )
        with self._lock:
            self._answers[key] = answer
            is_full = len(self._answers) > limits.MAX_CACHED_ANSWERS
            oldest = self._answers.popitem(last=False)[1] if is_full else None
        if oldest:
            shutil.rmtree(oldest.overlay.parent)


def _key(request: AnalysisRequest) -> Key | None:
    name = example_name(request.path) if request.choice in model_choices.offered_models() else None
    return (language().code, replace(request, path=name)) if name else None
