"""Explanations of a recognizer with a small random checkpoint: laws, then heatmaps by hand."""

import dataclasses

import numpy as np
import pytest
import torch
from sentences import pattern_of
from tiny import SCHEMES, methods_of, random_clip, tiny_checkpoint

from timesformer import Clip, Recognizer, load
from timesformer.errors import TimesformerError
from timesformer.explain import METHODS, Target
from timesformer.explain.registry import class_methods

T, h, w = 4, 4, 4
N = h * w
PATCHES = (None, (0, 0, 0), (2, 1, 3))


@pytest.fixture(scope="module", params=SCHEMES)
def recognizer(request: pytest.FixtureRequest, tmp_path_factory) -> Recognizer:
    folder = tmp_path_factory.mktemp(request.param)
    return load(tiny_checkpoint(folder, request.param), device="cpu", dtype="float32")


@pytest.fixture(scope="module")
def divided(tmp_path_factory) -> Recognizer:
    return load(tiny_checkpoint(tmp_path_factory.mktemp("divided")), device="cpu", dtype="float32")


@torch.no_grad()
def by_hand(recognizer: Recognizer, clip: Clip, method: str, patch) -> np.ndarray:
    """Return heatmaps (T, h, w) from the attentions of a forward pass, with dense matrices."""
    values = recognizer.preprocess(clip.frames).pixel_values
    output = recognizer.model(values, output_attentions=True)
    scheme = recognizer.model.config.attention_type
    size = 1 + N * T  # token 1 + position * T + frame; space-only: the cls of each frame after them
    cls_of = [0] * T if scheme == "divided_space_time" else list(range(size, size + T))
    size += T if scheme == "space_only" else 0
    product = torch.eye(size, dtype=torch.float64)
    for block, weights in enumerate(output.attentions):
        weights = weights.double().mean(1)
        matrix = torch.zeros(size, size, dtype=torch.float64)
        if scheme == "joint_space_time":
            matrix = weights[0]
        else:
            for t in range(T):  # weights (T, 1+N, 1+N)
                tokens = torch.tensor([cls_of[t], *(1 + p * T + t for p in range(N))])
                share = 1 / T if scheme == "divided_space_time" else 1.0
                matrix[cls_of[t], tokens] += share * weights[t, 0]
                matrix[tokens[1:, None], tokens] = weights[t, 1:]
        last = matrix
        matrix = (torch.eye(size) + matrix) / 2
        if scheme == "divided_space_time":
            time = torch.eye(size, dtype=torch.float64)
            for p, track in enumerate(output.temporal_attentions[block].double().mean(1)):
                frames = 1 + p * T + torch.arange(T)
                time[frames[:, None], frames] = (torch.eye(T) + track) / 2
            matrix = matrix @ time
        product = matrix @ product
    whole = product if method == "rollout" else last
    if patch is not None:
        frame, row, column = patch
        shares = whole[1 + (row * w + column) * T + frame]
    elif scheme == "space_only":
        shares = whole[cls_of].mean(0)
    else:
        shares = whole[0]
    patches = shares[1 : 1 + N * T].reshape(h, w, T).permute(2, 0, 1)
    return (patches / patches.mean()).numpy()


def test_heatmaps_are_in_times_uniform(recognizer: Recognizer) -> None:
    for method in methods_of(recognizer):
        for patch in PATCHES if "patch" in METHODS[method].options else (None,):
            explanation = recognizer.explain(random_clip(), method=method, patch=patch)
            heatmaps = explanation.heatmaps
            assert heatmaps.shape == (T, h, w)
            assert heatmaps.dtype == np.float32
            assert heatmaps.min() >= 0
            assert heatmaps.mean() == pytest.approx(1.0, abs=1e-5)
            assert heatmaps.std() > 0.01
            assert explanation.method == method
            np.testing.assert_allclose(explanation.frame_shares, heatmaps.mean((1, 2)))


@pytest.mark.parametrize("patch", PATCHES)
@pytest.mark.parametrize("method", ["rollout", "attention"])
def test_heatmaps_equal_the_product_of_dense_attention_matrices(
    recognizer: Recognizer, method: str, patch
) -> None:
    clip = random_clip()
    ours = recognizer.explain(clip, method=method, patch=patch).heatmaps
    expected = by_hand(recognizer, clip, method, patch)
    np.testing.assert_allclose(ours, expected, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("method", class_methods())
def test_heatmaps_explain_their_target(divided: Recognizer, method: str) -> None:
    clip = random_clip()

    def heat(target: Target | None) -> np.ndarray:
        return divided.explain(clip, method=method, target=target).heatmaps

    most_likely = divided.predict(clip)[0]
    np.testing.assert_array_equal(heat(None), heat(most_likely.label))
    np.testing.assert_array_equal(heat(most_likely.index), heat(most_likely.label))
    others = [index for index in range(5) if index != most_likely.index]
    assert all(abs(heat(index) - heat(None)).mean() > 0.01 for index in others)
    contrast = heat((most_likely.index, others[0]))
    assert abs(contrast - heat(None)).mean() > 0.01
    assert abs(contrast - heat((others[0], most_likely.index))).mean() > 0.01


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "relevance", "target": "juggle"}, "target is 'juggle'; choose a label"),
        ({"method": "relevance", "target": 5}, "or its number, 0 to 4"),
        ({"method": "relevance", "target": (1, 1)}, "a contrast is of two labels"),
        ({"method": "relevance", "target": -1}, "target is -1"),
        ({"method": "relevance", "patch": (0, 0, 0)}, "relevance takes no patch"),
        ({"method": "rollout", "target": 0}, "rollout takes no target"),
        (
            {"method": "rollout", "block": 1},
            "rollout takes no block, only heads, norm_aware, patch",
        ),
        ({"method": "attention", "negative": True}, "attention takes no negative"),
        ({"method": "gradcam", "heads": "max"}, "gradcam takes no heads, only negative, target"),
        ({"method": "attention", "block": 2}, "block is 2; choose a number from 0 to 1"),
        ({"method": "attention", "heads": 4}, "or a number from 0 to 3"),
        ({"method": "attention", "block": "1"}, "block is '1'; choose a number from 0 to 1"),
        ({"method": "attention", "block": 1.0}, "block is 1.0; choose a number from 0 to 1"),
        ({"heads": [0]}, r"heads is \[0\]; choose mean, max, min or a number"),
        ({"patch": "a"}, "patch is 'a'; give three whole numbers: frame, row and column"),
        ({"patch": (0, 1)}, "give three whole numbers"),
        ({"patch": (0.5, 1, 1)}, "give three whole numbers"),
        ({"method": "gradcam", "target": 1.5}, "target is 1.5; choose a label, such as 'wave'"),
        ({"method": ["rollout"]}, r"method is \['rollout'\]; choose one of"),
        ({"method": "guess"}, "choose one of rollout, attention, time-attention, relevance"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    divided: Recognizer, options: dict[str, object], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        divided.explain(random_clip(), **options)


def test_explanations_have_the_predictions(recognizer: Recognizer) -> None:
    clip = random_clip()
    predicted = recognizer.predict(clip, top_k=5)
    for method in methods_of(recognizer):
        explained = recognizer.explain(clip, method=method).predictions
        assert [p.index for p in explained] == [p.index for p in predicted]
        for ours, theirs in zip(explained, predicted, strict=True):
            assert ours.probability == pytest.approx(theirs.probability, abs=1e-5)


@pytest.mark.parametrize("patch", [(4, 0, 0), (0, 4, 0), (0, 0, 4), (-1, 0, 0), (0, -1, 0)])
def test_a_patch_outside_the_clip_is_refused(divided: Recognizer, patch) -> None:
    with pytest.raises(ValueError, match="outside 4 frames of 4 x 4 patches"):
        divided.explain(random_clip(), patch=patch)


@pytest.mark.parametrize("scheme", SCHEMES[1:])
def test_time_attention_needs_divided_attention(scheme: str, tmp_path) -> None:
    recognizer = load(tiny_checkpoint(tmp_path, scheme), device="cpu", dtype="float32")
    with pytest.raises(ValueError, match="only divided attention has time attention"):
        recognizer.explain(random_clip(), method="time-attention")


def test_every_block_and_head_can_be_explained(divided: Recognizer) -> None:
    """The heatmap of a patch is a row of the attention that the model returns."""
    clip = random_clip()
    with torch.no_grad():
        output = divided.model(divided.preprocess(clip).pixel_values, output_attentions=True)
    frame, row, column = patch = (2, 1, 3)
    position = row * w + column
    for block in (0, 1, -1):
        for head in range(4):
            options = {"patch": patch, "block": block, "heads": head}
            space = divided.explain(clip, method="attention", **options).heatmaps
            expected = output.attentions[block][frame, head, 1 + position, 1:].reshape(h, w)
            np.testing.assert_allclose(space[frame], expected / expected.sum() * T * N, rtol=1e-4)
            assert not np.delete(space, frame, axis=0).any()
            time = divided.explain(clip, method="time-attention", **options).heatmaps
            expected = output.temporal_attentions[block][position, head, frame]
            np.testing.assert_allclose(time[:, row, column], expected * T * N, rtol=1e-4)
            assert time.sum() == pytest.approx(time[:, row, column].sum())


def test_a_contrast_needs_two_labels(divided: Recognizer) -> None:
    for target in ((), ("sit", "wave", "jump"), (1, 1)):
        with pytest.raises(ValueError, match="a contrast is of two labels"):
            divided.explain(random_clip(), method="relevance", target=target)


@pytest.mark.parametrize("method", sorted(METHODS.keys() - {"occlusion"}))
def test_half_precision_is_close(divided: Recognizer, method: str, tmp_path) -> None:
    """Occlusion is left out: bfloat16 rounds its differences of scores to three digits."""
    half = load(tiny_checkpoint(tmp_path), device="cpu", dtype="bfloat16")
    most_likely = divided.predict(random_clip())[0].label
    options = {"target": most_likely} if METHODS[method].is_class_specific else {}
    ours = half.explain(random_clip(), method=method, **options).heatmaps
    theirs = divided.explain(random_clip(), method=method, **options).heatmaps
    assert abs(ours - theirs).mean() < 0.15


def test_equal_labels_are_different_classes(divided: Recognizer) -> None:
    alike = dataclasses.replace(divided, labels=("same",) * 5)
    clip = random_clip()
    most_likely = alike.predict(clip)[0]
    check = alike.check(clip, alike.explain(clip))
    assert check.curves.deletion[0] == pytest.approx(most_likely.probability, abs=1e-5)


def test_a_heatmap_of_zeros_cannot_be_checked(divided: Recognizer) -> None:
    clip = random_clip()
    explanation = divided.explain(clip)
    empty = dataclasses.replace(explanation, heatmaps=0 * explanation.heatmaps)
    with pytest.raises(TimesformerError, match=pattern_of("errors.explain.no_heat")):
        divided.check(clip, empty)


@pytest.mark.parametrize("method", class_methods())
def test_an_explanation_names_its_labels(divided: Recognizer, method: str) -> None:
    clip = random_clip()
    assert divided.explain(clip, method="attention").labels == ()
    most_likely = divided.predict(clip)[0].label
    assert divided.explain(clip, method=method).labels == (most_likely,)
    contrast = divided.explain(clip, method=method, target=("sit", 0))
    assert contrast.labels == ("sit", "wave")
    assert contrast.target == (2, 0)


@pytest.mark.parametrize("method", class_methods())
def test_evidence_for_one_label_is_evidence_against_the_other(
    divided: Recognizer, method: str
) -> None:
    options = {"clip": random_clip(), "method": method}
    for_it = divided.explain(**options, target=(0, 1)).heatmaps
    against = divided.explain(**options, target=(1, 0), negative=True).heatmaps
    np.testing.assert_allclose(for_it, against, atol=1e-4)
    assert abs(for_it - divided.explain(**options, target=(1, 0)).heatmaps).mean() > 0.01
