"""Frames to pixel values, the way a checkpoint was trained, and the crop back in source pixels."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import numpy as np
import torch
from torch import Tensor

from .models.config import COUNTS, MOST_PIXELS, is_count

if TYPE_CHECKING:
    from .video.clip import Clip

PREPROCESSOR_FILE = "preprocessor_config.json"

ResizeWay = Literal["hf", "fb"]
ChannelOrder = Literal["rgb", "bgr"]

# What a preprocessor_config.json may say in one way only: 2 is bilinear.
ALWAYS = {
    "do_resize": True,
    "resample": 2,
    "do_center_crop": True,
    "do_rescale": True,
    "do_normalize": True,
}
MOST_RATE = 3000  # 100 s between two frames
LEAST_STD = 1e-3
WEIGHT_BITS = 22  # after the point, in Pillow's resizing: 32 less 8 of a grey level and 2 spare


class Box(NamedTuple):
    """A rectangle of the source frame, in its pixels; edges may fall between pixels."""

    left: float
    top: float
    width: float
    height: float


class Prepared(NamedTuple):
    """pixel_values (1, T, 3, H, W) float32 and the part of the source frame they show."""

    pixel_values: Tensor
    box: Box


@dataclass(frozen=True, kw_only=True)
class Preprocess:
    """How one checkpoint wants its clips: which frames, and how each becomes pixel values.

    The short side of a frame is resized to `short_side` pixels, the middle `crop_size` (H, W) is
    kept, and each channel, in 0..1, has `mean` taken away and is divided by `std`.
    `resize_way` "hf" is antialiased, in whole grey levels, as transformers does; "fb" is not, as
    in the released training code. `sampling_rate` counts frames at 30 a second between two chosen
    ones; None spreads the frames over the whole video.
    """

    num_frames: int
    sampling_rate: int | None
    short_side: int
    crop_size: tuple[int, int]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    resize_way: ResizeWay = "hf"
    channel_order: ChannelOrder = "rgb"

    def __post_init__(self) -> None:
        _check_count("num_frames", self.num_frames, COUNTS["num_frames"])
        if self.sampling_rate is not None:
            _check_count("sampling_rate", self.sampling_rate, MOST_RATE)
        for side in (self.short_side, *self.crop_size):
            _check_count("a side", side, MOST_PIXELS)
        if self.short_side < max(self.crop_size):
            raise ValueError(
                f"frames with a short side of {self.short_side} hold no crop of {self.crop_size}"
            )
        numbers = (*self.mean, *self.std)
        if len(self.mean) != 3 or len(self.std) != 3 or not all(map(math.isfinite, numbers)):
            raise ValueError("mean and std must be three numbers each")
        if min(self.std) < LEAST_STD:
            raise ValueError(f"std must be at least {LEAST_STD}")
        for name, choices in (("resize_way", ResizeWay), ("channel_order", ChannelOrder)):
            if getattr(self, name) not in get_args(choices):
                raise ValueError(f"{name} must be one of {get_args(choices)}")

    def __call__(self, clip: "Clip | np.ndarray") -> Prepared:
        """Pixel values of a clip, or of frames (T, H0, W0, 3) uint8 RGB, and their box in it."""
        frames = clip if isinstance(clip, np.ndarray) else clip.frames
        rows, columns = self._spare(frames)
        return self._cropped(frames, self._offset(rows), self._offset(columns))

    def three_crops(self, clip: "Clip | np.ndarray") -> list[Prepared]:
        """A clip as `__call__` prepares it, and its crops at both ends of the longer side.

        The first, the middle and the last: the views of the released code's test protocol.
        """
        frames = clip if isinstance(clip, np.ndarray) else clip.frames
        rows, columns = self._spare(frames)
        top, left = self._offset(rows), self._offset(columns)
        if rows <= columns:
            places = [(top, 0), (top, left), (top, columns)]
        else:
            places = [(0, left), (top, left), (rows, left)]
        return [self._cropped(frames, *place) for place in places]

    def _cropped(self, frames: np.ndarray, top: int, left: int) -> Prepared:
        """The frames resized, and of these the crop whose first pixel is at (top, left)."""
        _, H0, W0, _ = frames.shape
        H1, W1 = self._resized_shape(H0, W0)
        H, W = self.crop_size
        resized = _antialiased if self.resize_way == "hf" else _plain
        rows, columns = range(top, top + H), range(left, left + W)
        crops = np.stack([resized(frame, (H1, W1), rows, columns) for frame in frames])
        pixels = torch.from_numpy(crops).permute(0, 3, 1, 2)  # (T, 3, H, W)
        if self.channel_order == "bgr":
            pixels = pixels.flip(1)
        mean, std = (torch.tensor(values)[:, None, None] for values in (self.mean, self.std))
        box = Box(left * W0 / W1, top * H0 / H1, W * W0 / W1, H * H0 / H1)
        return Prepared(((pixels - mean) / std)[None].contiguous(), box)

    def _spare(self, frames: np.ndarray) -> tuple[int, int]:
        """Rows and columns of the resized frames that a crop has no room for."""
        H1, W1 = self._resized_shape(*frames.shape[1:3])
        return H1 - self.crop_size[0], W1 - self.crop_size[1]

    def _resized_shape(self, H0: int, W0: int) -> tuple[int, int]:
        short, long = min(H0, W0), max(H0, W0)
        longer = int(self.short_side * long / short)
        return (self.short_side, longer) if H0 <= W0 else (longer, self.short_side)

    def _offset(self, spare: int) -> int:
        return spare // 2 if self.resize_way == "hf" else (spare + 1) // 2

    @property
    def seconds(self) -> float | None:
        """How much of a video a clip spans; None for all of it."""
        return None if self.sampling_rate is None else self.num_frames * self.sampling_rate / 30

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Preprocess":
        """From a `preprocessor_config.json` that has `num_frames` and `sampling_rate` too.

        Raises ValueError where something is missing or is done in another way than ours.
        """
        wanted = ("size", "image_mean", "image_std", "num_frames", "sampling_rate")
        missing = [name for name in wanted if name not in values]
        unlike = [f"{name} {values[name]}" for name in ALWAYS if values.get(name) != ALWAYS[name]
                  and name in values]  # fmt: skip
        if missing or unlike:
            raise ValueError("; ".join([f"{name} is missing" for name in missing] + unlike))
        if abs(values.get("rescale_factor", 1 / 255) - 1 / 255) > 1e-6:
            raise ValueError(f"rescale_factor is {values['rescale_factor']}; it must be 1/255")
        size = values["size"]  # a bare number in files of transformers before 4.26
        short_side = size.get("shortest_edge") if isinstance(size, Mapping) else size
        if short_side is None:
            raise ValueError(f"size {size} does not give the shortest_edge")
        crop = values.get("crop_size", short_side)
        H, W = (crop["height"], crop["width"]) if isinstance(crop, Mapping) else (crop, crop)
        return cls(
            num_frames=values["num_frames"],
            sampling_rate=values["sampling_rate"],
            short_side=short_side,
            crop_size=(H, W),
            mean=tuple(values["image_mean"]),
            std=tuple(values["image_std"]),
            resize_way=values.get("resize_way", "hf"),
            channel_order=values.get("channel_order", "rgb"),
        )

    def to_dict(self) -> dict[str, Any]:
        """The contents of a `preprocessor_config.json` that transformers reads too."""
        H, W = self.crop_size
        return ALWAYS | {
            "image_processor_type": "VideoMAEImageProcessor",
            "size": {"shortest_edge": self.short_side},
            "crop_size": {"height": H, "width": W},
            "rescale_factor": 1 / 255,
            "image_mean": list(self.mean),
            "image_std": list(self.std),
            "num_frames": self.num_frames,
            "sampling_rate": self.sampling_rate,
            "resize_way": self.resize_way,
            "channel_order": self.channel_order,
        }

    def save_pretrained(self, folder: str | Path) -> None:
        """Writes `preprocessor_config.json` into `folder`."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.to_dict(), indent=2)
        (Path(folder) / PREPROCESSOR_FILE).write_text(text + "\n", "utf-8")


def _check_count(name: str, value: object, most: int) -> None:
    if not is_count(value, most):
        raise ValueError(f"{name} is {value!r}; it must be a whole number of 1 to {most}")


def _antialiased(
    frame: np.ndarray, shape: tuple[int, int], rows: range, columns: range
) -> np.ndarray:
    """Some pixels, in 0..1, of a frame (H0, W0, 3) uint8 resized to `shape`.

    To the last bit as Pillow does, and so transformers: in whole grey levels after each direction.
    """

    def resized(lines: np.ndarray, size: int, kept: range) -> np.ndarray:
        taps, weights = _triangles(len(lines), size, kept, antialias=True)
        sums = _mixed(lines, taps, (weights * (1 << WEIGHT_BITS) + 0.5).astype(np.int32))
        return ((sums + (1 << (WEIGHT_BITS - 1))) >> WEIGHT_BITS).astype(np.uint8)

    across = resized(frame.transpose(1, 0, 2), shape[1], columns)  # (W, H0, 3)
    return resized(across.transpose(1, 0, 2), shape[0], rows).astype(np.float32) / 255


def _plain(frame: np.ndarray, shape: tuple[int, int], rows: range, columns: range) -> np.ndarray:
    """As _antialiased, but between the two nearest pixels and unrounded, as the released code."""

    def resized(lines: np.ndarray, size: int, kept: range) -> np.ndarray:
        taps, weights = _triangles(len(lines), size, kept, antialias=False)
        return _mixed(lines, taps, weights.astype(np.float32))

    down = resized(frame, shape[0], rows)  # (H, W0, 3)
    return resized(down.transpose(1, 0, 2), shape[1], columns).transpose(1, 0, 2) / 255


def _triangles(n: int, size: int, kept: range, *, antialias: bool) -> tuple[np.ndarray, np.ndarray]:
    """What each kept one of `size` lines takes from which of n: two arrays (kept, most taken)."""
    scale = n / size
    reach = max(scale, 1.0) if antialias else 1.0
    centres = (np.array(kept) + 0.5) * scale
    first = np.maximum(centres - reach + 0.5, 0).astype(int)
    end = np.minimum(centres + reach + 0.5, n).astype(int)
    taps = first[:, None] + np.arange((end - first).max())
    weights = (1 - np.abs(taps + 0.5 - centres[:, None]) / reach).clip(min=0)
    weights[taps >= end[:, None]] = 0
    return taps.clip(max=n - 1), weights / weights.sum(axis=1, keepdims=True)


def _mixed(lines: np.ndarray, taps: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted sums of lines (n, ...), in the type of the weights."""
    lines = np.ascontiguousarray(lines)  # whole lines are picked, so each should lie together
    sums = np.zeros((len(taps), *lines.shape[1:]), weights.dtype)
    for tap, weight in zip(taps.T, weights.T, strict=True):
        sums += lines[tap] * weight[:, None, None]
    return sums
