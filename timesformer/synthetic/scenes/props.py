"""Still objects of the example clips: trees, a lighthouse, a clock."""

import math

import numpy as np
from matplotlib.path import Path

from .brush import Brush, box, disc, dome, polygon, thread


def cloud(brush: Brush, colour: str = "#ffffff", *, alpha: float = 0.9) -> None:
    """Draw a flat-bottomed cloud, 0.8 wide."""
    puffs = [disc(-0.24, -0.05, 0.1), disc(-0.06, -0.1, 0.16), disc(0.14, -0.06, 0.12)]
    whole = Path.make_compound_path(*puffs, box(-0.42, -0.08, 0.36, 0.07, 0.075))
    brush.fill(whole, colour, alpha=alpha)


def daisy(brush: Brush, petals: str = "#ffffff") -> None:
    """Draw a flower head, white by default."""
    for angle in np.arange(6) * math.pi / 3:
        brush.fill(disc(0.026 * math.cos(angle), 0.026 * math.sin(angle), 0.018), petals)
    brush.fill(disc(0, 0, 0.017), "#ffc93c")


def tuft(brush: Brush) -> None:
    """Draw three blades of grass."""
    for lean in (-0.04, 0.0, 0.04):
        brush.stroke(thread((0, 0), (lean * 0.3, -0.04), (lean, -0.07)), "#3f8a45", 0.014)


def fir(brush: Brush, leaves: str = "#3c7a62", *, snow: str | None = None) -> None:
    """Draw a fir tree, 0.4 high."""
    brush.fill(box(-0.02, -0.02, 0.02, 0.06), "#7a5a48")
    for y, half in ((0.0, 0.12), (-0.1, 0.095), (-0.2, 0.07)):
        brush.fill(polygon((-half, y), (0, y - 0.17), (half, y)), leaves)
        if snow:
            tip = polygon((-half * 0.45, y - 0.09), (0, y - 0.17), (half * 0.45, y - 0.09))
            brush.fill(tip, snow)


def round_tree(brush: Brush) -> None:
    """Draw a tree with a round crown, 0.55 high."""
    brush.glow(0.03, 0.0, 0.22, "#27562f", height=0.05, alpha=0.7)
    brush.fill(polygon((-0.03, 0), (-0.02, -0.25), (0.02, -0.25), (0.03, 0)), "#80583f")
    crown = disc(0, -0.34, 0.19, 0.22)
    brush.fill(crown, "#3f8f5c")
    brush.fill(disc(-0.05, -0.39, 0.15, 0.18), "#58a86a", within=crown)


def igloo(brush: Brush) -> None:
    """Draw an igloo, 0.6 wide."""
    walls = dome(0.28, 0.3)
    brush.glow(0.02, 0.02, 0.4, "#6f9fbd", height=0.08, alpha=0.6)
    brush.fill(walls, ("#ffffff", "#d3e7f2"))
    for y, xs in ((0.0, (-0.2, 0.2)), (-0.1, (-0.14, 0.12)), (-0.2, (-0.05, 0.08))):
        brush.stroke(thread((-0.3, y), (0.3, y)), "#a9cbdf", 0.012, within=walls)
        for x in xs:
            brush.stroke(thread((x, y), (x, y - 0.1)), "#a9cbdf", 0.012, within=walls)
    brush.fill(dome(0.12, 0.17), "#eaf5fa")
    brush.fill(dome(0.085, 0.13), "#3f6f90")


def lighthouse(brush: Brush) -> None:
    """Draw a red and white lighthouse, 0.5 high."""
    tower = polygon((-0.08, 0), (-0.05, -0.33), (0.05, -0.33), (0.08, 0))
    brush.fill(tower, "#fff4e6")
    for top in (-0.25, -0.1):
        brush.fill(box(-0.1, top, 0.1, top + 0.07), "#d6455c", within=tower)
    brush.glow(0, -0.37, 0.16, "#fff3b0")
    brush.fill(box(-0.04, -0.41, 0.04, -0.33), "#ffe07a")
    brush.stroke(thread((-0.065, -0.33), (0.065, -0.33)), "#7d3550", 0.018)
    brush.fill(polygon((-0.07, -0.4), (0, -0.49), (0.07, -0.4)), "#d6455c")


def stars(brush: Brush, count: int, *, seed: int) -> None:
    """Draw stars all over the picture."""
    rng = np.random.default_rng(seed)
    for x, y, size in rng.uniform((-1, -1, 0.004), (1, 1, 0.011), (count, 3)):
        brush.fill(disc(x, y, size), "#fff6da", alpha=0.9)


def pot_plant(brush: Brush, pot: str = "#d9694a") -> None:
    """Draw a plant in a pot that stands at the origin, 0.45 high."""
    for x, y, angle in (
        (-0.11, -0.25, -0.9),
        (0.11, -0.25, 0.9),
        (-0.06, -0.33, -0.4),
        (0.06, -0.33, 0.4),
    ):
        brush.at(x, y, angle=angle).fill(disc(0, 0, 0.045, 0.12), "#3f8f66")
    brush.fill(disc(0, -0.32, 0.045, 0.13), "#58ab78")
    brush.fill(polygon((-0.11, -0.18), (0.11, -0.18), (0.08, 0), (-0.08, 0)), pot)
    brush.fill(box(-0.13, -0.21, 0.13, -0.14, 0.02), pot)
    brush.fill(box(-0.11, -0.145, 0.11, -0.125), "#000000", alpha=0.15)


def clock_case(brush: Brush) -> None:
    """Draw a wooden clock for the wall, whose pendulum hangs from the origin."""
    brush.glow(0.06, -0.3, 0.62, "#123b3f", height=0.62, alpha=0.55)
    brush.fill(box(-0.32, -0.62, 0.32, 0.06, 0.03), ("#a8663a", "#834a2b"))
    brush.fill(
        polygon((-0.42, -0.58), (0, -0.82), (0.42, -0.58), (0.42, -0.53), (-0.42, -0.53)), "#6e3c24"
    )
    brush.fill(polygon((-0.28, -0.59), (0, -0.75), (0.28, -0.59)), "#8d5230")
    brush.fill(disc(0, -0.64, 0.04), "#f4c63d")
    brush.fill(disc(0, -0.25, 0.27), "#e8b84a")
    brush.fill(disc(0, -0.25, 0.235), "#fff8e8")
    for i in range(12):
        mark = brush.at(0, -0.25, angle=i * math.pi / 6)
        mark.stroke(thread((0, -0.2), (0, -0.17 if i % 3 else -0.155)), "#4a2f27", 0.016)
    for angle, length, width in ((-1.05, 0.11, 0.026), (0.9, 0.16, 0.018)):  # ten past ten
        brush.at(0, -0.25, angle=angle).stroke(thread((0, 0), (0, -length)), "#4a2f27", width)
    brush.fill(disc(0, -0.25, 0.024), "#d9433f")
    brush.fill(box(-0.36, 0.02, 0.36, 0.08, 0.02), "#6e3c24")


def tone_arm(brush: Brush) -> None:
    """Draw the arm of a record player, its pivot at the origin and its needle below on the left."""
    arm = thread((0, -0.2), (0, 0.0), (-0.02, 0.62), (-0.1, 0.82), (-0.24, 0.94))
    brush.at(0.03, 0.04).stroke(arm, "#1b1420", 0.05, alpha=0.3)
    brush.fill(disc(0.02, 0.03, 0.16), "#1b1420", alpha=0.3)
    brush.fill(disc(0, 0, 0.15), "#3a3540")
    brush.fill(disc(0, 0, 0.11), ("#f4f0ea", "#b9b3bb"))
    brush.stroke(arm, "#ece7ea", 0.045)
    brush.fill(box(-0.06, -0.28, 0.06, -0.14, 0.02), "#4a4552")
    brush.fill(disc(0, 0, 0.05), "#4a4552")
    shell = brush.at(-0.26, 0.955, angle=0.95)
    shell.fill(box(-0.05, -0.05, 0.05, 0.12, 0.02), "#2b2731")
    shell.fill(box(-0.03, 0.06, 0.03, 0.1), "#f2762e")


def viewfinder(brush: Brush) -> None:
    """Draw the corners and the red dot that a recording webcam shows over its picture."""
    for angle in np.arange(4) * math.pi / 2:
        corner = brush.at(0, 0, angle=angle)
        corner.stroke(Path([(-0.92, -0.76), (-0.92, -0.92), (-0.76, -0.92)]), "#ffffff", 0.022)
    brush.fill(disc(-0.8, -0.8, 0.05), "#ffffff")
    brush.fill(disc(-0.8, -0.8, 0.036), "#e4362f")
