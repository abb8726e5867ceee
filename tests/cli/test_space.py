"""The command `space` makes a Space that ZeroGPU runs without any edit."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from timesformer.checkpoints.registry import find_published
from timesformer.cli.main import main
from timesformer.i18n import t

STAND_IN = """
def GPU(duration):
    return lambda function: function
"""


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spaces") / "page"
    assert main(["space", "someone/page", "--out", str(folder)]) == 0
    return folder


def test_the_folder_has_only_what_the_page_needs(space: Path) -> None:
    names = {file.name for file in space.iterdir()}
    assert names == {"README.md", "LICENSE", "app.py", "assets", "requirements.txt", "timesformer"}
    assert not [file for file in space.rglob("*") if file.suffix == ".pyc" or file.name[0] == "."]


def test_the_requirements_fit_zero_gpu(space: Path) -> None:
    lines = (space / "requirements.txt").read_text("utf-8").splitlines()
    pins = dict(line.partition("#")[0].strip().split("==") for line in lines)
    assert re.fullmatch(r"2\.(8\.0|9\.1|10\.0|11\.0)", pins["torch"])  # that ZeroGPU offers
    assert "gradio" not in pins  # installed by sdk_version
    assert {"av", "numpy", "safetensors"} < pins.keys()


def test_the_card_names_hardware_thumbnail_and_pinned_models(space: Path) -> None:
    _, settings, text = (space / "README.md").read_text("utf-8").split("---\n")
    card = yaml.safe_load(settings)
    assert (card["sdk"], card["app_file"], card["python_version"]) == ("gradio", "app.py", "3.12")
    assert card["suggested_hardware"] == "zero-a10g"
    path = card["thumbnail"].removeprefix(
        "https://huggingface.co/spaces/someone/page/resolve/main/"
    )
    assert (space / path).is_file()
    assert len(card["preload_from_hub"]) == len(card["models"])
    for line, model in zip(card["preload_from_hub"], card["models"], strict=True):
        name, files, commit = line.split()
        assert name == model
        assert files.split(",") == ["config.json", "pytorch_model.bin"]
        assert commit == find_published(model).revision
    for target in re.findall(r"\]\((?!http)([^)]+)\)", text):
        assert (space / target).exists(), target


def test_its_page_starts_with_a_stand_in_for_zero_gpu(space: Path, tmp_path: Path) -> None:
    (tmp_path / "spaces.py").write_text(STAND_IN)
    code = (
        "import app, gradio, timesformer;"
        "print(timesformer.__file__, isinstance(app.demo, gradio.Blocks))"
    )
    variables = {
        "SPACES_ZERO_GPU": "1",
        "PYTHONPATH": str(tmp_path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=space, capture_output=True, text=True,
        env=os.environ | variables | {"GRADIO_TEMP_DIR": str(tmp_path / "temporary")},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    file, is_page = run.stdout.split()
    assert Path(file).is_relative_to(space)
    assert is_page == "True"


def test_a_push_creates_a_gradio_space_on_zero_gpu(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[dict[str, Any]] = []

    class Address(str):
        repo_id = "someone/page"

    class Api:
        def create_repo(self, name: str, **options: Any) -> Address:
            calls.append({"name": name, **options})
            return Address("https://huggingface.co/spaces/someone/page")

        def upload_folder(self, *, folder_path: str, **options: Any) -> None:
            calls.append({"has_app": Path(folder_path, "app.py").is_file(), **options})

    monkeypatch.setattr("huggingface_hub.HfApi", Api)
    assert main(["space", "someone/page", "--private"]) == 0
    assert "https://huggingface.co/spaces/someone/page" in capsys.readouterr().out
    assert calls == [
        {
            "name": "someone/page", "private": True, "exist_ok": True, "repo_type": "space",
            "space_sdk": "gradio", "space_hardware": "zero-a10g",
        },
        {"has_app": True, "repo_id": "someone/page", "repo_type": "space"},
    ]  # fmt: skip


def test_a_name_without_an_owner_and_a_full_folder_are_refused(
    space: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["space", "page"]) == 2
    assert t("errors.cli.space_name", name="page") in capsys.readouterr().err
    assert main(["space", "someone/page", "--out", str(space)]) == 2
    assert t("errors.cli.folder_not_empty", folder="page") in capsys.readouterr().err
