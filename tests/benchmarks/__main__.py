"""Measures this machine: `python -m tests.benchmarks`, or `python -m tests.benchmarks NAME...`.

What is measured is kept, dated, in results/; the README's figures are from there.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import torch
import transformers

from timesformer.evaluation.timing import machine

from . import (
    apart,
    cost,
    explain,
    gpu,
    growth,
    hostile,
    page,
    precision,
    recognition,
    training,
    videos,
)

MODULES = (
    recognition,
    precision,
    explain,
    cost,
    growth,
    apart,
    videos,
    hostile,
    page,
    training,
    gpu,
)
PARTS: dict[str, Callable[[], Iterator[str]]] = {
    part.__name__.rpartition(".")[2]: part.report for part in MODULES
}
RESULTS = Path(__file__).parent / "results"


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"There is no part {', '.join(unknown)}. Choose of {', '.join(PARTS)}.")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    where = f"{machine(device)}, transformers {transformers.__version__}, {date.today()}"
    RESULTS.mkdir(exist_ok=True)
    for name in names or PARTS:
        head, lines = [f"## {name}", "", where, ""], []
        print(*head, sep="\n")
        for line in PARTS[name]():
            print(line, flush=True)
            lines.append(line)
        if lines:  # a part without what it measures says so, and has none
            (RESULTS / f"{name}.md").write_text("\n".join([*head, *lines]) + "\n")


main(sys.argv[1:])
