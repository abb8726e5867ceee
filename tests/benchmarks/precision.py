"""Effect of less than float32: embedded models on the bundled clips.

Predictions and heatmaps in float32 are compared with those in the precision that `load` chooses,
and in int8 where the processor supports it. Milliseconds are from frames to logits.
"""

from collections.abc import Iterator
from statistics import median

import numpy as np
import torch

from timesformer import Recognizer, embedded_models, load
from timesformer.evaluation.timing import clip_speed
from timesformer.kernels.onednn import packs
from timesformer.paths import ASSETS_FOLDER
from timesformer.recognizer import fastest_dtype

CLIPS = sorted((ASSETS_FOLDER / "clips").glob("*.mp4"))
METHODS = ("rollout", "attention", "relevance")


def compare(exact: Recognizer, fast: Recognizer) -> tuple[int, list[float], list[float]]:
    """Return the clips with equal top five labels, and for each clip two worst cases.

    These are the largest change of a probability, and the lowest correlation of a heatmap.
    """
    same, changes, correlations = 0, [], []
    for path in CLIPS:
        clip = exact.read(path)
        exact_probabilities, fast_probabilities = (
            {p.label: p.probability for p in recognizer.predict(clip, top_k=10)}
            for recognizer in (exact, fast)
        )
        same += list(exact_probabilities)[:5] == list(fast_probabilities)[:5]
        changes.append(
            max(abs(p - fast_probabilities[label]) for label, p in exact_probabilities.items())
        )
        heatmaps = (
            [recognizer.explain(clip, method=method).heatmaps.ravel() for method in METHODS]
            for recognizer in (exact, fast)
        )
        pairs = zip(*heatmaps, strict=True)
        correlations.append(min(np.corrcoef(*pair)[0, 1] for pair in pairs))
    return same, changes, correlations


def report() -> Iterator[str]:
    """Yield the lines of the table."""
    on_gpu = torch.cuda.is_available()
    fast = fastest_dtype(torch.device("cuda" if on_gpu else "cpu"))
    dtypes = [fast] if fast != torch.float32 else []
    dtypes += [torch.int8] if packs(torch.int8) and not on_gpu else []
    yield f"Compared with float32, {len(CLIPS)} clips"
    yield ""
    yield (
        "| model | dtype | same top 5 | change of probability, median (max) "
        "| min heatmap correlation | ms |"
    )
    yield "|---|---|---|---|---|---|"
    for name in embedded_models():
        exact = load(name, dtype="float32")
        yield f"| `{name}` | float32 | | | | {clip_speed(exact).milliseconds:.0f} |"
        for dtype in dtypes:
            quick = load(name, dtype=dtype)
            same, changes, correlations = compare(exact, quick)
            yield (
                f"| `{name}` | {quick.precision} | {same} of {len(CLIPS)} "
                f"| {median(changes):.4f} ({max(changes):.4f}) | {min(correlations):.3f} "
                f"| {clip_speed(quick).milliseconds:.0f} |"
            )
