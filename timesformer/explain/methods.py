"""The ways to make a heatmap, and what each can be asked."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """A way to make heatmaps, and the options it takes beside the clip."""

    takes: frozenset[str]

    @property
    def of_a_label(self) -> bool:
        """Whether it explains one label, and would be another for another."""
        return "target" in self.takes


METHODS: Mapping[str, Method] = {
    "rollout": Method(frozenset({"patch", "heads", "norm_aware"})),
    "attention": Method(frozenset({"patch", "heads", "block"})),
    "time-attention": Method(frozenset({"patch", "heads", "block"})),
    "relevance": Method(frozenset({"target", "negative"})),
    "gradsam": Method(frozenset({"target", "negative"})),
    "gradcam": Method(frozenset({"target", "negative"})),
    "occlusion": Method(frozenset({"target", "negative"})),
}
