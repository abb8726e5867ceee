"""Measures agree with small cases done by hand, and an evaluation tells all it should, twice."""

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
from timesformer.evaluation.backgrounds import read_footage, stillest
from timesformer.evaluation.metrics import (
    OPPOSITES,
    PAIRS,
    calibration_error,
    confusion,
    kind_accuracy,
    opposite_share,
    pair_accuracies,
)
from timesformer.evaluation.out_of_distribution import UNKNOWN
from timesformer.evaluation.predictions import HEATMAPS, logits_of, pixel_values_of, shuffled_frames
from timesformer.evaluation.records import read_record, write_record
from timesformer.evaluation.results import Split
from timesformer.evaluation.timing import clip_speed
from timesformer.recognizer import Recognizer, load
from timesformer.synthetic.motion import LABELS, LEFT, RIGHT, SHAKING, STILL, draw_clips
from timesformer.video.clip import write_mp4

K = len(LABELS)
ALL = torch.arange(K)
SURE = 20 * torch.eye(K)  # logits of one clip of each label, all right
MIRRORED = torch.tensor([OPPOSITES.get(label, label) for label in range(K)])
# Measures


def test_a_confusion_counts() -> None:
    logits = SURE[[0, 0, 1, 2]]
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
    labels = torch.tensor([1, 0])  # surely wrong, and right at 0.55
    assert calibration_error(probabilities, labels) == pytest.approx((1 + 0.45) / 2)


def test_opposites_are_mutual_and_end_where_motion_does() -> None:
    assert {OPPOSITES[other] for other in OPPOSITES.values()} == OPPOSITES.keys()
    assert all(OPPOSITES[OPPOSITES[label]] == label for label in OPPOSITES)
    assert set(range(K)) - OPPOSITES.keys() == {SHAKING, STILL}


def test_an_opposite_is_the_motion_backwards() -> None:
    clips = draw_clips(80, num_frames=8, size=16, seed=0, clutter=0.0)
    motion = clips.steps.mean(1)
    means = torch.stack([motion[clips.labels == label].mean(0) for label in OPPOSITES])
    backwards = torch.stack([motion[clips.labels == OPPOSITES[k]].mean(0) for k in OPPOSITES])
    main = means.abs().argmax(1, keepdim=True)
    assert (means.gather(1, main).sign() == -backwards.gather(1, main).sign()).all()


def test_choices_within_pairs() -> None:
    assert pair_accuracies(SURE, ALL) == (1, 1, 1, 1)
    assert pair_accuracies(-SURE, ALL) == (0, 0, 0, 0)
    assert pair_accuracies(torch.zeros(K, K), ALL) == (0.5,) * 4
    one_wrong = SURE.clone()
    one_wrong[LEFT, RIGHT] = 21
    assert pair_accuracies(one_wrong, ALL) == (0.5, 1, 1, 1)


def test_the_kind_is_right_whatever_the_sign() -> None:
    assert kind_accuracy(SURE, ALL) == kind_accuracy(SURE[MIRRORED], ALL) == 1
    assert kind_accuracy(SURE.roll(1, 1), ALL) == pytest.approx(4 / K)  # the first of each pair


def test_the_share_of_opposites() -> None:
    signed = torch.tensor(list(OPPOSITES))
    assert opposite_share(SURE[MIRRORED][signed], signed) == 1
    assert opposite_share(SURE[signed], signed) == 0


# Where it looks


# Time


@pytest.mark.parametrize("frames", [3, 8])
def test_shuffled_frames_are_the_same_in_another_order(frames: int) -> None:
    clips = torch.arange(frames).repeat(50, 1)
    shuffled = shuffled_frames(clips, seed=1)
    assert torch.equal(shuffled.sort(1).values, clips)
    assert not (shuffled == clips).all(1).any()
    assert not (shuffled == clips.flip(1)).all(1).any()
    assert torch.equal(shuffled, shuffled_frames(clips, seed=1))


def test_two_frames_have_no_third_order() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        shuffled_frames(torch.zeros(1, 2), seed=0)


# What it cannot know


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_clips_are_pictures_and_the_same_for_a_seed(name: str) -> None:
    clips = UNKNOWN[name](3, num_frames=8, size=48, seed=5)
    assert clips.shape == (3, 8, 3, 48, 48)
    assert 0 <= clips.min() < clips.max() <= 1
    assert torch.equal(clips, UNKNOWN[name](3, num_frames=8, size=48, seed=5))
    assert not torch.equal(clips, UNKNOWN[name](3, num_frames=8, size=48, seed=6))


def test_what_moves_in_unknown_clips() -> None:
    new, still, face, title = (
        draw(6, num_frames=8, size=48, seed=0).diff(dim=1).abs().amax(2)
        for draw in UNKNOWN.values()
    )  # (B, T-1, H, W)
    assert new.mean() > 0.3
    assert still.max() == 0
    moving = (face.amax(1) > 0.02).float().mean((1, 2))
    assert (moving > 0.002).all()  # lids and mouth
    assert (moving < 0.1).all()  # the head keeps still
    assert (title.amax((1, 2, 3)) > 0).all()


def test_a_title_fades_in_over_an_even_ground() -> None:
    clips = UNKNOWN["a title card"](6, num_frames=8, size=48, seed=0)
    ink = (clips - clips[..., :1, :1]).abs().sum((2, 3, 4))  # (B, T)
    assert ink[:, 0].max() == 0
    assert (ink.diff(dim=1) >= 0).all()
    assert (ink[:, -1] > 10).all()


# Footage


def film(path: Path, shifts: list[int], *, contrast: int = 100) -> Path:
    """A video of 30 frames a second: stripes that stand at each of the shifts, in pixels."""
    x = np.arange(64)[None, :, None]
    rows = np.broadcast_to((150, 100, 128), (48, 1, 3))  # what is left where contrast is 0
    frames = [(rows + contrast * np.sin((x - shift) / 4)).astype(np.uint8) for shift in shifts]
    write_mp4(path, frames, fps=30)
    return path


def test_the_still_moment_is_found(tmp_path: Path) -> None:
    moving = [2 * i for i in range(45)]
    file = film(tmp_path / "a.mp4", [*moving, *[moving[-1]] * 45])
    start, difference, squares = stillest(file, num_frames=8)
    assert start >= 1.4
    assert difference < 0.005  # the codec, on 0 to 1
    assert squares.shape == (8, 3, 256, 256)
    assert float(squares.diff(dim=0).abs().max()) < 20


@pytest.mark.parametrize(
    ("shifts", "contrast", "reason"),
    [
        (
            [5 * i for i in range(60)],
            100,
            r"never still: .* [\d.]+ grey levels or more, and at most 6",
        ),
        ([0] * 60, 0, "shows next to nothing"),
    ],
)
def test_unfit_videos_are_left_out_with_the_reason(
    tmp_path: Path, shifts: list[int], contrast: int, reason: str
) -> None:
    with pytest.raises(ClipError, match=reason):
        stillest(film(tmp_path / "a.mp4", shifts, contrast=contrast), num_frames=8)


def test_footage_says_what_it_took(tmp_path: Path) -> None:
    film(tmp_path / "still.mp4", [0] * 40)
    film(tmp_path / "wild.mp4", [5 * i for i in range(40)])
    (tmp_path / "notes.txt").write_text("no video")
    bank, footage = read_footage(tmp_path, MOTION_PREPROCESS)
    assert bank.shape == (1, 8, 3, 256, 256)
    assert bank.dtype == torch.uint8
    assert [one.name for one in footage.films] == ["still.mp4"]
    assert [one.name for one in footage.left_out] == ["notes.txt", "wild.mp4"]


def test_a_missing_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TimesformerError, match=r"There is no folder 'nowhere'\. Give --footage"):
        evaluate(motion_recognizer(), name="m", footage=tmp_path / "nowhere")
    with pytest.raises(TimesformerError, match="None of the 0 files"):
        evaluate(motion_recognizer(), name="m", footage=tmp_path)


# The embedded models


@pytest.fixture(scope="module")
def right() -> dict[tuple[str, str], int]:
    """How many of the first 60 clips of a split, drawn once for all models, a model names."""
    recognizers = {name: load(name) for name in embedded_models()}
    found: dict[tuple[str, str], int] = defaultdict(int)
    with torch.inference_mode():
        for source in drawn.sources():
            for clips in source.batches(60, num_frames=8, size=112):
                for name, recognizer in recognizers.items():
                    logits = logits_of(recognizer, pixel_values_of(recognizer, clips.pixels))
                    found[name, source.name] += int((logits.argmax(-1) == clips.labels).sum())
    return found


@pytest.mark.parametrize("split", [drawn.DRAWINGS, drawn.PHOTOGRAPHS, drawn.CAMERA])
@pytest.mark.parametrize("name", embedded_models())
def test_embedded_models_are_as_right_as_their_cards_say(
    name: str, split: str, right: dict[tuple[str, str], int]
) -> None:
    """Within four standard errors of what is on record."""
    share = read_record(EMBEDDED_FOLDER / name / RESULTS_FILE, Results).split(split).accuracy
    margin = 4 * (share * (1 - share) / 60) ** 0.5
    assert right[name, split] / 60 == pytest.approx(share, abs=margin)


# A whole evaluation


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, Results]:
    """Two evaluations of one model, with footage and a bank of few leaves."""
    folder = tmp_path_factory.mktemp("footage")
    film(folder / "still.mp4", [0] * 40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawn, "LEAF_PICTURES", 2)
        first, second = (
            evaluate(motion_recognizer(), name="small", clips=20, footage=folder) for _ in range(2)
        )
    return first, second


def test_an_evaluation_is_the_same_twice(evaluated: tuple[Results, Results]) -> None:
    first, second = evaluated
    assert dataclasses.replace(second, speed=first.speed) == first


def test_every_split_and_figure_is_there(evaluated: tuple[Results, Results]) -> None:
    results, _ = evaluated
    assert [split.name for split in results.splits] == [
        "drawings", "photographs", "camera", "footage",
    ]  # fmt: skip
    assert all(split.clips == 20 for split in results.splits)
    assert all(sum(row) == 2 for split in results.splits for row in split.confusion)
    assert results.backwards.clips == 16
    assert results.shuffled.clips == 8
    assert [one.clips for one in results.unknown] == [20] * len(UNKNOWN)
    assert [(one.split, one.method) for one in results.looks] == [
        (split, method) for split in ("drawings", "photographs") for method in HEATMAPS
    ]
    assert results.look("photographs", "random").clips == 18
    assert results.look("photographs", "random").energy == pytest.approx(1, abs=0.2)
    assert results.footage is not None


def test_results_are_read_back_as_they_were(
    tmp_path: Path, evaluated: tuple[Results, Results]
) -> None:
    for results in (evaluated[0], dataclasses.replace(evaluated[0], footage=None)):
        write_record(tmp_path / "results.json", results)
        assert read_record(tmp_path / "results.json", Results) == results
    assert len((tmp_path / "results.json").read_text().splitlines()) < 300  # a row is a line


def test_results_that_are_not_there_or_of_another_kind(tmp_path: Path) -> None:
    with pytest.raises(TimesformerError, match=r"There is no results\.json in .*\. Train or"):
        read_record(tmp_path / "results.json", Results)
    for text in ("", "[]", '{"model": "motion"}'):
        (tmp_path / "results.json").write_text(text)
        with pytest.raises(TimesformerError, match="written by another version"):
            read_record(tmp_path / "results.json", Results)


def test_the_report_is_whole(evaluated: tuple[Results, Results]) -> None:
    text = full_report(evaluated[0])
    for word in (*LABELS, *UNKNOWN, *HEATMAPS, "still.mp4", "drawings", "footage"):
        assert word in text
    for block in text.split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({row.replace("\\|", "").count("|") for row in rows}) <= 1
    assert "nan" not in text


def test_several_models_are_put_side_by_side(evaluated: tuple[Results, Results]) -> None:
    first, second = evaluated
    other = dataclasses.replace(second, model="other", splits=second.splits[:3], footage=None)
    lines = side_by_side([first, other]).splitlines()
    assert lines[0] == "|  | `small` | `other` |"
    assert lines[2] == "| attention | divided space time | divided space time |"
    assert len({line.count("|") for line in lines}) == 1
    (footage,) = [line for line in lines if line.startswith("| right on footage |")]
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
    with pytest.raises(CheckpointError, match="2 labels, not the ten motions"):
        evaluate(other, name="other")


def test_only_models_that_see_whole_square_frames_are_evaluated() -> None:
    recognizer = motion_recognizer()
    wide = dataclasses.replace(MOTION_PREPROCESS, short_side=40)
    with pytest.raises(CheckpointError, match="crops 32 x 32 pixels out of frames of 40"):
        evaluate(Recognizer(recognizer.model, wide, LABELS), name="small")


def test_too_few_clips_are_refused() -> None:
    with pytest.raises(TimesformerError, match="at least 20, two of each label"):
        evaluate(motion_recognizer(), name="small", clips=19)


@pytest.mark.parametrize("scheme", ["joint_space_time", "space_only"])
def test_the_other_schemes_are_timed_too(scheme: str) -> None:
    speed = clip_speed(motion_recognizer(scheme))
    assert speed.milliseconds > 0
    assert "torch" in speed.machine


def test_what_costs_more_is_asked_of_the_first_clips_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "LEAF_PICTURES", 2)
    module = import_module("timesformer.evaluation.evaluate")
    for name in ("IN_TIME", "LOOKED"):
        monkeypatch.setattr(module, name, 20)
    results = evaluate(motion_recognizer("joint_space_time"), name="small", clips=40)
    assert results.scheme == "joint_space_time"
    assert results.split("drawings").clips == 40
    assert results.backwards.clips == 16
    assert results.shuffled.clips == 8
    assert results.look("photographs", "rollout").clips == 18
