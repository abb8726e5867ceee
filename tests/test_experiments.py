"""Experiments: laws of the changes to a clip, then predictions of the embedded models."""

import dataclasses
import inspect
import itertools
import math

import numpy as np
import pytest
import torch
from sentences import pattern_of
from tiny import PREPROCESS, SCHEMES, random_clip, tiny_model

from timesformer import Clip, Prediction, Recognizer, experiments, load
from timesformer.errors import TimesformerError
from timesformer.experiments import (
    EXPERIMENTS,
    NUM_ORDERS,
    NUM_RANDOM_MASKS,
    SCHEME_MODELS,
    ExperimentResult,
    Predictions,
    TimedPrediction,
    frame_variants,
    freeze,
    mask,
    mask_top_patches,
    random_orders,
    reverse,
    shuffle,
    time_prediction,
)
from timesformer.explain.perturb import blur, random_heatmap, top_patches
from timesformer.i18n import LANGUAGES
from timesformer.paths import ASSETS_FOLDER

T, h, w = 4, 4, 4
ORDERED = SCHEMES[:2]  # schemes that know the order of frames
CHANGES = [name for name, experiment in EXPERIMENTS.items() if experiment.change]


def recognizer_of(scheme: str = SCHEMES[0]) -> Recognizer:
    model = tiny_model(scheme)
    return Recognizer(model, PREPROCESS, tuple(model.config.id2label.values()))


def with_frames(clip: Clip, order: list[int]) -> Clip:
    return Clip(clip.frames[order], clip.times, clip.duration)


def still_clip() -> Clip:
    return with_frames(random_clip(), [1] * T)


def assert_equal(ours: Predictions, theirs: Predictions) -> None:
    """Compare probabilities class by class: equal probabilities may come in another order."""
    both = [sorted(predictions, key=lambda p: p.index) for predictions in (ours, theirs)]
    assert [p.label for p in both[0]] == [p.label for p in both[1]]
    np.testing.assert_allclose(*([p.probability for p in each] for each in both), atol=1e-5)


def predictions_of(recognizer: Recognizer, clip: Clip) -> Predictions:
    return tuple(recognizer.predict(clip, top_k=99))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_is_a_change_or_a_comparison(name: str) -> None:
    experiment = EXPERIMENTS[name]
    if experiment.change is None:
        assert experiment.needs is None
        return
    assert not experiment.models
    keywords = inspect.signature(experiment.change).parameters
    assert "on_progress" in keywords
    assert {"patches", "explanation"} & keywords.keys() == {experiment.needs} - {None}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_describes_every_experiment(code: str) -> None:
    sentences = LANGUAGES[code].sections["experiments"]
    assert list(sentences["buttons"]) == list(sentences["questions"]) == list(EXPERIMENTS)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_version_has_the_predictions_of_its_frames(scheme: str) -> None:
    recognizer, clip = recognizer_of(scheme), random_clip()
    for change in (reverse, shuffle, freeze):
        result = change(recognizer, clip)
        assert_equal(result.before, predictions_of(recognizer, clip))
        for order, predictions in zip(result.orders, result.after, strict=True):
            shown = with_frames(clip, list(order))
            assert_equal(predictions, predictions_of(recognizer, shown))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_reversing_twice_is_the_identity(scheme: str) -> None:
    recognizer, clip = recognizer_of(scheme), random_clip()
    once = reverse(recognizer, clip)
    twice = reverse(recognizer, with_frames(clip, list(once.orders[0])))
    assert_equal(twice.after[0], once.before)
    assert_equal(twice.before, once.after[0])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_equal_frames_have_no_order(scheme: str) -> None:
    recognizer = recognizer_of(scheme)
    for change in (reverse, freeze):
        result = change(recognizer, still_clip())
        for predictions in result.after:
            assert_equal(predictions, result.before)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_only_space_only_ignores_the_order(scheme: str) -> None:
    result = shuffle(recognizer_of(scheme), random_clip())
    change = max(abs(p - result.probability) for p in result.probabilities)
    assert (change > 1e-3) == (scheme in ORDERED)


@pytest.mark.parametrize("T", [2, 3, 8, 96])
def test_random_orders_are_permutations_without_the_identity(T: int) -> None:
    orders = random_orders(T, seed=0)
    assert len(orders) == len(set(map(tuple, orders))) == min(NUM_ORDERS, math.factorial(T) - 1)
    assert all(sorted(order) == list(range(T)) for order in orders)
    assert list(range(T)) not in orders
    assert orders == random_orders(T, seed=0)
    assert T < 8 or orders != random_orders(T, seed=1)


def test_a_single_frame_cannot_be_shuffled() -> None:
    with pytest.raises(TimesformerError, match=pattern_of("errors.experiment.one_frame")):
        shuffle(recognizer_of(), random_clip(T=1))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_masking_nothing_changes_nothing(scheme: str) -> None:
    result = mask(recognizer_of(scheme), random_clip(), patches=[])
    assert_equal(result.after[0], result.before)
    assert result.masked_share == 0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_masking_everything_leaves_the_blurred_clip(scheme: str) -> None:
    recognizer, clip = recognizer_of(scheme), random_clip()
    result = mask(recognizer, clip, patches=itertools.product(range(T), range(h), range(w)))
    blurred = blur(recognizer.preprocess(clip).pixel_values)
    assert_equal(result.after[0], recognizer.ranked(recognizer.logits(blurred)[0]))
    assert result.masked_share == 1


def test_a_patch_is_masked_in_its_place() -> None:
    recognizer, clip = recognizer_of(), random_clip()
    result = mask(recognizer, clip, patches=[(2, 1, 3)])
    pixel_values = recognizer.preprocess(clip).pixel_values
    pixel_values[:, 2, :, 8:16, 24:32] = blur(pixel_values)[:, 2, :, 8:16, 24:32]
    assert_equal(result.after[0], recognizer.ranked(recognizer.logits(pixel_values)[0]))
    assert result.masked_share == pytest.approx(1 / (T * h * w))


@pytest.mark.parametrize("patches", [[(4, 0, 0)], [(0, 4, 0)], [(0, 0, -1)]])
def test_a_patch_outside_the_clip_is_refused(patches: list) -> None:
    with pytest.raises(ValueError, match="outside"):
        mask(recognizer_of(), random_clip(), patches=patches)


def test_the_top_tenth_is_masked_and_random_tenths() -> None:
    recognizer, clip = recognizer_of(), random_clip()
    explanation = recognizer.explain(clip, method="relevance", target="sit")
    result = mask_top_patches(recognizer, clip, explanation=explanation)
    assert result.label == "sit"
    assert len(result.after) == 1 + NUM_RANDOM_MASKS
    assert result.masked_share == pytest.approx(0.1, abs=0.5 / (T * h * w))
    heatmap = torch.from_numpy(explanation.heatmaps)
    random = [random_heatmap(heatmap.shape, seed=seed) for seed in range(NUM_RANDOM_MASKS)]
    for values, predictions in zip((heatmap, *random), result.after, strict=True):
        masked = top_patches(values.flatten(), 0.1, seed=0).view(T, h, w).nonzero().tolist()
        alone = mask(recognizer, clip, patches=map(tuple, masked))
        assert_equal(predictions, alone.after[0])


def test_a_heatmap_of_zeros_has_no_top_patches() -> None:
    recognizer, clip = recognizer_of(), random_clip()
    explanation = recognizer.explain(clip)
    nothing = dataclasses.replace(explanation, heatmaps=np.zeros_like(explanation.heatmaps))
    with pytest.raises(TimesformerError, match=pattern_of("errors.explain.no_heat")):
        mask_top_patches(recognizer, clip, explanation=nothing)


def test_without_a_class_the_most_likely_is_followed() -> None:
    recognizer, clip = recognizer_of(), random_clip()
    result = mask_top_patches(recognizer, clip, explanation=recognizer.explain(clip))
    assert result.label == result.before[0].label


def test_a_result_follows_one_class() -> None:
    first, second, third = (
        tuple(Prediction("abc"[i], p, i) for i, p in predictions)
        for predictions in (
            ((0, 0.6), (1, 0.3), (2, 0.1)),
            ((2, 0.7), (0, 0.2), (1, 0.1)),
            ((0, 0.9), (2, 0.1), (1, 0.0)),
        )
    )
    result = ExperimentResult("freeze", 0, first, (second, third))
    assert (result.label, result.probability, result.probabilities) == ("a", 0.6, (0.2, 0.9))
    assert (result.best, result.num_unchanged) == (1, 1)
    other = ExperimentResult("hottest", 2, first, (second, third))
    assert (other.label, other.probabilities, other.num_unchanged) == ("c", (0.7, 0.1), 1)


@pytest.mark.parametrize("name", CHANGES)
def test_the_number_of_predictions_is_known_in_advance(name: str) -> None:
    recognizer, clip, reports = recognizer_of(), random_clip(), []
    inputs = {"patches": [(0, 0, 0)], "explanation": recognizer.explain(clip), None: None}
    needs = EXPERIMENTS[name].needs
    more = {needs: inputs[needs]} if needs else {}
    result = EXPERIMENTS[name].change(
        recognizer, clip, on_progress=lambda *report: reports.append(report), **more
    )
    expected = EXPERIMENTS[name].num_predictions(T)
    assert result.name == name
    assert reports[-1] == (expected, expected)
    if not result.fewest:  # it has more predictions than it shows
        assert 1 + len(result.after) == expected


@pytest.mark.parametrize(
    ("scheme", "comparisons"),
    [("space_only", 196), ("divided_space_time", 204), ("joint_space_time", 1568)],
)
def test_comparisons_of_a_scheme(scheme: str, comparisons: int) -> None:
    timed = TimedPrediction(scheme, 8, 196, (), 0.1)
    assert timed.comparisons == comparisons
    assert timed.all_comparisons == 8 * 196 * comparisons


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("frames", [1, 2, 4, 8])
def test_a_timed_prediction_is_the_prediction(scheme: str, frames: int) -> None:
    recognizer, clip = recognizer_of(scheme), random_clip(T=frames)
    timed = time_prediction(recognizer, clip)
    assert_equal(timed.predictions, predictions_of(recognizer, clip))
    assert (timed.scheme, timed.T, timed.N) == (scheme, frames, h * w)


def test_the_fastest_run_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter((0.0, 5.0, 5.0, 7.0, 7.0, 10.0))
    monkeypatch.setattr(experiments.time, "perf_counter", lambda: next(clock))
    assert time_prediction(recognizer_of(), random_clip()).seconds == 2.0


@pytest.mark.parametrize(("T", "counts"), [(8, [4, 8, 16]), (1, [1, 2])])
def test_frames_are_halved_and_doubled(T: int, counts: list[int]) -> None:
    variants = frame_variants(recognizer_of().adapted(num_frames=T))
    assert [variant.preprocess.num_frames for variant in variants] == counts


def test_the_models_compared_differ_only_in_their_scheme() -> None:
    recognizers = [load(name) for name in SCHEME_MODELS]
    schemes = {recognizer.model.config.attention_type for recognizer in recognizers}
    assert schemes == set(SCHEMES)
    assert len({recognizer.preprocess for recognizer in recognizers}) == 1


def test_motion_predicts_the_opposite_of_a_reversed_clip() -> None:
    recognizer = load("motion")
    clip = recognizer.read(ASSETS_FOLDER / "clips" / "ball-rolling-left.mp4")
    result = reverse(recognizer, clip)
    assert (result.label, result.after[0][0].label) == ("moving left", "moving right")
    assert {top.label for top, *_ in freeze(recognizer, clip).after} == {"standing still"}
