"""The app in a process of its own, for as long as a test needs it."""

import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS, END_SECONDS = 300, 60  # of a very busy machine
UNPREPARED = "from timesformer.ui import handlers; handlers.prepare = lambda choice: None"
RUN = "import runpy; runpy.run_path('app.py', run_name='__main__')"

servers: dict[str, subprocess.Popen[bytes]] = {}  # that run now, by where they answer


@contextmanager
def served(folder: Path, *, first: str = "") -> Iterator[str]:
    """Where `python app.py` answers, with its files in `folder`.

    `first` is code to run before; with it, no answers to the examples are prepared.
    """
    port = _free_port()
    surroundings = os.environ | {
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_TEMP_DIR": str(folder / "files"),
        "HF_HOME": str(folder / "hub"),
        "HF_HUB_OFFLINE": "1",
    }
    code = ["-c", f"{first}; {UNPREPARED}; {RUN}"] if first else ["app.py"]
    command = [sys.executable, *code]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    servers[address] = server
    try:
        _wait_for(address, server, folder / "log")
        yield address
    finally:
        del servers[address]
        server.terminate()
        server.wait(END_SECONDS)


def _free_port() -> int:
    """One that no system gives out of itself, so that nothing takes it before the server does."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())
