"""What a block of base width costs as clips get longer and frames larger, in the three schemes.

Seconds and memory of one block over one clip, in float32 with random weights, each in a process of
its own: the median of RUNS, and what the process grew by at most; and its multiply-accumulates,
counted, which are the paper's figure of joint beside divided attention. The picture goes to
assets/growth.svg.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

import torch
from matplotlib.figure import Figure
from torch.utils.flop_counter import FlopCounterMode

from timesformer import TimesformerConfig, TimesformerModel
from timesformer.kernels.prepare import prepare
from timesformer.models.attention import full_weights
from timesformer.paths import ASSETS_FOLDER

from .cost import peak_bytes

RUNS = 5
SCHEMES = {  # with the line of each, in colours that everybody tells apart
    "divided_space_time": {"color": "#0072b2", "marker": "o", "linestyle": "-"},
    "joint_space_time": {"color": "#d55e00", "marker": "s", "linestyle": "--"},
    "space_only": {"color": "#009e73", "marker": "^", "linestyle": ":"},
}
ROWS = {"seconds a block": "log", "GiB a block": "linear", "GMACs a block": "log"}  # and scales
FRAMES = [(T, 14) for T in (8, 16, 32, 64, 96)]
GRIDS = [(8, side) for side in (14, 20, 26, 32)]
PICTURE = ASSETS_FOLDER / "growth.svg"

Point = tuple[int, int]  # frames, and patches along a side
Cost = tuple[float, float, float]  # seconds, GiB, GMACs


def shape_of(scheme: str, T: int, side: int) -> TimesformerConfig:
    return TimesformerConfig(
        num_frames=T, image_size=16 * side, num_hidden_layers=1, attention_type=scheme
    )


def count(scheme: str, T: int, side: int) -> float:
    """The multiply-accumulates of one block as it was published, in 10^9."""
    config = shape_of(scheme, T, side)
    with torch.device("meta"), torch.inference_mode():
        model = TimesformerModel(config).eval()
        state = model.embed(torch.empty(1, T, 3, *config.image_shape))
        with FlopCounterMode(display=False) as counted:
            model.blocks[0](state, observe=full_weights)
    return counted.get_total_flops() / 2 / 1e9


def measure(scheme: str, T: int, side: int) -> tuple[float, float]:
    """Seconds and GiB of one block, in this process."""
    config = shape_of(scheme, T, side)
    with torch.inference_mode():
        model = prepare(TimesformerModel(config))
        state = model.embed(torch.randn(1, T, 3, *config.image_shape))
        before, seconds = peak_bytes(), []
        for _ in range(1 + RUNS):
            began = time.perf_counter()
            model.blocks[0](state)
            seconds.append(time.perf_counter() - began)
    return median(seconds[1:]), (peak_bytes() - before) / 2**30


def measured_apart(scheme: str, T: int, side: int) -> Cost:
    """The cost of one block, in a process that does nothing else."""
    child = subprocess.run(
        [sys.executable, "-m", __spec__.name, scheme, str(T), str(side)],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, gib = json.loads(child.stdout)
    return seconds, gib, count(scheme, T, side)


def draw(costs: dict[tuple[str, Point], Cost]) -> Figure:
    """A row for each of ROWS; frames on the left, patches on the right."""
    figure = Figure(figsize=(9, 9), layout="constrained")
    rows = figure.subplots(len(ROWS), 2, sharey="row")
    for row, ((name, scale), axes) in enumerate(zip(ROWS.items(), rows, strict=True)):
        for column, (points, ax) in enumerate(zip((FRAMES, GRIDS), axes, strict=True)):
            across = [point[column] for point in points]
            for scheme, style in SCHEMES.items():
                values = [costs[scheme, point][row] for point in points]
                ax.plot(across, values, **style, label=scheme.replace("_", " "))
            ax.set(yscale=scale, xticks=across)
            ax.yaxis.set_major_formatter("{x:g}")
            ax.yaxis.set_minor_formatter("")
            ax.grid(alpha=0.3)
            if row == len(ROWS) - 1:
                ax.set_xlabel(("frames of 14 x 14 patches", "patches a side, of 8 frames")[column])
        axes[0].set_ylabel(name)
    figure.axes[0].legend()
    return figure


def report() -> Iterator[str]:
    """The table, a line at a time."""
    points = list(dict.fromkeys(FRAMES + GRIDS))
    costs: dict[tuple[str, Point], Cost] = {}
    yield "| frames x patches | " + " | ".join(f"{name}: s, GiB, GMACs" for name in SCHEMES) + " |"
    yield "|---|---|---|---|"
    for T, side in points:
        cells = []
        for scheme in SCHEMES:
            costs[scheme, (T, side)] = measured_apart(scheme, T, side)
            cells.append("{:.3f}, {:.2f}, {:.1f}".format(*costs[scheme, (T, side)]))
        yield f"| {T} x {side}² | " + " | ".join(cells) + " |"
    draw(costs).savefig(PICTURE)


if __name__ == "__main__":
    scheme, T, side = sys.argv[1:]
    print(json.dumps(measure(scheme, int(T), int(side))))
