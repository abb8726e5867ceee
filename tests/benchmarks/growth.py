"""Cost of a block of base width for longer clips and larger frames, in the three schemes.

Seconds and memory of one block for one clip, in float32 with random weights, each in a process of
its own. Seconds are the median of RUNS, and memory is the growth of the process. Counted
multiply-accumulates correspond to the paper's figure of joint and divided attention. The plot is
written to growth.svg.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import torch
from matplotlib.figure import Figure
from torch.utils.flop_counter import FlopCounterMode

from timesformer import TimesformerConfig, TimesformerModel
from timesformer.kernels.prepare import prepare
from timesformer.models.attention import full_weights

from .measure import measure_in_turn, peak_bytes, run_alone

RUNS = 5
SCHEMES = {  # line styles in colours that are distinct for the colour-blind
    "divided_space_time": {"color": "#0072b2", "marker": "o", "linestyle": "-"},
    "joint_space_time": {"color": "#d55e00", "marker": "s", "linestyle": "--"},
    "space_only": {"color": "#009e73", "marker": "^", "linestyle": ":"},
}
ROWS = {"seconds a block": "log", "GiB a block": "linear", "GMACs a block": "log"}  # axis scales
FRAMES = [(T, 14) for T in (8, 16, 32, 64, 96)]
GRIDS = [(8, side) for side in (14, 20, 26, 32)]
PLOT = Path(__file__).with_name("growth.svg")

Point = tuple[int, int]  # frames, and patches along a side
Cost = tuple[float, float, float]  # seconds, GiB, GMACs


def shape_of(scheme: str, T: int, side: int) -> TimesformerConfig:
    return TimesformerConfig(
        num_frames=T, image_size=16 * side, num_hidden_layers=1, attention_type=scheme
    )


def count(scheme: str, T: int, side: int) -> float:
    """Return the multiply-accumulates of one plain block, in 10^9."""
    config = shape_of(scheme, T, side)
    with torch.device("meta"), torch.inference_mode():
        model = TimesformerModel(config).eval()
        state = model.embed(torch.empty(1, T, 3, *config.image_shape))
        with FlopCounterMode(display=False) as counted:
            model.blocks[0](state, observe=full_weights)
    return counted.get_total_flops() / 2 / 1e9


def measure(scheme: str, T: int, side: int) -> tuple[float, float]:
    """Return seconds and GiB of one block, in this process."""
    config = shape_of(scheme, T, side)
    with torch.inference_mode():
        model = prepare(TimesformerModel(config))
        state = model.embed(torch.randn(1, T, 3, *config.image_shape))
        before = peak_bytes()
        seconds = measure_in_turn({"block": lambda: model.blocks[0](state)}, runs=RUNS)["block"]
    return median(seconds), (peak_bytes() - before) / 2**30


def measure_alone(scheme: str, T: int, side: int) -> Cost:
    """Return the cost of one block, measured in a process of its own."""
    seconds, gib = json.loads(run_alone(__spec__.name, scheme, str(T), str(side)))
    return seconds, gib, count(scheme, T, side)


def draw(costs: dict[tuple[str, Point], Cost]) -> Figure:
    """Draw a row of axes for each of ROWS: frames on the left, patches on the right."""
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
    """Yield the lines of the table."""
    points = list(dict.fromkeys(FRAMES + GRIDS))
    costs: dict[tuple[str, Point], Cost] = {}
    yield "| frames x patches | " + " | ".join(f"{name}: s, GiB, GMACs" for name in SCHEMES) + " |"
    yield "|---|---|---|---|"
    for T, side in points:
        cells = []
        for scheme in SCHEMES:
            costs[scheme, (T, side)] = measure_alone(scheme, T, side)
            cells.append("{:.3f}, {:.2f}, {:.1f}".format(*costs[scheme, (T, side)]))
        yield f"| {T} x {side}² | " + " | ".join(cells) + " |"
    draw(costs).savefig(PLOT)


if __name__ == "__main__":
    scheme, T, side = sys.argv[1:]
    print(json.dumps(measure(scheme, int(T), int(side))))
