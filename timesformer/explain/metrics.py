"""Whether a heatmap is right: beside the mask of what moves, and by covering what it calls hot.

Heat and masks are (B, T, N), the patches of T frames; `covered` is the share of each patch that
the thing covers, 0 to 1.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ..models.timesformer import TimesformerForVideoClassification
from .target import batch_size

HIT = 0.5  # the least share of a patch that a thing has to cover to be there
FRACTIONS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0)  # of the patches that are covered or shown
BLURRED_TO = 4  # pixels a side that are left of a frame: no thing is to be made out


def inside(heat: Tensor, covered: Tensor) -> Tensor:
    """The share (B,) of the heat that lies on the thing; 0 where there is no heat."""
    total = heat.sum((1, 2))
    share = (heat * covered).sum((1, 2)) / total.clamp(min=torch.finfo(heat.dtype).tiny)
    return share.where(total > 0, 0.0)


def pointing_hits(heat: Tensor, covered: Tensor) -> Tensor:
    """1 where the hottest patch of all a clip's frames is at least half covered, else 0, (B,).

    Their mean where several are hottest; NaN where no patch of the clip is covered, as there is
    nothing to point at. This is the pointing game of Zhang et al. 2016 (arXiv 1608.00507), without
    its margin.
    """
    heat, there = heat.flatten(1), covered.flatten(1) >= HIT
    hottest = heat == heat.amax(1, keepdim=True)
    hits = (hottest & there).sum(1).double() / hottest.sum(1)
    return hits.where(there.any(1), torch.nan)


def centres(heat: Tensor, grid: tuple[int, int]) -> Tensor:
    """The centre of the heat of each frame, (B, T, 2), right and down in half-widths from -1 to 1.

    NaN in frames without heat.
    """
    down, across = (torch.linspace(-1 + 1 / n, 1 - 1 / n, n) for n in grid)
    places = torch.stack(torch.meshgrid(across, down, indexing="xy"), dim=-1).flatten(0, 1)
    return (heat @ places.to(heat)) / heat.sum(-1, keepdim=True)


def path_error(heat: Tensor, covered: Tensor, grid: tuple[int, int]) -> Tensor:
    """How far the heat's centre is from the thing's, (B,), in half-widths, over the frames."""
    apart = (centres(heat, grid) - centres(covered, grid)).norm(dim=-1)
    return apart.nanmean(dim=1)


def path_fit(heat: Tensor, covered: Tensor, grid: tuple[int, int]) -> Tensor:
    """Whether the heat's centre goes where the thing goes, (B,): Pearson's r over the frames.

    Of both ways together; 0 where either does not move.
    """
    paths = [centres(values, grid) for values in (heat, covered)]
    both = ~(paths[0] + paths[1]).isnan().any(-1)  # (B, T)
    ours, theirs = (_off_the_mean(path, both) for path in paths)
    lengths = ours.norm(dim=1) * theirs.norm(dim=1)
    return ((ours * theirs).sum(1) / lengths).where(lengths > 1e-6, 0.0)


def _off_the_mean(path: Tensor, there: Tensor) -> Tensor:
    """Paths (B, T, 2) less their means, as (B, 2*T), 0 in frames that are not there."""
    path = path.where(there[..., None], 0.0)
    mean = path.sum(1, keepdim=True) / there.sum(1).clamp(min=1)[:, None, None]
    return ((path - mean) * there[..., None]).flatten(1)


def auroc(heat: Tensor, covered: Tensor) -> Tensor:
    """How often a patch on the thing is hotter than one off it, (B,); alike counts half.

    The area under the ROC curve (Mann and Whitney 1947); NaN where the thing is nowhere, or all.
    """
    there = covered.flatten(1) >= HIT
    on, off = there.sum(1), (~there).sum(1)
    return ((_ranks(heat) * there).sum(1) - on * on / 2) / (on * off)


def average_precision(heat: Tensor, covered: Tensor, *, seed: int = 0) -> Tensor:
    """The mean over the patches on the thing of the share of hotter ones that are on it, (B,).

    Patches that are alike come in a random order. NaN where the thing is nowhere.
    """
    orders = torch.stack([hottest_first(clip.flatten(), seed=seed) for clip in heat])
    there = (covered.flatten(1) >= HIT).gather(1, orders).double()
    precision = there.cumsum(1) / torch.arange(1, there.shape[1] + 1)
    return (precision * there).sum(1) / there.sum(1)


def rank_correlation(first: Tensor, second: Tensor) -> Tensor:
    """Spearman's correlation (B,) of two heatmaps."""
    ranks = [_ranks(heat) for heat in (first, second)]
    ours, theirs = (rank - rank.mean(1, keepdim=True) for rank in ranks)
    return (ours * theirs).sum(1) / (ours.norm(dim=1) * theirs.norm(dim=1))


def _ranks(heat: Tensor) -> Tensor:
    """How many patches of a clip are cooler, those that are alike by half, (B, T*N)."""
    values = heat.flatten(1).double()
    rising = values.sort(1).values
    cooler = [torch.searchsorted(rising, values, right=right) for right in (False, True)]
    return (cooler[0] + cooler[1]).double() / 2


def hottest_first(heat: Tensor, *, seed: int) -> Tensor:
    """The numbers of the patches of heat (n,), hottest first; those alike in a random order."""
    shuffled = torch.randperm(len(heat), generator=torch.Generator().manual_seed(seed))
    return shuffled[heat[shuffled].argsort(descending=True, stable=True)]


def hottest(heat: Tensor, part: float, *, seed: int) -> Tensor:
    """Which patches are the hottest `part` of heat (n,), as booleans; those alike at random."""
    chosen = hottest_first(heat, seed=seed)[: round(part * len(heat))]
    return torch.zeros(len(heat), dtype=torch.bool).index_fill(0, chosen, True)


def frame_difference(pixel_values: Tensor, patch: tuple[int, int]) -> Tensor:
    """How much each patch of pixel values (B, T, 3, H, W) differs from the frames beside it.

    (B, T, N), the mean of absolute differences: where a plain motion detector would point.
    """
    steps = pixel_values.diff(dim=1).abs().mean(2)  # (B, T-1, H, W)
    before, after = torch.cat([steps[:, :1], steps], 1), torch.cat([steps, steps[:, -1:]], 1)
    return F.avg_pool2d((before + after) / 2, patch).flatten(2)


def random_map(shape: Sequence[int], *, seed: int) -> Tensor:
    """Heat of the given shape that knows nothing."""
    return torch.rand(tuple(shape), generator=torch.Generator().manual_seed(seed))


def centre_map(shape: Sequence[int], grid: tuple[int, int]) -> Tensor:
    """Heat (B, T, N) that falls off from the middle of each frame, whatever is there."""
    down, across = (torch.linspace(-1 + 1 / n, 1 - 1 / n, n) for n in grid)
    return (-2 * (down[:, None] ** 2 + across**2)).exp().flatten().expand(*shape)


def mean_colour(pixel_values: Tensor) -> Tensor:
    """Clips (B, T, 3, H, W) of nothing but the mean colour of each."""
    return pixel_values.mean(dim=(1, 3, 4), keepdim=True).expand_as(pixel_values)


def blurred(pixel_values: Tensor) -> Tensor:
    """Clips (B, T, 3, H, W) so blurred that no thing is to be made out in them."""
    frames = pixel_values.flatten(0, 1)
    small = F.adaptive_avg_pool2d(frames, BLURRED_TO)
    wide = F.interpolate(small, size=frames.shape[-2:], mode="bilinear")
    return wide.view_as(pixel_values)


def mean_frame(pixel_values: Tensor) -> Tensor:
    """Clips (B, T, 3, H, W) that stand still: the mean of their frames."""
    return pixel_values.mean(dim=1, keepdim=True).expand_as(pixel_values)


FILLS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "mean colour": mean_colour,
    "blur": blurred,
    "mean frame": mean_frame,
}


def hide(
    pixel_values: Tensor, hidden: Tensor, *, fill: Callable[[Tensor], Tensor] = blurred
) -> Tensor:
    """Clips (B, T, C, H, W) of one (1, T, C, H, W), with what is hidden of each filled.

    `hidden` (B, T, h, w) are booleans, of patches.
    """
    (H, W), (h, w) = pixel_values.shape[-2:], hidden.shape[-2:]
    pixels = hidden.repeat_interleave(H // h, 2).repeat_interleave(W // w, 3)[:, :, None]
    return torch.where(pixels.to(pixel_values.device), fill(pixel_values), pixel_values)


@dataclass(frozen=True)
class Curves:
    """The probability of a label as the hottest FRACTIONS of a clip's patches are covered.

    `deletion` is that; in `insertion` all other patches are covered in their place.
    """

    deletion: tuple[float, ...]
    insertion: tuple[float, ...]

    @property
    def gap(self) -> float:
        """The area under insertion less that under deletion, -1 to 1: the more, the truer.

        After Petsiuk et al. 2018, "RISE" (arXiv 1806.07421).
        """
        gaps = torch.tensor(self.insertion) - torch.tensor(self.deletion)
        return float(torch.trapezoid(gaps, torch.tensor(FRACTIONS)))

    def fall(self, fraction: float) -> float:
        """How far the probability falls when that fraction of the patches is covered."""
        return self.deletion[0] - self.deletion[FRACTIONS.index(fraction)]


@torch.no_grad()
def curves(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    heat: Tensor,
    *,
    index: int,
    fill: Callable[[Tensor], Tensor] = blurred,
    seed: int = 0,
) -> Curves:
    """What the probability of class `index` does as patches are covered, hottest first.

    pixel_values (1, T, C, H, W), heat (T, N); patches that are alike come in a random order.
    """
    height, width = model.config.patch_shape
    T, H, W = pixel_values.shape[1], *pixel_values.shape[-2:]
    flat = heat.flatten().cpu()
    parts = torch.stack([hottest(flat, part, seed=seed) for part in FRACTIONS[:-1]])
    hidden = parts.view(-1, T, H // height, W // width)
    deleted = hide(pixel_values, hidden, fill=fill)
    inserted = hide(pixel_values, ~hidden, fill=fill)
    clips = torch.cat([deleted, inserted]).split(batch_size(heat.numel()))
    said = torch.cat([model(some).logits.float().softmax(-1)[:, index] for some in clips])
    deletion, insertion = said.tolist()[: len(hidden)], said.tolist()[len(hidden) :]
    return Curves((*deletion, insertion[0]), (*insertion, deletion[0]))
