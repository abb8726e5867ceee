"""Pixel values equal the peers' ones, and the box leads back to source pixels."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tiny import PREPROCESS, random_clip
from transformers.models.videomae.image_processing_pil_videomae import VideoMAEImageProcessorPil

from timesformer import Clip
from timesformer.preprocess import Box, Preprocess

HF = dataclasses.replace(PREPROCESS, short_side=224, crop_size=(224, 224))
FB = dataclasses.replace(HF, resize_way="fb")
SMALL = dataclasses.replace(PREPROCESS, short_side=48, crop_size=(32, 40))
WAYS = ("hf", "fb")

SHAPES = {
    "landscape": (256, 340),
    "portrait": (340, 256),
    "odd": (241, 333),
    "odd portrait": (401, 225),
    "as it is": (224, 224),
    "short side as it is": (224, 399),
    "half": (448, 600),
    "upscaled": (37, 53),
    "phone": (640, 360),
    "1080p": (1080, 1920),
}


def noise(H: int, W: int, T: int = 2) -> np.ndarray:
    return random_clip(T, H, W, seed=H * W).frames


def peer_values(frames: np.ndarray, preprocess: Preprocess) -> np.ndarray:
    H, W = preprocess.crop_size
    peer = VideoMAEImageProcessorPil(
        size={"shortest_edge": preprocess.short_side},
        crop_size={"height": H, "width": W},
        image_mean=list(preprocess.mean),
        image_std=list(preprocess.std),
    )
    return np.asarray(peer(list(frames), return_tensors="np")["pixel_values"])


def released_values(frames: np.ndarray, size: int) -> np.ndarray:
    """Return pixel values (1, T, 3, size, size) by the arithmetic of the released test transform.

    0..1, less 0.45, by 0.225; bilinear between the two nearest pixels, centres on centres; the
    long side rounded down, the middle crop's odd pixel rounded up.
    """
    _, H0, W0, _ = frames.shape
    short, long = min(H0, W0), max(H0, W0)
    longer = long * size // short
    H1, W1 = (size, longer) if H0 <= W0 else (longer, size)

    def neighbours(n: int, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        centre = np.maximum((np.arange(count) + 0.5) * n / count - 0.5, 0)
        lower = centre.astype(int)
        return lower, np.minimum(lower + 1, n - 1), centre - lower

    values = (frames / 255 - 0.45) / 0.225
    up, down, part = neighbours(H0, H1)
    part = part[:, None, None]
    values = values[:, up] * (1 - part) + values[:, down] * part
    left, right, part = neighbours(W0, W1)
    part = part[:, None]
    values = values[:, :, left] * (1 - part) + values[:, :, right] * part
    y, x = int(np.ceil((H1 - size) / 2)), int(np.ceil((W1 - size) / 2))
    return values[:, y : y + size, x : x + size].transpose(0, 3, 1, 2)[None]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_hf_way_equals_transformers_in_every_grey_level(shape: tuple[int, int]) -> None:
    """Compare within a grey level, 0.0174: torch's antialiasing differs by one in 0.3 percent."""
    frames = noise(*shape)
    ours = HF(frames).pixel_values.numpy()
    np.testing.assert_allclose(ours, peer_values(frames, HF), atol=1e-5, rtol=0)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_fb_way_equals_the_released_arithmetic(shape: tuple[int, int]) -> None:
    frames = noise(*shape)
    ours = FB(frames).pixel_values.numpy()
    np.testing.assert_allclose(ours, released_values(frames, 224), atol=1e-4, rtol=0)


def test_the_two_ways_are_not_the_same() -> None:
    frames = noise(256, 341)
    difference = (HF(frames).pixel_values - FB(frames).pixel_values).abs()
    assert difference.max() > 0.5


@given(
    H=st.integers(5, 120),  # transformers takes a side of 3 or 4 for the channels
    W=st.integers(5, 120),
    short_side=st.integers(8, 40),
    crop=st.tuples(st.integers(5, 8), st.integers(5, 8)),
)
@settings(max_examples=40)
def test_hf_way_equals_transformers_at_any_shape(
    H: int, W: int, short_side: int, crop: tuple[int, int]
) -> None:
    preprocess = dataclasses.replace(PREPROCESS, short_side=short_side, crop_size=crop)
    frames = noise(H, W, T=1)
    ours = preprocess(frames).pixel_values.numpy()
    np.testing.assert_allclose(ours, peer_values(frames, preprocess), atol=1e-5, rtol=0)


@given(
    H=st.integers(1, 300),
    W=st.integers(1, 300),
    way=st.sampled_from(WAYS),
    short_side=st.integers(16, 64),
    crop=st.tuples(st.integers(1, 16), st.integers(1, 16)),
)
@settings(max_examples=60)
def test_the_box_is_the_middle_of_the_frame_and_shaped_as_the_crop(
    H: int, W: int, way: str, short_side: int, crop: tuple[int, int]
) -> None:
    preprocess = dataclasses.replace(
        PREPROCESS, short_side=short_side, crop_size=crop, resize_way=way
    )
    prepared = preprocess(np.zeros((1, H, W, 3), np.uint8))
    box = prepared.box
    rounding = 1 + 1 / short_side  # of the long side, to whole pixels
    pixel = min(H, W) / short_side * rounding  # of the crop, in pixels of the source
    assert prepared.pixel_values.shape == (1, 1, 3, *crop)
    assert box.left >= 0
    assert box.top >= 0
    assert box.left + box.width <= W + 1e-6
    assert box.top + box.height <= H + 1e-6
    assert abs(box.left + box.width / 2 - W / 2) <= pixel / 2 + 1e-6
    assert abs(box.top + box.height / 2 - H / 2) <= pixel / 2 + 1e-6
    assert 1 / rounding <= box.width / box.height / (crop[1] / crop[0]) <= rounding


@given(
    H=st.integers(64, 300),
    W=st.integers(64, 300),
    way=st.sampled_from(WAYS),
    rightwards=st.booleans(),
    downwards=st.booleans(),
)
@settings(max_examples=40)
def test_a_quarter_of_the_box_is_the_same_quarter_of_the_pixel_values(
    H: int, W: int, way: str, rightwards: bool, downwards: bool
) -> None:
    preprocess = dataclasses.replace(SMALL, resize_way=way)
    box = preprocess(np.zeros((1, H, W, 3), np.uint8)).box
    x = box.left + box.width * (0.75 if rightwards else 0.25)
    y = box.top + box.height * (0.75 if downwards else 0.25)
    side = min(box.width, box.height) / 8
    frames = np.zeros((1, H, W, 3), np.uint8)
    frames[:, round(y - side) : round(y + side), round(x - side) : round(x + side)] = 255

    light = preprocess(frames).pixel_values[0, 0].mean(0)  # (32, 40)
    light = (light - light.min()).numpy()
    rows, columns = np.indices(light.shape) + 0.5
    centre = (light * rows).sum() / light.sum(), (light * columns).sum() / light.sum()
    expected = (24 if downwards else 8), (30 if rightwards else 10)
    assert centre == pytest.approx(expected, abs=1)


@pytest.mark.parametrize("way", WAYS)
def test_a_plain_colour_stays_what_it_is(way: str) -> None:
    frames = np.full((1, 50, 70, 3), (10, 120, 250), np.uint8)
    preprocess = dataclasses.replace(
        SMALL, resize_way=way, mean=(0.1, 0.2, 0.3), std=(0.5, 0.25, 0.125)
    )
    values = preprocess(frames).pixel_values
    for channel, wanted in enumerate((10 / 255 - 0.1, 120 / 255 - 0.2, 250 / 255 - 0.3)):
        wanted /= preprocess.std[channel]
        torch.testing.assert_close(
            values[0, 0, channel], torch.full((32, 40), wanted), atol=1e-5, rtol=0
        )


@pytest.mark.parametrize("way", WAYS)
def test_bgr_swaps_the_colours_and_then_takes_the_mean_of_each_channel(way: str) -> None:
    frames = noise(60, 80)
    rgb = dataclasses.replace(SMALL, resize_way=way, mean=(0.1, 0.2, 0.3), std=(0.5, 0.25, 0.125))
    bgr = dataclasses.replace(rgb, channel_order="bgr")
    swapped = np.ascontiguousarray(frames[..., ::-1])
    assert torch.equal(bgr(frames).pixel_values, rgb(swapped).pixel_values)


@pytest.mark.parametrize("way", WAYS)
def test_frames_are_independent_and_left_alone(way: str) -> None:
    preprocess = dataclasses.replace(SMALL, resize_way=way)
    frames = noise(60, 80, T=3)
    before = frames.copy()
    values = preprocess(frames).pixel_values
    assert values.dtype == torch.float32
    assert values.is_contiguous()
    frames.flags.writeable = False
    for t in range(3):
        assert torch.equal(preprocess(frames[t : t + 1]).pixel_values[:, 0], values[:, t])
    assert torch.equal(preprocess(frames[::-1]).pixel_values, values.flip(1))
    np.testing.assert_array_equal(frames, before)
    mirrored = preprocess(frames[:, :, ::-1])
    assert mirrored.pixel_values.shape == values.shape


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("shape", [(65535, 1), (1, 65535)])
def test_a_slim_frame_costs_no_more_than_its_crop(shape: tuple[int, int], way: str) -> None:
    """Resize the crop only: the whole frame would become 224 x 14,679,840 pixels, 10 GB."""
    prepared = dataclasses.replace(HF, resize_way=way)(noise(*shape, T=1))
    assert prepared.pixel_values.isfinite().all()


@pytest.mark.parametrize("shape", [(256, 340), (600, 37), (20000, 2)])
def test_resizing_only_the_crop_differs_by_at_most_one_grey_level(
    shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = noise(*shape, T=1)
    whole = SMALL(frames).pixel_values
    monkeypatch.setattr("timesformer.preprocess.MAX_RESIZED_PIXELS", 0)
    level = 1 / 255 / min(SMALL.std)
    torch.testing.assert_close(SMALL(frames).pixel_values, whole, atol=1.01 * level, rtol=0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"crop_size": (48, 64)}, "short_side is 48; it must be at least 64"),
        ({"crop_size": (0, 32)}, "a side is 0; it must be"),
        ({"mean": (0.5, 0.5)}, "mean and std must be three numbers"),
        ({"std": (0.5, 0.0, 0.5)}, "std must be at least"),
        ({"std": (0.5, 1e-300, 0.5)}, "std must be at least"),
        ({"num_frames": True}, "num_frames is True"),
        ({"resize_way": "pil"}, "resize_way must be one of"),
        ({"channel_order": "gbr"}, "channel_order must be one of"),
        ({"std": (0.5, float("inf"), 0.5)}, "must be three numbers"),
        ({"num_frames": 0}, "num_frames is 0"),
        ({"num_frames": 8.5}, "num_frames is 8.5; it must be a whole number"),
        ({"num_frames": 10**9}, "num_frames is 1000000000"),
        ({"sampling_rate": 0}, "sampling_rate is 0"),
        ({"sampling_rate": 10**9}, "sampling_rate is 1000000000"),
        ({"short_side": 10**6}, "a side is 1000000"),
        ({"crop_size": (32.0, 32)}, "a side is 32.0"),
    ],
)
def test_wrong_values_are_named(changes: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        dataclasses.replace(SMALL, **changes)


def test_transformers_reads_the_file_and_does_the_same(tmp_path: Path) -> None:
    preprocess = dataclasses.replace(SMALL, mean=(0.1, 0.2, 0.3), std=(0.5, 0.25, 0.125))
    preprocess.save_pretrained(tmp_path)
    peer = transformers.AutoImageProcessor.from_pretrained(tmp_path, backend="pil")
    assert isinstance(peer, VideoMAEImageProcessorPil)
    frames = noise(60, 80)
    theirs = np.asarray(peer(list(frames), return_tensors="np")["pixel_values"])
    np.testing.assert_allclose(preprocess(frames).pixel_values.numpy(), theirs, atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        (noise(60, 80) / 255, "frames are float64 of shape"),
        (noise(60, 80)[0], r"uint8 of shape \(60, 80, 3\)"),
        (noise(60, 80)[..., :1], r"uint8 of shape \(2, 60, 80, 1\)"),
        (noise(60, 80)[:0], r"uint8 of shape \(0, 60, 80, 3\)"),
    ],
)
def test_other_frames_than_uint8_rgb_are_refused(frames: np.ndarray, words: str) -> None:
    for prepare in (HF, HF.three_crops):
        with pytest.raises(ValueError, match=words):
            prepare(frames)


def test_seconds_a_clip_spans() -> None:
    assert dataclasses.replace(HF, num_frames=8, sampling_rate=32).seconds == pytest.approx(
        8.533, abs=1e-3
    )
    assert dataclasses.replace(HF, sampling_rate=None).seconds is None


@pytest.mark.parametrize(("way", "left"), [("hf", 37), ("fb", 38)])
def test_the_odd_pixel_of_the_margin(way: str, left: int) -> None:
    """256 x 340 becomes 224 x 297: 73 columns to spare, 36 before the crop or 37."""
    box = dataclasses.replace(HF, resize_way=way)(noise(256, 340, T=1)).box
    assert box == Box((left - 1) * 340 / 297, 0, 224 * 340 / 297, 256)


@pytest.mark.parametrize("shape", [(256, 340), (340, 256), (240, 240)])
def test_three_crops_are_both_ends_and_the_middle(shape: tuple[int, int]) -> None:
    frames = noise(*shape)
    first, middle, last = FB.three_crops(frames)
    assert torch.equal(middle.pixel_values, FB(frames).pixel_values)
    assert middle.box == FB(frames).box
    H0, W0 = shape
    assert (first.box.left, first.box.top) == (0, 0)
    assert last.box.left + last.box.width == pytest.approx(W0, abs=W0 / 224)
    assert last.box.top + last.box.height == pytest.approx(H0, abs=H0 / 224)
    whole = FB.three_crops(frames[:, ::-1, ::-1])[0].pixel_values.flip(-2, -1)
    torch.testing.assert_close(last.pixel_values, whole, atol=1e-4, rtol=0)


def test_frames_in_other_containers_are_the_same_frames() -> None:
    frames = noise(60, 80)
    expected = HF(frames).pixel_values
    pictures = [Image.fromarray(frame) for frame in frames]
    others = [
        Clip(frames, np.arange(2), 2),
        list(frames),
        tuple(frames),
        torch.from_numpy(frames),
        frames.transpose(0, 3, 1, 2),
        torch.from_numpy(frames).permute(0, 3, 1, 2),
        [torch.from_numpy(frame) for frame in frames],
        pictures,
        [picture.convert("RGBA") for picture in pictures],
    ]
    for other in others:
        assert torch.equal(HF(other).pixel_values, expected)
        assert torch.equal(HF.three_crops(other)[1].pixel_values, expected)


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        (noise(60, 80).astype(np.float32), "frames are float32 of shape"),
        (noise(60, 80).astype(np.uint16) * 257, "frames are uint16 of shape"),
        (noise(60, 80)[..., 0], r"shape \(2, 60, 80\); they must be uint8 RGB, \(T, H, W, 3\)"),
        (noise(60, 80)[None], r"shape \(1, 2, 60, 80, 3\)"),
        ([noise(60, 80)[0], noise(60, 81)[0]], "several shapes"),
        (torch.zeros(2, 60, 80, 3, dtype=torch.bfloat16), "frames are bfloat16 of shape"),
        ([torch.zeros(60, 80, 3, requires_grad=True)], "frames are float32 of shape"),
        (Image.new("RGB", (80, 60)), r"frames are uint8 of shape \(60, 80, 3\)"),
        ([], "the clip is a list; give a Clip"),
        ("clip.mp4", r"the clip is a str; give a Clip, such as recognizer.read\(path\), or frames"),
        (["clip.mp4"], "the clip is a list of str; give a Clip"),
        ((Clip(noise(60, 80), np.arange(2), 2),), "the clip is a tuple of Clip; give a Clip"),
        (None, "the clip is a NoneType; give a Clip"),
    ],
)
def test_frames_that_could_mean_several_things_are_refused(frames: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        HF(frames)
