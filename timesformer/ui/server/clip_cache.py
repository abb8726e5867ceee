"""Cache of visitors' frames, in memory only. A clip's file is deleted once its frames are read."""

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
from . import limits
from .examples import example_name
from .uploads import is_upload


class ClipGone(ClipError):
    """A clip whose file was deleted, and whose cached frames are not those requested."""


class ClipKey(NamedTuple):
    """The request that determines which frames are read."""

    path: str
    start: float
    num_frames: int
    sampling_rate: int | None


class ClipCache:
    """A least-recently-used cache of clips, limited in bytes."""

    def __init__(self) -> None:
        self._clips: OrderedDict[ClipKey, tuple[Clip, float]] = OrderedDict()  # with last use
        self._discarded: OrderedDict[Path, float] = OrderedDict()  # with the time
        # Held while a file is deleted or restored, never while one is read: the event loop waits.
        self._lock = Lock()

    @property
    def num_bytes(self) -> int:
        """Bytes of all cached frames."""
        with self._lock:
            return self._num_bytes()

    def has(self, path: str) -> bool:
        """Return True if any frames of a clip are cached."""
        with self._lock:
            return any(key.path == path for key in self._clips)

    def can_read(self, path: str) -> bool:
        """Return True if a clip's file or some of its frames are here."""
        return Path(path).is_file() or self.has(path)

    def read(self, path: str, recognizers: Sequence[Recognizer], *, start: float) -> list[Clip]:
        """Return the clip as each recognizer reads it, and cache the first one's frames.

        A visitor's file is deleted after that, readable or not. Raises ClipError if it cannot be
        read, and ClipGone if it was deleted before.
        """
        if not is_upload(path) or example_name(path):
            return [
                recognizer.read(path, start=start, sandboxed=True) for recognizer in recognizers
            ]
        keys = [_key(path, start, recognizer) for recognizer in recognizers]
        clips: dict[ClipKey, Clip] = {}
        try:
            for key, recognizer in zip(keys, recognizers, strict=True):
                if key not in clips:
                    clips[key] = self._cached(key) or _read(key, recognizer)
        finally:
            self._delete_and_cache(keys[0], clips.get(keys[0]))
        return [clips[key] for key in keys]

    def discard(self, path: str) -> None:
        """Delete a visitor's clip: its file and its cached frames.

        Reads and uploads of the clip that are in progress leave neither behind.
        """
        upload = Path(path).resolve() if is_upload(path) and not example_name(path) else None
        with self._lock:
            if upload:
                self._remember_discarded(upload)
                _delete(path)
            for key in [key for key in self._clips if key.path == path]:
                del self._clips[key]

    def restore(self, file: Path, target: Path) -> bool:
        """Move a newly uploaded file to the place of the same clip's earlier upload.

        A file that is there stays. Return False and move nothing if the clip was discarded
        meanwhile.
        """
        with self._lock:
            if target in self._discarded:
                return False
            try:
                target.parent.mkdir(mode=0o700, exist_ok=True)
                if target.exists():  # the clip was sent twice
                    file.unlink()
                else:
                    file.rename(target)
            except FileNotFoundError:  # a sweep removed the empty folder
                return False
        file.parent.rmdir()
        return True

    def sweep(self) -> None:
        """Drop frames that were not used for the time to live of a file."""
        expiry = time.monotonic() - limits.TTL_SECONDS
        with self._lock:
            for path in [path for path, since in self._discarded.items() if since <= expiry]:
                del self._discarded[path]
            for key in [key for key, (_, used) in self._clips.items() if used <= expiry]:
                del self._clips[key]

    def _cached(self, key: ClipKey) -> Clip | None:
        with self._lock:
            if key not in self._clips:
                return None
            clip, _ = self._clips.pop(key)
            self._clips[key] = clip, time.monotonic()
            return clip

    def _delete_and_cache(self, key: ClipKey, clip: Clip | None) -> None:
        """Delete a clip's file and cache its frames, unless it was discarded during the read."""
        upload = Path(key.path).resolve()
        with self._lock:
            _delete(key.path)
            is_too_large = clip is not None and clip.frames.nbytes > limits.MAX_CLIP_CACHE_BYTES
            if clip is None or is_too_large or upload in self._discarded:
                return
            self._clips.pop(key, None)
            self._clips[key] = clip, time.monotonic()
            while self._num_bytes() > limits.MAX_CLIP_CACHE_BYTES:
                self._clips.popitem(last=False)

    def _remember_discarded(self, upload: Path) -> None:
        self._discarded.pop(upload, None)
        self._discarded[upload] = time.monotonic()
        if len(self._discarded) > limits.MAX_DISCARDED_CLIPS:
            self._discarded.popitem(last=False)

    def _num_bytes(self) -> int:
        return sum(clip.frames.nbytes for clip, _ in self._clips.values())


def _key(path: str, start: float, recognizer: Recognizer) -> ClipKey:
    preprocess = recognizer.preprocess
    return ClipKey(path, start, preprocess.num_frames, preprocess.sampling_rate)


def _read(key: ClipKey, recognizer: Recognizer) -> Clip:
    if not Path(key.path).exists():
        raise ClipGone("server.clip_gone")
    return recognizer.read(key.path, start=key.start, sandboxed=True)


def _delete(path: str) -> None:
    """Delete a file and its folder."""
    with suppress(OSError):  # already gone; or open on Windows, where a sweep deletes it later
        Path(path).unlink()
        Path(path).parent.rmdir()
