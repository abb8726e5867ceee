"""Indoor backgrounds of the example clips."""

import numpy as np

from . import props
from .brush import PICTURE, Brush, box, closed, disc, land, polygon, thread

BOOKS = ("#d9573f", "#f0b43c", "#3f8f8a", "#6b5bb0", "#e8e0cf", "#3f6fb5", "#c9487a")


def parlour(brush: Brush) -> None:
    """Draw a room with a striped wallpaper, a picture on the wall and a plant."""
    brush.fill(PICTURE, ("#2f7478", "#3c8a88"))
    for x in np.arange(-1.0, 1.1, 0.25):
        brush.fill(box(x, -1.1, x + 0.125, 1.1), "#2a686d", alpha=0.8)
        for y in np.arange(-0.9, 0.8, 0.25):
            brush.fill(
                polygon(
                    (x + 0.1875, y - 0.04), (x + 0.2175, y), (x + 0.1875, y + 0.04), (x + 0.1575, y)
                ),
                "#5fa8a0",
                alpha=0.7,
            )
    brush.fill(box(-1.1, 0.82, 1.1, 1.1), ("#f3e9d8", "#dccdb4"))
    brush.fill(box(-1.1, 0.8, 1.1, 0.84), "#fffaf0")
    _framed_hills(brush.at(-0.7, -0.42))
    brush.glow(0.8, 0.87, 0.26, "#123b3f", height=0.06, alpha=0.7)
    props.pot_plant(brush.at(0.78, 0.87, size=1.15), "#e07a5f")


def _framed_hills(brush: Brush) -> None:
    brush.fill(box(-0.19, -0.22, 0.23, 0.28), "#123b3f", alpha=0.35)
    brush.fill(box(-0.21, -0.25, 0.21, 0.25), "#c98f4e")
    canvas = box(-0.17, -0.21, 0.17, 0.21)
    brush.fill(canvas, ("#fbe3c0", "#f6c9a0"))
    brush.fill(disc(0.06, -0.05, 0.06), "#f28f5b", within=canvas)
    brush.fill(land((-0.3, 0.06), (-0.1, 0.0), (0.1, 0.08), (0.3, 0.02)), "#7fae8f", within=canvas)
    brush.fill(land((-0.3, 0.12), (0.0, 0.14), (0.3, 0.08)), "#4f8a76", within=canvas)


def night_window(brush: Brush) -> None:
    """Draw a window at night over the roofs of a town, with curtains and a broad sill."""
    brush.fill(PICTURE, ("#5a4a78", "#473a63"))
    glass = box(-0.72, -0.86, 0.72, 0.56)
    brush.fill(box(-0.8, -0.94, 0.8, 0.6, 0.03), "#efe6f2")
    brush.fill(glass, ("#141d4d", "#4767a8"))
    for x, y in np.random.default_rng(11).uniform((-0.7, -0.84), (0.7, -0.1), (36, 2)):
        brush.fill(disc(x, y, 0.008), "#fff6da", alpha=0.9)
    brush.glow(0.34, -0.54, 0.4, "#f3ecff", alpha=0.6)
    brush.fill(disc(0.34, -0.54, 0.16), "#fdf3cf")
    for x, y, radius in ((0.29, -0.59, 0.03), (0.4, -0.5, 0.04), (0.32, -0.46, 0.02)):
        brush.fill(disc(x, y, radius), "#ecdcae")
    for x, roof in ((-0.72, 0.14), (-0.4, 0.24), (-0.06, 0.16), (0.28, 0.26), (0.5, 0.12)):
        house = polygon(
            (x, 0.56), (x, roof), (x + 0.14, roof - 0.12), (x + 0.28, roof), (x + 0.28, 0.56)
        )
        brush.fill(house, "#1f2750", within=glass)
        brush.fill(box(x + 0.07, roof + 0.03, x + 0.12, roof + 0.09), "#ffd77a", within=glass)
    for bar in (thread((0, -0.88), (0, 0.58)), thread((-0.74, -0.2), (0.74, -0.2))):
        brush.stroke(bar, "#efe6f2", 0.045)
    _curtain(brush, -1)
    _curtain(brush, 1)
    brush.fill(box(-1.1, 0.7, 1.1, 1.1), ("#332849", "#473a63"))
    brush.fill(box(-0.97, 0.58, 0.97, 0.74, 0.03), ("#fbf4f6", "#d8cbdd"))


def _curtain(brush: Brush, side: int) -> None:
    edge = [(0.62, -1.05), (0.64, -0.5), (0.72, -0.12), (0.86, 0.14), (0.79, 0.4), (0.77, 0.9)]
    hem = [(side * 1.1, 0.9), (side * 1.1, -1.05)]
    cloth = closed(thread(*((side * x, y) for x, y in edge)), *hem)
    brush.fill(cloth, "#d9627a")
    for x in (0.74, 0.86, 0.98):
        fold = thread(*((side * u, v) for u, v in ((x, -1.05), (x + 0.03, -0.4), (0.95, 0.14))))
        brush.stroke(fold, "#b94a66", 0.03, within=cloth)
    brush.stroke(thread((side * 0.82, 0.15), (side * 1.1, 0.13)), "#f6c667", 0.06)


def turntable(brush: Brush) -> None:
    """Draw a record player from above, on a table, without its record and its arm."""
    brush.fill(PICTURE, ("#2f8a85", "#246c70"))
    brush.glow(0.05, 0.1, 1.4, "#0d3338", alpha=0.6)
    plinth = box(-0.95, -0.91, 0.95, 0.91, 0.1)
    brush.fill(plinth, ("#c98b57", "#a2653b"))
    for i, y in enumerate(np.arange(-0.82, 0.9, 0.27)):
        grain = thread((-1, y), (-0.3, y + 0.03 * (-1) ** i), (0.4, y - 0.02), (1, y + 0.01))
        brush.stroke(grain, "#8f5732", 0.012, alpha=0.55, within=plinth)
    brush.stroke(plinth, "#7d4a2b", 0.02)
    for x, y, size, colour in ((-0.82, 0.78, 0.07, "#f3ead8"), (0.8, 0.74, 0.09, "#e9e2d3")):
        brush.fill(disc(x + 0.01, y + 0.015, size), "#5f3820", alpha=0.6)
        brush.fill(disc(x, y, size), colour)
    brush.fill(disc(-0.82, 0.78, 0.035), "#e4483f")
    brush.stroke(thread((0.8, 0.74), (0.84, 0.68)), "#3a3540", 0.024)


def study(brush: Brush) -> None:
    """Draw a corner of a room as a webcam sees it, with books and a plant."""
    brush.fill(PICTURE, ("#bcdcd6", "#8fbdb8"))
    brush.glow(0.5, -0.2, 1.3, "#eefaf2", alpha=0.7)
    for y, seed in ((-0.24, None), (0.26, 5), (0.76, 3)):
        brush.fill(box(-1.1, y - 0.34, -0.5, y), "#5d7f86", alpha=0.35)
        if seed:
            _books(brush, y, seed)
        brush.fill(box(-1.1, y, -0.48, y + 0.05, 0.01), "#9a6640")
    props.pot_plant(brush.at(-0.8, -0.24, size=0.85))
    brush.fill(box(0.36, -0.86, 0.7, -0.46), "#fffaf0")
    canvas = box(0.4, -0.82, 0.66, -0.5)
    brush.fill(canvas, ("#f9d5b0", "#f2a38c"))
    brush.fill(disc(0.56, -0.67, 0.065), "#fff1c9", within=canvas)
    hills = land((0.34, -0.58), (0.46, -0.64), (0.58, -0.57), (0.74, -0.6))
    brush.fill(hills, "#4f7f8f", within=canvas)


def _books(brush: Brush, shelf: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = -1.0
    while x < -0.56:
        width, height = rng.uniform(0.05, 0.08), rng.uniform(0.19, 0.28)
        colour = BOOKS[int(rng.integers(len(BOOKS)))]
        brush.fill(box(x, shelf - height, x + width, shelf, 0.008), colour)
        stripe = shelf - 0.75 * height
        brush.fill(box(x, stripe, x + width, stripe + 0.025), "#fffaf0", alpha=0.6)
        x += width + 0.008


def desk(brush: Brush) -> None:
    """Draw the edge of a desk in front of a person, with a mug."""
    brush.fill(box(-1.1, 0.88, 1.1, 1.1), ("#d9a06b", "#b97d4c"))
    brush.stroke(thread((-1.1, 0.88), (1.1, 0.88)), "#f0c495", 0.02)
    brush.stroke(disc(-0.72, 0.8, 0.07, 0.06), "#f4f0ea", 0.03)
    brush.fill(box(-0.7, 0.66, -0.46, 0.94, 0.04), "#f4f0ea")
    brush.fill(disc(-0.58, 0.8, 0.055), "#e4574f")
