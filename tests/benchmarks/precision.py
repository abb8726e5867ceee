"""What less than float32 changes: embedded models over the bundled clips.

Each is answered and explained in float32, in the precision that `load` chooses, and in int8 where
there are instructions for it; and how long one clip takes in each, from frames to logits.
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


def moved(exact: Recognizer, fast: Recognizer) -> tuple[int, list[float], list[float]]:
    """How many clips keep their five likeliest labels, the moves of probability, the fits of heat.

    A move is the largest of a clip's ten, a fit the lowest correlation of its heatmaps.
    """
    same, moves, fits = 0, [], []
    for path in CLIPS:
        clip = exact.read(path)
        ours, theirs = (
            {p.label: p.probability for p in recognizer.predict(clip, top_k=10)}
            for recognizer in (exact, fast)
        )
        same += list(ours)[:5] == list(theirs)[:5]
        moves.append(max(abs(ours[label] - theirs[label]) for label in ours))
        heats = (
            [recognizer.explain(clip, method=method).heatmaps.ravel() for method in METHODS]
            for recognizer in (exact, fast)
        )
        fits.append(min(np.corrcoef(*pair)[0, 1] for pair in zip(*heats, strict=True)))
    return same, moves, fits


def report() -> Iterator[str]:
    """The table, a line at a time."""
    on_gpu = torch.cuda.is_available()
    fast = fastest_dtype(torch.device("cuda" if on_gpu else "cpu"))
    able = [fast] if fast != torch.float32 else []
    able += [torch.int8] if packs(torch.int8) and not on_gpu else []
    yield f"Beside float32, {len(CLIPS)} clips"
    yield ""
    yield "| model | in | same five | probability moves, median (most) | least fit of heat | ms |"
    yield "|---|---|---|---|---|---|"
    for name in embedded_models():
        exact = load(name, dtype="float32")
        yield f"| `{name}` | float32 | | | | {clip_speed(exact).milliseconds:.0f} |"
        for dtype in able:
            quick = load(name, dtype=dtype)
            same, moves, fits = moved(exact, quick)
            yield (
                f"| `{name}` | {quick.precision} | {same} of {len(CLIPS)} "
                f"| {median(moves):.4f} ({max(moves):.4f}) | {min(fits):.3f} "
                f"| {clip_speed(quick).milliseconds:.0f} |"
            )
