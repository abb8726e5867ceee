"""A recognizer on a small random checkpoint: laws, then the heatmaps by hand."""

import dataclasses
import pickle
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny import PREPROCESS, SCHEMES, methods_of, random_clip, tiny_checkpoint, tiny_model
from video_files import number_of, numbered

from timesformer import Clip, Explanation, Preprocess, Recognizer, load, save_checkpoint, write_mp4
from timesformer.errors import CheckpointError
from timesformer.evaluation.heatmap_methods import randomize
from timesformer.kernels.onednn import packs
from timesformer.kernels.prepare import is_int8
from timesformer.paths import ASSETS_FOLDER
from timesformer.recognizer import PROTOCOLS, Protocol, protocol_named

T, h, w = 4, 4, 4
N = h * w


@pytest.fixture(scope="module", params=SCHEMES)
def recognizer(request: pytest.FixtureRequest, tmp_path_factory) -> Recognizer:
    folder = tmp_path_factory.mktemp(request.param)
    return load(tiny_checkpoint(folder, request.param), device="cpu", dtype="float32")


@pytest.fixture(scope="module")
def divided(tmp_path_factory) -> Recognizer:
    return load(tiny_checkpoint(tmp_path_factory.mktemp("divided")), device="cpu", dtype="float32")


def same(first: Explanation, second: Explanation) -> bool:
    return (
        np.array_equal(first.heatmaps, second.heatmaps)
        and first.predictions == second.predictions
        and first.box == second.box
    )


def test_probabilities_of_all_classes_sum_to_one_and_are_sorted(recognizer: Recognizer) -> None:
    predictions = recognizer.predict(random_clip(), top_k=100)
    probabilities = [prediction.probability for prediction in predictions]
    assert sum(probabilities) == pytest.approx(1.0, abs=1e-6)
    assert probabilities == sorted(probabilities, reverse=True)
    assert probabilities[0] - probabilities[-1] > 0.1
    assert sorted(prediction.index for prediction in predictions) == list(range(5))
    assert all(recognizer.labels[p.index] == p.label for p in predictions)


def test_predictions_are_the_softmax_of_the_model(recognizer: Recognizer) -> None:
    clip = random_clip()
    with torch.no_grad():
        logits = recognizer.model(recognizer.preprocess(clip.frames).pixel_values).logits[0]
    expected = logits.softmax(-1)
    for prediction in recognizer.predict(clip):
        assert prediction.probability == pytest.approx(float(expected[prediction.index]), abs=1e-6)


def test_top_k_are_the_first_of_all(recognizer: Recognizer) -> None:
    clip = random_clip()
    assert recognizer.predict(clip, top_k=2) == recognizer.predict(clip, top_k=5)[:2]


def test_several_views_are_decided_by_the_mean_of_their_logits(recognizer: Recognizer) -> None:
    clips = [random_clip(seed=seed) for seed in (1, 2)]
    views = [view for clip in clips for view in recognizer.preprocess.three_crops(clip)]
    logits = torch.cat([recognizer.logits(view.pixel_values) for view in views])
    assert logits.std(dim=0).min() > 0.01
    expected = logits.mean(0).softmax(-1)
    for prediction in recognizer.predict(*clips, crops=3):
        assert prediction.probability == pytest.approx(float(expected[prediction.index]), abs=1e-6)


@pytest.mark.parametrize(
    ("count", "crops", "words"),
    [(0, 1, "clips are missing"), (1, 2, "crops is 2; choose 1 or 3"), (1, 0, "crops is 0")],
)
def test_predictions_of_no_views_are_refused(
    divided: Recognizer, count: int, crops: int, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        divided.predict(*[random_clip()] * count, crops=crops)


@pytest.mark.parametrize("top_k", [0, -1, 1.5, "3", None, True])
def test_top_k_is_a_whole_number(divided: Recognizer, top_k: object) -> None:
    with pytest.raises(ValueError, match=r"top_k is .*; it must be a whole number, 1 or more"):
        divided.predict(random_clip(), top_k=top_k)
    assert len(divided.predict(random_clip(), top_k=np.int64(3))) == 3


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (random_clip(), "a Clip"),
        (random_clip().frames, "a ndarray"),
        (PREPROCESS(random_clip()), "a Prepared"),
        ("clip.mp4", "a str"),
        (torch.from_numpy(random_clip().frames), "torch.uint8 of shape"),
        (torch.zeros(1, 4, 3, 32, 32, dtype=torch.complex64), "torch.complex64 of shape"),
        (torch.zeros(0, 4, 3, 32, 32), "torch.float32 of shape"),
    ],
)
def test_logits_are_of_pixel_values(divided: Recognizer, values: object, kind: str) -> None:
    with pytest.raises(ValueError, match=f"pixel_values are {kind}.*; give a tensor"):
        divided.logits(values)


def test_a_path_is_no_clip(divided: Recognizer) -> None:
    for answer in (divided.predict, divided.explain):
        with pytest.raises(ValueError, match=r"give a Clip, such as recognizer.read\(path\)"):
            answer("clip.mp4")
    with pytest.raises(ValueError, match="the explanation is a str; give a result of explain"):
        divided.check(random_clip(), "rollout")
    with pytest.raises(ValueError, match="count is 0; it must be a whole number"):
        divided.read_several("clip.mp4", 0)


def test_several_clips_are_spread_as_in_the_released_test(
    recognizer: Recognizer, tmp_path: Path
) -> None:
    """Clips of 8 frames of a video of 100 start at 0, 92/4, 2 * 92/4 and 3 * 92/4."""
    write_mp4(tmp_path / "long.mp4", [numbered(i) for i in range(100)], fps=30)
    clips = recognizer.read_several(tmp_path / "long.mp4", 4)
    assert [number_of(clip.frames[0]) for clip in clips] == [0, 23, 46, 69]
    assert len(recognizer.read_several(tmp_path / "long.mp4", 1)) == 1


def test_a_clip_that_is_the_whole_video_is_read_once(
    recognizer: Recognizer, tmp_path: Path
) -> None:
    write_mp4(tmp_path / "some.mp4", [numbered(i) for i in range(20)], fps=30)
    preprocess = dataclasses.replace(recognizer.preprocess, sampling_rate=None)
    whole = dataclasses.replace(recognizer, preprocess=preprocess)
    assert len(whole.read_several(tmp_path / "some.mp4", 4)) == 1


def test_a_video_shorter_than_a_clip_is_read_once(recognizer: Recognizer, tmp_path: Path) -> None:
    write_mp4(tmp_path / "short.mp4", [numbered(i) for i in range(6)], fps=30)
    assert len(recognizer.read_several(tmp_path / "short.mp4", 4)) == 1


@pytest.mark.parametrize(("T", "size"), [(2, None), (7, None), (None, 48), (8, 16)])
def test_other_frame_counts_have_a_note(
    recognizer: Recognizer, T: int | None, size: int | None, tmp_path: Path
) -> None:
    write_mp4(tmp_path / "clip.mp4", [numbered(i) for i in range(40)], fps=30)
    other = recognizer.adapted(num_frames=T, size=size)
    clip = other.read(tmp_path / "clip.mp4")
    assert len(clip.frames) == (T or 4)
    side = (size or 32) // 8
    assert other.explain(clip).heatmaps.shape == (T or 4, side, side)
    assert other.preprocess.seconds == pytest.approx(recognizer.preprocess.seconds, rel=0.15)
    (note,) = other.notes
    assert note.key == "notes.checkpoint.other_shape"
    assert note.values["trained"].values == {"T": 4, "H": 32, "W": 32}
    assert note.values["given"].values == {"T": T or 4, "H": size or 32, "W": size or 32}
    assert recognizer.notes == ()
    assert recognizer.adapted().preprocess == recognizer.preprocess


def test_adapting_back_to_the_trained_shape_removes_the_note(recognizer: Recognizer) -> None:
    back = recognizer.adapted(num_frames=8).adapted(num_frames=4)
    assert back.notes == ()
    assert back.preprocess == recognizer.preprocess


def test_another_size_shows_the_same_part_of_the_frame(recognizer: Recognizer) -> None:
    """Many checkpoints are resized to 256 and cropped to 224."""
    preprocess = dataclasses.replace(recognizer.preprocess, short_side=40)
    zoomed = dataclasses.replace(recognizer, preprocess=preprocess).adapted(size=64)
    assert zoomed.preprocess.short_side == 80
    clip = random_clip(H=80, W=80)
    assert zoomed.preprocess(clip).box == preprocess(clip).box


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"size": 20}, "frames of 20 x 20 pixels do not divide into patches of 8 x 8"),
        ({"size": 0}, "size is 0; it must be a whole number"),
        ({"size": "64"}, "size is '64'; it must be a whole number"),
        ({"num_frames": 0}, "num_frames is 0"),
    ],
)
def test_frames_that_no_model_takes_are_refused(
    recognizer: Recognizer, changes: dict[str, int], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        recognizer.adapted(**changes)


def test_two_threads_equal_one_after_the_other(recognizer: Recognizer) -> None:
    clips = [random_clip(seed=seed) for seed in range(4)]
    methods = methods_of(recognizer)
    jobs = [(clip, method) for clip in clips for method in methods]

    def work(job: tuple[Clip, str]) -> Explanation:
        return recognizer.explain(job[0], method=job[1])

    in_turn = [work(job) for job in jobs]
    with ThreadPoolExecutor(2) as threads:
        at_once = list(threads.map(work, jobs))
    assert all(same(first, second) for first, second in zip(in_turn, at_once, strict=True))
    assert not same(in_turn[0], in_turn[len(methods)])  # another clip is another answer


def test_inputs_are_not_changed(divided: Recognizer) -> None:
    clip = random_clip()
    before = clip.frames.copy()
    state = {name: value.clone() for name, value in divided.model.state_dict().items()}
    divided.explain(clip)
    np.testing.assert_array_equal(clip.frames, before)
    assert all(torch.equal(state[name], v) for name, v in divided.model.state_dict().items())
    assert all(parameter.grad is None for parameter in divided.model.parameters())


@pytest.mark.parametrize("copied", [deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_recognizer_that_answered_can_be_copied(recognizer: Recognizer, copied) -> None:
    values = recognizer.preprocess(random_clip()).pixel_values
    logits = recognizer.logits(values)
    other = copied(recognizer)
    torch.testing.assert_close(other.logits(values), logits, atol=1e-5, rtol=0)
    with torch.no_grad():
        other.model.classifier.weight.zero_()
    assert (other.logits(values) - recognizer.logits(values)).abs().max() > 0.1


def test_a_video_is_sampled_as_the_checkpoint_requires(divided: Recognizer, tmp_path: Path) -> None:
    levels = [np.full((48, 64, 3), 8 * i, np.uint8) for i in range(24)]
    write_mp4(tmp_path / "grey.mp4", levels, fps=30)
    clip = divided.read(tmp_path / "grey.mp4")
    assert clip.frames.shape == (T, 48, 64, 3)
    np.testing.assert_allclose(clip.times * 30, [0, 2, 4, 7], atol=0.01)  # rate 2, 4 frames
    np.testing.assert_allclose(clip.frames.mean((1, 2, 3)) / 8, [0, 2, 4, 7], atol=0.4)
    later = divided.read(tmp_path / "grey.mp4", start=0.5)
    np.testing.assert_allclose(later.times * 30, [15, 17, 19, 22], atol=0.01)
    assert len(divided.predict(later)) == 5


def test_a_crop_that_is_not_square(tmp_path: Path) -> None:
    preprocess = Preprocess(
        num_frames=3,
        sampling_rate=1,
        short_side=48,
        crop_size=(24, 40),
        mean=(0.5, 0.5, 0.5),
        std=(0.5, 0.5, 0.5),
    )
    save_checkpoint(tiny_model(), preprocess, tmp_path)
    explanation = load(tmp_path, device="cpu").explain(random_clip(3, 96, 144), patch=(2, 2, 4))
    assert explanation.heatmaps.shape == (3, 3, 5)
    assert explanation.box == (32, 24, 80, 48)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_half_precision_gives_nearly_the_same(scheme: str, tmp_path: Path) -> None:
    folder = tiny_checkpoint(tmp_path, scheme)
    clip = random_clip()
    half = load(folder, device="cpu", dtype="bfloat16").explain(clip)
    full = load(folder, device="cpu", dtype="float32").explain(clip)
    assert half.heatmaps.dtype == np.float32
    np.testing.assert_allclose(half.heatmaps, full.heatmaps, atol=0.1, rtol=0.05)
    assert sum(p.probability for p in half.predictions) == pytest.approx(1, abs=1e-5)
    by_class = {p.index: p.probability for p in half.predictions}
    for prediction in full.predictions:
        assert by_class[prediction.index] == pytest.approx(prediction.probability, abs=0.05)


def test_the_precision_is_the_requested_one(tmp_path: Path) -> None:
    folder = tiny_checkpoint(tmp_path)

    def precision(**choice: object) -> torch.dtype:
        return load(folder, device="cpu", **choice).model.classifier.weight.dtype

    assert precision(dtype="float32") == torch.float32
    assert not any(p.requires_grad for p in load(folder, device="cpu").model.parameters())
    assert precision(dtype="bfloat16") == precision(dtype=torch.bfloat16) == torch.bfloat16
    for wrong in ("float33", "nn", "int16", torch.int32):
        with pytest.raises(ValueError, match="choose one of float32, bfloat16, float16, int8"):
            precision(dtype=wrong)


def test_the_precision_is_float32_unless_another_is_requested(tmp_path: Path) -> None:
    for name in (tiny_checkpoint(tmp_path), "motion"):
        recognizer = load(name, device="cpu")
        assert (recognizer.dtype, recognizer.processor) == (torch.float32, "CPU, float32")


@pytest.mark.parametrize(
    ("has", "able"), [({"avx512_vnni": True}, True), ({"avx_vnni": True}, True), ({}, False)]
)
def test_int8_is_for_processors_with_instructions_for_it(
    tmp_path: Path, has: dict[str, bool], able: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: True)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: has)
    monkeypatch.setattr("timesformer.recognizer.packs", packs.__wrapped__)  # not as remembered
    monkeypatch.setattr("timesformer.kernels.prepare.packs", packs.__wrapped__)
    folder = tiny_checkpoint(tmp_path)
    if able:
        recognizer = load(folder, device="cpu", dtype="int8")
        assert (recognizer.dtype, recognizer.processor) == (torch.float32, "CPU, int8")
        assert is_int8(randomize(recognizer.model, seed=0))
        recognizer.model.to("meta")
        assert recognizer.processor == "META, float32"
        return
    for device in ("cpu", "meta"):
        with pytest.raises(CheckpointError) as raised:
            load(folder, device=device, dtype=torch.int8)
        assert raised.value.message.key == "errors.checkpoint.int8_processor"
        assert raised.value.message.values == {"device": device}


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (torch.OutOfMemoryError, torch.OutOfMemoryError),
        (RuntimeError, CheckpointError),
        (AssertionError, CheckpointError),
    ],
)
def test_too_little_memory_is_not_a_missing_device(
    fault: type[Exception],
    raised: type[Exception],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault("no")

    monkeypatch.setattr("timesformer.recognizer.prepare", fail)
    with pytest.raises(raised):
        load(tiny_checkpoint(tmp_path), device="cpu")


@pytest.mark.skipif(
    not packs(torch.int8), reason="int8 products need a processor with VNNI instructions"
)
def test_int8_keeps_the_answers_of_the_first_embedded_model() -> None:
    """The most likely label, and all probabilities within three hundredths."""
    exact, whole = (load("motion", device="cpu", dtype=dtype) for dtype in ("float32", "int8"))
    for path in sorted((ASSETS_FOLDER / "clips").glob("*.mp4")):
        clip = exact.read(path)
        ours, theirs = (
            {p.label: p.probability for p in recognizer.predict(clip, top_k=10)}
            for recognizer in (exact, whole)
        )
        assert next(iter(ours)) == next(iter(theirs))
        assert ours == pytest.approx(theirs, abs=0.03)


@pytest.mark.parametrize("name", ["motion", "motion-joint", "motion-space"])
def test_half_precision_keeps_the_answers_of_embedded_models(name: str) -> None:
    """The most likely label, and all probabilities within three hundredths."""
    exact, half = (load(name, device="cpu", dtype=dtype) for dtype in ("float32", "bfloat16"))
    for path in sorted((ASSETS_FOLDER / "clips").glob("*.mp4"))[::4]:
        clip = exact.read(path)
        ours, theirs = (
            {p.label: p.probability for p in recognizer.predict(clip, top_k=10)}
            for recognizer in (exact, half)
        )
        assert next(iter(ours)) == next(iter(theirs))
        assert ours == pytest.approx(theirs, abs=0.03)


def test_assumptions_have_notes(tmp_path: Path) -> None:
    folder = tiny_checkpoint(tmp_path)
    assert load(folder, device="cpu").notes == ()
    text = (folder / "preprocessor_config.json").read_text().replace("sampling_rate", "unknown")
    (folder / "preprocessor_config.json").write_text(text)
    assert len(load(folder, device="cpu").notes) == 1


@pytest.mark.parametrize(
    ("name", "protocol"),
    [
        ("center", PROTOCOLS["center"]),
        ("fb", PROTOCOLS["fb"]),
        ("1x3", PROTOCOLS["fb"]),
        ("4x3", Protocol(4, 3)),
        ("10\u00d73", Protocol(10, 3)),
    ],
)
def test_protocols_by_name(name: str, protocol: Protocol) -> None:
    assert protocol_named(name) == protocol


@pytest.mark.parametrize("name", ["", "centre", "3x1", "0x3", "100x3", "4x3x"])
def test_other_protocols_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"protocol is '{name}'; choose center, fb, or N x 3"):
        protocol_named(name)


def test_the_old_name_of_sandboxed_warns(divided: Recognizer) -> None:
    clip = ASSETS_FOLDER / "clips" / "ball-rolling-left.mp4"
    with pytest.warns(DeprecationWarning, match="sandboxed"):
        frames = divided.read(clip, apart=False).frames
    assert np.array_equal(frames, divided.read(clip).frames)
