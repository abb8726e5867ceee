"""Effect of less than float32: embedded models on the bundled clips.

Predictions and heatmaps in float32 are compared with those in bfloat16, and in int8 where the
processor supports it. Milliseconds are from frames to logits. Occlusion is left out, since it is
slow and made of predictions.
"""

from collections import defaultdict
from collections.abc import Iterator
from statistics import median

import numpy as np
import torch

from timesformer import Recognizer, embedded_models, load
from timesformer.evaluation.timing import clip_speed
from timesformer.explain import METHODS
from timesformer.kernels.onednn import packs
from timesformer.paths import ASSETS_FOLDER

CLIPS = sorted((ASSETS_FOLDER / "clips").glob("*.mp4"))
QUICK = [name for name, method in METHODS.items() if not method.is_slow]


def compare_predictions(exact: Recognizer, fast: Recognizer) -> tuple[int, list[float]]:
    """Return the clips with equal top five labels, and each clip's largest change."""
    same, changes = 0, []
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
    return same, changes


def compare_heatmaps(exact: Recognizer, fast: Recognizer) -> dict[str, float]:
    """Return the lowest correlation of a heatmap with its float32 version, by method.

    Both explain the class that float32 predicts.
    """
    lowest: dict[str, float] = defaultdict(lambda: 1.0)
    for path in CLIPS:
        clip = exact.read(path)
        for method in QUICK:
            if exact.model.config.attention_type not in METHODS[method].schemes:
                continue
            expected = exact.explain(clip, method=method)
            target = expected.target[0] if expected.target else None
            found = fast.explain(clip, method=method, target=target)
            pair = expected.heatmaps.ravel(), found.heatmaps.ravel()
            lowest[method] = min(lowest[method], float(np.corrcoef(*pair)[0, 1]))
    return lowest


def report() -> Iterator[str]:
    """Yield the lines of the table."""
    on_gpu = torch.cuda.is_available()
    dtypes = [torch.bfloat16] if on_gpu or packs(torch.bfloat16) else []
    dtypes += [torch.int8] if packs(torch.int8) and not on_gpu else []
    yield f"Compared with float32, {len(CLIPS)} clips; of heatmaps the lowest correlation"
    yield ""
    yield f"| model | dtype | same top 5 | probability, median (max) | {' | '.join(QUICK)} | ms |"
    yield "|---|---|---|---|" + "---|" * (len(QUICK) + 1)
    for name in embedded_models():
        exact = load(name, dtype="float32")
        empty = " |" * len(QUICK)
        yield f"| `{name}` | float32 | | |{empty} {clip_speed(exact).milliseconds:.0f} |"
        for dtype in dtypes:
            quick = load(name, dtype=dtype)
            same, changes = compare_predictions(exact, quick)
            lowest = compare_heatmaps(exact, quick)
            cells = [f"{lowest[method]:.3f}" if method in lowest else "" for method in QUICK]
            yield (
                f"| `{name}` | {quick.precision} | {same} of {len(CLIPS)} "
                f"| {median(changes):.4f} ({max(changes):.4f}) | {' | '.join(cells)} "
                f"| {clip_speed(quick).milliseconds:.0f} |"
            )
