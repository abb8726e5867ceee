"""What is known of the published checkpoints and is recorded nowhere on the Hub."""

from dataclasses import dataclass

from .config import TimesformerConfig
from .preprocess import ChannelOrder, Preprocess

CC_BY_NC = "CC BY-NC 4.0"


@dataclass(frozen=True)
class Published:
    """One published checkpoint, of divided attention.

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

# Released as files alone, and without a list of their 1059 labels.
HOWTO100M = tuple(
    Published(f"TimeSformer_divST_{T}x32_224_HowTo100M", T, 224, 1059, 32) for T in (8, 32, 64, 96)
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
