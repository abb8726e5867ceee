"""Markdown tables, and generated sections of Markdown files."""

import re
from collections.abc import Iterable


def percent(share: float) -> str:
    """Return a share from 0 to 1 as a percentage with one decimal."""
    return f"{share:.1%}"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines).replace("| --- ", "|---")


def section(text: str, name: str) -> str:
    """Return the body of a generated section of a Markdown text.

    A section stands between comments `<!-- begin NAME -->` and `<!-- end NAME -->`. Raises
    ValueError if the text does not have the section exactly once.
    """
    return _find(text, name)[2].strip()


def replace_section(text: str, name: str, body: str) -> str:
    """Return the Markdown text with another body in a generated section. Raises ValueError."""
    match = _find(text, name)
    return f"{text[: match.start()]}{match[1]}\n\n{body.strip()}\n\n{match[3]}{text[match.end() :]}"


def _find(text: str, name: str) -> re.Match[str]:
    pattern = rf"(<!-- begin {re.escape(name)} -->)(.*?)(<!-- end {re.escape(name)} -->)"
    matches = list(re.finditer(pattern, text, re.DOTALL))
    if len(matches) != 1:
        raise ValueError(f"the text has {len(matches)} sections {name!r}; 1 is needed")
    return matches[0]
