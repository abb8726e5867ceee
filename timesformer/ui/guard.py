"""Limits at the door: what may be sent here, how long it stays, and what is switched off."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..checkpoints import embedded_models
from ..config import TimesformerConfig
from ..errors import TimesformerError
from ..hub import list_files
from ..preprocess import Preprocess
from ..published import PUBLISHED
from ..weights import SAFETENSORS_FILE

MODELS = "TIMESFORMER_MODELS"  # the environment variable in which the owner names them
ANY_MODEL = "TIMESFORMER_ANY_MODEL"  # the one that is 1 where visitors may name others of the Hub
MOST_WEIGHTS = 1_000_000_000  # bytes of such a model
MOST_PATCHES = 20_000  # it may look at; the published ones look at up to 18,816
MAX_FILE = "50mb"
MAX_WAITING = 64  # people in the queue
DELETE_CACHE = (60, 540)  # every minute, files not used for nine: gone within ten

LAUNCH: dict[str, Any] = {
    "max_file_size": MAX_FILE,
    "allowed_paths": [],
    "share": False,
    "show_error": False,
    "run_history": False,  # would keep what was shown in the browser of a shared computer
    "enable_monitoring": False,
    "footer_links": [],
    "pwa": False,
    "ssr_mode": False,
    "mcp_server": False,
}


def offered_models(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What visitors choose from, and what `load` takes for it, the first chosen at first.

    They are those that the owner names in TIMESFORMER_MODELS, with commas between, or all embedded
    and published ones. Of a folder or file of the owner's, visitors see the last part alone.
    Raises TimesformerError where two would read the same.
    """
    named = [name.strip() for name in environment.get(MODELS, "").split(",")]
    chosen = list(dict.fromkeys(name for name in named if name))
    chosen = chosen or [*embedded_models(), *(entry.name for entry in PUBLISHED)]
    offered = {_shown(name): name for name in chosen}
    if len(offered) < len(chosen):
        raise TimesformerError(f"Two models in {MODELS} have the same last part. Rename one.")
    return offered


def any_model(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether visitors may name models of the Hub that are not offered."""
    return environment.get(ANY_MODEL) == "1"


def admitted(choice: str, environment: Mapping[str, str] = os.environ) -> str:
    """What `load` takes for a visitor's choice.

    A model that is not offered is admitted, at its newest commit, where the owner permits it and
    the Hub has it as safetensors of modest size. Raises TimesformerError.
    """
    offered = offered_models(environment)
    if choice in offered:
        return offered[choice]
    if not any_model(environment) or os.path.exists(choice):
        raise TimesformerError("This model is not offered here. Choose one of the list.")
    name = choice.strip()
    files = list_files(name)
    size = files.sizes.get(SAFETENSORS_FILE)
    if size is None:
        raise TimesformerError(
            f"{name} has no {SAFETENSORS_FILE}, and no other file of weights is opened here. "
            "Choose one of the list."
        )
    if size > MOST_WEIGHTS:
        raise TimesformerError(
            f"The weights of {name} have {size / 1e9:.1f} GB; at most {MOST_WEIGHTS / 1e9:.0f} GB "
            "are fetched here. Choose one of the list."
        )
    return f"{name}@{files.revision}"


def check_work(
    choice: str,
    preprocess: Preprocess,
    config: TimesformerConfig,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Raises TimesformerError where a model that is not offered would look at too much."""
    if choice in offered_models(environment):
        return
    (H, W), (height, width) = preprocess.crop_size, config.patch_shape
    patches = preprocess.num_frames * (H // height) * (W // width)
    if patches > MOST_PATCHES:
        raise TimesformerError(
            f"This model looks at {patches:,} patches; at most {MOST_PATCHES:,} are looked at "
            "here. Choose one of the list."
        )


def _shown(name: str) -> str:
    is_path = name not in embedded_models() and os.path.exists(name)
    return Path(name).name if is_path else name
