"""The bundled example clips, recognized by their content wherever a copy lies."""

import hashlib
from functools import cache
from pathlib import Path

from ...paths import ASSETS_FOLDER
from ...synthetic.scenes import SCENES

EXAMPLES = {scene.name: ASSETS_FOLDER / "clips" / f"{scene.name}.mp4" for scene in SCENES}


def example_name(path: str | None) -> str | None:
    """Return the name of the example that a file is a copy of, or None."""
    try:
        if path is None or Path(path).stat().st_size not in _sizes():
            return None
        return _digests().get(_digest(Path(path)))
    except OSError:  # the file was deleted
        return None


@cache
def _sizes() -> frozenset[int]:
    return frozenset(file.stat().st_size for file in EXAMPLES.values())


@cache
def _digests() -> dict[str, str]:
    return {_digest(file): name for name, file in EXAMPLES.items()}


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
