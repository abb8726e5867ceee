"""Rollout equals the product of dense block matrices, and its flow sums to 1."""

from collections.abc import Callable

import pytest
import torch
from tiny import SCHEMES, random_pixels
from torch import Tensor

from timesformer.explain import (
    BlockAttention,
    Flow,
    PatchIndex,
    fuse_heads,
    rollout_flow,
    rollout_flows,
    space_flow,
    time_flow,
    trace_attention,
)
from timesformer.models import attention
from timesformer.models.config import TimesformerConfig
from timesformer.models.timesformer import TimesformerForVideoClassification

B, T, (h, w) = 2, 5, (2, 3)
N = h * w
PATCHES = (None, PatchIndex(0, 0), PatchIndex(3, 4))


def model_of(scheme: str) -> TimesformerForVideoClassification:
    """Return a random model, for clips of 5 frames and a grid of 2 x 3."""
    torch.manual_seed(0)
    config = TimesformerConfig(
        image_size=(16, 24),
        patch_size=8,
        num_frames=4,
        hidden_size=16,
        num_hidden_layers=4,
        num_attention_heads=2,
        intermediate_size=16,
        attention_type=scheme,
    )
    random = TimesformerForVideoClassification(config).eval()
    for parameter in random.parameters():
        parameter.data += torch.randn_like(parameter) * 0.5
    return random


@torch.no_grad()
def blocks_of(scheme: str, **options: object) -> list[BlockAttention]:
    """Return the attention of all blocks of a random model, with fused heads."""
    return trace_attention(model_of(scheme).timesformer, pixels(), **options)[1]


def pixels() -> Tensor:
    return random_pixels(B, T, 3, 8 * h, 8 * w)


def index(frame: int, position: int) -> int:
    return 1 + position * T + frame


def dense_matrix(block: BlockAttention, clip: int) -> Tensor:
    """Return the dense (1+N*T)^2 matrix of one block of one clip, divided or joint."""
    size = 1 + N * T
    same = torch.eye(size, dtype=torch.float64)
    if block.joint is not None:
        return with_residual(same, block.joint[clip].double(), residual_of(block, clip))
    space = torch.zeros(size, size, dtype=torch.float64)
    for t in range(T):
        tokens = [0, *(index(t, p) for p in range(N))]
        weights = block.space[clip, t].double()
        space[0, tokens] += weights[0] / T
        for p in range(N):
            space[index(t, p), tokens] = weights[1 + p]
    time = torch.zeros(size, size, dtype=torch.float64)
    time[0, 0] = 1
    for p in range(N):
        tokens = [index(t, p) for t in range(T)]
        time[torch.tensor(tokens)[:, None], tokens] = block.time[clip, p].double()
    residual, of_time = residual_of(block, clip), block.residual.time
    if isinstance(of_time, Tensor):
        of_time = torch.cat([torch.ones(1), of_time[clip].T.flatten()]).double()
    return with_residual(same, space, residual) @ with_residual(same, time, of_time)


def residual_of(block: BlockAttention, clip: int) -> Tensor | float:
    """Return the residual share of each of the 1 + N*T tokens in space (or joint) attention."""
    if not isinstance(block.residual.patches, Tensor):
        return block.residual.patches
    patches = block.residual.patches[clip].T.flatten()
    return torch.cat([block.residual.cls[clip, None], patches]).double()


def with_residual(same: Tensor, weights: Tensor, residual: Tensor | float) -> Tensor:
    share = residual[:, None] if isinstance(residual, Tensor) else residual
    return share * same + (1 - share) * weights


def dense_flow(blocks: list[BlockAttention], clip: int, patch: PatchIndex | None) -> Tensor:
    product = torch.eye(1 + N * T, dtype=torch.float64)
    for block in blocks:
        product = dense_matrix(block, clip) @ product
    return product[0 if patch is None else index(*patch)]


def as_row(flow: Flow, clip: int) -> Tensor:
    patches = flow.patches[clip].T.flatten()
    return torch.cat([flow.cls[clip, None], patches]).double()


OPTIONS = ({}, {"heads": "max"}, {"heads": "min"}, {"heads": 1}, {"norm_aware": True})


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("patch", PATCHES)
@pytest.mark.parametrize("scheme", SCHEMES[:2])
def test_equals_the_dense_product(scheme: str, patch: PatchIndex | None, options: dict) -> None:
    blocks = blocks_of(scheme, **options)
    flow = rollout_flow(blocks, num_frames=T, patch=patch)
    for clip in range(B):
        torch.testing.assert_close(
            as_row(flow, clip), dense_flow(blocks, clip, patch), atol=1e-5, rtol=0
        )


@pytest.mark.parametrize("patch", PATCHES)
def test_space_only_equals_the_dense_product_of_each_frame(patch: PatchIndex | None) -> None:
    blocks = blocks_of("space_only")
    flow = rollout_flow(blocks, num_frames=T, patch=patch)
    for clip in range(B):
        cls = 0.0
        for t in range(T):
            product = torch.eye(1 + N, dtype=torch.float64)
            for block in blocks:
                half = (torch.eye(1 + N) + block.space[clip, t]).double() / 2
                product = half @ product
            own_frame = patch is not None and t == patch.frame
            row = product[0] / T if patch is None else product[1 + patch.position] * own_frame
            cls += row[0]
            ours = flow.patches[clip, t].double()
            torch.testing.assert_close(ours, row[1:], atol=1e-5, rtol=0)
        torch.testing.assert_close(flow.cls[clip].double(), cls, atol=1e-5, rtol=0)


def last_space(blocks: list[BlockAttention], **options: object) -> Flow:
    return space_flow(blocks[-1], **options)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("method", [rollout_flow, last_space])
@pytest.mark.parametrize("patch", PATCHES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_flow_sums_to_one(
    scheme: str, patch: PatchIndex | None, method: Callable[..., Flow], options: dict
) -> None:
    flow = method(blocks_of(scheme, **options), num_frames=T, patch=patch)
    assert (flow.patches >= 0).all()
    total = flow.patches.sum((1, 2)) + flow.cls
    torch.testing.assert_close(total, torch.ones(B), atol=1e-5, rtol=0)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("patch", PATCHES)
def test_space_flow_is_a_row_of_its_block(scheme: str, patch: PatchIndex | None) -> None:
    blocks = blocks_of(scheme)
    flow = space_flow(blocks[-1], num_frames=T, patch=patch)
    expected = torch.zeros(B, T, N)
    if scheme == "joint_space_time":
        row = blocks[-1].joint[:, 0 if patch is None else index(*patch), 1:]
        expected = row.unflatten(1, (N, T)).transpose(1, 2)
    elif patch is None:
        expected = blocks[-1].space[:, :, 0, 1:] / T
    else:
        expected[:, patch.frame] = blocks[-1].space[:, patch.frame, 1 + patch.position, 1:]
    torch.testing.assert_close(flow.patches, expected, atol=1e-6, rtol=0)


def test_time_flow_is_a_row_of_its_block() -> None:
    block = blocks_of(SCHEMES[0])[1]
    flow = time_flow(block, num_frames=T, patch=PatchIndex(3, 4))
    expected = torch.zeros(B, T, N)
    expected[:, :, 4] = block.time[:, 4, 3]
    torch.testing.assert_close(flow.patches, expected, atol=1e-6, rtol=0)
    assert not flow.cls.any()


def test_time_flow_without_a_patch_is_the_mean_over_patches() -> None:
    block = blocks_of(SCHEMES[0])[1]
    mean = time_flow(block, num_frames=T)
    indices = [PatchIndex(frame, position) for frame in range(T) for position in range(N)]
    flows = [time_flow(block, num_frames=T, patch=patch).patches for patch in indices]
    torch.testing.assert_close(mean.patches, torch.stack(flows).mean(0), atol=1e-6, rtol=0)


@pytest.mark.parametrize("scheme", SCHEMES[1:])
def test_only_divided_attention_has_time_flow(scheme: str) -> None:
    with pytest.raises(ValueError, match="only divided"):
        time_flow(blocks_of(scheme)[0], num_frames=T)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_tracing_changes_no_logits(scheme: str) -> None:
    classifier = model_of(scheme)
    with torch.no_grad():
        state, blocks = trace_attention(classifier.timesformer, pixels(), norm_aware=True)
        expected = classifier(pixels()).logits
    assert len(blocks) == 4
    torch.testing.assert_close(classifier.classify(state), expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("heads", ["mean", "min", 1])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_batches_of_sequences_change_nothing(
    scheme: str, heads: str | int, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = blocks_of(scheme, heads=heads, norm_aware=True)
    monkeypatch.setattr(attention, "MAX_WEIGHTS", 3 * 2 * (1 + N) ** 2)  # three frames of two heads
    in_parts = blocks_of(scheme, heads=heads, norm_aware=True)
    for first, second in zip(together, in_parts, strict=True):
        for name in ("time", "space", "joint"):
            ours, theirs = getattr(first, name), getattr(second, name)
            assert (ours is None) == (theirs is None)
            if ours is not None:
                torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=1e-5)
        for ours, theirs in zip(first.residual, second.residual, strict=True):
            torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("scheme", SCHEMES)
def test_norm_aware_residual_flow_by_hand(scheme: str) -> None:
    encoder = model_of(scheme).timesformer
    before, block = encoder.embed(pixels()), encoder.blocks[0]
    residual = trace_attention(encoder, pixels(), norm_aware=True)[1][0].residual
    after_time = block.attend_time(before)
    after = block.attend_space(after_time, block.norm_tokens(after_time))
    steps = [
        (before.patches, after_time.patches),
        (after_time.patches, after.patches),
        (after_time.cls, after.cls),
    ]
    for share, (old, new) in zip(residual, steps, strict=True):
        norms = old.norm(dim=-1), (new - old).norm(dim=-1)
        torch.testing.assert_close(share, norms[0] / sum(norms), atol=1e-5, rtol=1e-5)
    has_no_time = scheme != SCHEMES[0]
    assert bool((residual.time == 1).all()) == has_no_time


@pytest.mark.parametrize("heads", [2, -1, "median"])
def test_unknown_heads_are_refused(heads: object) -> None:
    with pytest.raises(ValueError, match="mean, max, min or a number from 0 to 1"):
        blocks_of(SCHEMES[0], heads=heads)


@torch.no_grad()
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_mean_of_single_heads_is_the_mean(scheme: str) -> None:
    *_, state = model_of(scheme).timesformer.trace(pixels(), return_weights=True)
    each = [fuse_heads(state, heads=number) for number in range(2)]
    mean = fuse_heads(state)
    for name in ("time", "space", "joint"):
        if getattr(mean, name) is not None:
            one, other = (getattr(head, name) for head in each)
            assert not one.equal(other)
            torch.testing.assert_close((one + other) / 2, getattr(mean, name))


def test_the_share_on_an_object_is_of_the_patches_alone() -> None:
    flow = Flow(torch.tensor([[[0.1, 0.3]]]), torch.tensor([0.6]))
    assert flow.share_on(torch.tensor([[[0.0, 1.0]]])).item() == pytest.approx(0.75)
    assert flow.share_on(torch.full((1, 1, 2), 0.2)).item() == pytest.approx(0.2)


def test_uniform_attention_gives_a_uniform_flow() -> None:
    space = torch.full((B, T, 1 + N, 1 + N), 1 / (1 + N))
    time = torch.full((B, N, T, T), 1 / T)
    flow = rollout_flow([BlockAttention(time=time, space=space)] * 3, num_frames=T)
    patches = flow.patches
    torch.testing.assert_close(patches, patches.mean().expand_as(patches), atol=1e-6, rtol=0)


def test_time_attention_to_one_frame_moves_the_flow_there() -> None:
    space = torch.eye(1 + N).expand(B, T, -1, -1)
    time = torch.zeros(B, N, T, T)
    time[..., 2] = 1
    flow = rollout_flow(
        [BlockAttention(time=time, space=space)] * 30, num_frames=T, patch=PatchIndex(4, 1)
    )
    assert flow.patches[0, 2, 1] == pytest.approx(1.0, abs=1e-6)


@torch.no_grad()
@pytest.mark.parametrize("norm_aware", [False, True])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_cls_only_trace_has_the_same_flow(scheme: str, norm_aware: bool) -> None:
    encoder = model_of(scheme).timesformer
    (_, full), (_, cls_blocks) = (
        trace_attention(encoder, pixels(), norm_aware=norm_aware, cls_only=cls_only)
        for cls_only in (False, True)
    )
    for flow_of in (rollout_flow, lambda blocks, **of: space_flow(blocks[-1], **of)):
        for ours, theirs in zip(
            flow_of(cls_blocks, num_frames=T), flow_of(full, num_frames=T), strict=True
        ):
            torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("norm_aware", [False, True])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_flows_of_several_patches_equal_single_flows(scheme: str, norm_aware: bool) -> None:
    blocks = blocks_of(scheme, norm_aware=norm_aware)
    indices = [PatchIndex(3, position) for position in range(N)]
    found = rollout_flows(blocks, num_frames=T, patches=indices)
    assert (found.patches.shape, found.cls.shape) == ((N, B, T, N), (N, B))
    for position, patch in enumerate(indices):
        alone = rollout_flow(blocks, num_frames=T, patch=patch)
        torch.testing.assert_close(found.patches[position], alone.patches)
        torch.testing.assert_close(found.cls[position], alone.cls)
