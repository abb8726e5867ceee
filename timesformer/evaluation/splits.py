"""The clips that a model is asked about, drawn anew at every evaluation from seeds of their own."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from ..synthetic.motion import CAMERA_SHARE, HELD_OUT_SEEDS, PICTURE_SHARE, MotionClips, draw_clips
from ..synthetic.photographs import HELD_OUT, read_photographs
from ..synthetic.textures import bank_of, fallen_leaves

SEEDS = 10**8  # of one split
BATCH = 20  # clips drawn at once: two of each label
LEAF_PICTURES = 40  # in the bank of the split "drawings"

DRAWINGS, PHOTOGRAPHS, CAMERA, FOOTAGE = "drawings", "photographs", "camera", "footage"


def seed_of(number: int) -> int:
    """The first of the seeds kept for one purpose: 1 to 4 are the splits'."""
    return HELD_OUT_SEEDS + number * SEEDS


@dataclass(frozen=True, eq=False)
class Source:
    """Where the clips of the split `name` come from; the rest is as in `draw_clips`."""

    name: str
    seed: int
    pictures: Tensor
    picture_share: float = 1.0
    camera_share: float = 0.0
    clutter: float = 1.0

    def batches(self, clips: int, *, num_frames: int, size: int) -> Iterator[MotionClips]:
        """`clips` clips in batches of BATCH; each batch has a seed of its own."""
        for first in range(0, clips, BATCH):
            yield draw_clips(
                min(BATCH, clips - first),
                num_frames=num_frames,
                size=size,
                seed=self.seed + first,
                clutter=self.clutter,
                camera_share=self.camera_share,
                pictures=self.pictures,
                picture_share=self.picture_share,
            )


def sources(films: Tensor | None = None) -> list[Source]:
    """The splits with full clutter, and one on a bank of real `films` (M, T, 3, S, S) if given.

    drawings: painted surfaces and fallen leaves, the camera moving in some; photographs: all cut
    from photographs that no training shows, over which things move; camera: those photographs
    filmed by a moving camera; footage: over live films, which bring clutter of their own, a window
    moves in half of the clips and a thing cut out of a film in the others.
    """
    leaves = fallen_leaves(LEAF_PICTURES, seed=HELD_OUT_SEEDS)
    photographs = bank_of(read_photographs(HELD_OUT))
    found = [
        Source(
            DRAWINGS, seed_of(1), leaves, picture_share=PICTURE_SHARE, camera_share=CAMERA_SHARE
        ),
        Source(PHOTOGRAPHS, seed_of(2), photographs),
        Source(CAMERA, seed_of(3), photographs, camera_share=1.0),
    ]
    if films is not None:
        found.append(Source(FOOTAGE, seed_of(4), films, camera_share=0.5, clutter=0.0))
    return found
