"""Catalogs: the sentences of a language, one JSON file each in catalogs/, found by its name."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .numbers import NumberFormat

FOLDER = Path(__file__).parent / "catalogs"
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Catalog:
    """A language: its code, its name for itself, its numbers, and its sentences by dotted key."""

    code: str
    name: str
    numbers: NumberFormat
    sections: Mapping[str, Any]
    sentences: Mapping[str, str]

    @classmethod
    def read(cls, file: Path) -> "Catalog":
        """Read a catalog. The file's stem is the code of its language."""
        sections = json.loads(file.read_text("utf-8"))
        language = sections.pop("language")
        numbers = NumberFormat(**language["numbers"])
        return cls(file.stem, language["name"], numbers, sections, dict(_flat(sections)))

    def format(self, key: str, values: Mapping[str, object]) -> str:
        """Return the sentence of a key, filled with values as this language writes them."""
        return self.numbers.vformat(self.sentences[key], (), values)


def _flat(sections: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in sections.items():
        if isinstance(value, str):
            yield prefix + name, value
        else:
            yield from _flat(value, f"{prefix}{name}.")


_FILES = sorted(FOLDER.glob("*.json"), key=lambda file: (file.stem != DEFAULT_LANGUAGE, file.stem))
LANGUAGES: Mapping[str, Catalog] = {file.stem: Catalog.read(file) for file in _FILES}
ENGLISH = LANGUAGES[DEFAULT_LANGUAGE]
