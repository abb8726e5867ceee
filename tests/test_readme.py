"""The README tells the truth: front matter, tables, tree and commands are those of the code."""

import re
from pathlib import Path

import pytest
import torch
import yaml

from timesformer import TimesformerForVideoClassification
from timesformer.checkpoints.registry import (
    LICENCE,
    PUBLISHED,
    Published,
)
from timesformer.cli.main import main
from timesformer.explain import METHODS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
FRONT_MATTER = yaml.safe_load(README.split("---")[1])
SPACE_COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}


def pins() -> dict[str, str]:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return dict(line.split("#")[0].strip().split("==") for line in lines)


def test_the_space_gets_the_gradio_that_is_tested() -> None:
    assert FRONT_MATTER["sdk"] == "gradio"
    assert FRONT_MATTER["sdk_version"] == pins()["gradio"]
    assert FRONT_MATTER["python_version"] == "3.12"
    assert (ROOT / FRONT_MATTER["app_file"]).is_file()
    assert len(FRONT_MATTER["short_description"]) <= 60  # the Hub's limit
    assert {FRONT_MATTER["colorFrom"], FRONT_MATTER["colorTo"]} <= SPACE_COLOURS
    assert set(FRONT_MATTER["models"]) <= {known.name for known in PUBLISHED}


def test_every_requirement_is_pinned_with_a_reason() -> None:
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        assert re.fullmatch(r"[a-z_]+==[\d.]+ +# \S.+", line), line
    assert pins()["torch"] == "2.13.0"


def parameters(entry: Published) -> int:
    with torch.device("meta"):
        model = TimesformerForVideoClassification(entry.config)
    return sum(parameter.numel() for parameter in model.parameters())


def test_the_table_of_models_is_the_table_in_the_code() -> None:
    for entry in PUBLISHED:
        seconds = entry.preprocess.seconds
        spans = "the whole video" if seconds is None else f"{seconds:.1f} s"
        shape = f"{entry.num_frames} x {entry.size} | {entry.num_labels}"
        right = f"{entry.top_1} / {entry.top_5}"
        row = f"| `{entry.name}` | {shape} | {spans} | {parameters(entry) / 1e6:.1f} M | {right} |"
        assert row in README
    assert LICENCE in README


def test_the_methods_are_those_of_the_code() -> None:
    for method, known in METHODS.items():
        (row,) = (line for line in README.splitlines() if line.startswith("|") and f"`{method}`" in
                  line.split("|")[1])  # fmt: skip
        assert set(re.findall(r"`(\w+)`", row.split("|")[3])) == known.options


@pytest.mark.parametrize("command", re.findall(r"^python -m timesformer (\w+)", README, re.M))
def test_every_command_is_there(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_code:
        main([command, "--help"])
    assert exit_code.value.code == 0
    assert "usage: python -m timesformer" in capsys.readouterr().out


def test_pictures_and_files_linked_from_the_readme_are_there() -> None:
    anchors = {
        "#" + re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", README, re.M)
    }
    for target in re.findall(r"\]\((?!http)([^)]+)\)", README):
        assert target in anchors or (ROOT / target.partition("#")[0]).is_file(), target
