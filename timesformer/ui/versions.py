"""Which versions of what the page stands on have no holes that are known."""

from importlib.metadata import version

import av
from packaging.version import Version

from ..errors import TimesformerError

# The first version without a hole that reaches this page. Newer ones are taken on trust.
FLOORS = {
    "av": "18.1.0",  # earlier wheels bring an FFmpeg with CVE-2026-8461
    "brotli": "1.2.1",  # CVE-2026-111497
    "gradio": "6.31.0",  # ends a loop on a range past the end of a file
    "python-multipart": "0.0.27",  # GHSA-pp6c-gr5w-3c5g
    "starlette": "0.49.1",  # CVE-2025-62727
    "torch": "2.10.0",  # CVE-2026-24747
}
FFMPEG = "8.1.2"  # CVE-2026-8461; PyAV can be built with any


def check_versions() -> None:
    """Raises TimesformerError where something is here that has a known hole, and names it."""
    found = {name: version(name) for name in FLOORS}
    found["FFmpeg"] = av.ffmpeg_version_info.lstrip("n")  # as its own tags begin
    floors = FLOORS | {"FFmpeg": FFMPEG}
    old = [
        f"{name} {found[name]} (at least {floor})"
        for name, floor in floors.items()
        if Version(found[name]) < Version(floor)
    ]
    if old:
        raise TimesformerError(
            "The page does not start with versions that have known holes: {versions}. Run pip "
            "install -r requirements.txt.",
            versions=", ".join(old),
        )
