"""The classifier is fitted anew, and nothing else."""

import dataclasses
from functools import cache

import pytest
import torch
import torch.nn.functional as F
from tiny import SCHEMES

from timesformer.models.timesformer import TimesformerForVideoClassification
from timesformer.synthetic.photographs import read_photographs
from timesformer.training import trainer
from timesformer.training.recipe import MEAN, STD, Recipe, Stage
from timesformer.training.refit import BATCH, refit_classifier
from timesformer.training.trainer import draw_batch, pictures_of

TINY = Recipe(stages=(Stage(1, 8, 16),), width=16, blocks=2, heads=2, classifier_clips=3 * BATCH)
read_once = cache(read_photographs)


@pytest.fixture(autouse=True)
def small_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of leaves there are few, and photographs are read once for all runs."""
    monkeypatch.setattr(trainer, "LEAF_PICTURES", 2)
    monkeypatch.setattr(trainer, "read_photographs", read_once)


def tilted(recipe: Recipe) -> TimesformerForVideoClassification:
    """A model that is sure of its last label, whatever it sees."""
    torch.manual_seed(0)
    model = TimesformerForVideoClassification(recipe.config()).eval()
    torch.nn.init.constant_(model.classifier.bias[-1:].data, 5.0)
    return model


@torch.no_grad()
def surprise(model: TimesformerForVideoClassification, recipe: Recipe) -> float:
    """The cross entropy of clips that nothing was fitted to."""
    stage = dataclasses.replace(recipe.stages[-1], batch=40)
    clips = draw_batch(stage, pictures_of(recipe), seed=77_000)
    return float(F.cross_entropy(model((clips.pixels - MEAN) / STD).logits, clips.labels))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_tilted_classifier_comes_right_and_the_blocks_stay(scheme: str) -> None:
    recipe = dataclasses.replace(TINY, attention_type=scheme)
    model = tilted(recipe)
    blocks = {name: value.clone() for name, value in model.timesformer.state_dict().items()}
    before, told = surprise(model, recipe), []
    refit_classifier(model, recipe, on_progress=lambda *now: told.append(now))
    assert surprise(model, recipe) < before - 1
    assert told == [(20, 60), (40, 60), (60, 60)]
    for name, value in model.timesformer.state_dict().items():
        assert torch.equal(value, blocks[name]), name


def test_the_same_clips_give_the_same_classifier() -> None:
    first, second = tilted(TINY), tilted(TINY)
    for model in (first, second):
        refit_classifier(model, TINY)
    assert torch.equal(first.classifier.weight, second.classifier.weight)


def test_a_recipe_without_such_clips_leaves_the_classifier() -> None:
    recipe = dataclasses.replace(TINY, classifier_clips=0)
    model, before = tilted(recipe), tilted(recipe)
    refit_classifier(model, recipe)
    assert torch.equal(model.classifier.weight, before.classifier.weight)


def test_blind_clips_teach_it_to_be_unsure() -> None:
    """Where all clips are noise, every label is as likely as any other."""
    stages = (dataclasses.replace(TINY.stages[0], blind_share=1.0),)
    recipe = dataclasses.replace(TINY, stages=stages)
    model = tilted(recipe)
    refit_classifier(model, recipe)
    noise = (torch.rand(8, 8, 3, 16, 16) - MEAN) / STD
    assert model(noise).logits.softmax(-1).max() < 0.2
