"""Vehicles of the example clips, each drawn around its own origin."""

from .brush import Brush, all_but, blob, box, closed, disc, mirrored, polygon, thread


def sailing_boat(brush: Brush) -> None:
    """Draw a boat with two sails that heads right, on the water at the origin."""
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
    """Draw a striped balloon whose basket hangs 0.6 below its middle."""
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


def bus(brush: Brush) -> None:
    """Draw a smiling yellow bus from the front, about 0.85 wide and 1 high."""
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
    """Draw a rocket pointing up that the viewer sees from behind, about 1.3 high with its flame."""
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


def tram(brush: Brush, colour: str, *, way: int) -> None:
    """Draw a tram of 1.3 by 0.75 on the rail through the origin, heading right (1) or left (-1)."""
    brush.glow(0, 0.01, 0.8, "#2a2436", height=0.09, alpha=0.85)
    brush.fill(box(-0.5, -0.14, 0.5, -0.03, 0.02), "#34303f")
    for x in (-0.42, -0.26, 0.26, 0.42):
        brush.fill(disc(x, -0.06, 0.07), "#23202b")
        brush.fill(disc(x, -0.06, 0.035), "#8d8794")
    brush.stroke(thread((-0.1, -0.66), (0.06, -0.72), (-0.06, -0.8)), "#3d3a4a", 0.018)
    brush.stroke(thread((-0.15, -0.8), (0.05, -0.8)), "#3d3a4a", 0.022)
    brush.fill(box(-0.54, -0.68, 0.54, -0.58, 0.04), "#5a5564")
    body = box(-0.65, -0.61, 0.65, -0.1, 0.09)
    brush.fill(body, "#fff3dc")
    brush.fill(box(-0.7, -0.32, 0.7, 0), colour, within=body)
    brush.fill(box(-0.7, -0.27, 0.7, -0.24), "#ffd77a", within=body)
    brush.fill(disc(way * 0.63, -0.2, 0.045), "#fff7c9")
    brush.fill(box(way * 0.3 - 0.07, -0.54, way * 0.3 + 0.07, -0.1, 0.02), "#34303f")
    brush.fill(box(way * 0.3 - 0.055, -0.52, way * 0.3 + 0.055, -0.13, 0.02), "#bfe3ee")
    for i, x in enumerate((-0.52, -0.32, -0.12, 0.08)):
        _passenger(brush.at(way * x, -0.43), i)
    _passenger(brush.at(way * 0.52, -0.43), 4)


def _passenger(pane: Brush, number: int) -> None:
    """Draw a window with a passenger."""
    window = box(-0.085, -0.1, 0.085, 0.1, 0.03)
    pane.fill(window, ("#7cc1da", "#d3eef0"))
    shirt = ("#e4574f", "#f2b134", "#3f8f8a", "#7a5bb8", "#26406f")[number]
    skin = ("#f2c9a5", "#8a4f33", "#d79b72", "#b5704a", "#e8b58f")[number]
    pane.fill(disc(0, 0.1, 0.075, 0.08), shirt, within=window)
    pane.fill(disc(0, -0.02, 0.045, 0.05), skin, within=window)
    pane.fill(box(-0.05, -0.08, 0.05, -0.04, 0.02), ("#38231c", shirt)[number % 2], within=window)
    pane.stroke(window, "#34303f", 0.014)
