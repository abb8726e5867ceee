"""The request of an analysis, and checks of what it asks of a model."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import TimesformerError
from ..explain import METHODS, Target
from ..recognizer import Recognizer
from ..visualize.explorer import is_sent
from . import model_choices
from .server.examples import EXAMPLES

TEXTS = ("model", "method", "label", "contrast", "known")
MAX_LABEL = 60  # characters of a label in an error
SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which UTF-8 cannot encode


@dataclass(frozen=True)
class AnalysisRequest:
    """A clip, a model and a method, as `request` in assets/web/js/request.js sends them.

    `known` is the id of the answer on the page. The server sends only heatmaps for it. `start` is
    in seconds.
    """

    path: str | None
    choice: str
    method: str
    start: float = 0.0
    label: str | None = None
    contrast: str | None = None
    smooth: bool = True
    sharper: bool = False
    known: str = ""

    @property
    def target(self) -> Target | None:
        """The label to explain, or two for a contrast. None is the most probable, or no label."""
        method = METHODS.get(self.method)
        if method is None or not method.is_class_specific or not self.label:
            return None
        return (self.label, self.contrast) if self.contrast else self.label


def request_from(sent: object) -> AnalysisRequest:
    """Return the request that the page sends as JSON. Raises TimesformerError for any other."""
    if not isinstance(sent, Mapping):
        raise TimesformerError("request.malformed")
    texts = {name: sent.get(name) for name in TEXTS}
    start, smooth, sharper = (sent.get(name) for name in ("start", "smooth", "sharper"))
    are_switches = isinstance(smooth, bool | None) and isinstance(sharper, bool | None)
    is_read = _is_number(start) and are_switches
    if not is_read or not all(map(_is_text, texts.values())):
        raise TimesformerError("request.malformed")
    choice = texts["model"] or ""
    method = texts["method"] or model_choices.best_method(choice)
    if method not in METHODS:  # links can name any
        raise TimesformerError("request.no_method")
    return AnalysisRequest(
        path=_path_of(sent.get("clip")),
        choice=choice,
        method=method,
        start=float(start or 0),
        label=texts["label"] or None,
        contrast=texts["contrast"] or None,
        smooth=smooth is not False,
        sharper=bool(sharper),
        known=texts["known"] or "",
    )


def _is_text(value: object) -> bool:
    """Return True for None, and for a text that can be sent back."""
    return value is None or (isinstance(value, str) and not SURROGATE.search(value))


def _is_number(value: object) -> bool:
    """Return True for None, and for a finite number that a float can hold."""
    if value is None or isinstance(value, bool) or not isinstance(value, int | float):
        return value is None
    return abs(value) <= sys.float_info.max


def _path_of(clip: object) -> str | None:
    """Return the path of an example, or of an upload, which the middleware checked.

    Return None without a clip. Raises TimesformerError for anything else.
    """
    match clip:
        case None:
            return None
        case {"example": str(name)} if name in EXAMPLES:
            return str(EXAMPLES[name])
        case {"path": str(path)}:
            return path
    raise TimesformerError("request.malformed")


def check_request(recognizer: Recognizer, request: AnalysisRequest) -> None:
    """Raise TimesformerError for a heatmap or a label that does not fit the model."""
    if recognizer.model.config.attention_type not in METHODS[request.method].schemes:
        raise TimesformerError("request.no_time_attention")
    if request.sharper and any(side % 2 for side in recognizer.model.config.patch_shape):
        raise TimesformerError("request.no_sharper")
    target = request.target
    if METHODS[request.method].is_class_specific and request.contrast and target is None:
        raise TimesformerError("request.contrast_alone")
    labels = target if isinstance(target, tuple) else (target,) if target else ()
    for label in labels:
        if label not in recognizer.labels:
            raise TimesformerError("request.no_label", label=str(label)[:MAX_LABEL])
    if len(labels) != len(set(labels)):
        raise TimesformerError("request.same_labels")


def check_part(recognizer: Recognizer, part: str, number: object) -> None:
    """Raise TimesformerError for a block or frame, from 1, that is missing or too large to send."""
    blocks, frames = recognizer.model.config.num_hidden_layers, recognizer.preprocess.num_frames
    most = blocks if part == "block" else frames
    if type(number) is not int or not 1 <= number <= most:
        raise TimesformerError(f"explorer.no_{part}")
    if not is_sent(recognizer, part):
        raise TimesformerError(f"explorer.{part}_too_large")
