"""Weights in the order, and the precision, in which a processor multiplies them fastest.

oneDNN wants weights in an order of its own, and computes what follows a product, an activation or
an addition, while its numbers are at hand. torch.compile makes the same calls, after a minute.
"""

import math
import platform
from functools import cache, cached_property
from typing import Any

import torch
from torch import Tensor, nn

# That weights are put in order for. Of 256 to 1024 rows' order 1568 rows of 768 take 16 to 17 ms in
# bfloat16, of one row's or 4096 rows' 20 to 22, as unpacked; in float32 40 ms of any, 48 unpacked
# (one core of an AMD EPYC, the machine not idle; torch 2.13).
ROWS = 1024

KNOWN: dict[type, str] = {nn.GELU: "gelu", nn.ReLU: "relu", nn.SiLU: "swish"}  # to oneDNN
LEAST = 1e-12  # of a range, where all that there is to round is 0
STEPS = 254.9  # between 256 whole numbers, a tenth less so that no rounding leads out of them


class Packed:
    """The weights (K, D) of a linear map as they are, in another order."""

    def __init__(self, weight: Tensor) -> None:
        self.plain = weight
        self.weight = self._ordered(weight)

    def __call__(
        self, tokens: Tensor, bias: Tensor | None, then: nn.Module | None, plus: Tensor | None
    ) -> Tensor:
        """The products (..., K) of tokens (..., D) with the bias, and what follows them."""
        if plus is not None:
            return self._sum(tokens, bias, plus)
        if type(then) in KNOWN:
            kind = getattr(then, "approximate", "")
            return self._products(tokens, bias, KNOWN[type(then)], kind)
        products = self._products(tokens, bias)
        return products if then is None else then(products)

    @staticmethod
    def _ordered(weight: Tensor) -> Tensor:
        ordered: Tensor = torch.ops.mkldnn._reorder_linear_weight(weight, ROWS)
        return ordered

    def _sum(self, tokens: Tensor, bias: Tensor | None, plus: Tensor) -> Tensor:
        pointwise = torch.ops.mkldnn._linear_pointwise
        result: Tensor = pointwise.binary(tokens, plus, self.weight, bias, "add")
        return result

    def _products(
        self, tokens: Tensor, bias: Tensor | None, then: str = "none", kind: str = ""
    ) -> Tensor:
        pointwise = torch.ops.mkldnn._linear_pointwise
        result: Tensor = pointwise(tokens, self.weight, bias, then, [], kind)
        return result

    def back(self, gradients: Tensor) -> Tensor:
        """The gradients (..., D) of tokens, from those of their products (..., K)."""
        pointwise = torch.ops.mkldnn._linear_pointwise
        result: Tensor = pointwise(gradients, self._transposed, None, "none", [], "")
        return result

    @cached_property
    def _transposed(self) -> Tensor:
        return self._ordered(self.plain.T.contiguous())


class PackedInt8(Packed):
    """The weights (K, D) of a linear map rounded to 255 whole numbers, one scale for each of K.

    Tokens are rounded to 256 as they come, one scale for all that come together: dynamic
    quantization. So an answer depends a little on what is answered beside it, and where one token
    is no finite number, no product is.
    """

    def __init__(self, weight: Tensor) -> None:
        self.plain = weight
        self.scales = weight.float().abs().amax(dim=1).clamp(min=LEAST) / 127
        whole = (weight.float() / self.scales[:, None]).round().to(torch.int8)
        self.weight = torch.ops.onednn.qlinear_prepack(whole, None)
        self.zeros = torch.zeros(len(whole), dtype=torch.int32)

    def _sum(self, tokens: Tensor, bias: Tensor | None, plus: Tensor) -> Tensor:
        rounded = _rounded(tokens)
        if rounded is None:
            return self._unknown(tokens) + plus
        pointwise, added = torch.ops.onednn.qlinear_pointwise, plus.contiguous()
        result: Tensor = pointwise.binary(
            *rounded, self.weight, self.scales, self.zeros, added, *self._rest(tokens, bias),
            1.0, 0, "add", 1.0, "none", [], "",
        )  # fmt: skip
        return result

    def _products(
        self, tokens: Tensor, bias: Tensor | None, then: str = "none", kind: str = ""
    ) -> Tensor:
        rounded = _rounded(tokens)
        if rounded is None:
            return self._unknown(tokens)
        result: Tensor = torch.ops.onednn.qlinear_pointwise(
            *rounded, self.weight, self.scales, self.zeros, *self._rest(tokens, bias),
            then, [], kind,
        )  # fmt: skip
        return result

    def _rest(self, tokens: Tensor, bias: Tensor | None) -> tuple[Any, ...]:
        """The bias, and of the result that it is not rounded, and its dtype."""
        return None if bias is None else bias.float(), 1.0, 0, tokens.dtype

    def _unknown(self, tokens: Tensor) -> Tensor:
        return tokens.new_full((*tokens.shape[:-1], len(self.scales)), torch.nan)


def _rounded(tokens: Tensor) -> tuple[Tensor, float, int] | None:
    """Tokens as whole numbers of 0 to 255, the step between them, and the one that stands for 0.

    None where there are no tokens, or not all are finite numbers.
    """
    if not tokens.numel():
        return None
    lowest, highest = (float(end) for end in torch.aminmax(tokens))
    if not math.isfinite(highest - lowest):
        return None
    lowest, highest = min(lowest, 0.0), max(highest, 0.0)
    step = max(highest - lowest, LEAST) / STEPS
    zero = round(-lowest / step)
    half = torch.tensor(zero + 0.5)  # for what is cut off of the rest
    whole = torch.add(half, tokens.float(), alpha=1 / step).to(torch.uint8)
    return whole.contiguous(), step, zero


@cache
def packs(dtype: torch.dtype) -> bool:
    """Whether oneDNN computes in this precision here; ARM has another library under it."""
    if platform.machine() not in ("x86_64", "AMD64") or not torch.backends.mkldnn.is_available():
        return False
    if dtype == torch.bfloat16:
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    if dtype == torch.int8:  # without these instructions sums overflow
        has = capabilities()
        return has.get("avx512_vnni", False) or has.get("avx_vnni", False)
    return dtype == torch.float32


def capabilities() -> dict[str, bool]:
    """What this processor has, by the names of torch; nothing is known of it before torch 2.11."""
    found: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
    return found
