"""Every language has the same sentences, with the same values, written by its own rules."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import timesformer
from timesformer.errors import TimesformerError
from timesformer.i18n import LANGUAGES
from timesformer.synthetic.motion import LABELS

PACKAGE = Path(timesformer.__file__).parent
SENTENCES = {code: catalog.sentences for code, catalog in LANGUAGES.items()}
ENGLISH = SENTENCES["en"]
OTHERS = [code for code in SENTENCES if code != "en"]
# the start of an f-string that is a key: dotted names, then a value
KEY = re.compile(rf"({'|'.join(LANGUAGES['en'].sections)})\.[\w. -]*\{{(?!\{{)")

# Words that a language shares with English.
SHARED = {
    "attention", "block", "clip", "cls", "exp", "explorer", "grad-cam", "grad-sam", "heatmap",
    "layernorm", "libra", "mlp", "multiplications", "occlusion", "patches", "pixels", "q·k",
    "rollout", "score", "token", "total",
}  # fmt: skip
QUOTED = {"de": "„{}“", "es": "«{}»", "fr": "«\u00a0{}\u00a0»"}
FAULTS = {
    "en": r"[„«»\"']",
    "de": r"[\"«»]|“\w|\d %|\d%",
    "es": r"[\"“”„]|« | »|\d %|\d%|^[^¿]*\?|^[^¡]*!",
    "fr": r"[\"“”„']|«[^\u00a0]|[^\u00a0]»|[^\s:][;!?:](\s|$)| [;:!?%»]|\d%",
    "zh": r"[\"„«»]|[\u4e00-\u9fff] ?[,;:?!.](?!\w)|[,;:?!] ?[\u4e00-\u9fff]|\d %",
}


def values_of(sentence: str) -> set[tuple[str, str]]:
    """Return the values that a sentence is filled with, each with its format."""
    parts = list(Formatter().parse(sentence))
    assert not any(conversion for *_, conversion in parts)
    return {(name, spec or "") for _, name, spec, _ in parts if name}


def words_of(text: str) -> list[str]:
    """Return the words of a sentence, with the values that it is filled with left out."""
    return re.findall(r"[^\W\d_][\w·-]*\w", re.sub(r"\{.*?\}", "", text))


def error_names(kind: type[Exception] = TimesformerError) -> Iterator[str]:
    """Yield the names of an error class and of its imported subclasses."""
    yield kind.__name__
    for subclass in kind.__subclasses__():
        yield from error_names(subclass)


ERRORS = set(error_names())


def keys_in(node: ast.AST) -> Iterator[str]:
    """Yield a pattern for each key, or family of keys, that a syntax tree names."""
    children = ast.iter_child_nodes(node)
    match node:
        case ast.Call(ast.Name("section"), [ast.Constant(name)]):
            yield rf"{name}\..*"
        case ast.Call(ast.Name(name), [key, *_]) if name in ERRORS and pattern_of(key):
            yield rf"errors\.{pattern_of(key)}"
            children = iter(node.keywords)
        case ast.Call(ast.Name("t" | "Message"), [key, *_]) if pattern_of(key):
            yield pattern_of(key)
        case ast.Constant(str(text)) if text in ENGLISH:
            yield re.escape(text)
        case ast.JoinedStr() if KEY.match(ast.unparse(node)[2:]):
            yield pattern_of(node)
    for child in children:
        yield from keys_in(child)


def pattern_of(key: ast.expr) -> str:
    """Return a pattern of the texts that an expression can be, or nothing if it does not say."""
    if isinstance(key, ast.Constant):
        return re.escape(str(key.value))
    if not isinstance(key, ast.JoinedStr):
        return ""
    parts = (
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w. -]*"
        for part in key.values
    )
    return "".join(parts)


@pytest.fixture(scope="module")
def used() -> set[str]:
    """Return the patterns of all keys that the package names."""
    sources = [source for source in PACKAGE.rglob("*.py") if source.parent.name != "i18n"]
    trees = (ast.parse(source.read_text("utf-8")) for source in sources)
    return {pattern for tree in trees for pattern in keys_in(tree)}


def test_every_key_in_code_is_in_the_catalog(used: set[str]) -> None:
    assert [key for key in used if not any(re.fullmatch(key, known) for known in ENGLISH)] == []


def test_every_key_of_the_catalog_is_used(used: set[str]) -> None:
    indirect = re.compile(r"labels\..*|lists\.semicolon")
    whole = re.compile("|".join(used))
    assert [key for key in ENGLISH if not whole.fullmatch(key) and not indirect.match(key)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_the_keys_of_english_in_their_order(code: str) -> None:
    assert list(SENTENCES[code]) == list(ENGLISH)


@pytest.mark.parametrize("code", OTHERS)
def test_a_sentence_has_the_values_and_formats_of_english(code: str) -> None:
    for key, sentence in SENTENCES[code].items():
        assert values_of(sentence) == values_of(ENGLISH[key]), key


@pytest.mark.parametrize("code", SENTENCES)
def test_every_label_of_the_embedded_models_has_a_name_of_its_own(code: str) -> None:
    names = {label: SENTENCES[code][f"labels.{label}"] for label in LABELS}
    assert len(set(names.values())) == len(LABELS)


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_is_left_in_english(code: str) -> None:
    same = {key: text for key, text in SENTENCES[code].items() if text == ENGLISH[key]}
    left = {key for key, text in same.items() if {w.lower() for w in words_of(text)} - SHARED}
    assert left == set()


@pytest.mark.parametrize("code", SENTENCES)
def test_punctuation_is_of_the_language(code: str) -> None:
    """French has no-break spaces at ; : ! ? % and within « », Spanish opens its ¿ and ¡."""
    assert code in FAULTS, f"write a pattern of wrong punctuation in “{code}”"
    fault = re.compile(FAULTS[code])
    filled = {key: re.sub(r"\{.*?\}", "0", text) for key, text in SENTENCES[code].items()}
    assert {key: text for key, text in filled.items() if fault.search(text)} == {}


def test_a_sentence_quotes_only_names_that_are_on_the_page() -> None:
    quoted = {
        name: key
        for key, sentence in ENGLISH.items()
        for name in re.findall(r"“([A-Z][^{}]*?)”", sentence)
    }
    assert {name: key for name, key in quoted.items() if name not in ENGLISH.values()} == {}


@pytest.mark.parametrize("code", OTHERS)
def test_a_button_or_label_has_one_name(code: str) -> None:
    """A sentence that quotes another, such as a button, quotes its translation."""
    quote = QUOTED.get(code, "“{}”")
    names = {text: key for key, text in ENGLISH.items() if words_of(text) and "{" not in text}
    for key, sentence in ENGLISH.items():
        for name in re.findall("“([^{}]*?)”", sentence):
            if name in names:
                assert quote.format(SENTENCES[code][names[name]]) in SENTENCES[code][key], key
