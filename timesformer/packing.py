"""Weights in the order, and the precision, in which a processor multiplies them fastest.

oneDNN wants weights in an order of its own, and computes what follows a product, an activation or
an addition, while its numbers are at hand. torch.compile makes the same calls, after a minute.
"""

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
        self.weight = torch.ops.mkldnn._reorder_linear_weight(weight, ROWS)

    @cached_property
    def back(self) -> "Packed":
        """The map (D, K) by which gradients go back."""
        return Packed(self.plain.T.contiguous())

    def __call__(
        self, tokens: Tensor, bias: Tensor | None, then: nn.Module | None, plus: Tensor | None
    ) -> Tensor:
        """The products (..., K) of tokens (..., D) with the bias, and what follows them."""
        onednn, result = torch.ops.mkldnn, None
        if plus is not None:
            result = onednn._linear_pointwise.binary(tokens, plus, self.weight, bias, "add")
        elif then is None or type(then) not in KNOWN:
            result = onednn._linear_pointwise(tokens, self.weight, bias, "none", [], "")
            result = result if then is None else then(result)
        else:
            result = onednn._linear_pointwise(tokens, self.weight, bias, *_known(then))
        return result  # type: ignore[no-any-return]


class PackedInt8:
    """The weights (K, D) of a linear map rounded to 255 whole numbers, one scale for each of K.

    Tokens are rounded to 256 as they come, one scale for all that come together: dynamic
    quantization. So an answer depends a little on what is answered beside it.
    """

    def __init__(self, weight: Tensor) -> None:
        self.scales = weight.float().abs().amax(dim=1).clamp(min=LEAST) / 127
        whole = (weight.float() / self.scales[:, None]).round().to(torch.int8)
        self.weight = torch.ops.onednn.qlinear_prepack(whole, None)
        self.zeros = torch.zeros(len(whole), dtype=torch.int32)

    def __call__(
        self, tokens: Tensor, bias: Tensor | None, then: nn.Module | None, plus: Tensor | None
    ) -> Tensor:
        """The products (..., K) of tokens (..., D) with the bias, and what follows them."""
        onednn, result = torch.ops.onednn, None
        bias = None if bias is None else bias.float()
        inputs = (*_rounded(tokens), self.weight, self.scales, self.zeros)
        kind = (1.0, 0, tokens.dtype)  # of the result: not rounded
        if plus is not None:
            result = onednn.qlinear_pointwise.binary(
                *inputs, plus.contiguous(), bias, *kind, 1.0, 0, "add", 1.0, "none", [], ""
            )
        elif then is None or type(then) not in KNOWN:
            result = onednn.qlinear_pointwise(*inputs, bias, *kind, "none", [], "")
            result = result if then is None else then(result)
        else:
            result = onednn.qlinear_pointwise(*inputs, bias, *kind, *_known(then))
        return result  # type: ignore[no-any-return]


def _known(then: nn.Module) -> tuple[str, list[Any], str]:
    return KNOWN[type(then)], [], getattr(then, "approximate", "")


def _rounded(tokens: Tensor) -> tuple[Tensor, float, int]:
    """Tokens as whole numbers of 0 to 255, the step between them, and the one that stands for 0."""
    lowest, highest = (float(end) for end in torch.aminmax(tokens))
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
