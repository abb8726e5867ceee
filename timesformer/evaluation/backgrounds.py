"""Fairly still moments of real videos, to be the grounds and the skins of drawn motions."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..errors import ClipError, TimesformerError
from ..preprocess import Preprocess
from ..synthetic.textures import PICTURE_SIZE
from ..video.clip import Clip, read_clip
from ..video.probe import scan
from .results import Film, Footage, LeftOut

STARTS = 8  # moments tried in each video, evenly spread
REDUCED = 32  # pixels a side of the frames that are compared: noise and compression are gone there
STILL_ENOUGH = 6 / 255  # difference of successive frames at the liveliest places
LIVELIEST = 0.98  # quantile of the places
CONTRAST_ENOUGH = 12 / 255  # standard deviation over the places of a frame: below, it is flat


def read_footage(folder: Path, preprocess: Preprocess) -> tuple[Tensor, Footage]:
    """A bank (M, T, 3, S, S) uint8 of the stillest moment of each of M videos, and what it is of.

    A moment is T successive frames, their middle squares: motion of a film's own would be a second
    motion beside the one that is put into it. Raises TimesformerError where there is no such
    folder or no fit video in it.
    """
    if not folder.is_dir():
        raise TimesformerError("evaluation.no_footage", folder=folder.name)
    films, bank, left_out = [], [], []
    for file in sorted(path for path in folder.iterdir() if path.is_file()):
        try:
            start, difference, squares = stillest(file, num_frames=preprocess.num_frames)
        except ClipError as error:
            left_out.append(LeftOut(file.name, str(error)))
            continue
        films.append(Film(file.name, round(start, 3), round(difference, 5)))
        bank.append(squares.round().byte())
    if not films:
        raise TimesformerError(
            "evaluation.no_still_footage",
            count=len(left_out),
            folder=folder.name,
            T=preprocess.num_frames,
        )
    return torch.stack(bank), Footage(tuple(films), tuple(left_out))


def stillest(file: Path, *, num_frames: int) -> tuple[float, float, Tensor]:
    """Of a video's stillest moment the start in seconds, the difference, the frames (T, 3, S, S).

    The difference, 0 to 1, is that of successive frames reduced to 32 x 32, absolute, averaged over
    time, at the places where it is largest. Raises ClipError, with the reason, for a video that
    cannot be read or has no fit moment.
    """
    found: list[tuple[float, float, Tensor]] = []
    for start in np.linspace(0, scan(file).duration, STARTS, endpoint=False).tolist():
        clip = read_clip(file, num_frames=num_frames, sampling_rate=1, start=start)
        squares = _squares(clip)
        small = F.interpolate(squares, (REDUCED, REDUCED), mode="area") / 255
        if float(small.std(dim=(-2, -1)).mean()) >= CONTRAST_ENOUGH:
            places = small.diff(dim=0).abs().mean(dim=(0, 1))  # (32, 32)
            found.append((start, float(places.quantile(LIVELIEST)), squares))
    if not found:
        raise ClipError("clip.blank")
    best = min(found, key=lambda one: one[1])
    if best[1] > STILL_ENOUGH:
        raise ClipError("clip.never_still", levels=best[1] * 255, limit=STILL_ENOUGH * 255)
    return best


def _squares(clip: Clip) -> Tensor:
    """The middle squares of a clip's frames, (T, 3, S, S) from 0 to 255."""
    _, H, W, _ = clip.frames.shape
    side = min(H, W)
    top, left = (H - side) // 2, (W - side) // 2
    squares = torch.from_numpy(clip.frames[:, top : top + side, left : left + side])
    return F.interpolate(squares.permute(0, 3, 1, 2).float(), (PICTURE_SIZE,) * 2, mode="area")
