"""Drawn clips on which heatmaps are measured: the model predicts them correctly."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ..errors import TimesformerError
from ..explain.metrics import MIN_COVERAGE
from ..recognizer import Recognizer
from ..synthetic.clips import MotionClips, draw_clips
from ..synthetic.motion import STILL
from .predictions import MODEL_BATCH, to_pixel_values
from .splits import BATCH

MAX_DRAWN_PER_CLIP = 40  # clips drawn for each clip that is used


@dataclass(frozen=True, eq=False)
class HeatmapClips:
    """Clips for one model from one seed; each measurement has its own `part` of the seeds.

    Settings are arguments of `draw_clips`.
    """

    recognizer: Recognizer
    pictures: Tensor
    seed: int

    def correct(self, part: int, count: int, **settings: Any) -> Iterator[MotionClips]:
        """Yield clips with a visible moving object whose label the model predicts."""
        patch = self.recognizer.model.config.patch_shape
        for drawn in self.drawn(part, count, **settings):
            logits = self.recognizer.logits(to_pixel_values(self.recognizer, drawn.pixels))
            is_visible = drawn.coverage(patch).amax((1, 2)) >= MIN_COVERAGE
            correct = (drawn.labels != STILL) & is_visible & (logits.argmax(-1) == drawn.labels)
            if correct.any():
                yield drawn[correct]

    def drawn(self, part: int, count: int, **settings: Any) -> Iterator[MotionClips]:
        """Yield clips, MODEL_BATCH at a time.

        Raises TimesformerError after MAX_DRAWN_PER_CLIP clips for each of `count`.
        """
        if not count:
            return
        preprocess, num_batches = (
            self.recognizer.preprocess,
            1 + MAX_DRAWN_PER_CLIP * count // BATCH,
        )
        for batch in range(num_batches):
            drawn = draw_clips(
                BATCH,
                num_frames=preprocess.num_frames,
                size=preprocess.crop_size[0],
                seed=self.seed + part * 10**6 + batch * BATCH,
                camera_share=0.0,
                pictures=self.pictures,
                **settings,
            )
            for indices in torch.arange(BATCH).split(MODEL_BATCH):
                yield drawn[indices]
        raise TimesformerError("evaluation.too_few_right", clips=num_batches * BATCH, count=count)
