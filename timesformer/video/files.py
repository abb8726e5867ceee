"""Files of videos: a path, or a file that is already open."""

import os
import stat
from contextlib import AbstractContextManager, nullcontext
from typing import BinaryIO

from ..errors import ClipError

VideoFile = str | os.PathLike[str] | BinaryIO  # a path, or a file opened for reading bytes


def open_bytes(video: VideoFile, *, is_named: bool) -> AbstractContextManager[BinaryIO]:
    """Return a file for reading the bytes of a video from the start, closed only if opened here.

    Errors name the path if `is_named`; for the videos of strangers they must not. Raises ClipError
    for a path that cannot be opened, and ValueError for other objects than paths and open files.
    """
    if isinstance(video, str | os.PathLike):
        return _open_regular_file(video, is_named=is_named)
    try:
        video.seek(0)
        is_open = isinstance(video.read(0), bytes)  # a text file reads str
    except (AttributeError, TypeError, OSError, ValueError):  # of other objects, and closed files
        is_open = False
    if not is_open:
        raise ValueError(
            f"the video is a {type(video).__name__}; give a path, or a file opened for reading "
            "bytes that can seek, such as io.BytesIO(data)"
        )
    return nullcontext(video)


def _open_regular_file(path: str | os.PathLike[str], *, is_named: bool) -> BinaryIO:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe would block
            raise ClipError("clip.not_a_file")
        return open(path, "rb")
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: has a null byte
        if is_named:
            raise ClipError("clip.no_file_named", name=os.fsdecode(path)) from None
        raise ClipError("clip.no_file") from None
    except PermissionError:
        if is_named:
            raise ClipError("clip.no_access_named", name=os.fsdecode(path)) from None
        raise ClipError("clip.cannot_open") from None
    except OSError:
        raise ClipError("clip.cannot_open") from None
