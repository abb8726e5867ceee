"""The photographs are readable and licensed, and no photograph is in both sets."""

import subprocess
import sys
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from timesformer.errors import TimesformerError
from timesformer.synthetic import photographs
from timesformer.synthetic.photographs import (
    HELD_OUT,
    LONG_SIDE,
    PINS,
    TRAINING,
    Photograph,
    read_photographs,
)

ROOT = Path(__file__).parents[2]
ALL = TRAINING + HELD_OUT


def find(photograph: Photograph) -> Path:
    file = photograph.find()
    assert file is not None, photograph
    return file


def thumbnail(picture: np.ndarray) -> np.ndarray:
    """Return 16 x 16 grey levels of mean 0 and norm 1, nearly equal for copies of one scene."""
    rows, columns = (np.linspace(0, side, 17).astype(int)[:-1] for side in picture.shape[:2])
    grey = np.add.reduceat(np.add.reduceat(picture.mean(axis=2), rows, 0), columns, 1)
    grey -= grey.mean()
    return grey.ravel() / np.linalg.norm(grey)


def test_no_picture_comes_twice() -> None:
    pictures = read_photographs(ALL)
    assert len({sha256(picture.tobytes()).digest() for picture in pictures}) == len(ALL)
    thumbnails = np.stack([thumbnail(picture) for picture in pictures])
    similarity = np.abs(thumbnails @ thumbnails.T) - np.eye(len(ALL))
    assert similarity.max() < 0.8
    cat = next(i for i, photograph in enumerate(ALL) if "chelsea" in photograph.path)
    darker = pictures[cat][::3, ::3] // 2  # and smaller; the test would find it
    assert thumbnail(darker) @ thumbnails[cat] > 0.9


@pytest.mark.parametrize("photograph", ALL, ids=lambda photograph: Path(photograph.path).stem)
def test_every_photograph_can_be_read(photograph: Photograph) -> None:
    (picture,) = read_photographs([photograph])
    H, W, channels = picture.shape
    assert picture.dtype == np.uint8
    assert channels == 3
    assert 200 <= min(H, W) <= max(H, W) <= LONG_SIDE
    assert picture.std() > 20  # grey levels: it is not blank
    assert np.array_equal(picture, read_photographs([photograph])[0])
    assert photograph.author


def test_pixels_are_those_of_another_decoder() -> None:
    from matplotlib.image import imread

    camera, coffee, retina = (
        Photograph("skimage", f"data/{name}", "", "")
        for name in ("camera.png", "coffee.png", "retina.jpg")
    )
    grey, colour, large = read_photographs([camera, coffee, retina])
    assert np.array_equal(grey[..., 0] / np.float32(255), imread(find(camera)))
    assert np.array_equal(grey, np.repeat(grey[..., :1], 3, axis=2))
    assert np.array_equal(colour / np.float32(255), imread(find(coffee))[..., :3])
    assert large.shape == (LONG_SIDE, LONG_SIDE, 3)
    mean = imread(find(retina)).mean(axis=(0, 1))
    assert np.allclose(large.mean(axis=(0, 1)), mean, atol=1)  # grey levels


def test_every_licence_permits_use_and_redistribution() -> None:
    assert {photograph.licence for photograph in ALL} <= {
        "CC0",
        "CC0 1.0",
        "CC BY 2.0",
        "public domain",
        "no known copyright restrictions",
    }


def test_missing_packages_are_named_with_their_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photographs, "find_spec", lambda package: None)
    with pytest.raises(TimesformerError) as caught:
        read_photographs(HELD_OUT)
    assert all(pin in str(caught.value) for pin in PINS.values())


def test_a_package_without_the_file_is_missing_too() -> None:
    with pytest.raises(TimesformerError) as caught:
        read_photographs([Photograph("sklearn", "no/such.jpg", "nobody", "none")])
    assert PINS["sklearn"] in str(caught.value)
    assert PINS["skimage"] not in str(caught.value)


def test_the_pins_are_those_of_the_tests() -> None:
    assert {photograph.package for photograph in ALL} == set(PINS)
    required = (ROOT / "tests/requirements.txt").read_text("utf-8").split()
    for pin in PINS.values():
        assert pin in required
        name, _, number = pin.partition("==")
        assert version(name) == number


def test_the_packages_are_not_imported() -> None:
    code = """
import sys
from timesformer.synthetic.photographs import HELD_OUT, TRAINING, read_photographs
read_photographs(TRAINING + HELD_OUT)
heavy = {"pywt", "scipy", "skimage", "sklearn"} & sys.modules.keys()
assert not heavy, heavy
"""
    process = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert process.returncode == 0, process.stderr
