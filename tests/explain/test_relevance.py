"""Relevance equals its definition, computed with dense matrices and all gradients at once."""

import pytest
import torch
from tiny import SCHEMES, random_pixels, randomized
from torch import Tensor

from timesformer.explain import backward
from timesformer.explain.relevance import relevance
from timesformer.kernels.prepare import prepare
from timesformer.models.attention import Attention
from timesformer.models.config import TimesformerConfig
from timesformer.models.timesformer import TimesformerForVideoClassification

B, T, (h, w), HEADS = 2, 3, (2, 3), 2
N = h * w
n = 1 + T * N  # tokens: cls, then the patches of one frame after the other


def model_of(scheme: str) -> TimesformerForVideoClassification:
    torch.manual_seed(0)
    config = TimesformerConfig(
        image_size=(16, 24), patch_size=8, num_frames=T, hidden_size=16, num_hidden_layers=3,
        num_attention_heads=HEADS, intermediate_size=24, attention_type=scheme, num_labels=4,
    )  # fmt: skip
    return randomized(TimesformerForVideoClassification(config)).double()


def clips() -> Tensor:
    return random_pixels(B, T, 3, 8 * h, 8 * w).double()


def groups(scheme: str, kind: str) -> list[list[int]]:
    """Return the sequences of tokens (0 to n - 1) that attend to each other."""
    if kind == "joint":
        return [list(range(n))]
    if kind == "time":
        return [[1 + t * N + p for t in range(T)] for p in range(N)]
    return [[0, *range(1 + t * N, 1 + t * N + N)] for t in range(T)]


class Dense:
    """A forward pass with dense attention matrices of all n tokens of a clip."""

    def __init__(self) -> None:
        self.matrices: list[Tensor] = []  # (B, HEADS, n, n) in order of use

    def attend(self, attention: Attention, tokens: Tensor, sequences: list[list[int]]) -> Tensor:
        q, k, v = attention.qkv(tokens).unflatten(-1, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)
        scores = (q @ k.mT) / q.shape[-1] ** 0.5  # (B, HEADS, n, n)
        matrix = torch.zeros_like(scores)
        for sequence in sequences:
            index = torch.tensor(sequence)
            whole = torch.zeros_like(scores)
            whole[:, :, index[:, None], index] = scores[:, :, index[:, None], index].softmax(-1)
            if sequence[0] == 0:  # cls is in every frame; the frames are averaged
                whole[:, :, 0] = whole[:, :, 0] / len(sequences)
            matrix = matrix + whole
        self.matrices.append(matrix)
        return attention.output((matrix @ v).transpose(1, 2).flatten(2))

    def logits(self, model: TimesformerForVideoClassification, pixels: Tensor) -> Tensor:
        encoder, scheme = model.timesformer, model.config.attention_type
        state = encoder.embed(pixels)
        tokens = torch.cat([state.cls[:, None], state.patches.flatten(1, 2)], dim=1)
        for block in encoder.blocks:
            if scheme == "divided_space_time":
                mixed = self.attend(
                    block.time_attention, block.time_norm(tokens), groups(scheme, "time")
                )
                moved = block.time_output(mixed)[:, 1:]
                tokens = torch.cat([tokens[:, :1], tokens[:, 1:] + moved], dim=1)
            kind = "joint" if scheme == "joint_space_time" else "space"
            mixed = self.attend(
                block.space_attention, block.space_norm(tokens), groups(scheme, kind)
            )
            tokens = tokens + mixed
            tokens = tokens + block.mlp(block.mlp_norm(tokens))
        return model.classifier(encoder.norm(tokens[:, 0]))


def dense_relevance(model, pixels: Tensor, score, sign: int) -> Tensor:
    """Return the row of cls of R, by rules 5 and 6, as (B, T, N)."""
    dense = Dense()
    gradients = torch.autograd.grad(score(dense.logits(model, pixels)).sum(), dense.matrices)
    R = torch.eye(n, dtype=torch.float64).expand(B, n, n)
    for matrix, gradient in zip(dense.matrices, gradients, strict=True):
        R = R + (sign * gradient * matrix).clamp(min=0).mean(1) @ R
    return R[:, 0, 1:].unflatten(1, (T, N)).detach()


CLASS = torch.tensor([0.0, 1, 0, 0])
CASES = {
    "a class": (CLASS, lambda logits: logits[:, 1]),
    "one rather than another": (
        torch.tensor([-1.0, 0, 1, 0]),
        lambda logits: logits[:, 2] - logits[:, 0],
    ),
    "the most likely": (None, lambda logits: logits.amax(-1)),
}


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize(("target", "score"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("scheme", SCHEMES[:2])
def test_equals_the_dense_definition(scheme: str, target, score, negative: bool) -> None:
    """Absolute numbers are compared: counting the 1/T of the shared cls twice would rescale."""
    model, pixels = model_of(scheme), clips()
    assert torch.allclose(Dense().logits(model, pixels), model(pixels).logits, atol=1e-10)
    found = relevance(model, pixels, target=target, negative=negative)
    expected = dense_relevance(model, pixels, score, -1 if negative else 1)
    assert expected.std() > 1e-4
    torch.testing.assert_close(found.patches.double(), expected, atol=1e-7, rtol=1e-4)
    torch.testing.assert_close(found.logits, model(pixels).logits, atol=1e-10, rtol=0)


def test_time_attention_exceeds_the_tolerance() -> None:
    """Otherwise the comparison above would not notice an error in time attention."""
    model, pixels = model_of(SCHEMES[0]), clips()
    dense = Dense()
    logits = dense.logits(model, pixels)
    gradients = torch.autograd.grad(logits[:, 1].sum(), dense.matrices)
    R = torch.eye(n, dtype=torch.float64).expand(B, n, n)
    of_space = list(zip(dense.matrices, gradients, strict=True))[1::2]
    for matrix, gradient in of_space:
        R = R + (gradient * matrix).clamp(min=0).mean(1) @ R
    without = R[:, 0, 1:].unflatten(1, (T, N))
    whole = relevance(model, pixels, target=CLASS).patches
    assert ((whole - without).abs() > 100 * (1e-7 + 1e-4 * whole)).any()


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float16, 0.02), (torch.bfloat16, 0.15)])
def test_half_precision_is_close(dtype: torch.dtype, tolerance: float) -> None:
    model, pixels = model_of(SCHEMES[0]), clips()
    exact = relevance(model, pixels, target=CLASS).patches
    half = relevance(model.to(dtype), pixels.to(dtype), target=CLASS).patches
    assert (half - exact).abs().mean() < tolerance * exact.mean()


def test_space_only_is_the_relevance_of_each_frame() -> None:
    """The model is then an image model whose cls tokens are averaged over frames."""
    model, pixels = model_of("space_only"), clips()
    found = relevance(model, pixels, target=CLASS)
    states = list(model.timesformer.trace(pixels, return_weights=True))
    weights = [state.space_observed for state in states[1:]]
    gradients = torch.autograd.grad(model.classify(states[-1])[:, 1].sum(), weights)
    R = torch.eye(1 + N, dtype=torch.float64).expand(B * T, -1, -1)
    for matrix, gradient in zip(weights, gradients, strict=True):
        R = R + (gradient * matrix).clamp(min=0).mean(1) @ R
    expected = R[:, 0, 1:].unflatten(0, (B, T)).detach()
    torch.testing.assert_close(found.patches.double(), expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_groups_of_blocks_and_sequences_change_nothing(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, pixels = model_of(scheme), clips()
    together = relevance(model, pixels, target=CLASS)
    monkeypatch.setattr("timesformer.models.attention.MAX_WEIGHTS", 1)
    for blocks in (1, 2):
        monkeypatch.setattr(backward, "MAX_NUMBERS", blocks * B * T * N * 16)
        in_groups = relevance(model, pixels, target=CLASS)
        torch.testing.assert_close(in_groups.patches, together.patches, atol=1e-7, rtol=1e-6)
        torch.testing.assert_close(in_groups.logits, together.logits, atol=1e-12, rtol=0)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_empty_target_has_no_relevance(scheme: str) -> None:
    found = relevance(model_of(scheme), clips(), target=torch.zeros(4))
    assert not found.patches.any()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_single_frame_has_relevance(scheme: str) -> None:
    pixels = clips()[:, :1]
    found = relevance(model_of(scheme), pixels, target=CLASS)
    assert found.patches.shape == (B, 1, N)
    assert found.patches.std() > 0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_prepared_model_has_the_same_relevance(scheme: str) -> None:
    """Gradients pass through packed weights."""
    model, pixels = model_of(scheme).float(), clips().float()
    trainable = relevance(model, pixels, target=CLASS)
    prepared = relevance(prepare(model), pixels, target=CLASS)
    torch.testing.assert_close(prepared.patches, trainable.patches, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(prepared.logits, trainable.logits, atol=1e-5, rtol=0)
