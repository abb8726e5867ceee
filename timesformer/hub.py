"""Finding a file: our own, or one of a checkpoint in a folder, in the Hub's cache or on the Hub."""

import errno
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import CheckpointError

NETWORK_CHECK_SECONDS = 3.0
LONGEST_NAME = 100  # letters of a name that are shown
MOST_JSON = 4_000_000  # bytes; the names of 600 classes and their numbers take 40,000

_PLACES = (Path(__file__).parent, Path(__file__).parents[1])  # installed; in the repository
ASSETS_FOLDER = next(place / "assets" for place in _PLACES if (place / "assets").is_dir())


@dataclass(frozen=True)
class Listing:
    """What a Hub repository holds at one commit: the bytes of each file by its name."""

    revision: str
    sizes: Mapping[str, int]


def list_files(name: str, *, revision: str | None = None) -> Listing:
    """The files of the Hub repository `name`, asked of the Hub; CheckpointError as `find_file`."""
    from huggingface_hub import HfApi

    _repository(name)
    if not _hub_answers():
        raise CheckpointError(_how_to_get(name, revision))
    with _hub_errors(name, revision):
        found = HfApi().model_info(name, revision=revision, files_metadata=True)
    sizes = {file.rfilename: file.size or 0 for file in found.siblings or ()}
    return Listing(str(found.sha), sizes)


def find_file(name: str | Path, *filenames: str, revision: str | None = None) -> Path | None:
    """Path of the first of `filenames` in the folder or Hub repository `name`; None if it has none.

    A cached file is used without asking the network.
    Raises CheckpointError when the repository cannot be had at all.
    """
    folder = Path(name)
    if os.path.isdir(name):
        paths = (folder / filename for filename in filenames)
        return next((path for path in paths if path.is_file()), None)
    return _find_on_hub(_repository(name), filenames, revision)


def download(
    name: str,
    *filenames: str,
    revision: str | None = None,
    tell: Callable[[int, int | None], None],
) -> None:
    """Brings the first of `filenames` that the Hub repository `name` has into the cache.

    `tell` hears, again and again, how many bytes are there and how many there will be, None where
    the Hub does not say; nothing where the file is cached. Raises CheckpointError as `find_file`.
    """
    _find_on_hub(name, filenames, revision, tell)


def read_json(name: str | Path, filename: str, *, revision: str | None = None) -> dict[str, Any]:
    """The contents of a JSON file of a checkpoint; CheckpointError where there are none."""
    path = find_file(name, filename, revision=revision)
    if path is None:
        raise CheckpointError(
            f"{Path(name).name} has no {filename}, without which it cannot be used. Put the one "
            "it was trained with beside its weights."
        )
    if path.stat().st_size > MOST_JSON:
        raise CheckpointError(
            f"The {filename} of {Path(name).name} has more than {MOST_JSON:,} bytes. "
            "Get it again from where it came from."
        )
    try:
        values = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"The {filename} of {Path(name).name} is not JSON.") from error
    if not isinstance(values, dict):
        raise CheckpointError(f"The {filename} of {Path(name).name} holds no settings.")
    return values


def _repository(name: str | Path) -> str:
    """The name as one of a Hub repository; CheckpointError for what cannot be one."""
    from huggingface_hub.utils import HFValidationError, validate_repo_id

    try:
        if isinstance(name, str) and "/" in name:
            validate_repo_id(name)
            return name
    except HFValidationError:
        pass
    raise CheckpointError(
        f"There is no checkpoint named {Path(name).name[:LONGEST_NAME]!r} here. Give the name of "
        "an embedded model, a Hub id such as 'facebook/timesformer-base-finetuned-k400', a folder "
        "or file."
    )


def _find_on_hub(
    name: str,
    filenames: tuple[str, ...],
    revision: str | None,
    tell: Callable[[int, int | None], None] | None = None,
) -> Path | None:
    from huggingface_hub import _CACHED_NO_EXIST, try_to_load_from_cache

    unknown = []  # of which the cache says neither that they are there nor that they are not
    for filename in filenames:
        cached = try_to_load_from_cache(name, filename, revision=revision)
        if isinstance(cached, str):
            return Path(cached)
        if cached is not _CACHED_NO_EXIST:
            unknown.append(filename)
    if not unknown:
        return None
    if not _hub_answers():
        raise CheckpointError(_how_to_get(name, revision))
    downloads = (_download(name, filename, revision, tell) for filename in unknown)
    return next((path for path in downloads if path), None)


def _download(
    name: str,
    filename: str,
    revision: str | None,
    tell: Callable[[int, int | None], None] | None,
) -> Path | None:
    from huggingface_hub import errors, hf_hub_download

    bar = _bar_that_tells(tell) if tell else None
    with _hub_errors(name, revision):
        try:
            return Path(hf_hub_download(name, filename, revision=revision, tqdm_class=bar))
        except errors.RemoteEntryNotFoundError:
            return None


@contextmanager
def _hub_errors(name: str, revision: str | None) -> Iterator[None]:
    """Every refusal of the Hub, and of the disk, as a CheckpointError with a sentence."""
    from huggingface_hub import errors

    try:
        yield
    except errors.RevisionNotFoundError as error:
        raise CheckpointError(f"{name} has no revision {revision!r} on the Hub.") from error
    except errors.GatedRepoError as error:
        raise CheckpointError(
            f"{name} is gated: its owner gives it to those who ask. Ask on its page on the Hub, "
            "then run `hf auth login` here."
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise CheckpointError(
            f"The Hub has no public model named {name!r}. Check the spelling; a private or gated "
            "model needs `hf auth login` first."
        ) from error
    except Exception as error:  # the client's, its two network libraries' and the disk's
        if getattr(error, "errno", None) == errno.ENOSPC:
            raise CheckpointError(
                f"There is no room on the disk for {name}. Free some and try again; "
                "`hf cache rm` removes models that are no longer needed."
            ) from error
        raise CheckpointError(_how_to_get(name, revision)) from error


def _bar_that_tells(tell: Callable[[int, int | None], None]) -> type[Any]:
    """A progress bar, as the Hub's client takes one, that is heard and not seen.

    A Xet download has two, of which the one of bytes on the wire, which comes second, is no bar.
    """
    from huggingface_hub.utils import tqdm

    class Bar(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, name: str | None = None, **options: Any) -> None:
            super().__init__(*args, **(options | {"file": io.StringIO(), "disable": False}))
            self.heard = not (name or "").endswith(".transfer")
            if self.heard:
                tell(int(self.n), self.total)

        def update(self, n: float | None = 1) -> bool | None:
            changed = super().update(n)
            if self.heard:
                tell(int(self.n), self.total)
            return changed

    return Bar


def _hub_answers() -> bool:
    """One short question, because a download retries for some 23 s before it gives up."""
    from huggingface_hub import constants, get_session

    if constants.HF_HUB_OFFLINE:
        return False
    try:
        get_session().head(constants.ENDPOINT, timeout=NETWORK_CHECK_SECONDS)
    except Exception:  # the session's own error classes changed between releases of the client
        return False
    return True


def _how_to_get(name: str, revision: str | None) -> str:
    place = f"{name}@{revision}" if revision else name
    return (
        f"{name} is not on this computer and the Hugging Face Hub cannot be reached. With a "
        f"network, run `python -m timesformer download {place}` once; after that it works offline."
    )
