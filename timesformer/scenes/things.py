"""What moves in the example clips, each drawn around its own origin."""

import math

import numpy as np
from matplotlib.path import Path

from .brush import (
    Brush,
    all_but,
    blob,
    box,
    closed,
    disc,
    dome,
    mirrored,
    polygon,
    thread,
    wedge,
)

CABINS = ("#e4483f", "#f28b30", "#f4c63d", "#58ad5f", "#3b8fd0", "#8a5fc0")


def beach_ball(brush: Brush, *, angle: float) -> None:
    """A ball of unit radius, its stripes turned by an angle under a light that stays."""
    skin = brush.at(0, 0, angle=angle)
    skin.fill(disc(0, 0, 1), "#fff8ec")
    for start, colour in ((0, "#e8433f"), (120, "#ffc533"), (240, "#2f7fc9")):
        skin.fill(wedge(0, 0, 1, start, start + 60), colour)
    skin.fill(disc(0, 0, 0.17), "#fff8ec")
    brush.fill(all_but(-0.13, -0.13, 1, 1), "#2b2a5c", alpha=0.18, within=disc(0, 0, 1))
    brush.at(-0.42, -0.48, angle=-0.8).fill(disc(0, 0, 0.2, 0.11), "#ffffff", alpha=0.65)


def sailing_boat(brush: Brush) -> None:
    """A boat under two sails, bound to the right, on the water at the origin."""
    brush.glow(0, 0.14, 0.62, "#123f5c", height=0.1, alpha=0.7)
    brush.stroke(thread((0, 0), (0, -1.1)), "#6b4434", 0.035)
    brush.fill(polygon((0, -1.11), (-0.24, -1.05), (0, -0.99)), "#ffcf4a")
    sails = (
        ([(-0.03, -0.95), (-0.2, -0.52), (-0.44, -0.15)], "#fff6e5", "#f0dac0"),
        ([(0.03, -0.88), (0.22, -0.52), (0.47, -0.15)], "#d6455c", "#b8344f"),
    )
    for leech, colour, shade in sails:
        foot = (leech[0][0], -0.15)
        sail = closed(thread(*leech), foot)
        brush.fill(sail, colour)
        brush.fill(box(-1, -0.34, 1, 0), shade, within=sail)
    hull = polygon((-0.46, -0.08), (0.56, -0.08), (0.36, 0.2), (-0.36, 0.2))
    brush.fill(hull, "#243b63")
    brush.fill(box(-0.6, -0.08, 0.6, -0.02), "#fff6e5", within=hull)
    for x in (-0.22, 0.0, 0.22):
        brush.fill(disc(x, 0.055, 0.03), "#ffcf4a")


def hot_air_balloon(brush: Brush) -> None:
    """A striped balloon whose basket hangs 0.6 below its middle."""
    for side in (-1, 1):
        brush.stroke(thread((side * 0.15, 0.27), (side * 0.1, 0.46)), "#6b4434", 0.012)
    brush.fill(blob((-0.025, 0.4), (0, 0.3), (0.025, 0.4), (0, 0.43)), "#ffb627")
    half = [(0.0, -0.35), (0.24, -0.27), (0.35, -0.04), (0.27, 0.18), (0.1, 0.33)]
    stripes = ((1.0, "#d9472f"), (0.78, "#ffd166"), (0.5, "#d9472f"), (0.19, "#ffd166"))
    for width, colour in stripes:
        brush.fill(blob(*mirrored([(x * width, y) for x, y in half])), colour)
    skin = blob(*mirrored(half))
    brush.fill(all_but(-0.09, -0.06, 0.37, 0.5), "#5c1f3f", alpha=0.18, within=skin)
    brush.fill(disc(-0.17, -0.14, 0.05, 0.1), "#ffffff", alpha=0.35)
    brush.fill(box(-0.1, 0.3, 0.1, 0.345, 0.015), "#b73a2a")
    for x, colour in ((-0.04, "#f2c9a5"), (0.045, "#c98f6b")):
        brush.fill(disc(x, 0.44, 0.032), colour)
    basket = box(-0.11, 0.46, 0.11, 0.62, 0.03)
    brush.fill(basket, "#96633f")
    for y in (0.51, 0.56):
        brush.stroke(thread((-0.11, y), (0.11, y)), "#7a4d30", 0.012, within=basket)
    brush.fill(box(-0.12, 0.455, 0.12, 0.485, 0.012), "#6b4434")


def penguin_with_parachute(brush: Brush) -> None:
    """A penguin under a parachute, 1.1 high, the origin between the two."""
    knots = [-0.42, -0.25, -0.085, 0.085, 0.25, 0.42]
    for x in knots:
        brush.stroke(thread((x, -0.22), (math.copysign(0.13, x), 0.14)), "#5d6680", 0.009)
    colours = ("#e4483f", "#fff6e5", "#f5a623", "#fff6e5", "#e4483f")
    for left, right, colour in zip(knots[:-1], knots[1:], colours, strict=True):
        brush.fill(_parachute_panel(left, right), colour)
    brush.fill(_parachute_panel(0.25, 0.42), "#3c1638", alpha=0.14)
    _penguin(brush)


def _parachute_panel(left: float, right: float) -> Path:
    """The cloth between two lines, which meet at the top; its hem is an arch."""
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


def bus(brush: Brush) -> None:
    """A smiling yellow bus from the front, about 0.85 wide and 1 high."""
    brush.glow(0, 0.5, 0.62, "#23232f", height=0.1, alpha=0.85)
    body = box(-0.4, -0.5, 0.4, 0.42, 0.13)
    for side in (-1, 1):
        brush.fill(box(side * 0.27 - 0.085, 0.3, side * 0.27 + 0.085, 0.52, 0.04), "#2b2b36")
        brush.stroke(thread((side * 0.38, -0.25), (side * 0.46, -0.25)), "#2b2b36", 0.025)
        brush.fill(box(side * 0.47 - 0.04, -0.29, side * 0.47 + 0.04, -0.07, 0.03), "#2b2b36")
    brush.fill(box(-0.3, 0.38, 0.3, 0.48, 0.02), "#2b2b36")
    brush.fill(body, ("#ffd84f", "#f5a01f"))
    brush.fill(box(-0.2, -0.465, 0.2, -0.385, 0.03), "#fff6df")
    for x in (-0.13, 0, 0.13):
        brush.fill(disc(x, -0.425, 0.022), "#e4483f")
    _windscreen(brush)
    brush.fill(box(-0.4, 0.07, 0.4, 0.1), "#2b2b36")
    for side in (-1, 1):
        brush.fill(disc(side * 0.27, 0.22, 0.085), "#ffffff")
        brush.fill(disc(side * 0.27, 0.22, 0.06), "#ffe9a8")
        brush.fill(disc(side * 0.27 - 0.02, 0.2, 0.02), "#ffffff")
    smile = [(-0.12, 0.19), (-0.07, 0.235), (0, 0.255), (0.07, 0.235), (0.12, 0.19)]
    brush.stroke(thread(*smile), "#7a3f16", 0.035)
    brush.fill(box(-0.43, 0.36, 0.43, 0.44, 0.04), "#4a4a5a")
    brush.fill(box(-0.1, 0.365, 0.1, 0.435, 0.02), "#fff6df")


def _windscreen(brush: Brush) -> None:
    pane = box(-0.34, -0.35, 0.34, 0.02, 0.07)
    brush.fill(pane, ("#9bd7e6", "#d5f0f0"))
    brush.fill(disc(0.17, 0.05, 0.13, 0.13), "#35599c", within=pane)
    brush.fill(disc(0.17, -0.12, 0.07, 0.08), "#d79b72", within=pane)
    brush.fill(box(0.095, -0.21, 0.245, -0.15, 0.03), "#26406f", within=pane)
    brush.stroke(thread((0.145, -0.095), (0.17, -0.08), (0.195, -0.095)), "#8a4f33", 0.012)
    for x in (-0.28, -0.13):
        glare = polygon((x, 0.02), (x + 0.14, -0.35), (x + 0.21, -0.35), (x + 0.07, 0.02))
        brush.fill(glare, "#ffffff", alpha=0.35, within=pane)
    brush.stroke(pane, "#2b2b36", 0.025)


def rocket(brush: Brush) -> None:
    """A rocket pointing up that the viewer sees from behind, about 1.3 high with its flame."""
    brush.glow(0, 0.55, 0.45, "#ffb347", height=0.5, alpha=0.8)
    for width, length, colour in (
        (0.17, 0.9, "#f26b2e"),
        (0.12, 0.76, "#ffb62e"),
        (0.07, 0.6, "#fff3b8"),
    ):
        half = [(0.0, 0.28), (width * 0.9, 0.36), (width * 0.55, 0.3 + length * 0.3), (0.0, length)]
        brush.fill(blob(*mirrored(half)), colour)
    for side in (-1, 1):
        fin = [(0.17, -0.02), (0.44, 0.3), (0.45, 0.5), (0.22, 0.33)]
        brush.fill(polygon(*((side * x, y) for x, y in fin)), "#d63f4f" if side < 0 else "#b02d47")
    right = [(0.0, -0.56), (0.1, -0.38), (0.19, -0.08), (0.24, 0.3)]
    hull = blob(*mirrored([*right, (0.12, 0.31)]))
    brush.fill(hull, "#f7f3ee")
    brush.fill(all_but(-0.09, 0, 0.25, 0.75), "#3b2f6b", alpha=0.2, within=hull)
    brush.fill(box(-0.3, -0.6, 0.3, -0.3), "#d63f4f", within=hull)
    brush.fill(disc(0, -0.08, 0.1, 0.11), "#d63f4f")
    brush.fill(disc(0, -0.08, 0.07, 0.08), "#8fd6f0")
    brush.fill(disc(-0.02, -0.1, 0.025), "#ffffff", alpha=0.8)
    brush.fill(disc(0, 0.3, 0.24, 0.085), "#41386b")
    brush.fill(disc(0, 0.31, 0.16, 0.055), "#ff9d3c")
    brush.fill(disc(0, 0.315, 0.1, 0.035), "#fff3b8")
    fin = [(0.0, 0.08), (0.04, 0.3), (0.032, 0.48), (-0.032, 0.48), (-0.04, 0.3)]
    brush.fill(polygon(*fin), "#e85562")


def ferris_wheel(brush: Brush, *, angle: float) -> None:
    """A wheel of radius 0.66, each of its cabins of another colour, turned by an angle."""
    wheel = brush.at(0, 0, angle=angle)
    slice_degrees = 360 / len(CABINS)
    wheel.fill(disc(0, 0, 0.64), "#fffaf0")
    for i, colour in enumerate(CABINS):
        start = i * slice_degrees
        wheel.fill(wedge(0, 0, 0.64, start, start + slice_degrees), colour, alpha=0.75)
    wheel.stroke(disc(0, 0, 0.66), "#fffaf0", 0.04)
    spokes = [i * 2 * math.pi / len(CABINS) for i in range(len(CABINS))]
    for spoke in spokes:
        rim = (0.66 * math.cos(spoke), 0.66 * math.sin(spoke))
        wheel.stroke(thread((0, 0), rim), "#fffaf0", 0.03)
    wheel.fill(disc(0, 0, 0.11), "#4d4a78")
    wheel.fill(_star(0.085, points=5), "#ffe27a")
    for spoke, colour in zip(spokes, CABINS, strict=True):
        turned = spoke + angle
        _cabin(brush.at(0.66 * math.cos(turned), 0.66 * math.sin(turned)), colour)


def _cabin(brush: Brush, colour: str) -> None:
    """A cabin that hangs from the origin."""
    shape = box(-0.1, 0.0, 0.1, 0.19, 0.05)
    brush.fill(shape, "#fff3d6")
    brush.fill(box(-0.11, 0.1, 0.11, 0.2), colour, within=shape)
    brush.fill(dome(0.125, 0.08), colour)
    brush.fill(disc(0, 0.075, 0.03), "#5b4a66")


def _star(radius: float, *, points: int) -> Path:
    angles = np.arange(2 * points) * math.pi / points - math.pi / 2
    reach = radius * np.where(np.arange(2 * points) % 2, 0.45, 1.0)
    return polygon(
        *zip((reach * np.cos(angles)).tolist(), (reach * np.sin(angles)).tolist(), strict=True)
    )


def windmill_sails(brush: Brush) -> None:
    """Four sails, 0.75 long, one of them with a red cloth."""
    for i, colour in enumerate(("#d9433f", "#fff6e2", "#fff6e2", "#fff6e2")):
        sail = brush.at(0, 0, angle=i * math.pi / 2)
        cloth = box(0.02, -0.74, 0.21, -0.2)
        sail.fill(cloth, colour)
        for y in (-0.56, -0.38):
            sail.stroke(thread((0, y), (0.21, y)), "#c9a37a", 0.016)
        sail.stroke(cloth, "#8a5f43", 0.02)
        sail.stroke(thread((0, 0), (0, -0.76)), "#5a4034", 0.036)
    brush.fill(disc(0, 0, 0.065), "#45322b")
    brush.fill(disc(0, 0, 0.03), "#f4c63d")


def pendulum(brush: Brush) -> None:
    """A brass pendulum, 0.85 long, that hangs straight down from the origin."""
    brush.stroke(thread((0, 0), (0, 0.8)), "#f0c24f", 0.035)
    brush.fill(disc(0, 0.74, 0.2), "#c98a2b")
    brush.fill(disc(0, 0.74, 0.175), ("#ffe08a", "#eab042"))
    brush.fill(disc(0, 0.74, 0.09), "#d9433f")
    brush.fill(disc(-0.07, 0.66, 0.035), "#ffffff", alpha=0.7)
    brush.fill(disc(0, 0.96, 0.03), "#c98a2b")


def sleeping_cat(brush: Brush) -> None:
    """A ginger cat curled up on the line through the origin, about 1 wide."""
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
