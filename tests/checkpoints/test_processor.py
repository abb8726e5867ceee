"""Files of processors, by transformers or us, describe the preprocessing that was done."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import transformers
import transformers.models.vit.image_processing_pil_vit
from tiny import PREPROCESS, random_clip
from transformers.models.videomae.image_processing_pil_videomae import VideoMAEImageProcessorPil

from timesformer.checkpoints.processor import (
    PROCESSOR_FILES,
    find_processor,
    preprocess_of,
    recorded_sampling,
)
from timesformer.preprocess import PREPROCESSOR_FILE, Preprocess

OURS = {"num_frames": 2, "sampling_rate": 1}
CHANGES = {
    "as it is": {},
    "three colours": {"image_mean": [0.1, 0.2, 0.3], "image_std": [0.5, 0.25, 0.125]},
    "stretched": {"size": {"height": 40, "width": 56}, "crop_size": {"height": 32, "width": 48}},
    "stretched, whole": {"size": {"height": 40, "width": 56}, "do_center_crop": False},
    "another short side": {
        "size": {"shortest_edge": 50}, "crop_size": {"height": 40, "width": 48},
    },
    "one number": {"size": 48, "crop_size": 32},
    "bicubic": {"resample": 3},
    "nearest": {"resample": 0},
    "Lanczos": {"resample": 1},
    "not normalized": {"do_normalize": False},
    "not rescaled": {"do_rescale": False, "image_mean": [120.0] * 3, "image_std": [60.0] * 3},
    "neither": {"do_rescale": False, "do_normalize": False},
    "rescaled to 0..2": {"rescale_factor": 1 / 127.5},
    "one mean for all": {"image_mean": 0.4, "image_std": 0.2},
    "odd margins": {"size": {"shortest_edge": 49}, "crop_size": {"height": 32, "width": 32}},
}  # fmt: skip
KINDS = {
    "VideoMAE": VideoMAEImageProcessorPil,
    "Vivit": transformers.VivitImageProcessor,
    "ViT": transformers.models.vit.image_processing_pil_vit.ViTImageProcessorPil,
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("kind", KINDS)
def test_pixel_values_are_those_of_the_processor_that_wrote_the_file(
    kind: str, changes: dict, tmp_path: Path
) -> None:
    size = {"size": {"shortest_edge": 48}, "crop_size": {"height": 32, "width": 40}}
    if kind == "ViT":  # it stretches and does not crop
        size = {"size": {"height": 40, "width": 56}}
        changes = {key: v for key, v in changes.items() if "size" not in key and "crop" not in key}
    if kind == "Vivit" and not changes.get("do_rescale", True):
        changes = changes | {"offset": False}
    peer = KINDS[kind](**(size | changes))
    peer.save_pretrained(tmp_path)
    _, values = find_processor(read_files(tmp_path))
    preprocess = preprocess_of({**values, **OURS})
    for H, W in ((60, 80), (80, 61), (55, 55)):
        frames = random_clip(2, H, W).frames
        theirs = peer(list(frames), return_tensors="np")["pixel_values"]
        theirs = np.asarray(theirs, np.float32).reshape(1, 2, 3, *preprocess.crop_size)
        ours = preprocess(frames).pixel_values.numpy()
        np.testing.assert_allclose(ours, theirs, atol=2e-5 * max(1, np.abs(theirs).max()), rtol=0)
    assert preprocess_of(preprocess.to_dict()) == preprocess


def read_files(folder: Path) -> dict[str, dict]:
    return {
        file: json.loads((folder / file).read_text())
        for file in PROCESSOR_FILES
        if (folder / file).exists()
    }


@pytest.mark.parametrize("suffix", ["ImageProcessor", "ImageProcessorFast", "VideoProcessor"])
@pytest.mark.parametrize(
    ("family", "short_side", "mean", "std"),
    [
        ("VideoMAE", 224, (0.5,) * 3, (0.5,) * 3),
        ("Timesformer", 224, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        # ((v * 2 - 1) - 0.5) / 0.5 = (v - 0.75) / 0.25, for v of 0..1
        ("Vivit", 256, (0.75,) * 3, (0.25,) * 3),
    ],
)
def test_what_a_file_leaves_out_is_what_its_class_does(
    family: str, suffix: str, short_side: int, mean: tuple, std: tuple
) -> None:
    kind = "video_processor_type" if suffix == "VideoProcessor" else "image_processor_type"
    preprocess = preprocess_of({kind: family + suffix, **OURS})
    assert (preprocess.short_side, preprocess.crop_size) == (short_side, (224, 224))
    assert preprocess.mean == pytest.approx(mean)
    assert preprocess.std == pytest.approx(std)


def test_the_file_that_transformers_prefers_is_read() -> None:
    image, video, old = ({"size": number} for number in (1, 2, 3))
    nested = {"video_processor": video, "image_processor": image, "processor_class": "A"}
    files = {
        "processor_config.json": nested,
        "video_preprocessor_config.json": {"size": 4},
        PREPROCESSOR_FILE: old,
    }
    assert find_processor(files) == ("processor_config.json", video)
    del nested["video_processor"]
    assert find_processor(files) == ("video_preprocessor_config.json", {"size": 4})
    del files["video_preprocessor_config.json"]
    assert find_processor(files) == ("processor_config.json", image)
    del nested["image_processor"]
    assert find_processor(files) == (PREPROCESSOR_FILE, old)
    del files[PREPROCESSOR_FILE]
    assert find_processor(files) is None
    files |= {
        PREPROCESSOR_FILE: PREPROCESS.to_dict(),
        "video_preprocessor_config.json": {"size": 4},
    }
    assert find_processor(files) == (PREPROCESSOR_FILE, PREPROCESS.to_dict())


@pytest.mark.parametrize(
    ("values", "sampling"),
    [
        ({}, {}),
        ({"do_sample_frames": False, "fps": 2}, {}),
        ({"do_sample_frames": True, "fps": 2}, {"sampling_rate": 15}),
        ({"do_sample_frames": True}, {"sampling_rate": None}),
        ({"sampling_rate": 7, "do_sample_frames": True}, {"sampling_rate": 7}),
    ],
)
def test_the_sampling_that_a_processor_records(values: dict, sampling: dict) -> None:
    assert recorded_sampling(values) == sampling


@pytest.mark.parametrize(
    "preprocess",
    [
        PREPROCESS,
        dataclasses.replace(PREPROCESS, resize_way="fb"),
        dataclasses.replace(
            PREPROCESS, short_side=48, crop_size=(32, 40),
            sampling_rate=None, channel_order="bgr", mean=(0.1, 0.2, 0.3), std=(1, 2, 3),
        ),
    ],
)  # fmt: skip
def test_round_trip_through_the_file(preprocess: Preprocess, tmp_path: Path) -> None:
    preprocess.save_pretrained(tmp_path / "new")
    values = json.loads((tmp_path / "new" / PREPROCESSOR_FILE).read_text("utf-8"))
    assert preprocess_of(values) == preprocess


def test_the_file_of_transformers_is_read(tmp_path: Path) -> None:
    peer = VideoMAEImageProcessorPil(
        size={"shortest_edge": 50}, crop_size={"height": 40, "width": 48}
    )
    peer.save_pretrained(tmp_path)
    values = json.loads((tmp_path / PREPROCESSOR_FILE).read_text("utf-8"))
    preprocess = preprocess_of(values | {"num_frames": 2, "sampling_rate": 7})
    assert (preprocess.short_side, preprocess.crop_size) == (50, (40, 48))
    assert preprocess.mean == (0.5, 0.5, 0.5)
    frames = random_clip(2, 60, 80).frames
    theirs = np.asarray(peer(list(frames), return_tensors="np")["pixel_values"])
    np.testing.assert_allclose(preprocess(frames).pixel_values.numpy(), theirs, atol=1e-5, rtol=0)


def test_sizes_in_old_files_are_bare_numbers() -> None:
    expected = dataclasses.replace(PREPROCESS, short_side=224, crop_size=(224, 224))
    values = expected.to_dict() | {"size": 224, "crop_size": 224}
    assert preprocess_of(values) == expected
    del values["crop_size"]  # 224 is the default
    assert preprocess_of(values) == expected


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"size": {"shortest_edge": 32, "longest_edge": 64}}, "it must have shortest_edge alone"),
        ({"size": {"width": 32}}, "it must have shortest_edge alone, or height and width"),
        ({"size": [32, 32, 3]}, "it must be one number or two"),
        ({"size": {"height": 16, "width": 32}}, "must be at least crop_size, 32 x 32"),
        ({"do_center_crop": False}, "do_center_crop is False; with shortest_edge only True"),
        ({"do_resize": False}, "do_resize is False; only True is supported"),
        ({"do_pad": True}, "do_pad is True; this step is not supported"),
        ({"crop_pct": 0.9}, "crop_pct is 0.9; this step is not supported"),
        ({"rescale_factor": 0}, "rescale_factor is 0; it must be above 0"),
        ({"resample": 9}, "resample is 9; choose a filter"),
        ({"resample": 3, "resize_way": "fb"}, "resample is 3; choose a filter"),
    ],
)
def test_unsupported_values_are_refused(changes: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        preprocess_of(PREPROCESS.to_dict() | changes)


@pytest.mark.parametrize("name", ["size", "image_mean", "image_std", "num_frames", "sampling_rate"])
def test_missing_values_are_named(name: str) -> None:
    values = PREPROCESS.to_dict() | {"image_processor_type": "OtherImageProcessor"}
    del values[name]
    with pytest.raises(ValueError, match=f"{name} is missing"):
        preprocess_of(values)
