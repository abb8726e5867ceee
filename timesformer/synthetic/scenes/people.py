"""People of the example clips: a bather in a swim ring, and a person who waves at a webcam."""

import math

import numpy as np

from . import props
from .brush import Brush, all_but, blob, box, closed, disc, mirrored, polygon, thread

SPRINKLES = ("#ffffff", "#ffd23f", "#3f8fe0", "#57c785", "#7a4fc4")


def swim_ring(brush: Brush, *, angle: float) -> None:
    """Draw a ring of radius 0.58 like a doughnut, with a bather, turned under a fixed light."""
    brush.glow(0.06, 0.12, 0.82, "#06506f", alpha=0.75)
    ring = brush.at(0, 0, angle=angle)
    ring.fill(disc(0, 0, 0.58), "#eebd7b")
    around = np.arange(14) * math.pi / 7
    reach = np.where(np.arange(14) % 2, 0.485, 0.54)
    ring.fill(blob(*_on_circle(around, reach)), "#f2679c")
    _sprinkles(ring)
    ring.fill(disc(0, 0, 0.25), "#eebd7b")
    ring.fill(disc(0, 0, 0.21), "#1c8fae")
    brush.fill(all_but(-0.07, -0.08, 0.56, 0.56), "#5a1650", alpha=0.16, within=disc(0, 0, 0.58))
    shine = thread((-0.47, -0.02), (-0.42, -0.23), (-0.28, -0.39), (-0.12, -0.46))
    brush.stroke(shine, "#ffffff", 0.035, alpha=0.6)
    _bather(ring)


def _on_circle(angles: np.ndarray, reach: np.ndarray) -> list[tuple[float, float]]:
    x, y = reach * np.cos(angles), reach * np.sin(angles)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _sprinkles(ring: Brush) -> None:
    rng = np.random.default_rng(4)
    for row, reach in enumerate((0.33, 0.45)):
        for i, around in enumerate(np.arange(0, 2 * math.pi, 0.15 / reach)):
            turn = float(around + row + rng.uniform(-0.1, 0.1))
            spot = ring.at(reach * math.cos(turn), reach * math.sin(turn), angle=rng.uniform(0, 3))
            spot.stroke(thread((-0.022, 0), (0.022, 0)), SPRINKLES[(i + 2 * row) % 5], 0.03)


def _bather(ring: Brush) -> None:
    """Draw a bather face up in the ring, the head at the top and the feet in the water."""
    skin, shade = "#b9744a", "#9c5f3c"
    for side in (-1, 1):
        leg = thread((side * 0.08, 0.12), (side * 0.13, 0.38), (side * 0.1, 0.66))
        ring.stroke(leg, shade, 0.125)
        ring.stroke(leg, skin, 0.1)
        ring.fill(disc(side * 0.11, 0.7, 0.05, 0.07), skin)
        arm = thread((side * 0.14, -0.19), (side * 0.34, -0.17), (side * 0.44, 0.04))
        ring.stroke(arm, shade, 0.105)
        ring.stroke(arm, skin, 0.08)
    half = [(0.0, -0.25), (0.15, -0.24), (0.12, -0.05), (0.15, 0.13), (0.07, 0.24), (0.0, 0.25)]
    suit = blob(*mirrored(half))
    ring.fill(suit, "#21407e")
    for y in (-0.14, -0.02, 0.1):
        ring.fill(box(-0.2, y, 0.2, y + 0.05), "#fff6e5", within=suit)
    ring.fill(blob((-0.08, -0.27), (0.08, -0.27), (0.06, -0.19), (-0.06, -0.19)), skin)
    _bathers_face(ring.at(0, -0.4))
    ring.fill(disc(0.45, 0.07, 0.085), "#fff6e5")
    ring.fill(disc(0.45, 0.07, 0.065), "#ff9a2e")
    ring.stroke(thread((0.45, 0.07), (0.54, -0.07)), "#e4483f", 0.026)


def _bathers_face(face: Brush) -> None:
    hair = "#38231c"
    face.fill(disc(0, -0.21, 0.085), hair)
    for angle in np.linspace(-3.5, 0.36, 9):
        face.fill(disc(0.13 * math.cos(angle), 0.13 * math.sin(angle) - 0.02, 0.062), hair)
    face.fill(blob(*mirrored([(0.0, -0.11), (0.11, -0.06), (0.1, 0.08), (0.0, 0.145)])), "#c9835a")
    props.daisy(face.at(0.12, -0.13, size=1.9), "#ff5f4a")
    face.stroke(thread((-0.1, -0.015), (0.1, -0.015)), "#1d1b33", 0.02)
    for side in (-1, 1):
        face.fill(disc(side * 0.055, 0.0, 0.048, 0.04), "#1d1b33")
        face.stroke(thread((side * 0.055 - 0.02, 0.0), (side * 0.055, -0.02)), "#8fd6f0", 0.012)
    face.stroke(thread((-0.045, 0.075), (0, 0.095), (0.045, 0.075)), "#ffffff", 0.022)


def waving_person(brush: Brush, *, wave: float, tilt: float) -> None:
    """Draw a person who waves at a webcam, head at the origin.

    The forearm is turned clockwise by `wave` from upright, the head by `tilt`, in radians.
    """
    shoulders = [(-0.56, 0.7), (-0.32, 0.5), (0.0, 0.44), (0.32, 0.5), (0.56, 0.7)]
    jumper = thread((-0.64, 1.3), *shoulders, (0.64, 1.3))
    brush.fill(jumper, "#e9a426")
    brush.stroke(thread((-0.34, 0.86), (-0.38, 1.3)), "#c47f16", 0.022)
    for y in (0.74, 0.84):
        brush.fill(box(-1, y, 1, y + 0.05), "#fff1d0", within=jumper)
    brush.fill(disc(0, 0.47, 0.17, 0.1), "#c47f16")
    brush.fill(box(-0.1, 0.2, 0.1, 0.5, 0.09), "#8a4f33")
    _head(brush.at(0, 0.3, angle=tilt).at(0, -0.3))
    brush.stroke(thread((0.46, 0.72), (0.62, 0.95)), "#c47f16", 0.27)
    brush.stroke(thread((0.46, 0.72), (0.62, 0.95)), "#e9a426", 0.24)
    elbow = brush.at(0.64, 0.96, angle=wave)
    _hand(elbow.at(0, -0.62, angle=0.5 * wave))
    elbow.stroke(thread((0, -0.62), (0, -0.42)), "#a8643f", 0.12)
    sleeve = polygon((-0.13, 0.02), (-0.105, -0.4), (0.105, -0.4), (0.13, 0.02))
    elbow.stroke(sleeve, "#e9a426", 0.03)
    elbow.fill(sleeve, "#e9a426")
    elbow.stroke(thread((-0.1, -0.39), (0.1, -0.39)), "#fff1d0", 0.055)


def _head(head: Brush) -> None:
    hair, skin = "#2b1d26", "#a8643f"
    for angle in np.linspace(-3.5, 0.36, 10):
        head.fill(disc(0.24 * math.cos(angle), -0.1 + 0.26 * math.sin(angle), 0.125), hair)
    head.fill(disc(0, -0.14, 0.26, 0.24), hair)
    face = blob(*mirrored([(0.0, -0.27), (0.19, -0.2), (0.235, 0.0), (0.17, 0.2), (0.0, 0.285)]))
    head.fill(face, skin)
    for x in (-0.16, -0.05, 0.06, 0.17):
        head.fill(disc(x, -0.24, 0.085), hair)
    for side in (-1, 1):
        head.fill(disc(side * 0.155, 0.085, 0.05, 0.035), "#c8714f", alpha=0.7)
        head.fill(disc(side * 0.1, -0.02, 0.048, 0.05), "#ffffff")
        head.fill(disc(side * 0.095, -0.015, 0.028), "#2b1d26")
        brow = thread((side * 0.05, -0.105), (side * 0.1, -0.125), (side * 0.15, -0.1))
        head.stroke(brow, hair, 0.024)
    head.stroke(thread((0.0, 0.03), (0.025, 0.07), (-0.01, 0.08)), "#7f4529", 0.018)
    mouth = [(-0.105, 0.115), (0.0, 0.15), (0.105, 0.115)]
    head.fill(closed(thread(*mouth), (0.06, 0.19), (0.0, 0.21), (-0.06, 0.19)), "#7a2635")
    head.stroke(thread((-0.08, 0.133), (0.0, 0.158), (0.08, 0.133)), "#ffffff", 0.026)
    _headphones(head)


def _headphones(head: Brush) -> None:
    band = [(-0.29, 0.0), (-0.27, -0.25), (0.0, -0.43), (0.27, -0.25), (0.29, 0.0)]
    head.stroke(thread(*band), "#fff6e5", 0.05)
    for side in (-1, 1):
        x = side * 0.28
        head.fill(box(x - 0.065, -0.1, x + 0.065, 0.13, 0.06), "#fff6e5")
        head.fill(box(x - 0.04, -0.07, x + 0.04, 0.1, 0.04), "#2f9c95")


def _hand(palm: Brush) -> None:
    """Draw an open hand that stands on its wrist, the thumb toward the head."""
    skin, shade = "#b5704a", "#8a4f33"
    fingers = [
        thread((x * 0.75, -0.1), (x, -0.2), (x * 1.35, tip))
        for x, tip in ((-0.085, -0.3), (-0.03, -0.35), (0.03, -0.34), (0.085, -0.28))
    ]
    fingers.append(thread((-0.06, -0.02), (-0.13, -0.08), (-0.18, -0.15)))
    for width, colour in ((0.085, shade), (0.062, skin)):
        for finger in fingers:
            palm.stroke(finger, colour, width)
        size = 0.105 + width / 8
        palm.fill(disc(0, -0.08, size, size * 1.15), colour)
    palm.stroke(thread((-0.05, -0.1), (0.0, -0.05), (0.06, -0.06)), shade, 0.014)
