"""Which versions of what the page stands on have no holes that are known."""

import re
from importlib.metadata import PackageNotFoundError, version

import av
from packaging.version import InvalidVersion, Version

from ...errors import TimesformerError

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
    """Raises TimesformerError where something is here that may have a known hole, and names it."""
    found = {name: _installed(name) for name in FLOORS} | {"FFmpeg": av.ffmpeg_version_info}
    old, unknown = [], []
    for name, floor in (FLOORS | {"FFmpeg": FFMPEG}).items():
        told = found[name]
        if told is None:  # what is not here has no hole
            continue
        known = _version_in(told)
        if known is None:
            unknown.append(f"{name} {told}")
        elif known < Version(floor):
            old.append(f"{name} {told.lstrip('n')} (at least {floor})")
    if old:
        raise TimesformerError(
            "The page does not start with versions that have known holes: {versions}. Run pip "
            "install -r requirements.txt.",
            versions=", ".join(old),
        )
    if unknown:
        raise TimesformerError(
            "The page does not start with versions of which nobody can tell how new they are: "
            "{versions}. Run pip install -r requirements.txt.",
            versions=", ".join(unknown),
        )


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _version_in(told: str) -> Version | None:
    """The number that a version begins with; None for one between versions, such as N-118-gabc."""
    number = re.match(r"n?(\d+(?:\.\d+)+)", told)  # n is how FFmpeg's own tags begin
    try:
        return Version(told)
    except InvalidVersion:
        return Version(number[1]) if number else None
