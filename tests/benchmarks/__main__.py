"""Benchmarks of this machine: `python -m tests.benchmarks`, or `python -m tests.benchmarks NAME...`

Each benchmark replaces its section of README.md.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import torch
import transformers

from timesformer.evaluation.markdown import replace_section
from timesformer.evaluation.timing import machine

from . import (
    classroom,
    cost,
    explain,
    gpu,
    growth,
    hostile,
    page,
    precision,
    recognition,
    sandbox,
    training,
    videos,
)

MODULES = (recognition, precision, explain, cost, growth, sandbox, videos, hostile, page, classroom,
           training, gpu)  # fmt: skip
BENCHMARKS: dict[str, Callable[[], Iterator[str]]] = {
    module.__name__.rpartition(".")[2]: module.report for module in MODULES
}
README = Path(__file__).with_name("README.md")


def main(names: list[str]) -> None:
    """Run the benchmarks, all by default; print and save their figures."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"There is no benchmark {', '.join(unknown)}. Choose of {', '.join(BENCHMARKS)}.")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    versions = f"{machine(device)}, transformers {transformers.__version__}, {date.today()}"
    for name in names or BENCHMARKS:
        lines = []
        print(f"## {name}\n\n{versions}\n")
        for line in BENCHMARKS[name]():
            print(line, flush=True)
            lines.append(line)
        if lines:  # the benchmark of a GPU has none without one
            body = "\n".join([versions, "", *lines])
            README.write_text(replace_section(README.read_text("utf-8"), name, body), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
