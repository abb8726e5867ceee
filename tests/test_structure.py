"""One direction, no cycles, and nothing happens on import: read from the source."""

import ast
import inspect
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import timesformer

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "timesformer"

# A module imports from the levels before its own; "timesformer" is what the package itself gives.
LEVELS = (
    {"errors", "dice", "render", "protocols", "languages", "confinement"},
    {"text"},
    {"places", "timeline", "photographs", "records", "surfaces", "filming"},
    {"hub"},
    {"motion", "config", "labels", "decoder"},
    {"preprocess", "packing"},
    {"formats", "published", "sharing", "linear"},
    {"weights"},
    {"model", "video"},
    {"checkpoints", "explain", "scenes", "start", "worker"},
    {"explanations", "recipe", "apart", "graphs"},
    {"recognizer", "words"},
    {"training", "strip", "experiments"},
    {"explorer", "settling"},
    {"report"},
    {"timesformer", "evaluation", "exports"},
    {"cards"},
    {"commands"},
    {"tries", "runs"},
    {"cli", "ui"},
    {"__main__", "app"},
)
LEVEL = {module: level for level, modules in enumerate(LEVELS) for module in modules}
SOURCES = [*sorted(PACKAGE.rglob("*.py")), ROOT / "app.py"]
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


def module_of(source: Path) -> tuple[str, ...]:
    """A source's dotted name in parts, with the package's own name first."""
    parts = source.relative_to(ROOT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def unit_of(name: tuple[str, ...]) -> str:
    """What LEVELS knows a module as: its name, or that of the folder it is in."""
    return name[1] if len(name) > 1 else name[0]


def runs(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run: all but what only type checkers read."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from runs(node)


@cache
def imports(source: Path) -> set[tuple[str, ...]]:
    """The modules a source imports as it runs, anywhere in it, as dotted names in parts."""
    name = module_of(source)
    package = name if source.name == "__init__.py" else name[:-1]
    found = set()
    for node in runs(ast.parse(source.read_text("utf-8"))):
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
    """The units of this package that a source imports, its own left out."""
    units = {unit_of(name) for name in imports(source) if name[0] == "timesformer"}
    return units - {unit_of(module_of(source))}


def outside(source: Path) -> set[str]:
    return {name[0] for name in imports(source)}


def reached_from(unit: str) -> set[str]:
    """Everything outside the package that runs when a module of it is imported by itself."""
    done, waiting, found = set(), {unit}, set()
    while waiting:
        current = waiting.pop()
        done.add(current)
        for source in SOURCES:
            if unit_of(module_of(source)) == current:
                found |= outside(source)
                waiting |= own_imports(source) - done
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: ".".join(module_of(source)))
def test_imports_run_one_way(source: Path) -> None:
    unit = unit_of(module_of(source))
    assert unit in LEVEL, f"{unit} is new: give it a place in LEVELS"
    wrong = {other for other in own_imports(source) if LEVEL[other] >= LEVEL[unit]}
    assert not wrong, f"{unit} may not import {wrong}"


def test_an_installed_package_has_all_of_its_folders() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = {".".join(module_of(file)) for file in PACKAGE.rglob("__init__.py")}
    assert set(listed) == folders | {"timesformer.assets"}


def test_no_cycles_between_single_modules() -> None:
    graph = {
        module_of(source): {name for name in imports(source) if is_source(name)}
        for source in SOURCES
    }
    assert graph[("timesformer", "recognizer")] >= {("timesformer", "checkpoints")}
    graph.pop(("timesformer",))  # importing any module runs it first; LEVELS holds its place
    list(TopologicalSorter(graph).static_order())  # CycleError names the cycle


def test_gradio_is_imported_by_the_page_alone() -> None:
    guilty = {unit_of(module_of(source)) for source in SOURCES if "gradio" in outside(source)}
    assert guilty == {"ui"}


def test_pictures_configs_and_reading_apart_need_no_torch() -> None:
    assert "torch" not in reached_from("render")
    assert "torch" not in reached_from("config")
    assert "numpy" in reached_from("render")
    assert "torch" not in reached_from("worker")
    assert "torch" in reached_from("checkpoints")  # as a check of the check


@pytest.mark.parametrize(
    "library", ["einops", "cv2", "torchvision", "decord", "PIL", "transformers"]
)
def test_libraries_that_are_not_needed(library: str) -> None:
    assert not [source.name for source in SOURCES if library in outside(source)]


def test_importing_does_nothing_and_stays_off_the_network() -> None:
    code = """
import socket, sys, threading
def refuse(*args, **kwargs):
    raise AssertionError("the network was asked")
socket.socket.connect = socket.getaddrinfo = refuse
import timesformer, timesformer.render
heavy = {"gradio", "transformers", "matplotlib.pyplot", "huggingface_hub", "PIL.ImageTk"}
assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()
assert threading.active_count() == 1
"""
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout == told.stderr == ""


def test_the_public_names_are_the_promised_ones() -> None:
    assert timesformer.__all__ == PUBLIC
    assert sorted(PUBLIC) == PUBLIC
    assert all(hasattr(timesformer, name) for name in PUBLIC)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: ".".join(module_of(source)))
def test_every_public_function_and_class_says_what_it_is(source: Path) -> None:
    tree = ast.parse(source.read_text("utf-8"))
    public = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
    ]
    assert ast.get_docstring(tree), "the module itself"
    assert [node.name for node in public if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("name", PUBLIC)
def test_every_method_of_the_public_names_says_what_it_does(name: str) -> None:
    value = getattr(timesformer, name)
    assert inspect.getdoc(value)
    members = vars(value).items() if inspect.isclass(value) else ()
    silent = [
        member
        for member, method in members
        if not member.startswith("_")
        and (isinstance(method, property | classmethod) or inspect.isfunction(method))
        and not inspect.getdoc(method)
    ]
    assert silent == []
