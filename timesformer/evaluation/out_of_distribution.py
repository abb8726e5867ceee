"""Clips that no label fits; a model should not be confident about them.

Each function returns `count` clips (B, T, 3, H, W) in 0..1, the same for a seed.
"""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from torch import Tensor

from ..synthetic.rng import BatchRng
from ..synthetic.textures import pixel_centres

TITLES = (
    "The End", "Chapter One", "Two years later", "Meanwhile", "Part II", "Please stand by",
    "Based on a\ntrue story", "Directed by\nNobody", "Previously", "Thank you\nfor watching",
)  # fmt: skip


def new_noise(count: int, *, num_frames: int, size: int, seed: int) -> Tensor:
    """Return noise that differs in every frame."""
    return BatchRng(count, seed=seed).uniform(0, 1, num_frames, 3, size, size)


def still_noise(count: int, *, num_frames: int, size: int, seed: int) -> Tensor:
    """Return noise that is the same in every frame."""
    return BatchRng(count, seed=seed).uniform(0, 1, 1, 3, size, size).repeat(1, num_frames, 1, 1, 1)


def talking_face(count: int, *, num_frames: int, size: int, seed: int) -> Tensor:
    """Return a still head whose mouth and eyelids move."""
    rng = BatchRng(count, seed=seed)
    one = (1, 1, 1)
    x, y, r = (rng.uniform(*ends, *one) for ends in ((-0.3, 0.3), (-0.25, 0.1), (0.35, 0.55)))
    light, dark = rng.uniform(0.3, 1, 1, 1, 1, 1), rng.uniform(0, 0.5, 1, 3, 1, 1)
    skin = light * torch.tensor([1.0, 0.8, 0.65])[:, None, None]
    shade = torch.linspace(0, 1, size)[:, None]
    picture = dark.lerp(rng.uniform(0.2, 1, 1, 3, 1, 1), shade).expand(-1, num_frames, 3, -1, size)

    def paint(colour: Tensor, dx: float | Tensor, dy: float, width: float, height: Tensor) -> None:
        nonlocal picture
        alpha = _ellipse(size, x + r * dx, y + r * dy, r * width, r * height)[:, :, None]
        picture = picture + alpha * (colour - picture)

    whole = torch.ones(1, *one)
    hair, cloth = rng.uniform(0, 0.6, 1, 3, 1, 1), rng.uniform(0, 1, 1, 3, 1, 1)
    paint(cloth, 0, 2.1, 1.5, whole)
    paint(hair, 0, -0.15, 0.92, 1.05 * whole)
    paint(skin * 0.85, 0, 1.0, 0.35, 0.5 * whole)
    paint(skin, 0, 0, 0.78, whole)
    lids = torch.where(rng.chance(0.2, num_frames, 1, 1), 0.15, 1.0)  # a blink lasts one frame
    for side in (-1, 1):
        paint(hair, 0.33 * side, -0.4, 0.19, 0.04 * whole)
        paint(torch.tensor(0.95), 0.33 * side, -0.15, 0.16, 0.1 * lids)
        paint(dark * 0.4, 0.33 * side, -0.15, 0.07, 0.09 * lids)
    paint(skin * 0.8, 0, 0.15, 0.08, 0.2 * whole)
    mouth = rng.uniform(0.02, 0.2, num_frames, 1, 1)
    paint(skin * torch.tensor([0.8, 0.5, 0.5])[:, None, None], 0, 0.52, 0.32, mouth + 0.06)
    paint(skin * 0.15, 0, 0.52, 0.25, mouth)
    return picture


def _ellipse(size: int, x: Tensor, y: Tensor, width: Tensor, height: Tensor) -> Tensor:
    """Return the share of each pixel that an ellipse covers, (B, T or 1, H, W).

    The arguments are (B, T or 1, 1, 1); `width` and `height` are the half axes.
    """
    points = pixel_centres(size, size)
    across, down = (points[..., 0] - x) / width, (points[..., 1] - y) / height
    distance = (across.square() + down.square()).sqrt()
    return ((1 - distance) * height.minimum(width) * size / 2 + 0.5).clamp(0, 1)


def title_card(count: int, *, num_frames: int, size: int, seed: int) -> Tensor:
    """Return words that fade in on a plain background."""
    rng = BatchRng(count, seed=seed)
    texts = [TITLES[i] for i in rng.integers(len(TITLES)).tolist()]
    points = (rng.uniform(0.1, 0.16) * size).tolist()
    heights = rng.uniform(0.3, 0.7).tolist()
    rendered = _render_texts(texts, points, heights, size)
    ink = torch.from_numpy(rendered)[:, None, None]  # (B, 1, 1, H, W)
    begin, duration = rng.uniform(0, 0.4, 1), rng.uniform(0.3, 0.6, 1)
    shown = ((torch.linspace(0, 1, num_frames) - begin) / duration).clamp(0, 1)[
        ..., None, None, None
    ]
    background = rng.uniform(0, 1, 1, 3, 1, 1)
    colour = torch.where(background.mean(2, keepdim=True) > 0.5, 0.0, 1.0)
    return background + shown * ink * (colour - background)


def _render_texts(
    texts: list[str], points: list[float], heights: list[float], size: int
) -> np.ndarray:
    """Return the ink of each text on each pixel, (B, H, W) float32 in 0..1."""
    figure = Figure(figsize=(size / 72, size / 72), dpi=72)  # a point is a pixel
    canvas = FigureCanvasAgg(figure)
    inks = []
    for text, point, height in zip(texts, points, heights, strict=True):
        figure.clear()
        figure.text(0.5, height, text, fontsize=point, ha="center", va="center")
        canvas.draw()
        inks.append(255 - np.asarray(canvas.buffer_rgba())[..., 0])
    return np.stack(inks).astype(np.float32) / 255


OUT_OF_DISTRIBUTION: Mapping[str, Callable[..., Tensor]] = {
    "noise, new in every frame": new_noise,
    "still noise": still_noise,
    "a talking face": talking_face,
    "a title card": title_card,
}
