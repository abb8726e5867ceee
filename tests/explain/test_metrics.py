"""Measures of heatmaps agree with small cases done by hand, and with those of scikit-learn."""

import pytest
import torch
from sklearn.metrics import average_precision_score, roc_auc_score
from tiny import SCHEMES, random_pixels, tiny_model
from torch import Tensor
from torch.nn.functional import avg_pool2d

from timesformer.explain import metrics as measure
from timesformer.explain.metrics import FILLS, FRACTIONS, Curves, curves

GRID = (4, 4)
T, N = 3, 16


def covered() -> Tensor:
    """Two clips of 3 frames of 4 x 4 patches: a square that moves to the right, a row at rest."""
    return avg_pool2d(masks(), 8).flatten(2)


def masks() -> Tensor:
    pixels = torch.zeros(2, T, 32, 32)
    for frame in range(T):
        pixels[0, frame, 8:16, 8 * frame : 8 * frame + 8] = 1
    pixels[1, :, :8] = 1
    return pixels


def heat(seed: int = 0, ties: int | None = None) -> Tensor:
    values = torch.rand(2, T, N, generator=torch.Generator().manual_seed(seed))
    return values if ties is None else (values * ties).floor()


def test_what_lies_inside_is_a_share_of_the_heat() -> None:
    ours = measure.inside(covered(), covered())
    torch.testing.assert_close(ours, torch.ones(2))
    assert measure.inside(1 - covered(), covered()).tolist() == [0, 0]
    even = measure.inside(torch.ones(2, T, N), covered())
    torch.testing.assert_close(even, covered().mean((1, 2)))
    assert measure.inside(torch.zeros(2, T, N), covered()).tolist() == [0, 0]


def test_a_map_that_is_the_mask_always_hits() -> None:
    assert measure.pointing_hits(covered(), covered()).tolist() == [1, 1]
    assert measure.pointing_hits(1 - covered(), covered()).tolist() == [0, 0]


def test_where_all_is_as_hot_a_hit_is_as_likely_as_by_chance() -> None:
    hits = measure.pointing_hits(torch.ones(2, T, N), covered())
    assert hits.tolist() == pytest.approx([1 / 16, 1 / 4])


def test_nothing_can_be_hit_where_nothing_is_half_covered() -> None:
    assert measure.pointing_hits(covered(), 0.4 * covered()).isnan().all()


@pytest.mark.parametrize("ties", [None, 3])
def test_auroc_is_scikit_learn_s(ties: int | None) -> None:
    ours = measure.auroc(heat(ties=ties), covered())
    for clip, values in enumerate(heat(ties=ties)):
        theirs = roc_auc_score(covered()[clip].flatten() >= 0.5, values.flatten())
        assert ours[clip] == pytest.approx(theirs)


def test_average_precision_is_scikit_learn_s() -> None:
    ours = measure.average_precision(heat(), covered())
    for clip, values in enumerate(heat()):
        theirs = average_precision_score(covered()[clip].flatten() >= 0.5, values.flatten())
        assert ours[clip] == pytest.approx(theirs)


def test_average_precision_of_an_even_map_is_that_of_a_random_order() -> None:
    """Whose mean is known: at rank k, one patch in k is the one itself, the others are as drawn."""
    found = [
        measure.average_precision(torch.ones(2, T, N), covered(), seed=seed) for seed in range(300)
    ]
    mean, patches, on_it = torch.stack(found).mean(0)[1], T * N, 4 * T
    others = (on_it - 1) / (patches - 1)
    ranks = range(1, patches + 1)
    expected = sum(1 / rank + others * (rank - 1) / rank for rank in ranks) / patches
    assert mean == pytest.approx(expected, abs=0.015)


def test_the_centre_of_a_patch_is_where_it_is() -> None:
    found = measure.centres(covered()[:1], GRID)[0]
    torch.testing.assert_close(found, torch.tensor([[-0.75, -0.25], [-0.25, -0.25], [0.25, -0.25]]))
    assert measure.centres(torch.zeros(1, T, N), GRID).isnan().all()


def test_paths_that_are_one_fit_and_are_no_way_apart() -> None:
    assert measure.path_error(covered(), covered(), GRID).abs().max() < 1e-6
    assert measure.path_fit(covered(), covered(), GRID).tolist() == pytest.approx([1, 0])
    backwards = covered().flip(1)
    assert measure.path_fit(backwards, covered(), GRID)[0] == pytest.approx(-1)
    aside = covered().roll(4, dims=2)  # a row further down
    assert measure.path_error(aside, covered(), GRID)[0] == pytest.approx(0.5)
    assert measure.path_fit(aside, covered(), GRID)[0] == pytest.approx(1)


def test_frames_in_which_the_thing_is_not_do_not_count() -> None:
    gone = covered()
    gone[0, 1] = 0
    assert measure.path_error(covered(), gone, GRID)[0] == pytest.approx(0, abs=1e-6)
    assert measure.path_fit(covered(), gone, GRID)[0] == pytest.approx(1)


def test_the_same_order_correlates_fully() -> None:
    ours = heat()
    assert measure.rank_correlation(ours, ours.exp()).tolist() == pytest.approx([1, 1])
    assert measure.rank_correlation(ours, -ours).tolist() == pytest.approx([-1, -1])
    assert measure.rank_correlation(ours, heat(1)).abs().max() < 0.4


def test_ties_are_neither_cooler_nor_hotter() -> None:
    first = torch.tensor([[[1.0, 1, 2, 2]]])
    second = torch.tensor([[[1.0, 2, 1, 2]]])
    assert measure.rank_correlation(first, second).item() == pytest.approx(0)


def test_the_difference_of_frames_is_where_something_changes() -> None:
    pixels = masks()[:, :, None].repeat(1, 1, 3, 1, 1)
    found = measure.frame_difference(pixels, (8, 8)).unflatten(2, GRID)
    assert found[1].sum() == 0
    assert found[0].nonzero()[:, 1].unique().tolist() == [1]
    assert found[0, 0, 1].tolist() == [1, 1, 0, 0]
    assert found[0, 1, 1].tolist() == [0.5, 1, 0.5, 0]


def test_the_middle_is_hottest_in_the_map_of_the_centre() -> None:
    found = measure.centre_map((2, T, 15), (3, 5)).unflatten(2, (3, 5))
    assert found.shape == (2, T, 3, 5)
    assert found[1, 2].argmax() == 7
    torch.testing.assert_close(found, found.flip(2, 3))


@pytest.mark.parametrize("fill", FILLS)
def test_what_covers_a_clip_has_its_shape_and_mean_and_no_detail(fill: str) -> None:
    pixels = random_pixels(2, T, 3, 24, 40)
    filled = FILLS[fill](pixels)
    assert filled.shape == pixels.shape
    torch.testing.assert_close(filled.mean(), pixels.mean(), atol=0.02, rtol=0)
    assert filled.std() < 0.7 * pixels.std()


def test_covering_the_hottest_first_by_hand() -> None:
    """The probability of a class, asked of the model itself with patches covered one by one."""
    model, pixels = tiny_model(), random_pixels(1, T, 3, 32, 32)
    hot = heat()[0]
    found = curves(model, pixels, hot, index=1, fill=FILLS["mean colour"])
    order = hot.flatten().argsort(descending=True)
    colour = pixels.mean((1, 3, 4))[0]
    for kept_is_covered, curve in ((False, found.deletion), (True, found.insertion)):
        for part, said in zip(FRACTIONS, curve, strict=True):
            first = order[: round(part * T * N)].tolist()
            covers = [i for i in range(T * N) if (i in first) != kept_is_covered]
            shown = pixels.clone()
            for patch in covers:
                frame, place = divmod(patch, N)
                y, x = divmod(place, 4)
                shown[0, frame, :, 8 * y : 8 * y + 8, 8 * x : 8 * x + 8] = colour[:, None, None]
            with torch.no_grad():
                expected = model(shown).logits.softmax(-1)[0, 1]
            assert said == pytest.approx(float(expected), abs=1e-5)
    assert len(set(found.deletion)) == len(FRACTIONS)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_both_curves_have_the_same_ends(scheme: str) -> None:
    model, pixels = tiny_model(scheme), random_pixels(1, T, 3, 32, 32)
    found = curves(model, pixels, heat()[0], index=0, fill=FILLS["mean frame"])
    with torch.no_grad():
        shown, hidden = (
            float(model(clip).logits.softmax(-1)[0, 0])
            for clip in (pixels, FILLS["mean frame"](pixels))
        )
    assert (found.deletion[0], found.insertion[-1]) == pytest.approx((shown, shown), abs=1e-5)
    assert (found.deletion[-1], found.insertion[0]) == pytest.approx((hidden, hidden), abs=1e-5)


def test_the_gap_is_the_area_between_the_curves() -> None:
    at_once = Curves((1.0, *[0.0] * 6), (0.0, *[1.0] * 6))
    assert at_once.gap == pytest.approx(1 - 0.02)
    assert Curves(at_once.insertion, at_once.deletion).gap == pytest.approx(-0.98)
    assert Curves(at_once.deletion, at_once.deletion).gap == 0
    assert at_once.fall(0.1) == 1


def test_what_is_alike_comes_in_a_random_order() -> None:
    values = torch.tensor([0.0, 1, 0, 1, 0])
    orders = {tuple(measure.hottest_first(values, seed=seed).tolist()) for seed in range(40)}
    assert len(orders) == 12  # 2! of the hot ones times 3! of the others
    assert all(set(order[:2]) == {1, 3} for order in orders)
