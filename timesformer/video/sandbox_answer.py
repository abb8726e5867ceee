"""Checks of the answer of a sandboxed process, which a malicious video may have taken over."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..i18n import Message
from .clip import Clip

INVALID_ANSWER = (
    *(ValueError, TypeError, KeyError, AttributeError),
    *(ArithmeticError, RecursionError),
)


@dataclass(frozen=True, eq=False)
class SandboxReport:
    """The answer of a sandboxed process: a clip or a refusal, never both.

    `protections` maps each protection to True if it is in force. `cpu_seconds` and peak
    `memory_bytes` measure the process; both are 0 on Windows.
    """

    clip: Clip | None
    refusal: Message | None
    protections: Mapping[str, bool]
    cpu_seconds: float
    memory_bytes: float


def checked_report(answer: dict[str, Any], frames: np.ndarray, num_frames: int) -> SandboxReport:
    """Return the report of an answer, or raise one of INVALID_ANSWER."""
    refusal = _checked_message(answer["refusal"]) if "refusal" in answer else None
    return SandboxReport(
        clip=None if refusal is not None else _checked_clip(answer, frames, num_frames),
        refusal=refusal,
        protections={
            str(name): bool(is_in_force) for name, is_in_force in answer["protections"].items()
        },
        cpu_seconds=float(answer["cpu_seconds"]),
        memory_bytes=float(answer["memory_bytes"]),
    )


def _checked_clip(answer: dict[str, Any], frames: np.ndarray, num_frames: int) -> Clip:
    shape = answer["shape"]
    _, height, width, _ = shape
    times = np.array(answer["times"], np.float64)
    duration = float(answer["duration"])
    if shape[::3] != [num_frames, 3] or min(height, width) < 1 or times.shape != (num_frames,):
        raise ValueError("not the requested clip")
    if not (np.isfinite(times).all() and math.isfinite(duration)):
        raise ValueError("no times")
    notes = tuple(map(_checked_message, answer["notes"]))
    return Clip(frames.reshape(shape), times, duration, notes)


def _checked_message(value: Any) -> Message:
    """Return a message about a clip, whose values are numbers, or raise one of INVALID_ANSWER."""
    key, values = str(value[0]), dict(value[1])
    if not key.startswith(("errors.clip.", "notes.clip.")):
        raise ValueError("not a message about a clip")
    if not all(isinstance(number, int | float) for number in values.values()):
        raise ValueError("not numbers")
    return Message(key, **values)
