"""Where a checkpoint is: a folder or a file on this computer, or a repository of the Hub."""

import os
from dataclasses import dataclass
from pathlib import Path

from ..errors import CheckpointError

LONGEST_NAME = 100  # letters of a name of somebody's choosing that are shown

# The commits at which published models are loaded, as the Hub's own pages name them. Where only the
# start of main's hash is known, it is the head of the pull request that was merged into it last
# (base-k600, hr-ssv2), or the one that brought config and weights (large-k400): the same weights.
PINNED = {
    "facebook/timesformer-base-finetuned-k400": "8aaf40ea7d3d282dcb0a5dea01a198320d15d6c0",
    "facebook/timesformer-base-finetuned-k600": "755111696998cf6c06eeaea5bdb717f46cd4d67b",
    "facebook/timesformer-base-finetuned-ssv2": "3b045270472c79cf9c1b60189ba425e92ed7f004",
    "facebook/timesformer-hr-finetuned-k400": "188026c3022e39dac25da0111f9a015603915775",
    "facebook/timesformer-hr-finetuned-k600": "59b84d1f964357ae2e200f9522292b5d589f6a9c",
    "facebook/timesformer-hr-finetuned-ssv2": "d2573e3c3d78bb7ac29a607ad1e50be14b705e0c",
    "fcakyon/timesformer-large-finetuned-k400": "7511c11ff5504782b2f8cd6f9f16732f0cdd6c66",
    "fcakyon/timesformer-large-finetuned-k600": "3f7b812f6a2ac24c42b435b8388f669f2bb4527c",
    "fcakyon/timesformer-large-finetuned-ssv2": "ad7a6759fdefdf221a6107f6979d4162a5a1f87c",
}


@dataclass(frozen=True)
class Repository:
    """A model on the Hub, at a commit, a tag or a branch; None is the newest.

    Of one that is `public`, only what anybody may have is asked for, whoever is logged in here.
    """

    name: str
    revision: str | None = None
    public: bool = False

    def __str__(self) -> str:
        return f"{self.name}@{self.revision}" if self.revision else self.name


Place = Path | Repository


def locate(name: str | Place, revision: str | None = None) -> Place:
    """The folder, file or Hub repository that a name stands for; "owner/name@revision" is one.

    What is on this computer comes first. Raises CheckpointError for a name of nothing, and for a
    revision that comes twice or belongs to what has none.
    """
    if isinstance(name, str) and not os.path.exists(name):
        repository, at, pinned = name.partition("@")
        if not is_repository(repository) or (at and not pinned):
            raise CheckpointError(
                "There is no checkpoint named {name!r} here. Give the name of an embedded model, "
                "a Hub id such as 'facebook/timesformer-base-finetuned-k400', a folder or file.",
                name=name_of(Path(name)),
            )
        if pinned and revision:
            raise CheckpointError(
                "{name} names a revision already; {revision!r} is one too many.",
                name=name,
                revision=revision,
            )
        return Repository(repository, revision or pinned or PINNED.get(repository))
    if revision:
        raise CheckpointError(
            "{name} has no further revisions; {revision!r} can be had of a Hub id alone.",
            name=name_of(name),
            revision=revision,
        )
    return Path(name) if isinstance(name, str) else name


def name_of(place: str | Place) -> str:
    """What people call a place, which tells nothing of where it lies, and is not of any length."""
    name = str(place) if isinstance(place, Repository) else Path(place).name
    return name[:LONGEST_NAME]


def is_repository(name: str) -> bool:
    """Whether it has the form of a Hub repository, owner/name."""
    from huggingface_hub.utils import HFValidationError, validate_repo_id

    try:
        validate_repo_id(name)
    except HFValidationError:
        return False
    return "/" in name
