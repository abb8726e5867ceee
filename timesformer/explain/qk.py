"""Queries and keys of all heads, from which a browser computes attention weights.

weights = softmax(queries @ keys^T / sqrt(d)); queries and keys are many times smaller.
"""

from collections import defaultdict
from collections.abc import Sequence

import torch
from torch import Tensor

from ..models.attention import AttentionCall
from ..models.blocks import State
from ..models.config import TimesformerConfig
from ..models.timesformer import TimesformerModel


@torch.inference_mode()
def queries_and_keys(
    encoder: TimesformerModel, pixel_values: Tensor, *, blocks: Sequence[int] | None = None
) -> dict[str, Tensor]:
    """Return queries and keys of pixel values (1, T, C, H, W) in all L blocks, or in `blocks`.

    Divided: time.queries, time.keys (L, N, A, T, d) and space.queries, space.keys
    (L, T, A, 1+N, d). Space-only: those of space. Joint: joint.queries, joint.keys
    (L, 1, A, 1+N*T, d). The patch at position p of frame t is then token 1 + p*T + t. Raises
    ValueError for an unknown block, and for more than one clip.
    """
    selected = range(len(encoder.blocks)) if blocks is None else blocks
    if not selected or not all(0 <= block < len(encoder.blocks) for block in selected):
        raise ValueError(f"blocks are {blocks}; choose from 0 to {len(encoder.blocks) - 1}")
    if len(pixel_values) != 1:
        raise ValueError(f"pixel_values holds {len(pixel_values)} clips; it must hold 1")
    tensors: dict[str, dict[int, Tensor]] = defaultdict(dict)
    state = encoder.embed(pixel_values)
    for number, block in enumerate(encoder.blocks[: max(selected) + 1]):
        state = block(state, observe=_queries_and_keys)
        if number in selected:
            for name, tensor in _by_name(state).items():
                tensors[name][number] = tensor
    return {
        name: torch.stack([of_block[number] for number in selected])
        for name, of_block in tensors.items()
    }


def _queries_and_keys(call: AttentionCall) -> Tensor:
    """Return queries and keys (S, 2, A, n, d)."""
    # Reading the weights makes the output unfused, as in explanations. In half precision the next
    # block then gets the same tokens as there.
    _ = call.weights
    return torch.stack([call.q, call.k], dim=1)


def _by_name(state: State) -> dict[str, Tensor]:
    """Return the observed queries and keys of one block by the names of `queries_and_keys`."""
    space, time = state.space_observed, state.time_observed
    assert space is not None
    kind = "joint" if state.scheme == "joint_space_time" else "space"
    observed = {kind: space} | ({} if time is None else {"time": time})
    return {
        f"{kind}.{part}": both[:, i]
        for kind, both in observed.items()
        for i, part in enumerate(("queries", "keys"))
    }


def numbers_per_block(config: TimesformerConfig, *, num_frames: int, num_patches: int) -> int:
    """Return how many numbers the queries and keys of one block have, for T frames of N patches."""
    T, N = num_frames, num_patches
    tokens = {
        "divided_space_time": N * T + T * (1 + N),
        "joint_space_time": 1 + N * T,
        "space_only": T * (1 + N),
    }
    return 2 * config.hidden_size * tokens[config.attention_type]
