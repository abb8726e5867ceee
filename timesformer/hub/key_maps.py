"""What each code base that trains TimeSformers calls its weights, and which one a file is from.

The names are facts read off checkpoints of transformers, of the released code (arXiv 2102.05095)
and of mmaction2.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import CheckpointError, Sentence, joined
from .source import LONGEST_NAME

BLOCK_KEY = re.compile(r"timesformer\.blocks\.(\d+)\.(.+)\.(weight|bias)")
FIRST = "timesformer.blocks.0"


@dataclass(frozen=True)
class Layout:
    """The names of one code base.

    `whole` maps our names of what is there once to theirs, `parts` those of what every block has;
    "{}" stands for weight or bias, and in `block`, which comes before the parts, for the number.
    """

    name: str
    whole: Mapping[str, str]
    block: str
    parts: Mapping[str, str]

    def key(self, ours: str) -> str:
        """Their name of one of our parameters; KeyError where they have none."""
        inner = BLOCK_KEY.fullmatch(ours)
        if inner:
            number, part, kind = inner.groups()
            return self.block.format(number) + self.parts[part].format(kind)
        if ours in self.whole:
            return self.whole[ours]
        stem, _, kind = ours.rpartition(".")
        return self.whole[stem].format(kind)

    @property
    def telltale(self) -> str:
        """A key that every file of this code base has, and no file of another."""
        return self.key(f"{FIRST}.mlp_norm.weight")


TRANSFORMERS = Layout(
    name="transformers",
    whole={
        "timesformer.cls_token": "timesformer.embeddings.cls_token",
        "timesformer.position_table": "timesformer.embeddings.position_embeddings",
        "timesformer.time_table": "timesformer.embeddings.time_embeddings",
        "timesformer.patch_embedding": "timesformer.embeddings.patch_embeddings.projection.{}",
        "timesformer.norm": "timesformer.layernorm.{}",
        "classifier": "classifier.{}",
    },
    block="timesformer.encoder.layer.{}.",
    parts={
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
RELEASED = Layout(
    name=Sentence("the released TimeSformer code"),
    whole={
        "timesformer.cls_token": "cls_token",
        "timesformer.position_table": "pos_embed",
        "timesformer.time_table": "time_embed",
        "timesformer.patch_embedding": "patch_embed.proj.{}",
        "timesformer.norm": "norm.{}",
        "classifier": "head.{}",
    },
    block="blocks.{}.",
    parts={
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
_MMACTION_WHOLE = {
    "timesformer.cls_token": "backbone.cls_token",
    "timesformer.position_table": "backbone.pos_embed",
    "timesformer.time_table": "backbone.time_embed",
    "timesformer.patch_embedding": "backbone.patch_embed.projection.{}",
    "timesformer.norm": "backbone.norm.{}",
    "classifier": "cls_head.fc_cls.{}",
}
_MMACTION_BLOCK = "backbone.transformer_layers.layers.{}."
_MMACTION_MLP = {"mlp.0": "ffns.0.layers.0.0.{}", "mlp.3": "ffns.0.layers.1.{}"}
MMACTION_DIVIDED = Layout(
    name=Sentence("mmaction2, divided attention"),
    whole=_MMACTION_WHOLE,
    block=_MMACTION_BLOCK,
    parts={
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
MMACTION_UNDIVIDED = Layout(
    name=Sentence("mmaction2, joint or space-only attention"),
    whole=_MMACTION_WHOLE,
    block=_MMACTION_BLOCK,
    parts={
        "space_norm": "norms.0.{}",
        "space_attention.qkv": "attentions.0.attn.in_proj_{}",
        "space_attention.output": "attentions.0.attn.out_proj.{}",
        "mlp_norm": "norms.1.{}",
    }
    | _MMACTION_MLP,
)
MMACTION = (MMACTION_DIVIDED, MMACTION_UNDIVIDED)
LAYOUTS = (TRANSFORMERS, RELEASED, *MMACTION)


def layout_of(keys: Iterable[str]) -> Layout:
    """The code base that the keys of a file are from.

    Raises CheckpointError, with the keys that gave it away, for keys of none or of several.
    """
    keys = set(keys)
    found = [layout for layout in LAYOUTS if layout.telltale in keys]
    if len(found) == 1:
        return found[0]
    if found:
        kinds = [Sentence("{key} of {kind}", key=one.telltale, kind=one.name) for one in found]
        raise CheckpointError(
            "These weights are of several kinds: {kinds}. Keep one kind.", kinds=joined(kinds)
        )
    raise CheckpointError(
        "These are no weights of a TimeSformer: they hold {first}. What can be read is of: "
        "{known}.",
        first=listed(sorted(keys)) or Sentence("nothing"),
        known=joined(layout.name for layout in LAYOUTS),
    )


def listed(names: Sequence[str], most: int = 4) -> str:
    """Names that a file chose, the first few of them and not at any length, for a message."""
    shown = [
        "".join(letter if letter.isprintable() else "?" for letter in name[:LONGEST_NAME])
        for name in names[:most]
    ]
    first = ", ".join(shown)
    if len(names) <= most:
        return first
    return Sentence("{names} and {count} more", names=first, count=len(names) - most)
