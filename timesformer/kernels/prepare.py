"""A frozen, faster copy of a model for inference."""

import copy
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from ..models.attention import Attention
from ..models.blocks import Block, DividedBlock, DropPath, JointBlock, SpaceOnlyBlock
from .blocks import (
    FastBlock,
    FastDividedBlock,
    FastJointBlock,
    FastSpaceOnlyBlock,
    PairedAttentionCall,
)
from .linear import FusedLinear, PackedLinear
from .onednn import packs

FAST_BLOCKS: dict[type[Block], type[FastBlock]] = {
    DividedBlock: FastDividedBlock,
    JointBlock: FastJointBlock,
    SpaceOnlyBlock: FastSpaceOnlyBlock,
}

Model = TypeVar("Model", bound=nn.Module)
Copies = dict[int, Any]  # by the id of the original, as the memo of copy.deepcopy


@torch.inference_mode(False)
@torch.no_grad()
def prepare(model: Model, *, int8: bool = False, dtype: torch.dtype | None = None) -> Model:
    """Return a frozen copy of a model that gives the same answers with fewer and faster products.

    The copy shares no tensor with `model` and saves the same weights under the same names. Tokens
    take gradients; weights do not. `dtype` is the precision of the copy, by default the model's.
    With `int8`, products on a processor are of whole numbers if no gradients are computed, which
    changes answers slightly. Raises ValueError if the processor has no instructions for int8.
    """
    if int8 and not packs(torch.int8):
        raise ValueError("int8 is True, but this processor has no instructions for it (VNNI)")
    copies = _copy_weights(model, int8=int8, dtype=dtype)
    for block in model.modules():
        if isinstance(block, Block) and type(block) in FAST_BLOCKS:
            copies[id(block)] = _fast_block(block, copies, int8=int8, dtype=dtype)
    prepared = copy.deepcopy(model, copies).eval()
    for attention in prepared.modules():
        if isinstance(attention, Attention):
            attention.call_type, attention.weight_dropout = PairedAttentionCall, 0.0
    prepared.register_load_state_dict_pre_hook(_refuse_weights)
    return prepared


def is_int8(model: nn.Module) -> bool:
    """Return True if a model multiplies whole numbers: prepared with int8, on a processor."""
    return any(isinstance(module, PackedLinear) and module.is_int8 for module in model.modules())


def _copy_weights(model: nn.Module, *, int8: bool, dtype: torch.dtype | None) -> Copies:
    """Return packed copies of linear maps, and frozen copies of all other parameters.

    Dropout is replaced by the identity.
    """

    def copied(tensor: Tensor) -> Tensor:
        return tensor.detach().to(dtype or tensor.dtype, copy=True)

    divided = [block for block in model.modules() if isinstance(block, DividedBlock)]
    fused = {linear for block in divided for linear in _maps_after_time_attention(block)}
    copies: Copies = {}
    for module in model.modules():
        if type(module) is nn.Linear and module not in fused:
            bias = None if module.bias is None else copied(module.bias)
            copies[id(module)] = PackedLinear(copied(module.weight), bias, int8=int8)
        elif isinstance(module, nn.Dropout | DropPath):
            copies[id(module)] = nn.Identity()
        else:
            for parameter in module.parameters(recurse=False):
                copies[id(parameter)] = nn.Parameter(copied(parameter), requires_grad=False)
    return copies


def _fast_block(block: Block, copies: Copies, *, int8: bool, dtype: torch.dtype | None) -> Block:
    children = {name: copy.deepcopy(child, copies) for name, child in block.named_children()}
    if isinstance(block, DividedBlock):
        maps = _maps_after_time_attention(block)
        children["time_fused"] = FusedLinear(*maps, int8=int8, dtype=dtype)
    return FAST_BLOCKS[type(block)](children)


def _maps_after_time_attention(block: DividedBlock) -> tuple[nn.Linear, nn.Linear]:
    return block.time_attention.output, block.time_output


def _refuse_weights(*_: object) -> None:
    raise RuntimeError(
        "a prepared model is frozen; load weights into a plain model, then prepare that"
    )
