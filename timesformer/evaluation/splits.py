"""Splits of evaluation clips, drawn at every evaluation from reserved seeds."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from ..synthetic.clips import CAMERA_SHARE, HELD_OUT_SEEDS, PICTURE_SHARE, MotionClips, draw_clips
from ..synthetic.photographs import HELD_OUT, read_photographs
from ..synthetic.textures import dead_leaves, picture_bank

SEEDS_PER_PURPOSE = 10**8
BATCH = 20  # clips drawn at once, two of each label
LEAF_PICTURES = 40  # in the bank of the split "drawings"

DRAWINGS, PHOTOGRAPHS, CAMERA, FOOTAGE = "drawings", "photographs", "camera", "footage"


def first_seed(purpose: int) -> int:
    """Return the first seed reserved for a purpose; purposes 1 to 4 are the splits."""
    return HELD_OUT_SEEDS + purpose * SEEDS_PER_PURPOSE


@dataclass(frozen=True, eq=False)
class Source:
    """Settings of the split `name`; all but `name` are arguments of `draw_clips`."""

    name: str
    seed: int
    pictures: Tensor
    picture_share: float = 1.0
    camera_share: float = 0.0
    difficulty: float = 1.0

    def batches(self, clips: int, *, num_frames: int, size: int) -> Iterator[MotionClips]:
        """Yield `clips` clips in batches of BATCH, one seed a batch."""
        for first in range(0, clips, BATCH):
            yield draw_clips(
                min(BATCH, clips - first),
                num_frames=num_frames,
                size=size,
                seed=self.seed + first,
                difficulty=self.difficulty,
                camera_share=self.camera_share,
                pictures=self.pictures,
                picture_share=self.picture_share,
            )


def sources(videos: Tensor | None = None) -> list[Source]:
    """Return the splits; with a bank of `videos` (M, T, 3, S, S), also the split footage.

    drawings: painted textures and dead leaves; the camera moves in some clips. photographs: objects
    and backgrounds cut from photographs that are not in training. camera: the same photographs,
    with a moving camera. footage: over moving videos, a window moves in half of the clips. In
    the others it is an object cut from a video. Its difficulty is 0 because the videos add
    variation.
    """
    leaves = dead_leaves(LEAF_PICTURES, seed=HELD_OUT_SEEDS)
    photographs = picture_bank(read_photographs(HELD_OUT))
    splits = [
        Source(
            DRAWINGS, first_seed(1), leaves, picture_share=PICTURE_SHARE, camera_share=CAMERA_SHARE
        ),
        Source(PHOTOGRAPHS, first_seed(2), photographs),
        Source(CAMERA, first_seed(3), photographs, camera_share=1.0),
    ]
    if videos is not None:
        splits.append(Source(FOOTAGE, first_seed(4), videos, camera_share=0.5, difficulty=0.0))
    return splits
