"""What a name stands for: something on this computer, or a repository of the Hub at a commit."""

import re
from pathlib import Path

import pytest

from timesformer.checkpoints.registry import PUBLISHED
from timesformer.errors import CheckpointError
from timesformer.hub.source import PINNED, Repository, locate, name_of


def test_what_is_on_this_computer_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert locate("someone/waves") == Repository("someone/waves")
    (tmp_path / "someone" / "waves").mkdir(parents=True)
    assert locate("someone/waves") == Path("someone/waves")
    assert locate("someone/waves@v1") == Repository("someone/waves", "v1")


def test_a_revision_that_is_asked_for_goes_before_the_pinned_one() -> None:
    name, pinned = next(iter(PINNED.items()))
    assert locate(name) == Repository(name, pinned)
    assert locate(name, "main") == locate(f"{name}@main") == Repository(name, "main")
    assert str(locate(name, "main")) == f"{name}@main"


def test_every_published_model_is_pinned_to_a_whole_commit() -> None:
    assert set(PINNED) == {entry.name for entry in PUBLISHED}
    assert all(re.fullmatch("[0-9a-f]{40}", commit) for commit in PINNED.values())
    assert len(set(PINNED.values())) == len(PINNED)


def test_the_name_of_a_place_tells_nothing_of_where_it_lies() -> None:
    assert name_of(Path("/srv/models/mine")) == "mine"
    assert name_of(Repository("someone/waves", "v1")) == "someone/waves@v1"
    assert len(name_of(Path("/srv") / ("a" * 200))) == 100


@pytest.mark.parametrize(
    ("name", "revision", "words"),
    [
        ("someone/waves@v1", "v2", "names a revision already; 'v2' is one too many"),
        (".", "v2", "has no further revisions"),
        ("someone/waves@", None, "There is no checkpoint named"),
    ],
)
def test_no_revision_is_left_out_without_a_word(
    name: str, revision: str | None, words: str
) -> None:
    with pytest.raises(CheckpointError, match=words):
        locate(name, revision)


@pytest.mark.parametrize(
    "name", ["no-such-model", "", "a b/c", "../up", "/tmp/nothing/here", "a/b/c", "a" * 5000]
)
def test_an_unknown_name_is_told_without_asking_the_network(name: str) -> None:
    with pytest.raises(CheckpointError, match="There is no checkpoint named") as caught:
        locate(name)
    assert "facebook/timesformer-base-finetuned-k400" in str(caught.value)
    assert "/tmp" not in str(caught.value)
