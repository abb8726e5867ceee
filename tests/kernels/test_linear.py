"""Packed weights: the same answers, of the weights as they are now."""

from copy import deepcopy

import pytest
import torch
from torch import Tensor, nn
from torch.autograd import forward_ad

from timesformer.kernels.linear import ACTIVATIONS, Joined, Linear
from timesformer.kernels.onednn import packs

ABLE = packs(torch.float32)  # whether this machine packs at all; elsewhere the laws hold, too

int8_alone = pytest.mark.skipif(
    not packs(torch.int8), reason="int8 products ask for a processor with VNNI instructions"
)


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
    joined = Joined(inner, outer, int8=False)
    tokens = torch.randn(3, 48)
    assert_near(joined(tokens), outer(inner(tokens)))
    assert not joined.state_dict()
    assert not list(joined.parameters())


def whole_numbers(values: Tensor, steps: Tensor) -> Tensor:
    return (values / steps).round() * steps


def rounded_by_hand(plain: Linear, tokens: Tensor) -> Tensor:
    """The products of weights and tokens that were rounded first, in double precision."""
    weight, values = plain.weight.double(), tokens.double()
    steps = weight.abs().amax(dim=1, keepdim=True) / 127
    span = values.max().clamp(min=0) - values.min().clamp(max=0)
    products = whole_numbers(values, span / 254.9) @ whole_numbers(weight, steps).T
    return products if plain.bias is None else products + plain.bias.double()


@int8_alone
@torch.inference_mode()
@pytest.mark.parametrize("rows", [1, 7, 1569])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shift", [-5.0, 0.0, 5.0])  # of tokens all below 0, around it, all above
def test_int8_products_are_those_of_rounded_numbers(rows: int, bias: bool, shift: float) -> None:
    plain, folded = maps(bias=bias)
    folded.fold(int8=True)
    tokens = torch.randn(2, rows, 48) + shift
    error = (folded(tokens) - rounded_by_hand(plain, tokens)).abs()
    assert error.median() < 1e-5
    assert error.max() < 0.02  # where a token lies between two numbers: a step of it, once or twice
    assert (folded(tokens) - plain(tokens)).std() < 0.01 * plain(tokens).std() + 0.01
    uneven = tokens.transpose(0, 1)  # as heads leave them: not one row after the other
    assert_near(folded(uneven), folded(tokens).transpose(0, 1))


@int8_alone
@torch.inference_mode()
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_what_follows_int8_products_is_the_same(dtype: torch.dtype) -> None:
    plain, folded = maps()
    folded.fold(int8=True)
    tokens, more = torch.randn(2, 9, 48).to(dtype), torch.randn(9, 2, 80).to(dtype).transpose(0, 1)
    plain, folded = plain.to(dtype), folded.to(dtype)
    products, before = rounded_by_hand(plain, tokens), more.clone()
    step = 1e-5 if dtype == torch.float32 else 2**-8
    for name, make in ACTIVATIONS.items():
        found = folded(tokens, then=make())
        assert found.dtype == dtype, name
        assert (found - make()(products)).abs().median() < step
        assert_near(found.double(), make()(products), tolerance=0.02)
    assert_near(folded(tokens, plus=more).double(), products + more.double(), tolerance=0.02)
    assert torch.equal(more, before)


@int8_alone
@torch.inference_mode()
def test_int8_products_of_nothing_are_the_bias() -> None:
    plain, folded = maps()
    folded.fold(int8=True)
    assert plain.bias is not None
    assert_near(folded(torch.zeros(3, 48)), plain.bias.expand(3, -1))
    folded.weight.zero_()
    folded.fold(int8=True)
    assert_near(folded(torch.randn(3, 48)), plain.bias.expand(3, -1))


@int8_alone
def test_int8_products_are_of_weights_as_they_are() -> None:
    """Gradients are of the weights themselves, and other weights are never answered by them."""
    plain, folded = maps()
    folded.fold(int8=True)
    tokens, other = torch.randn(3, 48), Linear(48, 80)
    with torch.inference_mode():
        folded(tokens)
    for one in (plain, folded):
        one(tokens).sum().backward()
    assert plain.weight.grad is not None
    assert folded.weight.grad is not None
    assert_near(folded.weight.grad, plain.weight.grad)
    folded.load_state_dict(other.state_dict())
    assert not folded.int8
    with torch.inference_mode():
        assert_near(folded(tokens), other(tokens))


@pytest.mark.parametrize("name", [None, *ACTIVATIONS])
def test_tokens_of_frozen_maps_take_gradients_by_packed_weights(name: str | None) -> None:
    plain, folded = maps()
    folded.requires_grad_(False)
    then = ACTIVATIONS[name]() if name else None
    tokens, more = torch.randn(2, 9, 48), torch.randn(2, 9, 80)
    found = []
    for one in (plain, folded):
        own = tokens.clone().requires_grad_()
        made = one(own, then=then) if then else one(own, plus=more)
        (rising,) = torch.autograd.grad((made**3).sum(), own, create_graph=True)
        (again,) = torch.autograd.grad((rising**2).sum(), own)
        (once,) = torch.autograd.grad((one(own, then=then) ** 3).sum(), own)
        found.append((made, rising, again, once))
    assert (folded.packed is not None) == ABLE
    for ours, theirs in zip(*reversed(found), strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("learning", ["weight", "bias"])
def test_whatever_learns_takes_gradients(learning: str) -> None:
    plain, folded = maps()
    tokens, found = torch.randn(3, 48), []
    for one in (plain, folded):
        one.requires_grad_(False)
        one.get_parameter(learning).requires_grad_(True)
        (one(tokens) ** 2).sum().backward()
        found.append(one.get_parameter(learning).grad)
    assert_near(found[1], found[0], tolerance=1e-4)


@pytest.mark.parametrize("answering", [torch.no_grad, torch.enable_grad])
def test_other_weights_in_their_place_are_answered_by(answering: type) -> None:
    _, folded = maps()
    folded.requires_grad_(False)
    tokens, nothing = torch.randn(3, 48), torch.zeros(80, 48)
    with answering():
        folded(tokens)
        put = {"weight": nothing, "bias": torch.zeros(80)}
        assert not torch.func.functional_call(folded, put, (tokens,)).any()
        folded.weight, folded.bias = nn.Parameter(nothing, requires_grad=False), None
        assert not folded(tokens).any()
        square = Linear(48, 48, bias=False).requires_grad_(False)
        square.fold()
        before = square(tokens)
        square.weight = nn.Parameter(square.weight.mT, requires_grad=False)
        assert (square(tokens) - before).abs().max() > 0.1


# torch itself still uses it where gradients go forward
@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")
def test_transforms_of_functions_take_folded_maps() -> None:
    plain, folded = maps()
    folded.requires_grad_(False)
    tokens = torch.randn(3, 48)
    for transform in (torch.func.jacrev, torch.vmap):
        assert_near(transform(folded)(tokens), transform(plain)(tokens))
    for one in (folded, plain.requires_grad_(False)):
        with torch.no_grad(), forward_ad.dual_level():
            made = one(forward_ad.make_dual(tokens, torch.ones_like(tokens)))
            assert_near(forward_ad.unpack_dual(made).tangent, plain.weight.sum(1).expand(3, -1))


@int8_alone
@torch.inference_mode()
def test_int8_products_of_no_tokens_and_of_no_numbers() -> None:
    _, folded = maps()
    folded.fold(int8=True)
    more = torch.randn(2, 3, 80)
    assert folded(torch.empty(2, 0, 48)).shape == (2, 0, 80)
    for wrong in (torch.nan, torch.inf, -torch.inf):
        tokens = torch.randn(2, 3, 48)
        tokens[1, 2, 3] = wrong
        for found in (folded(tokens), folded(tokens, plus=more), folded(tokens, then=nn.GELU())):
            assert found.isnan().all()
