"""Every sentence for people, in the language of whoever is answered: `text.RUN`, `text.looked_at`.

They are those of languages/, where another language is one more file, named in LANGUAGES.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from inspect import isgeneratorfunction
from types import ModuleType
from typing import Any

from .languages import de, en, es, fr, zh

LANGUAGES: Mapping[str, ModuleType] = {language.CODE: language for language in (en, de, es, fr, zh)}

FIRST = en.CODE  # spoken where nobody chose

_spoken: ContextVar[str] = ContextVar("spoken", default=FIRST)


def __getattr__(name: str) -> Any:
    return getattr(LANGUAGES[_spoken.get()], name)


def label_words(label: str) -> str:
    """A label of a model as people say it; those that are not known stay as they are."""
    words: str = LANGUAGES[_spoken.get()].LABELS.get(label, label)
    return words


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Within it, sentences are in the language of a code, one of LANGUAGES."""
    before = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(before)


def speaking(code: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    """A handler, or a generator of answers, that speaks a language wherever it runs."""
    if not isgeneratorfunction(handler):
        return spoken(code)(handler)

    @wraps(handler)
    def told(*inputs: Any) -> Iterator[Any]:
        work = handler(*inputs)
        try:
            while True:
                with spoken(code):
                    try:
                        part = next(work)
                    except StopIteration:
                        return
                yield part
        finally:
            work.close()

    return told
