"""Seconds for one clip of base 8 x 224: this package beside transformers, in turn.

Random weights, 400 classes; each figure is the median of RUNS with its spread. The floor is what
the matrix products alone take, in the shapes and the precision of ours. transformers 5.23 has
eager attention alone for this model.
"""

import time
from collections.abc import Callable, Iterator
from statistics import median

import torch
import torch.nn.functional as F
import transformers

from timesformer import TimesformerConfig, TimesformerForVideoClassification
from timesformer.hub.key_maps import TRANSFORMERS
from timesformer.kernels.onednn import packs
from timesformer.kernels.prepare import prepare
from timesformer.recognizer import fastest_dtype

RUNS = 7
CONFIG = TimesformerConfig(num_labels=400)
DEFAULT = "transformers, as it loads (float32)"


def ours(
    dtype: torch.dtype, device: torch.device, config: TimesformerConfig = CONFIG
) -> TimesformerForVideoClassification:
    """Return the model as `load` prepares it."""
    torch.manual_seed(0)
    int8 = dtype == torch.int8
    model = TimesformerForVideoClassification(config)
    return prepare(model, int8=int8, dtype=torch.float32 if int8 else dtype).to(device)


def peer(
    model: TimesformerForVideoClassification,
    dtype: torch.dtype,
    config: TimesformerConfig = CONFIG,
) -> torch.nn.Module:
    """The model of transformers with the same weights."""
    names = ("num_frames", "image_size", "patch_size", "num_labels")
    fields = {name: getattr(config, name) for name in names}
    theirs = transformers.TimesformerConfig(**fields)
    other = transformers.TimesformerForVideoClassification(theirs).eval()
    state = {TRANSFORMERS.key(name): value for name, value in model.state_dict().items()}
    other.load_state_dict(state, strict=True)
    return other.to(model.classifier.weight.device, dtype)


def products(model: TimesformerForVideoClassification) -> Iterator[tuple[int, int, int]]:
    """Rows, inner and outer size of every matrix product with weights in a prepared model."""
    T, N, D = CONFIG.num_frames, CONFIG.grid[0] * CONFIG.grid[1], CONFIG.hidden_size
    patches, tokens, wide = T * N, T * (1 + N), CONFIG.intermediate_size
    yield patches, CONFIG.num_channels * CONFIG.patch_shape[0] * CONFIG.patch_shape[1], D
    for last in (*[False] * (CONFIG.num_hidden_layers - 1), True):
        yield from [(patches, D, 3 * D), (patches, D, D)]  # time
        yield tokens, D, 2 * D if last else 3 * D  # space
        if not last:
            yield from [(tokens, D, D), (1 + patches, D, wide), (1 + patches, wide, D)]


def floor(model: TimesformerForVideoClassification) -> Callable[[], object]:
    """The matrix products alone."""
    like = model.classifier.weight
    shapes = list(products(model))
    weights = {
        (inner, outer): torch.randn(outer, inner, device=like.device).to(like.dtype)
        for _, inner, outer in shapes
    }
    rows = {
        (count, inner): torch.randn(count, inner, device=like.device).to(like.dtype)
        for count, inner, _ in shapes
    }

    def multiply() -> None:
        for count, inner, outer in shapes:
            F.linear(rows[count, inner], weights[inner, outer])

    return multiply


def seconds(works: dict[str, Callable[[], object]], device: torch.device) -> dict[str, list[float]]:
    """The sorted times of each work, in turn with the others, after one round to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    with torch.inference_mode():
        for _ in range(1 + RUNS):
            for name, work in works.items():
                began = time.perf_counter()
                work()
                if device.type == "cuda":
                    torch.cuda.synchronize(device)
                taken[name].append(time.perf_counter() - began)
    return {name: sorted(times[1:]) for name, times in taken.items()}


def report() -> Iterator[str]:
    """The table, a line at a time."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    fast = fastest_dtype(device)
    works: dict[str, Callable[[], object]] = {}
    for dtype in dict.fromkeys((torch.float32, fast)):
        pixel_values = torch.randn(1, 8, 3, 224, 224, device=device).to(dtype)
        name, model = str(dtype).removeprefix("torch."), ours(dtype, device)
        works[f"timesformer, {name}"] = lambda model=model, values=pixel_values: model(values)
        works[f"matrix products alone, {name}"] = floor(model)
        other = peer(model, dtype)
        key = DEFAULT if dtype == torch.float32 else f"transformers, {name}"
        works[key] = lambda model=other, values=pixel_values: model(values)
    if device.type == "cpu" and packs(torch.int8):
        quick, values = ours(torch.int8, device), torch.randn(1, 8, 3, 224, 224)
        works["timesformer, int8"] = lambda: quick(values)
    taken = seconds(works, device)
    default = median(taken[DEFAULT])
    yield "| | seconds, median (fastest to slowest) | times transformers as it loads |"
    yield "|---|---|---|"
    for name, times in taken.items():
        middle = median(times)
        spread = f"{middle:.3f} ({times[0]:.3f} to {times[-1]:.3f})"
        yield f"| {name} | {spread} | {middle / default:.2f} |"
