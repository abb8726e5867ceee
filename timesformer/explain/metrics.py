"""Agreement of heatmaps with the mask of a moving object, and heatmaps to compare with.

Heatmaps and coverages are (B, T, N), the patches of T frames. The coverage of a patch is the share
of its pixels on the object, 0 to 1.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from .perturb import rank_patches

MIN_COVERAGE = 0.5  # of a patch that counts as on the object


def energy_pointing_game(heatmap: Tensor, coverage: Tensor) -> Tensor:
    """Return the share (B,) of the heat on the object; 0 for a heatmap of zeros.

    After Wang et al. 2020, "Score-CAM" (arXiv 1910.01279).
    """
    total = heatmap.sum((1, 2))
    share = (heatmap * coverage).sum((1, 2)) / total.clamp(min=torch.finfo(heatmap.dtype).tiny)
    return share.where(total > 0, 0.0)


def pointing_game(heatmap: Tensor, coverage: Tensor) -> Tensor:
    """Return 1 if the hottest patch of a clip is on the object, else 0, (B,).

    Ties give the mean over the hottest patches. Clips with no patch on the object give NaN. After
    Zhang et al. 2016 (arXiv 1608.00507), without the margin.
    """
    heat, on_object = heatmap.flatten(1), coverage.flatten(1) >= MIN_COVERAGE
    hottest = heat == heat.amax(1, keepdim=True)
    hits = (hottest & on_object).sum(1).double() / hottest.sum(1)
    return hits.where(on_object.any(1), torch.nan)


def centroids(heatmap: Tensor, grid: tuple[int, int]) -> Tensor:
    """Return the centroid of the heat of each frame, (B, T, 2): right and down, -1 to 1.

    Frames of zeros give NaN.
    """
    down, across = (torch.linspace(-1 + 1 / n, 1 - 1 / n, n) for n in grid)
    centers = torch.stack(torch.meshgrid(across, down, indexing="xy"), dim=-1).flatten(0, 1)
    return (heatmap @ centers.to(heatmap)) / heatmap.sum(-1, keepdim=True)


def centroid_error(heatmap: Tensor, coverage: Tensor, grid: tuple[int, int]) -> Tensor:
    """Return the mean distance (B,) of the centroids of heat and object, in half-widths."""
    distance = (centroids(heatmap, grid) - centroids(coverage, grid)).norm(dim=-1)
    return distance.nanmean(dim=1)


def centroid_correlation(heatmap: Tensor, coverage: Tensor, grid: tuple[int, int]) -> Tensor:
    """Return Pearson's r (B,), over frames, of the centroids of heat and object.

    Both coordinates count together; r is 0 if either centroid does not move.
    """
    paths = [centroids(values, grid) for values in (heatmap, coverage)]
    is_defined = ~(paths[0] + paths[1]).isnan().any(-1)  # (B, T)
    ours, theirs = (_centered(path, is_defined) for path in paths)
    lengths = ours.norm(dim=1) * theirs.norm(dim=1)
    return ((ours * theirs).sum(1) / lengths).where(lengths > 1e-6, 0.0)


def _centered(path: Tensor, is_defined: Tensor) -> Tensor:
    """Return paths (B, T, 2) minus their means, as (B, 2*T); 0 in frames that are not defined."""
    path = path.where(is_defined[..., None], 0.0)
    mean = path.sum(1, keepdim=True) / is_defined.sum(1).clamp(min=1)[:, None, None]
    return ((path - mean) * is_defined[..., None]).flatten(1)


def auroc(heatmap: Tensor, coverage: Tensor) -> Tensor:
    """Return the area (B,) under the ROC curve of heat as a classifier of patches on the object.

    It is the probability that a patch on the object is hotter than one off it. Ties count half
    (Mann and Whitney 1947). Clips with no patch, or every patch, on the object give NaN.
    """
    on_object = coverage.flatten(1) >= MIN_COVERAGE
    on, off = on_object.sum(1), (~on_object).sum(1)
    return ((_ranks(heatmap) * on_object).sum(1) - on * on / 2) / (on * off)


def average_precision(heatmap: Tensor, coverage: Tensor, *, seed: int = 0) -> Tensor:
    """Return the average precision (B,) of heat as a classifier of patches on the object.

    Ties come in random order. Clips with no patch on the object give NaN.
    """
    orders = torch.stack([rank_patches(clip.flatten(), seed=seed) for clip in heatmap])
    on_object = (coverage.flatten(1) >= MIN_COVERAGE).gather(1, orders).double()
    precision = on_object.cumsum(1) / torch.arange(1, on_object.shape[1] + 1)
    return (precision * on_object).sum(1) / on_object.sum(1)


def rank_correlation(first: Tensor, second: Tensor) -> Tensor:
    """Return Spearman's correlation (B,) of two heatmaps."""
    ranks = [_ranks(heatmap) for heatmap in (first, second)]
    ours, theirs = (rank - rank.mean(1, keepdim=True) for rank in ranks)
    return (ours * theirs).sum(1) / (ours.norm(dim=1) * theirs.norm(dim=1))


def _ranks(heatmap: Tensor) -> Tensor:
    """Return the number of cooler patches in the clip, ties counting half, (B, T*N)."""
    values = heatmap.flatten(1).double()
    rising = values.sort(1).values
    cooler = [torch.searchsorted(rising, values, right=right) for right in (False, True)]
    return (cooler[0] + cooler[1]).double() / 2


def frame_difference(pixel_values: Tensor, patch: tuple[int, int]) -> Tensor:
    """Return the mean absolute difference of patches to the neighbouring frames, (B, T, N).

    A simple motion detector, as a heatmap to compare with; pixel_values is (B, T, 3, H, W).
    """
    steps = pixel_values.diff(dim=1).abs().mean(2)  # (B, T-1, H, W)
    before, after = torch.cat([steps[:, :1], steps], 1), torch.cat([steps, steps[:, -1:]], 1)
    return F.avg_pool2d((before + after) / 2, patch).flatten(2)


def centre_heatmap(shape: Sequence[int], grid: tuple[int, int]) -> Tensor:
    """Return a heatmap (B, T, N) that falls off from the centre of each frame."""
    down, across = (torch.linspace(-1 + 1 / n, 1 - 1 / n, n) for n in grid)
    return (-2 * (down[:, None] ** 2 + across**2)).exp().flatten().expand(*shape)
