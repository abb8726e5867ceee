"""Answers to the bundled clips, kept while the server runs, so that a class waits for nobody.

Clips of visitors are not among them: what is kept is found by the content of a bundled file.
"""

import atexit
import hashlib
import logging
import shutil
from collections import OrderedDict
from dataclasses import dataclass, replace
from filecmp import cmp
from functools import cache, cached_property
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock

from ..i18n import language
from ..paths import ASSETS_FOLDER
from ..synthetic.scenes import SCENES
from . import catalog
from .request import Asked
from .server.temp_files import KEPT

EXAMPLES = {scene.name: ASSETS_FOLDER / "clips" / f"{scene.name}.mp4" for scene in SCENES}

log = logging.getLogger(__name__)

MOST = 96  # answers, of some 12 MB each on the disk


@dataclass(frozen=True, eq=False)
class Answer:
    """What the page shows of an answer; overlay, sheet and attention are files."""

    best: tuple[str, float]
    notes: str
    bars: dict[str, float]
    overlay: Path
    strip: str
    sheet: Path | None = None
    explorer: str = ""
    attention: Path | None = None


class Keeper:
    """The answers that were asked for last, with copies of their files."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, Asked], Answer] = OrderedDict()
        self._lock = Lock()

    @cached_property
    def _folder(self) -> Path:
        folder = Path(mkdtemp(prefix=KEPT))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def recall(self, asked: Asked) -> Answer | None:
        """The answer that is kept for what is asked, if there is one."""
        key = _key(asked)
        with self._lock:
            if key is None or key not in self._answers:
                return None
            self._answers.move_to_end(key)
            return self._answers[key]

    def keep(self, asked: Asked, answer: Answer) -> None:
        """Keeps the answer where it is of a bundled clip; the oldest goes for the newest."""
        key = _key(asked)
        if key is None:
            return
        with self._lock:
            if key in self._answers:
                return
        try:
            self._copy(key, answer)
        except OSError:  # the disk is full; the answer itself stands
            log.exception("an answer could not be kept")

    def has(self, file: str) -> bool:
        """Whether a file has the content of one that is kept."""
        with self._lock:
            answers = list(self._answers.values())
        kept = (one for a in answers for one in (a.overlay, a.sheet, a.attention) if one)
        return Path(file).exists() and any(cmp(file, one, shallow=False) for one in kept)

    def _copy(self, key: tuple[str, Asked], answer: Answer) -> None:
        folder = Path(mkdtemp(dir=self._folder))
        answer = replace(
            answer,
            overlay=Path(shutil.copy(answer.overlay, folder)),
            sheet=answer.sheet and Path(shutil.copy(answer.sheet, folder)),
            attention=answer.attention and Path(shutil.copy(answer.attention, folder)),
        )
        with self._lock:
            self._answers[key] = answer
            full = len(self._answers) > MOST
            oldest = self._answers.popitem(last=False)[1] if full else None
        if oldest:
            shutil.rmtree(oldest.overlay.parent)


def _key(asked: Asked) -> tuple[str, Asked] | None:
    name = bundled(asked.path) if asked.choice in catalog.offered_models() else None
    return (language().code, replace(asked, path=name)) if name else None


def bundled(path: str | None) -> str | None:
    """The name of the bundled clip that a file is a copy of."""
    try:
        if path is None or Path(path).stat().st_size not in _sizes():
            return None
        return _digests().get(_digest(Path(path)))
    except OSError:  # it stayed for too long, and is gone
        return None


@cache
def _sizes() -> frozenset[int]:
    return frozenset(file.stat().st_size for file in EXAMPLES.values())


@cache
def _digests() -> dict[str, str]:
    return {_digest(file): name for name, file in EXAMPLES.items()}


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
