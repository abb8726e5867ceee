"""Heatmaps are measured on any videos with masks, and other folders are refused."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from tiny import SCHEMES, tiny_checkpoint

from timesformer import load, write_mp4
from timesformer.checkpoints.measured import HEATMAPS_FILE, measured_methods
from timesformer.checkpoints.registry import EMBEDDED_FOLDER, embedded_models
from timesformer.cli.main import main
from timesformer.errors import TimesformerError
from timesformer.evaluation import evaluate_masked_videos
from timesformer.evaluation.heatmap_scores import BASELINES, TRUTH, UNIFORM
from timesformer.evaluation.masked_videos import find_masked_videos
from timesformer.explain import METHODS
from timesformer.i18n import t
from timesformer.synthetic.clips import draw_clips

SCHEMA = json.loads((EMBEDDED_FOLDER / "explanations.schema.json").read_text("utf-8"))
FPS = 7.5  # of 8 frames: the clips of the embedded models see each of them


def drawn() -> tuple[np.ndarray, np.ndarray]:
    """Return frames and masks (B, F, H, W, 3) uint8 of drawn clips; each frame comes twice."""
    clips = draw_clips(2, num_frames=8, size=112, seed=3, camera_share=0.0)
    frames = (clips.pixels.permute(0, 1, 3, 4, 2) * 255).round().byte().numpy()
    masks = (clips.masks * 255).round().byte().numpy()[..., None].repeat(3, axis=-1)
    return frames.repeat(2, axis=1), masks.repeat(2, axis=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two videos: one with a mask as a video, and one with a mask as an array and a label."""
    folder = tmp_path_factory.mktemp("videos")
    frames, masks = drawn()
    for index, name in enumerate(("first", "second")):
        write_mp4(folder / f"{name}.mp4", frames[index], fps=FPS)
    write_mp4(folder / "first.mask.mp4", masks[0], fps=FPS)
    np.savez(folder / "second.mask.npz", masks=masks[1, ..., 0] > 127)
    (folder / "labels.json").write_text(json.dumps({"second": "moving left"}), "utf-8")
    (folder / "notes.txt").write_text("no video", "utf-8")
    write_mp4(folder / "other.mp4", frames[0], fps=FPS)  # has no mask
    return folder


def test_the_scores_of_a_folder_are_complete_and_fit_the_schema(folder: Path) -> None:
    steps: list[int] = []
    scores = evaluate_masked_videos(
        load("motion"), folder, name="motion", on_progress=lambda _, done, __: steps.append(done)
    )
    rows = {row.method: row for row in scores.scores}
    quick = {name for name, method in METHODS.items() if not method.is_slow}
    assert rows.keys() == quick | {"rollout, norm-aware"} | set(BASELINES)
    assert all(row.clips == 2 and row.insertion_deletion is not None for row in rows.values())
    assert rows[TRUTH].pointing == rows[TRUTH].auroc == 1
    assert rows[UNIFORM].energy == pytest.approx(1, abs=1e-5)
    assert set(scores.ranking) == quick
    assert steps == [0, 1, 2]
    assert rows["attention"].energy > 3  # it finds the drawn objects


def test_the_masks_are_cropped_as_the_frames_are(tmp_path: Path) -> None:
    """The model sees the middle of a wide video. An object beside it is not seen."""
    frames = drawn()[0][0]
    write_mp4(tmp_path / "wide.mp4", np.concatenate([frames, frames], axis=2), fps=FPS)
    masks = np.zeros((len(frames), 112, 224), bool)
    for columns, is_seen in ((slice(0, 56), False), (slice(56, 64), True), (slice(64, 72), True)):
        masks[:] = False
        masks[:, :, columns] = True
        np.savez(tmp_path / "wide.mask.npz", masks=masks)
        if not is_seen:
            with pytest.raises(TimesformerError, match=r"wide\.mask\.npz"):
                evaluate_masked_videos(load("motion"), tmp_path, name="motion")
            continue
        scores = evaluate_masked_videos(load("motion"), tmp_path, name="motion")
        assert scores.of(TRUTH).energy == pytest.approx(14, rel=1e-3)  # one column of 14


def test_videos_without_masks_are_left_out(folder: Path) -> None:
    videos = {video.video.stem: video for video in find_masked_videos(folder)}
    assert list(videos) == ["first", "second"]
    assert [video.label for video in videos.values()] == [None, "moving left"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_any_checkpoint_is_measured(scheme: str, folder: Path, tmp_path: Path) -> None:
    model, out = tiny_checkpoint(tmp_path, scheme), tmp_path / "scores.json"
    alone = tmp_path / "videos"
    alone.mkdir()
    for name in ("first.mp4", "first.mask.mp4"):
        (alone / name).write_bytes((folder / name).read_bytes())
    assert main(["evaluate", "explanations", str(alone), str(model), "--out", str(out)]) == 0
    record = json.loads(out.read_text("utf-8"))
    jsonschema.validate(record, SCHEMA)
    assert record["scheme"] == scheme
    assert record["precision"] == "float32"


@pytest.mark.parametrize("name", embedded_models())
def test_the_records_of_the_embedded_models_fit_the_schema(name: str) -> None:
    record = json.loads((EMBEDDED_FOLDER / name / HEATMAPS_FILE).read_text("utf-8"))
    jsonschema.validate(record, SCHEMA)
    assert measured_methods(EMBEDDED_FOLDER / name) == tuple(record["ranking"])
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    ("files", "key"),
    [
        ({"a.mp4": "video"}, "no_masks"),
        ({"a.mp4": "video", "a.mask.npz": np.zeros((3, 8, 8))}, "mask_frames"),
        ({"a.mp4": "video", "a.mask.npz": b"no array"}, "bad_masks"),
        ({"a.mp4": "video", "a.mask.npz": b""}, "bad_masks"),
        ({"a.mp4": "video", "a.mask.npz": np.ones((16, 56, 112))}, "mask_size"),
        ({"a.json": b"{}", "a.mask.mp4": "video"}, "no_masks"),
        ({"a.mp4": "video", "a.mask.npz": np.zeros((16, 112, 112))}, "empty_mask"),
        ({"a.mp4": "video", "a.mask.mp4": "slow"}, "mask_times"),
        ({"a.mp4": b"no video", "a.mask.mp4": "video"}, "unreadable_video"),
        ({"a.mp4": "video", "a.mask.mp4": "video", "labels.json": b"[1]"}, "bad_labels"),
        ({"a.mp4": "video", "a.mask.mp4": "video", "labels.json": b"{"}, "bad_labels"),
        ({"a.mp4": "video", "a.mask.mp4": "video", "labels.json": b'{"a": "b"}'}, "unknown_label"),
    ],
)
def test_other_folders_are_refused(files: dict, key: str, tmp_path: Path) -> None:
    frames = drawn()[0][0]
    for name, content in files.items():
        if isinstance(content, np.ndarray):
            np.savez(tmp_path / name, masks=content)
        elif isinstance(content, bytes):
            (tmp_path / name).write_bytes(content)
        else:
            write_mp4(tmp_path / name, frames, fps=FPS if content == "video" else 3.0)
    with pytest.raises(TimesformerError) as error:
        evaluate_masked_videos(load("motion"), tmp_path, name="motion")
    assert error.value.message.key == f"errors.evaluation.{key}"


def test_bad_options_are_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, key in (
        ([str(folder), str(folder)], "one_video_folder"),
        ([str(folder), "--clips", "3"], "one_video_folder"),
        (["motion", "--out", str(tmp_path / "x.json")], "out_needs_videos"),
        ([str(folder), "motion", "motion-space", "--out", str(tmp_path / "x")], "out_needs_videos"),
    ):
        assert main(["evaluate", "explanations", *words]) == 2
        assert t(f"errors.cli.{key}") in capsys.readouterr().err
