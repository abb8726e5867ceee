"""The errors of this package.

An error is raised with a key of the catalog's section `errors` and the values of its sentence.
Every message can be shown to a visitor unchanged.
"""

from .i18n import Message


class TimesformerError(Exception):
    """Base class of the errors meant for people.

    `message` is its sentence: what came, what was expected, what to do.
    """

    def __init__(self, key: str, /, **values: object) -> None:
        self.message = key if isinstance(key, Message) else Message(f"errors.{key}", **values)
        super().__init__(self.message)


class ClipError(TimesformerError):
    """A video that cannot be read, or that lacks the frames requested."""


class CheckpointError(TimesformerError):
    """A checkpoint that cannot be found, downloaded, read or fitted to the model."""
