"""Initial values from which an encoder learns motion quickly.

A randomly initialized model must first learn which patches and frames are neighbours. Here, heads
attend one step away from the start. Cordonnier, Loukas and Jaggi build convolutions from attention
in this way (2020, arXiv 1911.03584). A step is a rotation of the tables, and patches are whitened
(Coates and Ng 2012). All values are trained afterwards.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..models.attention import Attention
from ..models.blocks import Block, DividedBlock
from ..models.timesformer import TimesformerModel

WAVE_SHARE = 16  # one wave an axis for this many dimensions of a token
SHARPNESS = 6.0  # score of the patch that a head attends to, above the mean score
FREE_BLOCKS = 2  # the last blocks, whose space attention gathers from anywhere
# A joint head must find one patch among the patches of all frames. The norms of tokens also differ
# more than in divided attention. The tables are therefore larger, and only queries and keys read
# them.
JOINT_SHARPNESS = 8.0
JOINT_FREE_BLOCKS = 1
JOINT_TABLES = 2.0  # factor of the tables
JOINT_VALUES = 1.5  # factor of the values, because the rest of a token is smaller beside the tables
JOINT_MLP = 1 / 3  # factor of the tables' share in the MLP input
NOISE = 1e-3  # variance of pixel values of -1 to 1 below which whitening ignores a direction
BRANCH_GAIN = 0.5  # of what a block adds to a token


class Axis(NamedTuple):
    """Encoding of one axis in a token: its first dimension, and radians a step of R waves (R,)."""

    first: int
    rates: Tensor

    @property
    def dimensions(self) -> slice:
        """Dimensions of a token that hold its R sines and R cosines."""
        return slice(self.first, self.first + 2 * len(self.rates))

    def table(self, count: int) -> Tensor:
        """Return the embeddings of steps 0, 1, ... (count, 2*R)."""
        phases = torch.arange(count)[:, None] * self.rates
        return torch.cat([phases.sin(), phases.cos()], dim=-1)

    def shift(self, by: float) -> Tensor:
        """Return the matrix (2*R, 2*R) that maps row i of the table to row i + by."""
        cos, sin = (by * self.rates).cos().diag(), (by * self.rates).sin().diag()
        return torch.cat([torch.cat([cos, sin], dim=1), torch.cat([-sin, cos], dim=1)])


Offset = Mapping[str, float]  # steps along each axis to what a head attends to; no entry: any

TIME_OFFSETS = (
    ({"frame": -1}, {"frame": 1}, {"frame": -1}, {"frame": 1}),
    ({"frame": -2}, {"frame": 2}, {"frame": -1}, {"frame": 1}),
)  # of the heads of even and odd blocks
SPACE_OFFSETS = (
    ({"row": 0, "column": -1}, {"row": 0, "column": 1}, {"row": -1, "column": 0},
     {"row": 1, "column": 0}),
    ({"row": -1, "column": -1}, {"row": 1, "column": 1}, {"row": -1, "column": 1},
     {"row": 1, "column": -1}),
)  # fmt: skip
JOINT_OFFSETS = tuple(
    tuple(offset | {"row": 0, "column": 0} for offset in offsets) for offsets in TIME_OFFSETS
)


def init_encoder(encoder: TimesformerModel, frames: Tensor) -> None:
    """Initialize an encoder whose training starts on frames (n, C, H, W) of pixel values.

    Space heads attend one patch away on frames of that size, whatever the size of the tables.
    """
    config = encoder.config
    D, (h, w), T = config.hidden_size, config.grid, config.num_frames
    axes = _axes(D, {"row": h, "column": w, "frame": T})
    _init_patches(encoder.patch_embedding, frames, width=axes["row"].first)
    joint = config.attention_type == "joint_space_time"
    _init_tables(encoder, axes, scale=JOINT_TABLES if joint else 1.0)
    num_with_offsets = len(encoder.blocks) - (JOINT_FREE_BLOCKS if joint else FREE_BLOCKS)
    stretch = h * config.patch_shape[0] / frames.shape[-2]
    for index, block in enumerate(encoder.blocks):
        assert isinstance(block, Block)
        odd = index % 2
        if index < num_with_offsets:
            offsets = (JOINT_OFFSETS if joint else SPACE_OFFSETS)[odd]
            sharpness = JOINT_SHARPNESS if joint else SHARPNESS
            _init_heads(block.space_attention, offsets, axes, stretch=stretch, sharpness=sharpness)
        if isinstance(block, DividedBlock):
            time = block.time_attention
            _init_heads(time, TIME_OFFSETS[odd], axes, stretch=stretch, sharpness=SHARPNESS)
            _init_branch(_value_weights(time), time.output.weight)
            nn.init.orthogonal_(block.time_output.weight)
        _init_branch(_value_weights(block.space_attention), block.space_attention.output.weight)
        inward, outward = (linear for linear in block.mlp if isinstance(linear, nn.Linear))
        _init_branch(inward.weight, outward.weight)
        if joint:
            tables = slice(axes["row"].first, None)
            values = _value_weights(block.space_attention)
            values.data[:, tables] = 0
            values.data *= JOINT_VALUES
            inward.weight.data[:, tables] *= JOINT_MLP


def _value_weights(attention: Attention) -> Tensor:
    """Return the weight (D, D) of the values, a view."""
    return attention.qkv.weight[2 * attention.qkv.in_features :]


def _axes(D: int, lengths: Mapping[str, int]) -> dict[str, Axis]:
    """Return the axes in the last of D dimensions, with waves of up to 4 times the axis' length."""
    waves = D // WAVE_SHARE
    rates = math.pi * (torch.arange(waves) + 0.5)
    firsts = range(D - 2 * waves * len(lengths), D, 2 * waves)
    return {
        name: Axis(first, rates / length)
        for first, (name, length) in zip(firsts, lengths.items(), strict=True)
    }


def _init_patches(embedding: nn.Conv2d, frames: Tensor, *, width: int) -> None:
    """Make the first `width` dimensions of a token its whitened patch, strongest parts first."""
    height, _ = embedding.kernel_size
    patches = F.unfold(frames, embedding.kernel_size, stride=height // 2)
    patches = patches.transpose(1, 2).flatten(0, 1)  # (n, C*height*width)
    mean = patches.mean(dim=0)
    variances, parts = torch.linalg.eigh(torch.cov(patches.T))
    weight = (parts / (variances + NOISE).sqrt()).T.flip(0)[:width]
    embedding.weight.data.zero_()
    embedding.weight.data[: len(weight)] = weight.unflatten(1, embedding.weight.shape[1:])
    assert embedding.bias is not None
    embedding.bias.data.zero_()
    embedding.bias.data[: len(weight)] = -weight @ mean


def _init_tables(encoder: TimesformerModel, axes: Mapping[str, Axis], *, scale: float) -> None:
    """Fill the position and time tables with the encodings of the axes."""
    row, column, frame = axes["row"], axes["column"], axes["frame"]
    h, w = encoder.config.grid
    table = torch.zeros(h, w, encoder.config.hidden_size)
    table[..., row.dimensions] = row.table(h)[:, None]
    table[..., column.dimensions] = column.table(w)
    encoder.position_table.data[0, 1:] = table.flatten(0, 1)
    encoder.position_table.data *= scale
    if encoder.config.attention_type != "space_only":
        encoder.time_table.data.zero_()
        encoder.time_table.data[0, :, frame.dimensions] = scale * frame.table(
            encoder.config.num_frames
        )


def _init_heads(
    attention: Attention,
    offsets: Sequence[Offset],
    axes: Mapping[str, Axis],
    *,
    stretch: float,
    sharpness: float,
) -> None:
    """Set queries and keys so that each head attends to its offset.

    The score is a sum of cosines of the distance from the offset, `sharpness` at distance 0.
    """
    size = attention.output.in_features // attention.num_heads
    queries, keys, _ = attention.qkv.weight.data.unflatten(0, (3, attention.num_heads, size))
    for query, key, offset in zip(queries, keys, offsets, strict=False):
        query.zero_()
        key.zero_()
        waves = min(len(axes["row"].rates), size // (2 * len(offset)))
        gain = math.sqrt(sharpness * math.sqrt(size) / (waves * len(offset)))
        for index, (name, by) in enumerate(offset.items()):
            axis, step = axes[name], by if name == "frame" else by * stretch
            sines = torch.linspace(0, len(axis.rates) - 1, waves).round().long()
            chosen = torch.cat([sines, sines + len(axis.rates)])
            rows = slice(index * 2 * waves, (index + 1) * 2 * waves)
            query[rows, axis.dimensions] = gain * axis.shift(step)[chosen]
            key[rows, axis.dimensions] = gain * torch.eye(2 * len(axis.rates))[chosen]


def _init_branch(inward: Tensor, outward: Tensor) -> None:
    """Set orthogonal matrices into and out of a branch, which preserve all of a token."""
    nn.init.orthogonal_(inward.data)
    nn.init.orthogonal_(outward.data, gain=BRANCH_GAIN)
