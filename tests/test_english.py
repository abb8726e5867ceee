"""The rules of plain English that a program can check: openings, phrases, length of sentences."""

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CATALOG = ROOT / "timesformer" / "i18n" / "catalogs" / "en.json"
PACKAGE = sorted((ROOT / "timesformer").rglob("*.py"))
SOURCES = [*PACKAGE, ROOT / "app.py", *sorted((ROOT / "tests").rglob("*.py"))]
DOCUMENTS = [ROOT / "README.md", *(ROOT / "timesformer").rglob("*.md"), ROOT / "tests/README.md"]
MAX_WORDS = 20  # of a sentence; code and a parenthesis are one word each

# A docstring starts with the thing itself: a verb for functions, a noun phrase for the rest.
QUESTIONS = (
    "what|whether|how|where|which|when|who|whose|those|that|this|these|as|if|it|there|so|such|of|"
    "in|on|for|from|by|with"
)
OPENING = re.compile(rf"(?:{QUESTIONS})\b", re.IGNORECASE)
NO_VERB = re.compile(
    r"(?:the|a|an|all|one|some|every|each|no|any|both|many|more|most|its?|their|same|up|else)\b|"
    r"\w+[^s\W]s\b",  # "Gives", "Makes": the imperative has no s
    re.IGNORECASE,
)
PHRASES = re.compile(
    r"\b(?:anew|by way of|is to be|are to be|of one's own|whoever|nobody|somebody|"
    r"what becomes of|alike|as it comes|by itself alone|"
    r"times of (?:100|a hundred)|is told|are told|apart from)\b",
    re.IGNORECASE,
)
# On the page a patch is masked, a file is a video, and shares are in percent.
PAGE_PHRASES = re.compile(
    rf"{PHRASES.pattern}|"
    r"\b(?:apart|as it is|told|covers?|covered|covering|film|times of|just now)\b",
    re.IGNORECASE,
)


def texts(catalog: dict[str, Any], key: str = "") -> Iterator[tuple[str, str]]:
    """Yield the key and the text of every entry of a catalog."""
    for name, value in catalog.items():
        if isinstance(value, dict):
            yield from texts(value, f"{key}{name}.")
        else:
            yield f"{key}{name}", str(value)


PAGE = dict(texts(json.loads(CATALOG.read_text("utf-8"))))


def docstrings(source: Path) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield node, text


def is_property(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any("property" in ast.unparse(decorator) for decorator in decorators)


def states_a_law(node: ast.AST) -> bool:
    """Return True for tests, which have sentences, and for fixtures, which are things."""
    decorators = " ".join(ast.unparse(one) for one in getattr(node, "decorator_list", []))
    return getattr(node, "name", "").startswith("test_") or "pytest.fixture" in decorators


def faults_of_opening(source: Path) -> Iterator[str]:
    for node, text in docstrings(source):
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        wants_verb = is_function and not is_property(node) and not states_a_law(node)
        if OPENING.match(text) or (wants_verb and NO_VERB.match(text)):
            name = getattr(node, "name", "module")
            yield f"{source.relative_to(ROOT)}: {name}: {text.splitlines()[0]}"


def prose(source: Path) -> Iterator[str]:
    """Yield the comments and docstrings of a source."""
    text = source.read_text("utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for _, words in docstrings(source):
        yield words


def paragraphs(document: Path) -> Iterator[str]:
    """Yield the paragraphs and list items of a document, without its headings, code and tables."""
    text = re.sub(r"\A---\n.*?\n---\n|```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    for block in re.split(r"\n\s*\n|\n(?=(?:-|\d+\.) )", text):
        if not re.match(r"\s*[#|]", block):
            yield block


def long_sentences(text: str) -> list[str]:
    """Return the sentences of more than MAX_WORDS words; a colon ends a sentence."""
    plain = re.sub(r"`[^`]*`|\([^()]*\)|<[^>]+>", "_", text)
    found = [
        sentence
        for paragraph in re.split(r"\n\s*\n", plain)
        for sentence in re.split(r"(?<=[.!?:])\s+", paragraph)
    ]
    return [sentence for sentence in found if len(sentence.split()) > MAX_WORDS]


def test_docstrings_open_with_the_thing_itself() -> None:
    assert [fault for source in SOURCES for fault in faults_of_opening(source)] == []


def test_no_phrase_needs_reading_twice() -> None:
    found = [
        f"{source.relative_to(ROOT)}: {match[0]}: {' '.join(text.split())[:90]}"
        for source in SOURCES
        if source != Path(__file__)
        for text in prose(source)
        for match in PHRASES.finditer(" ".join(text.split()))
    ]
    for document in DOCUMENTS:
        text = " ".join(document.read_text("utf-8").split())
        found += [f"{document.name}: {match[0]}" for match in PHRASES.finditer(text)]
    assert found == []


def test_the_page_uses_the_words_of_the_field() -> None:
    assert {key: text for key, text in PAGE.items() if PAGE_PHRASES.search(text)} == {}
    assert {key: text for key, text in PAGE.items() if text.count(";") > 1} == {}


def test_sentences_are_short() -> None:
    found = {key: long_sentences(text) for key, text in PAGE.items()}
    for source in PACKAGE:
        for node, text in docstrings(source):
            found[f"{source.stem}: {getattr(node, 'name', 'module')}"] = long_sentences(text)
    for paragraph in paragraphs(ROOT / "README.md"):
        found[paragraph] = long_sentences(paragraph)
    assert {key: sentences for key, sentences in found.items() if sentences} == {}
