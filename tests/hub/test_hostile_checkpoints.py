"""Weights that are made to do harm are refused in a sentence, before they take memory."""

import tracemalloc
from pathlib import Path

import pytest
from hostile import HOSTILE, hostile_checkpoint
from tiny import refused

import timesformer

MOST = 20 * 10**6  # bytes


@pytest.mark.parametrize("kind", HOSTILE)
def test_it_is_refused_in_its_sentence_and_in_little_memory(kind: str, tmp_path: Path) -> None:
    """Python's memory alone; that of the libraries is measured: tests.benchmarks hostile."""
    mine, words = hostile_checkpoint(tmp_path, kind)
    tracemalloc.start()
    try:
        message = refused(timesformer.load, mine)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert message == words
    assert len(message) < 1000
    assert peak < MOST
