"""The sandboxed process: reads requests and videos from its pipes, and writes clips.

`sandbox` starts this process. It imports no torch and little else.
"""

import io
import json
import os
import re
import struct
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
from .limits import MAX_SOURCE_PIXELS, SandboxLimits
from .sandbox_limits import end_with_parent, enter_sandbox, resource_usage, system_call_filter

HEAD = struct.Struct("<IQ")  # the number of JSON bytes that follow, and of raw bytes after them
DONE = b"."  # on the error pipe: the copy that read a clip has exited normally
ONE_PIXEL_GIF = (
    b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\4\0\x0a\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
)

_REQUESTS, _ANSWERS, _ERRORS = 0, 1, 2  # stdin, stdout and stderr
_BLOCK_BYTES = 1 << 20
_SIZE = re.compile(r"Picture size (\d{1,9})x(\d{1,9}) ")  # only FFmpeg's log has the size


def serve(*, forks: bool, limits: dict[str, Any]) -> None:
    """Answer requests for clips, one after another, until the pipe of requests is closed.

    With `forks`, a copy of this process answers each request, so that no clip affects the next
    one. If a copy crashes, this process exits with the number of its signal. Without `forks`, this
    process answers one request.
    """
    sandbox_limits = SandboxLimits(**limits)
    end_with_parent(os.getppid())
    av.logging.set_level(av.logging.ERROR)
    # Do all imports on first use now: the sandbox forbids imports.
    read_clip(io.BytesIO(ONE_PIXEL_GIF), num_frames=1, sampling_rate=1)
    system_call_filter()
    while len(head := _read(HEAD.size).getvalue()) == HEAD.size:
        if not forks:
            _answer(*HEAD.unpack(head), parent=os.getppid(), limits=sandbox_limits)
            return
        parent = os.getpid()
        child = os.fork()
        if not child:
            os.close(_ERRORS)
            _answer(*HEAD.unpack(head), parent=parent, limits=sandbox_limits)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        if status:
            os._exit(os.WTERMSIG(status) or 1)
        os.write(_ERRORS, DONE)


def _answer(json_bytes: int, video_bytes: int, *, parent: int, limits: SandboxLimits) -> None:
    """Enter the sandbox, read one request and its clip, and write the clip or the refusal."""
    protections = enter_sandbox(parent, limits)
    request = json.load(_read(json_bytes))
    video = _read(video_bytes)
    frames = memoryview(b"")
    with av.logging.Capture() as logs:
        try:
            clip = read_clip(video, threads=1, **request)
            answer, frames = _clip_fields(clip), clip.frames.data
        except UnreadableError as error:
            answer = _refusal(_size_error(logs) or error.message)
        except ClipError as error:
            answer = _refusal(error.message)
        except MemoryError:
            answer = _refusal(Message("errors.clip.memory", limit=limits.max_memory_bytes >> 20))
    cpu_seconds, memory_bytes = resource_usage()
    answer |= {
        "protections": protections,
        "cpu_seconds": cpu_seconds,
        "memory_bytes": memory_bytes,
    }
    text = json.dumps(answer).encode()
    for block in (HEAD.pack(len(text), frames.nbytes), text, frames):
        _write(memoryview(block).cast("B"))


def _clip_fields(clip: Clip) -> dict[str, Any]:
    return {
        "shape": clip.frames.shape,
        "times": clip.times.tolist(),
        "duration": clip.duration,
        "notes": [(note.key, note.values) for note in clip.notes],
    }


def _refusal(message: Message) -> dict[str, Any]:
    return {"refusal": (message.key, message.values)}


def _size_error(logs: list[tuple[int, str, str]]) -> Message | None:
    """Return the message for a frame that is too large, if FFmpeg logged one."""
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
    """Return the next `size` bytes of the requests, fewer at the end of the pipe."""
    file = io.BytesIO()
    while block := os.read(_REQUESTS, min(_BLOCK_BYTES, size - file.tell())):
        file.write(block)
    file.seek(0)
    return file


def _write(block: memoryview) -> None:
    while block:
        block = block[os.write(_ANSWERS, block) :]
