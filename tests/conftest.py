"""Settings for every test."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Before torch is imported, and for all that tests start: threads of one small model that wait for
# each other take ten times as long as one thread does, wherever something else runs beside them.
os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile("steady", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    help_ = "also read the videos of this folder"
    parser.addoption("--real-videos", type=Path, metavar="FOLDER", help=help_)
