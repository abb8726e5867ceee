"""Weights in the order, and the precision, in which a processor multiplies them fastest.

oneDNN has its own order of weights. It also computes what follows a product, an activation or an
addition, while the product is in cache. torch.compile makes the same calls, after a minute.
"""

import math
import platform
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

# The number of rows that weights are ordered for. Ordered for 256 to 1024 rows, 1568 rows of 768
# take 16 to 17 ms in bfloat16; ordered for 1 or 4096 rows, or unordered, 20 to 22 ms. In float32,
# 40 ms in any order and 48 ms unordered (one core of a busy AMD EPYC; torch 2.13).
ROWS = 1024

ONEDNN_NAMES: dict[type, str] = {nn.GELU: "gelu", nn.ReLU: "relu", nn.SiLU: "swish"}
MIN_RANGE = 1e-12  # of values that are rounded, so that zeros are not divided by 0
STEPS = 254.9  # between 256 whole numbers; 0.1 less, so that rounding stays within them


class Packed:
    """The weights (K, D) of a linear map in oneDNN's order; their values are unchanged."""

    def __init__(self, weight: Tensor) -> None:
        self.weight = self._ordered(weight)

    def __call__(
        self,
        tokens: Tensor,
        bias: Tensor | None,
        activation: nn.Module | None,
        residual: Tensor | None,
    ) -> Tensor:
        """Return the products (..., K) of tokens (..., D) with the bias.

        Then add `residual` (..., K) or apply `activation`.
        """
        if residual is not None:
            return self._sum(tokens, bias, residual)
        if type(activation) in ONEDNN_NAMES:
            algorithm = getattr(activation, "approximate", "")
            return self._products(tokens, bias, ONEDNN_NAMES[type(activation)], algorithm)
        products = self._products(tokens, bias)
        return products if activation is None else activation(products)

    def unpacked(self) -> Tensor:
        """Return the weights (K, D) in the order of torch."""
        return self.weight.to_dense()

    def backward(self, gradients: Tensor) -> Tensor:
        """Return the gradients (..., D) of tokens, given the `gradients` (..., K) of products."""
        transposed = self._ordered(self.unpacked().T.contiguous())
        pointwise = torch.ops.mkldnn._linear_pointwise
        result: Tensor = pointwise(gradients, transposed, None, "none", [], "")
        return result

    @staticmethod
    def _ordered(weight: Tensor) -> Tensor:
        ordered: Tensor = torch.ops.mkldnn._reorder_linear_weight(weight, ROWS)
        return ordered

    def _sum(self, tokens: Tensor, bias: Tensor | None, residual: Tensor) -> Tensor:
        pointwise = torch.ops.mkldnn._linear_pointwise
        result: Tensor = pointwise.binary(tokens, residual, self.weight, bias, "add")
        return result

    def _products(
        self, tokens: Tensor, bias: Tensor | None, activation: str = "none", algorithm: str = ""
    ) -> Tensor:
        pointwise = torch.ops.mkldnn._linear_pointwise
        result: Tensor = pointwise(tokens, self.weight, bias, activation, [], algorithm)
        return result


class PackedInt8(Packed):
    """The weights (K, D) of a linear map rounded to 255 whole numbers, with a scale for each row.

    Tokens are rounded to 256 whole numbers at each call, with one scale for all of them: dynamic
    quantization. So an answer depends slightly on the other clips of its batch. If one token is not
    finite, no product is.
    """

    def __init__(self, weight: Tensor) -> None:
        self.scales = weight.float().abs().amax(dim=1).clamp(min=MIN_RANGE) / 127
        rounded = (weight.float() / self.scales[:, None]).round().to(torch.int8)
        self.weight = torch.ops.onednn.qlinear_prepack(rounded, None)
        self.zeros = torch.zeros_like(self.scales, dtype=torch.int32)

    def _sum(self, tokens: Tensor, bias: Tensor | None, residual: Tensor) -> Tensor:
        rounded = _rounded(tokens)
        if rounded is None:
            return self._not_a_number(tokens) + residual
        pointwise, added = torch.ops.onednn.qlinear_pointwise, residual.contiguous()
        result: Tensor = pointwise.binary(
            *rounded, self.weight, self.scales, self.zeros, added, *self._rest(tokens, bias),
            1.0, 0, "add", 1.0, "none", [], "",
        )  # fmt: skip
        return result

    def _products(
        self, tokens: Tensor, bias: Tensor | None, activation: str = "none", algorithm: str = ""
    ) -> Tensor:
        rounded = _rounded(tokens)
        if rounded is None:
            return self._not_a_number(tokens)
        result: Tensor = torch.ops.onednn.qlinear_pointwise(
            *rounded, self.weight, self.scales, self.zeros, *self._rest(tokens, bias),
            activation, [], algorithm,
        )  # fmt: skip
        return result

    def _rest(self, tokens: Tensor, bias: Tensor | None) -> tuple[Any, ...]:
        """Return the bias, then scale, zero point and dtype of a result that is not rounded."""
        return None if bias is None else bias.float(), 1.0, 0, tokens.dtype

    def _not_a_number(self, tokens: Tensor) -> Tensor:
        return tokens.new_full((*tokens.shape[:-1], self.scales.shape[0]), torch.nan)


def _rounded(tokens: Tensor) -> tuple[Tensor, float, int] | None:
    """Return tokens as whole numbers from 0 to 255, the step between them, and the zero point.

    None if there are no tokens, or if one is not finite.
    """
    if not tokens.numel():
        return None
    lowest, highest = (float(end) for end in torch.aminmax(tokens))
    if not math.isfinite(highest - lowest):
        return None
    lowest, highest = min(lowest, 0.0), max(highest, 0.0)
    step = max(highest - lowest, MIN_RANGE) / STEPS
    zero_point = round(-lowest / step)
    half = tokens.new_tensor(zero_point + 0.5, dtype=torch.float32)  # the cast to uint8 truncates
    rounded = torch.add(half, tokens.float(), alpha=1 / step).to(torch.uint8)
    return rounded.contiguous(), step, zero_point


@cache
def packs(dtype: torch.dtype) -> bool:
    """Return True if oneDNN multiplies in this precision on this processor.

    ARM processors are left out, because oneDNN calls another library there.
    """
    if platform.machine() not in ("x86_64", "AMD64") or not torch.backends.mkldnn.is_available():
        return False
    if dtype == torch.bfloat16:
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    if dtype == torch.int8:  # without these instructions sums overflow
        has = capabilities()
        return has.get("avx512_vnni", False) or has.get("avx_vnni", False)
    return dtype == torch.float32


def capabilities() -> dict[str, bool]:
    """Return the instructions that this processor has, by torch's names.

    The result is empty before torch 2.11.
    """
    flags: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
    return flags
