"""Measures how true the heatmaps of a motion model are, on clips whose masks are known."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from statistics import fmean
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from ..errors import CheckpointError, TimesformerError
from ..explain import Relevance, occlusion
from ..explain import metrics as measure
from ..models.timesformer import TimesformerForVideoClassification
from ..progress import StageProgress, ignore_progress
from ..recognizer import Recognizer
from ..synthetic.motion import LABELS, STILL, MotionClips, covered_by, draw_clips, is_one_of
from ..synthetic.textures import fallen_leaves
from .evaluate import check_for_drawn_clips
from .heatmap_methods import BY_GRADIENTS, Heats, heats_of, shuffled
from .heatmap_scores import CENTRE, DIFFERENCE, RANDOM, TRUTH, UNIFORM, Explained, Figures
from .metrics import OPPOSITES
from .predictions import TRACED, pixel_values_of
from .splits import BATCH, LEAF_PICTURES, seed_of
from .timing import machine

CLIPS = 500  # of each seed, rightly named and with a thing that moves
SEEDS = 3
OTHERS_SHARE = 5  # one clip that moves for a while, and one of two things, for so many of CLIPS
PERTURBED_SHARE = 60  # one clip that is covered patch by patch for so many of CLIPS
SHUFFLED = 3  # clips of each seed that are also shown to shuffled models
TELLING = 0.05  # the least gap of the true mask over the random map at which gaps say anything
WINDOWS = ((0, 3), (2, 5), (4, 7))  # the first and the last frame in which something moves
WORTH_TRYING = 40  # clips drawn for each that is used, at most
FIRST_SEED = 6  # of seed_of: the splits and the unknown have those before


def evaluate_explanations(
    recognizer: Recognizer,
    *,
    name: str,
    clips: int = CLIPS,
    seeds: int = SEEDS,
    on_progress: StageProgress = ignore_progress,
) -> Explained:
    """All figures of the heatmaps of the model called `name`, the same at every call.

    `clips` of each of `seeds` seeds; fewer of those with two things or that move for a while, and
    fewer still of those that are covered patch by patch, which takes hundreds of answers a clip.
    Raises CheckpointError for a model that is not for drawn clips.
    """
    check_for_drawn_clips(recognizer)
    if recognizer.preprocess.num_frames <= WINDOWS[-1][1]:
        raise CheckpointError(
            "evaluation.num_frames", T=recognizer.preprocess.num_frames, window=WINDOWS[-1][1] + 1
        )
    others, perturbed = max(1, clips // OTHERS_SHARE), max(1, clips // PERTURBED_SHARE)
    pictures, gathered = fallen_leaves(LEAF_PICTURES, seed=seed_of(0)), Gathered()
    for number in range(seeds):
        look = Look(recognizer, pictures, seed_of(FIRST_SEED + number), gathered)
        for what, count, work in (
            ("where", clips, look.at_things),
            ("when", others, look.at_moments),
            ("which of two", others, look.at_rivals),
            ("covering", perturbed, look.at_what_counts),
        ):
            words = f"{name}, {what}, seed {number + 1} of {seeds}"
            for done in work(count):
                on_progress(words, done, count)
    return Explained(
        model=name,
        scheme=recognizer.model.config.attention_type,
        seeds=seeds,
        clips=clips * seeds,
        windowed=others * seeds,
        rivals=others * seeds,
        perturbed=perturbed * seeds,
        figures=gathered.figures(),
        machine=machine(recognizer.device),
        day=date.today().isoformat(),
    )


@dataclass
class Gathered:
    """The figures of every clip so far, by method and by what they are of."""

    values: dict[str, dict[str, list[Tensor]]] = field(default_factory=dict)

    def add(self, method: str, **figures: Tensor) -> None:
        """More clips' figures, (B,) each."""
        for name, found in figures.items():
            self.values.setdefault(method, {}).setdefault(name, []).append(found.double())

    def mean(self, method: str, name: str) -> float | None:
        """The mean over the clips that have the figure; None where it was never asked."""
        found = self.values.get(method, {}).get(name)
        mean = torch.nan if found is None else float(torch.cat(found).nanmean())
        return None if math.isnan(mean) else mean

    def figures(self) -> tuple[Figures, ...]:
        """All of them, method by method."""
        return tuple(self._figures(method) for method in self.values)

    def _figures(self, method: str) -> Figures:
        placed = ("pointing", "auroc", "precision", "path_error", "path_fit")
        others = ("in_window", "specific", "gap", "after_classifier", "after_all")
        found: dict[str, Any] = {name: self.mean(method, name) for name in (*placed, *others)}
        gap, worst, best = (self.mean(one, "gap") for one in (method, RANDOM, TRUTH))
        if gap is not None and worst is not None and best is not None and best - worst >= TELLING:
            found["faithful"] = (gap - worst) / (best - worst)
        inside, chance = self.mean(method, "inside"), self.mean(method, "chance")
        assert inside is not None
        assert chance is not None
        clips = sum(map(len, self.values[method]["inside"]))
        return Figures(method, clips, energy=inside / chance, **found)


@dataclass(frozen=True, eq=False)
class Look:
    """One seed's look at a model; each part tells how many clips are done."""

    recognizer: Recognizer
    pictures: Tensor
    seed: int
    gathered: Gathered

    def at_things(self, count: int) -> Iterator[int]:
        """Where the heat is, beside where the thing is."""
        done = 0
        for drawn in self._right(0, count):
            some = drawn[torch.arange(count - done)[: len(drawn.labels)]]
            pixel_values = pixel_values_of(self.recognizer, some.pixels)
            heats = heats_of(self.recognizer, pixel_values) | self._baselines(some, pixel_values)
            self._place(heats, some)
            done += len(some.labels)
            yield done
            if done == count:
                return

    def at_moments(self, count: int) -> Iterator[int]:
        """How much of the heat is in the frames in which something moves."""
        done = 0
        for number, window in enumerate(WINDOWS):
            wanted = (number + 1) * count // len(WINDOWS) - done
            for few in self._in_window(window, wanted, part=1 + number):
                done += few
                yield done

    def _in_window(self, window: tuple[int, int], count: int, *, part: int) -> Iterator[int]:
        """The same for one window; tells how many more clips are done, time and again."""
        first, last = window
        even = (last - first + 1) / self.recognizer.preprocess.num_frames
        for drawn in self._right(part, count, window=window):
            signed = is_one_of(drawn.labels, OPPOSITES).nonzero().flatten()
            some = drawn[signed[:count]]
            if not len(some.labels):
                continue
            pixel_values = pixel_values_of(self.recognizer, some.pixels)
            heats = heats_of(self.recognizer, pixel_values)
            for method, heat in (heats | self._baselines(some, pixel_values)).items():
                share = heat[:, first : last + 1].sum((1, 2)) / heat.sum((1, 2))
                self.gathered.add(method, in_window=share / even)
            count -= len(some.labels)
            yield len(some.labels)
            if not count:
                return

    def at_rivals(self, count: int) -> Iterator[int]:
        """Whether more of the heat is on one of two things when asked about that one's label."""
        done, patch = 0, self.recognizer.model.config.patch_shape
        for drawn in self._drawn(4, count, rivals=True):
            covers = [covered_by(masks, patch) for masks in (drawn.masks, drawn.other_masks)]
            two = is_one_of(drawn.labels, OPPOSITES) & is_one_of(drawn.other_labels, OPPOSITES)
            seen = torch.stack([cover.amax((1, 2)) >= measure.HIT for cover in covers]).all(0)
            fit = two & seen & (drawn.labels != drawn.other_labels)
            kept = fit.nonzero().flatten()[: count - done]
            if not len(kept):
                continue
            values = pixel_values_of(self.recognizer, drawn.pixels[kept])
            asked = [labels[kept] for labels in (drawn.labels, drawn.other_labels)]
            for method, explain in BY_GRADIENTS.items():
                heats = [self._about(explain, values, labels) for labels in asked]
                first, second = (
                    measure.inside(heats[one], covers[one][kept])
                    - measure.inside(heats[1 - one], covers[one][kept])
                    for one in (0, 1)
                )
                more = (first.sign() + second.sign()) / 4 + 0.5
                self.gathered.add(method, specific=more)
            done += len(kept)
            yield done
            if done == count:
                return

    def at_what_counts(self, count: int) -> Iterator[int]:
        """What the answer does as patches are covered, and what a shuffled model's heatmap is."""
        done, model = 0, self.recognizer.model
        strangers = {
            "after_classifier": shuffled(model, seed=self.seed, only="classifier"),
            "after_all": shuffled(model, seed=self.seed),
        }
        for drawn in self._right(5, count):
            for number in range(min(len(drawn.labels), count - done)):
                clip = drawn[torch.tensor([number])]
                pixel_values = pixel_values_of(self.recognizer, clip.pixels)
                values = self.recognizer.at_model(pixel_values)
                target = _one_hot(clip.labels).to(values)
                heats = heats_of(self.recognizer, values)
                heats["occlusion"] = occlusion(model, values, target=target).patches.cpu()
                self._place({"occlusion": heats["occlusion"]}, clip)
                if done < SHUFFLED:
                    self._compare(heats, values, strangers, target)
                for method, heat in (heats | self._baselines(clip, pixel_values)).items():
                    gaps = [self._gap(values, heat[0], clip.labels, fill) for fill in measure.FILLS]
                    self.gathered.add(method, gap=torch.tensor([fmean(gaps)]))
                done += 1
                yield done
            if done == count:
                return

    def _gap(self, values: Tensor, heat: Tensor, labels: Tensor, fill: str) -> float:
        return measure.curves(
            self.recognizer.model, values, heat,
            index=int(labels), fill=measure.FILLS[fill], seed=self.seed,
        ).gap  # fmt: skip

    def _compare(
        self,
        heats: Heats,
        values: Tensor,
        strangers: dict[str, TimesformerForVideoClassification],
        target: Tensor,
    ) -> None:
        """The heatmaps beside those of models that were shuffled."""
        for what, stranger in strangers.items():
            other = replace(self.recognizer, model=stranger)
            found = heats_of(other, values, target=target)
            if what == "after_all":
                found["occlusion"] = occlusion(stranger, values, target=target).patches.cpu()
            for method, heat in found.items():
                alike = measure.rank_correlation(heat, heats[method])
                self.gathered.add(method, **{what: alike})

    def _place(self, heats: Heats, drawn: MotionClips) -> None:
        """Adds where the heat is, beside where the thing is."""
        patch = self.recognizer.model.config.patch_shape
        covered, grid = drawn.covered(patch), _grid(drawn, patch)
        for method, heat in heats.items():
            self.gathered.add(
                method,
                inside=measure.inside(heat, covered),
                chance=covered.mean((1, 2)),
                pointing=measure.pointing_hits(heat, covered),
                auroc=measure.auroc(heat, covered),
                precision=measure.average_precision(heat, covered, seed=self.seed),
                path_error=measure.path_error(heat, covered, grid),
                path_fit=measure.path_fit(heat, covered, grid),
            )

    def _baselines(self, drawn: MotionClips, pixel_values: Tensor) -> Heats:
        patch = self.recognizer.model.config.patch_shape
        covered = drawn.covered(patch)
        own_seed = self.seed + int(1000 * covered.sum())  # another map for every clip
        return {
            RANDOM: measure.random_map(covered.shape, seed=own_seed),
            UNIFORM: torch.ones_like(covered),
            CENTRE: measure.centre_map(covered.shape, _grid(drawn, patch)),
            DIFFERENCE: measure.frame_difference(pixel_values, patch),
            TRUTH: covered,
        }

    def _about(
        self, explain: Callable[..., Relevance], pixel_values: Tensor, labels: Tensor
    ) -> Tensor:
        values = self.recognizer.at_model(pixel_values)
        target = _one_hot(labels).to(values)
        return explain(self.recognizer.model, values, target=target).patches.float().cpu()

    def _right(self, part: int, count: int, **how: Any) -> Iterator[MotionClips]:
        """Drawn clips in which a thing moves, is seen, and is rightly named."""
        patch = self.recognizer.model.config.patch_shape
        for drawn in self._drawn(part, count, **how):
            logits = self.recognizer.logits(pixel_values_of(self.recognizer, drawn.pixels))
            seen = drawn.covered(patch).amax((1, 2)) >= measure.HIT
            right = (drawn.labels != STILL) & seen & (logits.argmax(-1) == drawn.labels)
            if right.any():
                yield drawn[right]

    def _drawn(self, part: int, count: int, **how: Any) -> Iterator[MotionClips]:
        """Clips, TRACED at a time; `how` is for draw_clips.

        Raises TimesformerError where WORTH_TRYING clips for each of `count` were not enough.
        """
        if not count:
            return
        preprocess, batches = self.recognizer.preprocess, 1 + WORTH_TRYING * count // BATCH
        for batch in range(batches):
            drawn = draw_clips(
                BATCH,
                num_frames=preprocess.num_frames,
                size=preprocess.crop_size[0],
                seed=self.seed + part * 10**6 + batch * BATCH,
                camera_share=0.0,
                pictures=self.pictures,
                **how,
            )
            for some in torch.arange(BATCH).split(TRACED):
                yield drawn[some]
        raise TimesformerError("evaluation.too_few_right", clips=batches * BATCH, count=count)


def _grid(drawn: MotionClips, patch: tuple[int, int]) -> tuple[int, int]:
    H, W = drawn.pixels.shape[-2:]
    return H // patch[0], W // patch[1]


def _one_hot(labels: Tensor) -> Tensor:
    return F.one_hot(labels, len(LABELS))
