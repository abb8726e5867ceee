"""The folder of files that ship with this package."""

from pathlib import Path

_PARENTS = (Path(__file__).parent, Path(__file__).parents[1])  # installed; in the repository
ASSETS_FOLDER = next(
    parent / "assets" for parent in _PARENTS if (parent / "assets" / "models").is_dir()
)
WEB_FOLDER = ASSETS_FOLDER / "web"  # JavaScript modules in js/, styles in css/
