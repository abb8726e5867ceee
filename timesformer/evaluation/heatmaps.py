"""Evaluation of a motion model's heatmaps, on drawn clips with known masks."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from ..errors import CheckpointError
from ..explain import Heatmap, metrics
from ..explain.moved import moved
from ..explain.perturb import IMPUTERS
from ..models.timesformer import TimesformerForVideoClassification
from ..progress import StageProgress, ignore_progress
from ..recognizer import Recognizer
from ..synthetic.clips import MotionClips, patch_coverage
from ..synthetic.motion import LABELS, STILL, is_one_of
from ..synthetic.textures import dead_leaves
from .evaluate import check_for_drawn_clips
from .finished_parts import FinishedParts
from .heatmap_clips import HeatmapClips
from .heatmap_measurements import add_faithfulness, add_localization, baselines
from .heatmap_methods import (
    GRADIENT_METHODS,
    Heatmaps,
    compute_heatmaps,
    compute_sharper_heatmaps,
    randomize,
)
from .heatmap_scores import UNIFORM, HeatmapScores, ScoreCollector, ranking_of
from .metrics import OPPOSITES
from .predictions import to_pixel_values
from .splits import LEAF_PICTURES, first_seed
from .timing import machine

CLIPS = 500  # of each seed, with a moving object and predicted correctly
SEEDS = 3
# Costlier measurements have fewer clips; these numbers are for CLIPS.
WINDOW_CLIPS = 100  # with motion in a window, with two objects, and with sharper heatmaps
PERTURBED_CLIPS = 36  # masked patch by patch; as many with a moving and a still object
SLOW_CLIPS = 9  # of each seed, explained by slow methods too
RANDOMIZED_CLIPS = 3  # of each seed, also given to randomized models
WINDOWS = ((0, 3), (2, 5), (4, 7))  # first and last frame with motion
FIRST_PURPOSE = 6  # of first_seed; smaller ones belong to the splits


def evaluate_heatmaps(
    recognizer: Recognizer,
    *,
    name: str,
    clips: int = CLIPS,
    seeds: int = SEEDS,
    run_folder: Path | None = None,
    on_progress: StageProgress = ignore_progress,
) -> HeatmapScores:
    """Return all heatmap scores of the model called `name`; every call gives the same scores.

    `clips` is the number for each of `seeds` seeds. Clips with two objects or a window are fewer.
    Clips masked patch by patch are fewest, because each needs hundreds of predictions. Finished
    parts are kept in `run_folder`; a later call with the same model, methods and counts continues
    from them. Raises CheckpointError for a model that was not trained on drawn clips.
    """
    check_for_drawn_clips(recognizer)
    if recognizer.preprocess.num_frames <= WINDOWS[-1][1]:
        raise CheckpointError(
            "evaluation.num_frames", T=recognizer.preprocess.num_frames, window=WINDOWS[-1][1] + 1
        )
    windowed, perturbed = (
        max(1, clips * number // CLIPS) for number in (WINDOW_CLIPS, PERTURBED_CLIPS)
    )
    pictures, scores = dead_leaves(LEAF_PICTURES, seed=first_seed(0)), ScoreCollector()
    settings = (clips, WINDOW_CLIPS, PERTURBED_CLIPS, SLOW_CLIPS, RANDOMIZED_CLIPS, *IMPUTERS)
    finished = FinishedParts(run_folder, recognizer, settings) if run_folder else None
    for index in range(seeds):
        source = HeatmapClips(recognizer, pictures, first_seed(FIRST_PURPOSE + index))
        for part, count in (
            (HeatmapMeasurements.localization, clips),
            (HeatmapMeasurements.sharper, windowed),
            (HeatmapMeasurements.window, windowed),
            (HeatmapMeasurements.discrimination, windowed),
            (HeatmapMeasurements.faithfulness, perturbed),
            (HeatmapMeasurements.there_or_moved, perturbed),
        ):
            title = part.__name__
            measured = finished.read(title, index) if finished else None
            if measured is None:
                measured = ScoreCollector()
                run = part(HeatmapMeasurements(source, measured), count)
                for done in itertools.chain([0], run):
                    on_progress(f"{name}, {title}, seed {index + 1} of {seeds}", done, count)
                if finished:
                    finished.write(title, index, measured)
            scores.add_all(measured)
    if finished:
        finished.delete()
    rows = scores.method_scores()
    return HeatmapScores(
        model=name,
        scheme=recognizer.model.config.attention_type,
        seeds=seeds,
        clips=clips * seeds,
        windowed=windowed * seeds,
        distractors=windowed * seeds,
        perturbed=perturbed * seeds,
        scores=rows,
        precision=recognizer.precision,
        machine=machine(recognizer.device),
        day=date.today().isoformat(),
        ranking=ranking_of(rows, clips=clips * seeds),
    )


@dataclass(frozen=True, eq=False)
class HeatmapMeasurements:
    """Measurements on the clips of one seed; each yields the number of clips done."""

    source: HeatmapClips
    scores: ScoreCollector

    @property
    def recognizer(self) -> Recognizer:
        """The recognizer whose heatmaps are measured."""
        return self.source.recognizer

    @property
    def patch(self) -> tuple[int, int]:
        """Height and width of a patch in pixels."""
        return self.recognizer.model.config.patch_shape

    def localization(self, count: int) -> Iterator[int]:
        """Measure how well heatmaps find the moving object."""
        done = 0
        for drawn in self.source.correct(0, count):
            clips = drawn[torch.arange(count - done)[: len(drawn.labels)]]
            self._localize(self._heatmaps_and_baselines(clips), clips)
            done += len(clips.labels)
            yield done
            if done == count:
                return

    def sharper(self, count: int) -> Iterator[int]:
        """Measure how well heatmaps of quarters of patches find the moving object."""
        done = 0
        for drawn in self.source.correct(0, count):
            clips = drawn[torch.arange(count - done)[: len(drawn.labels)]]
            pixel_values = to_pixel_values(self.recognizer, clips.pixels)
            self._localize(compute_sharper_heatmaps(self.recognizer, pixel_values), clips, parts=2)
            done += len(clips.labels)
            yield done
            if done == count:
                return

    def window(self, count: int) -> Iterator[int]:
        """Measure the share of heat in the frames with motion."""
        done = 0
        for index, window in enumerate(WINDOWS):
            remaining = (index + 1) * count // len(WINDOWS) - done
            for added in self._one_window(window, remaining, part=1 + index):
                done += added
                yield done

    def _one_window(self, window: tuple[int, int], count: int, *, part: int) -> Iterator[int]:
        """Measure one window; yield the number of clips added."""
        first, last = window
        uniform_share = (last - first + 1) / self.recognizer.preprocess.num_frames
        for drawn in self.source.correct(part, count, window=window):
            has_opposite = is_one_of(drawn.labels, OPPOSITES).nonzero().flatten()
            clips = drawn[has_opposite[:count]]
            if not len(clips.labels):
                continue
            for method, heatmap in self._heatmaps_and_baselines(clips).items():
                share = heatmap[:, first : last + 1].sum((1, 2)) / heatmap.sum((1, 2))
                self.scores.add(method, in_window=share / uniform_share)
            count -= len(clips.labels)
            yield len(clips.labels)
            if not count:
                return

    def discrimination(self, count: int) -> Iterator[int]:
        """Measure, of two objects, how often heat prefers the one whose label is the target."""
        done = 0
        for drawn in self.source.drawn(4, count, distractors=True):
            coverages = [
                patch_coverage(masks, self.patch) for masks in (drawn.masks, drawn.second_masks)
            ]
            clips = self._two_visible_objects(drawn, coverages).nonzero().flatten()[: count - done]
            if not len(clips):
                continue
            values = to_pixel_values(self.recognizer, drawn.pixels[clips])
            targets = [labels[clips] for labels in (drawn.labels, drawn.second_labels)]
            for method, explain in GRADIENT_METHODS.items():
                heatmaps = [self._explain(explain, values, labels) for labels in targets]
                first, second = (
                    metrics.energy_pointing_game(heatmaps[i], coverages[i][clips])
                    - metrics.energy_pointing_game(heatmaps[1 - i], coverages[i][clips])
                    for i in (0, 1)
                )
                preferred = (first.sign() + second.sign()) / 4 + 0.5
                self.scores.add(method, discrimination=preferred)
            done += len(clips)
            yield done
            if done == count:
                return

    def _two_visible_objects(self, drawn: MotionClips, coverages: list[Tensor]) -> Tensor:
        """Return True for clips (B,) whose two objects are visible and differ in their labels.

        Both labels have opposites.
        """
        peaks = torch.stack([coverage.amax((1, 2)) for coverage in coverages])
        are_visible = (peaks >= metrics.MIN_COVERAGE).all(0)
        have_opposites = is_one_of(drawn.labels, OPPOSITES) & is_one_of(
            drawn.second_labels, OPPOSITES
        )
        return have_opposites & are_visible & (drawn.labels != drawn.second_labels)

    def faithfulness(self, count: int) -> Iterator[int]:
        """Measure predictions with masked patches, and heatmaps of randomized models."""
        done, model = 0, self.recognizer.model
        randomized_models = {
            "randomized_classifier": randomize(model, seed=self.source.seed, only="classifier"),
            "randomized_all": randomize(model, seed=self.source.seed),
        }
        for drawn in self.source.correct(5, count):
            for index in range(min(len(drawn.labels), count - done)):
                clip = drawn[torch.tensor([index])]
                pixel_values = to_pixel_values(self.recognizer, clip.pixels)
                values = self.recognizer.at_model(pixel_values)
                target = _one_hot(clip.labels).to(values)
                slow: Heatmaps = {}
                if done < SLOW_CLIPS:
                    slow = compute_heatmaps(self.recognizer, values, target=target, slow=True)
                    self._localize(slow, clip)
                heatmaps = compute_heatmaps(self.recognizer, values) | slow
                if done < RANDOMIZED_CLIPS:
                    self._compare(heatmaps, values, randomized_models, target)
                add_faithfulness(
                    self.scores, heatmaps | self._baselines(clip, pixel_values), model, values,
                    index=int(clip.labels), number=done, seed=self.source.seed,
                )  # fmt: skip
                done += 1
                yield done
            if done == count:
                return

    def there_or_moved(self, count: int) -> Iterator[int]:
        """Measure where the heat of motion and of the still picture lies.

        One object of each clip moves, and one of the same kind and size is still. The most likely
        label is explained, also where it is wrong.
        """
        done = 0
        for drawn in self.source.drawn(6, count, distractors=True):
            masks = (drawn.masks, drawn.second_masks)
            mover, still = (patch_coverage(mask, self.patch) for mask in masks)
            is_visible = torch.stack([mover, still]).amax((2, 3)).amin(0) >= metrics.MIN_COVERAGE
            has_one = (drawn.labels != STILL) & (drawn.second_labels == STILL)
            clips = (has_one & is_visible).nonzero().flatten()[: count - done]
            if not len(clips):
                continue
            pixel_values = to_pixel_values(self.recognizer, drawn.pixels[clips])
            heatmap = moved(self.recognizer.model, self.recognizer.at_model(pixel_values))
            motion, heat = heatmap.motion.float().cpu(), heatmap.patches.float().cpu()
            on_mover = (mover[clips] > 0).float()
            self.scores.add(
                "moved",
                motion_on_mover=_share(motion, on_mover),
                scenery_elsewhere=_share(heat - motion, 1 - on_mover),
                moved_share=motion.sum((1, 2)) / heat.sum((1, 2)),
            )
            uniform = torch.ones_like(heat)
            self.scores.add(
                UNIFORM,
                motion_on_mover=_share(uniform, on_mover),
                scenery_elsewhere=_share(uniform, 1 - on_mover),
            )
            done += len(clips)
            yield done
            if done == count:
                return

    def _compare(
        self,
        heatmaps: Heatmaps,
        values: Tensor,
        randomized_models: dict[str, TimesformerForVideoClassification],
        target: Tensor,
    ) -> None:
        """Add the rank correlations with the heatmaps of randomized models."""
        for score, model in randomized_models.items():
            recognizer = replace(self.recognizer, model=model)
            others = compute_heatmaps(recognizer, values, target=target)
            if score == "randomized_all":
                others |= compute_heatmaps(recognizer, values, target=target, slow=True)
            for method, heatmap in others.items():
                correlation = metrics.rank_correlation(heatmap, heatmaps[method])
                self.scores.add(method, **{score: correlation})

    def _localize(self, heatmaps: Heatmaps, drawn: MotionClips, *, parts: int = 1) -> None:
        """Add the localization scores of heatmaps, with `parts` cells along a side of a patch."""
        height, width = self.patch
        coverage = drawn.coverage((height // parts, width // parts))
        h, w = self.recognizer.model.config.grid_of(*drawn.pixels.shape[-2:])
        add_localization(
            self.scores, heatmaps, coverage, (h * parts, w * parts), seed=self.source.seed
        )

    def _heatmaps_and_baselines(self, drawn: MotionClips) -> Heatmaps:
        pixel_values = to_pixel_values(self.recognizer, drawn.pixels)
        return compute_heatmaps(self.recognizer, pixel_values) | self._baselines(
            drawn, pixel_values
        )

    def _baselines(self, drawn: MotionClips, pixel_values: Tensor) -> Heatmaps:
        coverage = drawn.coverage(self.patch)
        clip_seed = self.source.seed + int(1000 * coverage.sum())  # another map for every clip
        return baselines(coverage, pixel_values, self.patch, seed=clip_seed)

    def _explain(
        self, explain: Callable[..., Heatmap], pixel_values: Tensor, labels: Tensor
    ) -> Tensor:
        values = self.recognizer.at_model(pixel_values)
        target = _one_hot(labels).to(values)
        return explain(self.recognizer.model, values, target=target).patches.float().cpu()


def _share(heat: Tensor, part: Tensor) -> Tensor:
    """Return the share (B,) of the heat (B, T, N) in a part of the patches; NaN without heat."""
    return (heat * part).sum((1, 2)) / heat.sum((1, 2))


def _one_hot(labels: Tensor) -> Tensor:
    return F.one_hot(labels, len(LABELS))
