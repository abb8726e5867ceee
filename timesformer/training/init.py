"""Starting values for training: an image model's, or ones from which motion is soon learned.

A model that starts at random must first find out that places and moments have neighbours. `set_out`
gives it heads that look one step away, as Cordonnier, Loukas and Jaggi build convolutions from
attention (2020, arXiv 1911.03584), tables in which a step is a rotation, and patches whitened as by
Coates and Ng (2012). Nothing is fixed: all of it may change in training.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..hub.state_dict import Weights, read_weights
from ..models.attention import Attention
from ..models.config import TimesformerConfig
from ..models.timesformer import Block, DividedBlock, TimesformerModel

WAVE_SHARE = 16  # a wave for each axis for every so many numbers of a token
SHARPNESS = 6.0  # score of what a head looks at, above the mean score
FREE_BLOCKS = 2  # the last ones, whose space attention gathers from anywhere
# Joint attention must find one patch among those of all frames, and other than in divided attention
# their tokens differ in how much they hold: the tables stand out, and nothing else carries them on.
JOINT_SHARPNESS = 8.0
JOINT_FREE_BLOCKS = 1
JOINT_TABLES = 2.0  # times the numbers of the other schemes' tables
JOINT_VALUES = 1.5  # times what else values carry, for all the rest of a token is smaller beside
JOINT_MLP = 1 / 3  # of what an MLP takes of the tables in the other schemes
NOISE = 1e-3  # variance of pixel values of -1 to 1 below which nothing is seen
BRANCH_GAIN = 0.5  # of what a block adds to a token


class Axis(NamedTuple):
    """One axis in the tokens: where its numbers begin, and the radians a step of its waves (R,)."""

    first: int
    rates: Tensor

    @property
    def numbers(self) -> slice:
        """Where its R sines and R cosines stand in a token."""
        return slice(self.first, self.first + 2 * len(self.rates))

    def table(self, count: int) -> Tensor:
        """Embeddings of steps 0, 1, ... (count, 2*R)."""
        phases = torch.arange(count)[:, None] * self.rates
        return torch.cat([phases.sin(), phases.cos()], dim=-1)

    def shift(self, by: float) -> Tensor:
        """The matrix (2*R, 2*R) that takes row i of the table to row i + by."""
        cos, sin = (by * self.rates).cos().diag(), (by * self.rates).sin().diag()
        return torch.cat([torch.cat([cos, sin], dim=1), torch.cat([-sin, cos], dim=1)])


Look = Mapping[str, float]  # how far along each axis a head looks; axes left out do not matter

TIME_LOOKS = (
    ({"frame": -1}, {"frame": 1}, {"frame": -1}, {"frame": 1}),
    ({"frame": -2}, {"frame": 2}, {"frame": -1}, {"frame": 1}),
)  # of the heads of even and odd blocks
SPACE_LOOKS = (
    ({"row": 0, "column": -1}, {"row": 0, "column": 1}, {"row": -1, "column": 0},
     {"row": 1, "column": 0}),
    ({"row": -1, "column": -1}, {"row": 1, "column": 1}, {"row": -1, "column": 1},
     {"row": 1, "column": -1}),
)  # fmt: skip
JOINT_LOOKS = tuple(tuple(look | {"row": 0, "column": 0} for look in looks) for looks in TIME_LOOKS)


@torch.no_grad()
def start_from_images(encoder: TimesformerModel, file: str | Path) -> None:
    """Gives an encoder the weights of a vision transformer for images (arXiv 2102.05095, 4.1).

    `file` is as timm saves one of the encoder's width, depth, heads and patches, for square frames
    of any size, with or without a head. Time attention starts as a copy of space attention whose
    output counts for nothing, the time table at 0, the table of places resized. Raises
    CheckpointError where the file does not fit.
    """
    weights = read_weights(Path(file), name=Path(file).name)
    images = TimesformerModel.from_weights(weights, _for_images(encoder.config, weights))
    found = images.state_dict()
    found["position_table"] = torch.cat(
        [images.position_table[:, :1], images.position_embedding(encoder.config.grid)], dim=1
    )
    for ours, value in encoder.state_dict().items():
        theirs = re.sub(r"time_(attention|norm)\.", r"space_\1.", ours)
        value.copy_(found[theirs]) if theirs in found else value.zero_()


def _for_images(config: TimesformerConfig, weights: Weights) -> TimesformerConfig:
    """The config of a model of single frames like those that the weights' table of places has."""
    table = weights.tensors.get(weights.key_map.key("timesformer.position_table"))
    places = config.grid[0] ** 2 if table is None or table.ndim != 3 else table.shape[1] - 1
    side, (height, width) = max(1, math.isqrt(places)), config.patch_shape
    return replace(
        config,
        attention_type="space_only",
        image_size=(side * height, side * width),
        position_interpolation="bicubic",
    )


def set_out(encoder: TimesformerModel, frames: Tensor) -> None:
    """Starting values for an encoder that will first see frames (n, C, H, W) of pixel values.

    A head of space looks one patch away on frames of that size, whatever size the tables are for.
    """
    config = encoder.config
    D, (h, w), T = config.hidden_size, config.grid, config.num_frames
    axes = _axes(D, {"row": h, "column": w, "frame": T})
    _see(encoder.patch_embedding, frames, width=axes["row"].first)
    joint = config.attention_type == "joint_space_time"
    _place(encoder, axes, scale=JOINT_TABLES if joint else 1.0)
    aimed = len(encoder.blocks) - (JOINT_FREE_BLOCKS if joint else FREE_BLOCKS)
    stretch = h * config.patch_shape[0] / frames.shape[-2]
    for number, block in enumerate(encoder.blocks):
        assert isinstance(block, Block)
        odd = number % 2
        if number < aimed:
            looks = (JOINT_LOOKS if joint else SPACE_LOOKS)[odd]
            sharpness = JOINT_SHARPNESS if joint else SHARPNESS
            _aim(block.space_attention, looks, axes, stretch=stretch, sharpness=sharpness)
        if isinstance(block, DividedBlock):
            _aim(block.time_attention, TIME_LOOKS[odd], axes, stretch=stretch, sharpness=SHARPNESS)
            _spread(block.time_attention.qkv.weight[2 * D :], block.time_attention.output.weight)
            nn.init.orthogonal_(block.time_output.weight)
        _spread(block.space_attention.qkv.weight[2 * D :], block.space_attention.output.weight)
        inward, outward = (linear for linear in block.mlp if isinstance(linear, nn.Linear))
        _spread(inward.weight, outward.weight)
        if joint:
            tables = slice(axes["row"].first, None)
            values = block.space_attention.qkv.weight[2 * D :]
            values.data[:, tables] = 0
            values.data *= JOINT_VALUES
            inward.weight.data[:, tables] *= JOINT_MLP


def _axes(D: int, lengths: Mapping[str, int]) -> dict[str, Axis]:
    """The axes at the end of a token's D numbers, with waves of up to 4 times an axis' length."""
    waves = D // WAVE_SHARE
    rates = math.pi * (torch.arange(waves) + 0.5)
    firsts = range(D - 2 * waves * len(lengths), D, 2 * waves)
    return {
        name: Axis(first, rates / length)
        for first, (name, length) in zip(firsts, lengths.items(), strict=True)
    }


def _see(embedding: nn.Conv2d, frames: Tensor, *, width: int) -> None:
    """The first `width` numbers of a token are its patch, whitened, the strongest parts first."""
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


def _place(encoder: TimesformerModel, axes: Mapping[str, Axis], *, scale: float) -> None:
    """Tables whose numbers for an axis depend on it alone."""
    row, column, frame = axes["row"], axes["column"], axes["frame"]
    h, w = encoder.config.grid
    place = torch.zeros(h, w, encoder.config.hidden_size)
    place[..., row.numbers] = row.table(h)[:, None]
    place[..., column.numbers] = column.table(w)
    encoder.position_table.data[0, 1:] = place.flatten(0, 1)
    encoder.position_table.data *= scale
    if encoder.config.attention_type != "space_only":
        encoder.time_table.data.zero_()
        encoder.time_table.data[0, :, frame.numbers] = scale * frame.table(
            encoder.config.num_frames
        )


def _aim(
    attention: Attention,
    looks: Sequence[Look],
    axes: Mapping[str, Axis],
    *,
    stretch: float,
    sharpness: float,
) -> None:
    """Sets queries and keys so that each head looks where it should.

    Its score is a sum of cosines of the distance from there, `sharpness` where that is 0.
    """
    size = attention.output.in_features // attention.num_heads
    queries, keys, _ = attention.qkv.weight.data.unflatten(0, (3, attention.num_heads, size))
    for query, key, look in zip(queries, keys, looks, strict=False):
        query.zero_()
        key.zero_()
        waves = min(len(axes["row"].rates), size // (2 * len(look)))
        gain = math.sqrt(sharpness * math.sqrt(size) / (waves * len(look)))
        for number, (name, by) in enumerate(look.items()):
            axis, step = axes[name], by if name == "frame" else by * stretch
            sines = torch.linspace(0, len(axis.rates) - 1, waves).round().long()
            chosen = torch.cat([sines, sines + len(axis.rates)])
            rows = slice(number * 2 * waves, (number + 1) * 2 * waves)
            query[rows, axis.numbers] = gain * axis.shift(step)[chosen]
            key[rows, axis.numbers] = gain * torch.eye(2 * len(axis.rates))[chosen]


def _spread(inward: Tensor, outward: Tensor) -> None:
    """Orthogonal matrices into and out of a branch, so that nothing a token holds is lost."""
    nn.init.orthogonal_(inward.data)
    nn.init.orthogonal_(outward.data, gain=BRANCH_GAIN)
