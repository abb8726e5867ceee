"""Files of checkpoints: in a folder, in the Hub's cache or on the Hub."""

import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..errors import CheckpointError
from ..i18n import Message
from ..paths import is_lfs_pointer
from ..progress import Progress
from .network_errors import NOT_NOW, answer_reason, find_reason, setting_reason
from .source import Repository, Source, display_name

NETWORK_CHECK_SECONDS = 3.0  # for one short answer; without it, a download retries for about 23 s
LISTING_SECONDS = 10.0  # for a longer answer: all files of a repository
MAX_JSON_BYTES = 4_000_000  # a config with 600 labels has 40,000
CARD_FILE = "README.md"
WEIGHTS = (".safetensors", ".bin")  # endings of files with weights
NOT_PUSHED = Message("errors.hub.not_pushed")


def find_file(source: Source, *filenames: str, on_progress: Progress | None = None) -> Path | None:
    """Return the path of the first of `filenames` that a source has; None if it has none.

    A file of the Hub is downloaded, unless the cache has it. `on_progress` then receives the bytes
    done and in total, None where the Hub does not say. Raises CheckpointError when the Hub refuses
    the repository or cannot be reached.
    """
    if isinstance(source, Repository):
        return _find_on_hub(source, filenames, on_progress)
    if not source.exists():
        raise CheckpointError("checkpoint.not_here", name=display_name(source))
    return next((source / name for name in filenames if (source / name).is_file()), None)


@dataclass(frozen=True)
class Listing:
    """The files of a Hub repository at one commit, with their sizes in bytes where known.

    The repository `is_open` if it is neither private nor gated.
    """

    revision: str
    sizes: Mapping[str, int | None]
    is_open: bool = True


def list_files(repository: Repository) -> Listing:
    """Request the list of a repository's files from the Hub. Raises CheckpointError."""
    from huggingface_hub import HfApi

    _check_hub(repository)
    with hub_errors(repository):
        info = HfApi().model_info(
            repository.name,
            revision=repository.revision,
            files_metadata=True,
            timeout=LISTING_SECONDS,
            token=_token(repository),
        )
    sizes = {file.rfilename: file.size for file in info.siblings or ()}
    return Listing(str(info.sha), sizes, is_open=not (info.gated or info.private))


def file_names(source: Source) -> list[str]:
    """Return the names of the files of a source, those in its subfolders included.

    The list is empty if the Hub cannot be reached.
    """
    if isinstance(source, Repository):
        try:
            return sorted(list_files(source).sizes)
        except CheckpointError:
            return []
    paths = (path for pattern in ("*", "*/*") for path in sorted(source.glob(pattern)))
    return [str(path.relative_to(source)) for path in paths if path.is_file()]


def check_whole(path: Path, name: str) -> None:
    """Raise CheckpointError for a Git LFS pointer in the place of a file."""
    if is_lfs_pointer(path):
        raise CheckpointError("checkpoint.lfs_pointer", file=name)


def pin_commit(source: Source, filename: str) -> Source:
    """Return the source at the commit of `filename`, so that all files are of one commit."""
    if not isinstance(source, Repository):
        return source
    path = find_file(source, filename)
    return replace(source, revision=path.parent.name) if path else source


def read_json(source: Source, filename: str) -> dict[str, Any]:
    """Return the contents of a JSON file of a checkpoint.

    Raises CheckpointError if the file is missing, too large or holds something else.
    """
    path, name = find_file(source, filename), display_name(source)
    if path is None:
        raise CheckpointError("checkpoint.no_file", name=name, file=filename)
    if path.stat().st_size > MAX_JSON_BYTES:
        raise CheckpointError(
            "checkpoint.json_too_large", file=filename, name=name, limit=MAX_JSON_BYTES
        )
    check_whole(path, filename)
    try:
        values = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise CheckpointError("checkpoint.not_json", file=filename, name=name) from error
    if not isinstance(values, dict):
        raise CheckpointError("checkpoint.no_settings", file=filename, name=name)
    return values


@contextmanager
def hub_errors(repository: Repository, *, unreachable: Message | None = None) -> Iterator[None]:
    """Raise CheckpointError for every error of the Hub, the network and the disk."""
    from huggingface_hub import errors

    name = repository.name
    try:
        yield
    except errors.RevisionNotFoundError as error:
        raise CheckpointError("hub.no_revision", name=name, revision=repository.revision) from error
    except errors.GatedRepoError as error:
        raise CheckpointError("hub.gated", name=name) from error
    except errors.RepositoryNotFoundError as error:
        raise CheckpointError("hub.not_found", name=name) from error
    except Exception as error:  # of the client, its two network libraries or the disk
        reason = find_reason(error, name)
        raise CheckpointError(reason or unreachable or _offline_message(repository)) from error


def push_folder(
    save: Callable[[Path], None],
    repository: str,
    card: str = "",
    *,
    private: bool,
    **kind: Any,
) -> str:
    """Save files into a folder, upload it as the repository of the Hub and return its address.

    The card is added if the repository has none. `kind` describes another repository than a model:
    its `repo_type`, and options for a new one. Raises CheckpointError if the Hub cannot be reached
    or refuses.
    """
    from huggingface_hub import HfApi

    api = HfApi()
    repo_type = {"repo_type": kind["repo_type"]} if kind else {}
    with TemporaryDirectory() as folder:
        save(Path(folder))
        with hub_errors(Repository(repository), unreachable=NOT_PUSHED):
            address = api.create_repo(repository, private=private, exist_ok=True, **kind)
            if card and not api.file_exists(address.repo_id, CARD_FILE):
                (Path(folder) / CARD_FILE).write_text(card, "utf-8")
            api.upload_folder(repo_id=address.repo_id, folder_path=folder, **repo_type)
    return str(address)


def _find_on_hub(
    repository: Repository, filenames: tuple[str, ...], on_progress: Progress | None
) -> Path | None:
    from huggingface_hub import _CACHED_NO_EXIST, try_to_load_from_cache

    unknown = []  # filenames that the cache records neither as present nor as absent
    for filename in filenames:
        cached = try_to_load_from_cache(repository.name, filename, revision=repository.revision)
        if isinstance(cached, str):
            return Path(cached)
        if cached is not _CACHED_NO_EXIST:
            unknown.append(filename)
    if not unknown:
        return None
    _check_hub(repository)
    downloads = (_download(repository, filename, on_progress) for filename in unknown)
    return next((path for path in downloads if path), None)


def _download(repository: Repository, filename: str, on_progress: Progress | None) -> Path | None:
    from huggingface_hub import errors, hf_hub_download

    with hub_errors(repository):
        try:
            path = hf_hub_download(
                repository.name,
                filename,
                revision=repository.revision,
                token=_token(repository),
                tqdm_class=_progress_bar(on_progress) if on_progress else None,
            )
        except errors.RemoteEntryNotFoundError:
            return None
    return Path(path)


def _token(repository: Repository) -> bool | None:
    """Return the client's token argument: False sends none, None the token of `hf auth login`."""
    return False if repository.public else None


def _progress_bar(on_progress: Progress) -> type[Any]:
    """Return a progress bar class for the Hub's client that prints nothing.

    A Xet download has two bars. The bar of bytes on the wire is not reported.
    """
    from huggingface_hub.utils import tqdm

    class Bar(tqdm):
        def __init__(self, *args: Any, name: str | None = None, **options: Any) -> None:
            super().__init__(*args, **(options | {"file": io.StringIO(), "disable": False}))
            self.is_reported = not (name or "").endswith(".transfer")
            self.done = options.get("initial", 0)  # `n` stays 0 where progress bars are disabled
            self.update(0)

        def update(self, n: float | None = 1) -> bool | None:
            changed = super().update(n)
            self.done += n or 0
            if self.is_reported:
                on_progress(int(self.done), self.total)
            return changed

    return Bar


def _check_hub(repository: Repository) -> None:
    """Raise CheckpointError with the reason if the Hub does not answer one short request."""
    from huggingface_hub import constants, get_session

    if constants.HF_HUB_OFFLINE:
        raise CheckpointError(_offline_message(repository))
    try:
        session = get_session()
    except Exception as error:  # reads the variables for proxies and certificates
        raise CheckpointError(setting_reason(error)) from error
    with hub_errors(repository):
        response = session.head(
            constants.ENDPOINT, timeout=NETWORK_CHECK_SECONDS, follow_redirects=False
        )
    if response.status_code in NOT_NOW:
        raise CheckpointError(answer_reason(response, repository.name))


def _offline_message(repository: Repository) -> Message:
    # Without a revision, the command would download the pinned commit of a published checkpoint.
    repository = replace(repository, revision=repository.revision or "main")
    if commit := _other_commit(repository):
        return Message(
            "errors.hub.other_commit", name=repository.name, commit=commit, repository=repository
        )
    return Message("errors.hub.offline", name=repository.name, repository=repository)


def _other_commit(repository: Repository) -> str | None:
    """Return the newest commit in the cache with weights, other than the requested one."""
    from huggingface_hub import constants
    from huggingface_hub.file_download import repo_folder_name

    name = repo_folder_name(repo_id=repository.name, repo_type="model")
    folder = Path(constants.HF_HUB_CACHE, name)
    reference = folder / "refs" / str(repository.revision)
    wanted = reference.read_text() if os.path.isfile(reference) else repository.revision
    commits = {file.parent for file in folder.glob("snapshots/*/*") if file.suffix in WEIGHTS}
    others = [commit for commit in commits if commit.name != wanted]
    return max(others, key=lambda commit: commit.stat().st_mtime).name if others else None
