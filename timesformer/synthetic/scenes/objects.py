"""Moving objects of the example clips, each drawn around its own origin."""

import math

import numpy as np
from matplotlib.path import Path

from . import props
from .brush import Brush, all_but, blob, box, closed, disc, polygon, thread, wedge


def beach_ball(brush: Brush, *, angle: float) -> None:
    """Draw a ball of unit radius, its stripes turned by an angle under a fixed light."""
    skin = brush.at(0, 0, angle=angle)
    skin.fill(disc(0, 0, 1), "#fff8ec")
    for start, colour in ((0, "#e8433f"), (120, "#ffc533"), (240, "#2f7fc9")):
        skin.fill(wedge(0, 0, 1, start, start + 60), colour)
    skin.fill(disc(0, 0, 0.17), "#fff8ec")
    brush.fill(all_but(-0.13, -0.13, 1, 1), "#2b2a5c", alpha=0.18, within=disc(0, 0, 1))
    brush.at(-0.42, -0.48, angle=-0.8).fill(disc(0, 0, 0.2, 0.11), "#ffffff", alpha=0.65)


def penguin_with_parachute(brush: Brush) -> None:
    """Draw a penguin under a parachute, 1.1 high, the origin between the two."""
    knots = [-0.42, -0.25, -0.085, 0.085, 0.25, 0.42]
    for x in knots:
        brush.stroke(thread((x, -0.22), (math.copysign(0.13, x), 0.14)), "#5d6680", 0.009)
    colours = ("#e4483f", "#fff6e5", "#f5a623", "#fff6e5", "#e4483f")
    for left, right, colour in zip(knots[:-1], knots[1:], colours, strict=True):
        brush.fill(_parachute_panel(left, right), colour)
    brush.fill(_parachute_panel(0.25, 0.42), "#3c1638", alpha=0.14)
    _penguin(brush)


def _parachute_panel(left: float, right: float) -> Path:
    """Return the cloth between two lines that meet at the top; its hem is an arch."""
    rise = np.linspace(0, math.pi / 2, 20)
    heights = -0.22 - 0.38 * np.sin(rise)
    sides = [np.stack([x * np.cos(rise), heights], axis=1) for x in (left, right)]
    hem = np.linspace(right, left, 12)
    arch = -0.22 - 0.045 * (1 - ((hem - (left + right) / 2) * 2 / (right - left)) ** 2)
    return Path(np.concatenate([sides[0], sides[1][::-1], np.stack([hem, arch], axis=1)]))


def _penguin(brush: Brush) -> None:
    for side in (-1, 1):
        arm = thread((side * 0.13, 0.3), (side * 0.19, 0.22), (side * 0.135, 0.13))
        brush.stroke(arm, "#26324f", 0.055)
        brush.fill(disc(side * 0.07, 0.5, 0.065, 0.03), "#f29a2e")
    brush.fill(disc(0, 0.33, 0.17, 0.18), "#26324f")
    brush.fill(disc(0, 0.36, 0.115, 0.135), "#fbfdff")
    brush.fill(disc(0, 0.12, 0.125, 0.12), "#26324f")
    for side in (-1, 1):
        brush.fill(disc(side * 0.045, 0.13, 0.055, 0.07), "#fbfdff")
        brush.fill(disc(side * 0.042, 0.115, 0.018), "#1b2238")
    brush.fill(polygon((-0.035, 0.14), (0.035, 0.14), (0, 0.185)), "#f29a2e")
    brush.stroke(thread((-0.1, 0.225), (0, 0.245), (0.1, 0.225)), "#e4483f", 0.04)
    brush.stroke(thread((0.06, 0.24), (0.09, 0.33)), "#e4483f", 0.04)


def _crescent(radius: float) -> Path:
    """Return a moon whose dark part is on the right."""
    outer, inner = np.linspace(math.pi / 3, 5 * math.pi / 3, 40), np.linspace(-1, 1, 40)
    x = np.append(np.cos(outer), 0.5 - 0.75 * np.sqrt(1 - inner**2))
    y = np.append(np.sin(outer), inner * math.sin(math.pi / 3))
    return Path(radius * np.stack([x, y], axis=1))


def _star(radius: float, *, points: int) -> Path:
    angles = np.arange(2 * points) * math.pi / points - math.pi / 2
    reach = radius * np.where(np.arange(2 * points) % 2, 0.45, 1.0)
    return polygon(
        *zip((reach * np.cos(angles)).tolist(), (reach * np.sin(angles)).tolist(), strict=True)
    )


def pendulum(brush: Brush) -> None:
    """Draw a brass pendulum, 0.85 long, that hangs straight down from the origin."""
    brush.stroke(thread((0, 0), (0, 0.8)), "#f0c24f", 0.035)
    brush.fill(disc(0, 0.74, 0.2), "#c98a2b")
    brush.fill(disc(0, 0.74, 0.175), ("#ffe08a", "#eab042"))
    brush.fill(disc(0, 0.74, 0.09), "#d9433f")
    brush.fill(disc(-0.07, 0.66, 0.035), "#ffffff", alpha=0.7)
    brush.fill(disc(0, 0.96, 0.03), "#c98a2b")


def sleeping_cat(brush: Brush) -> None:
    """Draw a ginger cat curled up on the line through the origin, about 1 wide."""
    brush.glow(0.0, 0.0, 0.62, "#7a6a8c", height=0.06, alpha=0.8)
    back = [(-0.4, 0.0), (-0.46, -0.2), (-0.22, -0.42), (0.14, -0.48), (0.42, -0.32), (0.5, -0.1)]
    body = blob(*back, (0.42, 0.005), (0.0, 0.015))
    brush.fill(body, "#f09a45")
    for x, lean in ((-0.02, 0.05), (0.14, 0.04), (0.3, 0.0)):
        stripe = polygon((x - 0.035, -0.55), (x + 0.045, -0.55), (x + lean, -0.26))
        brush.fill(stripe, "#d0702b", within=body)
    brush.stroke(thread((0.46, -0.1), (0.4, -0.04), (0.1, -0.06), (-0.06, -0.05)), "#d0702b", 0.125)
    brush.stroke(thread((0.45, -0.1), (0.4, -0.05), (0.1, -0.065), (-0.05, -0.055)), "#f5ab58", 0.1)
    brush.fill(disc(-0.06, -0.055, 0.055, 0.05), "#fff1dc")
    _sleeping_head(brush.at(-0.29, -0.19))


def _sleeping_head(brush: Brush) -> None:
    for side in (-1, 1):
        ear = [(0.06, -0.12), (0.17, -0.28), (0.2, -0.02)]
        brush.fill(polygon(*((side * x, y) for x, y in ear)), "#dd7c2e")
        inner = [(0.1, -0.12), (0.155, -0.22), (0.175, -0.06)]
        brush.fill(polygon(*((side * x, y) for x, y in inner)), "#f7b9a0")
    face = disc(0, 0, 0.22, 0.18)
    brush.fill(disc(0.015, 0.01, 0.225, 0.183), "#d97f33")
    brush.fill(face, "#f5ab58")
    for x in (-0.05, 0.0, 0.05):
        brush.stroke(thread((x, -0.19), (x * 0.8, -0.1)), "#d0702b", 0.022, within=face)
    brush.fill(disc(0, 0.1, 0.1, 0.075), "#fff1dc", within=face)
    for side in (-1, 1):
        lid = thread((side * 0.05, 0.0), (side * 0.09, 0.035), (side * 0.135, 0.005))
        brush.stroke(lid, "#5b3420", 0.016)
        brush.stroke(thread((0, 0.085), (side * 0.025, 0.11), (side * 0.05, 0.1)), "#5b3420", 0.011)
        for y in (0.05, 0.09):
            brush.stroke(thread((side * 0.13, y), (side * 0.26, y - 0.02)), "#fff1dc", 0.008)
    brush.fill(polygon((-0.025, 0.05), (0.025, 0.05), (0, 0.085)), "#e0746c")


def picture_record(brush: Brush, *, angle: float) -> None:
    """Draw a record of radius 0.72 under a light, day on one half and night on the other."""
    brush.glow(0.04, 0.06, 0.92, "#1b1420", alpha=0.8)
    brush.fill(disc(0, 0, 0.77), ("#e6e1e4", "#a8a2ac"))
    brush.fill(disc(0, 0, 0.72), "#16141c")
    _day(brush.at(0, 0, angle=angle))
    _night(brush.at(0, 0, angle=angle + math.pi))
    for radius in (0.36, 0.52):
        brush.stroke(disc(0, 0, radius), "#16141c", 0.008, alpha=0.3)
    label = brush.at(0, 0, angle=angle)
    label.fill(disc(0, 0, 0.2), "#16141c")
    label.fill(disc(0, 0, 0.185), "#e4483f")
    label.fill(wedge(0, 0, 0.185, 0, 180), "#fff1cf")
    label.at(0, -0.1).fill(_star(0.06, points=5), "#ffe27a")
    label.at(0, 0.1).fill(disc(0, 0, 0.035), "#2f3f8f")
    brush.fill(disc(0, 0, 0.022), "#f4f0ea")
    for start in (-66, 114):
        for spread, alpha in ((12, 0.1), (6, 0.1)):
            sheen = wedge(0, 0, 0.72, start - spread, start + spread)
            brush.fill(sheen, "#ffffff", alpha=alpha)


def _day(half: Brush) -> None:
    whole = wedge(0, 0, 0.68, 180, 360)
    half.fill(whole, ("#45b3ea", "#fff0c4"))
    half.fill(disc(0.24, -0.36, 0.12), "#ffd23f")
    for i in range(8):
        ray = half.at(0.24, -0.36, angle=i * math.pi / 4)
        ray.stroke(thread((0, -0.15), (0, -0.19)), "#ffd23f", 0.024)
    props.cloud(half.at(-0.26, -0.36, size=0.5))
    for hill, colour in (
        ([(-0.7, -0.2), (-0.42, -0.17), (-0.1, -0.05), (0.3, -0.14), (0.7, -0.06)], "#7fc36a"),
        ([(-0.7, -0.04), (-0.2, -0.09), (0.2, -0.03), (0.45, -0.1), (0.7, -0.1)], "#4f9f52"),
    ):
        half.fill(closed(thread(*hill), (0.7, 0.01), (-0.7, 0.01)), colour, within=whole)
    half.fill(box(-0.5, -0.16, -0.38, -0.06), "#fff6e5")
    half.fill(polygon((-0.53, -0.15), (-0.44, -0.24), (-0.35, -0.15)), "#e4483f")


def _night(half: Brush) -> None:
    whole = wedge(0, 0, 0.68, 180, 360)
    half.fill(whole, ("#12123f", "#5b3f94"))
    half.at(-0.24, -0.35, angle=0.4).fill(_crescent(0.14), "#fdf3cf")
    for x, y, size in (
        (0.1, -0.5, 0.05),
        (0.34, -0.34, 0.04),
        (0.05, -0.28, 0.03),
        (-0.45, -0.22, 0.03),
        (0.5, -0.2, 0.03),
    ):
        half.at(x, y).fill(_star(size, points=5), "#fff1b8")
    hill = [(-0.7, -0.04), (-0.35, -0.12), (0.0, -0.05), (0.3, -0.14), (0.7, -0.02)]
    half.fill(closed(thread(*hill), (0.7, 0.01), (-0.7, 0.01)), "#1f4f63", within=whole)
    for x, size in ((0.22, 0.55), (0.34, 0.7), (0.46, 0.5)):
        props.fir(half.at(x, -0.04, size=size), "#123a4a")
