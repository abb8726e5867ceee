"""Text of the card that goes with a model on the Hub."""

from .config import TimesformerConfig

MAX_LABELS_LISTED = 20
CLIPS_UNKNOWN = "how frames are chosen and prepared was not recorded"


def model_card(
    repository: str,
    config: TimesformerConfig,
    *,
    clips: str = CLIPS_UNKNOWN,
    encoder: bool = False,
) -> str:
    """Return a card in Markdown, with headings for the owner to fill in.

    `clips` describes how frames are chosen and prepared. The card of an `encoder` has no labels.
    """
    T, (H, W), (height, width) = config.num_frames, config.image_shape, config.patch_shape
    facts = f"- **Labels**: {_labels(config)}.\n- **Clips**: {clips}.\n"
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
{_usage(repository, encoder=encoder)}
```

## Data

To be written: the training data and its terms of use.

## Results and limits

To be written: the clips it was tested on, its accuracy, and what it should not be used for.

## Licence

To be chosen.
"""


def _usage(repository: str, *, encoder: bool) -> str:
    if encoder:
        return f"""from timesformer import TimesformerModel

encoder = TimesformerModel.from_pretrained("{repository}")"""
    return f"""import timesformer

recognizer = timesformer.load("{repository}")
recognizer.predict(recognizer.read("clip.mp4"))"""


def _labels(config: TimesformerConfig) -> str:
    names = list(config.id2label.values())
    left = len(names) - MAX_LABELS_LISTED
    more = f" and {left} more" if left > 0 else ""
    return f"{len(names)}: {', '.join(names[:MAX_LABELS_LISTED])}{more}"
