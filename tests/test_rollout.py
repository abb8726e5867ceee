"""Rollout equals the dense product of whole block matrices, and conserves what it shares out."""

from collections.abc import Callable

import pytest
import torch
from tiny import SCHEMES
from torch import Tensor

from timesformer.config import TimesformerConfig
from timesformer.explain import (
    BlockAttention,
    Query,
    Shares,
    average_heads,
    last_attention,
    rollout,
)
from timesformer.model import TimesformerForVideoClassification

B, T, (h, w) = 2, 5, (2, 3)
N = h * w
QUERIES = (None, Query(0, 0), Query(3, 4))


def blocks_of(scheme: str) -> list[BlockAttention]:
    """Head-averaged attention of a random model on clips of 5 frames and a grid of 2 x 3."""
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
    model = TimesformerForVideoClassification(config).eval()
    for parameter in model.parameters():
        parameter.data += torch.randn_like(parameter) * 0.5
    with torch.no_grad():
        states = list(
            model.timesformer.trace(torch.randn(B, T, 3, 8 * h, 8 * w), return_weights=True)
        )
    return [average_heads(state) for state in states[1:]]


def index(frame: int, place: int) -> int:
    return 1 + place * T + frame


def dense_matrix(block: BlockAttention, clip: int) -> Tensor:
    """The whole (1+N*T)^2 matrix of one block of one clip; divided and joint."""
    size = 1 + N * T
    same = torch.eye(size, dtype=torch.float64)
    if block.joint is not None:
        return (same + block.joint[clip].double()) / 2
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
        halves = (torch.eye(T, dtype=torch.float64) + block.time[clip, p].double()) / 2
        time[torch.tensor(places)[:, None], places] = halves
    return (same + space) / 2 @ time


def dense_shares(blocks: list[BlockAttention], clip: int, query: Query | None) -> Tensor:
    product = torch.eye(1 + N * T, dtype=torch.float64)
    for block in blocks:
        product = dense_matrix(block, clip) @ product
    return product[0 if query is None else index(*query)]


def as_row(shares: Shares, clip: int) -> Tensor:
    patches = shares.patches[clip].T.flatten()
    return torch.cat([shares.cls[clip, None], patches]).double()


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("scheme", SCHEMES[:2])
def test_equals_the_dense_product(scheme: str, query: Query | None) -> None:
    blocks = blocks_of(scheme)
    shares = rollout(blocks, num_frames=T, query=query)
    for clip in range(B):
        torch.testing.assert_close(
            as_row(shares, clip), dense_shares(blocks, clip, query), atol=1e-5, rtol=0
        )


@pytest.mark.parametrize("query", QUERIES)
def test_space_only_equals_the_dense_product_of_each_frame(query: Query | None) -> None:
    blocks = blocks_of("space_only")
    shares = rollout(blocks, num_frames=T, query=query)
    for clip in range(B):
        kept = 0.0
        for t in range(T):
            product = torch.eye(1 + N, dtype=torch.float64)
            for block in blocks:
                half = (torch.eye(1 + N) + block.space[clip, t]).double() / 2
                product = half @ product
            own_frame = query is not None and t == query.frame
            row = product[0] / T if query is None else product[1 + query.place] * own_frame
            kept += row[0]
            ours = shares.patches[clip, t].double()
            torch.testing.assert_close(ours, row[1:], atol=1e-5, rtol=0)
        torch.testing.assert_close(shares.cls[clip].double(), kept, atol=1e-5, rtol=0)


@pytest.mark.parametrize("method", [rollout, last_attention])
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_shares_sum_to_one(scheme: str, query: Query | None, method: Callable[..., Shares]) -> None:
    shares = method(blocks_of(scheme), num_frames=T, query=query)
    assert (shares.patches >= 0).all()
    total = shares.patches.sum((1, 2)) + shares.cls
    torch.testing.assert_close(total, torch.ones(B), atol=1e-5, rtol=0)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("query", QUERIES)
def test_last_attention_is_the_row_of_the_last_block(scheme: str, query: Query | None) -> None:
    blocks = blocks_of(scheme)
    shares = last_attention(blocks, num_frames=T, query=query)
    expected = torch.zeros(B, T, N)
    if scheme == "joint_space_time":
        row = blocks[-1].joint[:, 0 if query is None else index(*query), 1:]
        expected = row.unflatten(1, (N, T)).transpose(1, 2)
    elif query is None:
        expected = blocks[-1].space[:, :, 0, 1:] / T
    else:
        expected[:, query.frame] = blocks[-1].space[:, query.frame, 1 + query.place, 1:]
    torch.testing.assert_close(shares.patches, expected, atol=1e-6, rtol=0)


def test_the_part_inside_is_that_of_the_patches_alone() -> None:
    shares = Shares(torch.tensor([[[0.1, 0.3]]]), torch.tensor([0.6]))
    assert shares.inside(torch.tensor([[[0.0, 1.0]]])).item() == pytest.approx(0.75)
    assert shares.inside(torch.full((1, 1, 2), 0.2)).item() == pytest.approx(0.2)


def test_uniform_attention_gives_uniform_shares() -> None:
    space = torch.full((B, T, 1 + N, 1 + N), 1 / (1 + N))
    time = torch.full((B, N, T, T), 1 / T)
    shares = rollout([BlockAttention(time=time, space=space)] * 3, num_frames=T)
    patches = shares.patches
    torch.testing.assert_close(patches, patches.mean().expand_as(patches), atol=1e-6, rtol=0)


def test_time_attention_to_one_frame_moves_everything_there() -> None:
    space = torch.eye(1 + N).expand(B, T, -1, -1)
    time = torch.zeros(B, N, T, T)
    time[..., 2] = 1
    shares = rollout([BlockAttention(time=time, space=space)] * 30, num_frames=T, query=Query(4, 1))
    assert shares.patches[0, 2, 1] == pytest.approx(1.0, abs=1e-6)
