"""Benchmarks of time and memory, run by `python -m tests.benchmarks`."""

import sys
from pathlib import Path

# Helpers of the tests import each other by name.
sys.path += [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "browser")]
