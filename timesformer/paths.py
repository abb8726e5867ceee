"""The folder of files that ship with this package, and whether Git has fetched a file."""

import os
from pathlib import Path

_PARENTS = (Path(__file__).parent, Path(__file__).parents[1])  # installed; in the repository
ASSETS_FOLDER = next(
    parent / "assets" for parent in _PARENTS if (parent / "assets" / "models").is_dir()
)
LFS_POINTER = b"version https://git-lfs.github.com/spec/"
WEB_FOLDER = ASSETS_FOLDER / "web"  # JavaScript modules in js/, styles in css/


def is_lfs_pointer(file: str | os.PathLike[str]) -> bool:
    """Return True for the text that Git has in the place of a file until `git lfs pull`."""
    with open(file, "rb") as content:
        return content.read(len(LFS_POINTER)) == LFS_POINTER
