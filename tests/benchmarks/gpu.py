"""Speed on an NVIDIA GPU: this package, transformers, and one large matrix product.

Random weights, 400 classes: base 8 x 224 at batches of 1 to 64, then the shapes of HR and L, with
and without rollout. "Share" is relative to the multiply-accumulates a second of the matrix product
in the same precision and run. Without a GPU there are no figures.
"""

import time
from collections.abc import Callable, Iterator
from statistics import median

import torch

from timesformer import TimesformerForVideoClassification
from timesformer.checkpoints.registry import PUBLISHED, Published
from timesformer.explain import rollout_flow, trace_attention

from .cost import count
from .recognition import our_model, transformers_model

BATCHES = (1, 2, 4, 8, 16, 32, 64)
RUNS, SIDE = 7, 8192
BASE, HR, L = (
    next(entry for entry in PUBLISHED if (entry.num_frames, entry.size) == shape)
    for shape in ((8, 224), (16, 448), (96, 224))
)

Task = Callable[[], object]


def measure(task: Task) -> tuple[float, float]:
    """Return the median seconds of a call, and the GiB above those allocated before."""
    torch.cuda.synchronize()
    before, seconds = torch.cuda.memory_allocated(), []
    torch.cuda.reset_peak_memory_stats()
    for _ in range(2 + RUNS):
        started = time.perf_counter()
        task()
        torch.cuda.synchronize()
        seconds.append(time.perf_counter() - started)
    return median(seconds[2:]), (torch.cuda.max_memory_allocated() - before) / 2**30


def ceiling(dtype: torch.dtype) -> float:
    """Return the multiply-accumulates a second, in 10^9, of one large matrix product."""
    square = torch.randn(SIDE, SIDE, device="cuda").to(dtype)
    seconds, _ = measure(lambda: square @ square)
    return SIDE**3 / seconds / 1e9


def with_rollout(model: TimesformerForVideoClassification, values: torch.Tensor) -> object:
    state, blocks = trace_attention(model.timesformer, values, cls_only=True)
    return model.classify(state), rollout_flow(blocks, num_frames=values.shape[1])


def tasks(entry: Published, dtype: torch.dtype, batch: int) -> Iterator[tuple[str, Task]]:
    """Yield the tasks for a batch of a shape."""
    config, device = entry.config, torch.device("cuda")
    model = our_model(dtype, device, config)
    values = torch.randn(batch, config.num_frames, 3, *config.image_shape, device=device)
    values = values.to(dtype)
    yield "plain", lambda: model(values)
    if batch == 1:
        yield "with rollout", lambda: with_rollout(model, values)
    if entry is BASE and batch in (1, 8):
        for kind in (torch.float32, dtype):
            other, inputs = transformers_model(model, kind, config), values.to(kind)
            name = str(kind).removeprefix("torch.")
            yield f"transformers, {name}", lambda other=other, inputs=inputs: other(inputs)


@torch.inference_mode()
def report() -> Iterator[str]:
    """Yield the lines of the table."""
    if not torch.cuda.is_available():
        print("There is no GPU, so nothing was measured.")
        return
    dtype = torch.bfloat16
    most = ceiling(dtype)
    yield f"{dtype}; the product reaches {most:,.0f} GMACs a second"
    yield ""
    yield "| frames x size | batch | | ms | clips a second | share | GiB above the weights |"
    yield "|---|---|---|---|---|---|---|"
    for entry, batches in ((BASE, BATCHES), (HR, (1, 8)), (L, (1, 8))):
        _, _, macs = count(entry)
        for batch in batches:
            for name, task in tasks(entry, dtype, batch):
                seconds, gib = measure(task)
                rate = batch / seconds
                yield (
                    f"| {entry.num_frames} x {entry.size} | {batch} | {name} | {1e3 * seconds:.1f} "
                    f"| {rate:.1f} | {rate * macs / most:.2f} | {gib:.2f} |"
                )
