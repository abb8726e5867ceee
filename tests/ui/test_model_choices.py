"""The models that visitors can choose, what a visitor may name, and what it may cost."""

import dataclasses
import json
from pathlib import Path

import pytest
from tiny import PREPROCESS

from timesformer import TimesformerConfig
from timesformer.checkpoints.measured import HEATMAPS_FILE
from timesformer.checkpoints.registry import EMBEDDED_FOLDER, PUBLISHED, embedded_models
from timesformer.errors import CheckpointError, TimesformerError
from timesformer.explain import METHODS
from timesformer.explain.registry import UNMEASURED
from timesformer.hub.client import Listing
from timesformer.hub.source import Repository
from timesformer.i18n import section
from timesformer.ui import model_choices, model_cost
from timesformer.ui.server import limits

ROOT = Path(__file__).parents[2]


def test_the_owner_chooses_the_dtype() -> None:
    assert model_choices.owners_dtype({}) is None
    assert model_choices.owners_dtype({"TIMESFORMER_DTYPE": ""}) is None
    assert model_choices.owners_dtype({"TIMESFORMER_DTYPE": "int8"}) == "int8"
    with pytest.raises(TimesformerError) as raised:
        model_choices.owners_dtype({"TIMESFORMER_DTYPE": "int4"})
    assert raised.value.message.key == "errors.page.bad_variable"


def test_every_embedded_model_has_a_description() -> None:
    assert set(embedded_models()) == set(section("embedded"))


def test_visitors_choose_among_the_models_that_the_owner_names() -> None:
    default = model_choices.offered_models({})
    assert next(iter(default)) == "motion"
    assert {entry.name for entry in PUBLISHED} < set(default)
    environment = {"TIMESFORMER_MODELS": " someone/waves, motion,, someone/waves"}
    named = model_choices.offered_models(environment)
    assert list(named.items()) == [("someone/waves", "someone/waves"), ("motion", "motion")]


def test_visitors_do_not_see_the_folder_of_a_model() -> None:
    owner = {"TIMESFORMER_MODELS": "/srv/models/mine,you/model@c0ffee,motion"}
    assert model_choices.offered_models(owner) == {
        "mine": "/srv/models/mine",
        "you/model@c0ffee": "you/model@c0ffee",
        "motion": "motion",
    }
    assert model_choices.resolve_choice("mine", owner) == "/srv/models/mine"
    owner["TIMESFORMER_MODELS"] += ",/srv/other/mine"
    with pytest.raises(TimesformerError) as raised:
        model_choices.offered_models(owner)
    assert raised.value.message.key == "errors.page.same_last_part"


WHOLE = {"config.json": 900, "preprocessor_config.json": 400, "model.safetensors": 5_000_000}
LISTINGS = {
    "someone/waves": WHOLE,
    "someone/pickles": {"pytorch_model.bin": 5_000_000},
    "someone/gated": WHOLE,
    "someone/giant": WHOLE | {"model.safetensors": limits.MAX_MODEL_BYTES + 1},
    "someone/unsaid": WHOLE | {"model.safetensors": None},
    "someone/wordy": WHOLE | {"config.json": limits.MAX_CONFIG_BYTES + 1},
}
PERMITTED = {"TIMESFORMER_ANY_MODEL": "1"}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the Hub that has LISTINGS."""

    def list_files(repository: Repository) -> Listing:
        assert repository.public
        if repository.name not in LISTINGS:
            raise CheckpointError("checkpoint.not_here", name=repository.name)
        is_open = repository.name != "someone/gated"
        return Listing("c0ffee", LISTINGS[repository.name], is_open=is_open)

    monkeypatch.setattr(model_choices, "list_files", list_files)


def test_another_model_needs_the_owner_s_permission(hub: None) -> None:
    public = Repository("someone/waves", "c0ffee", public=True)
    assert model_choices.resolve_choice(" someone/waves ", PERMITTED) == public
    with pytest.raises(TimesformerError) as raised:
        model_choices.resolve_choice("someone/waves", {})
    assert raised.value.message.key == "errors.request.model_not_offered"


@pytest.mark.parametrize(
    ("name", "key", "file"),
    [
        ("someone/pickles", "no_safetensors", "model.safetensors"),
        ("someone/giant", "file_too_large", "model.safetensors"),
        ("someone/unsaid", "file_too_large", "model.safetensors"),
        ("someone/wordy", "file_too_large", "config.json"),
        ("someone/gated", "not_public", None),
        ("someone/nothing", "hub_unavailable", None),
        ("timesformer/ui", "hub_unavailable", None),
        (" assets/models", "hub_unavailable", None),
        (str(ROOT), "not_a_hub_id", None),
        ("/etc/hostname", "not_a_hub_id", None),
        ("/no/such/folder", "not_a_hub_id", None),
        ("someone/waves@main", "not_a_hub_id", None),
    ],
)
def test_a_model_that_may_do_harm_is_refused(
    name: str, key: str, file: str | None, hub: None
) -> None:
    with pytest.raises(TimesformerError) as raised:
        model_choices.resolve_choice(name, PERMITTED)
    message = raised.value.message
    assert message.key == f"errors.request.{key}"
    assert message.values.get("file") == file
    if key == "file_too_large":
        assert message.values["limit"] == model_choices.MAX_FILE_BYTES[str(file)] / 1e6


def test_a_full_disk_downloads_no_more_models(hub: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MIN_FREE_DISK_BYTES", 10**18)
    with pytest.raises(TimesformerError) as raised:
        model_choices.resolve_choice("someone/waves", PERMITTED)
    assert raised.value.message.key == "errors.request.too_many_models"


def test_configs_are_known_before_a_model_is_loaded() -> None:
    for entry in PUBLISHED[:6]:
        config = model_choices.known_config(entry.name)
        assert config is not None
        assert (config.num_frames, config.num_labels) == (entry.num_frames, entry.num_labels)
    assert model_choices.known_config("someone/waves") is None
    assert model_choices.known_config("../../etc") is None


def check_cost(config: TimesformerConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    side = config.image_shape[0]
    preprocess = dataclasses.replace(
        PREPROCESS, num_frames=config.num_frames, crop_size=(side, side), short_side=side
    )
    monkeypatch.setattr(model_cost, "describe_checkpoint", lambda _: (config, preprocess, ()))
    model_cost.check_cost(Repository("someone/waves"))


@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: entry.name)
def test_published_models_cost_no_more_than_is_allowed(
    entry: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_cost(entry.config, monkeypatch)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"num_frames": 128, "image_size": 112}, "frames"),
        ({"image_size": 8192, "patch_size": 2048}, "pixels"),
        ({"hidden_size": 1536}, "parameters"),
        ({"intermediate_size": 32768, "num_frames": 96, "num_hidden_layers": 1},
         "activations_of_a_block"),
        ({"attention_type": "joint_space_time", "num_frames": 96}, "attention_weights_of_a_block"),
        ({"num_hidden_layers": 128, "image_size": 448, "num_frames": 16, "hidden_size": 192,
          "intermediate_size": 192, "num_attention_heads": 1}, "attention_weights_of_all_blocks"),
    ],
)  # fmt: skip
def test_a_model_that_costs_more_than_the_published_ones_is_refused(
    changes: dict[str, object], what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TimesformerError) as raised:
        check_cost(TimesformerConfig(**changes), monkeypatch)
    message = raised.value.message
    assert message.key == "errors.request.model_too_large"
    assert message.values["what"].key == f"work.{what}"
    assert message.values["count"] > message.values["limit"]


def test_the_best_method_follows_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record may be an embedded model's, or in a folder that the owner offers."""
    record = json.loads((EMBEDDED_FOLDER / "motion" / HEATMAPS_FILE).read_text("utf-8"))
    assert model_choices.best_method("motion") == record["ranking"][0]
    assert METHODS[record["ranking"][0]].on_page
    monkeypatch.setenv(model_choices.MODELS, str(tmp_path))
    for ranking in (["attention", "libra"], ["gone", "rollout"]):
        (tmp_path / HEATMAPS_FILE).write_text(json.dumps({"ranking": ranking}), "utf-8")
        known = next(name for name in ranking if name in METHODS)
        assert model_choices.best_method(tmp_path.name) == known
    for content in ("", "[]", "{}", '{"ranking": 5}', '{"ranking": [5]}'):
        (tmp_path / HEATMAPS_FILE).write_text(content, "utf-8")
        assert model_choices.best_method(tmp_path.name) == UNMEASURED[0]


def test_the_best_method_fits_the_model() -> None:
    for name in embedded_models():
        config = model_choices.known_config(name)
        assert config is not None
        assert config.attention_type in METHODS[model_choices.best_method(name)].schemes
    for name in ("facebook/timesformer-base-finetuned-k400", "someone/waves", "/srv/motion", ""):
        assert model_choices.best_method(name) == UNMEASURED[0]


def test_only_models_of_the_tables_are_known_before_they_are_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The owner may offer a model of the Hub or a folder, which also can have a table's name."""
    offered = "someone/waves,/srv/models/mine,/srv/motion,motion-joint"
    monkeypatch.setenv(model_choices.MODELS, offered)
    for name in ("waves", "someone/waves", "mine", "motion", "motion-space", "", "../motion"):
        assert model_choices.known_seconds(name) is model_choices.known_config(name) is None
    assert model_choices.known_seconds("motion-joint")
