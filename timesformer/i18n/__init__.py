"""Sentences for people: `t(key, **values)` reads the catalog of the current language."""

from .catalog import DEFAULT_LANGUAGE, LANGUAGES, Catalog
from .message import Message, joined
from .numbers import NumberFormat, Value
from .translate import (
    format_number,
    label_text,
    language,
    localized,
    probability_text,
    section,
    t,
    translate,
    use_language,
)

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "Catalog",
    "Message",
    "NumberFormat",
    "Value",
    "format_number",
    "joined",
    "label_text",
    "language",
    "localized",
    "probability_text",
    "section",
    "t",
    "translate",
    "use_language",
]
