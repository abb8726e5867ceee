"""Metrics of heatmaps agree with small cases by hand, and with scikit-learn."""

import pytest
import torch
from sklearn.metrics import average_precision_score, roc_auc_score
from torch import Tensor
from torch.nn.functional import avg_pool2d

from timesformer.explain import metrics

GRID = (4, 4)
T, N = 3, 16


def coverage() -> Tensor:
    """Return two clips of 3 frames of 4 x 4 patches: a square moving right, and a row at rest."""
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


def test_energy_on_the_object_is_a_share_of_the_heat() -> None:
    ours = metrics.energy_pointing_game(coverage(), coverage())
    torch.testing.assert_close(ours, torch.ones(2))
    assert metrics.energy_pointing_game(1 - coverage(), coverage()).tolist() == [0, 0]
    even = metrics.energy_pointing_game(torch.ones(2, T, N), coverage())
    torch.testing.assert_close(even, coverage().mean((1, 2)))
    assert metrics.energy_pointing_game(torch.zeros(2, T, N), coverage()).tolist() == [0, 0]


def test_the_mask_itself_wins_the_pointing_game() -> None:
    assert metrics.pointing_game(coverage(), coverage()).tolist() == [1, 1]
    assert metrics.pointing_game(1 - coverage(), coverage()).tolist() == [0, 0]


def test_a_uniform_heatmap_scores_chance_in_the_pointing_game() -> None:
    hits = metrics.pointing_game(torch.ones(2, T, N), coverage())
    assert hits.tolist() == pytest.approx([1 / 16, 1 / 4])


def test_nothing_can_be_hit_where_nothing_is_half_coverage() -> None:
    assert metrics.pointing_game(coverage(), 0.4 * coverage()).isnan().all()


@pytest.mark.parametrize("ties", [None, 3])
def test_auroc_equals_scikit_learn(ties: int | None) -> None:
    ours = metrics.auroc(heat(ties=ties), coverage())
    for clip, values in enumerate(heat(ties=ties)):
        theirs = roc_auc_score(coverage()[clip].flatten() >= 0.5, values.flatten())
        assert ours[clip] == pytest.approx(theirs)


def test_average_precision_equals_scikit_learn() -> None:
    ours = metrics.average_precision(heat(), coverage())
    for clip, values in enumerate(heat()):
        theirs = average_precision_score(coverage()[clip].flatten() >= 0.5, values.flatten())
        assert ours[clip] == pytest.approx(theirs)


def test_average_precision_of_a_uniform_heatmap_is_that_of_a_random_order() -> None:
    """The mean is known: at rank k, one patch in k is the patch itself, the others are random."""
    found = [
        metrics.average_precision(torch.ones(2, T, N), coverage(), seed=seed) for seed in range(300)
    ]
    mean, patches, on_it = torch.stack(found).mean(0)[1], T * N, 4 * T
    others = (on_it - 1) / (patches - 1)
    ranks = range(1, patches + 1)
    expected = sum(1 / rank + others * (rank - 1) / rank for rank in ranks) / patches
    assert mean == pytest.approx(expected, abs=0.015)


def test_the_centroid_of_a_single_patch_is_its_centre() -> None:
    found = metrics.centroids(coverage()[:1], GRID)[0]
    torch.testing.assert_close(found, torch.tensor([[-0.75, -0.25], [-0.25, -0.25], [0.25, -0.25]]))
    assert metrics.centroids(torch.zeros(1, T, N), GRID).isnan().all()


def test_equal_paths_correlate_without_error() -> None:
    assert metrics.centroid_error(coverage(), coverage(), GRID).abs().max() < 1e-6
    correlations = metrics.centroid_correlation(coverage(), coverage(), GRID)
    assert correlations.tolist() == pytest.approx([1, 0])
    backwards = coverage().flip(1)
    assert metrics.centroid_correlation(backwards, coverage(), GRID)[0] == pytest.approx(-1)
    aside = coverage().roll(4, dims=2)  # a row further down
    assert metrics.centroid_error(aside, coverage(), GRID)[0] == pytest.approx(0.5)
    assert metrics.centroid_correlation(aside, coverage(), GRID)[0] == pytest.approx(1)


def test_frames_without_the_object_do_not_count() -> None:
    gone = coverage()
    gone[0, 1] = 0
    assert metrics.centroid_error(coverage(), gone, GRID)[0] == pytest.approx(0, abs=1e-6)
    assert metrics.centroid_correlation(coverage(), gone, GRID)[0] == pytest.approx(1)


def test_equal_ranks_correlate_fully() -> None:
    ours = heat()
    assert metrics.rank_correlation(ours, ours.exp()).tolist() == pytest.approx([1, 1])
    assert metrics.rank_correlation(ours, -ours).tolist() == pytest.approx([-1, -1])
    assert metrics.rank_correlation(ours, heat(1)).abs().max() < 0.4


def test_ties_share_their_rank() -> None:
    first = torch.tensor([[[1.0, 1, 2, 2]]])
    second = torch.tensor([[[1.0, 2, 1, 2]]])
    assert metrics.rank_correlation(first, second).item() == pytest.approx(0)


def test_frame_differences_are_where_pixels_change() -> None:
    pixels = masks()[:, :, None].repeat(1, 1, 3, 1, 1)
    found = metrics.frame_difference(pixels, (8, 8)).unflatten(2, GRID)
    assert found[1].sum() == 0
    assert found[0].nonzero()[:, 1].unique().tolist() == [1]
    assert found[0, 0, 1].tolist() == [1, 1, 0, 0]
    assert found[0, 1, 1].tolist() == [0.5, 1, 0.5, 0]


def test_the_centre_heatmap_is_hottest_in_the_middle() -> None:
    found = metrics.centre_heatmap((2, T, 15), (3, 5)).unflatten(2, (3, 5))
    assert found.shape == (2, T, 3, 5)
    assert found[1, 2].argmax() == 7
    torch.testing.assert_close(found, found.flip(2, 3))
