"""Shows a motion model clips that it has never seen, and counts."""

from collections.abc import Iterator
from pathlib import Path

import torch

from ..errors import CheckpointError, TimesformerError
from ..progress import StageProgress, ignore_progress
from ..recognizer import Recognizer
from ..synthetic.motion import HEADINGS, LABELS, STILL, is_one_of
from . import metrics, results
from .backgrounds import read_footage
from .out_of_distribution import UNKNOWN
from .predictions import HEATMAPS, Answers, answers_to, logits_of, pixel_values_of
from .splits import BATCH, DRAWINGS, PHOTOGRAPHS, Source, seed_of, sources
from .timing import clip_speed

CLIPS = 1000  # of each split
IN_TIME = 500  # clips of "drawings" also shown backwards and out of order, if so many are asked for
LOOKED = 200  # clips of a split in which it is measured where the model looks, likewise
LOOKED_IN = (DRAWINGS, PHOTOGRAPHS)
UNKNOWN_CLIPS = 200  # of each kind, likewise


@torch.inference_mode()
def evaluate(
    recognizer: Recognizer,
    *,
    name: str,
    clips: int = CLIPS,
    footage: Path | None = None,
    on_progress: StageProgress = ignore_progress,
) -> results.Results:
    """All figures of the model called `name`, on `clips` clips a split, the same at every call.

    `footage` is a folder of videos to make one more split of. Raises CheckpointError for a model
    that is not for drawn clips, and TimesformerError for too few clips or a folder with no fit
    video.
    """
    check_for_drawn_clips(recognizer)
    if clips < BATCH:
        raise TimesformerError("evaluation.too_few_clips", clips=clips, minimum=BATCH)
    films, used = read_footage(footage, recognizer.preprocess) if footage else (None, None)
    answers = {
        source.name: _answers(recognizer, source, clips=clips, on_progress=on_progress)
        for source in sources(films)
    }
    return results.Results(
        model=name,
        scheme=recognizer.model.config.attention_type,
        splits=tuple(_split(split, given) for split, given in answers.items()),
        backwards=_backwards(answers[DRAWINGS]),
        shuffled=_shuffled(answers[DRAWINGS]),
        unknown=tuple(_unknown(recognizer, min(clips, UNKNOWN_CLIPS), on_progress=on_progress)),
        looks=tuple(look for split in LOOKED_IN for look in _looks(split, answers[split])),
        footage=used,
        speed=clip_speed(recognizer),
    )


def check_for_drawn_clips(recognizer: Recognizer) -> None:
    """Raises CheckpointError for a model that drawn clips are not for."""
    preprocess = recognizer.preprocess
    if recognizer.labels != LABELS:
        raise CheckpointError("evaluation.other_labels", count=len(recognizer.labels))
    if preprocess.crop_size != (preprocess.short_side,) * 2:
        raise CheckpointError(
            "evaluation.crops",
            H=preprocess.crop_size[0],
            W=preprocess.crop_size[1],
            side=preprocess.short_side,
        )


def _answers(
    recognizer: Recognizer, source: Source, *, clips: int, on_progress: StageProgress
) -> Answers:
    parts: list[Answers] = []
    size = recognizer.preprocess.crop_size[0]
    batches = source.batches(clips, num_frames=recognizer.preprocess.num_frames, size=size)
    for number, drawn in enumerate(batches):
        done = number * BATCH
        parts.append(
            answers_to(
                recognizer,
                drawn,
                seed=seed_of(0) + 1 + done,
                in_time=source.name == DRAWINGS and done < IN_TIME,
                with_looks=source.name in LOOKED_IN and done < LOOKED,
            )
        )
        on_progress(source.name, min(done + BATCH, clips), clips)
    return Answers.joined(parts)


def _split(name: str, answers: Answers) -> results.Split:
    logits, labels = answers.logits, answers.labels
    return results.Split(
        name=name,
        confusion=metrics.confusion(logits, labels),
        pairs=metrics.pair_accuracies(logits, labels),
        kind=metrics.kind_accuracy(logits, labels),
        calibration_error=metrics.calibration_error(logits.softmax(-1), labels),
    )


def _backwards(answers: Answers) -> results.Backwards:
    asked = len(answers.backwards)  # the first ones
    labels = answers.labels[is_one_of(answers.labels, metrics.OPPOSITES)][:asked]
    return results.Backwards(len(labels), metrics.opposite_share(answers.backwards, labels))


def _shuffled(answers: Answers) -> results.Shuffled:
    asked = len(answers.shuffled)  # the first ones
    directed = is_one_of(answers.labels, HEADINGS)
    true = answers.labels[directed, None][:asked]
    before, after = answers.logits[directed][:asked].softmax(-1), answers.shuffled.softmax(-1)
    return results.Shuffled(
        clips=len(true),
        true_before=float(before.gather(1, true).mean()),
        true_after=float(after.gather(1, true).mean()),
        top_after=float(after.amax(-1).mean()),
        most_said=metrics.most_said(answers.shuffled),
    )


def _unknown(
    recognizer: Recognizer, clips: int, *, on_progress: StageProgress
) -> Iterator[results.Unknown]:
    preprocess = recognizer.preprocess
    for name, draw in UNKNOWN.items():
        parts = []
        for first in range(0, clips, BATCH):
            pixels = draw(
                min(BATCH, clips - first),
                num_frames=preprocess.num_frames,
                size=preprocess.crop_size[0],
                seed=seed_of(5) + first,
            )
            parts.append(logits_of(recognizer, pixel_values_of(recognizer, pixels)))
            on_progress(name, min(first + BATCH, clips), clips)
        logits = torch.cat(parts)
        confident = logits.softmax(-1).amax(-1) > results.CONFIDENT
        yield results.Unknown(
            name=name,
            clips=clips,
            confident=int(confident.sum()),
            still=int((confident & (logits.argmax(-1) == STILL)).sum()),
            most_said=metrics.most_said(logits),
        )


def _looks(split: str, answers: Answers) -> Iterator[results.Looks]:
    chance = float(answers.chance.mean())  # of the heat of a map that is even
    for column, method in enumerate(HEATMAPS):
        inside, hits = answers.inside[:, column], answers.hits[:, column]
        yield results.Looks(
            split=split,
            method=method,
            clips=len(inside),
            energy=float(inside.mean()) / chance,
            pointing=float(hits.nanmean()),
        )
