"""Preprocessing of a checkpoint: frames to pixel values, and the crop box in source pixels."""

import json
import math
from collections.abc import Mapping
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
PROCESSOR_FILES = (PREPROCESSOR_FILE, "video_preprocessor_config.json", "processor_config.json")
# The files of PROCESSOR_FILES, and the parts of them, in transformers' order of preference
PROCESSOR_PARTS = (
    ("processor_config.json", "video_processor"),
    ("video_preprocessor_config.json", None),
    ("processor_config.json", "image_processor"),
    ("processor_config.json", "feature_extractor"),
    (PREPROCESSOR_FILE, None),
)

ResizeWay = Literal["hf", "fb"]
ChannelOrder = Literal["rgb", "bgr"]

BILINEAR = 2  # Pillow's number
RESAMPLES = range(6)  # Pillow's numbers
# What transformers' processors do when their file leaves a value out, by the start of their names
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "VideoMAE": {"size": 224, "crop_size": 224, "image_mean": 0.5, "image_std": 0.5},
    "Timesformer": {
        "size": 224,
        "crop_size": 224,
        "image_mean": (0.485, 0.456, 0.406),
        "image_std": (0.229, 0.224, 0.225),
    },
    "Vivit": {
        "size": 256,
        "crop_size": 224,
        "image_mean": 0.5,
        "image_std": 0.5,
        "rescale_factor": 1 / 127.5,
        "offset": True,
    },
}
# Steps of other processors of transformers
TYPE_KEYS = ("video_processor_type", "image_processor_type", "feature_extractor_type")
OTHER_STEPS = (
    "do_pad",
    "do_flip_channel_order",
    "do_convert_grayscale",
    "do_grayscale",
    "do_thumbnail",
    "crop_pct",
)
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

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Preprocess":
        """Return the preprocessing of a `preprocessor_config.json` with frame sampling.

        Raises ValueError for missing values and for values that are not supported.
        """
        name = next((values[key] for key in TYPE_KEYS if values.get(key)), "")
        family = next((family for family in DEFAULTS if str(name).startswith(family)), None)
        given = {key: value for key, value in values.items() if value is not None}
        values = {"sampling_rate": None} if "sampling_rate" in values else {}
        values |= {**DEFAULTS.get(family or "", {}), **given}
        required = {"size", "num_frames", "sampling_rate"}
        if values.get("do_normalize", True):
            required |= {"image_mean", "image_std"}
        if missing := sorted(required - values.keys()):
            raise ValueError("; ".join(f"{name} is missing" for name in missing))
        if not values.get("do_resize", True):
            raise ValueError("do_resize is False; only True is supported")
        for step in OTHER_STEPS:
            if values.get(step):
                raise ValueError(f"{step} is {values[step]!r}; this step is not supported")
        short_side, stretch = _resized(values["size"])
        mean, std = _normalization(values)
        return cls(
            num_frames=values["num_frames"],
            sampling_rate=values["sampling_rate"],
            short_side=short_side,
            crop_size=_crop(values, short_side, stretch),
            mean=mean,
            std=std,
            resize_way=values.get("resize_way", "hf"),
            channel_order=values.get("channel_order", "rgb"),
            stretch=stretch,
            resample=values.get("resample", BILINEAR),
        )

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


def find_processor(
    files: Mapping[str, Mapping[str, Any]],
) -> tuple[str, Mapping[str, Any]] | None:
    """Return the file with the settings of a processor, and the settings, as transformers chooses.

    `files` are the contents of PROCESSOR_FILES that exist. Settings that `save_pretrained` wrote
    have precedence. None if no file has settings of a processor.
    """
    if "resize_way" in files.get(PREPROCESSOR_FILE, {}):
        return PREPROCESSOR_FILE, files[PREPROCESSOR_FILE]
    for file, part in PROCESSOR_PARTS:
        contents = files.get(file, {})
        values = contents if part is None else contents.get(part)
        if isinstance(values, Mapping) and values:
            return file, values
    return None


def recorded_sampling(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `sampling_rate` that the settings of a processor tell, or nothing.

    Processors of transformers that sample take `fps` frames a second, or the whole video.
    """
    if "sampling_rate" in values:
        return {"sampling_rate": values["sampling_rate"]}
    if not values.get("do_sample_frames"):
        return {}
    fps = values.get("fps")
    return {"sampling_rate": max(1, round(GRID_FPS / fps)) if fps else None}


def _resized(size: Any) -> tuple[int, tuple[int, int] | None]:
    """Return the short side of resized frames and, if every frame has one shape, this (H, W)."""
    if isinstance(size, Mapping):
        sides = {key: value for key, value in size.items() if value is not None}
        if sides.keys() == {"height", "width"}:
            size = (size["height"], size["width"])
        elif sides.keys() == {"shortest_edge"}:  # files of transformers before 4.26 have a number
            size = size["shortest_edge"]
        else:
            raise ValueError(
                f"size is {dict(size)}; it must have shortest_edge alone, or height and width"
            )
    if isinstance(size, list | tuple):
        if len(size) != 2:
            raise ValueError(f"size is {size}; it must be one number or two")
        return min(size), (size[0], size[1])
    return size, None


def _crop(
    values: Mapping[str, Any], short_side: int, stretch: tuple[int, int] | None
) -> tuple[int, int]:
    """Return the (H, W) of the crop; whole frames are a crop if all have one shape."""
    crop = values.get("crop_size", short_side if stretch is None else None)
    if crop is None or not values.get("do_center_crop", True):
        if stretch is None:
            raise ValueError("do_center_crop is False; with shortest_edge only True is supported")
        return stretch
    if isinstance(crop, Mapping):
        crop = (crop.get("height"), crop.get("width"))
    return (crop[0], crop[1]) if isinstance(crop, list | tuple) else (crop, crop)


Colour = tuple[float, float, float]


def _normalization(values: Mapping[str, Any]) -> tuple[Colour, Colour]:
    """Return mean and std of colours from 0 to 1 that do what a processor does.

    A processor multiplies a colour v of 0..1 by `unit`, then subtracts `offset` and `mean`. Here
    the mean is (offset + mean) / unit, and the standard deviation is std / unit.
    """
    mean, std = (0.0,) * 3, (1.0,) * 3
    if values.get("do_normalize", True):
        mean, std = (
            tuple(value) if isinstance(value, list | tuple) else (value,) * 3
            for value in (values["image_mean"], values["image_std"])
        )
    unit, offset = 255.0, 0.0
    if values.get("do_rescale", True):
        factor = values.get("rescale_factor", 1 / 255)
        if not 0 < factor < math.inf:
            raise ValueError(f"rescale_factor is {factor!r}; it must be above 0")
        unit = 1.0 if abs(factor - 1 / 255) < 1e-8 else 255 * factor  # float32 of 1/255 is 1/255
        offset = 1.0 if values.get("offset") else 0.0
    scaled = [[(offset + value) / unit for value in mean], [value / unit for value in std]]
    return tuple(scaled[0]), tuple(scaled[1])  # type: ignore[return-value]


def _frames_of(clip: object) -> np.ndarray:
    """Return the frames (T, H, W, 3) uint8 of a clip, array, tensor or list of pictures."""
    frames = clip.frames if isinstance(clip, Clip) else clip
    if isinstance(frames, list | tuple) and frames:
        frames = [
            np.asarray(frame.convert("RGB") if isinstance(frame, Image.Image) else frame)
            for frame in frames
        ]
        if len({frame.shape for frame in frames}) > 1:
            raise ValueError("frames have several shapes; they must have one")
        frames = np.stack(frames)
    if isinstance(frames, Tensor):
        frames = frames.numpy(force=True)
    if not isinstance(frames, np.ndarray):
        raise ValueError(
            f"frames are a {type(frames).__name__}; give a clip of `read`, or frames, "
            "uint8 RGB, (T, H, W, 3)"
        )
    if frames.ndim == 4 and frames.shape[3] != 3 and frames.shape[1] == 3:  # channels-first
        frames = frames.transpose(0, 2, 3, 1)
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
