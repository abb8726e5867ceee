"""Malicious weights are refused before they take memory."""

import tracemalloc
from pathlib import Path

import pytest
from hostile import HOSTILE, hostile_checkpoint
from tiny import refused

import timesformer

MAX_PEAK_BYTES = 20 * 10**6


@pytest.mark.parametrize("kind", HOSTILE)
def test_malicious_weights_are_refused_in_little_memory(kind: str, tmp_path: Path) -> None:
    """Only Python's memory counts here; `tests.benchmarks hostile` measures the libraries'."""
    mine, key = hostile_checkpoint(tmp_path, kind)
    tracemalloc.start()
    try:
        message = refused(timesformer.load, mine)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert message.key == key
    assert len(message) < 1000
    assert peak < MAX_PEAK_BYTES
