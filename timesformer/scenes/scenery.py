"""The places of the example clips, one for each: everything in the picture that stays still."""

import math

import numpy as np

from . import props
from .brush import Brush, Point, all_but, blob, box, closed, disc, land, polygon, thread

PICTURE = box(-1.02, -1.02, 1.02, 1.02)
HORIZON = -0.06  # of the country road, which narrows to a point there


def lawn(brush: Brush) -> None:
    """A garden on a summer's day: hills, a hedge, a fence, and daisies in the grass."""
    brush.fill(PICTURE, ("#8fd0ea", "#f4f7e6"))
    brush.glow(-0.62, -0.66, 0.6, "#fff6cf")
    brush.fill(disc(-0.62, -0.66, 0.15), "#fff3b8")
    props.cloud(brush.at(0.42, -0.68, size=0.9))
    brush.fill(land((-1.1, -0.1), (-0.5, -0.3), (0.1, -0.1), (1.1, -0.25)), "#b5d9aa")
    brush.fill(land((-1.1, -0.14), (-0.2, -0.02), (0.6, -0.22), (1.1, -0.1)), "#9dcb8f")
    for i, x in enumerate(np.linspace(-1.05, 1.05, 10)):
        brush.fill(disc(x, 0.1, 0.17, 0.2 + 0.03 * math.sin(4 * i)), "#3f8660")
        brush.fill(disc(x - 0.04, 0.0, 0.08, 0.07), "#549c6f")
    for y in (0.06, 0.17):
        brush.stroke(thread((-1.1, y), (1.1, y)), "#c08f62", 0.045)
    for x in np.arange(-0.96, 1.1, 0.16):
        top = [(x - 0.045, 0.0), (x, -0.06), (x + 0.045, 0.0)]
        brush.fill(polygon((x - 0.045, 0.26), *top, (x + 0.045, 0.26)), "#dcb385")
    brush.fill(box(-1.1, 0.23, 1.1, 1.1), ("#93cf6e", "#54a04f"))
    for top_edge, bottom_edge in ((0.33, 0.45), (0.6, 0.8)):
        brush.fill(box(-1.1, top_edge, 1.1, bottom_edge), "#a5db7c", alpha=0.35)
    for x, y, size in ((-0.8, 0.36, 0.6), (0.1, 0.31, 0.5), (0.78, 0.42, 0.6), (-0.32, 0.9, 1.1)):
        props.daisy(brush.at(x, y, size=size))
    for x, y, size in ((-0.84, 0.88, 1.2), (0.22, 0.9, 1.0), (0.7, 0.88, 1.3), (0.88, 0.94, 0.9)):
        props.daisy(brush.at(x, y, size=size))
    for x, y in ((-0.6, 0.9), (0.0, 0.95), (0.48, 0.93), (-0.5, 0.4), (0.42, 0.33), (-0.9, 0.55)):
        props.tuft(brush.at(x, y))


def sea(brush: Brush) -> None:
    """The sea at sunset, with a lighthouse on an island."""
    brush.fill(PICTURE, ("#ee7f79", "#ffe0a3"))
    brush.glow(0.4, 0.1, 0.95, "#fff3c4", alpha=0.9)
    brush.fill(disc(0.4, 0.1, 0.27), "#fff1c0")
    for x, y, size in ((-0.5, -0.72, 1.0), (0.55, -0.62, 0.8), (0.02, -0.4, 0.5)):
        props.cloud(brush.at(x, y, size=size), "#ffd2b5", alpha=0.75)
    props.lighthouse(brush.at(-0.76, 0.1))
    brush.fill(land((-1.1, 0.08), (-0.85, 0.06), (-0.6, 0.16), (-0.42, 0.3)), "#a8586d")
    brush.fill(box(-1.1, 0.27, 1.1, 1.1), ("#5db0b3", "#1d5c79"))
    for i, y in enumerate(np.linspace(0.31, 0.6, 6)):
        half = 0.25 - 0.03 * i + 0.05 * (i % 2)
        middle = 0.4 + 0.03 * (-1) ** i
        brush.stroke(thread((middle - half, y), (middle + half, y)), "#ffe9b5", 0.02, alpha=0.75)
    for x, y in ((-0.95, 0.37), (-0.6, 0.46), (0.75, 0.44), (-0.9, 0.55), (0.72, 0.57)):
        ripple = thread((x, y), (x + 0.08, y - 0.02), (x + 0.16, y))
        brush.stroke(ripple, "#a9dcd5", 0.015, alpha=0.8)


def sea_front(brush: Brush) -> None:
    """The waves nearest to the viewer, in front of what sails there."""
    for y, colour, shift in (
        (0.7, "#2f8196", 0.0),
        (0.79, "#256f89", 0.12),
        (0.89, "#1b5a78", 0.05),
    ):
        xs = np.arange(-1.3, 1.4, 0.12) + shift
        crest = [(x, y + 0.018 * (-1) ** i) for i, x in enumerate(xs)]
        brush.fill(land(*crest), colour)
        brush.stroke(thread(*crest), "#8fd0cf", 0.012, alpha=0.7)


def valley(brush: Brush) -> None:
    """Mountains in the morning behind a meadow with fir trees."""
    brush.fill(PICTURE, ("#6fb7e6", "#fdeadb"))
    brush.glow(0.66, -0.2, 0.7, "#fff7d6")
    brush.fill(disc(0.66, -0.2, 0.13), "#fff8dc")
    props.cloud(brush.at(-0.62, -0.6, size=0.85))
    props.cloud(brush.at(0.66, -0.72, size=0.6))
    mountains(brush, ((-0.75, -0.12), (-0.1, -0.06), (0.66, 0.02)), ("#aaa9d8", "#d9cfe4"))
    brush.fill(land((-1.1, 0.32), (-0.6, 0.2), (0.0, 0.36), (0.6, 0.22), (1.1, 0.34)), "#87b3a8")
    brush.fill(land((-1.1, 0.4), (-0.4, 0.5), (0.3, 0.4), (1.1, 0.52)), "#7fb875")
    for x, y, size in ((-0.86, 0.56, 0.8), (-0.66, 0.62, 1.1), (0.64, 0.6, 1.0), (0.84, 0.62, 0.8)):
        props.fir(brush.at(x, y, size=size))
    meadow = land((-1.1, 0.66), (-0.3, 0.6), (0.4, 0.7), (1.1, 0.62))
    brush.fill(meadow, ("#9ccb68", "#5f9f50"))
    for x, y in ((-0.7, 0.78), (-0.45, 0.92), (0.5, 0.84), (0.8, 0.76), (0.72, 0.94), (-0.9, 0.9)):
        props.tuft(brush.at(x, y))
        brush.fill(disc(x + 0.08, y - 0.02, 0.022), "#ffe46b")


def mountains(brush: Brush, peaks: tuple[Point, ...], colours: tuple[str, str]) -> None:
    """A range with snow on its peaks, which come from left to right."""
    skyline: list[Point] = [(-1.2, 0.32)]
    for (x, y), (next_x, next_y) in zip(peaks, (*peaks[1:], (1.3, 0.2)), strict=True):
        skyline += [(x, y), ((x + next_x) / 2, max(y, next_y) + 0.2)]
    rock = polygon(*skyline, (1.2, 1.1), (-1.2, 1.1))
    brush.fill(rock, colours)
    for x, y in peaks:
        drops = [(-0.3, 0.14), (-0.06, 0.08), (-0.01, 0.12), (0.04, 0.07), (0.3, 0.14)]
        cap = polygon((x, y - 0.1), *((x + right, y + down) for right, down in drops))
        brush.fill(cap, "#ffffff", within=rock)


def snow(brush: Brush) -> None:
    """A snowfield with an igloo between snowy hills."""
    brush.fill(PICTURE, ("#4f9fd0", "#dff1f7"))
    for x, y, size in ((-0.6, -0.68, 0.9), (0.64, -0.4, 0.8), (-0.72, -0.14, 0.5)):
        props.cloud(brush.at(x, y, size=size))
    mountains(brush, ((-0.8, 0.05), (-0.2, 0.14), (0.6, 0.02)), ("#7fb4d6", "#c3dfee"))
    brush.fill(land((-1.1, 0.42), (-0.5, 0.34), (0.2, 0.46), (1.1, 0.34)), "#dbeef6")
    for x, y, size in (
        (-0.86, 0.52, 0.9),
        (-0.66, 0.55, 1.2),
        (-0.44, 0.52, 0.8),
        (0.9, 0.48, 1.0),
    ):
        props.fir(brush.at(x, y, size=size), "#3f7f86", snow="#f4fbfd")
    brush.fill(land((-1.1, 0.58), (-0.2, 0.64), (0.5, 0.54), (1.1, 0.6)), ("#fafdff", "#c4deec"))
    props.igloo(brush.at(0.6, 0.7))
    for x, y, half in ((-0.7, 0.8, 0.2), (-0.2, 0.93, 0.26), (0.5, 0.9, 0.22), (-0.84, 0.94, 0.1)):
        brush.stroke(thread((x - half, y), (x, y - 0.025), (x + half, y)), "#a9cce0", 0.014)


def country_road(brush: Brush) -> None:
    """A straight road between fields and trees, up to the horizon."""
    brush.fill(PICTURE, ("#5fb4df", "#f1f3dc"))
    props.cloud(brush.at(-0.6, -0.62, size=0.9))
    props.cloud(brush.at(0.66, -0.74, size=0.7))
    brush.fill(
        land((-1.1, -0.2), (-0.6, -0.32), (0.0, -0.16), (0.5, -0.3), (1.1, -0.18)), "#8fbfae"
    )
    brush.fill(land((-1.1, -0.14), (-0.4, -0.1), (0.3, -0.18), (1.1, -0.1)), "#79b083")
    brush.fill(box(-1.1, HORIZON, 1.1, 1.1), ("#a9d06c", "#6aa94d"))
    for side in (-1, 1):
        for near, far in ((2.4, 1.8), (4.4, 3.2)):
            corners = [(0, HORIZON), (side * far, 1.06), (side * near, 1.06)]
            brush.fill(polygon(*corners), "#e8cf72", alpha=0.8)
    brush.fill(polygon((0, HORIZON), (1.1, 1.06), (-1.1, 1.06)), "#cfc6a2")
    brush.fill(polygon((0, HORIZON), (0.98, 1.06), (-0.98, 1.06)), ("#8b8b98", "#5f6070"))
    for far in (1.1, 1.5, 2.1, 3.0, 4.4, 6.6):
        top, bottom = HORIZON + 0.92 / far, HORIZON + 1.12 / far
        dash = [(-1, top), (1, top), (1, bottom), (-1, bottom)]
        narrowed = [(side * 0.035 * (y - HORIZON), y) for side, y in dash]
        brush.fill(polygon(*narrowed), "#fbf3d4")
    for far in (6.0, 4.0, 2.7, 1.9, 1.35):
        for side in (-1, 1):
            spot = brush.at(side * 1.36 / far, HORIZON + 0.9 / far, size=1.7 / far)
            props.round_tree(spot)


def space(brush: Brush) -> None:
    """The night sky with a big moon, a ringed planet and the edge of the earth."""
    brush.fill(PICTURE, ("#15153f", "#5b3f94"))
    props.stars(brush, 50, seed=3)
    brush.glow(0.44, -0.46, 0.75, "#c9b8ff", alpha=0.6)
    moon = disc(0.44, -0.46, 0.36)
    brush.fill(moon, "#f7eed3")
    brush.fill(all_but(0.38, -0.51, 0.36, 0.36), "#e3d4ad", within=moon)
    for x, y, radius in (
        (0.32, -0.6, 0.07),
        (0.62, -0.58, 0.05),
        (0.58, -0.28, 0.08),
        (0.28, -0.3, 0.04),
    ):
        brush.fill(disc(x, y, radius), "#d3c39c", within=moon)
        brush.fill(disc(x + 0.01, y + 0.012, radius * 0.8), "#dfd1ac", within=moon)
    planet = brush.at(-0.68, -0.5, angle=-0.35)
    planet.stroke(disc(0, 0, 0.23, 0.05), "#c98f8a", 0.022)
    planet.fill(disc(0, 0, 0.13), ("#ff9d7c", "#d9566f"))
    planet.stroke(
        thread((-0.24, -0.02), (-0.12, 0.04), (0.12, 0.04), (0.24, -0.02)), "#ffd9a0", 0.03
    )
    brush.glow(0.1, 1.9, 1.6, "#6fd0ff", alpha=0.9)
    earth = disc(0.1, 2.2, 1.5)
    brush.fill(earth, "#2f86b8")
    brush.fill(
        blob((-0.7, 1.1), (-0.6, 0.93), (-0.2, 0.82), (-0.1, 0.95), (-0.3, 1.1)),
        "#5fb37c",
        within=earth,
    )
    brush.fill(blob((0.4, 1.1), (0.45, 0.86), (0.75, 0.92), (0.9, 1.1)), "#5fb37c", within=earth)


def fair(brush: Brush) -> None:
    """A fairground between hills, with two tents."""
    brush.fill(PICTURE, ("#63c3c4", "#fff3d4"))
    props.cloud(brush.at(-0.7, -0.8, size=0.55))
    brush.fill(land((-1.1, 0.46), (-0.4, 0.34), (0.2, 0.48), (0.7, 0.36), (1.1, 0.44)), "#9fcdb9")
    brush.fill(land((-1.1, 0.56), (-0.2, 0.5), (0.6, 0.58), (1.1, 0.52)), "#84bba3")
    brush.fill(land((-1.1, 0.68), (0.0, 0.64), (1.1, 0.68)), ("#f1d39b", "#d9ad74"))
    props.tent(brush.at(-0.72, 0.8, size=0.95), "#e4574f")
    props.tent(brush.at(0.74, 0.8, size=0.95), "#f2a53a")


def tulip_field(brush: Brush) -> None:
    """Rows of tulips under a wide sky."""
    brush.fill(PICTURE, ("#3f9ad6", "#e9f1e2"))
    for x, y, size in ((-0.72, -0.02, 0.75), (0.7, 0.08, 0.9)):
        props.cloud(brush.at(x, y, size=size))
    brush.fill(box(-1.1, 0.4, 1.1, 1.1), ("#8ec27a", "#4f9350"))
    for x, size in ((-0.9, 0.5), (-0.7, 0.36), (0.6, 0.4), (0.82, 0.55)):
        props.round_tree(brush.at(x, 0.42, size=size))
    rows = ((0.42, "#f7c948"), (0.47, "#e4574f"), (0.535, "#f39ac0"), (0.62, "#f7c948"))
    for y, colour in rows:
        brush.fill(box(-1.1, y, 1.1, y + 0.35 * (y - 0.36)), colour)


def tulip_front(brush: Brush) -> None:
    """The tulips nearest to the viewer."""
    brush.fill(box(-1.1, 0.86, 1.1, 1.1), "#4f9350")
    for i, x in enumerate(np.arange(-0.96, 1.0, 0.24)):
        props.tulip(brush.at(x, 0.84, size=1.5), ("#e4574f", "#f39ac0")[i % 2])


def parlour(brush: Brush) -> None:
    """A room with a striped wallpaper, a picture on the wall and a plant."""
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
    """A window at night over the roofs of a town, with curtains and a broad sill."""
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
