"""Evaluation of heatmaps on videos with masks, for any checkpoint.

A folder holds videos and the mask of an object in each. The mask of NAME.mp4 is a video
NAME.mask.mp4 whose frames are bright on the object. Or it is NAME.mask.npz with an array `masks`
(frames, H, W), true on the object. Both have a frame for each frame of the video. A file
labels.json can name the label to explain by NAME; the default is the most likely label.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..checkpoints.registry import embedded_models
from ..errors import ClipError, TimesformerError
from ..explain.metrics import MIN_COVERAGE
from ..explain.target import most_likely
from ..hub.config import CONFIG_FILE
from ..progress import StageProgress, ignore_progress
from ..recognizer import Recognizer
from ..synthetic.clips import patch_coverage
from ..video.clip import Clip
from ..video.probe import scan
from .heatmap_measurements import add_faithfulness, add_localization, baselines
from .heatmap_methods import compute_heatmaps
from .heatmap_scores import HeatmapScores, ScoreCollector, ranking_of
from .timing import machine

MASK = ".mask"  # before the ending of a mask's name
LABELS_FILE = "labels.json"
ARRAY = "masks"
VIDEO_ENDINGS = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".gif")
MAX_TIME_ERROR = 0.01  # seconds, between a frame and its mask


@dataclass(frozen=True)
class MaskedVideo:
    """A video, the file with its masks, and the label to explain; None is the most likely one."""

    video: Path
    mask: Path
    label: str | None = None


def is_masked_folder(word: str) -> bool:
    """Return True for the name of a folder that is not a checkpoint."""
    is_model = word in embedded_models() or Path(word, CONFIG_FILE).exists()
    return Path(word).is_dir() and not is_model


def find_masked_videos(folder: Path) -> list[MaskedVideo]:
    """Return the videos of a folder that have masks. Raises TimesformerError without any."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    masks = {path.stem.removesuffix(MASK): path for path in files if path.stem.endswith(MASK)}
    labels = _labels(folder / LABELS_FILE)
    found = [
        MaskedVideo(path, masks[path.stem], labels.get(path.stem))
        for path in files
        if path.stem in masks and path.suffix.lower() in VIDEO_ENDINGS
    ]
    if not found:
        raise TimesformerError("evaluation.no_masks", folder=folder.name, mask=MASK)
    return found


def evaluate_masked_videos(
    recognizer: Recognizer,
    folder: Path,
    *,
    name: str,
    on_progress: StageProgress = ignore_progress,
) -> HeatmapScores:
    """Return the heatmap scores of the model called `name` on the videos of a folder.

    Slow methods are left out. Raises TimesformerError for a folder without masks, and for a mask
    that does not fit its video. It also raises it for an unknown label and an unreadable video.
    """
    scores, videos = ScoreCollector(), find_masked_videos(folder)
    patch = recognizer.model.config.patch_shape
    for number, video in enumerate(videos):
        on_progress(f"{name}, {folder.name}", number, len(videos))
        pixel_values, coverage = _read(recognizer, video)
        values = recognizer.at_model(pixel_values)
        target = _target(recognizer, values, video)
        heatmaps = compute_heatmaps(recognizer, pixel_values, target=target.to(values))
        heatmaps |= baselines(coverage, pixel_values, patch, seed=number)
        grid = recognizer.grid(pixel_values)
        add_localization(scores, heatmaps, coverage, grid, seed=number)
        add_faithfulness(
            scores, heatmaps, recognizer.model, values,
            index=int(target.argmax()), number=number, seed=number,
        )  # fmt: skip
    on_progress(f"{name}, {folder.name}", len(videos), len(videos))
    rows = scores.method_scores()
    return HeatmapScores(
        model=name,
        scheme=recognizer.model.config.attention_type,
        seeds=0,
        clips=len(videos),
        windowed=0,
        distractors=0,
        perturbed=len(videos),
        scores=rows,
        machine=machine(recognizer.device),
        day=date.today().isoformat(),
        precision=recognizer.precision,
        ranking=ranking_of(rows, clips=len(videos)),
    )


def _labels(file: Path) -> Mapping[str, str]:
    if not file.exists():
        return {}
    try:
        labels = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise TimesformerError("evaluation.bad_labels", file=file.name) from error
    if not isinstance(labels, dict) or not all(isinstance(label, str) for label in labels.values()):
        raise TimesformerError("evaluation.bad_labels", file=file.name)
    return labels


def _target(recognizer: Recognizer, values: Tensor, video: MaskedVideo) -> Tensor:
    """Return the target (1, K) of a video: its label, or the most likely one."""
    if video.label is None:
        return most_likely(recognizer.logits(values))
    if video.label not in recognizer.labels:
        raise TimesformerError("evaluation.unknown_label", label=video.label, file=video.video.name)
    index = torch.tensor([recognizer.labels.index(video.label)])
    return F.one_hot(index, len(recognizer.labels)).float()


def _read(recognizer: Recognizer, video: MaskedVideo) -> tuple[Tensor, Tensor]:
    """Return pixel values (1, T, 3, H, W), and the object's coverage (1, T, N) of each patch."""
    try:
        clip = recognizer.read(video.video)
        masks = np.stack(list(_masks_of(recognizer, clip, video)))
    except ClipError as error:
        raise TimesformerError(
            "evaluation.unreadable_video", file=video.video.name, reason=error
        ) from error
    if masks.shape[1:] != clip.frames.shape[1:3]:
        sizes = (" x ".join(map(str, size)) for size in (masks.shape[1:], clip.frames.shape[1:3]))
        raise TimesformerError(
            "evaluation.mask_size", mask=video.mask.name, size=next(sizes),
            video=video.video.name, frame=next(sizes),
        )  # fmt: skip
    coverage = _coverage(recognizer, masks)
    if not (coverage >= MIN_COVERAGE).any():
        raise TimesformerError("evaluation.empty_mask", file=video.mask.name)
    return recognizer.preprocess(clip).pixel_values, coverage


def _masks_of(recognizer: Recognizer, clip: Clip, video: MaskedVideo) -> Iterator[np.ndarray]:
    """Yield the mask (H, W) of each frame of a clip, 0 to 255."""
    if video.mask.suffix == ".npz":
        yield from _masks_in_array(clip, video)
        return
    mask = recognizer.read(video.mask)
    if np.abs(mask.times - clip.times).max() > MAX_TIME_ERROR:
        raise TimesformerError(
            "evaluation.mask_times", mask=video.mask.name, video=video.video.name
        )
    yield from mask.frames.mean(axis=-1).round().astype(np.uint8)


def _masks_in_array(clip: Clip, video: MaskedVideo) -> Iterator[np.ndarray]:
    times = scan(video.video).times
    try:
        with np.load(video.mask) as arrays:
            masks = arrays[ARRAY]
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise TimesformerError("evaluation.bad_masks", file=video.mask.name, array=ARRAY) from error
    if masks.ndim != 3 or len(masks) != len(times):
        raise TimesformerError(
            "evaluation.mask_frames", mask=video.mask.name, shape=" x ".join(map(str, masks.shape)),
            video=video.video.name, frames=len(times),
        )  # fmt: skip
    for time in clip.times:
        yield ((masks[np.abs(times - time).argmin()] > 0) * 255).astype(np.uint8)


def _coverage(recognizer: Recognizer, masks: np.ndarray) -> Tensor:
    """Return the coverage (1, T, N) of the model's patches by masks (T, H0, W0), 0 to 255.

    The masks are resized and cropped as the frames are.
    """
    preprocess = recognizer.preprocess
    grey = np.repeat(masks[..., None], 3, axis=-1)
    pixels = preprocess(grey).pixel_values[:, :, 0] * preprocess.std[0] + preprocess.mean[0]
    return patch_coverage(pixels.clamp(0, 1), recognizer.model.config.patch_shape)
