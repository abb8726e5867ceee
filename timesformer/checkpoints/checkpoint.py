"""The models that load by name, and reading and writing a whole checkpoint.

A checkpoint is weights, config, preprocessing and labels.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import CheckpointError, Sentence
from ..hub.card import push_folder, sharing_card
from ..hub.client import at_one_commit, download, find_file, read_json
from ..hub.key_maps import MMACTION
from ..hub.source import Place, Repository, locate, name_of
from ..hub.state_dict import WEIGHT_FILES, read_weights, weight_files
from ..models.config import CONFIG_FILE, WRONG_KIND, TimesformerConfig
from ..models.timesformer import TimesformerForVideoClassification
from ..paths import ASSETS_FOLDER
from ..preprocess import PREPROCESSOR_FILE, Preprocess
from ..progress import Progress
from .infer_config import config_of
from .labels import named
from .registry import published_as, published_like

EMBEDDED_FOLDER = ASSETS_FOLDER / "models"
ASSUMED_SECONDS = 8.5  # what the published models of Kinetics look at
ASSUMED_MEAN, ASSUMED_STD = 0.45, 0.225  # of the released models
MMACTION_MEAN = 0.5  # and deviation, of mmaction2's configs
SAMPLING_ASSUMED = Sentence(
    "This checkpoint does not record how its frames were chosen: a clip of about {seconds} s is "
    "assumed.",
    seconds=ASSUMED_SECONDS,
)
PREPROCESSING_ASSUMED = Sentence(
    "This checkpoint does not record how its frames were chosen and prepared: a clip of about "
    "{seconds} s, with mean {mean} and deviation {std} as of the released models, is taken.",
    seconds=ASSUMED_SECONDS,
    mean=ASSUMED_MEAN,
    std=ASSUMED_STD,
)
PREPROCESSING_UNKNOWN = Sentence(
    "How this checkpoint's frames are chosen and prepared could not be asked for: a clip of about "
    "{seconds} s, with mean {mean} and deviation {std} as of the released models, is taken.",
    seconds=ASSUMED_SECONDS,
    mean=ASSUMED_MEAN,
    std=ASSUMED_STD,
)
MMACTION_ASSUMED = Sentence(
    "This file is of mmaction2: a clip of about {seconds} s, with mean and deviation {mean} as in "
    "its configs, is taken.",
    seconds=ASSUMED_SECONDS,
    mean=MMACTION_MEAN,
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


def load_checkpoint(name: str | Place, *, revision: str | None = None) -> Checkpoint:
    """The checkpoint of an embedded model, a Hub repository, a folder or a file, on the CPU.

    "owner/name@revision" is a repository at one commit; published ones are pinned to theirs.
    Raises CheckpointError with what is wrong and what to do.
    """
    place = _place(name, revision)
    if isinstance(place, Path) and place.is_file():
        return _of_file(place)
    place = at_one_commit(place, CONFIG_FILE)
    _, preprocess, notes = describe_checkpoint(place)
    model = TimesformerForVideoClassification.from_pretrained(place)
    return _checkpoint(model, preprocess, *notes)


def describe_checkpoint(name: str | Place) -> tuple[TimesformerConfig, Preprocess, tuple[str, ...]]:
    """What a folder or Hub repository says of itself, and what had to be assumed, but no weights.

    Raises CheckpointError as `load_checkpoint`.
    """
    place = _place(name)
    config = TimesformerConfig.from_pretrained(place)
    known = published_as(place.name) if isinstance(place, Repository) else None
    if known:
        return config, known.preprocess, ()
    try:
        if find_file(place, PREPROCESSOR_FILE) is None:
            return config, _assumed(config), (PREPROCESSING_ASSUMED,)
    except CheckpointError:  # the config is here, and of this file it is not known
        return config, _assumed(config), (PREPROCESSING_UNKNOWN,)
    values = read_json(place, PREPROCESSOR_FILE)
    preprocess = _recorded(values, config, name=name_of(place))
    return config, preprocess, () if "sampling_rate" in values else (SAMPLING_ASSUMED,)


def download_checkpoint(name: str | Place, *, on_progress: Progress) -> None:
    """Brings a checkpoint of the Hub onto this computer; one that is here already is left as it is.

    `on_progress` receives the bytes done and in total, of one file after another.
    Raises CheckpointError when it cannot be had.
    """
    place = _place(name)
    if isinstance(place, Repository):
        own = () if published_as(place.name) else (PREPROCESSOR_FILE,)  # those have the table's
        download(place, CONFIG_FILE, on_progress=on_progress)
        place = at_one_commit(place, CONFIG_FILE)
        assert isinstance(place, Repository)
        for files in (own, weight_files(place)):
            download(place, *files, on_progress=on_progress)


def _place(name: str | Place, revision: str | None = None) -> Place:
    embedded = isinstance(name, str) and name in embedded_models()
    return locate(EMBEDDED_FOLDER / str(name) if embedded else name, revision)


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
            Sentence(
                "This file has the shapes of {name}: its frames are chosen and prepared as for "
                "that.",
                name=known.name,
            ),
        )
    if weights.layout in MMACTION:
        preprocess = replace(_assumed(config), mean=(MMACTION_MEAN,) * 3, std=(MMACTION_MEAN,) * 3)
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
    trained, given = (
        Sentence("{T} frames of {W} x {H} pixels", T=T, W=W, H=H) for T, H, W in (made_for, shown)
    )
    return (
        Sentence(
            "This model was made for {trained} and is shown {given}: trust it less.",
            trained=trained,
            given=given,
        ),
    )


def _assumed_rate(T: int) -> int:
    return max(1, round(ASSUMED_SECONDS * 30 / T))


def _assumed(config: TimesformerConfig) -> Preprocess:
    """As in the released models, for the frames that a config is for."""
    return Preprocess(
        num_frames=config.num_frames,
        sampling_rate=_assumed_rate(config.num_frames),
        short_side=max(config.image_shape),
        crop_size=config.image_shape,
        mean=(ASSUMED_MEAN,) * 3,
        std=(ASSUMED_STD,) * 3,
        resize_way="fb",
    )


def _recorded(values: Mapping[str, Any], config: TimesformerConfig, *, name: str) -> Preprocess:
    """What a preprocessor config says, which may leave out how frames are chosen."""
    T = config.num_frames
    assumed = {"num_frames": T, "sampling_rate": _assumed_rate(T)}
    try:
        preprocess = Preprocess.from_dict({**assumed, **values})
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        reason = str(error) if isinstance(error, ValueError) else WRONG_KIND
        raise CheckpointError(
            "The {file} of {name} cannot be used: {reason}.",
            file=PREPROCESSOR_FILE,
            name=name,
            reason=reason,
        ) from error
    (H, W), (height, width) = preprocess.crop_size, config.patch_shape
    if H % height or W % width:
        raise CheckpointError(
            "The crops of {name}, {H} x {W} pixels, do not divide into its patches of "
            "{height} x {width}.",
            name=name,
            H=H,
            W=W,
            height=height,
            width=width,
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
    card = sharing_card(repository, model.config, preprocess)
    save = partial(save_checkpoint, model, preprocess)
    return push_folder(save, repository, card, private=private)
