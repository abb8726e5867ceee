"""The models that load by name, and reading and writing a whole checkpoint.

A checkpoint is weights, config, preprocessing and labels.
"""

from dataclasses import dataclass
from pathlib import Path

from .errors import CheckpointError
from .hub import read_json
from .model import TimesformerForVideoClassification
from .preprocess import PREPROCESSOR_FILE, ChannelOrder, Preprocess

_PLACES = (Path(__file__).parent, Path(__file__).parents[1])  # installed; in the repository
ASSETS_FOLDER = next(place / "assets" for place in _PLACES if (place / "assets").is_dir())
EMBEDDED_FOLDER = ASSETS_FOLDER / "models"
ASSUMED_SECONDS = 8.5  # what the published models of Kinetics look at
SAMPLING_ASSUMED = (
    "This checkpoint does not record how its frames were chosen: "
    f"a clip of about {ASSUMED_SECONDS} s is assumed."
)

CC_BY_NC = "CC BY-NC 4.0"


@dataclass(frozen=True)
class Published:
    """What is known of a published checkpoint, of which the Hub records only a part.

    `size` is the side of the crop in pixels; `sampling_rate` as in Preprocess. All were trained
    with mean 0.45, std 0.225 and frames resized without antialiasing (DATA.MEAN, DATA.STD and
    the test transform of the released code); those of Something-Something on BGR frames.
    """

    name: str
    num_frames: int
    size: int
    num_labels: int
    sampling_rate: int | None
    channel_order: ChannelOrder = "rgb"
    licence: str = CC_BY_NC

    @property
    def preprocess(self) -> Preprocess:
        """What the checkpoint was trained and tested with."""
        return Preprocess(
            num_frames=self.num_frames,
            sampling_rate=self.sampling_rate,
            short_side=self.size,
            crop_size=(self.size, self.size),
            mean=(0.45, 0.45, 0.45),
            std=(0.225, 0.225, 0.225),
            resize_way="fb",
            channel_order=self.channel_order,
        )


PUBLISHED = (
    Published("facebook/timesformer-base-finetuned-k400", 8, 224, 400, 32),
    Published("facebook/timesformer-base-finetuned-k600", 8, 224, 600, 32),
    Published("facebook/timesformer-base-finetuned-ssv2", 8, 224, 174, None, "bgr"),
    Published("facebook/timesformer-hr-finetuned-k400", 16, 448, 400, 16),
    Published("facebook/timesformer-hr-finetuned-k600", 16, 448, 600, 16),
    Published("facebook/timesformer-hr-finetuned-ssv2", 16, 448, 174, None, "bgr"),
    Published("fcakyon/timesformer-large-finetuned-k400", 96, 224, 400, 4),
    Published("fcakyon/timesformer-large-finetuned-k600", 96, 224, 600, 4),
    Published("fcakyon/timesformer-large-finetuned-ssv2", 64, 224, 174, None, "bgr"),
)


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A model with what it needs to be used rightly; `notes` say what had to be assumed."""

    model: TimesformerForVideoClassification
    preprocess: Preprocess
    notes: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The words for each class."""
        return tuple(self.model.config.id2label.values())


def embedded_models() -> tuple[str, ...]:
    """Names of the models that ship with this repository."""
    return tuple(sorted(path.parent.name for path in EMBEDDED_FOLDER.glob("*/config.json")))


def load_checkpoint(name: str | Path, *, revision: str | None = None) -> Checkpoint:
    """The checkpoint of an embedded model, a Hub repository or a folder, on the CPU.

    Raises CheckpointError with what is wrong and what to do.
    """
    place = EMBEDDED_FOLDER / name if name in embedded_models() else name
    model = TimesformerForVideoClassification.from_pretrained(place, revision=revision)
    known = next((entry for entry in PUBLISHED if entry.name == name), None)
    if known:
        return Checkpoint(model, known.preprocess)
    values = read_json(place, PREPROCESSOR_FILE, revision=revision)
    T = model.config.num_frames
    assumed = {"num_frames": T, "sampling_rate": max(1, round(ASSUMED_SECONDS * 30 / T))}
    try:
        preprocess = Preprocess.from_dict(assumed | values)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        reason = error if isinstance(error, ValueError) else "a value is of the wrong kind"
        raise CheckpointError(
            f"The {PREPROCESSOR_FILE} of {Path(name).name} cannot be used: {reason}."
        ) from error
    patch = model.config.patch_shape
    if any(side % step for side, step in zip(preprocess.crop_size, patch, strict=True)):
        raise CheckpointError(
            f"The crops of {Path(name).name}, {preprocess.crop_size[0]} x "
            f"{preprocess.crop_size[1]} pixels, do not divide into its patches of "
            f"{patch[0]} x {patch[1]}."
        )
    return Checkpoint(model, preprocess, () if "sampling_rate" in values else (SAMPLING_ASSUMED,))


def save_checkpoint(
    model: TimesformerForVideoClassification, preprocess: Preprocess, folder: str | Path
) -> None:
    """Writes a folder that `load_checkpoint` and transformers read."""
    model.save_pretrained(folder)
    preprocess.save_pretrained(folder)
