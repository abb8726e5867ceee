"""Nearly still moments of real videos, used as backgrounds and textures of drawn clips."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..errors import ClipError, TimesformerError
from ..preprocess import Preprocess
from ..progress import Progress, ignore_progress
from ..synthetic.textures import PICTURE_SIZE
from ..video.clip import Clip, read_clip
from ..video.probe import scan
from .results import Footage, SkippedFile, Video

NUM_STARTS = 8  # moments tried in each video, evenly spread
REDUCED = 32  # pixels a side of compared frames, which removes noise and compression
MAX_DIFFERENCE = 6 / 255  # of successive frames, at the pixels that change most
CHANGE_QUANTILE = 0.98  # over pixels
MIN_CONTRAST = 12 / 255  # standard deviation over the pixels of a frame


def read_footage(
    folder: Path, preprocess: Preprocess, *, on_progress: Progress = ignore_progress
) -> tuple[Tensor, Footage]:
    """Return a bank (M, T, 3, S, S) uint8 of the stillest moment of M videos, and its sources.

    A moment is T successive frames, cropped to squares. Still moments are needed because motion in
    a video would be a second motion in the clip. `on_progress` gets the number of finished files.
    Raises TimesformerError if the folder does not exist or has no suitable video.
    """
    if not folder.is_dir():
        raise TimesformerError("evaluation.no_footage", folder=folder.name)
    videos, bank, skipped = [], [], []
    files = sorted(path for path in folder.iterdir() if path.is_file())
    for done, file in enumerate(files):
        on_progress(done, len(files))
        try:
            start, difference, squares = stillest_moment(file, num_frames=preprocess.num_frames)
        except ClipError as error:
            skipped.append(SkippedFile(file.name, str(error)))
        else:
            videos.append(Video(file.name, round(start, 3), round(difference, 5)))
            bank.append(squares.round().byte())
    on_progress(len(files), len(files))
    if not videos:
        raise TimesformerError(
            "evaluation.no_still_footage",
            count=len(skipped),
            folder=folder.name,
            T=preprocess.num_frames,
        )
    return torch.stack(bank), Footage(tuple(videos), tuple(skipped))


def stillest_moment(file: Path, *, num_frames: int) -> tuple[float, float, Tensor]:
    """Return start in seconds, difference and frames (T, 3, S, S) of the stillest moment.

    The difference, 0 to 1, is the mean absolute difference of successive frames of 32 x 32 pixels.
    Only the pixels that change most count. Raises ClipError for a video that cannot be read, or
    without a suitable moment.
    """
    moments: list[tuple[float, float, Tensor]] = []
    for start in np.linspace(0, scan(file).duration, NUM_STARTS, endpoint=False).tolist():
        clip = read_clip(file, num_frames=num_frames, sampling_rate=1, start=start)
        squares = _squares(clip)
        small = F.interpolate(squares, (REDUCED, REDUCED), mode="area") / 255
        if float(small.std(dim=(-2, -1)).mean()) >= MIN_CONTRAST:
            changes = small.diff(dim=0).abs().mean(dim=(0, 1))  # (32, 32)
            moments.append((start, float(changes.quantile(CHANGE_QUANTILE)), squares))
    if not moments:
        raise ClipError("clip.blank")
    best = min(moments, key=lambda moment: moment[1])
    if best[1] > MAX_DIFFERENCE:
        raise ClipError("clip.never_still", levels=best[1] * 255, limit=MAX_DIFFERENCE * 255)
    return best


def _squares(clip: Clip) -> Tensor:
    """Return the centre squares of the frames, (T, 3, S, S) from 0 to 255."""
    _, H, W, _ = clip.frames.shape
    side = min(H, W)
    top, left = (H - side) // 2, (W - side) // 2
    squares = torch.from_numpy(clip.frames[:, top : top + side, left : left + side])
    return F.interpolate(squares.permute(0, 3, 1, 2).float(), (PICTURE_SIZE,) * 2, mode="area")
