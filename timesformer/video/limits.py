"""Limits on the videos that are read, and on the process that reads a stranger's video."""

import os
from dataclasses import dataclass

MAX_FRAMES = 36_000  # of a video, that are scanned: 20 minutes at 30 a second
MAX_STREAMS = 32  # of a file; films on disc have about 20
MAX_SOURCE_PIXELS = 40_000_000  # of a frame; 8K video has 33 million, a forged header any number
MAX_FRAME_PIXELS = 1920 * 1080  # of a frame of a clip; larger frames are reduced
MAX_CLIP_PIXELS = 64_000_000  # of all frames of a clip, 192 MB
MAX_THREADS = 4  # that decode one video; each holds a frame, 12 MB of 4K
MAX_WORKERS = min(4, os.cpu_count() or 1)  # sandboxed processes at once, each with SandboxLimits


@dataclass(frozen=True)
class SandboxLimits:
    """The limits of one sandboxed read of a clip.

    `max_seconds` is the time from request to clip. The decoding process gets `max_cpu_seconds` of
    CPU time and `max_memory_bytes` of address space. 96 frames of a clip and a frame of 8K fit
    into the default.
    """

    max_file_bytes: int = 50_000_000
    max_seconds: float = 20.0
    max_cpu_seconds: int = 10
    max_memory_bytes: int = 1 << 30


SANDBOX_LIMITS = SandboxLimits()
