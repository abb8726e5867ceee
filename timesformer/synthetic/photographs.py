"""Photographs that other packages ship, read from the installed packages."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation

from ..errors import TimesformerError

LONG_SIDE = 640  # pixels at most; only two of the photographs are larger

# The pip requirement of each package, at the version whose photographs were used.
PINS = {
    "pywt": "PyWavelets==1.9.0",
    "skimage": "scikit-image==0.26.0",
    "sklearn": "scikit-learn==1.9.1",
}


@dataclass(frozen=True)
class Photograph:
    """One photograph: its file in an importable package, its author and its licence.

    `author` and `licence` are as the package states them.
    """

    package: str
    path: str
    author: str
    licence: str

    def find(self) -> Path | None:
        """Return the file, without an import of its package, or None if it is not installed."""
        spec = find_spec(self.package)
        folders = spec.submodule_search_locations if spec else None
        files = (Path(folder, self.path) for folder in folders or ())
        return next((file for file in files if file.is_file()), None)


TRAINING = (
    Photograph("skimage", "data/brick.png", "CC0Textures", "CC0"),
    Photograph("skimage", "data/camera.png", "Lav Varshney", "CC0"),
    Photograph("skimage", "data/chelsea.png", "Stefan van der Walt", "CC0"),
    Photograph("skimage", "data/coffee.png", "Rachel Michetti", "CC0"),
    Photograph("skimage", "data/grass.png", "linolafett", "CC0"),
    Photograph("skimage", "data/hubble_deep_field.jpg", "NASA", "public domain"),
    Photograph("skimage", "data/retina.jpg", "Mikael Häggström", "CC0 1.0"),
    Photograph("skimage", "data/rocket.jpg", "SpaceX", "public domain"),
    Photograph("sklearn", "datasets/images/flower.jpg", "vultilion", "CC BY 2.0"),
)

# For evaluation only: other subjects in other places, half of them in colour.
HELD_OUT = (
    Photograph("pywt", "data/ascent.npz", "public-domain-image.com", "public domain"),
    Photograph("skimage", "data/astronaut.png", "NASA", "public domain"),
    Photograph("skimage", "data/coins.png", "Brooklyn Museum", "no known copyright restrictions"),
    Photograph("skimage", "data/gravel.png", "CC0Textures", "CC0"),
    Photograph(
        "skimage",
        "data/ihc.png",
        "Center for Microscopy And Molecular Imaging",
        "no known copyright restrictions",
    ),
    Photograph("sklearn", "datasets/images/china.jpg", "danielbuechele", "CC BY 2.0"),
)


def read_photographs(photographs: Iterable[Photograph]) -> list[np.ndarray]:
    """Return the pictures, each (H, W, 3) uint8 RGB, reduced to at most LONG_SIDE.

    Raises TimesformerError, with the command that installs them, where packages are missing.
    """
    files = [(photograph, photograph.find()) for photograph in photographs]
    missing = {photograph.package for photograph, file in files if file is None}
    if missing:
        pins = [PINS[package] for package in sorted(missing)]
        names = " and ".join(pin.replace("==", " ") for pin in pins)
        raise TimesformerError(
            "training.no_photographs", packages=names, requirements=" ".join(pins)
        )
    return [_to_rgb(_decode(file)) for _, file in files if file is not None]


def _decode(file: Path) -> VideoFrame:
    if file.suffix == ".npz":  # PyWavelets stores grey levels (H, W)
        with np.load(file) as arrays:
            return VideoFrame.from_ndarray(arrays["data"].astype(np.uint8), "gray")
    with av.open(str(file)) as container:
        return next(container.decode(video=0))


def _to_rgb(frame: VideoFrame) -> np.ndarray:
    """Return the frame as (H, W, 3), reduced by area averaging if it is too large."""
    scale = min(1.0, LONG_SIDE / max(frame.width, frame.height))
    return frame.to_ndarray(
        format="rgb24",
        width=round(frame.width * scale),
        height=round(frame.height * scale),
        interpolation=Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.BITEXACT,
    )
