"""Occlusion equals masking one cell after another by hand."""

import pytest
import torch
from tiny import SCHEMES, random_pixels, tiny_model
from torch import Tensor

from timesformer.explain import target as scores
from timesformer.explain.occlusion import occlusion
from timesformer.models.timesformer import TimesformerForVideoClassification

B, T, (h, w) = 2, 3, (2, 3)
CELL = (2, 1, 2)  # leaves a smaller last cell along each axis
CLASS = torch.tensor([0.0, 1, 0, 0, 0])


def clips() -> Tensor:
    return random_pixels(B, T, 3, 8 * h, 8 * w)


@torch.no_grad()
def by_hand(model: TimesformerForVideoClassification, target: Tensor, sign: int) -> Tensor:
    pixels = clips()
    expected = torch.zeros(B, T, h, w)
    unmasked = model(pixels).logits
    for t in (0, 2):
        for y in range(h):
            for x in (0, 2):
                masked = pixels.clone()
                for clip in masked:
                    colour = clip.mean((0, 2, 3))
                    for frame in clip[t : t + 2]:
                        frame[:, 8 * y : 8 * y + 8, 8 * x : 8 * x + 16] = colour[:, None, None]
                drop = ((unmasked - model(masked).logits) * target).sum(-1)
                expected[:, t : t + 2, y, x : x + 2] = (sign * drop)[:, None, None]
    return expected.clamp(min=0).flatten(2)


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_equals_masking_by_hand(scheme: str, negative: bool) -> None:
    model = tiny_model(scheme)
    found = occlusion(model, clips(), target=CLASS, negative=negative, cell=CELL)
    expected = by_hand(model, CLASS, -1 if negative else 1)
    assert expected.std() > 1e-3
    torch.testing.assert_close(found.patches, expected, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(found.logits, model(clips()).logits)


def test_the_default_target_is_the_most_likely_class_of_the_unmasked_clip() -> None:
    model = tiny_model()
    most_likely = model(clips()).logits.argmax(-1)
    assert most_likely[0] != most_likely[1]
    target = torch.nn.functional.one_hot(most_likely, 5).float()
    found = occlusion(model, clips(), cell=CELL).patches
    torch.testing.assert_close(found, occlusion(model, clips(), target=target, cell=CELL).patches)


def test_progress_counts_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    reports: list[tuple[int, int | None]] = []
    monkeypatch.setattr(scores, "MAX_TOKENS", 4 * B * T * h * w)  # four cells of both clips
    occlusion(tiny_model(), clips(), cell=CELL, on_progress=lambda *now: reports.append(now))
    assert reports == [(4, 8), (8, 8)]
