"""Processors: the settings of preprocessing in the files of a checkpoint, by transformers or us."""

import math
from collections.abc import Mapping
from typing import Any

from ..preprocess import BILINEAR, PREPROCESSOR_FILE, Preprocess
from ..video.clip import GRID_FPS

PROCESSOR_FILES = (PREPROCESSOR_FILE, "video_preprocessor_config.json", "processor_config.json")
# The files of PROCESSOR_FILES, and the parts of them, in transformers' order of preference
PROCESSOR_PARTS = (
    ("processor_config.json", "video_processor"),
    ("video_preprocessor_config.json", None),
    ("processor_config.json", "image_processor"),
    ("processor_config.json", "feature_extractor"),
    (PREPROCESSOR_FILE, None),
)

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


def preprocess_of(values: Mapping[str, Any]) -> Preprocess:
    """Return the preprocessing that the settings of a processor and frame sampling describe.

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
    return Preprocess(
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
