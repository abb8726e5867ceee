"""Shapes, and a brush that fills and strokes them on axes.

Positions are in half-widths of the picture, as in `motion`: x runs right and y down from -1 to 1.
Angles run clockwise. What is painted later lies on top.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.image import AxesImage
from matplotlib.patches import BoxStyle, PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

Point = tuple[float, float]
Paint = str | tuple[str, str]  # a colour, or the colours at the top and the bottom of the shape

SHADES = 256  # rows of a gradient's picture


def disc(x: float, y: float, radius: float, height: float | None = None) -> Path:
    """Return a circle, or an ellipse of half-width `radius` and half-height `height`."""
    shape = Affine2D().scale(radius, radius if height is None else height).translate(x, y)
    return shape.transform_path(Path.unit_circle())


def all_but(x: float, y: float, radius: float, height: float) -> Path:
    """Return everything outside an ellipse, to shade one side of a round object."""
    hole = disc(x, y, -radius, height)  # opposite direction, so that it is a hole
    return Path.make_compound_path(box(-9, -9, 9, 9), hole)


def box(left: float, top: float, right: float, bottom: float, rounding: float = 0.0) -> Path:
    """Return an upright rectangle, its corners rounded by a radius."""
    corners = BoxStyle.Round(pad=0, rounding_size=rounding)
    return corners(left, top, right - left, bottom - top, 1.0)


PICTURE = box(-1.02, -1.02, 1.02, 1.02)  # the visible area and a margin


def wedge(x: float, y: float, radius: float, start: float, end: float) -> Path:
    """Return a circular sector between two angles in degrees, clockwise from the right."""
    return Affine2D().scale(radius).translate(x, y).transform_path(Path.wedge(start, end))


def dome(radius: float, height: float) -> Path:
    """Return the upper half of an ellipse centred on the origin."""
    angles = np.linspace(math.pi, 2 * math.pi, 40)
    return polygon(*((radius * math.cos(a), height * math.sin(a)) for a in angles))


def polygon(*points: Point) -> Path:
    """Return a polygon through the points."""
    return Path([*points, points[0]], closed=True)


def blob(*points: Point) -> Path:
    """Return a smooth closed curve through the points."""
    return _smooth([points[-1], *points, points[0], points[1]])


def thread(*points: Point) -> Path:
    """Return a smooth open curve through the points."""
    return _smooth([points[0], *points, points[-1]])


def land(*skyline: Point) -> Path:
    """Return the area below a smooth skyline, down to the bottom of the picture."""
    return closed(thread(*skyline), (skyline[-1][0], 1.1), (skyline[0][0], 1.1))


def mirrored(half: Sequence[Point]) -> list[Point]:
    """Return the points of a right half and of its mirror image, clockwise."""
    left = [(-x, y) for x, y in reversed(half) if x]
    return [*half, *left]


def closed(path: Path, *points: Point) -> Path:
    """Return an open curve closed by straight lines through further points."""
    vertices, codes = np.asarray(path.vertices), np.asarray(path.codes)
    straight = [Path.LINETO] * (len(points) + 1)
    return Path(np.concatenate([vertices, points, vertices[:1]]), np.append(codes, straight))


def _smooth(points: Sequence[Point]) -> Path:
    """Return a Catmull-Rom curve as Bezier pieces; first and last point only give directions."""
    spots = np.array(points)
    before, start, end, after = spots[:-3], spots[1:-2], spots[2:-1], spots[3:]
    pieces = np.stack([start + (end - before) / 6, end - (after - start) / 6, end], axis=1)
    vertices = np.concatenate([start[:1], pieces.reshape(-1, 2)])
    return Path(vertices, [Path.MOVETO, *[Path.CURVE4] * (len(vertices) - 1)])


@dataclass(frozen=True)
class Brush:
    """A brush for `axes` in the coordinates of an object; `place` maps them to the picture."""

    axes: Axes
    place: Affine2D = field(default_factory=Affine2D)

    def at(self, x: float, y: float, *, size: float = 1.0, angle: float = 0.0) -> "Brush":
        """Return a brush for an object at (x, y), scaled by `size`, turned clockwise by `angle`."""
        step = Affine2D().scale(size).rotate(angle).translate(x, y)
        return Brush(self.axes, Affine2D(self.place.get_matrix() @ step.get_matrix()))

    def fill(
        self, path: Path, paint: Paint, *, alpha: float = 1.0, within: Path | None = None
    ) -> None:
        """Fill a path; a single colour may be clipped to `within`."""
        if isinstance(paint, tuple):
            assert within is None, "a gradient is clipped to its own path"
            left, top, right, bottom = path.get_extents().extents
            self._picture(_gradient(*paint, alpha), (left, right, top, bottom), path)
            return
        patch = PathPatch(path, facecolor=paint, edgecolor="none", alpha=alpha)
        self._add(patch, within)

    def stroke(
        self,
        path: Path,
        colour: str,
        width: float,
        *,
        alpha: float = 1.0,
        within: Path | None = None,
    ) -> None:
        """Draw along a path with a round pen; `width` is in half-widths of the picture."""
        points = width * self.axes.bbox.width / 2 * 72 / self.axes.figure.dpi
        scale = math.sqrt(np.linalg.det(self.place.get_matrix()[:2, :2]))
        patch = PathPatch(path, facecolor="none", edgecolor=colour, alpha=alpha)
        patch.set(linewidth=points * scale, capstyle="round", joinstyle="round")
        self._add(patch, within)

    def glow(
        self,
        x: float,
        y: float,
        radius: float,
        colour: str,
        *,
        height: float | None = None,
        alpha: float = 1.0,
    ) -> None:
        """Draw a soft round spot that fades out: a light, or in a dark colour a shadow."""
        axis = np.linspace(-1, 1, 64)
        fade = np.clip(1 - np.hypot(axis, axis[:, None]), 0, 1)
        pixels = np.empty((64, 64, 4))
        pixels[..., :3] = to_rgb(colour)
        pixels[..., 3] = alpha * fade * fade * (3 - 2 * fade)
        height = radius if height is None else height
        self._picture(pixels, (x - radius, x + radius, y - height, y + height), None)

    def _picture(
        self, pixels: np.ndarray, extent: tuple[float, float, float, float], cut: Path | None
    ) -> None:
        image = AxesImage(self.axes, extent=extent, origin="lower", interpolation="bilinear")
        image.set_data(pixels)
        self._add(image, cut)

    def _add(self, artist: PathPatch | AxesImage, cut: Path | None) -> None:
        transform = self.place + self.axes.transData
        artist.set(transform=transform, zorder=1, snap=False)  # snapping would make motion jerky
        self.axes.add_artist(artist)
        if cut is not None:
            artist.set_clip_path(cut, transform)


def _gradient(top: str, bottom: str, alpha: float) -> np.ndarray:
    """Return a picture (SHADES, 1, 4) from one colour down to another."""
    share = np.linspace(0, 1, SHADES)[:, None, None]
    colours = np.array(to_rgb(top)) * (1 - share) + np.array(to_rgb(bottom)) * share
    return np.concatenate([colours, np.full((SHADES, 1, 1), alpha)], axis=-1)
