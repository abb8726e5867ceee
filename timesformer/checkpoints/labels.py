"""The class labels of Kinetics and Something-Something, for checkpoints without labels.

The labels and their order are facts of the datasets. Kinetics-400: Kay et al. 2017 (arXiv
1705.06950). Kinetics-600: Carreira et al. 2018 (arXiv 1808.01340). Something-Something: Goyal et
al. 2017 (arXiv 1706.04261).
"""

import re
from collections import Counter
from collections.abc import Sequence
from unicodedata import category

from ..i18n import Message
from ..paths import ASSETS_FOLDER

DATASETS = {400: "Kinetics-400", 600: "Kinetics-600", 174: "Something-Something-v2"}
UNNAMED = re.compile(r"LABEL_\d+")  # the label of an unnamed class in transformers


def class_labels(labels: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return labels and notes: unnamed classes get the labels of a dataset with as many classes.

    Each label is one line of text. Labels that several classes have are followed by the class.
    """
    labels = [" ".join(text.split()) or f"LABEL_{i}" for i, text in enumerate(map(_text, labels))]
    while len(set(labels)) < len(labels):
        counts = Counter(labels)
        labels = [f"{text} [{i}]" if counts[text] > 1 else text for i, text in enumerate(labels)]
    if not all(UNNAMED.fullmatch(label) for label in labels):
        return tuple(labels), ()
    dataset = DATASETS.get(len(labels))
    if dataset is None:
        return tuple(labels), (
            Message("notes.checkpoint.no_labels", count=len(labels), first=labels[0]),
        )
    return dataset_labels(dataset), (
        Message("notes.checkpoint.labels_of", count=len(labels), dataset=dataset),
    )


def _text(label: str) -> str:
    """Return a label with spaces in the place of control characters."""
    return "".join(" " if category(letter) in ("Cc", "Cs") else letter for letter in label)


def dataset_labels(dataset: str) -> tuple[str, ...]:
    """Return the labels of one of DATASETS, in the order of its classes."""
    text = (ASSETS_FOLDER / "labels" / f"{dataset.lower()}.txt").read_text("utf-8")
    return tuple(text.splitlines())
