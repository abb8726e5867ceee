"""The commands `predict`, `explain`, `models` and `download`."""

import argparse
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from ..checkpoints.checkpoint import download_checkpoint
from ..checkpoints.registry import LICENCE, PUBLISHED, embedded_models
from ..errors import TimesformerError
from ..explain import METHODS, Check, Explanation, Target
from ..i18n import joined
from ..recognizer import Recognizer, load
from ..video.clip import Clip
from ..visualize import export, overlay
from ..visualize.captions import check_text, heatmap_text
from .terminal import print_notes, printable

# The files that `explain` writes: an option each, with the endings of its names and its contents.
OUTPUT_FILES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "--out": ((".mp4",), "heatmaps over the frames"),
    "--beside": ((".mp4",), "the same beside the original frames"),
    "--sheet": ((".png", ".jpg", ".jpeg", ".pdf"), "contact sheet"),
    "--arrays": ((".npz",), "all arrays, with the attention of every block and head"),
    "--frames-by-frames": ((".svg", ".pdf"), "attention between frames, for every head"),
    "--record": ((".json",), "model, options and predictions"),
    "--report": ((".html", ".htm"), "all results as one HTML page that works offline"),
}


@contextmanager
def option_errors() -> Iterator[None]:
    """Raise TimesformerError for a ValueError: an option that does not fit the model or clip."""
    try:
        yield
    except ValueError as error:
        raise TimesformerError("cli.reason", reason=error) from error


def load_model(name: str, options: argparse.Namespace) -> Recognizer:
    """Return the recognizer of a name, loaded as the options say. Raises CheckpointError."""
    return load(
        name,
        device=options.device,
        dtype=options.dtype,
        num_attention_heads=options.num_attention_heads,
    )


def load_recognizer(options: argparse.Namespace) -> Recognizer:
    """Return the recognizer of the options, with labels of one line. Raises TimesformerError."""
    recognizer = load_model(options.model, options)
    recognizer = replace(recognizer, labels=tuple(map(printable, recognizer.labels)))
    if options.frames is None and options.size is None:
        return recognizer
    with option_errors():
        return recognizer.adapted(num_frames=options.frames, size=options.size)


def predict(options: argparse.Namespace) -> None:
    """Print the most likely labels of a clip, as a table or JSON."""
    recognizer, protocol = load_recognizer(options), options.protocol
    clips = recognizer.read_several(options.clip, protocol.clips, start=options.start)
    notes = list(dict.fromkeys([*recognizer.notes, *(n for clip in clips for n in clip.notes)]))
    if len(clips) < protocol.clips:
        notes.append("The video is no longer than one clip, so one clip is used.")
    print_notes(notes)
    predictions = recognizer.predict(*clips, crops=protocol.crops, top_k=options.top)
    if options.json:
        answer = {
            "model": options.model,
            "times": [clip.times.round(3).tolist() for clip in clips],
            "notes": notes,
            "predictions": [vars(prediction) for prediction in predictions],
        }
        print(json.dumps(answer, indent=2))
        return
    for prediction in predictions:
        print(f"{prediction.probability:7.1%}  {prediction.label}")


def explain(options: argparse.Namespace) -> None:
    """Print the heat of each frame, and write the requested files."""
    _check_files(options)
    recognizer = load_recognizer(options)
    if options.frames_by_frames and recognizer.model.config.attention_type == "space_only":
        raise TimesformerError("cli.no_frame_attention")
    clip = recognizer.read(options.clip, start=options.start)
    print_notes((*recognizer.notes, *clip.notes))
    with option_errors():
        explanation = recognizer.explain(
            clip,
            method=options.method,
            target=_target(options),
            negative=options.negative,
            patch=options.patch,
            block=options.block,
            heads=options.heads,
            norm_aware=options.norm_aware,
            sharper=options.sharper,
            on_progress=partial(options.progress.steps, options.method or "heatmap"),
        )
    quantity = "evidence for" if METHODS[explanation.method].is_class_specific else "attention"
    quantity = "evidence against" if options.negative else quantity
    best = explanation.predictions[0]
    print(f"{best.probability:7.1%}  {best.label}")
    for time, share in zip(clip.times, explanation.frame_shares, strict=True):
        print(f"{time:7.2f} s  {quantity} {share:.2f} {overlay.UNIT}")
    print(heatmap_text(explanation))
    check = None
    if options.check:
        on_progress = partial(options.progress.steps, "masking")
        check = recognizer.check(clip, explanation, on_progress=on_progress)
        print(check_text(explanation, check))
    _write_files(options, recognizer, clip, explanation, check)


def _check_files(options: argparse.Namespace) -> None:
    """Raise TimesformerError for a name of another format, a repeated name, and the video's."""
    seen = {_identity(options.clip): options.clip}
    for option, (endings, _) in OUTPUT_FILES.items():
        file: Path | None = getattr(options, option.removeprefix("--").replace("-", "_"))
        if file is None:
            continue
        name = printable(file.name)
        if file.suffix.lower() not in endings:
            known = joined(endings, "lists.comma")
            raise TimesformerError("cli.file_ending", option=option, file=name, endings=known)
        other = seen.setdefault(_identity(file), file)
        if other is options.clip:
            raise TimesformerError("cli.overwrites_clip", file=name)
        if other is not file:
            raise TimesformerError("cli.same_file", first=printable(other.name), second=name)


def _identity(file: Path) -> object:
    """Return the same value for all names of a file: links, and other cases on Windows."""
    try:
        status = file.stat()
    except OSError:  # the file is new
        return os.path.normcase(os.path.realpath(file))
    return status.st_dev, status.st_ino


def _write_files(
    options: argparse.Namespace,
    recognizer: Recognizer,
    clip: Clip,
    explanation: Explanation,
    check: Check | None,
) -> None:
    model = printable(options.model)
    if options.out or options.beside:
        export.write_videos(
            clip, explanation, overlay=options.out, beside=options.beside, smooth=options.smooth
        )
    if options.sheet:
        footer = f"{printable(options.clip.name)}, {model}"
        export.write_sheet(options.sheet, clip, explanation, footer=footer)
    if options.arrays or options.frames_by_frames:
        arrays = export.arrays_of(recognizer, clip, explanation)
        if options.arrays:
            export.write_arrays(options.arrays, arrays)
        if options.frames_by_frames:
            (drawn,) = overlay.frame_matrices(
                arrays["frame_attention"],
                times=clip.times,
                kinds=(options.frames_by_frames.suffix.lower()[1:],),
            )
            options.frames_by_frames.write_bytes(drawn)
    if options.record:
        record = export.record_of(recognizer, clip, explanation, model=model, check=check)
        export.write_explanation_record(options.record, record)
    if options.report:
        export.write_report(
            options.report, recognizer, clip, explanation,
            model=model, check=check, smooth=options.smooth,
        )  # fmt: skip


def _target(options: argparse.Namespace) -> Target | None:
    if options.than and not options.target:
        raise TimesformerError("cli.contrast_alone")
    labels = [word_or_number(printable(word)) for word in (options.target, options.than) if word]
    return (labels[0], labels[1]) if options.than else labels[0] if labels else None


def word_or_number(word: str) -> str | int:
    """Return a word of decimal digits as a number, and any other word unchanged."""
    return int(word) if word.isdecimal() else word


def list_models(options: argparse.Namespace) -> None:
    """Print the models that load by name."""
    for name in embedded_models():
        print(f"{name:<48} embedded, Apache-2.0")
    for known in PUBLISHED:
        shape = f"{known.num_frames} x {known.size} x {known.size}, {known.num_labels} labels"
        print(f"{known.name:<48} {shape}, {known.top_1} % top-1, {LICENCE}")


def download(options: argparse.Namespace) -> None:
    """Download models from the Hub and print the progress."""
    for name in options.models:
        download_checkpoint(name, on_progress=partial(options.progress.downloaded, name))
        options.progress.end()  # the Hub may not have told the size of the last file
        print(f"{name} is on this computer.")
