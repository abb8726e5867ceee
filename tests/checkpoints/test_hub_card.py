"""A pushed model can be loaded again, and its card states its facts."""

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import huggingface_hub
import pytest
import yaml
from tiny import PREPROCESS, tiny_model

import timesformer
from timesformer.hub.client import CARD_FILE
from timesformer.models.card import model_card


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the folder of the only repository of a fake Hub."""

    class Api:
        def create_repo(self, name: str, *, private: bool, exist_ok: bool) -> SimpleNamespace:
            assert private
            assert exist_ok
            return SimpleNamespace(repo_id=name)

        def file_exists(self, name: str, file: str) -> bool:
            return (tmp_path / "there" / file).is_file()

        def upload_folder(self, *, repo_id: str, folder_path: str) -> None:
            shutil.copytree(folder_path, tmp_path / "there", dirs_exist_ok=True)

    monkeypatch.setattr(huggingface_hub, "HfApi", Api)
    (tmp_path / "there").mkdir()
    return tmp_path / "there"


def test_a_pushed_checkpoint_loads_unchanged(hub: Path) -> None:
    timesformer.push_checkpoint(tiny_model(), PREPROCESS, "someone/waves", private=True)
    loaded = timesformer.load(hub)
    assert loaded.preprocess == PREPROCESS
    assert loaded.notes == ()
    assert loaded.labels == ("wave", "jump", "sit", "run", "rest")


@pytest.mark.parametrize(
    ("push", "words"),
    [
        (lambda: tiny_model().push_to_hub("someone/waves", private=True), "was not recorded"),
        (
            lambda: timesformer.push_checkpoint(
                tiny_model(), PREPROCESS, "someone/waves", private=True
            ),
            "4 frames, one in 2 of 30 a second",
        ),
    ],
)
def test_a_push_adds_a_card_once(push: Callable[[], str], words: str, hub: Path) -> None:
    push()
    card = (hub / CARD_FILE).read_text("utf-8")
    assert yaml.safe_load(card.split("---")[1])["pipeline_tag"] == "video-classification"
    assert words in card
    assert "5: wave, jump, sit, run, rest" in card
    assert 'timesformer.load("someone/waves")' in card
    (hub / CARD_FILE).write_text("What the owner wrote.")
    push()
    assert (hub / CARD_FILE).read_text() == "What the owner wrote."


def test_the_card_of_an_encoder_has_no_labels(hub: Path) -> None:
    tiny_model().timesformer.push_to_hub("someone/waves", private=True)
    card = (hub / CARD_FILE).read_text("utf-8")
    assert "Labels" not in card
    assert "TimesformerModel.from_pretrained" in card
    timesformer.TimesformerModel.from_pretrained(hub)


def test_a_failed_push_has_a_message(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no route to host")

    monkeypatch.setattr(huggingface_hub.HfApi, "create_repo", fail)
    with pytest.raises(timesformer.CheckpointError) as caught:
        tiny_model().push_to_hub("someone/waves", private=True)
    assert caught.value.message.key == "errors.hub.not_pushed"


def test_a_card_lists_only_the_first_of_many_labels() -> None:
    labels = {index: f"label {index}" for index in range(400)}
    card = model_card("someone/many", timesformer.TimesformerConfig(id2label=labels))
    assert "400: label 0," in card
    assert "label 19 and 380 more" in card
    assert "label 20," not in card
