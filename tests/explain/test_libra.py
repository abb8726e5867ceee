"""Libra equals its definition, and keeps the laws of a linear score."""

from dataclasses import replace

import pytest
import torch
from explicit_libra import explicit, signed_shares
from gradient_cases import CLASS, TARGETS, clips, model_of
from tiny import SCHEMES, random_pixels
from torch import Tensor

from timesformer.explain import backward
from timesformer.explain.attention import attention
from timesformer.explain.libra import (
    Gate,
    libra,
    libra_pointed,
    measure_blocks,
    signed_share,
    with_constant_factors,
)
from timesformer.explain.target import log_odds_of
from timesformer.kernels.prepare import prepare
from timesformer.models.blocks import ACTIVATIONS, State

METHODS = {"libra": libra, "libra-pointed": libra_pointed}


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_libra_equals_its_definition(scheme: str, target: Tensor | None, negative: bool) -> None:
    model = model_of(scheme)
    found = libra(model, clips(), target=target, negative=negative)
    logits, _ = explicit(model, clips())
    shares = signed_shares(model, clips(), target)
    heat = (-shares if negative else shares).clamp(min=0)
    assert heat.sum(0).std() > 1e-3
    torch.testing.assert_close(found.patches, heat.sum(0), atol=1e-9, rtol=1e-5)
    torch.testing.assert_close(found.logits, logits, atol=1e-10, rtol=0)


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_pointed_libra_equals_its_definition(
    scheme: str, target: Tensor | None, negative: bool
) -> None:
    model = model_of(scheme)
    found = libra_pointed(model, clips(), target=target, negative=negative).patches
    later = len(model.timesformer.blocks) // 2
    shares = signed_shares(model, clips(), target, log_odds=True)[later:]
    heat = (-shares if negative else shares).clamp(min=0).sum(0)
    expected = (heat * attention(model, clips()).patches).sqrt()
    assert heat.std() > 1e-4
    norms = [heatmap.sum((1, 2), keepdim=True) for heatmap in (found, expected)]
    torch.testing.assert_close(found / norms[0], expected / norms[1], atol=1e-9, rtol=1e-5)


def test_multi_label_scores_have_no_rivals() -> None:
    model, several = model_of(SCHEMES[0]), model_of(SCHEMES[0])
    several.config = replace(several.config, problem_type="multi_label_classification")
    later = len(several.timesformer.blocks) // 2
    shares = signed_shares(several, clips(), CLASS)[later:]
    found = libra_pointed(several, clips(), target=CLASS).patches
    weights = attention(several, clips()).patches
    ratio = found.square() / (shares.clamp(min=0).sum(0) * weights)
    kept = ratio.isfinite()
    torch.testing.assert_close(ratio[kept], ratio[kept][:1].expand(int(kept.sum())))
    assert not torch.allclose(found, libra_pointed(model, clips(), target=CLASS).patches)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_gradients_differ_from_plain_ones(scheme: str) -> None:
    """Otherwise the comparison above would not notice factors that are not constant."""
    model = model_of(scheme)
    states = list(model.timesformer.trace(clips()))
    before = [state.patches for state in states[:-1]]
    gradients = torch.autograd.grad(model.classify(states[-1])[:, 1].sum(), before)
    pairs = zip(before, gradients, strict=True)
    plain = torch.stack([(tokens * gradient).sum(-1) for tokens, gradient in pairs])
    ours = signed_shares(model, clips(), CLASS)
    assert ((plain - ours).abs() > 1e-2 * ours.abs().amax()).any()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_shares_of_all_tokens_and_biases_are_the_score(scheme: str) -> None:
    """The score is linear with constant factors. Without biases, nothing of it is lost."""
    model = model_of(scheme)
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            parameter.data.zero_()
    model = with_constant_factors(model)
    cls, patches, *_ = model.timesformer.embed(clips())
    tokens = [tensor.detach().requires_grad_() for tensor in (cls, patches)]
    state = State(*tokens)
    for block in model.timesformer.blocks:
        state = block(state)
    score = model.classify(state)[:, 1]
    gradients = torch.autograd.grad(score.sum(), tokens)
    shares = [(x * g).flatten(1).sum(1) for x, g in zip(tokens, gradients, strict=True)]
    torch.testing.assert_close(shares[0] + shares[1], score, atol=1e-10, rtol=1e-8)


@pytest.mark.parametrize(
    ("function", "target"),
    [(libra, CLASS), *[(function, TARGETS["a contrast"]) for function in METHODS.values()]],
)
def test_evidence_against_a_target_is_evidence_for_its_opposite(function, target: Tensor) -> None:
    model = model_of(SCHEMES[0])
    against = function(model, clips(), target=target, negative=True).patches
    opposite = function(model, clips(), target=-target).patches
    torch.testing.assert_close(against, opposite, atol=1e-12, rtol=1e-9)


def test_the_shares_of_a_contrast_are_a_difference() -> None:
    """Before negative shares are dropped."""

    def share(_: int, tokens: Tensor, gradients: Tensor) -> Tensor:
        return signed_share(tokens, gradients)

    model = model_of(SCHEMES[0])
    both, first, second = (
        torch.stack(measure_blocks(model, clips(), share, target=target)[1])
        for target in (torch.tensor([1.0, -1, 0, 0]), *torch.eye(4)[:2])
    )
    torch.testing.assert_close(both, first - second, atol=1e-9, rtol=1e-6)


@pytest.mark.parametrize("function", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_groups_of_blocks_and_sequences_change_nothing(
    scheme: str, function, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, pixels = model_of(scheme), clips()
    together = function(model, pixels, target=CLASS)
    monkeypatch.setattr("timesformer.models.attention.MAX_WEIGHTS", 1)
    monkeypatch.setattr(backward, "MAX_NUMBERS", 1)
    in_groups = function(model, pixels, target=CLASS)
    torch.testing.assert_close(in_groups.patches, together.patches, atol=1e-10, rtol=1e-7)
    torch.testing.assert_close(in_groups.logits, together.logits, atol=1e-12, rtol=0)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_other_clips_equal_the_definition_too(scheme: str) -> None:
    """Five frames of another size; the embeddings are resized."""
    model, pixels = model_of(scheme), random_pixels(2, 5, 3, 24, 16).double()
    shares = signed_shares(model, pixels, CLASS)
    found = libra(model, pixels, target=CLASS).patches
    torch.testing.assert_close(found, shares.clamp(min=0).sum(0), atol=1e-9, rtol=1e-5)


@pytest.mark.parametrize("function", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_prepared_model_has_the_same_heatmap(scheme: str, function) -> None:
    """Gradients pass through packed weights, and through the map that joins two."""
    model, pixels = model_of(scheme).float(), clips().float()
    trainable = function(model, pixels, target=CLASS)
    prepared = function(prepare(model), pixels, target=CLASS)
    torch.testing.assert_close(prepared.patches, trainable.patches, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(prepared.logits, trainable.logits, atol=1e-5, rtol=0)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_gate_of_an_activation_is_its_output_over_its_input(activation: str) -> None:
    module = ACTIVATIONS[activation]()
    values = torch.tensor([-3.0, -1e-30, 0.0, 0.5, 20.0], requires_grad=True)
    activated = Gate.apply(values, module)
    (gradients,) = torch.autograd.grad(activated.sum(), values)
    torch.testing.assert_close(activated, module(values))
    expected = module(values) / values
    torch.testing.assert_close(gradients[values != 0], expected[values != 0])
    assert gradients[2] == 0.5


def test_each_clip_of_a_batch_has_its_own_target() -> None:
    logits = torch.tensor([[2.0, 0.5, -1.0], [2.0, 0.5, -1.0]])
    both = log_odds_of(logits, torch.tensor([[1.0, 0, 0], [1.0, -1, 0]]))
    probability = logits.softmax(-1)[0, 0]
    expected = torch.stack([torch.log(probability / (1 - probability)), torch.tensor(1.5)])
    torch.testing.assert_close(both, expected)
