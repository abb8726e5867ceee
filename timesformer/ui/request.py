"""The request of an analysis, and checks of what it asks of a model."""

from dataclasses import dataclass

from ..errors import TimesformerError
from ..explain import METHODS, Target
from ..recognizer import Recognizer
from ..visualize.explorer import is_sent


@dataclass(frozen=True)
class AnalysisRequest:
    """A clip, a model and a method, in the order of the page's inputs."""

    path: str | None
    choice: str
    method: str
    start: float | None
    smooth: bool
    label: str | None = None
    contrast: str | None = None

    @property
    def target(self) -> Target | None:
        """The label to explain, or two for a contrast. None is the most probable, or no label."""
        method = METHODS.get(self.method)
        if method is None or not method.is_class_specific or not self.label:
            return None
        return (self.label, self.contrast) if self.contrast else self.label


def check_request(recognizer: Recognizer, request: AnalysisRequest) -> None:
    """Raise TimesformerError for a method or a label that does not fit the model."""
    if request.method not in METHODS:  # not sent by the page
        raise TimesformerError("request.no_method")
    if recognizer.model.config.attention_type not in METHODS[request.method].schemes:
        raise TimesformerError("request.no_time_attention")
    target = request.target
    if METHODS[request.method].is_class_specific and request.contrast and target is None:
        raise TimesformerError("request.contrast_alone")
    labels = target if isinstance(target, tuple) else (target,) if target else ()
    for label in labels:
        if label not in recognizer.labels:
            raise TimesformerError("request.no_label", label=str(label)[:60])
    if len(labels) != len(set(labels)):
        raise TimesformerError("request.same_labels")


def check_part(recognizer: Recognizer, part: str, number: object) -> None:
    """Raise TimesformerError for a block or frame, from 1, that is missing or too large to send."""
    blocks, frames = recognizer.model.config.num_hidden_layers, recognizer.preprocess.num_frames
    if number not in range(1, 1 + (blocks if part == "block" else frames)):
        raise TimesformerError(f"explorer.no_{part}")
    if not is_sent(recognizer, part):
        raise TimesformerError(f"explorer.{part}_too_large")
