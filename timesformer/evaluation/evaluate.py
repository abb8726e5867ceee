"""Evaluation of a motion model on drawn clips that training never uses."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import torch

from ..errors import CheckpointError, TimesformerError
from ..progress import StageProgress, ignore_progress
from ..recognizer import Recognizer
from ..synthetic.motion import HEADINGS, LABELS, STILL, is_one_of
from . import metrics, results
from .backgrounds import read_footage
from .out_of_distribution import OUT_OF_DISTRIBUTION
from .predictions import HEATMAPS, Predictions, predict_batch, predict_logits, to_pixel_values
from .splits import BATCH, DRAWINGS, PHOTOGRAPHS, Source, first_seed, sources
from .timing import clip_speed

CLIPS = 1000  # of each split
# Costlier measurements use only the first clips of a split, up to these numbers.
ORDER_CLIPS = 500  # clips of "drawings" that are also reversed and shuffled
HEATMAP_CLIPS = 200  # clips of HEATMAP_SPLITS whose heatmaps are measured
HEATMAP_SPLITS = (DRAWINGS, PHOTOGRAPHS)
OUT_OF_DISTRIBUTION_CLIPS = 200  # of each kind


@torch.inference_mode()
def evaluate(
    recognizer: Recognizer,
    *,
    name: str,
    clips: int = CLIPS,
    footage: Path | None = None,
    on_progress: StageProgress = ignore_progress,
) -> results.Results:
    """Return all results of the model called `name`, on `clips` clips a split.

    Every call gives the same results. `footage` is a folder of videos for one more split. Raises
    CheckpointError for a model that was not trained on drawn clips. Raises TimesformerError for too
    few clips, or a folder without a suitable video.
    """
    check_for_drawn_clips(recognizer)
    if clips < BATCH:
        raise TimesformerError("evaluation.too_few_clips", clips=clips, minimum=BATCH)

    def report(stage: str, done: int, total: int | None) -> None:
        on_progress(f"{name}, {stage}", done, total)

    videos, used = None, None
    if footage:
        on_video = partial(report, "videos")
        videos, used = read_footage(footage, recognizer.preprocess, on_progress=on_video)
    predictions = {
        source.name: _predict(recognizer, source, clips=clips, on_progress=report)
        for source in sources(videos)
    }
    num_unknown = min(clips, OUT_OF_DISTRIBUTION_CLIPS)
    return results.Results(
        model=name,
        scheme=recognizer.model.config.attention_type,
        splits=tuple(_split(split, predicted) for split, predicted in predictions.items()),
        backwards=_backwards(predictions[DRAWINGS]),
        shuffled=_shuffled(predictions[DRAWINGS]),
        out_of_distribution=tuple(_out_of_distribution(recognizer, num_unknown, report)),
        localization=tuple(
            row for split in HEATMAP_SPLITS for row in _localization(split, predictions[split])
        ),
        footage=used,
        speed=clip_speed(recognizer),
    )


def check_for_drawn_clips(recognizer: Recognizer) -> None:
    """Raise CheckpointError for a model that was not trained on drawn clips."""
    preprocess = recognizer.preprocess
    if recognizer.labels != LABELS:
        raise CheckpointError("evaluation.other_labels", count=len(recognizer.labels))
    if preprocess.stretch or preprocess.crop_size != (preprocess.short_side,) * 2:
        raise CheckpointError(
            "evaluation.crops",
            H=preprocess.crop_size[0],
            W=preprocess.crop_size[1],
            side=preprocess.short_side,
        )


def _predict(
    recognizer: Recognizer, source: Source, *, clips: int, on_progress: StageProgress
) -> Predictions:
    parts: list[Predictions] = []
    on_progress(source.name, 0, clips)
    size = recognizer.preprocess.crop_size[0]
    batches = source.batches(clips, num_frames=recognizer.preprocess.num_frames, size=size)
    for index, drawn in enumerate(batches):
        done = index * BATCH
        parts.append(
            predict_batch(
                recognizer,
                drawn,
                seed=first_seed(0) + 1 + done,
                with_order=source.name == DRAWINGS and done < ORDER_CLIPS,
                with_heatmaps=source.name in HEATMAP_SPLITS and done < HEATMAP_CLIPS,
            )
        )
        on_progress(source.name, min(done + BATCH, clips), clips)
    return Predictions.concatenate(parts)


def _split(name: str, predictions: Predictions) -> results.Split:
    logits, labels = predictions.logits, predictions.labels
    return results.Split(
        name=name,
        confusion=metrics.confusion(logits, labels),
        pairs=metrics.pair_accuracies(logits, labels),
        kind=metrics.kind_accuracy(logits, labels),
        calibration_error=metrics.calibration_error(logits.softmax(-1), labels),
    )


def _backwards(predictions: Predictions) -> results.Backwards:
    count = len(predictions.backwards)  # of the first clips only
    has_opposite = is_one_of(predictions.labels, metrics.OPPOSITES)
    labels = predictions.labels[has_opposite][:count]
    return results.Backwards(count, metrics.opposite_share(predictions.backwards, labels))


def _shuffled(predictions: Predictions) -> results.Shuffled:
    count = len(predictions.shuffled)  # of the first clips only
    is_direction = is_one_of(predictions.labels, HEADINGS)
    true = predictions.labels[is_direction, None][:count]
    before = predictions.logits[is_direction][:count].softmax(-1)
    after = predictions.shuffled.softmax(-1)
    return results.Shuffled(
        clips=count,
        true_before=float(before.gather(1, true).mean()),
        true_after=float(after.gather(1, true).mean()),
        top_after=float(after.amax(-1).mean()),
        most_predicted=metrics.most_predicted(predictions.shuffled),
    )


def _out_of_distribution(
    recognizer: Recognizer, clips: int, on_progress: StageProgress
) -> Iterator[results.OutOfDistribution]:
    preprocess = recognizer.preprocess
    for name, draw in OUT_OF_DISTRIBUTION.items():
        parts = []
        on_progress(name, 0, clips)
        for start in range(0, clips, BATCH):
            pixels = draw(
                min(BATCH, clips - start),
                num_frames=preprocess.num_frames,
                size=preprocess.crop_size[0],
                seed=first_seed(5) + start,
            )
            parts.append(predict_logits(recognizer, to_pixel_values(recognizer, pixels)))
            on_progress(name, min(start + BATCH, clips), clips)
        logits = torch.cat(parts)
        is_confident = logits.softmax(-1).amax(-1) > results.CONFIDENT
        yield results.OutOfDistribution(
            name=name,
            clips=clips,
            confident=int(is_confident.sum()),
            still=int((is_confident & (logits.argmax(-1) == STILL)).sum()),
            most_predicted=metrics.most_predicted(logits),
        )


def _localization(split: str, predictions: Predictions) -> Iterator[results.Localization]:
    chance = float(predictions.chance.mean())  # energy of a uniform heatmap
    for column, method in enumerate(HEATMAPS):
        energy, hits = predictions.energy[:, column], predictions.pointing[:, column]
        yield results.Localization(
            split=split,
            method=method,
            clips=len(energy),
            energy=float(energy.mean()) / chance,
            pointing=float(hits.nanmean()),
        )
