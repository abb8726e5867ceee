"""Preprocessing of a checkpoint: frames to pixel values, and the crop box in source pixels."""

import json
import math
from dataclasses import dataclass
from functools import partial
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

BILINEAR = 2  # Pillow's number
RESAMPLES = range(6)  # Pillow's numbers
MAX_SAMPLING_RATE = 3000  # 100 s between two frames
MIN_STD = 1e-3  # pixel values stay within about 1000
# Of a slim frame that is larger when resized (96 MB), only the crop is resized: about the same
# values.
MAX_RESIZED_PIXELS = 32_000_000
WANTED_FRAMES = "they must be uint8 RGB, (T, H, W, 3)"


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
    cropped. With `stretch`, every frame is resized to these (H, W) instead. `resample` is Pillow's
    number of a filter. From each channel, in 0..1, `mean` is subtracted; the result is divided by
    `std`. `resize_way` "hf" is antialiased and rounded to grey levels, as in transformers. "fb" is
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
    stretch: tuple[int, int] | None = None
    resample: int = BILINEAR

    def __post_init__(self) -> None:
        _check_count("num_frames", self.num_frames, MAX_COUNTS["num_frames"])
        if self.sampling_rate is not None:
            _check_count("sampling_rate", self.sampling_rate, MAX_SAMPLING_RATE)
        for side in (self.short_side, *self.crop_size, *(self.stretch or ())):
            _check_count("a side", side, MAX_PIXELS)
        H, W = self.crop_size
        if self.stretch and (self.stretch[0] < H or self.stretch[1] < W):
            raise ValueError(f"stretch is {self.stretch}; it must be at least crop_size, {H} x {W}")
        if not self.stretch and self.short_side < max(self.crop_size):
            raise ValueError(
                f"short_side is {self.short_side}; it must be at least {max(self.crop_size)}, "
                "the longer side of crop_size"
            )
        numbers = (*self.mean, *self.std)
        if len(self.mean) != 3 or len(self.std) != 3 or not all(map(math.isfinite, numbers)):
            raise ValueError("mean and std must be three numbers each")
        if min(self.std) < MIN_STD:
            raise ValueError(f"std must be at least {MIN_STD}")
        if self.resample not in (RESAMPLES if self.resize_way == "hf" else (BILINEAR,)):
            raise ValueError(f"resample is {self.resample!r}; choose a filter of Pillow, 0 to 5")
        for name, choices in (("resize_way", ResizeWay), ("channel_order", ChannelOrder)):
            if getattr(self, name) not in get_args(choices):
                raise ValueError(f"{name} must be one of {get_args(choices)}")

    def __call__(self, clip: Clip | np.ndarray) -> Prepared:
        """Return pixel values and box of a clip, or of frames (T, H0, W0, 3) uint8 RGB.

        Frames can also be a tensor, channels-first, or a list of arrays or of Pillow's images.
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
        resize = _resize_plain
        if self.resize_way == "hf":
            resize = partial(_resize_antialiased, resample=Image.Resampling(self.resample))
        rows, columns = range(top, top + H), range(left, left + W)
        crops = np.stack([resize(frame, (H1, W1), rows, columns) for frame in frames])
        pixels = torch.from_numpy(crops).permute(0, 3, 1, 2)  # (T, 3, H, W)
        if self.channel_order == "bgr":
            pixels = pixels.flip(1)
        mean, std = (
            torch.tensor(values, dtype=torch.float32, device="cpu")[:, None, None]
            for values in (self.mean, self.std)
        )
        box = Box(left * W0 / W1, top * H0 / H1, W * W0 / W1, H * H0 / H1)
        return Prepared(((pixels - mean) / std)[None].contiguous(), box)

    def _margins(self, frames: np.ndarray) -> tuple[int, int]:
        """Return the numbers of rows and columns of the resized frames outside a crop."""
        H1, W1 = self._resized_shape(*frames.shape[1:3])
        return H1 - self.crop_size[0], W1 - self.crop_size[1]

    def _resized_shape(self, H0: int, W0: int) -> tuple[int, int]:
        if self.stretch:
            return self.stretch
        long_side = int(self.short_side * max(H0, W0) / min(H0, W0))
        return (self.short_side, long_side) if H0 <= W0 else (long_side, self.short_side)

    def _offset(self, margin: int) -> int:
        return margin // 2 if self.resize_way == "hf" else (margin + 1) // 2

    @property
    def seconds(self) -> float | None:
        """The length of a clip in seconds; None for the whole video."""
        rate = self.sampling_rate
        return None if rate is None else self.num_frames * rate / GRID_FPS

    def to_dict(self) -> dict[str, Any]:
        """Return the contents of a `preprocessor_config.json`, which transformers also reads."""
        H, W = self.crop_size
        size = {"shortest_edge": self.short_side}
        if self.stretch:
            size = dict(zip(("height", "width"), self.stretch, strict=True))
        return {
            "image_processor_type": "VideoMAEImageProcessor",
            "do_resize": True,
            "size": size,
            "resample": self.resample,
            "do_center_crop": True,
            "crop_size": {"height": H, "width": W},
            "do_rescale": True,
            "rescale_factor": 1 / 255,
            "do_normalize": True,
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


def _frames_of(clip: object) -> np.ndarray:
    """Return the frames (T, H, W, 3) uint8 of a clip, array, tensor or list of pictures."""
    frames = clip.frames if isinstance(clip, Clip) else clip
    kind = type(frames).__name__
    if isinstance(frames, list | tuple) and frames:
        pictures = [_pixels_of(one, f"{kind} of {type(one).__name__}") for one in frames]
        if len({picture.shape for picture in pictures}) > 1:
            raise ValueError("frames have several shapes; they must have one")
        frames = np.stack(pictures)
    frames = _pixels_of(frames, kind)
    if frames.ndim == 4 and frames.shape[3] != 3 and frames.shape[1] == 3:  # channels-first
        frames = frames.transpose(0, 2, 3, 1)
    if frames.shape[3:] != (3,) or not frames.size:
        raise ValueError(f"frames are uint8 of shape {frames.shape}; {WANTED_FRAMES}")
    return frames


def _pixels_of(frames: object, kind: str) -> np.ndarray:
    """Return a picture, array or tensor as an array of uint8. Raises ValueError with the `kind`."""
    if isinstance(frames, Image.Image):
        return np.asarray(frames.convert("RGB"))
    if not isinstance(frames, np.ndarray | Tensor):
        raise ValueError(
            f"the clip is a {kind}; give a Clip, such as recognizer.read(path), or frames, "
            "uint8 RGB, (T, H, W, 3)"
        )
    dtype = str(frames.dtype).removeprefix("torch.")
    if dtype != "uint8":
        raise ValueError(f"frames are {dtype} of shape {tuple(frames.shape)}; {WANTED_FRAMES}")
    return frames.numpy(force=True) if isinstance(frames, Tensor) else frames


def _check_count(name: str, value: object, maximum: int) -> None:
    if not is_count(value, maximum):
        raise ValueError(f"{name} is {value!r}; it must be a whole number of 1 to {maximum}")


def _resize_antialiased(
    frame: np.ndarray,
    shape: tuple[int, int],
    rows: range,
    columns: range,
    *,
    resample: Image.Resampling,
) -> np.ndarray:
    """Return the crop `rows` x `columns`, in 0..1, of a frame (H0, W0, 3) uint8 resized to `shape`.

    Pillow resizes, as in transformers, and rounds to whole grey levels.
    """
    H0, W0, _ = frame.shape
    H1, W1 = shape
    top, bottom, left, right = rows.start, rows.stop, columns.start, columns.stop
    image = Image.fromarray(frame)
    if H1 * W1 > MAX_RESIZED_PIXELS:
        box = (left * W0 / W1, top * H0 / H1, right * W0 / W1, bottom * H0 / H1)
        crop = image.resize((len(columns), len(rows)), resample, box)
    else:
        crop = image.resize((W1, H1), resample).crop((left, top, right, bottom))
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
