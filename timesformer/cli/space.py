"""The command `space`: push the page as a Hugging Face Space that fits ZeroGPU."""

import argparse
import re
import shutil
from functools import partial
from pathlib import Path

from ..checkpoints.registry import find_published
from ..errors import TimesformerError
from ..hub.client import CARD_FILE, push_folder
from ..hub.config import CONFIG_FILE
from ..hub.source import is_repository
from ..hub.weight_files import PICKLE_FILE

REPOSITORY = Path(__file__).parents[2]
REQUIREMENTS_FILE = "requirements.txt"
FILES = ("app.py", "LICENSE", CARD_FILE, REQUIREMENTS_FILE)  # beside the folders
FOLDERS = ("timesformer", "assets")
ZERO_GPU = "zero-a10g"  # its name among the Hub's hardware, whichever GPU it lends
ZERO_GPU_TORCH = "2.11.0"  # the newest in the documentation of ZeroGPU, August 2026


def run(options: argparse.Namespace) -> None:
    """Push the Space, or write its folder, and print where it is."""
    name, folder = options.name, options.out
    if not is_repository(name):
        raise TimesformerError("cli.space_name", name=name)
    if not all((REPOSITORY / file).is_file() for file in FILES):
        raise TimesformerError("cli.no_repository")
    if folder is None:
        build = partial(write_space, name=name)
        address = push_folder(
            build, name, private=options.private,
            repo_type="space", space_sdk="gradio", space_hardware=ZERO_GPU,
        )  # fmt: skip
        print(f"The Space is at {address}")
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise TimesformerError("cli.folder_not_empty", folder=folder.name)
    write_space(folder, name=name)
    print(f"The Space is in {folder}. Push it: hf upload {name} {folder} . --repo-type space")


def write_space(folder: Path, *, name: str) -> None:
    """Write the files of the Space `name` into a folder."""
    skipped = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
    for part in FOLDERS:
        shutil.copytree(REPOSITORY / part, folder / part, ignore=skipped)
    for file in FILES:
        shutil.copy(REPOSITORY / file, folder)
    requirements = (REPOSITORY / REQUIREMENTS_FILE).read_text("utf-8")
    (folder / REQUIREMENTS_FILE).write_text(_requirements(requirements), "utf-8")
    card = (REPOSITORY / CARD_FILE).read_text("utf-8")
    (folder / CARD_FILE).write_text(_card(card, name), "utf-8")


def _requirements(text: str) -> str:
    """Return requirements with ZeroGPU's torch, and without gradio, which the card names."""
    lines = [line for line in text.splitlines() if not line.startswith("gradio==")]
    pinned = (re.sub(r"^torch==.*", f"torch=={ZERO_GPU_TORCH}", line) for line in lines)
    return "\n".join(pinned) + "\n"


def _card(readme: str, name: str) -> str:
    """Return the README's settings and its introduction, with the settings of this Space."""
    from huggingface_hub import SpaceCard

    card = SpaceCard(readme)
    card.text = card.text.partition("```")[0]
    card.data["thumbnail"] = f"https://huggingface.co/spaces/{name}/resolve/main/assets/page.png"
    card.data["suggested_hardware"] = ZERO_GPU
    card.data["preload_from_hub"] = [_preload(model) for model in card.data["models"]]
    return str(card)


def _preload(model: str) -> str:
    """Return the files and the commit of a published model that a Space downloads when built."""
    published = find_published(model)
    assert published is not None
    return f"{model} {CONFIG_FILE},{PICKLE_FILE} {published.revision}"
