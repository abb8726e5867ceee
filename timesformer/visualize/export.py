"""What can be taken along of an explanation: arrays, a record of how they came, a sheet, films."""

import hashlib
import json
import tempfile
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from ..explain import Check, Explanation
from ..explain.head_maps import head_maps
from ..i18n import translate
from ..recognizer import Recognizer
from ..video.clip import Clip
from ..video.encode import write_mp4
from . import overlay as drawing
from .captions import where_and_when, whether_it_counts
from .explorer import explorer_html, queries_file, sent_whole
from .report import write_html

TOP = 5  # labels on a sheet
FILM_SIDE = 640  # pixels of the longer side of a film on a page
SLOWEST = 2.0  # frames a second at which a film still reads as moving
AXES = {
    "heatmaps": ("frame", "row", "column"),
    "frame_shares": ("frame",),
    "times": ("frame",),
    "probabilities": ("class",),
    "labels": ("class",),
    "box": ("left, top, width and height",),
    "cls_attention": ("block", "head", "frame", "row", "column"),
    "frame_attention": ("block", "head", "reading frame", "read frame"),
}


def arrays_of(
    recognizer: Recognizer, clip: Clip, explanation: Explanation
) -> dict[str, np.ndarray]:
    """The numbers of an explanation by the names in AXES, which names the axes of each.

    With them the attention of every block and head, in which space-only has no frame_attention:
    what cls read of every patch, and how much a frame reads of each frame, mean over its places.
    """
    pixel_values = recognizer.at_model(recognizer.preprocess(clip).pixel_values)
    maps = head_maps(recognizer.model, pixel_values)
    cls_attention = maps.cls_attention[0].unflatten(-1, explanation.heatmaps.shape[1:])
    by_class = sorted(explanation.predictions, key=lambda prediction: prediction.index)
    arrays = {
        "heatmaps": explanation.heatmaps,
        "frame_shares": explanation.frame_shares,
        "times": clip.times,
        "probabilities": np.array([p.probability for p in by_class], np.float32),
        "labels": np.array([p.label for p in by_class]),
        "box": np.array(explanation.box),
        "cls_attention": cls_attention.cpu().numpy(),
    }
    if maps.frame_attention is not None:
        arrays["frame_attention"] = maps.frame_attention[0].cpu().numpy()
    return arrays


def write_arrays(file: Path, arrays: dict[str, np.ndarray]) -> None:
    """Writes an NPZ of arrays, and of the names of their axes as `NAME_axes`."""
    named: dict[str, Any] = dict(arrays)  # as its stub has no arrays by name
    named |= {f"{name}_axes": np.array(AXES[name]) for name in arrays}
    with file.open("wb") as target:
        np.savez_compressed(target, **named)


def record_of(
    recognizer: Recognizer,
    clip: Clip,
    explanation: Explanation,
    *,
    model: str,
    check: Check | None = None,
) -> dict[str, Any]:
    """How an explanation came to be and what it says, for a JSON file beside the arrays.

    `weights` is the SHA-256 of all weights, so that the same `model` can be told from another.
    """
    found: dict[str, Any] = {
        "model": model,
        "scheme": recognizer.model.config.attention_type,
        "weights": fingerprint(recognizer.model),
        "processor": explanation.processor,
        "versions": {name: version(name) for name in ("torch", "numpy", "av")},
        "asked": vars(explanation.options),
        "about": explanation.labels,
        "unit": drawing.UNIT,
        "words": where_and_when(explanation),
        "times": clip.times.round(4).tolist(),
        "box": explanation.box._asdict(),
        "grid": explanation.heatmaps.shape[1:],
        "preprocess": vars(recognizer.preprocess),
        "predictions": [vars(prediction) for prediction in explanation.predictions],
        "notes": [translate(note) for note in (*recognizer.notes, *clip.notes)],
    }
    if check:
        found["check"] = {
            "words": whether_it_counts(explanation, check),
            "label": check.label,
            "gap": check.curves.area,
            "random_gap": check.random_area,
            "deletion": check.curves.deletion,
            "insertion": check.curves.insertion,
        }
    return found


def write_record_of(file: Path, record: dict[str, Any]) -> None:
    """Writes what `record_of` gave as JSON."""
    file.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")


def fingerprint(model: nn.Module) -> str:
    """The SHA-256 of the names and shapes of all weights, and of their bytes in bfloat16.

    So it is the same for a model that is loaded in bfloat16 and in float32.
    """
    digest = hashlib.sha256()
    for name, values in sorted(model.state_dict().items()):
        digest.update(f"{name} {tuple(values.shape)};".encode())
        digest.update(values.bfloat16().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()


def sheet_of(clip: Clip, explanation: Explanation, *, footer: str) -> bytes:
    """The contact sheet of an explanation, a PNG to print."""
    return drawing.sheet(
        clip.frames,
        explanation.heatmaps,
        explanation.box,
        times=clip.times,
        probabilities=[(p.label, p.probability) for p in explanation.predictions[:TOP]],
        footer=footer,
    )


def write_films(
    clip: Clip,
    explanation: Explanation,
    *,
    overlay: Path | None = None,
    beside: Path | None = None,
    longest: int | None = None,
    smooth: bool = False,
) -> None:
    """Writes MP4s of the heatmaps over the frames, and of these beside the frames as they are.

    No side is above about `longest` pixels, if given.
    """
    frames, box = clip.frames, explanation.box
    if longest:
        frames, box = drawing.shrink(frames, box, longest=longest)
    drawn = drawing.film(frames, explanation.heatmaps, box, smooth=smooth)
    fps = max(clip.fps, SLOWEST)
    if overlay:
        write_mp4(overlay, drawn, fps=fps)
    if beside:
        write_mp4(beside, drawing.beside(frames, drawn), fps=fps)


def write_report(
    file: Path,
    recognizer: Recognizer,
    clip: Clip,
    explanation: Explanation,
    *,
    model: str,
    check: Check | None = None,
    smooth: bool = False,
) -> None:
    """Writes an answer as one HTML page, with the explorer in it where the model is small."""
    record = record_of(recognizer, clip, explanation, model=model, check=check)
    explorer = explorer_html(recognizer, clip, explanation, model=model)
    queries = queries_file(recognizer, clip, model=model) if sent_whole(recognizer) else None
    with tempfile.TemporaryDirectory() as place:
        overlay = Path(place, "overlay.mp4")
        write_films(clip, explanation, overlay=overlay, longest=FILM_SIDE, smooth=smooth)
        write_html(
            file, clip, explanation, record=record, overlay=overlay, smooth=smooth,
            explorer=explorer, queries=queries,
        )  # fmt: skip


def write_all(
    file: Path,
    recognizer: Recognizer,
    clip: Clip,
    explanation: Explanation,
    *,
    model: str,
    arrays: dict[str, np.ndarray],
    queries: bytes | None = None,
    longest: int | None = None,
    smooth: bool = False,
) -> None:
    """Writes a ZIP of all there is to take along.

    `arrays` are those of `arrays_of`; with `queries`, those of `queries_file`, its page has the
    explorer.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_films(
            clip, explanation, overlay=folder / "overlay.mp4",
            beside=folder / "side-by-side.mp4", longest=longest, smooth=smooth,
        )  # fmt: skip
        footer = f"{model}, {explanation.method}"
        (folder / "sheet.png").write_bytes(sheet_of(clip, explanation, footer=footer))
        write_arrays(folder / "arrays.npz", arrays)
        record = record_of(recognizer, clip, explanation, model=model)
        write_record_of(folder / "explanation.json", record)
        write_html(
            folder / "report.html", clip, explanation,
            record=record, overlay=folder / "overlay.mp4", smooth=smooth,
            explorer=explorer_html(recognizer, clip, explanation, model=model),
            queries=queries,
        )  # fmt: skip
        if "frame_attention" in arrays:
            kinds = ("svg", "pdf")
            pictures = drawing.matrices(arrays["frame_attention"], times=clip.times, kinds=kinds)
            for kind, picture in zip(kinds, pictures, strict=True):
                (folder / f"frames.{kind}").write_bytes(picture)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.iterdir()):
                archive.write(path, path.name)
