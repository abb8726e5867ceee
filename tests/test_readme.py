"""The READMEs state what the code and the records state."""

import re
from pathlib import Path

import pytest
import torch
import yaml

from timesformer import TimesformerForVideoClassification
from timesformer.checkpoints.registry import LICENCE, PUBLISHED, Published
from timesformer.cli.main import main
from timesformer.explain import METHODS
from timesformer.ui.server import limits

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
READMES = ("README.md", "assets/models/README.md", "tests/README.md", "tests/benchmarks/README.md")
PROMISES = (ROOT / "tests/README.md").read_text("utf-8")
FRONT_MATTER = yaml.safe_load(README.split("---")[1])
SPACE_COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}


def pins() -> dict[str, str]:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return dict(line.split("#")[0].strip().split("==") for line in lines)


def rows(text: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, without its head."""
    section = re.search(rf"^#+ {re.escape(heading)}$(.*?)(?=^#|\Z)", text, re.M | re.S)
    assert section, heading
    lines = re.search(r"(?:^\|.*\n?)+", section[1], re.M)
    assert lines, heading
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in
             lines[0].strip().splitlines()]  # fmt: skip
    return table[2:]


def numbers(text: str) -> list[str]:
    return re.findall(r"\d[\d,.]*(?<![,.])%?", text)


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 200


def test_the_space_runs_the_tested_gradio() -> None:
    assert FRONT_MATTER["sdk"] == "gradio"
    assert FRONT_MATTER["sdk_version"] == pins()["gradio"]
    assert (ROOT / FRONT_MATTER["app_file"]).is_file()
    assert len(FRONT_MATTER["short_description"]) <= 60  # the Hub's limit
    assert {FRONT_MATTER["colorFrom"], FRONT_MATTER["colorTo"]} <= SPACE_COLOURS
    assert set(FRONT_MATTER["models"]) <= {entry.name for entry in PUBLISHED}


def num_parameters(entry: Published) -> int:
    with torch.device("meta"):
        model = TimesformerForVideoClassification(entry.config)
    return sum(parameter.numel() for parameter in model.parameters())


def test_the_table_of_models_is_the_registry() -> None:
    for entry in PUBLISHED:
        seconds = entry.preprocess.seconds
        span = "the whole video" if seconds is None else f"{seconds:.1f} s"
        shape = f"{entry.num_frames} x {entry.size} | {entry.num_labels}"
        millions = num_parameters(entry) / 1e6
        accuracy = f"{entry.top_1} / {entry.top_5}"
        row = f"| `{entry.name}` | {shape} | {span} | {millions:.1f} M | {accuracy} |"
        assert row in README
    assert LICENCE in README


def test_the_table_of_methods_is_the_registry() -> None:
    options = {
        name: set(re.findall(r"`(\w+)`", cells[-1]))
        for cells in rows(README, "Python")
        for name in re.findall(r"`([\w-]+)`", cells[0])
    }
    assert options == {name: set(method.options) for name, method in METHODS.items()}


def test_the_heatmap_figures_are_those_of_the_models_readme() -> None:
    models = (ROOT / "assets/models/README.md").read_text("utf-8")
    measured = {cells[1]: cells for cells in rows(models, "Heatmaps") if cells[0] == "`motion`"}
    for _, method, figure, random in rows(README, "Are the heatmaps right?"):
        for name, cell in ((method.strip("`"), figure), ("random", random)):
            assert not cell or any(cell in numbers(v) for v in measured[name]), (name, cell)


def test_the_accuracies_are_those_of_the_models_readme() -> None:
    models = (ROOT / "assets/models/README.md").read_text("utf-8")
    (accuracies,) = re.findall(r"\[(.* accurate)\]\(assets/models/README.md\)", README)
    assert re.findall(r"[\d.]+%", accuracies) == rows(models, "Accuracy")[1][1:]


def test_the_performance_figures_are_those_of_the_benchmarks() -> None:
    measured = numbers((ROOT / "tests/benchmarks/README.md").read_text("utf-8"))
    for _, figure in rows(README, "Performance"):
        assert set(numbers(figure)) <= set(measured), figure


def test_the_lowest_correlation_in_bfloat16_is_the_measured_one() -> None:
    benchmarks = (ROOT / "tests/benchmarks/README.md").read_text("utf-8")
    measured = [
        float(cell)
        for cells in rows(benchmarks, "precision")
        if cells[1] == "bfloat16"
        for cell in cells[4:-1]
        if cell
    ]
    assert f"float32 is {min(measured):.2f} or more" in README


def test_the_python_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = re.findall(r"```python\n(.*?)```", README, re.S)
    exec(code, {})


def test_every_command_exists() -> None:
    for command in set(re.findall(r"^python -m timesformer (\w+)", README, re.M)):
        with pytest.raises(SystemExit) as stop:
            main([command, "--help"])
        assert stop.value.code == 0


@pytest.mark.parametrize("name", READMES)
def test_linked_files_and_headings_exist(name: str) -> None:
    file = ROOT / name
    for target in re.findall(r"\]\((?!http)([^)]+)\)", file.read_text("utf-8")):
        path, _, anchor = target.partition("#")
        linked = file.parent / path if path else file
        assert linked.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", linked.read_text("utf-8"), re.M)
            anchors = [
                re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in headings
            ]
            assert anchor in anchors, target


def test_the_limits_are_those_of_the_page() -> None:
    for limit in (
        f"{limits.MAX_UPLOAD_BYTES // 10**6} MB",
        f"{limits.MAX_SOURCE_PIXELS // 10**6} million pixels",
        f"{limits.MAX_SCANNED_FRAMES:,} frames",
        f"{limits.MAX_MODEL_BYTES // 10**9} GB",
        f"{limits.MAX_READ_CPU_SECONDS:.0f} seconds of CPU time",
        f"{limits.MAX_READ_SECONDS:.0f} seconds in total",
        f"{limits.MAX_READ_MEMORY_BYTES // 2**30} GiB of memory",
    ):
        assert limit in " ".join(README.split())
    for limit in (
        f"{limits.MAX_UPLOAD_BYTES // 10**6} MB a file",
        f"{limits.MAX_JSON_BYTES // 1024} KB of JSON",
        f"{limits.RATE_BURST:.0f} in a burst",
        f"{limits.RATE_PER_SECOND:.0f} a second",
        f"{limits.MAX_CLIP_CACHE_BYTES // 10**6} MB of frames",
    ):
        assert limit in PROMISES


def test_every_promise_names_tests_that_exist() -> None:
    promises = rows(PROMISES, "Promises")
    for promise, tests, _ in promises:
        paths = re.findall(r"`([\w/]+\.py)`", tests)
        assert paths, promise
        for path in paths:
            assert (ROOT / "tests" / path).is_file(), path
