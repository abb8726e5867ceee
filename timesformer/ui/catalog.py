"""Which models visitors may choose, and what they may ask of them."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import torch

from ..checkpoints.checkpoint import describe_checkpoint
from ..checkpoints.registry import PUBLISHED, checkpoint_names, embedded_models
from ..errors import CheckpointError, TimesformerError
from ..explain import METHODS, Target
from ..hub.client import MAX_JSON_BYTES, list_files
from ..hub.config import CONFIG_FILE
from ..hub.source import Repository, is_repository
from ..hub.state_dict import SAFETENSORS_FILE
from ..i18n import Message
from ..models.config import TimesformerConfig
from ..models.timesformer import TimesformerForVideoClassification
from ..paths import ASSETS_FOLDER
from ..preprocess import PREPROCESSOR_FILE, Preprocess
from ..recognizer import DTYPES, Recognizer
from ..visualize.explorer import comes

MODELS = "TIMESFORMER_MODELS"  # the environment variable in which the owner names them
ANY_MODEL = "TIMESFORMER_ANY_MODEL"  # the one that is 1 where visitors may name others of the Hub
DTYPE = "TIMESFORMER_DTYPE"  # the one of what all models compute in
MOST_BYTES = {
    SAFETENSORS_FILE: 10**9,
    CONFIG_FILE: MAX_JSON_BYTES,
    PREPROCESSOR_FILE: MAX_JSON_BYTES,
}
LEAST_FREE = 5 * 10**9  # bytes of the disk, below which no more of them are fetched


def offered_models(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What visitors choose from, and what `load` takes for it, the first chosen at first.

    They are those that the owner names in TIMESFORMER_MODELS, with commas between, or all embedded
    and published ones. Of a folder or file of the owner's, visitors see the last part alone.
    Raises TimesformerError where two would read the same.
    """
    named = [name.strip() for name in environment.get(MODELS, "").split(",")]
    chosen = list(dict.fromkeys(name for name in named if name))
    chosen = chosen or list(checkpoint_names())
    offered = {_shown(name): name for name in chosen}
    if len(offered) < len(chosen):
        raise TimesformerError("page.same_last_part", variable=MODELS)
    return offered


def any_model(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether visitors may name models of the Hub that are not offered."""
    return environment.get(ANY_MODEL) == "1"


def owners_dtype(environment: Mapping[str, str] = os.environ) -> str | None:
    """What models compute in by the owner's wish; None leaves it to `load`.

    Raises TimesformerError for what there is not.
    """
    named = environment.get(DTYPE)
    if named and named not in DTYPES:
        raise TimesformerError(
            "page.bad_variable", variable=DTYPE, value=named, known=", ".join(DTYPES)
        )
    return named or None


def admitted(choice: str, environment: Mapping[str, str] = os.environ) -> str | Repository:
    """What `load` takes for a visitor's choice.

    A model that is not offered is admitted, at its newest commit, where the owner permits it and
    the Hub gives anybody safetensors of modest size. Raises TimesformerError.
    """
    offered, name = offered_models(environment), str(choice).strip()
    if name in offered:
        return offered[name]
    if not any_model(environment):
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
    for file, most in MOST_BYTES.items():
        size = listing.sizes.get(file, 0)
        if size is None or size > most:
            raise TimesformerError("request.file_too_large", file=file, name=name, limit=most / 1e6)
    if shutil.disk_usage(ASSETS_FOLDER).free < LEAST_FREE:
        raise TimesformerError("request.too_many_models")
    return Repository(name, listing.revision, public=True)


class Work(NamedTuple):
    """What a model asks of a computer: numbers that are held at the same time."""

    frames: int
    pixels: int
    parameters: int
    multiplications: int  # about: every parameter once for every patch
    activations_of_a_block: int  # of all patches, as wide as they get
    attention_weights_of_a_block: int  # of all heads
    attention_weights_of_all_blocks: int  # averaged over heads

    @classmethod
    def of(cls, config: TimesformerConfig, preprocess: Preprocess) -> "Work":
        """The work of looking at one clip."""
        T, (H, W) = preprocess.num_frames, preprocess.crop_size
        N = (H // config.patch_shape[0]) * (W // config.patch_shape[1])
        joint = config.attention_type == "joint_space_time"
        with torch.device("meta"):
            model = TimesformerForVideoClassification(config)
        parameters = sum(parameter.numel() for parameter in model.parameters())
        weights = (1 + T * N) ** 2 if joint else T * (1 + N) ** 2 + N * T**2
        return cls(
            frames=T,
            pixels=T * H * W,
            parameters=parameters,
            multiplications=T * N * parameters,
            activations_of_a_block=T * N * max(config.hidden_size, config.intermediate_size),
            attention_weights_of_a_block=config.num_attention_heads * weights,
            attention_weights_of_all_blocks=config.num_hidden_layers * weights,
        )


def check_work(repository: Repository) -> None:
    """Raises TimesformerError where a model asks more of this computer than any published one."""
    config, preprocess, _ = describe_checkpoint(repository)
    known = [Work.of(entry.config, entry.preprocess) for entry in PUBLISHED]
    for name, asked, *most in zip(Work._fields, Work.of(config, preprocess), *known, strict=True):
        if asked > max(most):
            raise TimesformerError(
                "request.model_too_large",
                name=repository.name,
                count=asked,
                what=Message(f"work.{name}"),
                limit=max(most),
            )


def _shown(name: str) -> str:
    is_path = os.path.exists(name) or not is_repository(name.partition("@")[0])
    return Path(name).name if is_path and name not in embedded_models() else name


def check_asked(
    recognizer: Recognizer, method: str, target: Target | None, *, than: str | None
) -> None:
    """Raises TimesformerError where a model has no such label, or nothing that the method sees."""
    if method not in METHODS:  # sent by hand
        raise TimesformerError("request.no_method")
    if recognizer.model.config.attention_type not in METHODS[method].schemes:
        raise TimesformerError("request.no_time_attention")
    if METHODS[method].is_class_specific and than and target is None:
        raise TimesformerError("request.contrast_alone")
    wanted = target if isinstance(target, tuple) else (target,) if target else ()
    for label in wanted:
        if label not in recognizer.labels:
            raise TimesformerError("request.no_label", label=str(label)[:60])
    if len(wanted) != len(set(wanted)):
        raise TimesformerError("request.same_labels")


def check_part(recognizer: Recognizer, part: str, number: object) -> None:
    """Raises TimesformerError where there is no such part, from 1, or it is too large to send."""
    blocks, frames = recognizer.model.config.num_hidden_layers, recognizer.preprocess.num_frames
    if number not in range(1, 1 + (blocks if part == "block" else frames)):
        raise TimesformerError(f"explorer.no_{part}")
    if not comes(recognizer, part):
        raise TimesformerError(f"explorer.{part}_too_large")
