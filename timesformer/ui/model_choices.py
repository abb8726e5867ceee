"""The models that visitors can choose, and what is known of each before it is loaded."""

import json
import os
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .. import explain
from ..checkpoints import registry
from ..checkpoints.measured import measured_methods
from ..checkpoints.processor import PROCESSOR_FILES, preprocess_of
from ..checkpoints.registry import EMBEDDED_FOLDER, checkpoint_names, embedded_models
from ..errors import CheckpointError, TimesformerError
from ..evaluation import HEATMAPS_FILE, HeatmapScores
from ..evaluation.records import read_record
from ..hub.client import list_files
from ..hub.config import CONFIG_FILE
from ..hub.source import Repository, is_repository
from ..hub.weight_files import SAFETENSORS_FILE
from ..models.config import TimesformerConfig
from ..paths import ASSETS_FOLDER
from ..preprocess import PREPROCESSOR_FILE
from ..recognizer import DTYPES
from .server import limits

# Environment variables of the owner
MODELS = "TIMESFORMER_MODELS"  # names of the offered models, with commas between
ANY_MODEL = "TIMESFORMER_ANY_MODEL"  # 1 lets visitors name other models of the Hub
DTYPE = "TIMESFORMER_DTYPE"  # dtype of all models

MAX_FILE_BYTES = {
    SAFETENSORS_FILE: limits.MAX_MODEL_BYTES,
    **dict.fromkeys((CONFIG_FILE, *PROCESSOR_FILES), limits.MAX_CONFIG_BYTES),
}


def offered_models(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the names that visitors choose from, each with the name for `load`.

    The first one is chosen when the page opens. Without TIMESFORMER_MODELS these are all embedded
    and published models. Of a folder or a file, visitors see only the last part. Raises
    TimesformerError if two names look the same to visitors.
    """
    named = [name.strip() for name in environment.get(MODELS, "").split(",")]
    names = list(dict.fromkeys(name for name in named if name)) or list(checkpoint_names())
    offered = {_display_name(name): name for name in names}
    if len(offered) < len(names):
        raise TimesformerError("page.same_last_part", variable=MODELS)
    return offered


def allows_any_model(environment: Mapping[str, str] = os.environ) -> bool:
    """Return True if visitors may name models of the Hub that are not offered."""
    return environment.get(ANY_MODEL) == "1"


def owners_dtype(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the dtype that the owner chose for all models, or None for the default of `load`.

    Raises TimesformerError for an unknown dtype.
    """
    dtype = environment.get(DTYPE)
    if dtype and dtype not in DTYPES:
        raise TimesformerError(
            "page.bad_variable", variable=DTYPE, value=dtype, known=", ".join(DTYPES)
        )
    return dtype or None


def resolve_choice(choice: str, environment: Mapping[str, str] = os.environ) -> str | Repository:
    """Return the name for `load` of a visitor's choice.

    A model that is not offered needs the owner's permission, and public safetensors of limited
    size on the Hub. It loads at its newest commit. Raises TimesformerError.
    """
    offered, name = offered_models(environment), str(choice).strip()
    if name in offered:
        return offered[name]
    if not allows_any_model(environment):
        raise TimesformerError("request.model_not_offered")
    if not is_repository(name):
        raise TimesformerError("request.not_a_hub_id")
    try:
        listing = list_files(Repository(name, public=True))
    except CheckpointError as error:
        raise TimesformerError("request.hub_unavailable", name=name) from error
    if not listing.is_open:
        raise TimesformerError("request.not_public", name=name)
    if SAFETENSORS_FILE not in listing.sizes:
        raise TimesformerError("request.no_safetensors", name=name, file=SAFETENSORS_FILE)
    for file, limit in MAX_FILE_BYTES.items():
        size = listing.sizes.get(file, 0)
        if size is None or size > limit:
            raise TimesformerError(
                "request.file_too_large", file=file, name=name, limit=limit / 1e6
            )
    if shutil.disk_usage(ASSETS_FOLDER).free < limits.MIN_FREE_DISK_BYTES:
        raise TimesformerError("request.too_many_models")
    return Repository(name, listing.revision, public=True)


def best_method(choice: str) -> str:
    """Return the explanation method that was measured best for a model, or the usual default."""
    name = offered_models().get(choice, "")
    folder = EMBEDDED_FOLDER / name if name in embedded_models() else Path(name)
    return explain.best_method(measured_methods(folder) if name else ())


def measured_heatmaps(choice: str) -> HeatmapScores | None:
    """Return the scores of the heatmaps of an embedded model, or None if none were measured."""
    return _read_scores(choice) if choice in embedded_models() else None


@cache  # of embedded models only: visitors can name any other
def _read_scores(name: str) -> HeatmapScores | None:
    file = EMBEDDED_FOLDER / name / HEATMAPS_FILE
    return read_record(file, HeatmapScores) if file.exists() else None


def known_config(choice: str) -> TimesformerConfig | None:
    """Return the config of a model if it is known before the model is loaded."""
    return registry.known_config(choice) if _is_registered(choice) else None


def known_seconds(choice: str) -> float | None:
    """Return the length of a model's clips if it is known before the model is loaded.

    Return None for models that see the whole video, too.
    """
    if not _is_registered(choice):
        return None
    published = registry.find_published(choice)
    if published:
        return published.preprocess.seconds
    if choice not in embedded_models():
        return None
    file = EMBEDDED_FOLDER / choice / PREPROCESSOR_FILE
    return preprocess_of(json.loads(file.read_text("utf-8"))).seconds


def _is_registered(choice: str) -> bool:
    """Return True for an offered model that is named as in the table, not by a path."""
    return offered_models().get(choice) == choice


def _display_name(name: str) -> str:
    is_path = os.path.exists(name) or not is_repository(name.partition("@")[0])
    return Path(name).name if is_path and name not in embedded_models() else name
