"""Sources of checkpoints: a folder or a file on this computer, or a repository of the Hub."""

import os
from dataclasses import dataclass
from pathlib import Path

from ..errors import CheckpointError

MAX_NAME_LENGTH = 100  # characters of a name from outside that a message shows


@dataclass(frozen=True)
class Repository:
    """A model on the Hub at a commit, a tag or a branch; revision None is the newest commit.

    With `public`, requests to the Hub carry no token, so private and gated models are refused.
    """

    name: str
    revision: str | None = None
    public: bool = False

    def __str__(self) -> str:
        return f"{self.name}@{self.revision}" if self.revision else self.name


Source = Path | Repository


def resolve(name: str | Source, revision: str | None = None) -> Source:
    """Return the folder, file or Hub repository of a name, such as "owner/name@revision".

    Paths on this computer have precedence. Raises CheckpointError for an unknown name, for two
    revisions, and for a revision of a local path.
    """
    if isinstance(name, str) and not os.path.exists(name):
        repository, at, suffix = name.partition("@")
        if not is_repository(repository) or (at and not suffix):
            raise CheckpointError("checkpoint.unknown", name=Path(name).name[:MAX_NAME_LENGTH])
        if suffix and revision:
            raise CheckpointError("checkpoint.two_revisions", name=name, revision=revision)
        return Repository(repository, revision or suffix or None)
    if revision:
        raise CheckpointError("checkpoint.no_revisions", name=display_name(name), revision=revision)
    return Path(name) if isinstance(name, str) else name


def display_name(source: str | Source) -> str:
    """Return the name of a source for messages: without its folder, cut to MAX_NAME_LENGTH."""
    if isinstance(source, Repository):
        name = str(source)
    else:
        name = os.path.basename(os.path.abspath(source))  # "." has a name, too
    return name[:MAX_NAME_LENGTH]


def is_repository(name: str) -> bool:
    """Return True if a name has the form of a Hub repository, owner/name."""
    from huggingface_hub.utils import HFValidationError, validate_repo_id

    try:
        validate_repo_id(name)
    except HFValidationError:
        return False
    return "/" in name
