"""Frames to pixel values, the way a checkpoint was trained, and the crop back in source pixels."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

PREPROCESSOR_FILE = "preprocessor_config.json"

ResizeWay = Literal["hf", "fb"]
ChannelOrder = Literal["rgb", "bgr"]


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
        if min(self.crop_size) < 1 or self.short_side < max(self.crop_size):
            raise ValueError(
                f"frames with a short side of {self.short_side} hold no crop of {self.crop_size}"
            )
        if len(self.mean) != 3 or len(self.std) != 3 or min(self.std) <= 0:
            raise ValueError("mean and std must be three numbers each, std above 0")
        for name, choices in (("resize_way", ResizeWay), ("channel_order", ChannelOrder)):
            if getattr(self, name) not in get_args(choices):
                raise ValueError(f"{name} must be one of {get_args(choices)}")

    def __call__(self, frames: np.ndarray) -> Prepared:
        """Pixel values of frames (T, H0, W0, 3) uint8 RGB, and their box in the source frame."""
        _, H0, W0, _ = frames.shape
        H1, W1 = self._resized_shape(H0, W0)
        H, W = self.crop_size
        top, left = self._offset(H1 - H), self._offset(W1 - W)
        pixels = torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2)  # (T, 3, ..)
        pixels = self._resized(pixels, (H1, W1))[..., top : top + H, left : left + W]
        if self.channel_order == "bgr":
            pixels = pixels.flip(1)
        mean, std = (torch.tensor(values)[:, None, None] for values in (self.mean, self.std))
        box = Box(left * W0 / W1, top * H0 / H1, W * W0 / W1, H * H0 / H1)
        return Prepared(((pixels - mean) / std)[None].contiguous(), box)

    def _resized_shape(self, H0: int, W0: int) -> tuple[int, int]:
        short, long = min(H0, W0), max(H0, W0)
        longer = int(self.short_side * long / short)
        return (self.short_side, longer) if H0 <= W0 else (longer, self.short_side)

    def _offset(self, spare: int) -> int:
        return spare // 2 if self.resize_way == "hf" else (spare + 1) // 2

    def _resized(self, pixels: Tensor, shape: tuple[int, int]) -> Tensor:
        if self.resize_way == "hf":
            small = F.interpolate(pixels, size=shape, mode="bilinear", antialias=True)
            return small.float() / 255
        return F.interpolate(pixels.float() / 255, size=shape, mode="bilinear")

    @property
    def seconds(self) -> float | None:
        """How much of a video a clip spans; None for all of it."""
        return None if self.sampling_rate is None else self.num_frames * self.sampling_rate / 30

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Preprocess":
        """From a `preprocessor_config.json` that has `num_frames` and `sampling_rate` too."""
        crop = values.get("crop_size", values["size"])
        height = crop.get("height", crop.get("shortest_edge"))
        return cls(
            num_frames=values["num_frames"],
            sampling_rate=values["sampling_rate"],
            short_side=values["size"].get("shortest_edge", values["size"].get("height")),
            crop_size=(height, crop.get("width", height)),
            mean=tuple(values["image_mean"]),
            std=tuple(values["image_std"]),
            resize_way=values.get("resize_way", "hf"),
            channel_order=values.get("channel_order", "rgb"),
        )

    def to_dict(self) -> dict[str, Any]:
        """The contents of a `preprocessor_config.json` that transformers reads too."""
        H, W = self.crop_size
        return {
            "image_processor_type": "VideoMAEImageProcessor",
            "do_resize": True,
            "size": {"shortest_edge": self.short_side},
            "resample": 2,
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
        """Writes `preprocessor_config.json` into `folder`."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.to_dict(), indent=2)
        (Path(folder) / PREPROCESSOR_FILE).write_text(text + "\n", "utf-8")
