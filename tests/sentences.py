"""Sentences of the catalog as patterns, so that tests name keys and values, not prose."""

import re
from string import Formatter

from timesformer.i18n import LANGUAGES, Message

ANY_VALUE = ".{0,300}"  # bounded, as answers hold megabytes in one line


def pattern_of(key: str, /, **values: object) -> str:
    """Return a pattern of the English sentence of a key; any text stands for values left out."""
    catalog = LANGUAGES["en"]
    pattern = ""
    for fixed, name, spec, _ in Formatter().parse(catalog.sentences[key]):
        pattern += re.escape(fixed)
        if name in values:
            pattern += re.escape(catalog.numbers.format_field(values[name], spec or ""))
        elif name is not None:
            pattern += ANY_VALUE
    # at its ends a search needs no wildcard, which would try every position of a long text
    return pattern.removeprefix(ANY_VALUE).removesuffix(ANY_VALUE)


def keys_of(messages: tuple[Message, ...]) -> list[str]:
    """Return the keys of messages."""
    return [message.key for message in messages]


def is_answer(text: str) -> bool:
    """Return True if a text, outputs in any notation, holds an answer."""
    return "verdict" in text
