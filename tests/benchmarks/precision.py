"""What the fastest precision of this machine changes: embedded models over the bundled clips.

Each is answered and explained in float32 and in the precision that `load` chooses; and how long one
clip takes in either, from frames to logits.
"""

from collections.abc import Iterator
from statistics import median

import numpy as np
import torch

from timesformer import Recognizer, embedded_models, load
from timesformer.evaluation.speed import clip_speed
from timesformer.hub import ASSETS_FOLDER
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
    fast = fastest_dtype(torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    yield f"float32 beside {str(fast).removeprefix('torch.')}, {len(CLIPS)} clips"
    yield ""
    yield "| model | same five | probability moves, median (most) | least fit of heat | ms |"
    yield "|---|---|---|---|---|"
    for name in embedded_models():
        exact, quick = load(name, dtype="float32"), load(name)
        same, moves, fits = moved(exact, quick)
        before, after = (clip_speed(each).milliseconds for each in (exact, quick))
        yield (
            f"| `{name}` | {same} of {len(CLIPS)} | {median(moves):.4f} ({max(moves):.4f}) "
            f"| {min(fits):.3f} | {before:.0f}, {after:.0f} |"
        )
