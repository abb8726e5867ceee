"""Hooks that a server under test runs before app.py, controlled by files in HOOKS_FOLDER.

While `hold` exists, explanations wait. While `full` exists, the disk is full. While `large` exists,
every part of a model's attention is too large to send. Each explanation appends a checksum of its
frames to `explanations`, and each request to another host a line to `requests`. SIGUSR1 drops all
cached frames.

HOOKS_LIMITS is JSON with other limits. Only the first example's answer is cached at the start, no
work takes too long, and occlusion masks few cells.
"""

import json
import math
import os
import shutil
import signal
import sys
import time
import zlib
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from timesformer.recognizer import Recognizer
from timesformer.ui import handlers
from timesformer.ui.analysis import CLIP_CACHE
from timesformer.ui.server import limits
from timesformer.ui.server.temp_files import TempFiles
from timesformer.video.clip import Clip
from timesformer.visualize import explorer

FOLDER = Path(os.environ["HOOKS_FOLDER"])
SET_ELSEWHERE = {"MAX_ATTENTION_BYTES": (explorer, "MAX_BYTES")}  # the limits that tests change
LOCAL = ("127.0.0.1", "localhost", "local", "::1", None)

explain, cache_example_answers = Recognizer.explain, handlers.cache_example_answers


def paused_explain(recognizer: Recognizer, clip: Clip, **options: Any) -> Any:
    with (FOLDER / "explanations").open("a") as file:
        file.write(f"{zlib.crc32(clip.frames.tobytes())}\n")
    while (FOLDER / "hold").exists():
        time.sleep(0.02)
    return explain(recognizer, clip, **options)


def cache_first_answer(choice: str, examples: Iterable[str]) -> None:
    names = list(examples)
    if len(names) == 1:
        cache_example_answers(choice, names)


def replace_value(module: Any, name: str, value: object) -> None:
    assert hasattr(module, name), name
    setattr(module, name, value)


def record_request(event: str, inputs: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo"):
        named = inputs[1] if event == "socket.connect" else inputs
        host = named[0] if isinstance(named, tuple) else "local"
        if host not in LOCAL:
            with (FOLDER / "requests").open("a") as file:
                file.write(f"{event} {named}\n")


def drop_frames(*_: object) -> None:
    ttl, limits.TTL_SECONDS = limits.TTL_SECONDS, 0
    CLIP_CACHE.sweep()
    limits.TTL_SECONDS = ttl


def part_bytes(size: Callable[[Recognizer], int]) -> Callable[[Recognizer], int]:
    return lambda recognizer: size(recognizer) * (10**6 if (FOLDER / "large").exists() else 1)


def free_bytes(temp_files: TempFiles) -> int:
    return 0 if (FOLDER / "full").exists() else shutil.disk_usage(temp_files.folder).free


replace_value(handlers, "cache_example_answers", cache_first_answer)
Recognizer.explain = paused_explain  # type: ignore[method-assign]
TempFiles.free_bytes = property(free_bytes)  # type: ignore[method-assign,assignment]
replace_value(import_module("timesformer.explain.occlusion"), "MAX_CELLS", (2, 3, 3))
replace_value(limits, "MAX_WORK_SECONDS", math.inf)
explorer.PARTS = {part: part_bytes(size) for part, size in explorer.PARTS.items()}
for name, value in json.loads(os.environ["HOOKS_LIMITS"]).items():
    replace_value(*SET_ELSEWHERE.get(name, (limits, name)), value)
sys.addaudithook(record_request)
signal.signal(signal.SIGUSR1, drop_frames)
