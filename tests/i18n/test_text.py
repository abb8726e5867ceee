"""Every language has the same sentences, with the same places for numbers and names."""

import ast
import inspect
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from types import FunctionType, ModuleType
from typing import Any

import pytest

from timesformer import text
from timesformer.errors import CheckpointError, Sentence, TimesformerError, joined
from timesformer.languages import de, en, es, fr, zh
from timesformer.synthetic.motion import LABELS
from timesformer.ui.catalog import Work

OTHERS = (de, es, fr, zh)
PLACES = re.compile(r"\{(\w+)\}")
PACKAGE = Path(text.__file__).parent

# What no visitor meets: the command line, training and evaluating.
UNSEEN = {"commands.py", "runs.py", "photographs.py", "training.py", "sharing.py", "evaluation"}


def kinds(error: type[Exception]) -> Iterator[str]:
    """The names of an error and of those that are of its kind, as far as they are imported."""
    yield error.__name__
    for kind in error.__subclasses__():
        yield from kinds(kind)


SAYING = {"Sentence", *kinds(TimesformerError)}


def names(part: ModuleType) -> dict[str, Any]:
    """What a file of sentences offers, in its order."""
    return {
        name: value
        for name, value in vars(part).items()
        if not name.startswith("_")
        and not isinstance(value, ModuleType | type)
        and getattr(value, "__module__", part.__name__) == part.__name__
    }


def all_names(language: ModuleType) -> dict[str, Any]:
    """What all files of a language offer, but for what only it has: its habits, its templates."""
    parts = [part for part in language.PARTS if part not in (language.habits, language.errors)]
    return {name: value for part in parts for name, value in names(part).items()}


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
    """All that is said, the fixed parts of what functions say among it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, FunctionType):
        inner = ast.parse(inspect.getsource(value)).body[0]
        assert isinstance(inner, ast.FunctionDef)
        for node in ast.walk(ast.Module(inner.body[bool(ast.get_docstring(inner)) :], [])):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value.strip()
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def said(source: Path) -> Iterator[ast.expr]:
    """The first arguments of the errors and sentences that a module makes."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        match node:
            case ast.Call(ast.Name(name), [argument, *_]) if name in SAYING:
                yield argument


def chosen(source: Path, name: str) -> Iterator[str]:
    """The strings that a module assigns to a name: templates of which one is taken."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        match node:
            case ast.Assign([ast.Name(found)], ast.Constant(str(value))) if found == name:
                yield value


def templates() -> set[str]:
    """The English templates that can reach a visitor, read from the source."""
    found = set()
    for source in PACKAGE.rglob("*.py"):
        parts = source.relative_to(PACKAGE).parts
        if parts[0] in UNSEEN | {"languages", "errors.py"}:
            continue
        for argument in said(source):
            if isinstance(argument, ast.Constant):
                found.add(str(argument.value))
            elif isinstance(argument, ast.Name):
                found.update(chosen(source, argument.id))
    return found


def places(template: str) -> set[tuple[str, str]]:
    """The names in a template, each with the way in which its value is written."""
    return {(name, spec or "") for _, name, spec, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.habits.CODE)
def test_it_has_what_english_has(language: ModuleType) -> None:
    for ours, theirs in zip(language.PARTS, en.PARTS, strict=True):
        assert ours.__name__.rpartition(".")[2] == theirs.__name__.rpartition(".")[2]
    assert {"CODE", "NAME", "NUMERALS"} <= vars(language.habits).keys()
    ours, theirs = all_names(language), all_names(en)
    assert list(ours) == list(theirs)
    assert len(ours) == sum(len(names(part)) for part in language.PARTS[1:-1])  # none comes twice
    for name, value in theirs.items():
        assert shape(ours[name], name) == shape(value, name), name


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.habits.CODE)
def test_its_sentences_are_its_own(language: ModuleType) -> None:
    """Some words in a row that stand in the English ones too were forgotten."""
    english = {one for value in all_names(en).values() for one in strings(value)}
    own = [one for value in all_names(language).values() for one in strings(value)]
    assert len(own) > len(english) / 2
    words = re.compile(r"[^\W\d_]{3,}")
    alike = [one for one in own if one in english and len(words.findall(PLACES.sub("", one))) > 2]
    assert alike == []
    assert set(language.page.LABELS) == set(LABELS)
    assert len(set(language.page.LABELS.values())) == len(LABELS)


def test_an_error_is_made_of_a_template_and_of_facts() -> None:
    """A sentence put together where it is raised could be said in no other language."""
    for source in PACKAGE.rglob("*.py"):
        if source.name == "errors.py":
            continue
        for argument in said(source):
            fixed = isinstance(argument, ast.Constant | ast.Name)
            of_the_page = ast.unparse(argument).startswith("text.")
            assert fixed or of_the_page or is_sentence(source, argument), (
                source.name,
                ast.unparse(argument),
            )


def is_sentence(source: Path, argument: ast.expr) -> bool:
    """Whether it comes from functions of the module that give sentences, ready made."""
    gives = {
        node.name
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.returns
        and "Sentence" in ast.unparse(node.returns)
    }
    several = argument.values if isinstance(argument, ast.BoolOp) else [argument]
    return all(
        isinstance(one, ast.Name) or (isinstance(one, ast.Call) and ast.unparse(one.func) in gives)
        for one in several
    )


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.habits.CODE)
def test_what_a_visitor_can_meet_is_translated(language: ModuleType) -> None:
    wanted = templates()
    assert len(wanted) > 80
    translations = language.errors.TEMPLATES
    assert wanted - set(translations) == set()
    assert set(translations) - wanted == set()
    for template, translation in translations.items():
        assert places(translation) == places(template), translation
        assert translation != template or not re.search(r"[a-z]{3} [a-z]{3}", template)


def test_what_a_model_asks_of_a_computer_has_words() -> None:
    assert set(en.page.WORK) == set(Work._fields)


def test_a_sentence_is_said_in_the_language_with_its_numbers() -> None:
    late = Sentence(
        "The video lasts {duration:.1f} s, so no clip can start at {start:.1f} s. "
        "Choose an earlier start.",
        duration=1234.56,
        start=2000,
    )
    assert text.translated(late) == str(late)
    with text.spoken("de"):
        words = text.translated(late)
    assert words.startswith("Das Video dauert 1234,6 s, also kann kein Clip bei 2000,0 s beginnen.")
    large = Sentence(
        "The {file} of {name} has more than {most:,} bytes. Get it again from where it came from.",
        file="config.json",
        name="a/b, c.d",
        most=4_000_000,
    )
    said_of_it = {}
    for code in text.LANGUAGES:
        with text.spoken(code):
            said_of_it[code] = text.translated(large)
    for code, number in {
        "en": "4,000,000", "de": "4.000.000", "es": "4\u202f000\u202f000",
        "fr": "4\u00a0000\u00a0000", "zh": "4,000,000",
    }.items():  # fmt: skip
        assert number in said_of_it[code]
        assert "a/b, c.d" in said_of_it[code]  # names keep their commas


def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    faults = joined(
        [Sentence("missing: {keys}", keys="a"), Sentence("left over: {keys}", keys="b")]
    )
    error = CheckpointError(
        "The weights of {source} do not fit the config: {faults}.", source="x", faults=faults
    )
    assert str(error) == "The weights of x do not fit the config: missing: a; left over: b."
    with text.spoken("fr"):
        words = text.translated(error.sentence).replace("\u00a0", " ")
    assert (
        words
        == "Les poids de x ne correspondent pas à la configuration : il manque : a; en trop : b."
    )
    assert CheckpointError(faults).sentence is faults


def test_what_is_no_sentence_of_the_package_stays_as_it_is() -> None:
    with text.spoken("zh"):
        assert text.translated("a {word} of one's own") == "a {word} of one's own"
        assert text.translated(Sentence("unheard of {n}", n=1.5)) == "unheard of 1.5"


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", ("0.25", "12.3%", "1,234", "12,345")),
        ("de", ("0,25", "12,3\u00a0%", "1.234", "12.345")),
        ("es", ("0,25", "12,3\u00a0%", "1234", "12\u202f345")),
        ("fr", ("0,25", "12,3\u00a0%", "1\u00a0234", "12\u00a0345")),
        ("zh", ("0.25", "12.3%", "1,234", "12,345")),
    ],
)
def test_numbers_are_written_as_the_language_does(code: str, written: tuple[str, ...]) -> None:
    with text.spoken(code):
        asked = ((0.25, ".2f"), (0.1234, ".1%"), (1234, ","), (12345, ","))
        assert tuple(text.number(*one) for one in asked) == written


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
