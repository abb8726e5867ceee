"""The rules of plain English that a program can check: openings, phrases, length of sentences."""

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
CATALOG = ROOT / "timesformer" / "i18n" / "catalogs" / "en.json"
PACKAGE = sorted((ROOT / "timesformer").rglob("*.py"))
SOURCES = [*PACKAGE, ROOT / "app.py", *sorted((ROOT / "tests").rglob("*.py"))]
DOCUMENTS = [ROOT / "README.md", *(ROOT / "timesformer").rglob("*.md"), ROOT / "tests/README.md"]
MAX_WORDS = 20  # of a sentence on the page

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


def sentences(catalog: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield the key and the text of every sentence of a catalog."""
    if isinstance(catalog, dict):
        for name, value in catalog.items():
            yield from sentences(value, f"{key}.{name}")
    elif isinstance(catalog, list):
        for value in catalog:
            yield from sentences(value, key)
    elif isinstance(catalog, str):
        text = re.sub(r"<[^>]+>", " ", catalog)
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z“\"{])|\n|(?<=: )", text):
            yield key, sentence


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
    text = json.loads(CATALOG.read_text("utf-8"))
    found += [f"en.json{k}: {s}" for k, s in sentences(text) if PHRASES.search(s)]
    assert found == []


def test_sentences_of_the_page_are_short() -> None:
    catalog = json.loads(CATALOG.read_text("utf-8"))
    long = {key: text for key, text in sentences(catalog) if len(text.split()) > MAX_WORDS}
    assert long == {}
