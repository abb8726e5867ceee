"""Shows a motion model clips that it has never seen, and counts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from ..errors import CheckpointError, TimesformerError
from ..motion import LABELS, STILL
from ..recognizer import Recognizer
from . import measures, results
from .answers import DIRECTIONS, HEATMAPS, Answers, answers_to, logits_of, pixel_values_of
from .footage import read_footage
from .speed import clip_speed
from .splits import BATCH, SEED, SEEDS, Source, sources
from .unknown import UNKNOWN

CONFIDENT = 0.9  # top probability
UNKNOWN_CLIPS = 200  # of each kind, or fewer where fewer clips a split are asked for

Tell = Callable[[str, int, int], None]  # of which split, clips done, clips in all


@torch.inference_mode()
def evaluate(
    recognizer: Recognizer,
    *,
    name: str,
    clips: int = 1000,
    footage: Path | None = None,
    tell: Tell = lambda *_: None,
) -> results.Results:
    """All figures of the model called `name`, on `clips` clips a split, the same at every call.

    `footage` is a folder of videos to make one more split of. Raises CheckpointError for a model
    with other labels, and TimesformerError for too few clips or a folder with no fit video.
    """
    _check(recognizer, clips)
    films, used = read_footage(footage, recognizer.preprocess) if footage else (None, None)
    splits: list[results.Split] = []
    looked: list[results.Looks] = []
    for source in sources(films):
        answers = _answers(recognizer, source, clips, tell)
        splits.append(_split(source.name, answers))
        if source.looked:
            looked += _looks(source.name, answers)
        if source.in_time:
            backwards, shuffled = _backwards(answers), _shuffled(answers)
    return results.Results(
        model=name,
        scheme=recognizer.model.config.attention_type,
        splits=tuple(splits),
        backwards=backwards,
        shuffled=shuffled,
        unknown=tuple(_unknown(recognizer, min(clips, UNKNOWN_CLIPS), tell)),
        looks=tuple(looked),
        footage=used,
        speed=clip_speed(recognizer),
    )


def _check(recognizer: Recognizer, clips: int) -> None:
    if recognizer.labels != LABELS:
        raise CheckpointError(
            f"This model has {len(recognizer.labels)} labels, not the ten motions. "
            "Only models trained by `train motion` can be evaluated on drawn clips."
        )
    if clips < BATCH:
        raise TimesformerError(
            f"{clips} clips a split were asked for; at least {BATCH}, two of each label, are "
            "needed. Ask for more."
        )


def _answers(recognizer: Recognizer, source: Source, clips: int, tell: Tell) -> Answers:
    parts: list[Answers] = []
    size = recognizer.preprocess.crop_size[0]
    batches = source.batches(clips, num_frames=recognizer.preprocess.num_frames, size=size)
    for number, drawn in enumerate(batches):
        done = number * BATCH
        parts.append(
            answers_to(
                recognizer,
                drawn,
                seed=source.seed + done,
                in_time=done < source.in_time,
                with_looks=done < source.looked,
            )
        )
        tell(source.name, min(done + BATCH, clips), clips)
    return Answers.joined(parts)


def _split(name: str, answers: Answers) -> results.Split:
    logits, labels = answers.logits, answers.labels
    return results.Split(
        name=name,
        confusion=measures.confusion(logits, labels),
        pairs=measures.pair_accuracies(logits, labels),
        kind=measures.kind_accuracy(logits, labels),
        calibration_error=measures.calibration_error(logits.softmax(-1), labels),
    )


def _backwards(answers: Answers) -> results.Backwards:
    asked = len(answers.backwards)  # the first ones
    labels = answers.labels[measures.is_one_of(answers.labels, measures.OPPOSITES)][:asked]
    return results.Backwards(len(labels), measures.opposite_share(answers.backwards, labels))


def _shuffled(answers: Answers) -> results.Shuffled:
    asked = len(answers.shuffled)  # the first ones
    directed = measures.is_one_of(answers.labels, DIRECTIONS)
    true = answers.labels[directed, None][:asked]
    before, after = answers.logits[directed][:asked].softmax(-1), answers.shuffled.softmax(-1)
    return results.Shuffled(
        clips=len(true),
        true_before=float(before.gather(1, true).mean()),
        true_after=float(after.gather(1, true).mean()),
        top_after=float(after.amax(-1).mean()),
        most_said=measures.most_said(answers.shuffled),
    )


def _unknown(recognizer: Recognizer, clips: int, tell: Tell) -> Iterator[results.Unknown]:
    preprocess = recognizer.preprocess
    for name, draw in UNKNOWN.items():
        parts = []
        for first in range(0, clips, BATCH):
            pixels = draw(
                min(BATCH, clips - first),
                num_frames=preprocess.num_frames,
                size=preprocess.crop_size[0],
                seed=SEED + 5 * SEEDS + first,
            )
            parts.append(logits_of(recognizer, pixel_values_of(recognizer, pixels)))
            tell(name, min(first + BATCH, clips), clips)
        logits = torch.cat(parts)
        confident = logits.softmax(-1).amax(-1) > CONFIDENT
        still = confident & (logits.argmax(-1) == STILL)
        yield results.Unknown(
            name, clips, int(confident.sum()), int(still.sum()), measures.most_said(logits)
        )


def _looks(split: str, answers: Answers) -> Iterator[results.Looks]:
    chance = float(answers.chance.mean())
    for column, method in enumerate(HEATMAPS):
        inside, hits = answers.inside[:, column], answers.hits[:, column]
        yield results.Looks(
            split=split,
            method=method,
            clips=len(inside),
            energy=float(inside.mean()) / chance,
            pointing=float(hits.nanmean()),
        )
