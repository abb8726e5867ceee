"""The end of a training run: the classifier is fitted anew to what the trained blocks give.

Steps on small batches with smoothed labels leave it less sure than it is right, and tilted toward
the labels of the last batches. The blocks stay as they are, and so does where the model looks.
"""

from collections.abc import Iterator
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..models.timesformer import TimesformerForVideoClassification
from ..progress import Progress, ignore_progress
from .recipe import CLIP_SEEDS, MEAN, STD, Recipe
from .trainer import blinded, draw_batch, pictures_of

BATCH = 20  # clips drawn at once, two of each label
PULL = 3e-3  # toward the classifier as it was: by other clips, 1e-3 to 1e-2 are best
ITERATIONS = 300  # of L-BFGS, at most


def refit_classifier(
    model: TimesformerForVideoClassification,
    recipe: Recipe,
    *,
    on_progress: Progress = ignore_progress,
) -> None:
    """Changes the classifier in place, by `recipe.classifier_clips` clips like the last stage's.

    Logistic regression with a pull toward where it was. `on_progress` is called with clips.
    """
    found = list(_answers(model, recipe, on_progress))
    if found:
        answers, targets = (torch.cat(parts) for parts in zip(*found, strict=True))
        _fit(model.classifier, answers, targets)


@torch.no_grad()
def _answers(
    model: TimesformerForVideoClassification, recipe: Recipe, on_progress: Progress
) -> Iterator[tuple[Tensor, Tensor]]:
    """What the classifier is given of each clip (B, D), and what it is to say (B, K)."""
    pictures, device = pictures_of(recipe), model.classifier.weight.device
    for done in range(0, recipe.classifier_clips, BATCH):
        count = min(BATCH, recipe.classifier_clips - done)
        stage = replace(recipe.stages[-1], batch=count)
        seed = recipe.seed * CLIP_SEEDS + recipe.steps + 1 + done
        drawn = draw_batch(stage, pictures, seed=seed)
        clips, targets = blinded(drawn, stage.blind_share, seed=seed)
        pixel_values = (clips.pixels.to(device) - MEAN) / STD
        yield model.timesformer(pixel_values).last_hidden_state[:, 0], targets.to(device)
        on_progress(done + count, recipe.classifier_clips)


def _fit(classifier: nn.Linear, answers: Tensor, targets: Tensor) -> None:
    """The least cross entropy, with PULL times the squares of what changes."""
    start = [parameter.detach().clone() for parameter in classifier.parameters()]
    optimizer = torch.optim.LBFGS(
        classifier.parameters(), max_iter=ITERATIONS, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        optimizer.zero_grad()
        pairs = zip(classifier.parameters(), start, strict=True)
        changed = sum(((now - before) ** 2).sum() for now, before in pairs)
        value = F.cross_entropy(classifier(answers), targets) + PULL * changed
        value.backward()
        return value

    with torch.enable_grad():
        optimizer.step(loss)
    optimizer.zero_grad()
