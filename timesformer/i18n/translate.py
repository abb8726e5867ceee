"""Sentences in the current language: `t("page.run")`, `t("status.answered", label=…)`."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from inspect import isgeneratorfunction
from typing import Any

from .catalog import DEFAULT_LANGUAGE, LANGUAGES, Catalog
from .message import Message
from .numbers import Value

_current: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def language() -> Catalog:
    """Return the catalog of the current language."""
    return LANGUAGES[_current.get()]


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """Make a language of `LANGUAGES` the current one, for this thread or task alone."""
    before = _current.set(code)
    try:
        yield
    finally:
        _current.reset(before)


def localized(code: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return a handler, or a generator, that runs in a language whichever thread calls it."""
    if not isgeneratorfunction(handler):
        return use_language(code)(handler)

    @wraps(handler)
    def generate(*inputs: Any) -> Iterator[Any]:
        answers = handler(*inputs)
        try:
            while True:
                with use_language(code):
                    try:
                        answer = next(answers)
                    except StopIteration:
                        return
                yield answer
        finally:
            answers.close()

    return generate


def t(key: str, /, **values: object) -> str:
    """Return the sentence of a key in the current language, filled with values."""
    translated = {name: translate(value) for name, value in values.items()}
    return language().format(key, translated)


def translate(value: Any) -> Any:
    """Return a message in the current language, and any other value unchanged."""
    return t(value.key, **value.values) if isinstance(value, Message) else value


def label_text(label: str) -> str:
    """Return a label of a model in the current language, or unchanged if it has no translation."""
    return language().sentences.get(f"labels.{label}", label)


def section(name: str) -> Mapping[str, Any]:
    """Return a section of the catalog in the current language."""
    found: Mapping[str, Any] = language().sections[name]
    return found


def format_number(value: float, spec: str) -> str:
    """Return a number as `format` writes it, with the signs of the current language."""
    return language().numbers.format_field(value, spec)


def probability_text(probability: float) -> str:
    """Return a probability in percent, "<1%" and ">99%" near the ends, or a regression's value."""
    if isinstance(probability, Value):
        return format_number(probability, ".0%")  # a Value is not written as a percentage
    percent = format_number(min(max(probability, 0.01), 0.99), ".0%")
    sign = "<" if probability <= 0.005 else ">" if probability >= 0.995 else ""
    return sign + percent if sign else format_number(probability, ".0%")
