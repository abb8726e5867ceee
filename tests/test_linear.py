"""Packed weights: the same answers, of the weights as they are now."""

from copy import deepcopy

import pytest
import torch
from torch import Tensor, nn

from timesformer.linear import ACTIVATIONS, Joined, Linear, _packs

ABLE = _packs(torch.float32)  # whether this machine packs at all; elsewhere the laws hold, too


def maps(inner: int = 48, outer: int = 80, *, bias: bool = True) -> tuple[Linear, Linear]:
    """The same linear map twice, the second one folded."""
    torch.manual_seed(0)
    plain = Linear(inner, outer, bias=bias)
    folded = deepcopy(plain)
    folded.fold()
    return plain, folded


def assert_near(ours: Tensor, theirs: Tensor, tolerance: float = 1e-5) -> None:
    torch.testing.assert_close(ours, theirs, atol=tolerance, rtol=0)


@torch.inference_mode()
@pytest.mark.parametrize("rows", [1, 7, 1569])
@pytest.mark.parametrize("bias", [True, False])
def test_packed_products_are_the_same(rows: int, bias: bool) -> None:
    plain, folded = maps(bias=bias)
    tokens = torch.randn(2, rows, 48)
    assert_near(folded(tokens), plain(tokens))
    assert_near(folded(tokens[:, ::2]), plain(tokens[:, ::2]))
    assert (folded.packed is not None) == ABLE
    assert plain.packed is None


@torch.inference_mode()
@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_what_follows_is_the_same(name: str) -> None:
    plain, folded = maps()
    tokens, more = 3 * torch.randn(2, 9, 48), torch.randn(2, 9, 80)
    activation = ACTIVATIONS[name]()
    assert_near(folded(tokens, then=activation), activation(plain(tokens)))
    assert_near(plain(tokens, then=activation), activation(plain(tokens)))
    assert_near(folded(tokens, plus=more), plain(tokens) + more)
    assert_near(plain(tokens, plus=more), plain(tokens) + more)


@torch.inference_mode()
def test_an_activation_of_one_s_own_follows_too() -> None:
    class Louder(nn.GELU):
        def forward(self, products: Tensor) -> Tensor:
            return 2 * super().forward(products)

    plain, folded = maps()
    tokens = torch.randn(2, 9, 48)
    assert_near(folded(tokens, then=Louder()), 2 * plain(tokens, then=nn.GELU()))


@torch.inference_mode()
@pytest.mark.parametrize("then", [None, nn.GELU()])
def test_bfloat16_is_as_near_as_its_steps(then: nn.Module | None) -> None:
    plain, folded = maps()
    tokens = torch.randn(2, 9, 48)
    exact = plain(tokens, then=then)
    folded(tokens)
    near = folded.to(torch.bfloat16)(tokens.bfloat16(), then=then)
    assert near.dtype == torch.bfloat16
    assert_near(near.float(), exact, tolerance=2**-6)


def test_a_copy_packs_for_itself() -> None:
    plain, folded = maps()
    tokens = torch.randn(3, 48)
    with torch.inference_mode():
        folded(tokens)
        other = deepcopy(folded)
        assert other.packed is None
        assert_near(other(tokens), plain(tokens))


def test_weights_that_change_are_never_answered_by_packed_ones() -> None:
    plain, folded = maps()
    tokens, other = torch.randn(3, 48), Linear(48, 80)
    with torch.inference_mode():
        folded(tokens)
    folded.load_state_dict(other.state_dict())
    with torch.inference_mode():
        assert_near(folded(tokens), other(tokens))
        folded.fold()
        folded(tokens)
    folded.train().weight.data.copy_(plain.weight)
    folded.bias.data.copy_(plain.bias)
    with torch.inference_mode():
        assert_near(folded.eval()(tokens), plain(tokens))


@pytest.mark.parametrize("optimizer", [torch.optim.SGD, torch.optim.AdamW, torch.optim.Muon])
def test_what_an_optimizer_changed_is_packed_anew(optimizer: type) -> None:
    plain, folded = maps()
    tokens = torch.randn(3, 48)
    with torch.inference_mode():
        folded(tokens)
    for one in (plain, folded):
        (one(tokens) ** 2).sum().backward()
        optimizer([one.weight], lr=0.1).step()
    with torch.inference_mode():
        assert_near(folded(tokens), plain(tokens))


def test_folded_maps_give_gradients() -> None:
    _, folded = maps()
    tokens = torch.randn(3, 48, requires_grad=True)
    folded(tokens, then=nn.GELU()).sum().backward()
    assert folded.packed is None
    assert tokens.grad is not None
    assert folded.weight.grad is not None


@torch.inference_mode()
def test_two_maps_joined_are_one_that_is_not_saved() -> None:
    inner, outer = Linear(48, 48), Linear(48, 48)
    joined = Joined(inner, outer)
    tokens = torch.randn(3, 48)
    assert_near(joined(tokens), outer(inner(tokens)))
    assert not joined.state_dict()
    assert not list(joined.parameters())
