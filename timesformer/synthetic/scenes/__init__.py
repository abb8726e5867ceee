"""Scenes of the bundled example clips: one for each label of `motion`, and two hard ones."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ...progress import Progress, ignore_progress
from ...video.encode import write_mp4
from . import indoors, objects, people, props, scenery, vehicles
from .brush import Brush

SIZE = 384  # pixels of a side
FRAMES = 72  # a model with 8 frames at sampling rate 8 reads the first 64
FPS = 30


@dataclass(frozen=True)
class Scene:
    """A short clip to draw.

    `name` is the stem of its file and the key of its title in the catalog's section `scenes`.
    `label` is its motion, one of motion.LABELS. `draw` paints a moment from 0, the first of the 72
    frames, to 1, the last. A model may be wrong about a `hard` scene; the title asks a question.
    """

    name: str
    label: str
    draw: Callable[[Axes, float], None]
    hard: bool = False


def render_scene(scene: Scene, *, moments: Sequence[float] | None = None) -> np.ndarray:
    """Return the frames (T, 384, 384, 3) uint8 RGB at the given moments, by default all 72."""
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
        frames.append(_soften(np.asarray(canvas.buffer_rgba())[..., :3]))
    return np.stack(frames)


def _soften(frame: np.ndarray) -> np.ndarray:
    """Return the frame (H, W, 3) without its finest detail, a third of the file size."""
    around = np.pad(frame.astype(np.uint16), ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows = around[:-2] + 2 * around[1:-1] + around[2:]
    return ((rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:] + 8) // 16).astype(np.uint8)


def draw_examples(folder: Path, *, on_progress: Progress = ignore_progress) -> None:
    """Write every scene into the folder as <name>.mp4; `on_progress` gets the scenes done."""
    folder.mkdir(parents=True, exist_ok=True)
    on_progress(0, len(SCENES))
    for done, scene in enumerate(SCENES, start=1):
        write_mp4(folder / f"{scene.name}.mp4", render_scene(scene), fps=FPS)
        on_progress(done, len(SCENES))


def _ball(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.lawn(brush)
    radius, way = 0.37, 1.2 * moment
    x = 0.6 - way
    brush.glow(x + 0.06, 0.74, 0.5, "#1f5a2e", height=0.1, alpha=0.75)
    angle = -way / radius  # rolling without slipping
    objects.beach_ball(brush.at(x, 0.38, size=radius), angle=angle)


def _boat(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.sea(brush)
    vehicles.sailing_boat(brush.at(-0.5 + 1.04 * moment, 0.58))
    scenery.sea_front(brush)


def _balloon(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.valley(brush)
    vehicles.hot_air_balloon(brush.at(-0.04, 0.36 - 0.98 * moment))


def _penguin(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.snow(brush)
    objects.penguin_with_parachute(brush.at(-0.02, -0.46 + 0.96 * moment, size=0.88))


def _bus(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.country_road(brush)
    vehicles.bus(brush.at(0, scenery.HORIZON + 0.04, size=0.45 * 2.8**moment))


def _rocket(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.space(brush)
    x, y = -0.1 + 0.08 * moment, 0.06 - 0.1 * moment
    vehicles.rocket(brush.at(x, y, size=1.2 / 3**moment, angle=0.6))


def _record(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    indoors.turntable(brush)
    objects.picture_record(brush.at(-0.15, 0.0), angle=math.radians(106 * moment - 46))
    props.tone_arm(brush.at(0.76, -0.56))


def _swim_ring(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.pool(brush)
    people.swim_ring(brush.at(0.06, 0.18), angle=math.radians(50 - 106 * moment))


def _pendulum(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    indoors.parlour(brush)
    swings = moment * (FRAMES - 1) / 36  # one every 36 frames, 1.2 s
    hook = brush.at(0, -0.14)
    objects.pendulum(hook.at(0, 0, angle=0.5 * math.cos(2 * math.pi * swings)))
    props.clock_case(hook)


def _cat(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    indoors.night_window(brush)
    props.pot_plant(brush.at(0.67, 0.61))
    objects.sleeping_cat(brush.at(-0.08, 0.62, size=1.18))


def _wave(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    indoors.study(brush)
    turn = 2 * math.pi * moment * (FRAMES - 1) / 24  # a wave lasts 24 frames, 0.8 s
    person = brush.at(-0.18, -0.06)
    people.waving_person(person, wave=0.11 + 0.27 * math.sin(turn), tilt=0.02 * math.sin(turn / 3))
    indoors.desk(brush)
    props.viewfinder(brush)


def _trams(axes: Axes, moment: float) -> None:
    brush = Brush(axes)
    scenery.old_town(brush)
    scenery.tram_wire(brush, -0.24, 0.01)
    vehicles.tram(brush.at(0.62 - 1.2 * moment, 0.25, size=0.6), "#3b8f9c", way=-1)
    scenery.tram_wire(brush, 0.09, 0.014)
    vehicles.tram(brush.at(-0.6 + 1.3 * moment, 0.95, size=1.06), "#d9473f", way=1)


SCENES = (
    Scene("ball-rolling-left", "moving left", _ball),
    Scene("boat-sailing-right", "moving right", _boat),
    Scene("balloon-rising", "moving up", _balloon),
    Scene("penguin-coming-down", "moving down", _penguin),
    Scene("bus-coming-nearer", "moving toward you", _bus),
    Scene("rocket-flying-away", "moving away from you", _rocket),
    Scene("record-turning", "turning clockwise", _record),
    Scene("ring-turning", "turning anticlockwise", _swim_ring),
    Scene("pendulum-swinging", "shaking", _pendulum),
    Scene("cat-sleeping", "standing still", _cat),
    Scene("hand-waving", "shaking", _wave, hard=True),
    Scene("trams-passing", "moving right", _trams, hard=True),
)
