"""Text beside the results of a command: notes and progress, on stderr."""

import re
import shutil
import sys
import time
from collections.abc import Iterable
from typing import Self

INTERVAL = 30.0  # seconds between lines of a log: it shows progress, and stays short
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def printable(text: str) -> str:
    """Return a text with its control characters, line breaks and undecodable bytes escaped."""
    return UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def print_notes(notes: Iterable[str]) -> None:
    """Print notes on stderr."""
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


class ProgressLine:
    """A line on stderr about the progress of a command.

    A terminal shows every report in the place of the last one. A file or a pipe gets a line every
    INTERVAL. At the end of the context, a line that a terminal still shows is ended.
    """

    def __init__(self) -> None:
        self._is_open = False  # the terminal's cursor is on the line
        self._next_line = time.monotonic() + INTERVAL

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def steps(self, name: str, done: int, steps: int | None) -> None:
        """Show the number of finished steps."""
        self.show(f"{name}: {done} of {steps}", is_last=done == steps)

    def downloaded(self, name: str, done: int, total: int | None) -> None:
        """Show the downloaded bytes of a file, in MB."""
        of = "" if total is None else f" of {total / 1e6:.1f}"
        self.show(f"{name}: {done / 1e6:.1f}{of} MB", is_last=done == total)

    def show(self, text: str, *, is_last: bool = False) -> None:
        """Show a text in the place of the last one, and end the line if `is_last`."""
        text = printable(text)
        if sys.stderr and sys.stderr.isatty():  # stderr is None where there is no console
            width = shutil.get_terminal_size().columns - 1  # a full line would scroll
            print(f"\r{text[:width]:<{width}}", end="", file=sys.stderr, flush=True)
            self._is_open = True
            if is_last:
                self.end()
        elif time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + INTERVAL
            print(text, file=sys.stderr, flush=True)

    def end(self) -> None:
        """End the line that a terminal shows, so that other text follows below it."""
        if self._is_open:
            self._is_open = False
            print(file=sys.stderr, flush=True)
