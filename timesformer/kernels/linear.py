"""Frozen linear maps, multiplied as fast as a processor can."""

from collections.abc import Callable
from typing import Any, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .onednn import Packed, PackedInt8, packs


class PackedLinear(nn.Module):
    """A frozen linear map whose weights (K, D) lie in the order in which oneDNN multiplies them.

    Where oneDNN has no such order (on a GPU, in float16) the weights stay plain. With `int8` the
    map also holds them as whole numbers, for use without gradients. Tokens take gradients; weights
    do not.
    """

    bias: Tensor | None

    def __init__(self, weight: Tensor, bias: Tensor | None, *, int8: bool = False) -> None:
        super().__init__()
        self.out_features, self.in_features = weight.shape
        self.wants_int8 = int8
        self.register_buffer("bias", bias)
        self._pack(weight)

    def _pack(self, weight: Tensor) -> None:
        """Store the weights once: packed, or plain where oneDNN cannot multiply them."""
        packs_here = weight.device.type == "cpu" and packs(weight.dtype)
        self.packed = Packed(weight) if packs_here else None
        self.packed_int8 = PackedInt8(weight) if packs_here and self.wants_int8 else None
        self.plain = None if packs_here else weight

    @property
    def weight(self) -> Tensor:
        """The weights (K, D) in the order of torch; a copy, if they are packed."""
        if self.plain is not None:
            return self.plain
        assert self.packed is not None
        return self.packed.unpacked()

    @property
    def is_int8(self) -> bool:
        """True if products without gradients are of whole numbers."""
        return self.packed_int8 is not None

    def forward(
        self,
        tokens: Tensor,
        *,
        activation: nn.Module | None = None,
        residual: Tensor | None = None,
    ) -> Tensor:
        """Return the products (..., K) of tokens (..., D) with the bias.

        Then apply `activation` or add `residual` (..., K). Only one of them can be given.
        """
        assert activation is None or residual is None
        packed = None if torch.is_autocast_enabled("cpu") else self.packed
        if packed is not None and not torch.is_grad_enabled():
            return (self.packed_int8 or packed)(tokens, self.bias, activation, residual)
        products: Tensor
        if packed is None:
            products = F.linear(tokens, self.weight, self.bias)
        else:
            products = _Products.apply(tokens, self.bias, packed)
        if activation is not None:
            return activation(products)  # type: ignore[no-any-return]
        return products if residual is None else products + residual

    def _save_to_state_dict(self, state: dict[str, Any], prefix: str, keep_vars: bool) -> None:
        super()._save_to_state_dict(state, prefix, keep_vars)
        state[prefix + "weight"] = self.weight

    def _apply(self, function: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        weight = self.weight
        moved = function(weight)
        if moved is not weight:
            self._pack(moved)
        return super()._apply(function, recurse)

    def __getstate__(self) -> dict[str, Any]:
        # Packed weights can be neither copied nor pickled.
        return self.__dict__ | {"packed": None, "packed_int8": None, "plain": self.weight}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        assert self.plain is not None
        self._pack(self.plain)


class FusedLinear(PackedLinear):
    """Two successive linear maps as one; only the two maps themselves are saved."""

    def __init__(
        self, inner: nn.Linear, outer: nn.Linear, *, int8: bool, dtype: torch.dtype | None
    ) -> None:
        last = outer.weight.double()
        weight = last @ inner.weight.double()
        bias = last @ inner.bias.double() + outer.bias.double()
        dtype = dtype or outer.weight.dtype
        super().__init__(weight.to(dtype), bias.to(dtype), int8=int8)

    def _save_to_state_dict(self, *_: Any) -> None:
        pass


class _Products(torch.autograd.Function):
    """Products by packed weights; tokens alone take gradients."""

    @staticmethod
    def forward(ctx: Any, tokens: Tensor, bias: Tensor | None, packed: Packed) -> Tensor:
        ctx.packed = packed
        return packed(tokens, bias, None, None)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (gradient,) = gradients
        if torch.is_grad_enabled():  # gradients of gradients are requested
            return gradient @ ctx.packed.unpacked(), None, None
        return ctx.packed.backward(gradient), None, None
