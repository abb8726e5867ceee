"""Every sentence for people, in the language of whoever is answered: `text.RUN`, `text.looked_at`.

They are those of languages/, where another language is one more folder, named in LANGUAGES: the
page's own sentences, and a template for each that an error or a note of the package is made of.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from inspect import isgeneratorfunction
from types import ModuleType, SimpleNamespace
from typing import Any

from .errors import Sentence
from .languages import de, en, es, fr, zh


def _gathered(language: ModuleType) -> SimpleNamespace:
    """All that the parts of a language have, by its name."""
    return SimpleNamespace(
        **{name: value for part in language.PARTS for name, value in vars(part).items()}
    )


LANGUAGES: Mapping[str, SimpleNamespace] = {
    language.habits.CODE: _gathered(language) for language in (en, de, es, fr, zh)
}

FIRST = en.habits.CODE  # spoken where nobody chose

_spoken: ContextVar[str] = ContextVar("spoken", default=FIRST)


def __getattr__(name: str) -> Any:
    return getattr(LANGUAGES[_spoken.get()], name)


def label_words(label: str) -> str:
    """A label of a model as people say it; those that are not known stay as they are."""
    words: str = LANGUAGES[_spoken.get()].LABELS.get(label, label)
    return words


def number(value: float, spec: str) -> str:
    """A number as `format` writes it, in the habits of the language."""
    written: str = LANGUAGES[_spoken.get()].NUMERALS.format_field(value, spec)
    return written


def translated(sentence: str) -> str:
    """An error's sentence, or a note, in the language; one without a translation as it is."""
    if not isinstance(sentence, Sentence):
        return sentence
    language = LANGUAGES[_spoken.get()]
    template: str = language.TEMPLATES.get(sentence.template, sentence.template)
    if not sentence.facts:
        return template
    facts = {
        name: translated(fact) if isinstance(fact, str) else fact
        for name, fact in sentence.facts.items()
    }
    filled: str = language.NUMERALS.vformat(template, (), facts)
    return filled


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
