"""The callback by which a long task reports its progress."""

from collections.abc import Callable

Progress = Callable[[int, int | None], None]  # units done, and units in total where known
