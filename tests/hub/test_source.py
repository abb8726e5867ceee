"""Names resolve to paths on this computer or to repositories of the Hub."""

from pathlib import Path

import pytest

from timesformer.errors import CheckpointError
from timesformer.hub.source import Repository, display_name, resolve


def test_paths_on_this_computer_have_precedence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert resolve("someone/waves") == Repository("someone/waves")
    (tmp_path / "someone" / "waves").mkdir(parents=True)
    assert resolve("someone/waves") == Path("someone/waves")
    assert resolve("someone/waves@v1") == Repository("someone/waves", "v1")


def test_a_revision_is_an_argument_or_a_suffix() -> None:
    name = "someone/waves"
    assert resolve(name, "main") == resolve(f"{name}@main") == Repository(name, "main")
    assert str(resolve(name, "main")) == f"{name}@main"


def test_a_display_name_has_no_folder_and_a_bounded_length() -> None:
    assert display_name(Path("/srv/models/mine")) == "mine"
    assert display_name(".") == display_name(Path()) == Path.cwd().name
    assert display_name(Repository("someone/waves", "v1")) == "someone/waves@v1"
    assert len(display_name(Path("/srv") / ("a" * 200))) == 100


@pytest.mark.parametrize(
    ("name", "revision", "key"),
    [
        ("someone/waves@v1", "v2", "errors.checkpoint.two_revisions"),
        (".", "v2", "errors.checkpoint.no_revisions"),
        ("someone/waves@", None, "errors.checkpoint.unknown"),
    ],
)
def test_a_revision_is_never_ignored(name: str, revision: str | None, key: str) -> None:
    with pytest.raises(CheckpointError) as caught:
        resolve(name, revision)
    assert caught.value.message.key == key


@pytest.mark.parametrize(
    "name", ["no-such-model", "", "a b/c", "../up", "/tmp/nothing/here", "a/b/c", "a" * 5000]
)
def test_an_unknown_name_is_refused_without_a_request(name: str) -> None:
    with pytest.raises(CheckpointError) as caught:
        resolve(name)
    assert caught.value.message.key == "errors.checkpoint.unknown"
    assert "/tmp" not in str(caught.value)
