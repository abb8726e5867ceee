"""Messages: English sentences that remember the catalog key and values they were made from."""

from collections.abc import Iterable

from .catalog import ENGLISH


class Message(str):
    """A sentence of the catalog in English, with `values` filled in.

    `translate` gives the same sentence in another language. A value can be a message itself.
    """

    key: str
    values: dict[str, object]

    def __new__(cls, key: str, /, **values: object) -> "Message":
        message = super().__new__(cls, ENGLISH.format(key, values))
        message.key, message.values = key, values
        return message

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.key,), self.values  # for copies and pickles


def joined(parts: Iterable[str], separator: str = "lists.semicolon") -> str:
    """Return texts in a row. `separator` is the key of a sentence with {first} and {rest}."""
    first, *rest = [*parts] or [""]
    return Message(separator, first=first, rest=joined(rest, separator)) if rest else first
