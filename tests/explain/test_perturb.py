"""Masks of patches: imputers, ranks and random heatmaps."""

import pytest
import torch
from tiny import random_pixels

from timesformer.explain.perturb import IMPUTERS, mask_patches, rank_patches, top_patches


@pytest.mark.parametrize("name", IMPUTERS)
def test_an_imputer_keeps_shape_and_mean_and_removes_detail(name: str) -> None:
    pixels = random_pixels(2, 3, 3, 24, 40)
    imputed = IMPUTERS[name](pixels)
    assert imputed.shape == pixels.shape
    torch.testing.assert_close(imputed.mean(), pixels.mean(), atol=0.02, rtol=0)
    assert imputed.std() < 0.7 * pixels.std()


@pytest.mark.parametrize("name", IMPUTERS)
def test_only_masked_patches_change(name: str) -> None:
    pixels = random_pixels(1, 3, 3, 24, 40)
    masks = torch.rand(4, 3, 3, 5, generator=torch.Generator().manual_seed(0)) < 0.5
    masked = mask_patches(pixels, masks, imputer=IMPUTERS[name])
    imputed = IMPUTERS[name](pixels)[0]
    for clip, mask in zip(masked, masks, strict=True):
        for frame, row, column in torch.cartesian_prod(*map(torch.arange, mask.shape)).tolist():
            rows, columns = (slice(8 * i, 8 * i + 8) for i in (row, column))
            patch = (frame, slice(None), rows, columns)
            source = imputed if mask[frame, row, column] else pixels[0]
            assert torch.equal(clip[patch], source[patch])


def test_ties_come_in_random_order() -> None:
    heatmap = torch.tensor([0.0, 1, 0, 1, 0])
    orders = {tuple(rank_patches(heatmap, seed=seed).tolist()) for seed in range(40)}
    assert len(orders) == 12  # 2! of the hot patches times 3! of the others
    assert all(set(order[:2]) == {1, 3} for order in orders)


def test_top_patches_are_the_hottest_fraction() -> None:
    heatmap = torch.arange(10.0)
    assert top_patches(heatmap, 0.3, seed=0).nonzero().flatten().tolist() == [7, 8, 9]
    assert not top_patches(heatmap, 0.0, seed=0).any()
    assert top_patches(heatmap, 1.0, seed=0).all()
