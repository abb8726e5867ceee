"""The sentences of the JavaScript modules, and one script of them for a report."""

import json
import re
from html import escape
from pathlib import Path

from ..i18n import section, t
from ..video.limits import SANDBOX_LIMITS

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:class|const|function\*?) (\w+))", re.MULTILINE)
DOC = re.compile(r"^ */\*\*(?:(?!\*/).)*\*/\n", re.MULTILINE | re.DOTALL)
LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def join_modules(folder: Path, entry: str) -> str:
    """Return a module and the modules that it imports as one script.

    Each module becomes a function that returns its exports, so scopes stay separate. Raises
    ValueError for circular imports, and for imports and exports that `IMPORT` and `EXPORT` miss.
    """
    functions: dict[str, str] = {}
    _add_module(folder, entry, functions, importers=())
    return "\n".join(("const modules = {};", *functions.values()))


def _add_module(
    folder: Path, name: str, functions: dict[str, str], *, importers: tuple[str, ...]
) -> None:
    """Add the function of a module behind the functions of all modules that it imports."""
    if name in importers:
        raise ValueError(f"Circular imports: {' > '.join((*importers, name))}.")
    if name in functions:
        return
    source = (folder / f"{name}.js").read_text("utf-8")
    for imported in IMPORT.finditer(source):
        _add_module(folder, imported[2], functions, importers=(*importers, name))
    exports = ", ".join(found[1] for found in EXPORT.finditer(source))
    body = EXPORT.sub("", IMPORT.sub(r'const {\1} = modules["\2"];', DOC.sub("", source)))
    if left := LEFT.search(body):
        raise ValueError(f"{name}.js has an import or export that cannot be joined: {left[0]}")
    functions[name] = f'modules["{name}"] = (() => {{\n{body}return {{ {exports} }};\n}})();'


def catalog_html() -> str:
    """Return a hidden element with the sentences that the modules read, in the current language.

    It is no script, because Gradio warns of those.
    """
    parts, refusals = ("block", "frame"), ("no_links", "one_file", "upload_too_large")
    megabytes = SANDBOX_LIMITS.max_file_bytes / 1e6
    catalog = {
        "arithmetic": section("arithmetic"),
        "camera": section("camera"),
        "explorer": section("explorer"),
        "page": {"title": t("page.title")},
        "stage": section("stage"),
        "teachers": section("teachers"),
        "errors": {
            "explorer": {
                f"{part}_too_large": t(f"errors.explorer.{part}_too_large") for part in parts
            },
            "server": {name: t(f"errors.server.{name}", megabytes=megabytes) for name in refusals},
        },
    }
    return f'<div hidden id="catalog">{escape(json.dumps(catalog, ensure_ascii=False))}</div>'
