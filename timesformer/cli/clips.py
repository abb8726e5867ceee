"""The commands `predict`, `explain`, `models` and `download`."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ..checkpoints.checkpoint import download_checkpoint
from ..checkpoints.registry import LICENCE, PUBLISHED, embedded_models
from ..errors import TimesformerError
from ..explain import METHODS, Check, Explanation, Target
from ..recognizer import Recognizer, load
from ..video.clip import Clip
from ..visualize import export, overlay
from ..visualize.captions import check_text, heatmap_text


@contextmanager
def option_errors() -> Iterator[None]:
    """Raise TimesformerError for a ValueError: an option that does not fit the model or clip."""
    try:
        yield
    except ValueError as error:
        raise TimesformerError("cli.reason", reason=error) from error


def load_recognizer(options: argparse.Namespace) -> Recognizer:
    """Return the recognizer of the options. Raises TimesformerError."""
    recognizer = load(options.model, device=options.device, dtype=options.dtype)
    if options.frames is None and options.size is None:
        return recognizer
    with option_errors():
        return recognizer.adapted(num_frames=options.frames, size=options.size)


def print_notes(notes: Iterable[str]) -> None:
    """Print notes on stderr."""
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def print_steps(name: str, done: int, steps: int | None) -> None:
    """Print the number of finished steps on stderr."""
    print(f"\r{name}: {done} of {steps} ", end="\n" * (done == steps), file=sys.stderr, flush=True)


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
    for file in _files_of(options):
        if file.exists() and file.samefile(options.clip):
            raise TimesformerError("cli.overwrites_clip", file=file.name)
    recognizer = load_recognizer(options)
    _check_matrices(options.frames_by_frames, recognizer)
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
            on_progress=partial(print_steps, options.method),
        )
    quantity = "evidence for" if METHODS[options.method].is_class_specific else "attention"
    quantity = "evidence against" if options.negative else quantity
    best = explanation.predictions[0]
    print(f"{best.probability:7.1%}  {best.label}")
    for time, share in zip(clip.times, explanation.frame_shares, strict=True):
        print(f"{time:7.2f} s  {quantity} {share:.2f} {overlay.UNIT}")
    print(heatmap_text(explanation))
    check = None
    if options.check:
        check = recognizer.check(clip, explanation, on_progress=partial(print_steps, "masking"))
        print(check_text(explanation, check))
    _write_files(options, recognizer, clip, explanation, check)


def _files_of(options: argparse.Namespace) -> list[Path]:
    files = (options.out, options.beside, options.sheet, options.arrays,
             options.frames_by_frames, options.record, options.report)  # fmt: skip
    return [file for file in files if file]


def _write_files(
    options: argparse.Namespace,
    recognizer: Recognizer,
    clip: Clip,
    explanation: Explanation,
    check: Check | None,
) -> None:
    if options.out or options.beside:
        export.write_videos(
            clip, explanation, overlay=options.out, beside=options.beside, smooth=options.smooth
        )
    if options.sheet:
        footer = f"{options.clip.name}, {options.model}, {options.method}"
        options.sheet.write_bytes(export.contact_sheet(clip, explanation, footer=footer))
    if options.arrays or options.frames_by_frames:
        arrays = export.arrays_of(recognizer, clip, explanation)
        if options.arrays:
            export.write_arrays(options.arrays, arrays)
        if options.frames_by_frames:
            (drawn,) = overlay.frame_matrices(
                arrays["frame_attention"],
                times=clip.times,
                kinds=(_kind(options.frames_by_frames),),
            )
            options.frames_by_frames.write_bytes(drawn)
    if options.record:
        record = export.record_of(recognizer, clip, explanation, model=options.model, check=check)
        export.write_explanation_record(options.record, record)
    if options.report:
        export.write_report(
            options.report, recognizer, clip, explanation,
            model=options.model, check=check, smooth=options.smooth,
        )  # fmt: skip


def _check_matrices(file: Path | None, recognizer: Recognizer) -> None:
    """Raise TimesformerError if the attention between frames cannot be drawn into the file."""
    if file is None:
        return
    if _kind(file) not in ("svg", "pdf"):
        raise TimesformerError("cli.figure_format", file=file.name)
    if recognizer.model.config.attention_type == "space_only":
        raise TimesformerError("cli.no_frame_attention")


def _kind(file: Path) -> str:
    return file.suffix.lower().removeprefix(".")


def _target(options: argparse.Namespace) -> Target | None:
    if options.than and not options.target:
        raise TimesformerError("cli.contrast_alone")
    if options.than:
        return word_or_number(options.target), word_or_number(options.than)
    return word_or_number(options.target) if options.target else None


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
        download_checkpoint(name, on_progress=partial(_print_bytes, name))
        print(f"{name} is on this computer.")


def _print_bytes(name: str, done: int, total: int | None) -> None:
    of = "" if total is None else f" of {total / 1e6:.1f}"
    end = "\n" if done == total else ""
    print(f"\r{name}: {done / 1e6:.1f}{of} MB", end=end, file=sys.stderr, flush=True)
