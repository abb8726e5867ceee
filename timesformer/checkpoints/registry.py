"""The table of checkpoints that load by name: the embedded ones and the published ones.

The command line, the page, the evaluation and the README take names and figures from this table.
"""

from dataclasses import dataclass

from ..hub.source import Repository, Source, resolve
from ..models.config import TimesformerConfig
from ..paths import ASSETS_FOLDER
from ..preprocess import ChannelOrder, Preprocess
from .labels import class_labels

EMBEDDED_FOLDER = ASSETS_FOLDER / "models"
RELEASED_MEAN, RELEASED_STD = 0.45, 0.225  # DATA.MEAN and DATA.STD of the released code
LICENCE = "CC BY-NC 4.0"  # of every published checkpoint


@dataclass(frozen=True)
class Published:
    """A published checkpoint of divided attention, with facts that the Hub does not record.

    `size` is the side of the crop in pixels; `sampling_rate` is as in Preprocess. `top_1` and
    `top_5` are percent correct on the dataset's validation videos, as the released code reports
    them. `revision` is the commit that loads by default. Frames are resized without antialiasing,
    as in the released test transform. The checkpoints of Something-Something were trained on BGR
    frames.
    """

    name: str
    num_frames: int
    size: int
    num_labels: int
    sampling_rate: int | None
    top_1: float
    top_5: float | None = None
    channel_order: ChannelOrder = "rgb"
    revision: str | None = None

    @property
    def config(self) -> TimesformerConfig:
        """The config of the checkpoint's shape, without its labels."""
        return TimesformerConfig(
            num_frames=self.num_frames, image_size=self.size, num_labels=self.num_labels
        )

    @property
    def preprocess(self) -> Preprocess:
        """The preprocessing that the checkpoint was trained and tested with."""
        return Preprocess(
            num_frames=self.num_frames,
            sampling_rate=self.sampling_rate,
            short_side=self.size,
            crop_size=(self.size, self.size),
            mean=(RELEASED_MEAN,) * 3,
            std=(RELEASED_STD,) * 3,
            resize_way="fb",
            channel_order=self.channel_order,
        )


# Revisions are commits as the Hub's pages show them. Where a page shows only the start of main's
# hash, the revision is the head of the pull request merged last (base-k600, hr-ssv2), or the commit
# that added config and weights (large-k400). The weights are the same.
PUBLISHED = (
    Published("facebook/timesformer-base-finetuned-k400", 8, 224, 400, 32, 77.9, 93.2,
              revision="8aaf40ea7d3d282dcb0a5dea01a198320d15d6c0"),
    Published("facebook/timesformer-base-finetuned-k600", 8, 224, 600, 32, 79.1, 94.4,
              revision="755111696998cf6c06eeaea5bdb717f46cd4d67b"),
    Published("facebook/timesformer-base-finetuned-ssv2", 8, 224, 174, None, 59.1, 85.6, "bgr",
              revision="3b045270472c79cf9c1b60189ba425e92ed7f004"),
    Published("facebook/timesformer-hr-finetuned-k400", 16, 448, 400, 16, 79.6, 94.0,
              revision="188026c3022e39dac25da0111f9a015603915775"),
    Published("facebook/timesformer-hr-finetuned-k600", 16, 448, 600, 16, 81.8, 95.8,
              revision="59b84d1f964357ae2e200f9522292b5d589f6a9c"),
    Published("facebook/timesformer-hr-finetuned-ssv2", 16, 448, 174, None, 61.8, 86.9, "bgr",
              revision="d2573e3c3d78bb7ac29a607ad1e50be14b705e0c"),
    Published("fcakyon/timesformer-large-finetuned-k400", 96, 224, 400, 4, 80.6, 94.7,
              revision="7511c11ff5504782b2f8cd6f9f16732f0cdd6c66"),
    Published("fcakyon/timesformer-large-finetuned-k600", 96, 224, 600, 4, 82.2, 95.6,
              revision="3f7b812f6a2ac24c42b435b8388f669f2bb4527c"),
    Published("fcakyon/timesformer-large-finetuned-ssv2", 64, 224, 174, None, 62.0, 87.5, "bgr",
              revision="ad7a6759fdefdf221a6107f6979d4162a5a1f87c"),
)  # fmt: skip

# Released as files only, without the names of their 1059 classes.
HOWTO100M = tuple(
    Published(f"TimeSformer_divST_{T}x32_224_HowTo100M", T, 224, 1059, 32, top_1)
    for T, top_1 in ((8, 56.8), (32, 61.2), (64, 62.2), (96, 62.6))
)


def embedded_models() -> tuple[str, ...]:
    """Return the names of the checkpoints that ship with this package."""
    return tuple(sorted(path.parent.name for path in EMBEDDED_FOLDER.glob("*/config.json")))


def checkpoint_names() -> tuple[str, ...]:
    """Return the names in the table: embedded checkpoints first, then published ones."""
    return (*embedded_models(), *(entry.name for entry in PUBLISHED))


def resolve_checkpoint(name: str | Source, revision: str | None = None) -> Source:
    """Return the folder, file or Hub repository of a checkpoint.

    Embedded checkpoints have precedence over paths. Published ones get the table's revision unless
    the name or `revision` gives another. Raises CheckpointError for an unknown name.
    """
    if isinstance(name, str) and name in embedded_models():
        return resolve(EMBEDDED_FOLDER / name, revision)
    source = resolve(name, revision)
    if isinstance(name, str) and source == Repository(name):
        pins = {entry.name: entry.revision for entry in PUBLISHED}
        return Repository(name, pins.get(name))
    return source


def known_config(name: str) -> TimesformerConfig | None:
    """Return the config of a checkpoint in the table without a request to the Hub."""
    if name in embedded_models():
        return TimesformerConfig.from_pretrained(EMBEDDED_FOLDER / name)
    published = find_published(name)
    return published.config if published else None


def known_labels(name: str) -> tuple[str, ...]:
    """Return the labels of a checkpoint in the table; nothing for other checkpoints."""
    config = known_config(name)
    if config is None:
        return ()
    return class_labels(tuple(config.id2label.values()))[0]


def find_published(name: str) -> Published | None:
    """Return the entry of a Hub id; fcakyon's copies of facebook's checkpoints share entries."""
    original = name.replace("fcakyon/", "facebook/")
    return next((entry for entry in PUBLISHED if entry.name in (name, original)), None)


def match_published(config: TimesformerConfig) -> Published | None:
    """Return the only entry with the frames, pixels and number of labels of a config."""
    if config.attention_type != "divided_space_time":
        return None
    shape = (config.num_frames, config.image_shape, config.num_labels)
    entries = (*PUBLISHED, *HOWTO100M)
    return next((e for e in entries if (e.num_frames, (e.size,) * 2, e.num_labels) == shape), None)
