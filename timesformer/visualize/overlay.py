"""Pictures of heatmaps: overlays, the colour bar, the curve over time, the contact sheet.

Heatmaps are in "times uniform", on one scale a clip. Texts are in the current language.
"""

from collections.abc import Sequence
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, ListedColormap, Normalize
from matplotlib.figure import Figure, SubFigure

from ..i18n import Value, format_number, label_text, t
from .fonts import escaped, use_fonts

if TYPE_CHECKING:  # preprocess needs torch, pictures do not
    from ..preprocess import Box

COLOURS = "inferno"  # even steps of lightness, readable without colour vision
UNIT = "times uniform"
TOP_PERCENTILE = 99.5  # the brightest colour; a single hotter patch would darken all others
MAX_OPACITY = 0.85  # of the hottest patch
OUTSIDE_BRIGHTNESS = 0.35  # of pixels outside the crop
SHEET_WIDTH = 11.7  # inches, the long side of A4
MAX_FRAME_HEIGHT = 2.6  # inches, on the sheet
LABEL_WIDTH, LABEL_LINES = 34, 3  # columns and lines of a label on the sheet
MIN_UNIT_WIDTH = 280  # pixels of a colour bar; the longest unit, in Spanish, just fits
GREY = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # luma of ITU-R BT.601


def scale_top(heatmaps: np.ndarray) -> float:
    """Return the value of the brightest colour for heatmaps (T, h, w); at least 2 x uniform."""
    return float(max(2.0, np.percentile(heatmaps, TOP_PERCENTILE)))


def shrink(frames: np.ndarray, box: "Box", *, longest: int) -> tuple[np.ndarray, "Box"]:
    """Return frames (T, H, W, 3) reduced to about `longest` pixels a side, and the box in them."""
    shorter, longer = sorted(frames.shape[1:3])
    factor = min(-(-longer // longest), shorter)  # at least one pixel is left
    if factor == 1:
        return frames, box
    T, H, W = frames.shape[0], frames.shape[1] // factor, frames.shape[2] // factor
    cropped, sums = frames[:, : H * factor, : W * factor], np.zeros((T, H, W, 3), np.uint32)
    for y, x in np.ndindex(factor, factor):  # faster than a mean over two axes of bytes
        sums += cropped[:, y::factor, x::factor]
    small = (sums / np.float32(factor**2)).round().astype(np.uint8)
    return small, type(box)(*(edge / factor for edge in box))


def overlays(
    frames: np.ndarray,
    heatmaps: np.ndarray,
    box: "Box",
    *,
    smooth: bool = False,
    moved: np.ndarray | None = None,
) -> np.ndarray:
    """Return frames (T, H, W, 3) uint8 with heatmaps (T, h, w) drawn over the box.

    Patches are squares, or, with `smooth`, interpolated. The frame is grey under the colours and
    dark outside the box. Hotter colours are more opaque. `moved` (T, h, w) is the share of the heat
    that is due to motion; the rest has blue colours.
    """
    top = scale_top(heatmaps)
    rows, columns = _inside(box, frames.shape[1:3])
    drawn = np.empty_like(frames)
    for i, (frame, heatmap) in enumerate(zip(frames, heatmaps, strict=True)):
        grey = (frame.astype(np.float32) @ GREY)[..., None].repeat(3, axis=2)
        picture = grey * OUTSIDE_BRIGHTNESS
        heat = _spread(heatmap, rows, columns, box, smooth=smooth)
        share = np.ones_like(heat)
        if moved is not None:
            motion = _spread(heatmap * moved[i], rows, columns, box, smooth=smooth)
            share = motion / np.maximum(heat, np.finfo(np.float32).tiny)
        heat = (heat / top).clip(0, 1)[..., None]
        colour = _colours_of(heat[..., 0], share)
        inside = np.ix_(rows, columns)
        opacity = MAX_OPACITY * np.sqrt(heat)
        picture[inside] = grey[inside] * (1 - opacity) + colour * opacity
        drawn[i] = picture.round().clip(0, 255).astype(np.uint8)
    return drawn


def _colours_of(heat: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Return the colours (H, W, 3) of heat (H, W), 0 to 1: blue where its share `moved` is 0."""
    warm = colormaps[COLOURS](heat)[..., :3].astype(np.float32) * 255
    return np.asarray(warm * moved[..., None] + warm[..., ::-1] * (1 - moved[..., None]))


def _inside(box: "Box", shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows and columns of a frame whose pixel centres lie in the box."""
    y, x = np.arange(shape[0]) + 0.5, np.arange(shape[1]) + 0.5
    rows = np.flatnonzero((y >= box.top) & (y < box.top + box.height))
    columns = np.flatnonzero((x >= box.left) & (x < box.left + box.width))
    return rows, columns


def _spread(
    heatmap: np.ndarray, rows: np.ndarray, columns: np.ndarray, box: "Box", *, smooth: bool
) -> np.ndarray:
    """Return the heatmap (h, w) at each pixel of the box."""
    h, w = heatmap.shape
    y = (rows + 0.5 - box.top) / box.height * h
    x = (columns + 0.5 - box.left) / box.width * w
    if not smooth:
        return np.asarray(
            heatmap[np.ix_(y.astype(int).clip(0, h - 1), x.astype(int).clip(0, w - 1))]
        )
    down, across = _blend(y, h), _blend(x, w)
    return np.asarray(down @ heatmap @ across.T)


def _blend(positions: np.ndarray, count: int) -> np.ndarray:
    """Return the matrix that interpolates linearly from `count` patch centres to positions."""
    weights = 1 - np.abs(positions[:, None] - 0.5 - np.arange(count))
    weights = weights.clip(0, 1)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def overlays_with_scale(
    frames: np.ndarray,
    heatmaps: np.ndarray,
    box: "Box",
    *,
    smooth: bool = False,
    moved: np.ndarray | None = None,
) -> np.ndarray:
    """Return the frames of `overlays` with the colour bar of their scale below."""
    drawn = overlays(frames, heatmaps, box, smooth=smooth, moved=moved)
    return add_colour_bar(drawn, scale_top(heatmaps), has_blue=moved is not None)


def side_by_side(frames: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Return frames (T, H, W, 3) uint8 to the left of their overlays (T, H + bar, W, 3)."""
    padded = np.zeros_like(drawn)
    padded[:, : frames.shape[1]] = frames
    return np.concatenate([padded, drawn], axis=2)


def frame_matrices(
    attention: np.ndarray, *, times: np.ndarray, kinds: Sequence[str]
) -> list[bytes]:
    """Return attention of frames to frames (L, A, T, T) as pictures: "svg", "pdf" or both.

    Each head of each block is a square, with queries as rows and keys as columns. All squares share
    one scale from 0.
    """
    L, A, T, _ = attention.shape
    width, height = 1.1 * A + 2.2, 1.1 * L + 1.2
    figure = Figure(figsize=(width, height))
    grid = figure.subplots(
        L, A, squeeze=False, sharex=True, sharey=True,
        gridspec_kw={"left": 0.9 / width, "right": 1 - 1.3 / width, "wspace": 0.1, "hspace": 0.1,
                     "bottom": 0.8 / height, "top": 1 - 0.4 / height},
    )  # fmt: skip
    top, ends = float(attention.max()), [format_number(times[i], ".1f") for i in (0, -1)]
    for (block, head), axes in np.ndenumerate(grid):
        axes.imshow(attention[block, head], cmap=COLOURS, vmin=0, vmax=top)
        if block == 0:
            axes.set_title(t("picture.head", number=head), fontsize=7)
        if head == 0:
            axes.set_ylabel(t("picture.block", number=block), fontsize=7)
    grid[0, 0].set_xticks([0, T - 1], ends)  # the axes are shared
    grid[0, 0].set_yticks([0, T - 1], ends)
    for axes in grid.flat:
        axes.tick_params(labelsize=6, length=2)
    figure.supxlabel(t("picture.attended"), fontsize=8)
    figure.supylabel(t("picture.attending"), fontsize=8)
    bar_axes = figure.add_axes((1 - 1.0 / width, 0.25, 0.15 / width, 0.5))
    bar = figure.colorbar(ScalarMappable(Normalize(0, top), COLOURS), cax=bar_axes)
    bar.set_label(t("picture.share"), fontsize=8)
    bar.ax.yaxis.set_major_formatter(_tick)
    bar.ax.tick_params(labelsize=7)
    use_fonts(figure)
    return [_saved(figure, kind) for kind in kinds]


def _saved(figure: Figure, kind: str) -> bytes:
    file = BytesIO()
    figure.savefig(file, format=kind)
    return file.getvalue()


def add_colour_bar(frames: np.ndarray, top: float, *, has_blue: bool = False) -> np.ndarray:
    """Return frames (T, H, W, 3) uint8 with the colour bar of their scale below.

    `has_blue` adds the colours of heat that is not due to motion.
    """
    width = frames.shape[2]
    bar = _pixels(_bar_figure(width, top, has_blue=has_blue))[:, :width]
    return np.concatenate([frames, np.broadcast_to(bar, (len(frames), *bar.shape))], axis=1)


def _bar_figure(width: int, top: float, *, has_blue: bool = False) -> Figure:
    size = (width + 0.1) / 100, 0.4  # matplotlib rounds down to whole pixels
    figure = Figure(figsize=size, dpi=100, facecolor="black")
    margin = min(6 / width, 0.25)
    axes = figure.add_axes((margin, 0.55, 1 - 2 * margin, 0.3))
    axes.imshow(_bar(has_blue=has_blue), aspect="auto", extent=(0, top, 0, 1))
    axes.set_yticks([])
    ticks = np.linspace(0, top, 3)
    middle, end = (format_number(tick, ".1f") for tick in ticks[1:])
    if width >= MIN_UNIT_WIDTH:
        middle = t("picture.uniform", value=middle)
    first, _, last = axes.set_xticks(ticks, ["0", middle, f"{end}+"])
    first.label1.set_horizontalalignment("left")  # otherwise half of the label is outside
    last.label1.set_horizontalalignment("right")
    axes.tick_params(colors="white", labelsize=8, length=2, pad=2)
    use_fonts(figure)
    return figure


def _bar(*, has_blue: bool) -> np.ndarray:
    """Return the colours of the scale, (1 or 2, 256, 3) uint8: the blue ones in a second row."""
    warm = colour_table()
    return np.stack([warm, warm[:, ::-1]] if has_blue else [warm])


def _pixels(figure: Figure) -> np.ndarray:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def contact_sheet(
    frames: np.ndarray,
    heatmaps: np.ndarray,
    box: "Box",
    *,
    times: np.ndarray,
    probabilities: Sequence[tuple[str, float]],
    footer: str,
    moved: np.ndarray | None = None,
) -> bytes:
    """Return a PNG to print: frames, overlays, the curve over time, probabilities and the scale.

    `times` (T,) are in seconds. `probabilities` are labels with their probability, the most likely
    first. `moved` is that of `overlays`.
    """
    frames, box = shrink(frames, box, longest=320)
    T, columns = len(frames), min(len(frames), 8)
    rows = -(-T // columns)
    frame_height = min(SHEET_WIDTH / columns * frames.shape[1] / frames.shape[2], MAX_FRAME_HEIGHT)
    heights = 2 * rows * (frame_height + 0.2), 3.0
    figure = Figure(figsize=(SHEET_WIDTH, sum(heights)), dpi=150)
    figure.set_layout_engine("constrained", w_pad=0.08, h_pad=0.08)
    parts = figure.subfigures(2, 1, squeeze=False, height_ratios=heights)
    top_part, bottom_part = parts[:, 0]
    grid = top_part.subplots(2 * rows, columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    drawn = overlays(frames, heatmaps, box, moved=moved)
    for i in range(T):
        row, column = divmod(i, columns)
        grid[2 * row, column].imshow(frames[i])
        grid[2 * row, column].set_title(t("page.seconds", seconds=times[i]), fontsize=8)
        grid[2 * row + 1, column].imshow(drawn[i])
    bars, line = bottom_part.subplots(1, 2, width_ratios=[1, 1.4])
    _draw_probabilities(bars, probabilities)
    _draw_curve(line, times, heatmaps.mean(axis=(1, 2)))
    if moved is not None:
        _draw_scale(
            bottom_part, line, scale_top(heatmaps), ListedColormap(_bar(has_blue=True)[1] / 255)
        )
    _draw_scale(bottom_part, line, scale_top(heatmaps), colormaps[COLOURS])
    bottom_part.supxlabel(_plain(escaped(footer)), fontsize=7, color="0.4")
    use_fonts(figure, footer, *(label for label, _ in probabilities))
    return _saved(figure, "png")


def _draw_probabilities(axes: Axes, probabilities: Sequence[tuple[str, float]]) -> None:
    labels, shares = zip(*reversed(probabilities), strict=True)
    positions = range(len(labels))
    axes.barh(positions, shares, color="#4c6a9c")
    axes.set_yticks(positions, [_wrapped(label) for label in labels])
    if isinstance(shares[0], Value):
        axes.set_xlabel(t("check.value"), fontsize=8)
    else:
        axes.set_xlim(0, 1)
        axes.set_xlabel(t("check.probability"), fontsize=8)
    axes.xaxis.set_major_formatter(_tick)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def _wrapped(label: str) -> str:
    text = escaped(label_text(label))
    wide = sum(east_asian_width(c) in "FW" for c in text)  # twice as wide as a letter
    width = LABEL_WIDTH * len(text) // (len(text) + wide) if wide else LABEL_WIDTH
    lines = wrap(text, width, max_lines=LABEL_LINES, placeholder=" …")
    return _plain("\n".join(lines))


def _tick(value: float, _: object) -> str:
    """Return a number on an axis, as the current language writes it."""
    return format_number(value, "g")


def _plain(text: str) -> str:
    """Escape dollar signs, which start formulas in matplotlib."""
    return text.replace("$", r"\$")


def _draw_curve(axes: Axes, times: np.ndarray, shares: np.ndarray) -> None:
    axes.axhline(1, color="0.7", linewidth=0.8, linestyle="--")
    axes.plot(times, shares, color="#b5367a", marker="o", markersize=4)
    margin = max(0.1, 0.04 * float(times[-1] - times[0]))
    axes.set_xlim(times[0] - margin, times[-1] + margin)
    axes.locator_params(axis="x", nbins=6)
    axes.set_ylim(0, max(2.0, 1.1 * float(shares.max())))
    axes.set_xlabel(t("picture.seconds"), fontsize=8)
    axes.set_ylabel(t("picture.mean"), fontsize=8)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(_tick)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def _draw_scale(part: SubFigure, axes: Axes, top: float, colours: Colormap) -> None:
    bar = part.colorbar(ScalarMappable(Normalize(0, top), colours), ax=axes, extend="max")
    bar.set_label(t("picture.heatmap"), fontsize=8)
    bar.ax.yaxis.set_major_formatter(_tick)
    bar.ax.tick_params(labelsize=8)


def crop(frames: np.ndarray, box: "Box") -> np.ndarray:
    """Return the part of frames (T, H, W, 3) inside the box."""
    rows, columns = _inside(box, frames.shape[1:3])
    return frames[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def colour_table() -> np.ndarray:
    """Return the 256 colours of heatmaps, (256, 3) uint8, from 0 to the top of the scale."""
    return (colormaps[COLOURS](np.arange(256))[:, :3] * 255).round().astype(np.uint8)
