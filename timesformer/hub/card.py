"""Checkpoints of one's own brought to the Hub, with a card for whoever finds them there."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ..i18n import Message
from .client import hub_errors
from .source import Repository

if TYPE_CHECKING:
    from ..models.config import TimesformerConfig
    from ..preprocess import Preprocess

CARD_FILE = "README.md"
LABELS_TOLD = 20
NO_HUB = Message("errors.hub.not_pushed")


def push_folder(save: Callable[[Path], None], repository: str, card: str, *, private: bool) -> str:
    """Fills a folder with `save`, uploads it as the Hub model `repository`, gives its address.

    The card goes with it where the repository has none. Raises CheckpointError where the Hub cannot
    be reached or does not take it.
    """
    from huggingface_hub import HfApi

    api = HfApi()
    with TemporaryDirectory() as folder:
        save(Path(folder))
        with hub_errors(Repository(repository), unreachable=NO_HUB):
            address = api.create_repo(repository, private=private, exist_ok=True)
            if not api.file_exists(address.repo_id, CARD_FILE):
                (Path(folder) / CARD_FILE).write_text(card, "utf-8")
            api.upload_folder(repo_id=address.repo_id, folder_path=folder)
    return str(address)


def sharing_card(
    repository: str,
    config: "TimesformerConfig",
    preprocess: "Preprocess | None" = None,
    *,
    encoder: bool = False,
) -> str:
    """What the weights cannot tell of themselves is left to be written, under its heading."""
    T, (H, W), (height, width) = config.num_frames, config.image_shape, config.patch_shape
    facts = f"- **Labels**: {_labels(config)}.\n- **Clips**: {_clips(preprocess)}.\n"
    task = "feature-extraction" if encoder else "video-classification"
    return f"""---
pipeline_tag: {task}
library_name: transformers
tags: [timesformer, {task}]
---
# {repository.rpartition("/")[2]}

A TimeSformer ([arXiv 2102.05095](https://arxiv.org/abs/2102.05095)) with
{config.attention_type.replace("_", " ")} attention: {config.num_hidden_layers} blocks of width
{config.hidden_size} with {config.num_attention_heads} heads, for {T} frames of {H} x {W} pixels in
patches of {height} x {width}.

{"" if encoder else facts}
```python
{_use(repository, encoder=encoder)}
```

## Data

To be written: what it was trained on, and by whose leave.

## Results and limits

To be written: on what clips it was tried, how often it was right, and what it is not for.

## Licence

To be chosen.
"""


def _use(repository: str, *, encoder: bool) -> str:
    if encoder:
        return f"""from timesformer import TimesformerModel

encoder = TimesformerModel.from_pretrained("{repository}")"""
    return f"""import timesformer

recognizer = timesformer.load("{repository}")
recognizer.predict(recognizer.read("clip.mp4"))"""


def _labels(config: "TimesformerConfig") -> str:
    names = list(config.id2label.values())
    more = f" and {len(names) - LABELS_TOLD} more" if len(names) > LABELS_TOLD else ""
    return f"{len(names)}: {', '.join(names[:LABELS_TOLD])}{more}"


def _clips(preprocess: "Preprocess | None") -> str:
    if preprocess is None:
        return "how frames are chosen and prepared was not recorded"
    rate = preprocess.sampling_rate
    spread = "spread over the whole video" if rate is None else f"one in {rate} of 30 a second"
    order = preprocess.channel_order.upper()
    three = (preprocess.mean, preprocess.std)
    mean, std = (", ".join(f"{value:g}" for value in values) for values in three)
    return (
        f"{preprocess.num_frames} frames, {spread}; the short side resized to "
        f"{preprocess.short_side} pixels; {order} less ({mean}), over ({std})"
    )
