"""Seconds for one clip of base 8 x 224: this package and transformers, in turn.

Random weights, 400 classes; each figure is the median of RUNS with its range. "Matrix products
alone" have the shapes and the precision of this package's model. transformers 5.23 has only eager
attention for this model.
"""

from collections.abc import Callable, Iterator
from statistics import median

import torch
import torch.nn.functional as F
import transformers

from timesformer import TimesformerConfig, TimesformerForVideoClassification
from timesformer.hub.key_maps import TRANSFORMERS
from timesformer.kernels.onednn import packs
from timesformer.kernels.prepare import prepare

from .measure import measure_in_turn, spread

RUNS = 7
CONFIG = TimesformerConfig(num_labels=400)
DEFAULT = "transformers, as it loads (float32)"


def our_model(
    dtype: torch.dtype, device: torch.device, config: TimesformerConfig = CONFIG
) -> TimesformerForVideoClassification:
    """Return the model as `load` prepares it."""
    torch.manual_seed(0)
    int8 = dtype == torch.int8
    model = TimesformerForVideoClassification(config)
    return prepare(model, int8=int8, dtype=torch.float32 if int8 else dtype).to(device)


def transformers_model(
    model: TimesformerForVideoClassification,
    dtype: torch.dtype,
    config: TimesformerConfig = CONFIG,
) -> torch.nn.Module:
    """Return the model of transformers with the same weights."""
    names = ("num_frames", "image_size", "patch_size", "num_labels")
    fields = {name: getattr(config, name) for name in names}
    peer_config = transformers.TimesformerConfig(**fields)
    other = transformers.TimesformerForVideoClassification(peer_config).eval()
    state = {TRANSFORMERS.key(name): value for name, value in model.state_dict().items()}
    other.load_state_dict(state, strict=True)
    return other.to(model.classifier.weight.device, dtype)


def products(model: TimesformerForVideoClassification) -> Iterator[tuple[int, int, int]]:
    """Yield rows, inner and outer size of every matrix product with weights in a prepared model."""
    T, N, D = CONFIG.num_frames, CONFIG.grid[0] * CONFIG.grid[1], CONFIG.hidden_size
    patches, tokens, wide = T * N, T * (1 + N), CONFIG.intermediate_size
    yield patches, CONFIG.num_channels * CONFIG.patch_shape[0] * CONFIG.patch_shape[1], D
    for last in (*[False] * (CONFIG.num_hidden_layers - 1), True):
        yield from [(patches, D, 3 * D), (patches, D, D)]  # time
        yield tokens, D, 2 * D if last else 3 * D  # space
        if not last:
            yield from [(tokens, D, D), (1 + patches, D, wide), (1 + patches, wide, D)]


def products_alone(model: TimesformerForVideoClassification) -> Callable[[], object]:
    """Return a task that computes the matrix products alone."""
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


def report() -> Iterator[str]:
    """Yield the lines of the table."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    fast = torch.bfloat16 if device.type == "cuda" or packs(torch.bfloat16) else torch.float32
    tasks: dict[str, Callable[[], object]] = {}
    for dtype in dict.fromkeys((torch.float32, fast)):
        pixel_values = torch.randn(1, 8, 3, 224, 224, device=device).to(dtype)
        name, model = str(dtype).removeprefix("torch."), our_model(dtype, device)
        tasks[f"timesformer, {name}"] = lambda model=model, values=pixel_values: model(values)
        tasks[f"matrix products alone, {name}"] = products_alone(model)
        other = transformers_model(model, dtype)
        key = DEFAULT if dtype == torch.float32 else f"transformers, {name}"
        tasks[key] = lambda model=other, values=pixel_values: model(values)
    if device.type == "cpu" and packs(torch.int8):
        quick, values = our_model(torch.int8, device), torch.randn(1, 8, 3, 224, 224)
        tasks["timesformer, int8"] = lambda: quick(values)
    with torch.inference_mode():
        seconds = measure_in_turn(tasks, runs=RUNS)
    default = median(seconds[DEFAULT])
    yield "| | seconds, median (fastest to slowest) | times transformers as it loads |"
    yield "|---|---|---|"
    for name, times in seconds.items():
        yield f"| {name} | {spread(times)} | {median(times) / default:.2f} |"
