"""The fewest patches are right for curves that are known, and keep the answer of real clips."""

import numpy as np
import pytest
import torch
from gradient_cases import T, clips, h, model_of, w
from tiny import SCHEMES

from timesformer import load
from timesformer.checkpoints.registry import EMBEDDED_FOLDER
from timesformer.explain.fewest import (
    KEPT,
    MAX_HALVINGS,
    NUM_PREDICTIONS,
    STEPS,
    fewest_patches,
    smallest_count,
)
from timesformer.explain.perturb import mask_patches
from timesformer.i18n import Value
from timesformer.paths import ASSETS_FOLDER

TOTAL = T * h * w


@torch.no_grad()
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_curves_are_those_of_the_masked_clips(scheme: str) -> None:
    model, pixels = model_of(scheme), clips()[:1]
    heatmaps = np.random.default_rng(0).random((T, h, w))
    steps: list[int] = []
    found = fewest_patches(
        model, pixels, heatmaps, index=1, on_progress=lambda done, _: steps.append(done)
    )
    order = found.by_heat
    assert found.total == TOTAL
    assert (np.argsort(-heatmaps.ravel()) == np.argsort(order.ranks.ravel())).all()
    assert sorted(found.random.ranks.ravel()) == list(range(TOTAL))
    for count, probability in order.curve.items():
        mask = torch.from_numpy(order.ranks >= count)[None]
        expected = model(mask_patches(pixels, mask)).logits.softmax(-1)[0, 1]
        assert probability == pytest.approx(float(expected), abs=1e-9)
    whole = float(model(pixels).logits.softmax(-1)[0, 1])
    assert order.curve[TOTAL] == pytest.approx(whole, abs=1e-9)
    assert order.curve[order.count] >= KEPT * whole
    assert all(p < KEPT * whole for count, p in order.curve.items() if count < order.count)
    assert order.count == 1 or order.count - 1 in order.curve  # no gap is left below it
    assert steps == sorted(steps)
    assert steps[-1] == NUM_PREDICTIONS


@pytest.mark.parametrize("enough", [1, 2, 3, 17, 18])
def test_the_number_is_exact_where_more_patches_never_hurt(
    enough: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model is sure with `enough` patches or more."""
    model = model_of(SCHEMES[0])
    heatmaps = np.arange(TOTAL)[::-1].reshape(T, h, w).copy()

    def probabilities(logits: torch.Tensor, _: object) -> torch.Tensor:
        return logits

    def mask(pixels: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
        return (~masks).flatten(1).sum(1)

    monkeypatch.setattr("timesformer.explain.fewest.mask_patches", mask)
    monkeypatch.setattr("timesformer.explain.fewest.probabilities_of", probabilities)

    class Sure:
        config = model.config

        def __call__(self, counts: torch.Tensor):
            sure = torch.where(counts >= enough, 0.99, 0.1)[:, None]
            return type("Output", (), {"logits": sure})

    found = fewest_patches(Sure(), clips()[:1], heatmaps, index=0)
    assert found.by_heat.count == found.random.count == enough
    assert len(found.by_heat.curve) <= STEPS + MAX_HALVINGS


def test_a_value_is_kept_if_it_changes_by_less_than_a_tenth() -> None:
    values = {1: 9.0, 2: -9.5, 4: -8.9, 8: -10.0}
    assert smallest_count({count: Value(value) for count, value in values.items()}) == 2
    assert smallest_count({1: 0.5, 2: 0.95, 3: 0.1, 4: 1.0}) == 2
    assert smallest_count({1: 0.8, 4: 0.9}) == 4


def test_a_heatmap_needs_fewer_patches_than_a_random_order() -> None:
    recognizer = load(EMBEDDED_FOLDER / "motion")
    clip = recognizer.read(ASSETS_FOLDER / "clips" / "boat-sailing-right.mp4")
    explanation = recognizer.explain(clip, method="libra-pointed")
    values = recognizer.at_model(recognizer.preprocess(clip).pixel_values)
    index = explanation.target[0]
    found = fewest_patches(recognizer.model, values, explanation.heatmaps, index=index)
    assert found.by_heat.count < found.random.count / 4
    whole = explanation.predictions[0].probability
    assert found.by_heat.curve[found.by_heat.count] >= KEPT * whole
