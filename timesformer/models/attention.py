"""Multi-head self-attention over sequences of tokens, with access to its weights.

Letters: S sequences, n tokens of a sequence, D width, A heads, d = D/A.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import TimesformerConfig

MAX_WEIGHTS = 2**23  # attention weights that are held at a time while they are reduced: 32 MB


class AttentionCall:
    """One call of scaled dot-product attention over S sequences.

    k and v are (S, A, n, d). q is (S, A, n, d), or (S, A, 1, d) where only the first token attends.
    """

    def __init__(self, q: Tensor, k: Tensor, v: Tensor, *, dropout: float = 0.0) -> None:
        self.q, self.k, self.v, self.dropout = q, k, v, dropout

    @cached_property
    def weights(self) -> Tensor:
        """The attention weights, a row for each query: (S, A, n, n) or (S, A, 1, n).

        They are in float32 at least, as inside fused attention. In bfloat16, scores of 20 would
        differ in steps of an eighth. If they are read before `output`, `output` is computed from
        this tensor.
        """
        dtype = torch.promote_types(self.q.dtype, torch.float32)
        scaled = self.q.to(dtype) * self.q.shape[-1] ** -0.5
        return (scaled @ self.k.to(dtype).mT).softmax(dim=-1)

    @cached_property
    def output(self) -> Tensor:
        """The weighted sums of the values, in the shape of q; fused unless `weights` was read."""
        if "weights" in vars(self):
            weights = F.dropout(self.weights, self.dropout)
            return (weights @ self.v.to(weights.dtype)).to(self.v.dtype)
        return F.scaled_dot_product_attention(self.q, self.k, self.v, dropout_p=self.dropout)

    def split(self) -> Iterator["AttentionCall"]:
        """Yield calls of some sequences each, with at most MAX_WEIGHTS weights or one sequence."""
        step = max_sequences(*self.k.shape[1:3])
        parts = (tensor.split(step) for tensor in (self.q, self.k, self.v))
        for q, k, v in zip(*parts, strict=True):
            yield type(self)(q, k, v, dropout=self.dropout)


def max_sequences(A: int, n: int) -> int:
    """Return how many sequences of n tokens have at most MAX_WEIGHTS weights; at least one."""
    return max(1, MAX_WEIGHTS // (A * n * n))


Observer = Callable[[AttentionCall], Tensor | None]  # reads a call and may return a tensor of it


def full_weights(call: AttentionCall) -> Tensor:
    """Return the attention weights themselves: the tensor that the output is computed from."""
    return call.weights


class Attention(nn.Module):
    """Multi-head self-attention over sequences (S, n, D)."""

    call_type = AttentionCall

    def __init__(self, config: TimesformerConfig) -> None:
        super().__init__()
        D = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.weight_dropout = config.attention_probs_dropout_prob
        self.qkv = nn.Linear(D, 3 * D, bias=config.qkv_bias)
        self.output = nn.Linear(D, D)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

    def forward(
        self, tokens: Tensor, *, observe: Observer | None = None, cls_only: bool = False
    ) -> tuple[Tensor, Tensor | None]:
        """Return what each token reads from its sequence (S, n, D), and the observer's result.

        With `cls_only` only the first token attends, and the output is (S, 1, D).
        """
        heads, observed = self.attend(tokens, observe=observe, cls_only=cls_only)
        return self.dropout(self.output(heads)), observed

    def attend(
        self, tokens: Tensor, *, observe: Observer | None = None, cls_only: bool = False
    ) -> tuple[Tensor, Tensor | None]:
        """Return the outputs of all heads side by side (S, n, D), and the observer's result."""
        qkv = self.qkv(tokens).unflatten(-1, (3, self.num_heads, -1))  # (S, n, 3, A, d)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind()  # (S, A, n, d) each
        if cls_only:
            q = q[:, :, :1]
        dropout = self.weight_dropout if self.training else 0.0
        call = self.call_type(q, k, v, dropout=dropout)
        # Without gradients, weights that an observer reduces exist for some sequences at a time.
        reduces = observe not in (None, full_weights)
        in_parts = reduces and not (cls_only or torch.is_grad_enabled())
        outputs, observed = [], []
        for part in call.split() if in_parts else (call,):
            observed.append(None if observe is None else observe(part))
            outputs.append(part.output)
        return _concatenate(outputs).transpose(1, 2).flatten(2), _concatenate(observed)


def _concatenate(parts: list[Any]) -> Any:
    return parts[0] if len(parts) == 1 else torch.cat(parts)
