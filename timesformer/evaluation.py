"""How often a motion model is right on clips it has never seen."""

from dataclasses import dataclass

import numpy as np
import torch

from .errors import CheckpointError
from .motion import LABELS, draw_clips
from .recognizer import Recognizer

HELD_OUT_SEED = 10**12  # training seeds stay far below
BATCH = 20


@dataclass(frozen=True, eq=False)
class Evaluation:
    """confusion (K, K): how many clips of each label (rows) were given each label (columns)."""

    confusion: np.ndarray

    @property
    def accuracy(self) -> float:
        """Share of all clips that were given their own label."""
        return float(np.trace(self.confusion) / self.confusion.sum())

    @property
    def recalls(self) -> np.ndarray:
        """Share of the clips of each label that were given it, (K,)."""
        return np.asarray(np.diagonal(self.confusion) / self.confusion.sum(axis=1).clip(min=1))

    def table(self) -> str:
        """The confusion as a Markdown table."""
        head = "| shown \\ said | " + " | ".join(LABELS) + " | right |"
        rule = "|---" * (len(LABELS) + 2) + "|"
        rows = [
            f"| {label} | " + " | ".join(str(n or "") for n in counts) + f" | {recall:.1%} |"
            for label, counts, recall in zip(LABELS, self.confusion, self.recalls, strict=True)
        ]
        return "\n".join([head, rule, *rows])


@torch.inference_mode()
def evaluate_motion(
    recognizer: Recognizer,
    *,
    clips: int = 1000,
    clutter: float = 1.0,
    seed: int = HELD_OUT_SEED,
) -> Evaluation:
    """The confusion of a motion model over `clips` drawn clips, labels in equal shares.

    `clutter` is how hard they are, as in `draw_clips`.

    Raises CheckpointError for a model with other labels.
    """
    if recognizer.labels != LABELS:
        raise CheckpointError(
            f"This model has {len(recognizer.labels)} labels, not the ten motions. "
            "Only models trained by `train motion` can be evaluated on drawn clips."
        )
    confusion = np.zeros((len(LABELS), len(LABELS)), dtype=int)
    H, _ = recognizer.preprocess.crop_size
    for first in range(0, clips, BATCH):
        drawn = draw_clips(
            min(BATCH, clips - first),
            num_frames=recognizer.preprocess.num_frames,
            size=H,
            seed=seed + first,
            clutter=clutter,
        )
        frames = (drawn.pixels * 255).round().byte().permute(0, 1, 3, 4, 2).numpy()
        pixel_values = torch.cat([recognizer.preprocess(clip).pixel_values for clip in frames])
        said = recognizer.model(pixel_values.to(recognizer.device)).logits.argmax(-1)
        np.add.at(confusion, (drawn.labels.numpy(), said.cpu().numpy()), 1)
    return Evaluation(confusion)
