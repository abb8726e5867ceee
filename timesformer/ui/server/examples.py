"""The bundled example clips: their route, and how a copy of one is recognized."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse

from ...paths import ASSETS_FOLDER
from ...synthetic.scenes import SCENES
from .body import HTTPRefusal

ROUTE = "/examples/{name}.mp4"
EXAMPLE_PREFIX = "example-"  # of the names of files that hold nothing of a visitor
CACHING = {"cache-control": "public, max-age=86400"}
EXAMPLES = {scene.name: ASSETS_FOLDER / "clips" / f"{scene.name}.mp4" for scene in SCENES}


async def serve(request: Request) -> FileResponse:
    """Return the video of an example, which browsers keep for a day."""
    file = EXAMPLES.get(request.path_params["name"])
    if file is None:
        raise HTTPRefusal(404, "not_found")
    return FileResponse(file, media_type="video/mp4", headers=CACHING)


def example_name(path: str | None) -> str | None:
    """Return the name of the example that a file is a copy of, or None."""
    try:
        if path is None or Path(path).stat().st_size not in _sizes():
            return None
        return _digests().get(_digest(Path(path)))
    except (OSError, ValueError):  # the file was deleted, or this is no path
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
