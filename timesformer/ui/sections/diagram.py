"""A drawing of boxes and arrows along two lanes, cls and patches, from the top down; plain SVG."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from textwrap import wrap
from typing import Literal

Lane = Literal["cls", "patches"]
Reads = Literal["time", "space", "joint"]

WIDTH = 400  # of the drawing, in its own units, about pixels on a phone
LANES: dict[Lane, int] = {"cls": 22, "patches": 70}
LEFT, RIGHT = 106, 384  # of the boxes beside the lanes
MIDDLE = (LEFT + RIGHT) // 2
BETWEEN = LANES["patches"]  # the lane that lines of the other pass over
LINE, PADDING, GAP = 17, 8, 16  # heights: a line of words, around them, between boxes
CHARACTERS = 40  # that a line holds beside the lanes
MORE = "…"  # where there are more frames than fit
HOP = 7  # radius with which one line passes over another
CELL, SIDE, FRAMES = 6, 4, 8  # the little frames: size and number of patches, at most so many
PATTERN_HEIGHT = 12 + SIDE * CELL
ASKING = (1, 1)  # row and column of the patch that reads
ASKING_FRAME = 2


@dataclass(frozen=True)
class Box:
    """One operation: its words, the lanes that it takes from, and those that it is added to.

    What follows it is drawn from it, but where it is `alone`.
    """

    words: str
    takes: tuple[Lane, ...] = ()
    gives: tuple[Lane, ...] = ()
    alone: bool = False


@dataclass
class Drawing:
    """SVG that grows downwards: `y` is how far."""

    parts: list[str] = field(default_factory=list)
    y: float = 4.0
    begun: dict[Lane, float] = field(default_factory=dict)

    def svg(self, label: str) -> str:
        """The whole drawing."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.y:.0f}" '
            f'role="img" aria-label="{escape(label)}"><defs><marker id="works-arrow" '
            'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto" '
            'markerUnits="userSpaceOnUse"><path d="M0 0 8 4 0 8z"/></marker></defs>'
            f"{''.join(self.parts)}</svg>"
        )

    def step(
        self, name: str, title: str, boxes: Sequence[Box], *, pattern: str = "", note: str = ""
    ) -> None:
        """A group of boxes under a title, a pattern and a note; links call it `works-NAME`."""
        top, before = self.y, len(self.parts)
        self.y += PADDING + LINE
        self.parts.append(_words(title, LEFT, self.y - 5, kind="title"))
        self.y += PADDING
        if pattern:
            self.parts.append(f'<g transform="translate({LEFT} {self.y:.0f})">{pattern}</g>')
            self.y += PATTERN_HEIGHT
        for line in wrap(note, CHARACTERS):
            self.parts.append(_words(line, LEFT, self.y + LINE - 4, kind="note"))
            self.y += LINE
        self.y += PADDING * bool(note)
        for box in boxes:
            self._box(box, last=box is boxes[-1])
        self.y += PADDING - GAP
        around = _rectangle(LEFT - 10, top, RIGHT + 10, self.y, kind="step")
        within = "".join(self.parts[before:])
        self.parts[before:] = [f'<g id="works-{name}">{around}{within}</g>']
        self.y += GAP

    def name(self, lane: Lane, words: str) -> None:
        """Writes a lane's name on it."""
        self.parts.append(_words(words, LANES[lane], self.y, kind="lane"))

    def end(self, lane: Lane, y: float) -> None:
        """Draws a lane from where it began down to `y`, under all else."""
        path = f"M{LANES[lane]} {self.begun[lane]:.0f}V{y:.0f}"
        self.parts.insert(0, f'<path class="{lane}" d="{path}"/>')

    def frame(self, top: float, words: str) -> None:
        """A dashed frame around everything since `top`, with words in its right corner."""
        self.parts.insert(0, _rectangle(2, top, WIDTH - 2, self.y - GAP / 2, kind="around"))
        self.parts.append(_words(words, RIGHT + 10, top + LINE, kind="corner"))

    def _box(self, box: Box, *, last: bool) -> None:
        lines = wrap(box.words, CHARACTERS)
        top, lanes = self.y, max(len(box.takes), len(box.gives))
        height = max(LINE * len(lines), 2 * HOP * lanes) + PADDING
        self.parts.append(_rectangle(LEFT, top, RIGHT, top + height, kind="box"))
        first = top + (height - LINE * len(lines)) / 2 + LINE - 4.5
        self.parts += (
            _words(line, MIDDLE, first + LINE * number) for number, line in enumerate(lines)
        )
        for ends, draw in ((box.takes, self._take), (box.gives, self._give)):
            for number, lane in enumerate(ends):
                draw(lane, top + height * (number + 1) / (len(ends) + 1))
        self.y += height
        if not last and not box.alone:
            self.parts.append(f'<path class="line" d="M{MIDDLE} {self.y:.0f}v{GAP - 1}"/>')
        self.y += GAP

    def _take(self, lane: Lane, y: float) -> None:
        """From a lane to a box, over the lane between them."""
        x = LANES[lane]
        hop = f"H{BETWEEN - HOP}a{HOP} {HOP} 0 0 1 {2 * HOP} 0" if x < BETWEEN else ""
        self.parts.append(f'<path class="line" d="M{x} {y:.0f}{hop}H{LEFT - 1}"/>')
        self.parts.append(f'<circle class="tap" cx="{x}" cy="{y:.0f}" r="4"/>')

    def _give(self, lane: Lane, y: float) -> None:
        """From a box to a lane, to which it is added, or which begins there."""
        x, adds = LANES[lane], lane in self.begun
        hop = f"H{BETWEEN + HOP}a{HOP} {HOP} 0 0 0 {-2 * HOP} 0" if x < BETWEEN else ""
        kind, edge = ("line", x + HOP + 1) if adds else ("start", x)
        self.parts.append(f'<path class="{kind}" d="M{LEFT} {y:.0f}{hop}H{edge}"/>')
        if adds:
            self.parts.append(
                f'<g class="plus"><circle cx="{x}" cy="{y:.0f}" r="{HOP}"/>'
                f'<path d="M{x - 4} {y:.0f}h8M{x} {y - 4:.0f}v8"/></g>'
            )
        self.begun.setdefault(lane, y)


def pattern_of(reads: Reads, frames: int) -> str:
    """Little frames in which an outlined patch reads filled tokens, MORE if there are more.

    Each has its cls above it, or, where all read all, there is one.
    """
    drawn = min(frames, FRAMES)
    asking = min(ASKING_FRAME, drawn - 1)
    step = SIDE * CELL + 10
    parts = []
    for frame in range(drawn):
        inner = _small_frame(reads, own=frame == asking, cls=reads != "joint" or frame == 0)
        parts.append(f'<g transform="translate({frame * step} 0)">{inner}</g>')
    if frames > drawn:
        parts.append(_words(MORE, drawn * step, 12 + SIDE * CELL / 2, kind="note"))
    return "".join(parts)


def _small_frame(reads: Reads, *, own: bool, cls: bool) -> str:
    whole = reads == "joint" or (reads == "space" and own)
    parts = [f'<circle class="{_kind(whole)}" cx="{SIDE * CELL / 2}" cy="4" r="3.5"/>'] * cls
    for row in range(SIDE):
        for column in range(SIDE):
            filled = whole or (reads == "time" and (row, column) == ASKING)
            parts.append(
                f'<rect class="{_kind(filled)}" x="{column * CELL}" y="{12 + row * CELL}" '
                f'width="{CELL}" height="{CELL}"/>'
            )
    if own:
        x, y = ASKING[1] * CELL - 1, 11 + ASKING[0] * CELL
        parts.append(
            f'<rect class="asking" x="{x}" y="{y}" width="{CELL + 2}" height="{CELL + 2}"/>'
        )
    return "".join(parts)


def _kind(filled: bool) -> str:
    return "read" if filled else "unread"


def _words(words: str, x: float, y: float, *, kind: str = "middle") -> str:
    return f'<text class="{kind}" x="{x:.0f}" y="{y:.1f}">{escape(words)}</text>'


def _rectangle(left: float, top: float, right: float, bottom: float, *, kind: str) -> str:
    return (
        f'<rect class="{kind}" x="{left:.0f}" y="{top:.0f}" width="{right - left:.0f}" '
        f'height="{bottom - top:.0f}" rx="6"/>'
    )
