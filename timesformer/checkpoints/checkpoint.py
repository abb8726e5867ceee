"""Loading, downloading and saving checkpoints: weights, config, preprocessing and labels.

`load_checkpoint` resolves a name once; every later step takes the resolved Source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import CheckpointError
from ..hub.client import find_file, pin_commit, push_folder, read_json
from ..hub.config import CONFIG_FILE, WRONG_TYPE
from ..hub.key_maps import MMACTION
from ..hub.source import Repository, Source, display_name
from ..hub.state_dict import Weights, find_weights, read_weights
from ..hub.weight_files import INDEX_SUFFIX, find_weight_files
from ..i18n import Message
from ..models.config import TimesformerConfig
from ..models.timesformer import TimesformerForVideoClassification
from ..preprocess import Preprocess
from ..progress import Progress
from ..video.clip import GRID_FPS
from .hub_card import checkpoint_card
from .infer_config import infer_config
from .labels import class_labels
from .measured import measured_methods
from .processor import PROCESSOR_FILES, find_processor, preprocess_of, recorded_sampling
from .registry import (
    RELEASED_MEAN,
    RELEASED_STD,
    find_published,
    match_published,
    resolve_checkpoint,
)

ASSUMED_SECONDS = 8.5  # the length of clips of the published Kinetics models
NUM_CHANNELS = 3  # of frames
MMACTION_MEAN = 0.5  # and standard deviation, in mmaction2's configs
SAMPLING_ASSUMED = Message("notes.checkpoint.sampling_assumed", seconds=ASSUMED_SECONDS)
PREPROCESSING_ASSUMED = Message(
    "notes.checkpoint.preprocessing_assumed",
    seconds=ASSUMED_SECONDS,
    mean=RELEASED_MEAN,
    std=RELEASED_STD,
)
PREPROCESSING_UNKNOWN = Message(
    "notes.checkpoint.preprocessing_unreachable",
    seconds=ASSUMED_SECONDS,
    mean=RELEASED_MEAN,
    std=RELEASED_STD,
)
MMACTION_ASSUMED = Message(
    "notes.checkpoint.mmaction_assumed", seconds=ASSUMED_SECONDS, mean=MMACTION_MEAN
)


Description = tuple[TimesformerConfig, Preprocess, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A model with its preprocessing and labels; `notes` name the values that are assumed.

    methods: explanation methods, the best measured first.
    """

    model: TimesformerForVideoClassification
    preprocess: Preprocess
    labels: tuple[str, ...]
    notes: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()


def load_checkpoint(
    name: str | Source, *, revision: str | None = None, num_attention_heads: int | None = None
) -> Checkpoint:
    """Return the checkpoint of an embedded model, a Hub id, a folder or a file, on the CPU.

    "owner/name@revision" is a Hub repository at one commit. `num_attention_heads` is for weights
    without a config.json. Raises CheckpointError.
    """
    source, file = resolve_checkpoint(name, revision), None
    if isinstance(source, Path) and source.is_file():
        source, file = source.parent, source
    source = pin_commit(source, CONFIG_FILE)
    described = _describe(source) if find_file(source, CONFIG_FILE) else None
    if file is None or file.name.endswith(INDEX_SUFFIX):
        weights = find_weights(source)
    else:
        weights = read_weights(file, name=file.name)
    if described is None:
        return _infer(weights, num_attention_heads)
    config, preprocess, notes = described
    if num_attention_heads not in (None, config.num_attention_heads):
        raise CheckpointError("checkpoint.other_heads", heads=config.num_attention_heads)
    checkpoint = _checkpoint(weights, config, preprocess, *notes)
    return replace(checkpoint, methods=measured_methods(source))


def describe_checkpoint(name: str | Source) -> Description:
    """Return config, preprocessing and notes of a folder or Hub repository, without its weights.

    Raises CheckpointError as `load_checkpoint`.
    """
    return _describe(resolve_checkpoint(name))


def download_checkpoint(name: str | Source, *, on_progress: Progress) -> None:
    """Download a checkpoint of the Hub; files on this computer are not downloaded again.

    `on_progress` receives the bytes done and in total, of one file after another.
    Raises CheckpointError when the weights or one of their shards are not available.
    """
    source = resolve_checkpoint(name)
    if isinstance(source, Path) and source.is_file():
        return
    find_file(source, CONFIG_FILE, on_progress=on_progress)
    source = pin_commit(source, CONFIG_FILE)
    if isinstance(source, Repository) and not find_published(source.name):
        for file in PROCESSOR_FILES:  # published ones have their preprocessing in the table
            find_file(source, file, on_progress=on_progress)
    find_weight_files(source, on_progress=on_progress)


def _describe(source: Source) -> Description:
    config = TimesformerConfig.from_pretrained(source)
    published = find_published(source.name) if isinstance(source, Repository) else None
    if published:
        return config, published.preprocess, ()
    files, unknown = {}, False
    for file in PROCESSOR_FILES:
        try:
            path = find_file(source, file)
        except CheckpointError:  # the Hub cannot be reached to find out if the file exists
            unknown = True
            break
        if path:
            files[file] = read_json(source, file)
    found = find_processor(files)
    if found is None:
        note = PREPROCESSING_UNKNOWN if unknown else PREPROCESSING_ASSUMED
        return config, _assumed_preprocess(config), (note,)
    file, values = found
    preprocess = _recorded_preprocess(values, config, file=file, name=display_name(source))
    return config, preprocess, () if recorded_sampling(values) else (SAMPLING_ASSUMED,)


def _infer(weights: Weights, num_attention_heads: int | None) -> Checkpoint:
    """Return the checkpoint of weights without a config; its tensors give the config."""
    config = infer_config(weights.tensors, weights.key_map, num_attention_heads=num_attention_heads)
    preprocess = _assumed_preprocess(config)
    heads_note: tuple[str, ...] = ()
    if num_attention_heads is None:
        heads = config.num_attention_heads
        heads_note = (Message("notes.checkpoint.heads_assumed", heads=heads),)
    if weights.key_map in MMACTION:
        preprocess = replace(preprocess, mean=(MMACTION_MEAN,) * 3, std=(MMACTION_MEAN,) * 3)
        return _checkpoint(weights, config, preprocess, MMACTION_ASSUMED, *heads_note)
    published = match_published(config)
    if not published:
        return _checkpoint(weights, config, preprocess, PREPROCESSING_ASSUMED, *heads_note)
    note = Message("notes.checkpoint.known_shapes", name=published.name)
    return _checkpoint(weights, config, published.preprocess, note)


def _checkpoint(
    weights: Weights, config: TimesformerConfig, preprocess: Preprocess, *notes: str
) -> Checkpoint:
    if config.num_channels != NUM_CHANNELS:
        raise CheckpointError(
            "checkpoint.channels", name=weights.name, channels=config.num_channels
        )
    model = TimesformerForVideoClassification.from_weights(weights, config)
    labels, label_notes = class_labels(tuple(config.id2label.values()))
    shape_notes = input_shape_notes(config, preprocess)
    all_notes = (*weights.notes, *notes, *label_notes, *shape_notes)
    return Checkpoint(model, preprocess, labels, all_notes)


def input_shape_notes(config: TimesformerConfig, preprocess: Preprocess) -> tuple[str, ...]:
    """Return a warning if clips differ in shape from the model's training clips, else nothing."""
    trained_shape = (config.num_frames, *config.image_shape)
    given_shape = (preprocess.num_frames, *preprocess.crop_size)
    if trained_shape == given_shape:
        return ()
    trained, given = (
        Message("notes.checkpoint.frames_of", T=T, W=W, H=H)
        for T, H, W in (trained_shape, given_shape)
    )
    return (Message("notes.checkpoint.other_shape", trained=trained, given=given),)


def _assumed_rate(T: int) -> int:
    return max(1, round(ASSUMED_SECONDS * GRID_FPS / T))


def _assumed_preprocess(config: TimesformerConfig) -> Preprocess:
    """Return the preprocessing of the released models for the input shape of a config."""
    return Preprocess(
        num_frames=config.num_frames,
        sampling_rate=_assumed_rate(config.num_frames),
        short_side=max(config.image_shape),
        crop_size=config.image_shape,
        mean=(RELEASED_MEAN,) * 3,
        std=(RELEASED_STD,) * 3,
        resize_way="fb",
    )


def _recorded_preprocess(
    values: Mapping[str, Any], config: TimesformerConfig, *, file: str, name: str
) -> Preprocess:
    """Return the preprocessing of a processor's settings, whose frame sampling may be absent."""
    T = config.num_frames
    defaults = {"num_frames": T, "sampling_rate": _assumed_rate(T)}
    given = {key: value for key, value in values.items() if value is not None}
    try:
        preprocess = preprocess_of({**defaults, **given, **recorded_sampling(values)})
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        reason = str(error) if isinstance(error, ValueError) else WRONG_TYPE
        raise CheckpointError(
            "checkpoint.file_unusable", file=file, name=name, reason=reason
        ) from error
    (H, W), (height, width) = preprocess.crop_size, config.patch_shape
    if H % height or W % width:
        raise CheckpointError(
            "checkpoint.crop_size", name=name, file=file, H=H, W=W, height=height, width=width
        )
    return preprocess


def save_checkpoint(
    model: TimesformerForVideoClassification, preprocess: Preprocess, folder: str | Path
) -> None:
    """Write a folder that `load_checkpoint` and transformers read."""
    model.save_pretrained(folder)
    preprocess.save_pretrained(folder)


def push_checkpoint(
    model: TimesformerForVideoClassification,
    preprocess: Preprocess,
    repository: str,
    *,
    private: bool = False,
) -> str:
    """Push a checkpoint with a model card to the Hub and return the repository's address.

    Needs `hf auth login`. Raises CheckpointError if the Hub cannot be reached or refuses.
    """
    card = checkpoint_card(repository, model.config, preprocess)
    save = partial(save_checkpoint, model, preprocess)
    return push_folder(save, repository, card, private=private)
