"""The models that load by name, and reading and writing a whole checkpoint.

A checkpoint is weights, config, preprocessing and labels.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from .config import CONFIG_FILE, TimesformerConfig
from .errors import CheckpointError
from .formats import MMACTION, config_of
from .hub import ASSETS_FOLDER, download, find_file, read_json
from .labels import named
from .model import TimesformerForVideoClassification
from .preprocess import PREPROCESSOR_FILE, Preprocess
from .published import PINNED, published_as, published_like
from .sharing import push_folder
from .weights import WEIGHT_FILES, read_weights

EMBEDDED_FOLDER = ASSETS_FOLDER / "models"
ASSUMED_SECONDS = 8.5  # what the published models of Kinetics look at
SAMPLING_ASSUMED = (
    "This checkpoint does not record how its frames were chosen: "
    f"a clip of about {ASSUMED_SECONDS} s is assumed."
)
PREPROCESSING_ASSUMED = (
    "This checkpoint does not record how its frames were chosen and prepared: a clip of about "
    f"{ASSUMED_SECONDS} s, with mean 0.45 and deviation 0.225 as of the released models, is taken."
)
MMACTION_ASSUMED = (
    "This file is of mmaction2: a clip of about "
    f"{ASSUMED_SECONDS} s, with mean and deviation 0.5 as in its configs, is taken."
)


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A model with what it needs to be used rightly: preprocessing, and the words for each class.

    `notes` say what had to be assumed.
    """

    model: TimesformerForVideoClassification
    preprocess: Preprocess
    labels: tuple[str, ...]
    notes: tuple[str, ...] = ()


def embedded_models() -> tuple[str, ...]:
    """Names of the models that ship with this repository."""
    return tuple(sorted(path.parent.name for path in EMBEDDED_FOLDER.glob("*/config.json")))


def load_checkpoint(name: str | Path, *, revision: str | None = None) -> Checkpoint:
    """The checkpoint of an embedded model, a Hub repository, a folder or a file, on the CPU.

    "owner/name@revision" is a repository at one commit; the published ones are pinned to theirs.
    Raises CheckpointError with what is wrong and what to do.
    """
    place, revision = _place(name, revision)
    if os.path.isfile(place):
        return _of_file(Path(place))
    model = TimesformerForVideoClassification.from_pretrained(place, revision=revision)
    known = published_as(str(place))
    if known:
        return _checkpoint(model, known.preprocess)
    if find_file(place, PREPROCESSOR_FILE, revision=revision) is None:
        return _checkpoint(model, _assumed(model.config), PREPROCESSING_ASSUMED)
    values = read_json(place, PREPROCESSOR_FILE, revision=revision)
    preprocess = _recorded(values, model.config, name=Path(place).name)
    return _checkpoint(model, preprocess, *() if "sampling_rate" in values else (SAMPLING_ASSUMED,))


def download_checkpoint(
    name: str, *, revision: str | None = None, tell: Callable[[int, int | None], None]
) -> None:
    """Brings a checkpoint of the Hub onto this computer; one that is here already is left as it is.

    `tell` hears the bytes that are there, and how many there will be, of one file after another.
    Raises CheckpointError when it cannot be had.
    """
    place, revision = _place(name, revision)
    if os.path.exists(place):
        return
    own = () if published_as(str(place)) else (PREPROCESSOR_FILE,)  # the table's is used for those
    for files in ((CONFIG_FILE,), own, WEIGHT_FILES):
        download(str(place), *files, revision=revision, tell=tell)


def _place(name: str | Path, revision: str | None) -> tuple[str | Path, str | None]:
    """Where a checkpoint is, a folder, a file or a Hub repository, and the revision of the last."""
    if name in embedded_models():
        return EMBEDDED_FOLDER / name, None
    if isinstance(name, Path) or os.path.exists(name):
        return name, None
    repository, _, pinned = name.partition("@")
    return repository, revision or pinned or PINNED.get(repository)


def _of_file(path: Path) -> Checkpoint:
    """The checkpoint of a file of weights: of its folder, or what its shapes and names tell."""
    if path.name in WEIGHT_FILES and (path.parent / CONFIG_FILE).is_file():
        return load_checkpoint(path.parent)
    weights = read_weights(path, source=path.name)
    config = config_of(weights.tensors, weights.layout)
    model = TimesformerForVideoClassification.from_weights(weights, config)
    known = None if weights.layout in MMACTION else published_like(config)
    if known:
        return _checkpoint(
            model,
            known.preprocess,
            f"This file has the shapes of {known.name}: its frames are chosen and prepared as for "
            "that.",
        )
    if weights.layout in MMACTION:
        preprocess = replace(_assumed(config), mean=(0.5,) * 3, std=(0.5,) * 3)
        return _checkpoint(model, preprocess, MMACTION_ASSUMED)
    return _checkpoint(model, _assumed(config), PREPROCESSING_ASSUMED)


def _checkpoint(
    model: TimesformerForVideoClassification, preprocess: Preprocess, *notes: str
) -> Checkpoint:
    labels, label_notes = named(tuple(model.config.id2label.values()))
    away = away_notes(model.config, preprocess)
    return Checkpoint(model, preprocess, labels, (*notes, *label_notes, *away))


def away_notes(config: TimesformerConfig, preprocess: Preprocess) -> tuple[str, ...]:
    """A warning where a model is shown other frames than it was made for, else nothing."""
    made_for = (config.num_frames, *config.image_shape)
    shown = (preprocess.num_frames, *preprocess.crop_size)
    if made_for == shown:
        return ()
    trained, given = (f"{T} frames of {W} x {H} pixels" for T, H, W in (made_for, shown))
    return (f"This model was made for {trained} and is shown {given}: trust it less.",)


def _assumed_rate(T: int) -> int:
    return max(1, round(ASSUMED_SECONDS * 30 / T))


def _assumed(config: TimesformerConfig) -> Preprocess:
    """As in the released models, for the frames that a config is for."""
    return Preprocess(
        num_frames=config.num_frames,
        sampling_rate=_assumed_rate(config.num_frames),
        short_side=max(config.image_shape),
        crop_size=config.image_shape,
        mean=(0.45,) * 3,
        std=(0.225,) * 3,
        resize_way="fb",
    )


def _recorded(values: Mapping[str, Any], config: TimesformerConfig, *, name: str) -> Preprocess:
    """What a preprocessor config says, which may leave out how frames are chosen."""
    T = config.num_frames
    assumed = {"num_frames": T, "sampling_rate": _assumed_rate(T)}
    try:
        preprocess = Preprocess.from_dict({**assumed, **values})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        reason = error if isinstance(error, ValueError) else "a value is of the wrong kind"
        raise CheckpointError(
            f"The {PREPROCESSOR_FILE} of {name} cannot be used: {reason}."
        ) from error
    (H, W), (height, width) = preprocess.crop_size, config.patch_shape
    if H % height or W % width:
        raise CheckpointError(
            f"The crops of {name}, {H} x {W} pixels, do not divide into its patches of "
            f"{height} x {width}."
        )
    return preprocess


def save_checkpoint(
    model: TimesformerForVideoClassification, preprocess: Preprocess, folder: str | Path
) -> None:
    """Writes a folder that `load_checkpoint` and transformers read."""
    model.save_pretrained(folder)
    preprocess.save_pretrained(folder)


def push_checkpoint(
    model: TimesformerForVideoClassification,
    preprocess: Preprocess,
    repository: str,
    *,
    private: bool = False,
) -> str:
    """Saves a checkpoint as a Hub repository, with a card, and gives its address.

    Needs `hf auth login`.
    """
    return push_folder(
        partial(save_checkpoint, model, preprocess),
        repository,
        private=private,
        config=model.config,
        preprocess=preprocess,
    )
