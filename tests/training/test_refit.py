"""The refit changes the classifier only, and improves it."""

import dataclasses

import pytest
import torch
import torch.nn.functional as F
from tiny import SCHEMES

from timesformer.models.timesformer import TimesformerForVideoClassification
from timesformer.synthetic.textures import dead_leaves
from timesformer.training.batches import draw_stage
from timesformer.training.recipe import MEAN, STD, Recipe, Stage
from timesformer.training.refit import BATCH, refit_classifier

TINY = Recipe(stages=(Stage(1, 8, 16),), width=16, blocks=2, heads=2, classifier_clips=3 * BATCH)
PICTURES = dead_leaves(2, seed=0)


def biased_model(recipe: Recipe) -> TimesformerForVideoClassification:
    """Return a model that predicts its last label with high confidence for every clip."""
    torch.manual_seed(0)
    model = TimesformerForVideoClassification(recipe.config()).eval()
    torch.nn.init.constant_(model.classifier.bias[-1:].data, 5.0)
    return model


@torch.no_grad()
def held_out_loss(model: TimesformerForVideoClassification, recipe: Recipe) -> float:
    """Return the cross entropy on clips that are not in the refit."""
    stage = dataclasses.replace(recipe.stages[-1], batch=40)
    clips = draw_stage(stage, PICTURES, seed=77_000)
    return float(F.cross_entropy(model((clips.pixels - MEAN) / STD).logits, clips.labels))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_biased_classifier_is_corrected_and_the_blocks_do_not_change(scheme: str) -> None:
    recipe = dataclasses.replace(TINY, attention_type=scheme)
    model = biased_model(recipe)
    blocks = {name: value.clone() for name, value in model.timesformer.state_dict().items()}
    before, reports = held_out_loss(model, recipe), []
    refit_classifier(model, recipe, PICTURES, on_progress=lambda *report: reports.append(report))
    assert held_out_loss(model, recipe) < before - 1
    assert reports == [(20, 60), (40, 60), (60, 60)]
    for name, value in model.timesformer.state_dict().items():
        assert torch.equal(value, blocks[name]), name


def test_a_refit_is_deterministic() -> None:
    first, second = biased_model(TINY), biased_model(TINY)
    for model in (first, second):
        refit_classifier(model, TINY, PICTURES)
    assert torch.equal(first.classifier.weight, second.classifier.weight)


def test_without_clips_the_classifier_does_not_change() -> None:
    recipe = dataclasses.replace(TINY, classifier_clips=0)
    model, before = biased_model(recipe), biased_model(recipe)
    refit_classifier(model, recipe, PICTURES)
    assert torch.equal(model.classifier.weight, before.classifier.weight)


def test_noise_clips_make_the_classifier_unsure() -> None:
    stages = (dataclasses.replace(TINY.stages[0], noise_share=1.0),)
    recipe = dataclasses.replace(TINY, stages=stages)
    model = biased_model(recipe)
    refit_classifier(model, recipe, PICTURES)
    noise = (torch.rand(8, 8, 3, 16, 16) - MEAN) / STD
    assert model(noise).logits.softmax(-1).max() < 0.2
