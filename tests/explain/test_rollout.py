"""Rollout equals the dense product of whole block matrices, and conserves what it shares out."""

from collections.abc import Callable

import pytest
import torch
from tiny import SCHEMES, random_pixels
from torch import Tensor

from timesformer.explain import (
    BlockAttention,
    Flow,
    PatchIndex,
    fused,
    rollout_flow,
    rollout_flows,
    space_flow,
    time_flow,
    watch,
)
from timesformer.models import attention
from timesformer.models.config import TimesformerConfig
from timesformer.models.timesformer import TimesformerForVideoClassification

B, T, (h, w) = 2, 5, (2, 3)
N = h * w
QUERIES = (None, PatchIndex(0, 0), PatchIndex(3, 4))


def model_of(scheme: str) -> TimesformerForVideoClassification:
    """A random model, to be shown clips of 5 frames and a grid of 2 x 3."""
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
    """The fused attention of all blocks of a random model."""
    return watch(model_of(scheme).timesformer, pixels(), **options)[1]


def pixels() -> Tensor:
    return random_pixels(B, T, 3, 8 * h, 8 * w)


def index(frame: int, place: int) -> int:
    return 1 + place * T + frame


def dense_matrix(block: BlockAttention, clip: int) -> Tensor:
    """The whole (1+N*T)^2 matrix of one block of one clip; divided and joint."""
    size = 1 + N * T
    same = torch.eye(size, dtype=torch.float64)
    if block.joint is not None:
        return mixed_with(same, block.joint[clip].double(), kept_of(block, clip))
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
        places = [index(t, p) for t in range(T)]
        time[torch.tensor(places)[:, None], places] = block.time[clip, p].double()
    kept, of_time = kept_of(block, clip), block.kept.time
    if isinstance(of_time, Tensor):
        of_time = torch.cat([torch.ones(1), of_time[clip].T.flatten()]).double()
    return mixed_with(same, space, kept) @ mixed_with(same, time, of_time)


def kept_of(block: BlockAttention, clip: int) -> Tensor | float:
    """What each of the 1 + N*T tokens keeps of itself in space (or joint) attention."""
    if not isinstance(block.kept.patches, Tensor):
        return block.kept.patches
    patches = block.kept.patches[clip].T.flatten()
    return torch.cat([block.kept.cls[clip, None], patches]).double()


def mixed_with(same: Tensor, weights: Tensor, kept: Tensor | float) -> Tensor:
    share = kept[:, None] if isinstance(kept, Tensor) else kept
    return share * same + (1 - share) * weights


def dense_shares(blocks: list[BlockAttention], clip: int, query: PatchIndex | None) -> Tensor:
    product = torch.eye(1 + N * T, dtype=torch.float64)
    for block in blocks:
        product = dense_matrix(block, clip) @ product
    return product[0 if query is None else index(*query)]


def as_row(shares: Flow, clip: int) -> Tensor:
    patches = shares.patches[clip].T.flatten()
    return torch.cat([shares.cls[clip, None], patches]).double()


OPTIONS = ({}, {"heads": "max"}, {"heads": "min"}, {"heads": 1}, {"norm_aware": True})


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("scheme", SCHEMES[:2])
def test_equals_the_dense_product(scheme: str, query: PatchIndex | None, options: dict) -> None:
    blocks = blocks_of(scheme, **options)
    shares = rollout_flow(blocks, num_frames=T, patch=query)
    for clip in range(B):
        torch.testing.assert_close(
            as_row(shares, clip), dense_shares(blocks, clip, query), atol=1e-5, rtol=0
        )


@pytest.mark.parametrize("query", QUERIES)
def test_space_only_equals_the_dense_product_of_each_frame(query: PatchIndex | None) -> None:
    blocks = blocks_of("space_only")
    shares = rollout_flow(blocks, num_frames=T, patch=query)
    for clip in range(B):
        kept = 0.0
        for t in range(T):
            product = torch.eye(1 + N, dtype=torch.float64)
            for block in blocks:
                half = (torch.eye(1 + N) + block.space[clip, t]).double() / 2
                product = half @ product
            own_frame = query is not None and t == query.frame
            row = product[0] / T if query is None else product[1 + query.position] * own_frame
            kept += row[0]
            ours = shares.patches[clip, t].double()
            torch.testing.assert_close(ours, row[1:], atol=1e-5, rtol=0)
        torch.testing.assert_close(shares.cls[clip].double(), kept, atol=1e-5, rtol=0)


def last_space(blocks: list[BlockAttention], **options: object) -> Flow:
    return space_flow(blocks[-1], **options)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("method", [rollout_flow, last_space])
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_shares_sum_to_one(
    scheme: str, query: PatchIndex | None, method: Callable[..., Flow], options: dict
) -> None:
    shares = method(blocks_of(scheme, **options), num_frames=T, patch=query)
    assert (shares.patches >= 0).all()
    total = shares.patches.sum((1, 2)) + shares.cls
    torch.testing.assert_close(total, torch.ones(B), atol=1e-5, rtol=0)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("query", QUERIES)
def test_space_attention_is_the_row_of_its_block(scheme: str, query: PatchIndex | None) -> None:
    blocks = blocks_of(scheme)
    shares = space_flow(blocks[-1], num_frames=T, patch=query)
    expected = torch.zeros(B, T, N)
    if scheme == "joint_space_time":
        row = blocks[-1].joint[:, 0 if query is None else index(*query), 1:]
        expected = row.unflatten(1, (N, T)).transpose(1, 2)
    elif query is None:
        expected = blocks[-1].space[:, :, 0, 1:] / T
    else:
        expected[:, query.frame] = blocks[-1].space[:, query.frame, 1 + query.position, 1:]
    torch.testing.assert_close(shares.patches, expected, atol=1e-6, rtol=0)


def test_time_attention_is_the_row_of_the_patch() -> None:
    block = blocks_of(SCHEMES[0])[1]
    shares = time_flow(block, num_frames=T, patch=PatchIndex(3, 4))
    expected = torch.zeros(B, T, N)
    expected[:, :, 4] = block.time[:, 4, 3]
    torch.testing.assert_close(shares.patches, expected, atol=1e-6, rtol=0)
    assert not shares.cls.any()


def test_time_attention_of_all_patches_is_the_mean_of_theirs() -> None:
    block = blocks_of(SCHEMES[0])[1]
    whole = time_flow(block, num_frames=T)
    queries = [PatchIndex(frame, place) for frame in range(T) for place in range(N)]
    each = [time_flow(block, num_frames=T, patch=query).patches for query in queries]
    torch.testing.assert_close(whole.patches, torch.stack(each).mean(0), atol=1e-6, rtol=0)


@pytest.mark.parametrize("scheme", SCHEMES[1:])
def test_only_divided_attention_has_time_attention(scheme: str) -> None:
    with pytest.raises(ValueError, match="only divided"):
        time_flow(blocks_of(scheme)[0], num_frames=T)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_watching_changes_no_answer(scheme: str) -> None:
    classifier = model_of(scheme)
    with torch.no_grad():
        state, blocks = watch(classifier.timesformer, pixels(), norm_aware=True)
        expected = classifier(pixels()).logits
    assert len(blocks) == 4
    torch.testing.assert_close(classifier.classify(state), expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("heads", ["mean", "min", 1])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_some_sequences_at_a_time_are_as_all_at_once(
    scheme: str, heads: str | int, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = blocks_of(scheme, heads=heads, norm_aware=True)
    monkeypatch.setattr(attention, "MAX_WEIGHTS", 3 * 2 * (1 + N) ** 2)  # three frames of two heads
    in_parts = blocks_of(scheme, heads=heads, norm_aware=True)
    for first, second in zip(at_once, in_parts, strict=True):
        for name in ("time", "space", "joint"):
            ours, theirs = getattr(first, name), getattr(second, name)
            assert (ours is None) == (theirs is None)
            if ours is not None:
                torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=1e-5)
        for ours, theirs in zip(first.kept, second.kept, strict=True):
            torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_kept_is_told_by_the_lengths_of_what_is_there_and_what_is_added(
    scheme: str,
) -> None:
    """By hand, for the first block: the states around its steps give both lengths."""
    encoder = model_of(scheme).timesformer
    before, block = encoder.embed(pixels()), encoder.blocks[0]
    kept = watch(encoder, pixels(), norm_aware=True)[1][0].kept
    moved = block.attend_time(before)
    mixed = block.attend_space(moved, block.norm_tokens(moved))
    steps = [
        (before.patches, moved.patches),
        (moved.patches, mixed.patches),
        (moved.cls, mixed.cls),
    ]
    for found, (old, new) in zip(kept, steps, strict=True):
        lengths = old.norm(dim=-1), (new - old).norm(dim=-1)
        torch.testing.assert_close(found, lengths[0] / sum(lengths), atol=1e-5, rtol=1e-5)
    nothing_added = scheme != SCHEMES[0]
    assert bool((kept.time == 1).all()) == nothing_added


@pytest.mark.parametrize("heads", [2, -1, "median"])
def test_heads_that_are_not_there_are_refused(heads: object) -> None:
    with pytest.raises(ValueError, match="mean, max, min or a number from 0 to 1"):
        blocks_of(SCHEMES[0], heads=heads)


@torch.no_grad()
@pytest.mark.parametrize("scheme", SCHEMES)
def test_one_head_is_that_head(scheme: str) -> None:
    """And the mean is the mean of all."""
    *_, state = model_of(scheme).timesformer.trace(pixels(), return_weights=True)
    each = [fused(state, heads=number) for number in range(2)]
    mean = fused(state)
    for name in ("time", "space", "joint"):
        if getattr(mean, name) is not None:
            one, other = (getattr(head, name) for head in each)
            assert not one.equal(other)
            torch.testing.assert_close((one + other) / 2, getattr(mean, name))


def test_the_part_inside_is_that_of_the_patches_alone() -> None:
    shares = Flow(torch.tensor([[[0.1, 0.3]]]), torch.tensor([0.6]))
    assert shares.share_on(torch.tensor([[[0.0, 1.0]]])).item() == pytest.approx(0.75)
    assert shares.share_on(torch.full((1, 1, 2), 0.2)).item() == pytest.approx(0.2)


def test_uniform_attention_gives_uniform_shares() -> None:
    space = torch.full((B, T, 1 + N, 1 + N), 1 / (1 + N))
    time = torch.full((B, N, T, T), 1 / T)
    shares = rollout_flow([BlockAttention(time=time, space=space)] * 3, num_frames=T)
    patches = shares.patches
    torch.testing.assert_close(patches, patches.mean().expand_as(patches), atol=1e-6, rtol=0)


def test_time_attention_to_one_frame_moves_everything_there() -> None:
    space = torch.eye(1 + N).expand(B, T, -1, -1)
    time = torch.zeros(B, N, T, T)
    time[..., 2] = 1
    shares = rollout_flow(
        [BlockAttention(time=time, space=space)] * 30, num_frames=T, patch=PatchIndex(4, 1)
    )
    assert shares.patches[0, 2, 1] == pytest.approx(1.0, abs=1e-6)


@torch.no_grad()
@pytest.mark.parametrize("norm_aware", [False, True])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_for_cls_only_the_last_block_draws_the_same(scheme: str, norm_aware: bool) -> None:
    encoder = model_of(scheme).timesformer
    (_, whole), (_, alone) = (
        watch(encoder, pixels(), norm_aware=norm_aware, cls_only=cls_only)
        for cls_only in (False, True)
    )
    for draw in (rollout_flow, lambda blocks, **of: space_flow(blocks[-1], **of)):
        for ours, theirs in zip(draw(alone, num_frames=T), draw(whole, num_frames=T), strict=True):
            torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("norm_aware", [False, True])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_several_patches_at_once_are_each_by_itself(scheme: str, norm_aware: bool) -> None:
    blocks = blocks_of(scheme, norm_aware=norm_aware)
    queries = [PatchIndex(3, place) for place in range(N)]
    found = rollout_flows(blocks, num_frames=T, patches=queries)
    assert (found.patches.shape, found.cls.shape) == ((N, B, T, N), (N, B))
    for place, query in enumerate(queries):
        alone = rollout_flow(blocks, num_frames=T, patch=query)
        torch.testing.assert_close(found.patches[place], alone.patches)
        torch.testing.assert_close(found.cls[place], alone.cls)
