"""Heat of motion equals its definition, and is nothing where nothing moves."""

import numpy as np
import pytest
import torch
from explicit_libra import tokens_and_gradients
from gradient_cases import CLASS, TARGETS, B, N, T, clips, model_of
from tiny import SCHEMES, random_pixels
from torch import Tensor

from timesformer import Clip, load
from timesformer.explain import Options, explain
from timesformer.explain import moved as module
from timesformer.explain.attention import attention
from timesformer.explain.libra import libra_pointed
from timesformer.explain.moved import moved
from timesformer.synthetic.clips import draw_clips

COMPARES_FRAMES = SCHEMES[:2]


def by_definition(scheme: str, pixels: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Return the heat of motion and of the still picture, (T, N) each, of one clip (1, T, ...)."""
    model = model_of(scheme)
    later = len(model.timesformer.blocks) // 2
    frames = range(pixels.shape[1])
    tokens, gradients = tokens_and_gradients(model, pixels, target, log_odds=True)
    motion, scenery = torch.zeros(len(frames), N).double(), torch.zeros(len(frames), N).double()
    for t in frames:
        still = pixels[:, t : t + 1].expand_as(pixels)
        still_tokens, still_gradients = tokens_and_gradients(model, still, target, log_odds=True)
        for block in range(later, len(tokens)):
            added = tokens[block][0, t] - still_tokens[block][0, t]
            motion[t] += (added * gradients[block][0, t]).sum(-1).clamp(min=0)
            share = (still_tokens[block] * still_gradients[block])[0, t].sum(-1)
            scenery[t] += share.clamp(min=0)
        scenery[t] *= attention(model, still).patches[0, t]
    motion *= attention(model, pixels).patches[0]
    return motion.sqrt(), scenery.sqrt()


@pytest.mark.parametrize("target", [CLASS, TARGETS["a contrast"]], ids=["a class", "a contrast"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_it_equals_its_definition(scheme: str, target: Tensor) -> None:
    """Up to a factor for all: `attention` is normalized in another way."""
    found = moved(model_of(scheme), clips(), target=target)
    assert found.patches.shape == found.moved.shape == (B, T, N)
    for clip in range(B):
        motion, scenery = by_definition(scheme, clips()[clip : clip + 1], target)
        heat, ours = motion + scenery, found.patches[clip]
        torch.testing.assert_close(ours / ours.sum(), heat / heat.sum(), atol=1e-9, rtol=1e-5)
        share = motion / heat.clamp(min=1e-300)
        torch.testing.assert_close(found.moved[clip], share, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_still_clip_has_no_heat_of_motion(scheme: str) -> None:
    """Its other heat is that of pointed Libra."""
    model, still = model_of(scheme), clips()[:, 1:2].expand(-1, T, -1, -1, -1)
    found = moved(model, still, target=CLASS)
    assert not found.moved.any()
    torch.testing.assert_close(
        found.patches, libra_pointed(model, still, target=CLASS).patches, atol=1e-9, rtol=1e-6
    )


def test_a_model_that_never_compares_frames_has_no_heat_of_motion() -> None:
    assert not moved(model_of("space_only"), clips()).moved.any()


@pytest.mark.parametrize("scheme", COMPARES_FRAMES)
def test_moving_pixels_have_heat_of_motion(scheme: str) -> None:
    found = moved(model_of(scheme), clips())
    assert found.moved.any(2).all()
    assert found.moved.max() <= 1


@pytest.mark.parametrize("scheme", COMPARES_FRAMES)
def test_frames_in_batches_change_nothing(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[int, int | None]] = []
    together = moved(model_of(scheme), clips(), target=CLASS)
    monkeypatch.setattr(module, "batch_size", lambda tokens: 1)
    one_by_one = moved(
        model_of(scheme), clips(), target=CLASS, on_progress=lambda *step: steps.append(step)
    )
    torch.testing.assert_close(one_by_one.patches, together.patches, atol=1e-10, rtol=1e-7)
    torch.testing.assert_close(one_by_one.moved, together.moved, atol=1e-10, rtol=1e-7)
    assert steps == [(done, B * T) for done in range(1, B * T + 1)]


def test_the_sharper_share_is_that_of_the_sharper_parts() -> None:
    """A hot patch counts more than a cold one."""
    model, pixels = model_of(SCHEMES[0]), random_pixels(1, T, 3, 16, 24).double()
    options = Options("moved", target=1, sharper=True)
    sharper = explain(model, pixels, options, labels=("a", "b", "c", "d"))
    assert sharper.moved.shape == sharper.patches.shape == (1, T, 4 * N)
    plain = explain(model, pixels, Options("moved", target=1), labels=("a", "b", "c", "d"))
    corner = sharper.motion[0, :, 0]  # of the first patch of the unshifted clip alone
    torch.testing.assert_close(corner, plain.motion[0, :, 0], atol=1e-9, rtol=1e-6)


def test_an_explanation_tells_the_share_of_motion() -> None:
    recognizer = load("motion")
    drawn = draw_clips(1, num_frames=8, size=112, seed=5).pixels[0].permute(0, 2, 3, 1)
    clip = Clip((drawn * 255).round().byte().numpy(), np.arange(8) / 4, 2.0)
    explanation = recognizer.explain(clip, method="moved")
    heat, motion = explanation.heatmaps, explanation.heatmaps * explanation.moved
    assert explanation.moved.shape == heat.shape
    assert explanation.moved_share == pytest.approx(motion.sum() / heat.sum())
    assert recognizer.explain(clip, method="attention").moved_share is None
