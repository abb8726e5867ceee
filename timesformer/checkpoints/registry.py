"""What is known of the published checkpoints and is recorded nowhere on the Hub."""

from dataclasses import dataclass

from ..models.config import TimesformerConfig
from ..preprocess import ChannelOrder, Preprocess

LICENCE = "CC BY-NC 4.0"  # of every published checkpoint


@dataclass(frozen=True)
class Published:
    """One published checkpoint, of divided attention.

    `size` is the side of the crop in pixels; `sampling_rate` as in Preprocess; `top_1` and `top_5`
    are percent right on the dataset's validation videos by the protocol "fb", as the released code
    has them. All were trained with mean 0.45, std 0.225 and frames resized without antialiasing
    (DATA.MEAN, DATA.STD and the test transform of the released code); those of Something-Something
    on BGR frames.
    """

    name: str
    num_frames: int
    size: int
    num_labels: int
    sampling_rate: int | None
    top_1: float
    top_5: float | None = None
    channel_order: ChannelOrder = "rgb"

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
    Published("facebook/timesformer-base-finetuned-k400", 8, 224, 400, 32, 77.9, 93.2),
    Published("facebook/timesformer-base-finetuned-k600", 8, 224, 600, 32, 79.1, 94.4),
    Published("facebook/timesformer-base-finetuned-ssv2", 8, 224, 174, None, 59.1, 85.6, "bgr"),
    Published("facebook/timesformer-hr-finetuned-k400", 16, 448, 400, 16, 79.6, 94.0),
    Published("facebook/timesformer-hr-finetuned-k600", 16, 448, 600, 16, 81.8, 95.8),
    Published("facebook/timesformer-hr-finetuned-ssv2", 16, 448, 174, None, 61.8, 86.9, "bgr"),
    Published("fcakyon/timesformer-large-finetuned-k400", 96, 224, 400, 4, 80.6, 94.7),
    Published("fcakyon/timesformer-large-finetuned-k600", 96, 224, 600, 4, 82.2, 95.6),
    Published("fcakyon/timesformer-large-finetuned-ssv2", 64, 224, 174, None, 62.0, 87.5, "bgr"),
)

# Released as files alone, and without a list of their 1059 labels.
HOWTO100M = tuple(
    Published(f"TimeSformer_divST_{T}x32_224_HowTo100M", T, 224, 1059, 32, top_1)
    for T, top_1 in ((8, 56.8), (32, 61.2), (64, 62.2), (96, 62.6))
)


def published_as(name: str) -> Published | None:
    """The checkpoint of that Hub id; the copies that fcakyon keeps of facebook's are the same."""
    own = name.replace("fcakyon/", "facebook/")
    return next((entry for entry in PUBLISHED if entry.name in (name, own)), None)


def published_like(config: TimesformerConfig) -> Published | None:
    """The checkpoint that alone has these frames, pixels and labels, if there is one."""
    if config.attention_type != "divided_space_time":
        return None
    shape = (config.num_frames, config.image_shape, config.num_labels)
    entries = (*PUBLISHED, *HOWTO100M)
    return next((e for e in entries if (e.num_frames, (e.size,) * 2, e.num_labels) == shape), None)
