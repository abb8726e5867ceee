"""The ways to make a heatmap: what each can be asked, and what to keep in mind of it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """A way to make heatmaps: the options it takes beside the clip, and its caveat in a line."""

    takes: frozenset[str]
    caveat: str

    @property
    def of_a_label(self) -> bool:
        """Whether it explains one label, and would be another for another."""
        return "target" in self.takes


METHODS: Mapping[str, Method] = {
    "rollout": Method(
        frozenset({"patch", "heads", "norm_aware"}),
        "What could flow to the answer through the attention of all blocks, whatever the label. "
        "It is almost flat over time by construction.",
    ),
    "attention": Method(
        frozenset({"patch", "heads", "block"}),
        "What one block read in space attention, whatever the label; what it made of that, and "
        "the other blocks, are left out.",
    ),
    "time-attention": Method(
        frozenset({"patch", "heads", "block"}),
        "How much of each patch the frames read at its place in time attention of one block; "
        "whether the answer used it is not in it.",
    ),
    "relevance": Method(
        frozenset({"target", "negative"}),
        "Where more attention would have raised the score of the label, by gradients: true of "
        "small changes, and of attention alone.",
    ),
    "gradcam": Method(
        frozenset({"target", "negative"}),
        "Where what the last block reads speaks for the label, weighed alike in all frames: "
        "places rather than moments.",
    ),
    "occlusion": Method(
        frozenset({"target", "negative"}),
        "How far the score of the label falls when a piece is covered in the mean colour of the "
        "clip; none that the model learned from looked like that.",
    ),
}
