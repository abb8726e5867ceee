"""Experiments: laws of what is done to a clip, then what the embedded models say."""

import itertools

import numpy as np
import pytest
import torch
from sentences import says
from tiny import PREPROCESS, SCHEMES, random_clip, tiny_model

from timesformer import Clip, Prediction, Recognizer, load
from timesformer.errors import TimesformerError
from timesformer.experiments import (
    ORDERS,
    RANDOM_TENTHS,
    TRIALS,
    Predictions,
    Run,
    Trial,
    answers_of,
    cover,
    cover_hottest,
    frame_counts,
    freeze,
    measured,
    other_orders,
    reverse,
    shuffle,
)
from timesformer.experiments import SCHEMES as MODELS
from timesformer.explain.perturb import blur, random_heatmap, top_patches
from timesformer.paths import ASSETS_FOLDER

T, h, w = 4, 4, 4
ORDERED = SCHEMES[:2]  # those that see the order of frames


def recognizer_of(scheme: str = SCHEMES[0]) -> Recognizer:
    model = tiny_model(scheme)
    return Recognizer(model, PREPROCESS, tuple(model.config.id2label.values()))


def with_frames(clip: Clip, order: list[int]) -> Clip:
    return Clip(clip.frames[order], clip.times, clip.duration)


def still_clip() -> Clip:
    return with_frames(random_clip(), [1] * T)


def same(said: Predictions, expected: Predictions) -> None:
    """Probabilities class by class: where two are alike, their order may differ."""
    both = [sorted(one, key=lambda prediction: prediction.index) for one in (said, expected)]
    assert [one.label for one in both[0]] == [one.label for one in both[1]]
    np.testing.assert_allclose(*([one.probability for one in some] for some in both), atol=1e-5)


def answer_to(recognizer: Recognizer, clip: Clip) -> Predictions:
    return tuple(recognizer.predict(clip, top_k=99))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_order_is_what_the_model_says_of_the_frames_in_it(scheme: str) -> None:
    recognizer, clip = recognizer_of(scheme), random_clip()
    for trial in (reverse(recognizer, clip), shuffle(recognizer, clip), freeze(recognizer, clip)):
        same(trial.before, answer_to(recognizer, clip))
        for order, said in zip(trial.orders, trial.after, strict=True):
            same(said, answer_to(recognizer, with_frames(clip, list(order))))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_reversed_twice_is_the_identity(scheme: str) -> None:
    recognizer, clip = recognizer_of(scheme), random_clip()
    once = reverse(recognizer, clip)
    twice = reverse(recognizer, with_frames(clip, list(once.orders[0])))
    same(twice.after[0], once.before)
    same(twice.before, once.after[0])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_frames_that_are_alike_have_no_order(scheme: str) -> None:
    recognizer = recognizer_of(scheme)
    for trial in (TRIALS[name](recognizer, still_clip()) for name in ("reverse", "freeze")):
        for said in trial.after:
            same(said, trial.before)


def test_space_only_knows_no_order_and_the_others_do() -> None:
    for scheme in SCHEMES:
        trial = shuffle(recognizer_of(scheme), random_clip())
        apart = max(abs(p - trial.probability) for p in trial.probabilities)
        assert (apart > 1e-3) == (scheme in ORDERED)


@pytest.mark.parametrize("T", [2, 3, 8, 96])
def test_other_orders_are_permutations_none_of_them_their_own(T: int) -> None:
    orders = other_orders(T, seed=0)
    assert len(orders) == ORDERS
    assert all(sorted(order) == list(range(T)) for order in orders)
    assert list(range(T)) not in orders
    assert orders == other_orders(T, seed=0)
    assert T < 8 or orders != other_orders(T, seed=1)


def test_one_frame_has_no_other_order() -> None:
    with pytest.raises(TimesformerError, match=says("errors.experiment.one_frame")):
        shuffle(recognizer_of(), random_clip(T=1))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_covering_nothing_changes_nothing(scheme: str) -> None:
    trial = cover(recognizer_of(scheme), random_clip())
    same(trial.after[0], trial.before)
    assert trial.hidden == 0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_covering_everything_leaves_the_blurred_clip(scheme: str) -> None:
    recognizer, clip = recognizer_of(scheme), random_clip()
    everything = itertools.product(range(T), range(h), range(w))
    pixel_values = blur(recognizer.preprocess(clip).pixel_values)
    expected = recognizer.ranked(recognizer.logits(pixel_values)[0])
    for trial in (
        cover(recognizer, clip, patches=everything),
        cover(recognizer, clip, frames=range(T)),
    ):
        same(trial.after[0], expected)
        assert trial.hidden == 1


def test_what_is_covered_is_where_it_was_asked_for() -> None:
    recognizer, clip = recognizer_of(), random_clip()
    trial = cover(recognizer, clip, patches=[(2, 1, 3)], frames=[0])
    pixel_values = recognizer.preprocess(clip).pixel_values
    filled = blur(pixel_values)
    pixel_values[:, 0] = filled[:, 0]
    pixel_values[:, 2, :, 8:16, 24:32] = filled[:, 2, :, 8:16, 24:32]
    same(trial.after[0], recognizer.ranked(recognizer.logits(pixel_values)[0]))
    assert trial.hidden == pytest.approx((1 + h * w) / (T * h * w))


@pytest.mark.parametrize("patches", [[(4, 0, 0)], [(0, 4, 0)], [(0, 0, -1)]])
def test_a_patch_outside_is_refused(patches: list) -> None:
    with pytest.raises(ValueError, match="outside"):
        cover(recognizer_of(), random_clip(), patches=patches)


def test_the_hottest_tenth_is_beside_random_tenths() -> None:
    recognizer, clip = recognizer_of(), random_clip()
    explanation = recognizer.explain(clip, method="relevance", target="sit")
    trial = cover_hottest(recognizer, clip, explanation=explanation)
    assert trial.label == "sit"
    assert len(trial.after) == 1 + RANDOM_TENTHS
    assert trial.hidden == pytest.approx(0.1, abs=0.5 / (T * h * w))
    heat = torch.from_numpy(explanation.heatmaps)
    maps = [heat, *(random_heatmap(heat.shape, seed=seed) for seed in range(RANDOM_TENTHS))]
    for one, said in zip(maps, trial.after, strict=True):
        hidden = top_patches(one.flatten(), 0.1, seed=0).view(T, h, w).nonzero().tolist()
        same(said, cover(recognizer, clip, patches=map(tuple, hidden)).after[0])
    rolled = cover_hottest(recognizer, clip, explanation=recognizer.explain(clip))
    assert rolled.label == rolled.before[0].label


def test_a_trial_follows_one_label() -> None:
    first, second, third = (
        tuple(Prediction("abc"[i], p, i) for i, p in said)
        for said in (
            ((0, 0.6), (1, 0.3), (2, 0.1)),
            ((2, 0.7), (0, 0.2), (1, 0.1)),
            ((0, 0.9), (2, 0.1), (1, 0.0)),
        )
    )
    trial = Trial("freeze", 0, first, (second, third))
    assert (trial.label, trial.probability, trial.probabilities) == ("a", 0.6, (0.2, 0.9))
    assert (trial.best, trial.alike) == (1, 1)
    of_another = Trial("hottest", 2, first, (second, third))
    assert (of_another.label, of_another.probabilities, of_another.alike) == ("c", (0.7, 0.1), 1)


@pytest.mark.parametrize("name", TRIALS)
def test_how_many_answers_a_trial_takes_is_known_and_told(name: str) -> None:
    recognizer, clip, heard = recognizer_of(), random_clip(), []
    more = {"explanation": recognizer.explain(clip)} if name == "hottest" else {}
    trial = TRIALS[name](recognizer, clip, on_progress=lambda *now: heard.append(now), **more)
    assert trial.name == name
    assert heard[-1] == (answers_of(name, T),) * 2
    assert 1 + len(trial.after) == answers_of(name, T)


@pytest.mark.parametrize(
    ("scheme", "comparisons"),
    [("space_only", 196), ("divided_space_time", 204), ("joint_space_time", 1568)],
)
def test_what_a_scheme_compares(scheme: str, comparisons: int) -> None:
    run = Run(scheme, 8, 196, (), 0.1)
    assert run.comparisons == comparisons
    assert run.all_comparisons == 8 * 196 * comparisons


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("frames", [1, 2, 4, 8])
def test_a_run_is_the_answer_to_any_number_of_frames(scheme: str, frames: int) -> None:
    recognizer, clip = recognizer_of(scheme), random_clip(T=frames)
    run = measured(recognizer, clip)
    same(run.predictions, answer_to(recognizer, clip))
    assert (run.scheme, run.T, run.N) == (scheme, frames, h * w)
    assert 0 < run.seconds < 60


def test_half_and_twice_as_many_frames() -> None:
    assert frame_counts(8) == (4, 8, 16)
    assert frame_counts(1) == (1, 2)


def test_the_embedded_models_are_one_of_each_scheme_and_see_the_same_frames() -> None:
    recognizers = [load(name) for name in MODELS]
    schemes = {recognizer.model.config.attention_type for recognizer in recognizers}
    assert schemes == set(SCHEMES)
    assert len({recognizer.preprocess for recognizer in recognizers}) == 1


def test_motion_says_the_opposite_backwards_and_stands_still_when_frozen() -> None:
    recognizer = load("motion")
    clip = recognizer.read(ASSETS_FOLDER / "clips" / "ball-rolling-left.mp4")
    backwards, frozen = reverse(recognizer, clip), freeze(recognizer, clip)
    assert (backwards.label, backwards.after[0][0].label) == ("moving left", "moving right")
    assert {said[0].label for said in frozen.after} == {"standing still"}
