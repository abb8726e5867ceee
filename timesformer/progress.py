"""The callback by which a long task reports its progress."""

from collections.abc import Callable

Progress = Callable[[int, int | None], None]  # units done, and units in total where known
StageProgress = Callable[[str, int, int | None], None]  # the same, after the name of a stage


def ignore_progress(*_: object) -> None:
    """Ignore a report of progress."""
