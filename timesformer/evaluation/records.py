"""JSON files for trees of frozen dataclasses."""

import dataclasses
import json
import re
import types
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from ..errors import TimesformerError

Record = TypeVar("Record")

ROW = re.compile(r"\[\n([-+.\deE,\s]+)\]")  # a list of plain numbers, one a line


def write_record(file: Path, record: Any) -> None:
    """Write a dataclass and its fields as JSON into an existing folder."""
    text = json.dumps(dataclasses.asdict(record), indent=1, allow_nan=False)
    text = ROW.sub(lambda row: f"[{' '.join(row[1].split())}]", text)
    file.write_text(text + "\n", "utf-8")


def read_record(file: Path, kind: type[Record]) -> Record:
    """Return the `kind` that `write_record` wrote into the file.

    Fields are dataclasses, plain values, tuples of one type, or None. Fields missing in the file
    have their defaults. Raises TimesformerError if the file is missing or has other fields.
    """
    try:
        return _build(kind, json.loads(file.read_text("utf-8")))
    except FileNotFoundError as error:
        raise TimesformerError(
            "evaluation.no_record", file=file.name, folder=file.parent.name
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise TimesformerError(
            "evaluation.other_version", file=file.name, folder=file.parent.name
        ) from error


def _build(kind: Any, value: Any) -> Any:
    """Convert a JSON value to the annotated type of a field."""
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        if not value.keys() <= hints.keys():
            raise ValueError(f"fields {sorted(value)} are not those of {kind}")
        return kind(**{name: _build(hints[name], inner) for name, inner in value.items()})
    if get_origin(kind) is tuple:
        return tuple(_build(get_args(kind)[0], inner) for inner in value)
    if get_origin(kind) in (Union, types.UnionType):
        (inner_kind,) = (choice for choice in get_args(kind) if choice is not types.NoneType)
        return None if value is None else _build(inner_kind, value)
    return value
