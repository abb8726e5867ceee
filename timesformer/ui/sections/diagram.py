"""Diagrams of boxes and arrows along two lanes, cls and patches, from the top down, as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from textwrap import wrap
from typing import Literal

Lane = Literal["cls", "patches"]
Attention = Literal["time", "space", "joint"]

WIDTH = 400  # of the diagram, in its own units, about pixels on a phone
LANES: dict[Lane, int] = {"cls": 22, "patches": 70}  # their x
LEFT, RIGHT = 106, 384  # edges of the boxes beside the lanes
MIDDLE = (LEFT + RIGHT) // 2
CROSSED = LANES["patches"]  # the lane that lines of the other lane cross
LINE, PADDING, GAP = 17, 8, 16  # heights: a line of text, around the lines, between boxes
MAX_CHARACTERS = 40  # in a line beside the lanes
HOP = 7  # radius of the arc with which a line crosses a lane
CELL, SIDE, MAX_FRAMES = 6, 4, 8  # size of a patch and patches a side of the small frames
PATTERN_HEIGHT = 12 + SIDE * CELL
QUERY, QUERY_FRAME = (1, 1), 2  # row and column of the patch that attends, and its frame
MORE = "…"  # after the small frames, if there are more


@dataclass(frozen=True)
class Box:
    """An operation: its text, the lanes it takes in, and the lanes it is added to.

    An arrow leads to the next box of the step if the box `is_connected`.
    """

    text: str
    inputs: tuple[Lane, ...] = ()
    outputs: tuple[Lane, ...] = ()
    is_connected: bool = True


@dataclass
class Diagram:
    """An SVG that grows downwards. `y` is its height so far, `starts` where each lane began."""

    parts: list[str] = field(default_factory=list)
    y: float = 4.0
    starts: dict[Lane, float] = field(default_factory=dict)

    def svg(self, label: str) -> str:
        """Return the whole diagram."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.y:.0f}" '
            f'role="img" aria-label="{escape(label)}"><defs><marker id="diagram-arrow" '
            'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto" '
            'markerUnits="userSpaceOnUse"><path d="M0 0 8 4 0 8z"/></marker></defs>'
            f"{''.join(self.parts)}</svg>"
        )

    def step(
        self, name: str, title: str, boxes: Sequence[Box], *, pattern: str = "", note: str = ""
    ) -> None:
        """Add boxes under a title, a pattern and a note. Links to the step use `step-NAME`."""
        top, num_parts = self.y, len(self.parts)
        self.y += PADDING + LINE
        self.parts.append(_text(title, LEFT, self.y - 5, kind="title"))
        self.y += PADDING
        if pattern:
            self.parts.append(f'<g transform="translate({LEFT} {self.y:.0f})">{pattern}</g>')
            self.y += PATTERN_HEIGHT
        for line in wrap(note, MAX_CHARACTERS):
            self.parts.append(_text(line, LEFT, self.y + LINE - 4, kind="note"))
            self.y += LINE
        self.y += PADDING * bool(note)
        for box in boxes:
            self._box(box, is_last=box is boxes[-1])
        self.y += PADDING - GAP
        border = _rectangle(LEFT - 10, top, RIGHT + 10, self.y, kind="step")
        inner = "".join(self.parts[num_parts:])
        self.parts[num_parts:] = [f'<g id="step-{name}">{border}{inner}</g>']
        self.y += GAP

    def start_block(self, **names: str) -> float:
        """Write the names of the lanes, and return the top of the block that begins here."""
        self.y += LINE
        for lane, x in LANES.items():
            self.parts.append(_text(names[lane], x, self.y, kind="lane"))
        self.y += GAP / 2
        top = self.y
        self.y += LINE + GAP / 2
        return top

    def end_block(self, top: float, text: str) -> None:
        """Draw a dashed frame from `top` with a text, and the lanes up to the next step."""
        self.parts.insert(0, _rectangle(2, top, WIDTH - 2, self.y - GAP / 2, kind="around"))
        self.parts.append(_text(text, RIGHT + 10, top + LINE, kind="corner"))
        self._lane("patches", self.y)
        self.y += GAP
        self._lane("cls", self.y + 2 * LINE + GAP)

    def _lane(self, lane: Lane, bottom: float) -> None:
        path = f"M{LANES[lane]} {self.starts[lane]:.0f}V{bottom:.0f}"
        self.parts.insert(0, f'<path class="{lane}" d="{path}"/>')

    def _box(self, box: Box, *, is_last: bool) -> None:
        lines = wrap(box.text, MAX_CHARACTERS)
        top, num_lanes = self.y, max(len(box.inputs), len(box.outputs))
        height = max(LINE * len(lines), 2 * HOP * num_lanes) + PADDING
        self.parts.append(_rectangle(LEFT, top, RIGHT, top + height, kind="box"))
        first = top + (height - LINE * len(lines)) / 2 + LINE - 4.5
        self.parts += (
            _text(line, MIDDLE, first + LINE * number) for number, line in enumerate(lines)
        )
        for lanes, draw in ((box.inputs, self._input), (box.outputs, self._output)):
            for number, lane in enumerate(lanes, start=1):
                draw(lane, top + height * number / (len(lanes) + 1))
        self.y += height
        if box.is_connected and not is_last:
            self.parts.append(f'<path class="line" d="M{MIDDLE} {self.y:.0f}v{GAP - 1}"/>')
        self.y += GAP

    def _input(self, lane: Lane, y: float) -> None:
        """Draw a line from a lane to a box, across the lane between them."""
        x = LANES[lane]
        hop = f"H{CROSSED - HOP}a{HOP} {HOP} 0 0 1 {2 * HOP} 0" if x < CROSSED else ""
        self.parts.append(f'<path class="line" d="M{x} {y:.0f}{hop}H{LEFT - 1}"/>')
        self.parts.append(f'<circle class="tap" cx="{x}" cy="{y:.0f}" r="4"/>')

    def _output(self, lane: Lane, y: float) -> None:
        """Draw a line from a box to a lane, with a plus sign unless the lane begins there."""
        x, is_added = LANES[lane], lane in self.starts
        hop = f"H{CROSSED + HOP}a{HOP} {HOP} 0 0 0 {-2 * HOP} 0" if x < CROSSED else ""
        kind, edge = ("line", x + HOP + 1) if is_added else ("start", x)
        self.parts.append(f'<path class="{kind}" d="M{LEFT} {y:.0f}{hop}H{edge}"/>')
        if is_added:
            self.parts.append(
                f'<g class="plus"><circle cx="{x}" cy="{y:.0f}" r="{HOP}"/>'
                f'<path d="M{x - 4} {y:.0f}h8M{x} {y - 4:.0f}v8"/></g>'
            )
        self.starts.setdefault(lane, y)


def attention_pattern(attention: Attention, num_frames: int) -> str:
    """Return small frames in which an outlined patch attends to the filled tokens.

    Each frame has its cls token above it; in joint attention there is one for all.
    """
    drawn = min(num_frames, MAX_FRAMES)
    query_frame = min(QUERY_FRAME, drawn - 1)
    step = SIDE * CELL + 10
    parts = []
    for frame in range(drawn):
        has_cls = attention != "joint" or frame == 0
        inner = _small_frame(attention, has_query=frame == query_frame, has_cls=has_cls)
        parts.append(f'<g transform="translate({frame * step} 0)">{inner}</g>')
    if num_frames > drawn:
        parts.append(_text(MORE, drawn * step, 12 + SIDE * CELL / 2, kind="note"))
    return "".join(parts)


def _small_frame(attention: Attention, *, has_query: bool, has_cls: bool) -> str:
    is_filled = attention == "joint" or (attention == "space" and has_query)
    parts = []
    if has_cls:
        kind = _kind(is_filled)
        parts.append(f'<circle class="{kind}" cx="{SIDE * CELL / 2}" cy="4" r="3.5"/>')
    for row in range(SIDE):
        for column in range(SIDE):
            kind = _kind(is_filled or (attention == "time" and (row, column) == QUERY))
            parts.append(
                f'<rect class="{kind}" x="{column * CELL}" y="{12 + row * CELL}" '
                f'width="{CELL}" height="{CELL}"/>'
            )
    if has_query:
        x, y = QUERY[1] * CELL - 1, 11 + QUERY[0] * CELL
        parts.append(
            f'<rect class="query" x="{x}" y="{y}" width="{CELL + 2}" height="{CELL + 2}"/>'
        )
    return "".join(parts)


def _kind(is_filled: bool) -> str:
    return "attended" if is_filled else "unattended"


def _text(text: str, x: float, y: float, *, kind: str = "middle") -> str:
    return f'<text class="{kind}" x="{x:.0f}" y="{y:.1f}">{escape(text)}</text>'


def _rectangle(left: float, top: float, right: float, bottom: float, *, kind: str) -> str:
    return (
        f'<rect class="{kind}" x="{left:.0f}" y="{top:.0f}" width="{right - left:.0f}" '
        f'height="{bottom - top:.0f}" rx="6"/>'
    )
