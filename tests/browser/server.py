"""The page served by a process of its own, for as long as a test needs it."""

import json
import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOOKS = Path(__file__).with_name("hooks.py")
MAX_START_SECONDS, MAX_END_SECONDS = 600, 120  # of a very busy machine
RUN = "import runpy; runpy.run_path('app.py', run_name='__main__')"

servers: dict[str, subprocess.Popen[bytes]] = {}  # the running ones, by address


@contextmanager
def served(
    folder: Path,
    *,
    first: str = "",
    run: str = RUN,
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Run app.py with its files in `folder`, and yield its address.

    `first` is code that runs before app.py, and `run` code that serves it in another way.
    """
    port = _free_port()
    surroundings = os.environ | {
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_TEMP_DIR": str(folder / "files"),
        "HF_HOME": str(folder / "hub"),
        "HF_HUB_OFFLINE": "1",
        **(environment or {}),
    }
    code = ["-c", f"{first}\n{run}"] if first or run != RUN else ["app.py"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, *code], cwd=ROOT, env=surroundings, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    servers[address] = server
    try:
        _wait_for(address, server, folder / "log")
        yield address
    finally:
        del servers[address]
        server.terminate()
        server.wait(MAX_END_SECONDS)


@contextmanager
def hooked(
    folder: Path, *, environment: Mapping[str, str] | None = None, **limits: float
) -> Iterator[str]:
    """Run app.py with the hooks of hooks.py and other limits, and yield its address.

    The hooks' files are in `folder`.
    """
    hooks = {"HOOKS_FOLDER": str(folder), "HOOKS_LIMITS": json.dumps(limits)}
    first = f"import runpy; runpy.run_path({str(HOOKS)!r})"
    with served(folder, first=first, environment={**hooks, **(environment or {})}) as address:
        yield address


def _free_port() -> int:
    """Return a port that no system gives to clients, so the server gets it first."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + MAX_START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address, timeout=60).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())
