"""Grad-CAM equals its definition, computed with a hook on the norm of the last block."""

import pytest
import torch
from gradient_cases import TARGETS, B, N, T, clips, model_of
from tiny import SCHEMES
from torch import Tensor

from timesformer.explain.gradcam import gradcam
from timesformer.models.timesformer import TimesformerForVideoClassification


def hooked(model: TimesformerForVideoClassification, target: Tensor | None, sign: int) -> Tensor:
    """Return Grad-CAM (B, T, N) of the output of the norm, captured by a hook."""
    outputs: list[Tensor] = []
    norm = model.timesformer.blocks[-1].space_norm
    handle = norm.register_forward_hook(lambda _, __, output: outputs.append(output))
    logits = model(clips()).logits
    handle.remove()
    score = logits.amax(-1) if target is None else logits @ target.double()
    (gradients,) = torch.autograd.grad(score.sum(), outputs)
    tokens, gradients = (by_frame(model, values) for values in (outputs[0].detach(), gradients))
    weights = gradients.mean((1, 2))
    return (sign * torch.einsum("bd,btnd->btn", weights, tokens)).relu()


def by_frame(model: TimesformerForVideoClassification, tokens: Tensor) -> Tensor:
    """Return the tokens without cls, (B, T, N, D)."""
    if model.config.attention_type == "joint_space_time":  # frames vary fastest
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
