"""The table of published checkpoints, and whole checkpoints in folders."""

import dataclasses
import json
from pathlib import Path

import pytest
import torch
from tiny import PREPROCESS, SCHEMES, random_pixels, tiny_checkpoint, tiny_model

from timesformer import checkpoints
from timesformer.checkpoints import (
    EMBEDDED_FOLDER,
    PUBLISHED,
    SAMPLING_ASSUMED,
    embedded_models,
    load_checkpoint,
    save_checkpoint,
)
from timesformer.errors import CheckpointError
from timesformer.motion import LABELS
from timesformer.preprocess import PREPROCESSOR_FILE

# name, frames, pixels, labels, sampling rate, from the released configs
KNOWN = {
    ("facebook/timesformer-base-finetuned-k400", 8, 224, 400, 32),
    ("facebook/timesformer-hr-finetuned-k400", 16, 448, 400, 16),
    ("fcakyon/timesformer-large-finetuned-k400", 96, 224, 400, 4),
    ("facebook/timesformer-base-finetuned-k600", 8, 224, 600, 32),
    ("facebook/timesformer-hr-finetuned-k600", 16, 448, 600, 16),
    ("fcakyon/timesformer-large-finetuned-k600", 96, 224, 600, 4),
    ("facebook/timesformer-base-finetuned-ssv2", 8, 224, 174, None),
    ("facebook/timesformer-hr-finetuned-ssv2", 16, 448, 174, None),
    ("fcakyon/timesformer-large-finetuned-ssv2", 64, 224, 174, None),
}


def changed_file(folder: Path, **changes: object) -> Path:
    """The checkpoint with values of its preprocessor config changed, or left out where None."""
    values = json.loads((folder / PREPROCESSOR_FILE).read_text()) | changes
    values = {name: value for name, value in values.items() if value is not None}
    (folder / PREPROCESSOR_FILE).write_text(json.dumps(values))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny_checkpoint(tmp_path / "mine")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_saved_and_loaded_is_the_same(scheme: str, tmp_path: Path) -> None:
    model = tiny_model(scheme, id2label={0: "wave", 1: "jump", 2: "sit"})
    preprocess = dataclasses.replace(PREPROCESS, sampling_rate=None, channel_order="bgr")
    save_checkpoint(model, preprocess, tmp_path / "new")
    loaded = load_checkpoint(tmp_path / "new")
    assert loaded.preprocess == preprocess
    assert loaded.labels == ("wave", "jump", "sit")
    assert loaded.notes == ()
    clip = random_pixels(1, 4, 3, 32, 32)
    assert torch.equal(loaded.model(clip).logits, model(clip).logits)


def test_a_folder_is_loaded_by_its_path_as_text_too(folder: Path) -> None:
    assert load_checkpoint(str(folder)).preprocess == PREPROCESS


@pytest.mark.parametrize(("T", "rate"), [(4, 64), (8, 32), (16, 16), (96, 3), (600, 1)])
def test_a_folder_without_its_sampling_gets_a_note_and_about_eight_seconds(
    T: int, rate: int, tmp_path: Path
) -> None:
    folder = tiny_checkpoint(tmp_path, num_frames=T)
    loaded = load_checkpoint(changed_file(folder, num_frames=None, sampling_rate=None))
    assert loaded.notes == (SAMPLING_ASSUMED,)
    assert (loaded.preprocess.num_frames, loaded.preprocess.sampling_rate) == (T, rate)


def test_sampling_over_the_whole_video_is_not_a_missing_one(tmp_path: Path) -> None:
    save_checkpoint(tiny_model(), dataclasses.replace(PREPROCESS, sampling_rate=None), tmp_path)
    loaded = load_checkpoint(tmp_path)
    assert loaded.preprocess.sampling_rate is None
    assert loaded.notes == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"image_mean": None}, "image_mean is missing"),
        ({"do_normalize": False}, "do_normalize False"),
        ({"image_std": [0, 0, 0]}, "std above 0"),
        ({"image_mean": 3}, "a value is of the wrong kind"),
        ({"crop_size": {"height": 30, "width": 32}}, "30 x 32 pixels, do not divide into"),
    ],
)
def test_a_bad_preprocessor_config_is_a_sentence(folder: Path, changes: dict, words: str) -> None:
    with pytest.raises(CheckpointError, match=words) as caught:
        load_checkpoint(changed_file(folder, **changes))
    message = str(caught.value)
    assert message.endswith(".")
    assert "mine" in message
    assert str(folder.parent) not in message


@pytest.mark.parametrize("name", ["config.json", PREPROCESSOR_FILE])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(CheckpointError, match=f"mine has no {name}"):
        load_checkpoint(folder)


def test_an_unknown_name_is_a_sentence() -> None:
    with pytest.raises(CheckpointError, match="There is no checkpoint named 'emotion' here"):
        load_checkpoint("emotion")


def test_embedded_models_are_the_folders_with_a_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "EMBEDDED_FOLDER", tmp_path)
    assert embedded_models() == ()
    (tmp_path / "unfinished").mkdir()
    tiny_checkpoint(tmp_path / "waves")
    tiny_checkpoint(tmp_path / "jumps")
    assert embedded_models() == ("jumps", "waves")
    assert load_checkpoint("waves").preprocess == PREPROCESS
    with pytest.raises(CheckpointError, match="no checkpoint named 'unfinished'"):
        load_checkpoint("unfinished")


def test_motion_is_embedded_and_whole() -> None:
    assert (EMBEDDED_FOLDER / "motion" / "config.json").is_file()
    assert "motion" in embedded_models()
    motion = load_checkpoint("motion")
    assert motion.labels == LABELS
    assert motion.notes == ()
    assert motion.model.config.attention_type == "divided_space_time"
    T, (H, W) = motion.preprocess.num_frames, motion.preprocess.crop_size
    assert motion.model.config.num_frames == T
    assert motion.model.config.image_shape == (H, W)
    assert motion.preprocess.sampling_rate is not None
    with torch.no_grad():
        logits = motion.model(random_pixels(1, T, 3, H, W)).logits
    assert logits.shape == (1, len(LABELS))
    assert logits.isfinite().all()


def test_the_published_checkpoints_are_the_known_ones() -> None:
    table = [
        (entry.name, entry.num_frames, entry.size, entry.num_labels, entry.sampling_rate)
        for entry in PUBLISHED
    ]
    assert len(table) == 9
    assert set(table) == KNOWN


@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: entry.name)
def test_a_published_checkpoint_is_prepared_as_it_was_trained(
    entry: checkpoints.Published,
) -> None:
    preprocess = entry.preprocess
    assert preprocess.num_frames == entry.num_frames
    assert preprocess.sampling_rate == entry.sampling_rate
    assert preprocess.crop_size == (entry.size, entry.size)
    assert preprocess.short_side == entry.size
    assert preprocess.mean == (0.45, 0.45, 0.45)
    assert preprocess.std == (0.225, 0.225, 0.225)
    assert preprocess.resize_way == "fb"
    assert preprocess.channel_order == ("bgr" if entry.name.endswith("ssv2") else "rgb")
    assert entry.licence == "CC BY-NC 4.0"
