"""Every language has the same sentences, with the same places for numbers and names."""

import inspect
import re
import threading
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

import pytest

from timesformer import text
from timesformer.languages import en
from timesformer.motion import LABELS

OTHERS = [language for language in text.LANGUAGES.values() if language is not en]
PLACES = re.compile(r"\{(\w+)\}")


def names(language: ModuleType) -> dict[str, Any]:
    """What a file of sentences offers, in its order."""
    return {
        name: value
        for name, value in vars(language).items()
        if not name.startswith("_")
        and not isinstance(value, ModuleType | type)
        and getattr(value, "__module__", language.__name__) == language.__name__
    }


def shape(value: Any, name: str = "") -> Any:
    """Keys, lengths, signatures and places of a value, without its words."""
    if name == "LABELS":
        return "labels"
    if isinstance(value, FunctionType):
        return str(inspect.signature(value))
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [shape(one) for one in value]
    return sorted(PLACES.findall(value)) if isinstance(value, str) else value


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.CODE)
def test_it_has_what_english_has(language: ModuleType) -> None:
    ours, theirs = names(language), names(en)
    assert list(ours) == list(theirs)
    for name, value in theirs.items():
        assert shape(ours[name], name) == shape(value, name), name


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.CODE)
def test_its_sentences_are_its_own(language: ModuleType) -> None:
    """A sentence of some length that equals the English one was forgotten."""
    english = {one for value in names(en).values() for one in strings(value)}
    own = [one for value in names(language).values() for one in strings(value)]
    assert [one for one in own if one in english and one.count(" ") > 3] == []
    assert set(language.LABELS) == set(LABELS)
    assert len(set(language.LABELS.values())) == len(LABELS)


def test_a_language_is_spoken_within_its_bounds_and_by_its_thread_alone() -> None:
    heard: list[str] = []
    with text.spoken("de"):
        assert text.CODE == "de"
        other = threading.Thread(target=lambda: heard.append(text.CODE))
        other.start()
        other.join()
    assert (text.CODE, heard) == ("en", ["en"])


def test_a_handler_and_a_generator_speak_their_language_wherever_they_run() -> None:
    def told() -> Iterator[str]:
        yield text.CODE
        yield text.CODE

    german, french = text.speaking("de", told)(), text.speaking("fr", told)()
    assert [next(german), next(french), next(german), next(french)] == ["de", "fr", "de", "fr"]
    assert text.speaking("zh", lambda: text.CODE)() == "zh"
    assert text.CODE == "en"


def test_what_is_stopped_is_closed() -> None:
    closed = []

    def told() -> Iterator[int]:
        try:
            yield 1
        finally:
            closed.append(text.CODE)

    work = text.speaking("es", told)()
    next(work)
    work.close()
    assert closed == ["en"]
