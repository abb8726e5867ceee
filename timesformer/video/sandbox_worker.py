"""Reads strangers' clips in a process of its own: bytes of a video in, counted raw blocks out.

`apart` starts it. It imports neither torch nor anything else that it can do without.
"""

import io
import json
import os
import re
import struct
import sys
from typing import Any

# PyAV imports some of these for the first file with subtitles, NumPy the last one for a median.
import av.logging
import av.subtitles.codeccontext
import av.subtitles.stream
import numpy.ma  # noqa: F401

from ..errors import ClipError
from ..i18n import Message
from .clip import Clip, read_clip
from .decode import UnreadableError
from .probe import MAX_SOURCE_PIXELS
from .sandbox_limits import MEMORY, call_filter, confine, end_with, spent

FORKS = sys.platform == "linux"  # on macOS libraries may not survive it, on Windows there is none
HEAD = struct.Struct("<IQ")  # how many bytes of JSON follow, and how many raw ones after them
DONE = b"."  # on the error pipe: the process that read a clip has ended, and ended well
DOT = (  # a GIF of one pixel
    b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\4\0\x0a\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
)

_REQUESTS, _ANSWERS, _ERRORS = 0, 1, 2  # stdin, stdout and stderr
_BLOCK = 1 << 20  # bytes read at once
_SIZE = re.compile(r"Picture size (\d{1,9})x(\d{1,9}) ")  # in FFmpeg's log, and nowhere else


def serve() -> None:
    """Answer requests for clips, one after another, until there are no more.

    On Linux a copy of this process answers each, so that no clip meets what another left behind;
    elsewhere one is answered, and that is all. Where a copy comes to harm this process ends too,
    with the number of the signal as its exit code.
    """
    end_with(os.getppid())
    av.logging.set_level(av.logging.ERROR)
    # Whatever else is imported at its first use, now: confinement would not let it.
    read_clip(io.BytesIO(DOT), num_frames=1, sampling_rate=1)
    call_filter()
    while len(head := _read(HEAD.size).getvalue()) == HEAD.size:
        if not FORKS:
            _answer(*HEAD.unpack(head), held=confine(os.getppid()))
            return
        parent = os.getpid()
        child = os.fork()
        if not child:
            os.close(_ERRORS)
            _answer(*HEAD.unpack(head), held=confine(parent))
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        if status:
            os._exit(os.WTERMSIG(status) or 1)
        os.write(_ERRORS, DONE)


def _answer(json_size: int, raw_size: int, *, held: dict[str, bool]) -> None:
    """Read one clip, and send it or the sentence that says why not."""
    request = json.load(_read(json_size))
    video = _read(raw_size)
    frames = memoryview(b"")
    with av.logging.Capture() as logs:
        try:
            clip = read_clip(video, threads=1, **request)
            told, frames = _told(clip), clip.frames.data
        except UnreadableError as error:
            told = _refusal(_too_large(logs) or error.message)
        except ClipError as error:
            told = _refusal(error.message)
        except MemoryError:
            told = _refusal(Message("errors.clip.memory", limit=MEMORY >> 20))
    about = json.dumps({**told, "held": held, "spent": spent()}).encode()
    for block in (HEAD.pack(len(about), frames.nbytes), about, frames):
        _write(memoryview(block).cast("B"))


def _told(clip: Clip) -> dict[str, Any]:
    return {
        "shape": clip.frames.shape,
        "times": clip.times.tolist(),
        "duration": clip.duration,
        "notes": [(note.key, note.values) for note in clip.notes],
    }


def _refusal(message: Message) -> dict[str, Any]:
    return {"refusal": (message.key, message.values)}


def _too_large(logs: list[tuple[int, str, str]]) -> Message | None:
    """What to say where FFmpeg found a frame too large."""
    for *_, line in logs:
        if size := _SIZE.match(line):
            width, height = map(int, size.groups())
            return Message(
                "errors.clip.frame_too_large",
                width=width,
                height=height,
                millions=width * height / 1e6,
                limit=MAX_SOURCE_PIXELS // 1_000_000,
            )
    return None


def _read(size: int) -> io.BytesIO:
    """The next `size` bytes that were sent; fewer where that has ended."""
    file = io.BytesIO()
    while block := os.read(_REQUESTS, min(_BLOCK, size - file.tell())):
        file.write(block)
    file.seek(0)
    return file


def _write(block: memoryview) -> None:
    while block:
        block = block[os.write(_ANSWERS, block) :]
