"""Queries and keys give the attention weights that the model used."""

import pytest
import torch
from tiny import SCHEMES, random_pixels, tiny_config, tiny_model
from torch import Tensor

from timesformer.explain import numbers_per_block, queries_and_keys
from timesformer.models import attention

T, (h, w) = 3, (4, 5)  # another size than the model was trained on
N = h * w
KINDS = {
    "divided_space_time": {"time": (N, T), "space": (T, 1 + N)},
    "joint_space_time": {"joint": (1, 1 + N * T)},
    "space_only": {"space": (T, 1 + N)},
}


def pixels() -> Tensor:
    return random_pixels(1, T, 3, 8 * h, 8 * w)


def weights_of(found: dict[str, Tensor], kind: str) -> Tensor:
    q, k = (found[f"{kind}.{part}"] for part in ("queries", "keys"))
    return (q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5).softmax(-1)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_softmax_of_their_products_is_the_attention_of_the_model(scheme: str) -> None:
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
def test_batches_of_sequences_change_nothing(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = tiny_model(scheme).timesformer
    whole = queries_and_keys(encoder, pixels())
    monkeypatch.setattr(attention, "MAX_WEIGHTS", 1)
    for name, tensor in queries_and_keys(encoder, pixels()).items():
        torch.testing.assert_close(tensor, whole[name])


def test_blocks_can_be_selected() -> None:
    encoder = tiny_model().timesformer
    everything = queries_and_keys(encoder, pixels())
    for name, tensor in queries_and_keys(encoder, pixels(), blocks=[1, 0]).items():
        torch.testing.assert_close(tensor, everything[name].flip(0))
    for name, tensor in queries_and_keys(encoder, pixels(), blocks=[0]).items():
        torch.testing.assert_close(tensor, everything[name][:1])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_their_size_is_known_in_advance(scheme: str) -> None:
    found = queries_and_keys(tiny_model(scheme).timesformer, pixels())
    numbers = numbers_per_block(tiny_config(scheme), num_frames=T, num_patches=N)
    assert sum(tensor.numel() for tensor in found.values()) == 2 * numbers


@pytest.mark.parametrize("blocks", [[], [2], [-1]])
def test_unknown_blocks_are_refused(blocks: list[int]) -> None:
    with pytest.raises(ValueError, match="choose from 0 to 1"):
        queries_and_keys(tiny_model().timesformer, pixels(), blocks=blocks)


def test_more_than_one_clip_is_refused() -> None:
    with pytest.raises(ValueError, match="2 clips"):
        queries_and_keys(tiny_model().timesformer, pixels().repeat(2, 1, 1, 1, 1))
