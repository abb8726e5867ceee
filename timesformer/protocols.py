"""How one answer is made for a video out of several looks at it, and whose way that is."""

import re
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Protocol:
    """`clips` clips spread evenly over the video, each seen in `crops` crops, logits averaged."""

    clips: int
    crops: Literal[1, 3]


CENTER = Protocol(clips=1, crops=1)  # one look at the middle of the frames: the page's own
FB = Protocol(clips=1, crops=3)  # the released code's test, by which the paper's tables were made
MANY_CLIPS = re.compile(r"([1-9]\d?)[x\u00d7]3")  # the same with more clips, as for long videos


def protocol_named(word: str) -> Protocol:
    """The protocol called "center", "fb", or "4x3" for four clips of three crops.

    Raises ValueError for other words.
    """
    if several := MANY_CLIPS.fullmatch(word):
        return Protocol(clips=int(several[1]), crops=3)
    if word not in ("center", "fb"):
        raise ValueError(f"protocol is {word!r}; choose center, fb, or clips x crops as in 4x3")
    return CENTER if word == "center" else FB
