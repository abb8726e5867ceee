"""Draws the bundled example clips: ten short scenes, one for each label of `motion`."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..video import write_mp4
from . import props, scenery, things
from .brush import Brush

SIZE = 384  # pixels of a side
FRAMES = 72  # of which a model that looks at 8 x 8 frames sees the first 64
FPS = 30


@dataclass(frozen=True)
class Scene:
    """A short clip to draw.

    `name` is the stem of its file, `title` what a person reads under it, `label` what it shows, of
    motion.LABELS; `draw` paints a moment from 0, the first of the 72 frames, to 1, the last.
    """

    name: str
    title: str
    label: str
    draw: Callable[[Axes, float], None]


def render_scene(scene: Scene, *, moments: Sequence[float] | None = None) -> np.ndarray:
    """The frames (T, 384, 384, 3) uint8 RGB at the given moments, by default all 72."""
    if moments is None:
        moments = [i / (FRAMES - 1) for i in range(FRAMES)]
    figure = Figure(figsize=(SIZE / 72, SIZE / 72), dpi=72)  # a point is a pixel
    canvas = FigureCanvasAgg(figure)
    frames = []
    for moment in moments:
        figure.clear()
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set(xlim=(-1, 1), ylim=(1, -1))
        axes.set_axis_off()
        scene.draw(axes, moment)
        canvas.draw()
        frames.append(_softened(np.asarray(canvas.buffer_rgba())[..., :3]))
    return np.stack(frames)


def _softened(frame: np.ndarray) -> np.ndarray:
    """The frame (H, W, 3) without its sharpest detail, which would cost a third of the file."""
    around = np.pad(frame.astype(np.uint16), ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows = around[:-2] + 2 * around[1:-1] + around[2:]
    return ((rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:] + 8) // 16).astype(np.uint8)


def draw_examples(folder: Path) -> None:
    """Write every scene into the folder as <name>.mp4."""
    folder.mkdir(parents=True, exist_ok=True)
    for scene in SCENES:
        write_mp4(folder / f"{scene.name}.mp4", render_scene(scene), fps=FPS)


def _ball(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.lawn(brush)
    radius, way = 0.37, 1.2 * moment
    x = 0.6 - way
    brush.glow(x + 0.06, 0.74, 0.5, "#1f5a2e", height=0.1, alpha=0.75)
    angle = -way / radius  # it rolls without slipping
    things.beach_ball(brush.at(x, 0.38, size=radius), angle=angle)


def _boat(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.sea(brush)
    things.sailing_boat(brush.at(-0.5 + 1.04 * moment, 0.58))
    scenery.sea_front(brush)


def _balloon(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.valley(brush)
    things.hot_air_balloon(brush.at(-0.04, 0.36 - 0.98 * moment))


def _penguin(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.snow(brush)
    things.penguin_with_parachute(brush.at(-0.02, -0.46 + 0.96 * moment, size=0.88))


def _bus(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.country_road(brush)
    things.bus(brush.at(0, scenery.HORIZON + 0.04, size=0.45 * 2.8**moment))


def _rocket(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.space(brush)
    x, y = -0.12 + 0.16 * moment, 0.1 - 0.16 * moment
    things.rocket(brush.at(x, y, size=1.15 / 2.8**moment, angle=0.6))


def _ferris_wheel(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.fair(brush)
    hub = brush.at(0, -0.13)
    props.ferris_wheel_legs(hub)
    things.ferris_wheel(hub, angle=math.radians(140 * moment))


def _windmill(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.tulip_field(brush)
    hub = brush.at(-0.02, -0.18)
    props.windmill_tower(hub)
    scenery.tulip_front(brush)
    things.windmill_sails(hub.at(0, 0, angle=-math.radians(140 * moment)))


def _pendulum(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.parlour(brush)
    swings = moment * (FRAMES - 1) / 36  # one every 36 frames, 1.2 s
    hook = brush.at(0, -0.14)
    things.pendulum(hook.at(0, 0, angle=0.5 * math.cos(2 * math.pi * swings)))
    props.clock_case(hook)


def _cat(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.night_window(brush)
    props.pot_plant(brush.at(0.67, 0.61))
    things.sleeping_cat(brush.at(-0.08, 0.62, size=1.18))


SCENES = (
    Scene("ball-rolling-left", "A ball rolls left", "moving left", _ball),
    Scene("boat-sailing-right", "A boat sails right", "moving right", _boat),
    Scene("balloon-rising", "A hot-air balloon rises", "moving up", _balloon),
    Scene("penguin-coming-down", "A penguin comes down", "moving down", _penguin),
    Scene("bus-coming-nearer", "A bus comes nearer", "moving toward you", _bus),
    Scene("rocket-flying-away", "A rocket flies away", "moving away from you", _rocket),
    Scene("wheel-turning", "A Ferris wheel turns clockwise", "turning clockwise", _ferris_wheel),
    Scene("windmill-turning", "A windmill turns anticlockwise", "turning anticlockwise", _windmill),
    Scene("pendulum-swinging", "A pendulum swings", "shaking", _pendulum),
    Scene("cat-sleeping", "A cat sleeps", "standing still", _cat),
)
