"""The table of checkpoints, and whole checkpoints in folders and files."""

import dataclasses
import json
import re
from pathlib import Path
from typing import get_args

import peers
import pytest
import torch
import transformers
from tiny import (
    PREPROCESS,
    SCHEMES,
    random_clip,
    random_pixels,
    refused,
    tiny_checkpoint,
    tiny_model,
)

from timesformer import load
from timesformer.checkpoints import registry
from timesformer.checkpoints.checkpoint import (
    MMACTION_ASSUMED,
    PREPROCESSING_ASSUMED,
    SAMPLING_ASSUMED,
    Checkpoint,
    load_checkpoint,
    save_checkpoint,
)
from timesformer.checkpoints.infer_config import HEADS
from timesformer.checkpoints.labels import class_labels
from timesformer.checkpoints.registry import (
    EMBEDDED_FOLDER,
    HOWTO100M,
    PUBLISHED,
    Published,
    checkpoint_names,
    embedded_models,
    find_published,
    known_config,
    known_labels,
    match_published,
    resolve_checkpoint,
)
from timesformer.errors import CheckpointError
from timesformer.hub.config import WRONG_TYPE
from timesformer.hub.key_maps import TRANSFORMERS
from timesformer.hub.source import Repository
from timesformer.i18n import Message
from timesformer.models.config import Activation
from timesformer.preprocess import PREPROCESSOR_FILE
from timesformer.synthetic.motion import LABELS

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
    """Change values of a folder's preprocessor config; None removes a value."""
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
    ours, theirs = loaded.model.state_dict(), model.state_dict()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    torch.testing.assert_close(loaded.model(clip).logits, model(clip).logits, atol=1e-6, rtol=0)


def test_a_folder_loads_by_its_path_as_text(folder: Path) -> None:
    assert load_checkpoint(str(folder)).preprocess == PREPROCESS


def test_a_named_file_is_read_with_the_config_of_its_folder(folder: Path) -> None:
    other = tiny_model()
    with torch.no_grad():
        other.classifier.bias.fill_(7)
    state = {TRANSFORMERS.key(name): value for name, value in other.state_dict().items()}
    torch.save(state, folder / "pytorch_model.bin")
    loaded = load_checkpoint(folder / "pytorch_model.bin")
    assert loaded.model.classifier.bias.unique().tolist() == [7]
    assert (loaded.preprocess, loaded.notes) == (PREPROCESS, ())
    assert loaded.labels == tuple(other.config.id2label.values())
    assert load_checkpoint(folder).model.classifier.bias.unique().tolist() != [7]


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
    ("changes", "reason"),
    [
        ({"image_mean": None, "image_processor_type": None}, "image_mean is missing"),
        ({"do_resize": False}, "do_resize is False"),
        ({"image_std": [0, 0, 0]}, "std must be at least"),
        ({"image_mean": [10**400, 0, 0]}, WRONG_TYPE),
        ({"image_mean": "high"}, WRONG_TYPE),
    ],
)
def test_a_bad_preprocessor_config_is_refused(folder: Path, changes: dict, reason: str) -> None:
    message = refused(load_checkpoint, changed_file(folder, **changes))
    assert message.key == "errors.checkpoint.file_unusable"
    assert message.values["name"] == "mine"
    assert str(message.values["reason"]).startswith(reason)


def test_a_crop_that_patches_do_not_divide_is_refused(folder: Path) -> None:
    crop = {"crop_size": {"height": 30, "width": 32}}
    message = refused(load_checkpoint, changed_file(folder, **crop))
    assert message.key == "errors.checkpoint.crop_size"
    assert (message.values["H"], message.values["W"]) == (30, 32)


def test_a_folder_without_a_config_is_read_as_its_weights(folder: Path) -> None:
    (folder / "config.json").unlink()
    assert refused(load_checkpoint, folder) == Message("errors.weights.no_heads", width=32)
    loaded = load_checkpoint(folder, num_attention_heads=4)
    assert loaded.model.config.num_labels == 5
    assert loaded.notes[0] == PREPROCESSING_ASSUMED


def test_a_folder_without_preprocessing_gets_that_of_the_released_models(folder: Path) -> None:
    (folder / PREPROCESSOR_FILE).unlink()
    loaded = load_checkpoint(folder)
    assert loaded.notes == (PREPROCESSING_ASSUMED,)
    preprocess = loaded.preprocess
    assert (preprocess.num_frames, preprocess.sampling_rate) == (4, 64)
    assert preprocess.crop_size == (32, 32)
    assert preprocess.mean == (0.45,) * 3
    assert preprocess.std == (0.225,) * 3
    assert preprocess.resize_way == "fb"


def test_the_preprocessing_of_a_folder_has_precedence_over_the_table(tmp_path: Path) -> None:
    """Use a folder with the name of a published model, such as a fine-tuned copy."""
    folder = tmp_path / "timesformer-base-finetuned-k400"
    save_checkpoint(tiny_model(), dataclasses.replace(PREPROCESS, mean=(0.1,) * 3), folder)
    assert load_checkpoint(folder).preprocess.mean == (0.1,) * 3


# A file alone


def load_peer(folder: Path, model: torch.nn.Module) -> Checkpoint:
    torch.save(model.state_dict(), folder / "model.pyth")
    return load_checkpoint(folder / "model.pyth", num_attention_heads=peers.HEADS)


def test_a_released_file_is_prepared_as_the_checkpoint_of_its_shapes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = Published("a/b", peers.T, peers.SIDE, peers.K, None, "bgr")
    monkeypatch.setattr(registry, "PUBLISHED", (entry,))
    loaded = load_peer(tmp_path, peers.Released("divided_space_time"))
    assert loaded.preprocess == entry.preprocess
    assert loaded.notes[0] == Message("notes.checkpoint.known_shapes", name="a/b")


def test_a_released_file_of_other_shapes_has_a_note_of_the_assumptions(tmp_path: Path) -> None:
    loaded = load_peer(tmp_path, peers.Released("joint_space_time"))
    assert loaded.notes[0] == PREPROCESSING_ASSUMED


@pytest.mark.parametrize("scheme", SCHEMES)
def test_files_of_mmaction2_have_its_mean_and_deviation(scheme: str, tmp_path: Path) -> None:
    loaded = load_peer(tmp_path, peers.Mmaction(scheme))
    assert loaded.notes[0] == MMACTION_ASSUMED
    assert loaded.preprocess.mean == loaded.preprocess.std == (0.5,) * 3


# Labels


@pytest.mark.parametrize(
    ("count", "some"),
    [
        (400, {5: "archery", 356: "throwing axe", 399: "zumba"}),
        (600, {9: "archery", 527: "throwing axe", 189: "front raises", 599: "zumba"}),
        (174, {0: "Approaching something with your camera",
               140: "Spinning something that quickly stops spinning"}),
    ],
)  # fmt: skip
def test_checkpoints_without_labels_get_those_of_a_dataset(
    count: int, some: dict[int, str], tmp_path: Path
) -> None:
    loaded = load_checkpoint(tiny_checkpoint(tmp_path, id2label={}, num_labels=count))
    assert len(set(loaded.labels)) == count
    assert {number: loaded.labels[number] for number in some} == some
    (note,) = loaded.notes
    assert isinstance(note, Message)
    assert note.key == "notes.checkpoint.labels_of"


def test_a_checkpoint_without_labels_has_a_note(tmp_path: Path) -> None:
    loaded = load_checkpoint(tiny_checkpoint(tmp_path, id2label={}, num_labels=5))
    assert loaded.labels == tuple(f"LABEL_{number}" for number in range(5))
    assert loaded.notes == (Message("notes.checkpoint.no_labels", count=5, first="LABEL_0"),)


def test_embedded_models_are_the_folders_with_a_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "EMBEDDED_FOLDER", tmp_path)
    assert embedded_models() == ()
    (tmp_path / "unfinished").mkdir()
    tiny_checkpoint(tmp_path / "waves")
    tiny_checkpoint(tmp_path / "jumps")
    assert embedded_models() == ("jumps", "waves")
    assert load_checkpoint("waves").preprocess == PREPROCESS
    with pytest.raises(CheckpointError):
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


def test_published_checkpoints_are_pinned_to_whole_commits() -> None:
    revisions = [entry.revision or "" for entry in PUBLISHED]
    assert all(re.fullmatch("[0-9a-f]{40}", revision) for revision in revisions)
    assert len(set(revisions)) == len(revisions)


def test_a_named_revision_has_precedence_over_the_pinned_one() -> None:
    name, pinned = PUBLISHED[0].name, PUBLISHED[0].revision
    assert resolve_checkpoint(name) == Repository(name, pinned)
    assert resolve_checkpoint(name, "main") == Repository(name, "main")
    assert resolve_checkpoint(f"{name}@main") == Repository(name, "main")
    assert resolve_checkpoint("someone/waves") == Repository("someone/waves")


def test_every_name_in_the_table_has_a_source_a_config_and_labels() -> None:
    assert set(checkpoint_names()) > set(embedded_models())
    for name in checkpoint_names():
        assert resolve_checkpoint(name)
        config = known_config(name)
        assert config
        labels = known_labels(name)
        assert len(set(labels)) == config.num_labels
        assert not any(label.startswith("LABEL_") for label in labels)
    assert known_config("someone/waves") is None
    assert known_labels("someone/waves") == ()


def test_the_published_checkpoints_are_the_known_ones() -> None:
    table = [
        (entry.name, entry.num_frames, entry.size, entry.num_labels, entry.sampling_rate)
        for entry in PUBLISHED
    ]
    assert len(table) == len(KNOWN)
    assert set(table) == KNOWN


@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: entry.name)
def test_a_published_checkpoint_is_prepared_as_it_was_trained(
    entry: Published,
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


def test_copies_by_another_owner_share_entries() -> None:
    for size in ("base", "hr"):
        for dataset in ("k400", "k600", "ssv2"):
            name = f"timesformer-{size}-finetuned-{dataset}"
            assert find_published(f"fcakyon/{name}") == find_published(f"facebook/{name}")
    assert find_published("fcakyon/timesformer-large-finetuned-ssv2").num_frames == 64
    assert find_published("facebook/timesformer-large-finetuned-ssv2") is None  # there is none
    assert find_published("someone/timesformer-base-finetuned-k400") is None


def test_no_two_published_checkpoints_have_the_same_shapes() -> None:
    for entry in (*PUBLISHED, *HOWTO100M):
        assert match_published(entry.config) is entry
        joint = dataclasses.replace(entry.config, attention_type="joint_space_time")
        assert match_published(joint) is None


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (["wave", "wave", "sit", "rest"], ["wave [0]", "wave [1]", "sit", "rest"]),
        (["wave [1]", "wave", "wave"], ["wave [1] [0]", "wave [1] [1]", "wave [2]"]),
        (["two\nlines", "", " ", "a\tb\x1b[31m"], ["two lines", "LABEL_1", "LABEL_2", "a b [31m"]),
        (["\ud800 odd", "挥手", "👨\u200d👩 run"], ["odd", "挥手", "👨\u200d👩 run"]),
    ],
)  # fmt: skip
def test_every_class_has_a_label_of_its_own(labels: list[str], shown: list[str]) -> None:
    assert class_labels(labels) == (tuple(shown), ())


def test_classes_of_one_name_can_be_explained(tmp_path: Path) -> None:
    folder = tiny_checkpoint(tmp_path, id2label={0: "wave", 1: "wave", 2: "sit"})
    recognizer, clip = load(folder, device="cpu", dtype="float32"), random_clip()
    by_number, by_label = (
        recognizer.explain(clip, method="gradcam", target=target) for target in (1, "wave [1]")
    )
    assert by_number.labels == by_label.labels == ("wave [1]",)
    assert len({p.label for p in by_number.predictions}) == 3
    with pytest.raises(ValueError, match=r"choose a label, such as 'wave \[0\]', or its number"):
        recognizer.explain(clip, method="gradcam", target="wave")


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("video_preprocessor_config.json", None),
        ("processor_config.json", "video_processor"),
        ("processor_config.json", "image_processor"),
        (PREPROCESSOR_FILE, None),
    ],
)
def test_every_file_of_a_processor_is_read_and_not_denied(
    folder: Path, file: str, part: str | None
) -> None:
    (folder / PREPROCESSOR_FILE).unlink()
    values = {
        "video_processor_type": "TimesformerVideoProcessor",
        "size": {"shortest_edge": 40},
        "crop_size": {"height": 32, "width": 32},
    }
    (folder / file).write_text(json.dumps({part: values} if part else values))
    loaded = load_checkpoint(folder)
    assert loaded.notes == (SAMPLING_ASSUMED,)
    assert loaded.preprocess.short_side == 40
    assert loaded.preprocess.mean == (0.485, 0.456, 0.406)
    values["do_pad"] = True
    (folder / file).write_text(json.dumps({part: values} if part else values))
    message = refused(load_checkpoint, folder)
    assert message.values["file"] == file
    assert "do_pad is True" in message


def test_heads_that_are_assumed_have_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(HEADS, peers.D, peers.HEADS)
    torch.save(peers.Released("joint_space_time").state_dict(), tmp_path / "model.pyth")
    note = Message("notes.checkpoint.heads_assumed", heads=peers.HEADS)
    assert note in load_checkpoint(tmp_path / "model.pyth").notes
    told = load_checkpoint(tmp_path / "model.pyth", num_attention_heads=peers.HEADS)
    assert note not in told.notes


@torch.no_grad()
@pytest.mark.parametrize("activation", [*get_args(Activation)])
def test_activations_are_those_of_transformers(activation: str, tmp_path: Path) -> None:
    model = tiny_model(hidden_act=activation)
    model.save_pretrained(tmp_path)
    theirs = transformers.TimesformerForVideoClassification.from_pretrained(tmp_path)
    clip = random_pixels(1, 4, 3, 32, 32)
    expected = theirs(clip).logits
    torch.testing.assert_close(model(clip).logits, expected, atol=2e-5, rtol=0)
    prepared = load(tiny_checkpoint(tmp_path / "mine", hidden_act=activation), dtype="float32")
    torch.testing.assert_close(prepared.logits(clip), expected, atol=2e-5, rtol=0)
