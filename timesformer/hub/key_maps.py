"""Key maps: the names of weights in each code base that trains TimeSformers.

The names are facts from checkpoints of transformers, the released code (arXiv 2102.05095) and
mmaction2.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import CheckpointError
from ..i18n import Message, joined
from .source import MAX_NAME_LENGTH

BLOCK_KEY = re.compile(r"timesformer\.blocks\.(\d+)\.(.+)\.(weight|bias)")
FIRST = "timesformer.blocks.0"


@dataclass(frozen=True)
class KeyMap:
    """The keys of one code base.

    `outside` maps our names outside the blocks to their keys, `inside` our names inside a block.
    "{}" stands for weight or bias. `block` is the prefix of a block; its "{}" is the block's
    number.
    """

    name: str
    outside: Mapping[str, str]
    block: str
    inside: Mapping[str, str]

    def key(self, ours: str) -> str:
        """Return the key of one of our parameters; KeyError if the code base has none."""
        match = BLOCK_KEY.fullmatch(ours)
        if match:
            number, part, kind = match.groups()
            return self.block.format(number) + self.inside[part].format(kind)
        if ours in self.outside:
            return self.outside[ours]
        stem, _, kind = ours.rpartition(".")
        return self.outside[stem].format(kind)

    @property
    def signature(self) -> str:
        """A key that all files of this code base have, and no file of another."""
        return self.key(f"{FIRST}.mlp_norm.weight")


TRANSFORMERS = KeyMap(
    name="transformers",
    outside={
        "timesformer.cls_token": "timesformer.embeddings.cls_token",
        "timesformer.position_table": "timesformer.embeddings.position_embeddings",
        "timesformer.time_table": "timesformer.embeddings.time_embeddings",
        "timesformer.patch_embedding": "timesformer.embeddings.patch_embeddings.projection.{}",
        "timesformer.norm": "timesformer.layernorm.{}",
        "classifier": "classifier.{}",
    },
    block="timesformer.encoder.layer.{}.",
    inside={
        "time_norm": "temporal_layernorm.{}",
        "time_attention.qkv": "temporal_attention.attention.qkv.{}",
        "time_attention.output": "temporal_attention.output.dense.{}",
        "time_output": "temporal_dense.{}",
        "space_norm": "layernorm_before.{}",
        "space_attention.qkv": "attention.attention.qkv.{}",
        "space_attention.output": "attention.output.dense.{}",
        "mlp_norm": "layernorm_after.{}",
        "mlp.0": "intermediate.dense.{}",
        "mlp.3": "output.dense.{}",
    },
)
RELEASED = KeyMap(
    name=Message("errors.weights.kind_released"),
    outside={
        "timesformer.cls_token": "cls_token",
        "timesformer.position_table": "pos_embed",
        "timesformer.time_table": "time_embed",
        "timesformer.patch_embedding": "patch_embed.proj.{}",
        "timesformer.norm": "norm.{}",
        "classifier": "head.{}",
    },
    block="blocks.{}.",
    inside={
        "time_norm": "temporal_norm1.{}",
        "time_attention.qkv": "temporal_attn.qkv.{}",
        "time_attention.output": "temporal_attn.proj.{}",
        "time_output": "temporal_fc.{}",
        "space_norm": "norm1.{}",
        "space_attention.qkv": "attn.qkv.{}",
        "space_attention.output": "attn.proj.{}",
        "mlp_norm": "norm2.{}",
        "mlp.0": "mlp.fc1.{}",
        "mlp.3": "mlp.fc2.{}",
    },
)
_MMACTION_OUTSIDE = {
    "timesformer.cls_token": "backbone.cls_token",
    "timesformer.position_table": "backbone.pos_embed",
    "timesformer.time_table": "backbone.time_embed",
    "timesformer.patch_embedding": "backbone.patch_embed.projection.{}",
    "timesformer.norm": "backbone.norm.{}",
    "classifier": "cls_head.fc_cls.{}",
}
_MMACTION_BLOCK = "backbone.transformer_layers.layers.{}."
_MMACTION_MLP = {"mlp.0": "ffns.0.layers.0.0.{}", "mlp.3": "ffns.0.layers.1.{}"}
MMACTION_DIVIDED = KeyMap(
    name=Message("errors.weights.kind_mmaction_divided"),
    outside=_MMACTION_OUTSIDE,
    block=_MMACTION_BLOCK,
    inside={
        "time_norm": "attentions.0.norm.{}",
        "time_attention.qkv": "attentions.0.attn.in_proj_{}",
        "time_attention.output": "attentions.0.attn.out_proj.{}",
        "time_output": "attentions.0.temporal_fc.{}",
        "space_norm": "attentions.1.norm.{}",
        "space_attention.qkv": "attentions.1.attn.in_proj_{}",
        "space_attention.output": "attentions.1.attn.out_proj.{}",
        "mlp_norm": "ffns.0.norm.{}",
    }
    | _MMACTION_MLP,
)
MMACTION_UNDIVIDED = KeyMap(
    name=Message("errors.weights.kind_mmaction_other"),
    outside=_MMACTION_OUTSIDE,
    block=_MMACTION_BLOCK,
    inside={
        "space_norm": "norms.0.{}",
        "space_attention.qkv": "attentions.0.attn.in_proj_{}",
        "space_attention.output": "attentions.0.attn.out_proj.{}",
        "mlp_norm": "norms.1.{}",
    }
    | _MMACTION_MLP,
)
MMACTION = (MMACTION_DIVIDED, MMACTION_UNDIVIDED)
OURS = KeyMap(
    name=Message("errors.weights.kind_ours"),
    outside={name: f"{name}.{{}}" for name in ("timesformer.patch_embedding", "timesformer.norm",
                                               "classifier")}
    | {name: name for name in ("timesformer.cls_token", "timesformer.position_table",
                               "timesformer.time_table")},
    block="timesformer.blocks.{}.",
    inside={part: f"{part}.{{}}" for part in TRANSFORMERS.inside},
)  # fmt: skip
KEY_MAPS = (TRANSFORMERS, RELEASED, *MMACTION, OURS)
# The signatures of encoders alone, whose keys lack what precedes them in a whole model
ENCODER = tuple(m.signature.removeprefix("timesformer.") for m in (TRANSFORMERS, OURS))


def find_key_map(keys: Iterable[str]) -> KeyMap:
    """Return the key map of a file's keys; CheckpointError if none or several match."""
    keys = set(keys)
    matches = [key_map for key_map in KEY_MAPS if key_map.signature in keys]
    if len(matches) == 1:
        return matches[0]
    if matches:
        kinds = [Message("errors.weights.key_of", key=m.signature, kind=m.name) for m in matches]
        raise CheckpointError("weights.several_kinds", kinds=joined(kinds))
    raise CheckpointError(
        "weights.not_timesformer",
        first=list_keys(sorted(keys)) or Message("errors.weights.nothing"),
        known=joined(key_map.name for key_map in KEY_MAPS),
    )


def list_keys(keys: Sequence[str], max_shown: int = 4) -> str:
    """Return the first keys of a file for a message, each printable and of bounded length."""
    shown = [
        "".join(letter if letter.isprintable() else "?" for letter in key[:MAX_NAME_LENGTH])
        for key in keys[:max_shown]
    ]
    first = ", ".join(shown)
    if len(keys) <= max_shown:
        return first
    return Message("errors.weights.names_and_more", names=first, count=len(keys) - max_shown)
