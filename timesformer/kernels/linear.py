"""Linear maps as fast as a processor does them, where nothing learns."""

from collections.abc import Callable
from typing import Any, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .onednn import Packed, PackedInt8, packs

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "gelu": nn.GELU,
    "gelu_new": lambda: nn.GELU(approximate="tanh"),
    "relu": nn.ReLU,
    "silu": nn.SiLU,
}


class Linear(nn.Linear):
    """A linear map; once folded, inference on a processor takes packed weights.

    They are packed at their first use, anew once they changed or are others, and are beside those
    that are saved and learn. Where those are frozen, gradients of tokens go back through packed
    ones, too, if these are not int8.
    """

    folded = False
    int8 = False  # whether they are packed as whole numbers
    packed: tuple[int, Packed] | None = None  # with the changes until then

    def forward(
        self, tokens: Tensor, *, then: nn.Module | None = None, plus: Tensor | None = None
    ) -> Tensor:
        """The products with the bias; the activation `then` of them, or the sum with `plus`."""
        assert then is None or plus is None
        fast = self.folded and _is_fast(tokens)
        if fast and not torch.is_grad_enabled():
            return self._packed()(tokens, self.bias, then, plus)
        if fast and not self.int8 and not learn(self):
            products: Tensor = _Products.apply(tokens, self.weight, self.bias, self._packed())
        else:
            products = F.linear(tokens, self.weight, self.bias)
        if then is not None:
            return then(products)  # type: ignore[no-any-return]
        return products if plus is None else products + plus

    def _packed(self) -> Packed:
        weight, packed = self.weight, self.packed
        until = changes(weight)
        if packed is None or packed[0] != until or not packed[1].plain.is_set_to(weight):
            pack = PackedInt8 if self.int8 else Packed
            packed = self.packed = (until, pack(weight.detach()))
        return packed[1]

    def fold(self, *, int8: bool = False) -> None:
        """Lets inference take packed weights, from now on those of the weights as they are."""
        self.folded, self.int8, self.packed = True, int8, None

    def unfold(self) -> None:
        """Goes back to the weights that learn, before they change."""
        self.folded, self.int8, self.packed = False, False, None

    def train(self, mode: bool = True) -> Self:
        if mode:
            self.unfold()
        return super().train(mode)

    def _load_from_state_dict(self, *inputs: Any) -> None:
        self.unfold()
        super()._load_from_state_dict(*inputs)

    def _apply(self, function: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        self.packed = None  # weights go elsewhere, or to another precision
        return super()._apply(function, recurse)

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"packed": None}  # for copies, which packed weights do not allow


class _Products(torch.autograd.Function):
    """Products by packed weights, of which the tokens alone take gradients."""

    @staticmethod
    def forward(
        ctx: Any, tokens: Tensor, weight: Tensor, bias: Tensor | None, packed: Packed
    ) -> Tensor:
        ctx.save_for_backward(weight)
        ctx.packed = packed
        return packed(tokens, bias, None, None)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (weight,), (gradient,) = ctx.saved_tensors, gradients
        twice = torch.is_grad_enabled()  # gradients of gradients are asked for
        back = gradient @ weight if twice else ctx.packed.back(gradient)
        return back, None, None, None


class Joined(Linear):
    """Two linear maps as one, which is neither saved nor learns."""

    @torch.inference_mode(False)  # as it may be made at an answer, and used where others learn
    @torch.no_grad()
    def __init__(self, inner: nn.Linear, outer: nn.Linear, *, int8: bool) -> None:
        nn.Module.__init__(self)
        self.of, self.until = _parameters_of(inner, outer), _changes_of(inner, outer)
        self.in_features, self.out_features = inner.in_features, outer.out_features
        last = outer.weight.double()
        weight = (last @ inner.weight.double()).to(outer.weight)
        bias = (last @ inner.bias.double() + outer.bias.double()).to(outer.bias)
        self.register_buffer("weight", weight, persistent=False)
        self.register_buffer("bias", bias, persistent=False)
        self.fold(int8=int8)

    def is_of(self, inner: nn.Linear, outer: nn.Linear) -> bool:
        """Whether it is what the two maps are together still, as far as changes are counted."""
        now = _parameters_of(inner, outer)
        same = all(one is other for one, other in zip(self.of, now, strict=True))
        return same and self.until == _changes_of(inner, outer)


def learn(*maps: nn.Linear) -> bool:
    """Whether gradients of any weight or bias are asked for."""
    return any(one is not None and one.requires_grad for one in _parameters_of(*maps))


def is_transformed() -> bool:
    """Whether functions of torch.func, or forward gradients, look at what is computed."""
    forward: int = torch.autograd.forward_ad._current_level
    return forward >= 0 or bool(torch._C._are_functorch_transforms_active())


def changes(tensor: Tensor) -> int:
    """How often a tensor was changed in place, as far as torch counts.

    It does not where `.data`, a fused optimizer or inference mode made the tensor or the change.
    """
    return 0 if tensor.is_inference() else tensor._version


def _changes_of(*maps: nn.Linear) -> list[int]:
    return [0 if tensor is None else changes(tensor) for tensor in _parameters_of(*maps)]


def _parameters_of(*maps: nn.Linear) -> list[Tensor | None]:
    return [tensor for one in maps for tensor in (one.weight, one.bias)]


def _is_fast(tokens: Tensor) -> bool:
    """Whether oneDNN takes these tokens: they are on a processor, in a precision that it knows."""
    return (
        tokens.device.type == "cpu"
        and packs(tokens.dtype)
        and not torch.is_autocast_enabled("cpu")
        and not torch.compiler.is_compiling()
        and not is_transformed()
    )
