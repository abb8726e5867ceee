"""Files of an explanation: arrays, a record of its origin, a contact sheet, videos, a ZIP."""

import hashlib
import json
import tempfile
import zipfile
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import nn

from ..explain import Check, Explanation
from ..explain.head_maps import head_maps
from ..i18n import t, translate
from ..recognizer import Recognizer
from ..video.clip import Clip
from ..video.encode import write_mp4
from . import overlay as drawing
from .captions import TOP_K, check_text, heatmap_text
from .explorer import explorer_html, is_sent_whole, queries_file
from .report import write_html

VIDEO_SIZE = 640  # pixels of the longer side of a video on a page
MIN_FPS = 2.0  # slower videos do not look like motion
AXES = {
    "heatmaps": ("frame", "row", "column"),
    "moved": ("frame", "row", "column"),
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
    """Return the arrays of an explanation by name; AXES names the axes of each.

    cls_attention is the attention of cls to every patch, frame_attention that of frames to frames.
    Space-only models have no frame_attention. Only some methods have moved, the share of the heat
    that is due to motion.
    """
    pixel_values = recognizer.at_model(recognizer.preprocess(clip).pixel_values)
    maps = head_maps(recognizer.model, pixel_values)
    cls_attention = maps.cls_attention[0].unflatten(-1, recognizer.grid(pixel_values))
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
    if explanation.moved is not None:
        arrays["moved"] = explanation.moved
    return arrays


def write_arrays(file: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write arrays as an NPZ, with the names of their axes as `NAME_axes`."""
    named: dict[str, Any] = dict(arrays)  # Any: the stub of savez has no arrays by name
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
    """Return model, options and results of an explanation, for a JSON file.

    `weights` is the `fingerprint` of the model.
    """
    record: dict[str, Any] = {
        "model": model,
        "scheme": recognizer.model.config.attention_type,
        "weights": fingerprint(recognizer.model),
        "processor": explanation.processor,
        "versions": {name: version(name) for name in ("torch", "numpy", "av")},
        "options": vars(explanation.options),
        "labels": explanation.labels,
        "unit": drawing.UNIT,
        "summary": heatmap_text(explanation),
        "times": clip.times.round(4).tolist(),
        "box": explanation.box._asdict(),
        "grid": explanation.heatmaps.shape[1:],
        "preprocess": vars(recognizer.preprocess),
        "predictions": [vars(prediction) for prediction in explanation.predictions],
        "notes": [translate(note) for note in (*recognizer.notes, *clip.notes)],
    }
    if check:
        record["check"] = {
            "summary": check_text(explanation, check),
            "label": check.label,
            "area": check.curves.area,
            "random_area": check.random_area,
            "deletion": check.curves.deletion,
            "insertion": check.curves.insertion,
        }
    return record


def write_explanation_record(file: Path, record: dict[str, Any]) -> None:
    """Write the result of `record_of` as JSON."""
    file.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")


def fingerprint(model: nn.Module) -> str:
    """Return the SHA-256 of the names, shapes and bfloat16 bytes of all weights.

    It is the same for a model in bfloat16 and in float32.
    """
    digest = hashlib.sha256()
    for name, values in sorted(model.state_dict().items()):
        digest.update(f"{name} {tuple(values.shape)};".encode())
        digest.update(values.bfloat16().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()


def write_sheet(file: Path, clip: Clip, explanation: Explanation, *, footer: str) -> None:
    """Write the contact sheet as a PNG, JPEG or PDF, as the name of the file says.

    `footer` is text before the name of the method.
    """
    picture = contact_sheet(clip, explanation, footer=footer)
    if file.suffix.lower() == ".png":
        file.write_bytes(picture)
        return
    with Image.open(BytesIO(picture)) as sheet:
        # PDF pages get their size from the resolution; letters in JPEG need a high quality.
        sheet.convert("RGB").save(file, resolution=sheet.info["dpi"][0], quality=95)


def contact_sheet(clip: Clip, explanation: Explanation, *, footer: str) -> bytes:
    """Return the contact sheet of an explanation, a PNG to print.

    `footer` is text before the name of the method.
    """
    method = t(f"methods.{explanation.method}.name")
    return drawing.contact_sheet(
        clip.frames,
        explanation.heatmaps,
        explanation.box,
        times=clip.times,
        probabilities=[(p.label, p.probability) for p in explanation.predictions[:TOP_K]],
        footer=t("lists.comma", first=footer, rest=method),
        moved=explanation.moved,
    )


def write_videos(
    clip: Clip,
    explanation: Explanation,
    *,
    overlay: Path | None = None,
    beside: Path | None = None,
    longest: int | None = None,
    smooth: bool = False,
) -> None:
    """Write MP4s of the overlay, and of the original frames beside the overlay.

    With `longest`, no side has more than about as many pixels.
    """
    frames, box = clip.frames, explanation.box
    if longest:
        frames, box = drawing.shrink(frames, box, longest=longest)
    drawn = drawing.overlays_with_scale(
        frames, explanation.heatmaps, box, smooth=smooth, moved=explanation.moved
    )
    fps = max(clip.fps, MIN_FPS)
    if overlay:
        write_mp4(overlay, drawn, fps=fps)
    if beside:
        write_mp4(beside, drawing.side_by_side(frames, drawn), fps=fps)


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
    """Write an explanation as one HTML page, with the explorer if the model is small."""
    record = record_of(recognizer, clip, explanation, model=model, check=check)
    explorer = explorer_html(recognizer, clip, explanation, model=model)
    queries = queries_file(recognizer, clip, model=model) if is_sent_whole(recognizer) else None
    with tempfile.TemporaryDirectory() as temporary:
        overlay = Path(temporary, "overlay.mp4")
        write_videos(clip, explanation, overlay=overlay, longest=VIDEO_SIZE, smooth=smooth)
        write_html(
            file, clip, explanation, record=record, overlay=overlay, smooth=smooth,
            explorer=explorer, queries=queries,
        )  # fmt: skip


def write_archive(
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
    """Write all files of an explanation as a ZIP.

    `arrays` is the result of `arrays_of`. With `queries`, the result of `queries_file`, the report
    contains the explorer.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_videos(
            clip, explanation, overlay=folder / "overlay.mp4",
            beside=folder / "side-by-side.mp4", longest=longest, smooth=smooth,
        )  # fmt: skip
        (folder / "sheet.png").write_bytes(contact_sheet(clip, explanation, footer=model))
        write_arrays(folder / "arrays.npz", arrays)
        record = record_of(recognizer, clip, explanation, model=model)
        write_explanation_record(folder / "explanation.json", record)
        write_html(
            folder / "report.html", clip, explanation,
            record=record, overlay=folder / "overlay.mp4", smooth=smooth,
            explorer=explorer_html(recognizer, clip, explanation, model=model),
            queries=queries,
        )  # fmt: skip
        if "frame_attention" in arrays:
            attention, kinds = arrays["frame_attention"], ("svg", "pdf")
            pictures = drawing.frame_matrices(attention, times=clip.times, kinds=kinds)
            for kind, picture in zip(kinds, pictures, strict=True):
                (folder / f"frames.{kind}").write_bytes(picture)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.iterdir()):
                archive.write(path, path.name)
