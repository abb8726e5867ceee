"""Preprocessing of a checkpoint: frames to pixel values, and the crop box in source pixels."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from .models.config import MAX_COUNTS, MAX_PIXELS, is_count
from .video.clip import GRID_FPS, Clip

PREPROCESSOR_FILE = "preprocessor_config.json"

ResizeWay = Literal["hf", "fb"]
ChannelOrder = Literal["rgb", "bgr"]

# The only values of a preprocessor_config.json that are supported; resample 2 is bilinear.
FIXED_SETTINGS = {
    "do_resize": True,
    "resample": 2,
    "do_center_crop": True,
    "do_rescale": True,
    "do_normalize": True,
}
MAX_SAMPLING_RATE = 3000  # 100 s between two frames
MIN_STD = 1e-3  # pixel values stay within about 1000
# Of a slim frame that is larger when resized (96 MB), only the crop is resized: about the same
# values.
MAX_RESIZED_PIXELS = 32_000_000


class Box(NamedTuple):
    """A rectangle in pixels of the source frame; edges may lie between pixels."""

    left: float
    top: float
    width: float
    height: float


class Prepared(NamedTuple):
    """Pixel values (1, T, 3, H, W) float32 and their box in the source frame."""

    pixel_values: Tensor
    box: Box


@dataclass(frozen=True, kw_only=True)
class Preprocess:
    """The preprocessing of one checkpoint: sampling of frames, resizing, cropping, normalization.

    The short side of a frame is resized to `short_side` pixels and the middle `crop_size` (H, W) is
    cropped. From each channel, in 0..1, `mean` is subtracted; the result is divided by `std`.
    `resize_way` "hf" is antialiased and rounded to grey levels, as in transformers. "fb" is
    neither, as in the released training code. `sampling_rate` is the distance of sampled frames in
    frames at 30 a second. None spreads the frames over the whole video.
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
        _check_count("num_frames", self.num_frames, MAX_COUNTS["num_frames"])
        if self.sampling_rate is not None:
            _check_count("sampling_rate", self.sampling_rate, MAX_SAMPLING_RATE)
        for side in (self.short_side, *self.crop_size):
            _check_count("a side", side, MAX_PIXELS)
        if self.short_side < max(self.crop_size):
            raise ValueError(
                f"short_side is {self.short_side}; it must be at least {max(self.crop_size)}, "
                "the longer side of crop_size"
            )
        numbers = (*self.mean, *self.std)
        if len(self.mean) != 3 or len(self.std) != 3 or not all(map(math.isfinite, numbers)):
            raise ValueError("mean and std must be three numbers each")
        if min(self.std) < MIN_STD:
            raise ValueError(f"std must be at least {MIN_STD}")
        for name, choices in (("resize_way", ResizeWay), ("channel_order", ChannelOrder)):
            if getattr(self, name) not in get_args(choices):
                raise ValueError(f"{name} must be one of {get_args(choices)}")

    def __call__(self, clip: Clip | np.ndarray) -> Prepared:
        """Return pixel values and box of a clip, or of frames (T, H0, W0, 3) uint8 RGB.

        Raises ValueError for frames of another shape or dtype.
        """
        frames = _frames_of(clip)
        rows, columns = self._margins(frames)
        return self._crop(frames, self._offset(rows), self._offset(columns))

    def three_crops(self, clip: Clip | np.ndarray) -> list[Prepared]:
        """Return the crops at the start, the middle and the end of the longer side.

        These are the views of the released code's test protocol. Raises ValueError as `__call__`.
        """
        frames = _frames_of(clip)
        rows, columns = self._margins(frames)
        top, left = self._offset(rows), self._offset(columns)
        if rows <= columns:
            corners = [(top, 0), (top, left), (top, columns)]
        else:
            corners = [(0, left), (top, left), (rows, left)]
        return [self._crop(frames, *corner) for corner in corners]

    def _crop(self, frames: np.ndarray, top: int, left: int) -> Prepared:
        """Return the crop of the resized frames whose first pixel is at (top, left)."""
        _, H0, W0, _ = frames.shape
        H1, W1 = self._resized_shape(H0, W0)
        H, W = self.crop_size
        resize = _resize_antialiased if self.resize_way == "hf" else _resize_plain
        rows, columns = range(top, top + H), range(left, left + W)
        crops = np.stack([resize(frame, (H1, W1), rows, columns) for frame in frames])
        pixels = torch.from_numpy(crops).permute(0, 3, 1, 2)  # (T, 3, H, W)
        if self.channel_order == "bgr":
            pixels = pixels.flip(1)
        mean, std = (torch.tensor(values)[:, None, None] for values in (self.mean, self.std))
        box = Box(left * W0 / W1, top * H0 / H1, W * W0 / W1, H * H0 / H1)
        return Prepared(((pixels - mean) / std)[None].contiguous(), box)

    def _margins(self, frames: np.ndarray) -> tuple[int, int]:
        """Return the numbers of rows and columns of the resized frames outside a crop."""
        H1, W1 = self._resized_shape(*frames.shape[1:3])
        return H1 - self.crop_size[0], W1 - self.crop_size[1]

    def _resized_shape(self, H0: int, W0: int) -> tuple[int, int]:
        long_side = int(self.short_side * max(H0, W0) / min(H0, W0))
        return (self.short_side, long_side) if H0 <= W0 else (long_side, self.short_side)

    def _offset(self, margin: int) -> int:
        return margin // 2 if self.resize_way == "hf" else (margin + 1) // 2

    @property
    def seconds(self) -> float | None:
        """The length of a clip in seconds; None for the whole video."""
        rate = self.sampling_rate
        return None if rate is None else self.num_frames * rate / GRID_FPS

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Preprocess":
        """Return the preprocessing of a `preprocessor_config.json` with frame sampling.

        Raises ValueError for missing values and for values that are not supported.
        """
        required = ("size", "image_mean", "image_std", "num_frames", "sampling_rate")
        missing = [name for name in required if name not in values]
        unsupported = [
            f"{name} is {values[name]!r}; only {fixed!r} is supported"
            for name, fixed in FIXED_SETTINGS.items()
            if values.get(name, fixed) != fixed
        ]
        if missing or unsupported:
            raise ValueError("; ".join([f"{name} is missing" for name in missing] + unsupported))
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
        """Return the contents of a `preprocessor_config.json`, which transformers also reads."""
        H, W = self.crop_size
        return FIXED_SETTINGS | {
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
        """Write `preprocessor_config.json` into `folder`."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.to_dict(), indent=2)
        (Path(folder) / PREPROCESSOR_FILE).write_text(text + "\n", "utf-8")


def _frames_of(clip: Clip | np.ndarray) -> np.ndarray:
    frames = clip if isinstance(clip, np.ndarray) else clip.frames
    if frames.dtype != np.uint8 or frames.shape[3:] != (3,) or not frames.size:
        raise ValueError(
            f"frames are {frames.dtype} of shape {frames.shape}; they must be uint8 RGB, "
            "(T, H, W, 3)"
        )
    return frames


def _check_count(name: str, value: object, maximum: int) -> None:
    if not is_count(value, maximum):
        raise ValueError(f"{name} is {value!r}; it must be a whole number of 1 to {maximum}")


def _resize_antialiased(
    frame: np.ndarray, shape: tuple[int, int], rows: range, columns: range
) -> np.ndarray:
    """Return the crop `rows` x `columns`, in 0..1, of a frame (H0, W0, 3) uint8 resized to `shape`.

    Pillow resizes, as in transformers, and rounds to whole grey levels.
    """
    H0, W0, _ = frame.shape
    H1, W1 = shape
    top, bottom, left, right = rows.start, rows.stop, columns.start, columns.stop
    image, bilinear = Image.fromarray(frame), Image.Resampling.BILINEAR
    if H1 * W1 > MAX_RESIZED_PIXELS:
        box = (left * W0 / W1, top * H0 / H1, right * W0 / W1, bottom * H0 / H1)
        crop = image.resize((len(columns), len(rows)), bilinear, box)
    else:
        crop = image.resize((W1, H1), bilinear).crop((left, top, right, bottom))
    return np.asarray(crop, np.float32) / 255


def _resize_plain(
    frame: np.ndarray, shape: tuple[int, int], rows: range, columns: range
) -> np.ndarray:
    """Return the crop as `_resize_antialiased`, but interpolated between two pixels, not rounded.

    This is the arithmetic of the released code's test transform.
    """
    down = _interpolated(frame, shape[0], rows)  # (H, W0, 3)
    return _interpolated(down.transpose(1, 0, 2), shape[1], columns).transpose(1, 0, 2) / 255


def _interpolated(lines: np.ndarray, size: int, rows: range) -> np.ndarray:
    """Resize lines (n, ...) to `size` lines and return `rows` of them, in float32."""
    n = len(lines)
    centres = (np.array(rows) + 0.5) * (n / size)
    first = np.maximum(centres - 0.5, 0).astype(int)
    end = np.minimum(centres + 1.5, n).astype(int)
    taps = first[:, None] + np.arange((end - first).max())  # (rows, 1 or 2)
    weights = (1 - np.abs(taps + 0.5 - centres[:, None])).clip(min=0)
    weights[taps >= end[:, None]] = 0
    weights = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    lines = np.ascontiguousarray(lines)  # whole lines are gathered
    sums = np.zeros((len(taps), *lines.shape[1:]), np.float32)
    for tap, weight in zip(taps.clip(max=n - 1).T, weights.T, strict=True):
        sums += lines[tap] * weight[:, None, None]
    return sums
