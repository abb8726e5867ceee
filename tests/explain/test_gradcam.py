"""Grad-CAM equals its definition, by a hook on the last block's norm and its gradients."""

import pytest
import torch
from gradient_cases import CLASS, TARGETS, B, N, T, clips, model_of
from tiny import SCHEMES
from torch import Tensor

from timesformer.explain.gradcam import gradcam
from timesformer.models.timesformer import TimesformerForVideoClassification


def hooked(model: TimesformerForVideoClassification, target: Tensor | None, sign: int) -> Tensor:
    """(B, T, N) from the tokens as they leave the norm, found by a hook."""
    seen: list[Tensor] = []
    norm = model.timesformer.blocks[-1].space_norm
    handle = norm.register_forward_hook(lambda _, __, output: seen.append(output))
    logits = model(clips()).logits
    handle.remove()
    score = logits.amax(-1) if target is None else logits @ target.double()
    (gradients,) = torch.autograd.grad(score.sum(), seen)
    tokens, gradients = (by_frame(model, values) for values in (seen[0].detach(), gradients))
    weights = gradients.mean((1, 2))
    return (sign * torch.einsum("bd,btnd->btn", weights, tokens)).relu()


def by_frame(model: TimesformerForVideoClassification, tokens: Tensor) -> Tensor:
    """(B, T, N, D) of the tokens without cls."""
    if model.config.attention_type == "joint_space_time":  # the frames of a place together
        return tokens[:, 1:].reshape(B, N, T, -1).transpose(1, 2)
    return tokens[:, 1:].reshape(B, T, N, -1)


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_equals_its_definition(scheme: str, target: Tensor | None, negative: bool) -> None:
    model = model_of(scheme)
    found = gradcam(model, clips(), target=target, negative=negative)
    expected = hooked(model, target, -1 if negative else 1)
    assert expected.std() > 1e-4
    torch.testing.assert_close(found.patches.double(), expected, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(found.logits, model(clips()).logits, atol=1e-10, rtol=0)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_clips_of_a_batch_do_not_touch_each_other(scheme: str) -> None:
    model = model_of(scheme)
    both = gradcam(model, clips(), target=CLASS).patches
    alone = gradcam(model, clips()[1:], target=CLASS).patches
    torch.testing.assert_close(both[1:], alone, atol=1e-6, rtol=1e-6)


def test_nothing_is_left_on_the_model() -> None:
    model = model_of(SCHEMES[0])
    gradcam(model, clips(), target=CLASS)
    assert all(parameter.grad is None for parameter in model.parameters())
