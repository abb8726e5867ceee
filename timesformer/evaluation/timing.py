"""Recognition time of one clip, and a description of the machine."""

import os
import platform
import time
from pathlib import Path
from statistics import median

import numpy as np
import torch

from ..recognizer import Recognizer
from .results import Speed

FRAMES = (240, 320)  # pixels, a common webcam size
WARMUP, RUNS = 5, 20


def clip_speed(recognizer: Recognizer) -> Speed:
    """Return the median time from frames to logits over RUNS runs, after WARMUP runs."""
    frames = np.zeros((recognizer.preprocess.num_frames, *FRAMES, 3), np.uint8)
    seconds = []
    for _ in range(WARMUP + RUNS):
        started = time.perf_counter()
        recognizer.logits(recognizer.preprocess(frames).pixel_values)
        seconds.append(time.perf_counter() - started)
    description = f"{machine(recognizer.device)}, {recognizer.precision}"
    return Speed(1000 * median(seconds[WARMUP:]), FRAMES, description)


def machine(device: torch.device) -> str:
    """Return the processor, number of cores and torch version."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(": ")[2] if names else cpu
    gpu = f"{torch.cuda.get_device_name(device)}, " if device.type == "cuda" else ""
    return f"{gpu}{cpu} with {os.cpu_count()} cores, torch {torch.__version__}"
