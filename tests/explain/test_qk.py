"""Queries and keys give the very weights that the model used."""

import pytest
import torch
from tiny import SCHEMES, random_pixels, tiny_config, tiny_model
from torch import Tensor

from timesformer.explain import numbers_of_a_block, queries_and_keys
from timesformer.models import attention

T, (h, w) = 3, (4, 5)  # another clip than the model was made for
N = h * w
KINDS = {
    "divided_space_time": {"time": (N, T), "space": (T, 1 + N)},
    "joint_space_time": {"joint": (1, 1 + N * T)},
    "space_only": {"space": (T, 1 + N)},
}


def pixels() -> Tensor:
    return random_pixels(1, T, 3, 8 * h, 8 * w)


def weights_of(found: dict[str, Tensor], kind: str) -> Tensor:
    q, k = (found[f"{kind}.{what}"] for what in ("queries", "keys"))
    return (q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5).softmax(-1)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_their_softmax_is_the_attention_of_the_model(scheme: str) -> None:
    model = tiny_model(scheme)
    found = queries_and_keys(model.timesformer, pixels())
    with torch.no_grad():
        output = model(pixels(), output_attentions=True)
    theirs = {
        "time": output.temporal_attentions,
        "space": output.attentions,
        "joint": output.attentions,
    }
    assert {name.split(".")[0] for name in found} == set(KINDS[scheme])
    for kind, (S, n) in KINDS[scheme].items():
        assert found[f"{kind}.queries"].shape == (2, S, 4, n, 8)
        torch.testing.assert_close(weights_of(found, kind), torch.stack(theirs[kind]))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_some_sequences_at_a_time_are_the_same(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = tiny_model(scheme).timesformer
    whole = queries_and_keys(encoder, pixels())
    monkeypatch.setattr(attention, "MAX_WEIGHTS", 1)
    for name, tensor in queries_and_keys(encoder, pixels()).items():
        torch.testing.assert_close(tensor, whole[name])


def test_some_blocks_are_those_blocks() -> None:
    encoder = tiny_model().timesformer
    everything = queries_and_keys(encoder, pixels())
    for name, tensor in queries_and_keys(encoder, pixels(), blocks=[1, 0]).items():
        torch.testing.assert_close(tensor, everything[name].flip(0))
    for name, tensor in queries_and_keys(encoder, pixels(), blocks=[0]).items():
        torch.testing.assert_close(tensor, everything[name][:1])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_how_many_numbers_there_are_is_known_before(scheme: str) -> None:
    found = queries_and_keys(tiny_model(scheme).timesformer, pixels())
    numbers = numbers_of_a_block(tiny_config(scheme), num_frames=T, num_places=N)
    assert sum(tensor.numel() for tensor in found.values()) == 2 * numbers


@pytest.mark.parametrize("blocks", [[], [2], [-1]])
def test_blocks_that_there_are_not_are_refused(blocks: list[int]) -> None:
    with pytest.raises(ValueError, match="choose from 0 to 1"):
        queries_and_keys(tiny_model().timesformer, pixels(), blocks=blocks)


def test_one_clip_at_a_time() -> None:
    with pytest.raises(ValueError, match="2 clips"):
        queries_and_keys(tiny_model().timesformer, pixels().repeat(2, 1, 1, 1, 1))
