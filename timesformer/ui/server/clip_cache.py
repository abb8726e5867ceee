"""Frames of visitors' clips, in memory alone: a clip's file is deleted once they are read."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from ...errors import ClipError
from ...recognizer import Recognizer
from ...video.clip import Clip
from ..answer_cache import bundled
from .temp_files import STAY
from .uploads import is_upload

MOST_BYTES = 512_000_000  # of all frames: ten clips of 1080p for eight frames, 69 of our camera's
MOST_LET_GO = 10_000  # clips remembered: in their time an address sends 600, at one a second


class Gone(ClipError):
    """A clip of which neither the file is here nor the frames that are wanted."""


class Wanted(NamedTuple):
    """What decides which frames are read."""

    path: str
    start: float
    num_frames: int
    sampling_rate: int | None


class Held:
    """The frames that were wanted last; where there is no room, those go that were used longest
    ago.
    """

    def __init__(self) -> None:
        self._clips: OrderedDict[Wanted, tuple[Clip, float]] = OrderedDict()  # and when last used
        self._let_go: OrderedDict[Path, float] = OrderedDict()  # where those were, and since when
        self._lock = Lock()  # also around deleting and putting back; the loop waits for it, too

    @property
    def num_bytes(self) -> int:
        """How much memory the frames take."""
        with self._lock:
            return self._num_bytes()

    def has(self, path: str) -> bool:
        """Whether frames of a clip are here, be they those that are wanted next or others."""
        with self._lock:
            return any(wanted.path == path for wanted in self._clips)

    def can_read(self, path: str) -> bool:
        """Return whether a clip's file or some of its frames are here."""
        return Path(path).is_file() or self.has(path)

    def read(self, path: str, recognizers: Sequence[Recognizer], *, start: float) -> list[Clip]:
        """The clip as each of them is shown it; the first one's frames are held.

        With that a visitor's file is deleted, whether or not it could be read. Raises ClipError,
        and Gone where it was deleted before.
        """
        if not is_upload(path) or bundled(path):
            return [
                recognizer.read(path, start=start, sandboxed=True) for recognizer in recognizers
            ]
        asked = [_wanted(path, start, recognizer) for recognizer in recognizers]
        clips: dict[Wanted, Clip] = {}
        try:
            for wanted, recognizer in zip(asked, recognizers, strict=True):
                if wanted not in clips:
                    clips[wanted] = self._recall(wanted) or _read(wanted, recognizer)
        finally:
            self._settle(asked[0], clips.get(asked[0]))
        return [clips[wanted] for wanted in asked]

    def let_go(self, path: str) -> None:
        """Deletes a visitor's clip: its file, where it is still here, and its frames.

        Neither is taken in any more where it is still on its way.
        """
        where = Path(path).resolve() if is_upload(path) and not bundled(path) else None
        with self._lock:
            if where:
                self._remember(where)
                _delete(path)
            for wanted in [wanted for wanted in self._clips if wanted.path == path]:
                del self._clips[wanted]

    def put_back(self, file: Path, where: Path) -> bool:
        """Puts a file, out of a folder of its own, where a clip was that comes again.

        What is there stays; where the clip was let go meanwhile, nothing comes.
        """
        with self._lock:
            if where in self._let_go:
                return False
            try:
                where.parent.mkdir(mode=0o700, exist_ok=True)
                if where.exists():  # it was sent twice
                    file.unlink()
                else:
                    file.rename(where)
            except FileNotFoundError:  # a sweep took the empty folder just now
                return False
        file.parent.rmdir()
        return True

    def sweep(self) -> None:
        """Lets frames go that were not used for as long as a file stays."""
        until = time.monotonic() - STAY
        with self._lock:
            for where in [where for where, since in self._let_go.items() if since <= until]:
                del self._let_go[where]
            for wanted in [wanted for wanted, (_, used) in self._clips.items() if used <= until]:
                del self._clips[wanted]

    def _recall(self, wanted: Wanted) -> Clip | None:
        with self._lock:
            if wanted not in self._clips:
                return None
            clip, _ = self._clips.pop(wanted)
            self._clips[wanted] = clip, time.monotonic()
            return clip

    def _settle(self, wanted: Wanted, clip: Clip | None) -> None:
        """Deletes the file, and holds the frames unless it was let go while they were read."""
        where = Path(wanted.path).resolve()
        with self._lock:
            _delete(wanted.path)
            if clip is None or where in self._let_go or clip.frames.nbytes > MOST_BYTES:
                return
            self._clips.pop(wanted, None)
            self._clips[wanted] = clip, time.monotonic()
            while self._num_bytes() > MOST_BYTES:
                self._clips.popitem(last=False)

    def _remember(self, where: Path) -> None:
        self._let_go.pop(where, None)
        self._let_go[where] = time.monotonic()
        if len(self._let_go) > MOST_LET_GO:
            self._let_go.popitem(last=False)

    def _num_bytes(self) -> int:
        return sum(clip.frames.nbytes for clip, _ in self._clips.values())


def _wanted(path: str, start: float, recognizer: Recognizer) -> Wanted:
    chosen = recognizer.preprocess
    return Wanted(path, start, chosen.num_frames, chosen.sampling_rate)


def _read(wanted: Wanted, recognizer: Recognizer) -> Clip:
    if not Path(wanted.path).exists():
        raise Gone("server.clip_gone")
    return recognizer.read(wanted.path, start=wanted.start, sandboxed=True)


def _delete(path: str) -> None:
    """Deletes a file with its folder."""
    with suppress(OSError):  # it is gone, or open elsewhere, on Windows; a sweep will find it
        Path(path).unlink()
        Path(path).parent.rmdir()
