"""Products with packed weights equal those of torch, within the error of their precision."""

import pickle
from copy import deepcopy

import pytest
import torch
from torch import Tensor, nn

from timesformer.kernels.linear import FusedLinear, PackedLinear
from timesformer.kernels.onednn import packs
from timesformer.models.blocks import ACTIVATIONS

CAN_PACK = packs(torch.float32)  # on this machine; the tests hold without it, too

needs_int8 = pytest.mark.skipif(
    not packs(torch.int8), reason="int8 products need a processor with VNNI instructions"
)


def pair(*, bias: bool = True, int8: bool = False) -> tuple[nn.Linear, PackedLinear]:
    """Return a linear map of 48 to 80 numbers, and the same one packed."""
    torch.manual_seed(0)
    plain = nn.Linear(48, 80, bias=bias).requires_grad_(False)
    return plain, PackedLinear(plain.weight, plain.bias, int8=int8)


def assert_near(ours: Tensor, theirs: Tensor, tolerance: float = 1e-5) -> None:
    torch.testing.assert_close(ours, theirs, atol=tolerance, rtol=0)


@torch.inference_mode()
@pytest.mark.parametrize("rows", [1, 7, 1569])
@pytest.mark.parametrize("bias", [True, False])
def test_packed_products_equal_plain_ones(rows: int, bias: bool) -> None:
    plain, packed = pair(bias=bias)
    tokens = torch.randn(2, rows, 48)
    assert_near(packed(tokens), plain(tokens))
    assert_near(packed(tokens[:, ::2]), plain(tokens[:, ::2]))


@torch.inference_mode()
@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_activation_and_residual_equal_plain_ones(name: str) -> None:
    plain, packed = pair()
    tokens, residual = 3 * torch.randn(2, 9, 48), torch.randn(2, 9, 80)
    activation = ACTIVATIONS[name]()
    assert_near(packed(tokens, activation=activation), activation(plain(tokens)))
    assert_near(packed(tokens, residual=residual), plain(tokens) + residual)


@torch.inference_mode()
def test_an_activation_without_a_kernel_is_called() -> None:
    class DoubleGelu(nn.GELU):
        def forward(self, products: Tensor) -> Tensor:
            return 2 * super().forward(products)

    plain, packed = pair()
    tokens = torch.randn(2, 9, 48)
    assert_near(packed(tokens, activation=DoubleGelu()), 2 * nn.GELU()(plain(tokens)))


@torch.inference_mode()
@pytest.mark.parametrize("activation", [None, nn.GELU()])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_within_its_rounding_error(
    dtype: torch.dtype, activation: nn.Module | None
) -> None:
    plain, packed = pair()
    tokens = torch.randn(2, 9, 48)
    exact = plain(tokens) if activation is None else activation(plain(tokens))
    found = packed.to(dtype)(tokens.to(dtype), activation=activation)
    assert found.dtype == dtype
    assert_near(found.float(), exact, tolerance=2**-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("bias", [True, False])
def test_packed_weights_are_saved_unchanged(dtype: torch.dtype, bias: bool) -> None:
    plain, packed = pair(bias=bias)
    expected, saved = plain.to(dtype).state_dict(), packed.to(dtype).state_dict()
    assert saved.keys() == expected.keys()
    assert all(torch.equal(saved[name], value) for name, value in expected.items())
    assert (packed.plain is None) == packs(dtype)  # weights are held once


@pytest.mark.parametrize("copied", [deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
@pytest.mark.parametrize("int8", [False, pytest.param(True, marks=needs_int8)])
def test_copies_are_packed_too(copied, int8: bool) -> None:
    _, packed = pair(int8=int8)
    tokens = torch.randn(3, 48)
    other = copied(packed)
    assert other.is_int8 == int8
    with torch.inference_mode():
        assert torch.equal(other(tokens), packed(tokens))


@torch.inference_mode()
def test_a_fused_layer_equals_both_layers_and_is_not_saved() -> None:
    inner, outer = nn.Linear(48, 48), nn.Linear(48, 48)
    fused = FusedLinear(inner, outer, int8=False, dtype=None)
    tokens = torch.randn(3, 48)
    assert_near(fused(tokens), outer(inner(tokens)))
    assert not fused.state_dict()
    assert not list(fused.parameters())


@pytest.mark.parametrize("name", [None, *ACTIVATIONS])
@pytest.mark.parametrize("int8", [False, pytest.param(True, marks=needs_int8)])
def test_gradients_of_tokens_are_those_of_plain_products(name: str | None, int8: bool) -> None:
    plain, packed = pair(int8=int8)
    activation = ACTIVATIONS[name]() if name else nn.Identity()
    tokens, residual = torch.randn(2, 9, 48), torch.randn(2, 9, 80)
    found = []
    for product in (
        lambda own: activation(plain(own)) if name else plain(own) + residual,
        lambda own: packed(own, activation=activation) if name else packed(own, residual=residual),
    ):
        own = tokens.clone().requires_grad_()
        result = product(own)
        (first,) = torch.autograd.grad((result**3).sum(), own, create_graph=True)
        (second,) = torch.autograd.grad((first**2).sum(), own)
        (once,) = torch.autograd.grad((product(own) ** 3).sum(), own)
        found.append((result, first, second, once))
    for ours, theirs in zip(*reversed(found), strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)


@torch.inference_mode()
def test_autocast_multiplies_in_half_precision() -> None:
    plain, packed = pair()
    tokens = torch.randn(3, 48)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert packed(tokens).dtype == plain(tokens).dtype == torch.bfloat16


def quantize(values: Tensor, steps: Tensor) -> Tensor:
    return (values / steps).round() * steps


def rounded_by_hand(plain: nn.Linear, tokens: Tensor) -> Tensor:
    """Return the products of weights and tokens rounded first, in double precision."""
    weight, values = plain.weight.double(), tokens.double()
    steps = weight.abs().amax(dim=1, keepdim=True) / 127
    span = values.max().clamp(min=0) - values.min().clamp(max=0)
    products = quantize(values, span / 254.9) @ quantize(weight, steps).T
    return products if plain.bias is None else products + plain.bias.double()


@needs_int8
@torch.inference_mode()
@pytest.mark.parametrize("rows", [1, 7, 1569])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shift", [-5.0, 0.0, 5.0])  # tokens below 0, around 0, above 0
def test_int8_products_are_those_of_rounded_values(rows: int, bias: bool, shift: float) -> None:
    plain, packed = pair(bias=bias, int8=True)
    tokens = torch.randn(2, rows, 48) + shift
    error = (packed(tokens) - rounded_by_hand(plain, tokens)).abs()
    assert error.median() < 1e-5
    assert error.max() < 0.02  # a token between two values may be rounded the other way
    assert (packed(tokens) - plain(tokens)).std() < 0.01 * plain(tokens).std() + 0.01
    uneven = tokens.transpose(0, 1)  # rows are not contiguous, as after attention
    assert_near(packed(uneven), packed(tokens).transpose(0, 1))


@needs_int8
@torch.inference_mode()
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_activation_and_residual_of_int8_products(dtype: torch.dtype) -> None:
    plain, packed = pair(int8=True)
    tokens = torch.randn(2, 9, 48).to(dtype)
    residual = torch.randn(9, 2, 80).to(dtype).transpose(0, 1)
    plain, packed = plain.to(dtype), packed.to(dtype)
    products, before = rounded_by_hand(plain, tokens), residual.clone()
    step = 1e-5 if dtype == torch.float32 else 2**-8
    for name, make in ACTIVATIONS.items():
        found = packed(tokens, activation=make())
        assert found.dtype == dtype, name
        assert (found - make()(products)).abs().median() < step
        assert_near(found.double(), make()(products), tolerance=0.02)
    found = packed(tokens, residual=residual).double()
    assert_near(found, products + residual.double(), tolerance=0.02)
    assert torch.equal(residual, before)


@needs_int8
@torch.inference_mode()
def test_int8_products_of_zeros_are_the_bias() -> None:
    plain, packed = pair(int8=True)
    assert plain.bias is not None
    assert_near(packed(torch.zeros(3, 48)), plain.bias.expand(3, -1))
    without = PackedLinear(torch.zeros(80, 48), plain.bias, int8=True)
    assert_near(without(torch.randn(3, 48)), plain.bias.expand(3, -1))


@needs_int8
@torch.inference_mode()
def test_int8_products_of_no_tokens_and_of_nan_and_infinity() -> None:
    _, packed = pair(int8=True)
    residual = torch.randn(2, 3, 80)
    assert packed(torch.empty(2, 0, 48)).shape == (2, 0, 80)
    for wrong in (torch.nan, torch.inf, -torch.inf):
        tokens = torch.randn(2, 3, 48)
        tokens[1, 2, 3] = wrong
        for found in (
            packed(tokens),
            packed(tokens, residual=residual),
            packed(tokens, activation=nn.GELU()),
        ):
            assert found.isnan().all()
