"""Outdoor backgrounds of the example clips."""

import math

import numpy as np

from . import props
from .brush import PICTURE, Brush, Point, all_but, blob, box, disc, land, mirrored, polygon, thread

HORIZON = -0.06  # of the country road, which narrows to a point there


def lawn(brush: Brush) -> None:
    """Draw a garden on a summer's day: hills, a hedge, a fence, and daisies in the grass."""
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
    """Draw the sea at sunset, with a lighthouse on an island."""
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
    """Draw the nearest waves, in front of the boat."""
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
    """Draw mountains in the morning behind a meadow with fir trees."""
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
    """Draw a range with snow on its peaks, given from left to right."""
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
    """Draw a snowfield with an igloo between snowy hills."""
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
    """Draw a straight road between fields and trees, up to the horizon."""
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
    """Draw the night sky with a big moon, a ringed planet and the edge of the earth."""
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


def pool(brush: Brush) -> None:
    """Draw a swimming pool from above, with a towel, flip-flops and a rubber duck."""
    brush.fill(PICTURE, ("#3fd0d4", "#23a9c6"))
    rng = np.random.default_rng(8)
    for y in np.arange(-0.5, 1.1, 0.34):
        xs = np.arange(-1.2, 1.4, 0.3) + rng.uniform(-0.1, 0.1)
        ripple = [(x, y + rng.uniform(-0.04, 0.04)) for x in xs.tolist()]
        brush.stroke(thread(*ripple), "#c9f6f2", 0.02, alpha=0.35)
    brush.glow(0, -0.7, 1.6, "#0b6f93", height=0.16, alpha=0.5)
    brush.fill(box(-1.1, -1.1, 1.1, -0.74), ("#fbeed6", "#eed7b2"))
    for x in np.arange(-0.98, 1.1, 0.4):
        brush.stroke(thread((x, -1.1), (x, -0.76)), "#d9bd94", 0.012)
    for i, x in enumerate(np.arange(-1.0, 1.1, 0.2)):
        brush.fill(box(x, -0.76, x + 0.19, -0.68), ("#2f6fb8", "#f4fbfd")[i % 2])
    _towel(brush.at(-0.5, -0.93, angle=-0.12))
    for x, angle in ((0.52, 0.2), (0.66, 0.45)):
        sole = brush.at(x, -0.9, angle=angle)
        sole.fill(disc(0, 0, 0.05, 0.09), "#57b88a")
        sole.stroke(thread((-0.04, 0.02), (0, -0.05), (0.04, 0.02)), "#fff6e5", 0.018)
    _rubber_duck(brush.at(-0.75, -0.4, size=0.9, angle=1.9))


def _towel(brush: Brush) -> None:
    for i, colour in enumerate(("#e4574f", "#fff6e5") * 2):
        brush.fill(box(-0.32 + 0.16 * i, -0.14, -0.16 + 0.16 * i, 0.1), colour)


def _rubber_duck(brush: Brush) -> None:
    """Draw a bath duck from above, its beak up."""
    brush.glow(0.03, 0.06, 0.3, "#06506f", alpha=0.7)
    half = [(0.0, -0.16), (0.1, -0.1), (0.14, 0.03), (0.08, 0.15), (0.0, 0.23)]
    brush.fill(blob(*mirrored(half)), "#ffc928")
    for side in (-1, 1):
        brush.fill(disc(side * 0.1, 0.04, 0.042, 0.1), "#eba91f")
    brush.fill(disc(0, -0.22, 0.05, 0.06), "#f2762e")
    brush.fill(disc(0, -0.11, 0.1), "#eba91f")
    brush.fill(disc(0, -0.12, 0.095), "#ffdd57")
    for side in (-1, 1):
        brush.fill(disc(side * 0.055, -0.16, 0.018), "#1d1b33")


HOUSES = (
    (-1.05, 0.42, -0.62, "#f4b183"),
    (-0.63, 0.34, -0.8, "#7fb7ae"),
    (-0.29, 0.4, -0.54, "#f3d98b"),
    (0.11, 0.36, -0.86, "#e58a80"),
    (0.47, 0.34, -0.6, "#9aa9dc"),
    (0.81, 0.4, -0.72, "#f1c7a0"),
)  # left edge, width, roof and colour


def old_town(brush: Brush) -> None:
    """Draw a street of an old town in the evening, with two tracks and a wire over each."""
    brush.fill(PICTURE, ("#6f9fdd", "#ffe3c2"))
    for house in HOUSES:
        _house(brush, *house)
    brush.fill(box(-1.1, 0.1, 1.1, 0.17), "#e3d3c0")
    brush.fill(box(-1.1, 0.16, 1.1, 1.1), ("#a99da3", "#776e80"))
    for i, y in enumerate((0.33, 0.38, 0.44, 0.51, 0.59, 0.68, 0.78)):
        for x in np.arange(-1.1, 1.1, 0.5 * y) + 0.25 * y * (i % 2):
            cobble = thread((x, y), (x + 0.12 * y, y - 0.02 * y), (x + 0.24 * y, y))
            brush.stroke(cobble, "#6a6073", 0.02 * y, alpha=0.6)
    for y, width in ((0.22, 0.016), (0.27, 0.016), (0.9, 0.026), (0.98, 0.03)):
        brush.stroke(thread((-1.1, y), (1.1, y)), "#56505f", width)
        brush.stroke(thread((-1.1, y - 0.006), (1.1, y - 0.006)), "#d9d2d6", width / 3)


def tram_wire(brush: Brush, y: float, width: float) -> None:
    """Draw a wire across the street."""
    brush.stroke(thread((-1.1, y), (1.1, y)), "#3d3a4a", width)


def _house(brush: Brush, left: float, width: float, roof: float, colour: str) -> None:
    right, middle = left + width, left + width / 2
    brush.fill(polygon((left, roof), (middle, roof - 0.17), (right, roof)), "#8f4a4f")
    brush.fill(box(left, roof, right, 0.12), colour)
    brush.fill(box(left, roof, left + 0.02, 0.12), "#000000", alpha=0.1)
    for i, y in enumerate(np.arange(roof + 0.07, -0.1, 0.22)):
        for k, x in enumerate((left + 0.28 * width, left + 0.72 * width)):
            lit = (i + k + round(10 * width)) % 3 == 0
            brush.fill(box(x - 0.05, y, x + 0.05, y + 0.13, 0.01), "#fffaf0")
            brush.fill(
                box(x - 0.036, y + 0.014, x + 0.036, y + 0.116), "#ffd77a" if lit else "#4f5f82"
            )
            brush.stroke(thread((x, y), (x, y + 0.13)), "#fffaf0", 0.012)
    brush.fill(box(middle - 0.055, -0.1, middle + 0.055, 0.12, 0.03), "#6b4434")
