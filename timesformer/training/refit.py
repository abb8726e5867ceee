"""Last-layer retraining: the classifier is refitted to the features of the trained blocks.

Small batches and smoothed labels leave the classifier underconfident and biased toward the labels
of the last batches. The blocks, and with them the attention, do not change.
"""

from collections.abc import Iterator
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..models.timesformer import TimesformerForVideoClassification
from ..progress import Progress, ignore_progress
from .batches import draw_batch
from .recipe import MEAN, SEEDS_PER_RUN, STD, Recipe

BATCH = 20  # clips drawn at once, two of each label
PULL = 3e-3  # of the L2 penalty on changes; on other clips, 1e-3 to 1e-2 are best
MAX_ITERATIONS = 300  # of L-BFGS


def refit_classifier(
    model: TimesformerForVideoClassification,
    recipe: Recipe,
    pictures: Tensor,
    *,
    on_progress: Progress = ignore_progress,
) -> None:
    """Refit the classifier in place to `recipe.classifier_clips` clips like the last stage's.

    The fit is a logistic regression with an L2 penalty on changes. Progress is in clips.
    """
    batches = list(_features(model, recipe, pictures, on_progress))
    if batches:
        features, targets = (torch.cat(parts) for parts in zip(*batches, strict=True))
        _fit(model.classifier, features, targets)


@torch.no_grad()
def _features(
    model: TimesformerForVideoClassification,
    recipe: Recipe,
    pictures: Tensor,
    on_progress: Progress,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the inputs of the classifier (B, D) and the target probabilities (B, K)."""
    device = model.classifier.weight.device
    for done in range(0, recipe.classifier_clips, BATCH):
        count = min(BATCH, recipe.classifier_clips - done)
        stage = replace(recipe.stages[-1], batch=count)
        seed = recipe.seed * SEEDS_PER_RUN + recipe.steps + 1 + done
        clips, targets = draw_batch(stage, pictures, seed=seed)
        pixel_values = (clips.pixels.to(device) - MEAN) / STD
        yield model.timesformer(pixel_values).last_hidden_state[:, 0], targets.to(device)
        on_progress(done + count, recipe.classifier_clips)


def _fit(classifier: nn.Linear, features: Tensor, targets: Tensor) -> None:
    """Minimize the cross entropy plus PULL times the squared changes."""
    start = [parameter.detach().clone() for parameter in classifier.parameters()]
    optimizer = torch.optim.LBFGS(
        classifier.parameters(), max_iter=MAX_ITERATIONS, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        optimizer.zero_grad()
        pairs = zip(classifier.parameters(), start, strict=True)
        changed = sum(((now - before) ** 2).sum() for now, before in pairs)
        value = F.cross_entropy(classifier(features), targets) + PULL * changed
        value.backward()
        return value

    with torch.enable_grad():
        optimizer.step(loss)
    optimizer.zero_grad()
