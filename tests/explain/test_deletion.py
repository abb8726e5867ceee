"""Deletion curves equal those of a model asked with patches masked one by one."""

import pytest
import torch
from tiny import SCHEMES, random_pixels, tiny_model
from torch import Tensor

from timesformer.explain.deletion import FRACTIONS, Check, DeletionCurves, deletion_curves
from timesformer.explain.perturb import IMPUTERS

T, N = 3, 16


def heatmap() -> Tensor:
    return torch.rand(T, N, generator=torch.Generator().manual_seed(0))


def test_curves_by_hand() -> None:
    model, pixels = tiny_model(), random_pixels(1, T, 3, 32, 32)
    found = deletion_curves(model, pixels, heatmap(), index=1, imputer=IMPUTERS["mean colour"])
    order = heatmap().flatten().argsort(descending=True)
    colour = pixels.mean((1, 3, 4))[0]
    for masks_others, curve in ((False, found.deletion), (True, found.insertion)):
        for fraction, probability in zip(FRACTIONS, curve, strict=True):
            top = order[: round(fraction * T * N)].tolist()
            masked = pixels.clone()
            for patch in (i for i in range(T * N) if (i in top) != masks_others):
                frame, position = divmod(patch, N)
                y, x = divmod(position, 4)
                masked[0, frame, :, 8 * y : 8 * y + 8, 8 * x : 8 * x + 8] = colour[:, None, None]
            with torch.no_grad():
                expected = model(masked).logits.softmax(-1)[0, 1]
            assert probability == pytest.approx(float(expected), abs=1e-5)
    assert len(set(found.deletion)) == len(FRACTIONS)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_both_curves_have_the_same_ends(scheme: str) -> None:
    model, pixels = tiny_model(scheme), random_pixels(1, T, 3, 32, 32)
    imputer = IMPUTERS["mean frame"]
    found = deletion_curves(model, pixels, heatmap(), index=0, imputer=imputer)
    with torch.no_grad():
        unmasked, masked = (
            float(model(clip).logits.softmax(-1)[0, 0]) for clip in (pixels, imputer(pixels))
        )
    assert (found.deletion[0], found.insertion[-1]) == pytest.approx((unmasked,) * 2, abs=1e-5)
    assert (found.deletion[-1], found.insertion[0]) == pytest.approx((masked,) * 2, abs=1e-5)


STEP = DeletionCurves((1.0, *[0.0] * 6), (0.0, *[1.0] * 6))
REVERSED = DeletionCurves(STEP.insertion, STEP.deletion)
FLAT = DeletionCurves(STEP.deletion, STEP.deletion)


def test_the_area_is_between_the_curves() -> None:
    assert STEP.area == pytest.approx(1 - 0.02)
    assert REVERSED.area == pytest.approx(-0.98)
    assert FLAT.area == 0
    assert STEP.drop(0.1) == 1


def test_random_heatmaps_count_by_their_mean() -> None:
    check = Check("wave", STEP, (STEP, REVERSED, FLAT))
    assert (check.drop, check.random_drop) == (1, pytest.approx(1 / 3))
    assert check.random_area == pytest.approx(0)


def test_the_old_name_of_drop_warns() -> None:
    check = Check("wave", STEP, (FLAT,))
    with pytest.warns(DeprecationWarning, match="Check.drop"):
        assert check.fall == check.drop
