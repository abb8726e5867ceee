"""How long one clip takes, and on what."""

import os
import platform
import time
from pathlib import Path
from statistics import median

import torch

from ..recognizer import Recognizer
from .results import Speed

WARM_UP, RUNS = 5, 20


@torch.inference_mode()
def clip_speed(recognizer: Recognizer) -> Speed:
    """The median over 20 runs, after 5 to warm up, of pixel values to logits of one clip."""
    weight = recognizer.model.classifier.weight
    T, (H, W) = recognizer.preprocess.num_frames, recognizer.preprocess.crop_size
    pixel_values = torch.zeros(1, T, 3, H, W, device=weight.device, dtype=weight.dtype)
    seconds = []
    for _ in range(WARM_UP + RUNS):
        started = time.perf_counter()
        recognizer.model(pixel_values).logits.cpu()  # waits for a GPU too
        seconds.append(time.perf_counter() - started)
    return Speed(1000 * median(seconds[WARM_UP:]), machine(weight.device))


def machine(device: torch.device) -> str:
    """The processor, cores and version of torch that something was measured with."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(": ")[2] if names else cpu
    gpu = f"{torch.cuda.get_device_name(device)}, " if device.type == "cuda" else ""
    return f"{gpu}{cpu} with {os.cpu_count()} cores, torch {torch.__version__}"
