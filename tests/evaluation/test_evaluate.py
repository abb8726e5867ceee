"""Metrics agree with cases computed by hand, and an evaluation is complete and deterministic."""

import dataclasses
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny import MOTION_PREPROCESS, motion_recognizer

from timesformer.checkpoints.registry import EMBEDDED_FOLDER, embedded_models
from timesformer.errors import CheckpointError, ClipError, TimesformerError
from timesformer.evaluation import (
    RESULTS_FILE,
    Results,
    evaluate,
    full_report,
    side_by_side,
)
from timesformer.evaluation import splits as drawn
from timesformer.evaluation.backgrounds import read_footage, stillest_moment
from timesformer.evaluation.metrics import (
    OPPOSITES,
    PAIRS,
    calibration_error,
    confusion,
    kind_accuracy,
    opposite_share,
    pair_accuracies,
)
from timesformer.evaluation.out_of_distribution import OUT_OF_DISTRIBUTION
from timesformer.evaluation.predictions import (
    HEATMAPS,
    predict_logits,
    shuffle_frames,
    to_pixel_values,
)
from timesformer.evaluation.records import read_record, write_record
from timesformer.evaluation.results import Split
from timesformer.evaluation.timing import clip_speed
from timesformer.recognizer import Recognizer, load
from timesformer.synthetic.clips import draw_clips
from timesformer.synthetic.motion import LABELS, LEFT, RIGHT, SHAKING, STILL
from timesformer.video.encode import write_mp4

K = len(LABELS)
ALL = torch.arange(K)
PERFECT = 20 * torch.eye(K)  # logits of one clip of each label, all correct
MIRRORED = torch.tensor([OPPOSITES.get(label, label) for label in range(K)])


def test_a_confusion_counts() -> None:
    logits = PERFECT[[0, 0, 1, 2]]
    counts = confusion(logits, torch.tensor([0, 0, 0, 2]))
    split = Split("some", counts, (), 0.0, 0.0)
    assert split.clips == 4
    assert split.accuracy == 3 / 4
    assert split.recalls[0] == pytest.approx(2 / 3)
    assert split.recalls[2] == 1
    assert counts[0][:2] == (2, 1)


def test_calibration_is_perfect_where_confidence_is_accuracy() -> None:
    probabilities = torch.full((10, K), 0.2 / (K - 1))
    probabilities[:, 0] = 0.8
    labels = torch.tensor([0] * 8 + [1] * 2)
    assert calibration_error(probabilities, labels) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("right", range(0, 11, 5))
def test_calibration_error_is_the_gap_of_a_model_that_is_always_sure(right: int) -> None:
    labels = torch.tensor([0] * right + [1] * (10 - right))
    assert calibration_error(torch.eye(K)[[0] * 10], labels) == pytest.approx(1 - right / 10)


def test_calibration_errors_of_two_bins_do_not_cancel() -> None:
    probabilities = torch.eye(K)[[0, 0]].lerp(torch.full((2, K), 0.1), torch.tensor([[0.0], [0.5]]))
    labels = torch.tensor([1, 0])  # wrong at 1, correct at 0.55
    assert calibration_error(probabilities, labels) == pytest.approx((1 + 0.45) / 2)


def test_opposites_are_mutual_and_end_where_motion_does() -> None:
    assert {OPPOSITES[other] for other in OPPOSITES.values()} == OPPOSITES.keys()
    assert all(OPPOSITES[OPPOSITES[label]] == label for label in OPPOSITES)
    assert set(range(K)) - OPPOSITES.keys() == {SHAKING, STILL}


def test_an_opposite_is_the_motion_backwards() -> None:
    clips = draw_clips(80, num_frames=8, size=16, seed=0, difficulty=0.0)
    motion = clips.steps.mean(1)
    means = torch.stack([motion[clips.labels == label].mean(0) for label in OPPOSITES])
    backwards = torch.stack([motion[clips.labels == OPPOSITES[k]].mean(0) for k in OPPOSITES])
    main = means.abs().argmax(1, keepdim=True)
    assert (means.gather(1, main).sign() == -backwards.gather(1, main).sign()).all()


def test_choices_within_pairs() -> None:
    assert pair_accuracies(PERFECT, ALL) == (1, 1, 1, 1)
    assert pair_accuracies(-PERFECT, ALL) == (0, 0, 0, 0)
    assert pair_accuracies(torch.zeros(K, K), ALL) == (0.5,) * 4
    one_wrong = PERFECT.clone()
    one_wrong[LEFT, RIGHT] = 21
    assert pair_accuracies(one_wrong, ALL) == (0.5, 1, 1, 1)


def test_kind_accuracy_ignores_the_direction() -> None:
    assert kind_accuracy(PERFECT, ALL) == kind_accuracy(PERFECT[MIRRORED], ALL) == 1
    assert kind_accuracy(PERFECT.roll(1, 1), ALL) == pytest.approx(4 / K)  # the first of each pair


def test_the_share_of_opposites() -> None:
    signed = torch.tensor(list(OPPOSITES))
    assert opposite_share(PERFECT[MIRRORED][signed], signed) == 1
    assert opposite_share(PERFECT[signed], signed) == 0


@pytest.mark.parametrize("frames", [3, 8])
def test_shuffled_frames_are_the_same_in_another_order(frames: int) -> None:
    clips = torch.arange(frames).repeat(50, 1)
    shuffled = shuffle_frames(clips, seed=1)
    assert torch.equal(shuffled.sort(1).values, clips)
    assert not (shuffled == clips).all(1).any()
    assert not (shuffled == clips.flip(1)).all(1).any()
    assert torch.equal(shuffled, shuffle_frames(clips, seed=1))


def test_two_frames_have_no_third_order() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        shuffle_frames(torch.zeros(1, 2), seed=0)


@pytest.mark.parametrize("name", OUT_OF_DISTRIBUTION)
def test_out_of_distribution_clips_are_determined_by_the_seed(name: str) -> None:
    clips = OUT_OF_DISTRIBUTION[name](3, num_frames=8, size=48, seed=5)
    assert clips.shape == (3, 8, 3, 48, 48)
    assert 0 <= clips.min() < clips.max() <= 1
    assert torch.equal(clips, OUT_OF_DISTRIBUTION[name](3, num_frames=8, size=48, seed=5))
    assert not torch.equal(clips, OUT_OF_DISTRIBUTION[name](3, num_frames=8, size=48, seed=6))


def test_motion_in_out_of_distribution_clips() -> None:
    new, still, face, title = (
        draw(6, num_frames=8, size=48, seed=0).diff(dim=1).abs().amax(2)
        for draw in OUT_OF_DISTRIBUTION.values()
    )  # (B, T-1, H, W)
    assert new.mean() > 0.3
    assert still.max() == 0
    moving = (face.amax(1) > 0.02).float().mean((1, 2))
    assert (moving > 0.002).all()  # lids and mouth
    assert (moving < 0.1).all()  # the head keeps still
    assert (title.amax((1, 2, 3)) > 0).all()


def test_a_title_fades_in_over_an_even_ground() -> None:
    clips = OUT_OF_DISTRIBUTION["a title card"](6, num_frames=8, size=48, seed=0)
    ink = (clips - clips[..., :1, :1]).abs().sum((2, 3, 4))  # (B, T)
    assert ink[:, 0].max() == 0
    assert (ink.diff(dim=1) >= 0).all()
    assert (ink[:, -1] > 10).all()


def write_stripes(path: Path, shifts: list[int], *, contrast: int = 100) -> Path:
    """Write a video of 30 frames a second: stripes at each of the shifts, in pixels."""
    x = np.arange(64)[None, :, None]
    rows = np.broadcast_to((150, 100, 128), (48, 1, 3))  # all that contrast 0 leaves
    frames = [(rows + contrast * np.sin((x - shift) / 4)).astype(np.uint8) for shift in shifts]
    write_mp4(path, frames, fps=30)
    return path


def test_the_stillest_moment_is_found(tmp_path: Path) -> None:
    moving = [2 * i for i in range(45)]
    file = write_stripes(tmp_path / "a.mp4", [*moving, *[moving[-1]] * 45])
    start, difference, squares = stillest_moment(file, num_frames=8)
    assert start >= 1.4
    assert difference < 0.005  # the codec, on 0 to 1
    assert squares.shape == (8, 3, 256, 256)
    assert float(squares.diff(dim=0).abs().max()) < 20


@pytest.mark.parametrize(
    ("shifts", "contrast", "key"),
    [
        ([5 * i for i in range(60)], 100, "errors.clip.never_still"),
        ([0] * 60, 0, "errors.clip.blank"),
    ],
)
def test_unsuitable_videos_are_refused(
    tmp_path: Path, shifts: list[int], contrast: int, key: str
) -> None:
    with pytest.raises(ClipError) as caught:
        stillest_moment(write_stripes(tmp_path / "a.mp4", shifts, contrast=contrast), num_frames=8)
    assert caught.value.message.key == key


def test_footage_names_used_and_skipped_files(tmp_path: Path) -> None:
    write_stripes(tmp_path / "still.mp4", [0] * 40)
    write_stripes(tmp_path / "wild.mp4", [5 * i for i in range(40)])
    (tmp_path / "notes.txt").write_text("no video")
    bank, footage = read_footage(tmp_path, MOTION_PREPROCESS)
    assert bank.shape == (1, 8, 3, 256, 256)
    assert bank.dtype == torch.uint8
    assert [video.name for video in footage.videos] == ["still.mp4"]
    assert [file.name for file in footage.skipped] == ["notes.txt", "wild.mp4"]


def test_a_folder_without_videos_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TimesformerError) as missing:
        evaluate(motion_recognizer(), name="m", footage=tmp_path / "nowhere")
    with pytest.raises(TimesformerError) as empty:
        evaluate(motion_recognizer(), name="m", footage=tmp_path)
    assert missing.value.message.key == "errors.evaluation.no_footage"
    assert empty.value.message.key == "errors.evaluation.no_still_footage"


NUM_CLIPS = 10  # of each split: one of each label


@pytest.fixture(scope="module")
def correct() -> dict[tuple[str, str], int]:
    """Return the correct predictions among NUM_CLIPS of each split, for each model."""
    recognizers = {name: load(name) for name in embedded_models()}
    counts: dict[tuple[str, str], int] = defaultdict(int)
    with torch.inference_mode(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawn, "LEAF_PICTURES", 6)
        for source in drawn.sources():
            for clips in source.batches(NUM_CLIPS, num_frames=8, size=112):
                for name, recognizer in recognizers.items():
                    logits = predict_logits(recognizer, to_pixel_values(recognizer, clips.pixels))
                    counts[name, source.name] += int((logits.argmax(-1) == clips.labels).sum())
    return counts


SPLITS = (drawn.DRAWINGS, drawn.PHOTOGRAPHS, drawn.CAMERA)


@pytest.mark.parametrize("splits", [*zip(SPLITS), SPLITS], ids="+".join)
@pytest.mark.parametrize("name", embedded_models())
def test_embedded_models_are_as_accurate_as_their_records(
    name: str, splits: tuple[str, ...], correct: dict[tuple[str, str], int]
) -> None:
    """Compare within four standard errors, which are a smaller share of all splits together."""
    results = read_record(EMBEDDED_FOLDER / name / RESULTS_FILE, Results)
    shares = [results.split(split).accuracy for split in splits]
    expected = NUM_CLIPS * sum(shares)
    error = (NUM_CLIPS * sum(share * (1 - share) for share in shares)) ** 0.5
    assert sum(correct[name, split] for split in splits) == pytest.approx(expected, abs=4 * error)


@pytest.fixture(scope="module")
def reports() -> list[tuple[str, int, int]]:
    """Return the progress that `evaluated` reports."""
    return []


@pytest.fixture(scope="module")
def evaluated(
    tmp_path_factory: pytest.TempPathFactory, reports: list[tuple[str, int, int]]
) -> tuple[Results, Results]:
    """Return two evaluations of one model, with footage."""
    folder = tmp_path_factory.mktemp("footage")
    write_stripes(folder / "still.mp4", [0] * 40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawn, "LEAF_PICTURES", 2)
        first, second = (
            evaluate(
                motion_recognizer(),
                name="small",
                clips=20,
                footage=folder,
                on_progress=lambda *report: reports.append(report),
            )
            for _ in range(2)
        )
    return first, second


def test_an_evaluation_is_the_same_twice(evaluated: tuple[Results, Results]) -> None:
    first, second = evaluated
    assert dataclasses.replace(second, speed=first.speed) == first


def test_every_stage_is_reported_before_it_starts_and_when_it_ends(
    evaluated: tuple[Results, Results], reports: list[tuple[str, int, int]]
) -> None:
    results, _ = evaluated
    rows = (*results.splits, *results.out_of_distribution)
    stages = ["small, videos", *(f"small, {row.name}" for row in rows)]
    assert list(dict.fromkeys(stage for stage, _, _ in reports)) == stages
    for stage in stages:
        counts = [count for name, *count in reports if name == stage]
        assert counts[0] == [0, counts[0][1]]
        assert counts[-1] == [counts[0][1]] * 2


def test_every_split_and_figure_is_there(evaluated: tuple[Results, Results]) -> None:
    results, _ = evaluated
    assert [split.name for split in results.splits] == [
        "drawings", "photographs", "camera", "footage",
    ]  # fmt: skip
    assert all(split.clips == 20 for split in results.splits)
    assert all(sum(row) == 2 for split in results.splits for row in split.confusion)
    assert results.backwards.clips == 16
    assert results.shuffled.clips == 8
    assert [kind.clips for kind in results.out_of_distribution] == [20] * len(OUT_OF_DISTRIBUTION)
    assert [(row.split, row.method) for row in results.localization] == [
        (split, method) for split in ("drawings", "photographs") for method in HEATMAPS
    ]
    assert results.localization_of("photographs", "random").clips == 18
    assert results.localization_of("photographs", "random").energy == pytest.approx(1, abs=0.2)
    assert results.footage is not None


def test_results_are_read_back_as_they_were(
    tmp_path: Path, evaluated: tuple[Results, Results]
) -> None:
    for results in (evaluated[0], dataclasses.replace(evaluated[0], footage=None)):
        write_record(tmp_path / "results.json", results)
        assert read_record(tmp_path / "results.json", Results) == results
    assert len((tmp_path / "results.json").read_text().splitlines()) < 300  # a row is a line


def test_missing_and_foreign_records_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TimesformerError) as missing:
        read_record(tmp_path / "results.json", Results)
    assert missing.value.message.key == "errors.evaluation.no_record"
    for text in ("", "[]", '{"model": "motion"}'):
        (tmp_path / "results.json").write_text(text)
        with pytest.raises(TimesformerError) as foreign:
            read_record(tmp_path / "results.json", Results)
        assert foreign.value.message.key == "errors.evaluation.other_version"


def test_the_report_is_complete(evaluated: tuple[Results, Results]) -> None:
    text = full_report(evaluated[0])
    for word in (*LABELS, *OUT_OF_DISTRIBUTION, *HEATMAPS, "still.mp4", "drawings", "footage"):
        assert word in text
    for block in text.split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({row.replace("\\|", "").count("|") for row in rows}) <= 1
    assert "nan" not in text


def test_models_are_compared_side_by_side(evaluated: tuple[Results, Results]) -> None:
    first, second = evaluated
    other = dataclasses.replace(second, model="other", splits=second.splits[:3], footage=None)
    lines = side_by_side([first, other]).splitlines()
    assert lines[0] == "|  | `small` | `other` |"
    assert lines[2] == "| attention | divided space time | divided space time |"
    assert len({line.count("|") for line in lines}) == 1
    (footage,) = [line for line in lines if "on footage" in line]
    assert footage.endswith("% |  |")
    rows = [line.split("|")[1] for line in lines]
    assert len(rows) == len(set(rows))
    for pair in PAIRS:
        assert any(LABELS[pair[0]] in row and LABELS[pair[1]] in row for row in rows)
    for method in HEATMAPS:
        assert any(method in row for row in rows)


def test_only_motion_models_are_evaluated() -> None:
    recognizer = motion_recognizer()
    other = Recognizer(recognizer.model, recognizer.preprocess, ("a", "b"))
    with pytest.raises(CheckpointError, match="2 labels"):
        evaluate(other, name="other")


def test_only_models_that_see_whole_square_frames_are_evaluated() -> None:
    recognizer = motion_recognizer()
    wide = dataclasses.replace(MOTION_PREPROCESS, short_side=40)
    with pytest.raises(CheckpointError, match=r"32 x 32 .* 40"):
        evaluate(Recognizer(recognizer.model, wide, LABELS), name="small")


def test_too_few_clips_are_refused() -> None:
    with pytest.raises(TimesformerError, match="20"):
        evaluate(motion_recognizer(), name="small", clips=19)


@pytest.mark.parametrize("scheme", ["joint_space_time", "space_only"])
def test_the_other_schemes_are_timed_too(scheme: str) -> None:
    speed = clip_speed(motion_recognizer(scheme))
    assert speed.milliseconds > 0
    assert "torch" in speed.machine


def test_costly_measurements_use_the_first_clips_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "LEAF_PICTURES", 2)
    module = import_module("timesformer.evaluation.evaluate")
    for name in ("ORDER_CLIPS", "HEATMAP_CLIPS"):
        monkeypatch.setattr(module, name, 20)
    results = evaluate(motion_recognizer("joint_space_time"), name="small", clips=40)
    assert results.scheme == "joint_space_time"
    assert results.split("drawings").clips == 40
    assert results.backwards.clips == 16
    assert results.shuffled.clips == 8
    assert results.localization_of("photographs", "rollout").clips == 18
