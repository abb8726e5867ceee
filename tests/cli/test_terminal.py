"""Progress is one line of a terminal, and a few lines of a log."""

import io
import sys

import pytest

from timesformer.cli import terminal
from timesformer.cli.main import main
from timesformer.cli.terminal import INTERVAL, ProgressLine
from timesformer.errors import TimesformerError

WIDTH = 40


class Terminal(io.StringIO):
    """A terminal of WIDTH columns."""

    def isatty(self) -> bool:
        return True

    def screen(self) -> list[str]:
        """Return the lines that the terminal shows, without spaces at their ends."""
        lines = []
        for line in self.getvalue().split("\n"):
            shown = ""
            for part in line.split("\r"):
                assert len(part) < WIDTH  # a longer line would not be rewritten
                shown = part + shown[len(part) :]
            lines.append(shown.rstrip())
        return lines


def show_terminal(patch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal in the place of stderr. In a fixture, pytest would undo this."""
    patch.setenv("COLUMNS", str(WIDTH))
    patch.setattr(sys, "stderr", Terminal())
    return sys.stderr


def test_a_terminal_shows_the_last_report_in_the_place_of_all_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stderr = show_terminal(monkeypatch)
    progress = ProgressLine()
    progress.show("a text that is much longer than the forty columns of the terminal")
    for done in range(4):
        progress.steps("clips", done, 10)
    assert stderr.screen() == ["clips: 3 of 10"]
    progress.steps("clips", 10, 10)
    progress.downloaded("weights", 1_500_000, 3_000_000)
    assert stderr.screen() == ["clips: 10 of 10", "weights: 1.5 of 3.0 MB"]


def test_a_name_with_line_breaks_stays_on_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = show_terminal(monkeypatch)
    ProgressLine().steps("a\nb\x1b[2J", 1, 2)
    assert stderr.screen() == ["a\\nb\\x1b[2J: 1 of 2"]


def test_a_log_gets_a_line_every_interval(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 1000.0
    monkeypatch.setattr(terminal.time, "monotonic", lambda: now)
    progress = ProgressLine()
    seconds = 4 * int(INTERVAL)
    for done in range(1, seconds + 1):
        now += 1
        progress.steps("clips", done, seconds)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"clips: {int(INTERVAL) * k} of {seconds}" for k in (1, 2, 3, 4)]


def test_nothing_is_shown_without_a_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    ProgressLine().steps("clips", 1, 2)


@pytest.mark.parametrize("fault", [TimesformerError("cli.contrast_alone"), KeyboardInterrupt()])
def test_a_message_stands_below_an_unfinished_line(
    fault: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, on_progress: object, **__: object) -> None:
        on_progress("drawings", 20, 1000)
        raise fault

    stderr = show_terminal(monkeypatch)
    monkeypatch.setattr("timesformer.cli.training.evaluate", fail)
    main(["evaluate", "motion"])
    first, second, *_ = stderr.getvalue().split("\n")
    assert first.rstrip() == "\rdrawings: 20 of 1000"
    assert second.startswith("timesformer: ")
