"""Grad-SAM equals its definition, computed with gradients of all weights of the last block."""

import pytest
import torch
from gradient_cases import CLASS, TARGETS, B, N, T, clips, model_of
from tiny import SCHEMES
from torch import Tensor

from timesformer.explain.gradsam import gradsam
from timesformer.explain.relevance import relevance
from timesformer.kernels.prepare import prepare
from timesformer.models.timesformer import TimesformerForVideoClassification


def dense(model: TimesformerForVideoClassification, target: Tensor | None, sign: int) -> Tensor:
    """Return Grad-SAM (B, T, N) from all weights of the last block and their gradients."""
    *_, last = model.timesformer.trace(clips(), return_weights=True)
    logits = model.classify(last)
    score = logits.amax(-1) if target is None else logits @ target.double()
    assert last.space_observed is not None
    (gradients,) = torch.autograd.grad(score.sum(), last.space_observed)
    weighted = (sign * gradients * last.space_observed.detach()).relu().mean(1)  # (S, n, n)
    row = weighted[:, 0, 1:]
    if model.config.attention_type == "joint_space_time":  # frames vary fastest
        return row.reshape(B, N, T).transpose(1, 2)
    return row.reshape(B, T, N)


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_equals_its_definition(scheme: str, target: Tensor | None, negative: bool) -> None:
    model = model_of(scheme)
    found = gradsam(model, clips(), target=target, negative=negative)
    expected = dense(model, target, -1 if negative else 1)
    assert expected.std() > 1e-5
    torch.testing.assert_close(found.patches.double(), expected, atol=1e-8, rtol=1e-5)
    torch.testing.assert_close(found.logits, model(clips()).logits, atol=1e-10, rtol=0)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_grad_sam_of_one_block_is_relevance(scheme: str) -> None:
    """Time attention is switched off, because Grad-SAM covers space attention alone."""
    model = model_of(scheme)
    del model.timesformer.blocks[1:]
    (block,) = model.timesformer.blocks
    if scheme == SCHEMES[0]:
        block.time_output.weight.data.zero_()
    ours = gradsam(model, clips(), target=CLASS).patches
    theirs = relevance(model, clips(), target=CLASS).patches
    torch.testing.assert_close(ours, theirs, atol=1e-8, rtol=1e-5)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_prepared_model_has_the_same_heatmap(scheme: str) -> None:
    model, pixels = model_of(scheme).float(), clips().float()
    trainable = gradsam(model, pixels, target=CLASS)
    prepared = gradsam(prepare(model), pixels, target=CLASS)
    torch.testing.assert_close(prepared.patches, trainable.patches, atol=1e-6, rtol=1e-4)
    half = gradsam(model.bfloat16(), pixels.bfloat16(), target=CLASS).patches
    assert (half - prepared.patches).abs().mean() < 0.05 * prepared.patches.mean()
