"""Sharper heatmaps: the mean over clips shifted by half a patch, on a grid twice as fine."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from gradient_cases import B, N, T, clips, h, model_of, w
from tiny import PREPROCESS, SCHEMES, methods_of, random_clip, tiny_model
from torch import Tensor

from timesformer import Recognizer
from timesformer.explain import METHODS, Heatmap, Options, explain
from timesformer.explain.sharper import SHIFTS, sharpen

LABELS = ("a", "b", "c", "d")


@pytest.fixture(params=SCHEMES)
def recognizer(request: pytest.FixtureRequest) -> Recognizer:
    return Recognizer(tiny_model(request.param), PREPROCESS, ("wave", "jump", "sit", "run", "rest"))


def sharp(of_shift: list[Tensor]) -> Tensor:
    """Return the sharper heatmap (B, T, 2h, 2w) of the heatmaps (B, T, N) of each shift."""

    def compute(_: Tensor, number: int) -> Heatmap:
        return Heatmap(torch.zeros(B, 4), of_shift[number])

    heatmap = sharpen(compute, clips(), model_of(SCHEMES[0]).config)
    return heatmap.patches.unflatten(2, (2 * h, 2 * w))


def test_a_uniform_heatmap_stays_uniform() -> None:
    torch.testing.assert_close(sharp([torch.ones(B, T, N)] * 4), torch.ones(B, T, 2 * h, 2 * w))


@pytest.mark.parametrize("number", range(len(SHIFTS)))
def test_a_hot_patch_is_where_it_lies_in_the_unshifted_clip(number: int) -> None:
    """Patch (0, 0) of a clip moved up by half a patch covers the second and third row of cells."""
    heatmaps = [torch.zeros(B, T, N) for _ in SHIFTS]
    heatmaps[number][:, :, 0] = 1
    down, across = SHIFTS[number]
    expected = torch.zeros(2 * h, 2 * w, dtype=torch.bool)
    expected[down : down + 2, across : across + 2] = True
    assert torch.equal(sharp(heatmaps)[1, 2] > 0, expected)


def test_clips_are_shifted_by_half_a_patch() -> None:
    seen: list[Tensor] = []

    def compute(moved: Tensor, number: int) -> Heatmap:
        seen.append(moved)
        return Heatmap(torch.zeros(B, 4), torch.ones(B, T, N))

    sharpen(compute, clips(), model_of(SCHEMES[0]).config)
    whole, across, down, both = seen
    assert torch.equal(whole, clips())
    assert torch.equal(across[..., :-4], whole[..., 4:])
    assert torch.equal(across[..., -4:], whole[..., -1:].expand(-1, -1, -1, -1, 4))
    assert torch.equal(down[..., :-4, :], whole[..., 4:, :])
    assert torch.equal(both[..., :-4, :-4], whole[..., 4:, 4:])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_shifts_of_a_clip_explain_one_class(scheme: str) -> None:
    model = model_of(scheme)
    best = model(clips()).logits.argmax(-1)
    ours = explain(model, clips(), Options("gradcam", sharper=True), labels=LABELS).patches
    for i, index in enumerate(best.tolist()):
        options = Options("gradcam", target=index, sharper=True)
        theirs = explain(model, clips()[i : i + 1], options, labels=LABELS).patches
        torch.testing.assert_close(ours[i : i + 1], theirs, atol=1e-9, rtol=1e-6)


def test_every_method_can_be_sharper(recognizer: Recognizer) -> None:
    for method in methods_of(recognizer):
        steps: list[tuple[int, int]] = []
        explanation = recognizer.explain(
            random_clip(), method=method, sharper=True,
            on_progress=lambda *step, steps=steps: steps.append(step),
        )  # fmt: skip
        heatmaps = explanation.heatmaps
        assert heatmaps.shape == (4, 8, 8)
        assert heatmaps.mean() == pytest.approx(1, abs=1e-5)
        assert heatmaps.min() >= 0
        plain = recognizer.explain(random_clip(), method=method)
        assert explanation.predictions == plain.predictions
        if METHODS[method].is_slow:
            done, totals = zip(*steps, strict=True)
            assert list(done) == sorted(set(done))
            assert {done[-1]} == set(totals)


def test_a_sharper_heatmap_is_checked_patch_by_patch(recognizer: Recognizer) -> None:
    clip = random_clip()
    sharper = recognizer.explain(clip, sharper=True)
    coarse = sharper.heatmaps.reshape(4, 4, 2, 4, 2).mean(axis=(2, 4))
    check = recognizer.check(clip, sharper)
    expected = recognizer.check(clip, replace(sharper, heatmaps=coarse))
    assert check == expected
    np.testing.assert_array_equal(replace(sharper, heatmaps=coarse).on_grid((4, 4)), coarse)


def test_patches_with_an_odd_side_are_refused() -> None:
    recognizer = Recognizer(
        tiny_model(image_size=28, patch_size=7), replace(PREPROCESS, crop_size=(28, 28)), LABELS
    )
    with pytest.raises(ValueError, match="sharper needs patches with even sides; they are 7 x 7"):
        recognizer.explain(random_clip(), sharper=True)
