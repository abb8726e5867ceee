"""The structure of the package: one-way imports, importing does nothing, public names stay."""

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import timesformer

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "timesformer"
SOURCES = [*sorted(PACKAGE.rglob("*.py")), ROOT / "app.py"]
ALLOWED = {("synthetic", "video")}  # scenes are written as videos
UNWANTED = {"einops", "cv2", "torchvision", "decord", "transformers"}
PUBLIC = [
    "Check",
    "CheckpointError",
    "Clip",
    "ClipError",
    "Explanation",
    "Prediction",
    "Preprocess",
    "Recognizer",
    "TimesformerConfig",
    "TimesformerError",
    "TimesformerForVideoClassification",
    "TimesformerModel",
    "TimesformerOutput",
    "embedded_models",
    "load",
    "push_checkpoint",
    "read_clip",
    "save_checkpoint",
    "start_from_images",
    "write_mp4",
]


def floors() -> dict[str, int]:
    """Return the floor of every place, from the import line of the package's README."""
    readme = (PACKAGE / "README.md").read_text("utf-8")
    (line,) = re.findall(r"^```\n(.* < .*)\n```$", readme, re.MULTILINE)
    return {place: i for i, floor in enumerate(line.split(" < ")) for place in floor.split(", ")}


def module_of(source: Path) -> tuple[str, ...]:
    """Return the dotted name of a source in parts, the package's own name first."""
    parts = source.relative_to(ROOT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def place_of(name: tuple[str, ...]) -> str:
    """Return the name by which the import line knows a module."""
    return name[1] if len(name) > 1 else name[0]


def runtime_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes but those that only type checkers read."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from runtime_nodes(node)


@cache
def imports(source: Path) -> set[tuple[str, ...]]:
    """Return the modules that a source imports anywhere, as dotted names in parts."""
    name = module_of(source)
    package = name if source.name == "__init__.py" else name[:-1]
    found = set()
    for node in runtime_nodes(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {tuple(alias.name.split(".")) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            base += tuple(node.module.split(".")) if node.module else ()
            submodules = {(*base, alias.name) for alias in node.names}
            inner = {module for module in submodules if is_source(module)}
            found |= inner
            if len(inner) < len(node.names):
                found.add(base)
    return found


def is_source(name: tuple[str, ...]) -> bool:
    path = ROOT.joinpath(*name)
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def own_imports(source: Path) -> set[str]:
    """Return the places of this package that a source imports, except its own."""
    places = {place_of(name) for name in imports(source) if name[0] == "timesformer"}
    return places - {place_of(module_of(source)), "__main__"}


def libraries(source: Path) -> set[str]:
    return {name[0] for name in imports(source)}


def reached_from(*start: str) -> set[str]:
    """Return every library that is imported, directly or not, by the modules named."""
    done: set[tuple[str, ...]] = set()
    waiting = {("timesformer", *name.split(".")) for name in start}
    found: set[str] = set()
    while waiting:
        module = waiting.pop()
        done.add(module)
        path = ROOT.joinpath(*module)
        source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        found |= libraries(source)
        own = {name for name in imports(source) if name[0] == "timesformer" and is_source(name)}
        waiting |= own - done
    return found


def test_imports_run_one_way() -> None:
    floor = floors()
    wrong = []
    for source in SOURCES:
        place = place_of(module_of(source))
        if place == "__main__":
            continue
        for other in own_imports(source):
            if (place, other) not in ALLOWED and floor[other] >= floor[place]:
                wrong.append(f"{source.relative_to(ROOT)} may not import {other}")
    assert wrong == []


def test_no_cycles_between_single_modules() -> None:
    graph = {
        module_of(source): {name for name in imports(source) if is_source(name)}
        for source in SOURCES
    }
    graph.pop(("timesformer",))  # importing any module runs it first
    list(TopologicalSorter(graph).static_order())  # CycleError names the cycle


def test_each_library_stays_in_its_place() -> None:
    users: dict[str, set[str]] = {}
    for source in SOURCES:
        for library in libraries(source):
            users.setdefault(library, set()).add(place_of(module_of(source)))
    assert users["gradio"] == {"ui"}
    assert not UNWANTED & users.keys()
    assert "torch" not in reached_from("visualize.overlay", "video.sandbox_worker", "models.config")
    assert "torch" in reached_from("checkpoints.checkpoint")  # the walk does find torch


def test_pinned_requirements_are_the_dependencies_of_package_and_page() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    dependencies = [*project["dependencies"], *project["optional-dependencies"]["page"]]
    specifiers = {Requirement(line).name: Requirement(line).specifier for line in dependencies}
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pins = dict(line.split("#")[0].strip().split("==") for line in lines)
    assert {canonicalize_name(name) for name in pins} == {*map(canonicalize_name, specifiers)}
    versions = {canonicalize_name(name): version for name, version in pins.items()}
    for name, specifier in specifiers.items():
        assert versions[canonicalize_name(name)] in specifier, name


def test_importing_does_nothing_and_stays_off_the_network() -> None:
    code = """
import socket, sys, threading
def refuse(*args, **kwargs):
    raise AssertionError("the network was asked")
socket.socket.connect = socket.getaddrinfo = refuse
import timesformer, timesformer.visualize.overlay
heavy = {"gradio", "transformers", "matplotlib.pyplot", "huggingface_hub", "PIL.ImageTk"}
assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()
assert threading.active_count() == 1
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == done.stderr == ""


def test_the_public_names_are_the_promised_ones() -> None:
    assert timesformer.__all__ == PUBLIC
    assert all(hasattr(timesformer, name) for name in PUBLIC)


def undocumented(source: Path) -> Iterator[str]:
    """Yield the public functions and classes of a source that have no docstring."""
    tree = ast.parse(source.read_text("utf-8"))
    if not ast.get_docstring(tree):
        yield str(source.relative_to(ROOT))
    for node in tree.body:
        public = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if public and not node.name.startswith("_") and not ast.get_docstring(node):
            yield f"{source.relative_to(ROOT)}: {node.name}"


def test_all_that_is_public_has_a_docstring() -> None:
    assert [name for source in SOURCES for name in undocumented(source)] == []
    for name in PUBLIC:
        value = getattr(timesformer, name)
        members = vars(value).items() if inspect.isclass(value) else ()
        silent = [
            member
            for member, method in members
            if not member.startswith("_")
            and (isinstance(method, property | classmethod) or inspect.isfunction(method))
            and not inspect.getdoc(method)
        ]
        assert silent == [], name
