"""The queries and keys of attention, from which all of its weights follow.

weights = softmax(queries @ keys^T / sqrt(d)): many times smaller than the weights themselves.
"""

from collections import defaultdict
from collections.abc import Sequence

import torch
from torch import Tensor

from ..models.attention import AttentionCall
from ..models.config import TimesformerConfig
from ..models.timesformer import State, TimesformerModel


@torch.inference_mode()
def queries_and_keys(
    encoder: TimesformerModel, pixel_values: Tensor, *, blocks: Sequence[int] | None = None
) -> dict[str, Tensor]:
    """Queries and keys of pixel values (1, T, C, H, W), of all `blocks` or of some, L in order.

    Divided: time.queries, time.keys (L, N, A, T, d) and space.queries, space.keys
    (L, T, A, 1+N, d). Space-only: those of space alone. Joint: joint.queries, joint.keys
    (L, 1, A, 1+N*T, d), the patch at place p of frame t being token 1 + p*T + t. Raises ValueError
    for a block that there is not, and for more than one clip.
    """
    wanted = range(len(encoder.blocks)) if blocks is None else blocks
    if not wanted or not all(0 <= block < len(encoder.blocks) for block in wanted):
        raise ValueError(f"blocks are {blocks}; choose from 0 to {len(encoder.blocks) - 1}")
    if len(pixel_values) != 1:
        raise ValueError(f"pixel_values holds {len(pixel_values)} clips; it must hold 1")
    found: dict[str, dict[int, Tensor]] = defaultdict(dict)
    state = encoder.embed(pixel_values)
    for number, block in enumerate(encoder.blocks[: max(wanted) + 1]):
        state = block(state, observe=_both)
        if number in wanted:
            for name, tensor in _named(state).items():
                found[name][number] = tensor
    return {name: torch.stack([kept[i] for i in wanted]) for name, kept in found.items()}


def _both(call: AttentionCall) -> Tensor:
    """Queries and keys (S, 2, A, n, d)."""
    _ = call.weights  # the output is computed from them, so that in half precision, too, the next
    # block gets what it gets where it is explained
    return torch.stack([call.q, call.k], dim=1)


def _named(state: State) -> dict[str, Tensor]:
    """What `_both` kept of one block, by what it is of."""
    space, time = state.space_observed, state.time_observed
    assert space is not None
    joint = time is None and state.cls.ndim == 2
    kept = {"joint" if joint else "space": space} | ({} if time is None else {"time": time})
    return {
        f"{kind}.{what}": both[:, i]
        for kind, both in kept.items()
        for i, what in enumerate(("queries", "keys"))
    }


def numbers_of_a_block(config: TimesformerConfig, *, num_frames: int, num_places: int) -> int:
    """How many numbers the queries and keys of one block are, for T frames of N patches."""
    T, N = num_frames, num_places
    tokens = {
        "divided_space_time": N * T + T * (1 + N),
        "joint_space_time": 1 + N * T,
        "space_only": T * (1 + N),
    }
    return 2 * config.hidden_size * tokens[config.attention_type]
