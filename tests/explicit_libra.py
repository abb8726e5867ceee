"""Libra by its definition: plain tensor code that detaches what is constant going backward."""

import math

import torch
from torch import Tensor, nn

from timesformer.models.attention import Attention
from timesformer.models.timesformer import TimesformerForVideoClassification


def normed(norm: nn.LayerNorm, x: Tensor) -> Tensor:
    centred = x - x.mean(-1, keepdim=True)
    deviation = (centred.square().mean(-1, keepdim=True) + norm.eps).sqrt()
    return centred / deviation.detach() * norm.weight + norm.bias


def attended(attention: Attention, x: Tensor) -> Tensor:
    q, k, v = attention.qkv(x).unflatten(-1, (3, attention.num_heads, -1)).unbind(-3)
    scores = torch.einsum("...qad,...kad->...aqk", q, k) / math.sqrt(q.shape[-1])
    read = torch.einsum("...aqk,...kad->...qad", scores.softmax(-1).detach(), v)
    return attention.output(read.flatten(-2))


def with_mlp(block: nn.Module, x: Tensor) -> Tensor:
    first, _, _, last, _ = block.mlp
    z = first(normed(block.mlp_norm, x))
    gate = (1 + torch.erf(z / math.sqrt(2))) / 2
    return x + last(z * gate.detach())


def explicit(model: TimesformerForVideoClassification, pixels: Tensor) -> tuple[Tensor, list]:
    """Return the logits, and the patches (B, T, N, D) before each block."""
    scheme = model.config.attention_type
    cls, patches, *_ = model.timesformer.embed(pixels)
    before = []
    for block in model.timesformer.blocks:
        before.append(patches)
        if scheme == "divided_space_time":
            tracks = normed(block.time_norm, patches.transpose(1, 2))
            moved = block.time_output(attended(block.time_attention, tracks))
            patches = patches + moved.transpose(1, 2)
        if scheme == "joint_space_time":
            tokens = torch.cat([cls[:, None], patches.flatten(1, 2)], 1)
            read = attended(block.space_attention, normed(block.space_norm, tokens))
            cls, patches = cls + read[:, 0], patches + read[:, 1:].unflatten(1, patches.shape[1:3])
        else:
            shared = cls if cls.ndim == 3 else cls[:, None].expand(-1, patches.shape[1], -1)
            frames = torch.cat([shared[:, :, None], patches], 2)
            read = attended(block.space_attention, normed(block.space_norm, frames))
            cls = cls + (read[:, :, 0] if cls.ndim == 3 else read[:, :, 0].mean(1))
            patches = patches + read[:, :, 1:]
        cls, patches = with_mlp(block, cls), with_mlp(block, patches)
    cls = cls.mean(1) if cls.ndim == 3 else cls
    return model.classifier(normed(model.timesformer.norm, cls)), before


def tokens_and_gradients(
    model: TimesformerForVideoClassification,
    pixels: Tensor,
    target: Tensor | None,
    *,
    log_odds: bool = False,
) -> tuple[list[Tensor], list[Tensor]]:
    """Return the patches (B, T, N, D) before each block, and their gradients."""
    logits, before = explicit(model, pixels)
    score = logits.amax(-1) if target is None else logits @ target.double()
    is_contrast = target is not None and target.min() < 0
    if log_odds and not is_contrast:
        probabilities = logits.softmax(-1)
        index = logits.argmax(-1) if target is None else target.argmax(-1).expand(len(logits))
        of_class = probabilities.gather(-1, index[:, None])[:, 0]
        score = torch.log(of_class / (1 - of_class))
    return [tokens.detach() for tokens in before], torch.autograd.grad(score.sum(), before)


def signed_shares(
    model: TimesformerForVideoClassification,
    pixels: Tensor,
    target: Tensor | None,
    *,
    log_odds: bool = False,
) -> Tensor:
    """Return tokens x gradient before each block, (L, B, T, N)."""
    pairs = zip(*tokens_and_gradients(model, pixels, target, log_odds=log_odds), strict=True)
    return torch.stack([(tokens * gradient).sum(-1) for tokens, gradient in pairs])
