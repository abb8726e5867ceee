"""Small models with the modules and names of other code bases, written from the mathematics.

They share one forward pass, which is not ours: tokens of a clip in one sequence, as the released
code keeps them, and attention of torch itself where mmaction2 uses that.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

D, HEADS, T, SIDE, PATCH, BLOCKS, K = 128, 2, 4, 32, 8, 2, 5
POSITIONS = (SIDE // PATCH) ** 2
Branch = Callable[[Tensor], Tensor]


def clip_logits(
    video: Tensor,
    *,
    scheme: str,
    cls_token: Tensor,
    positions: Tensor,
    times: Tensor | None,
    embed: nn.Module,
    blocks: list[tuple[Branch | None, Branch, Branch]],
    norm: nn.Module,
    head: nn.Module,
) -> Tensor:
    """Return logits (B, K) of a video (B, T, 3, H, W); a block adds time, space and MLP."""
    B = len(video)
    patches = embed(video.flatten(0, 1)).flatten(2).transpose(1, 2)  # (B*T, N, D)
    x = torch.cat([cls_token.expand(B * T, -1, -1), patches], 1) + positions
    if scheme == "space_only":
        for _, space, mlp in blocks:
            x = x + space(x)
            x = x + mlp(x)
        x = x.view(B, T, 1 + POSITIONS, D).mean(1)
        return head(norm(x)[:, 0])
    cls = x[:B, :1]
    x = x[:, 1:].view(B, T, POSITIONS, D).transpose(1, 2) + times  # (B, N, T, D)
    x = torch.cat([cls, x.reshape(B, POSITIONS * T, D)], 1)
    for time, space, mlp in blocks:
        x = x + space(x) if time is None else _divided(x, time, space)
        x = x + mlp(x)
    return head(norm(x)[:, 0])


def _divided(x: Tensor, time: Branch, space: Branch) -> Tensor:
    B = len(x)
    cls, tracks = x[:, :1], x[:, 1:].reshape(B * POSITIONS, T, D)
    tracks = tracks + time(tracks)
    frames = tracks.view(B, POSITIONS, T, D).transpose(1, 2).reshape(B * T, POSITIONS, D)
    added = space(torch.cat([cls.repeat_interleave(T, 0), frames], 1))
    frames = frames + added[:, 1:]
    cls = cls + added[:, :1].view(B, T, 1, D).mean(1)
    tracks = frames.view(B, T, POSITIONS, D).transpose(1, 2).reshape(B, POSITIONS * T, D)
    return torch.cat([cls, tracks], 1)


class ReleasedAttention(nn.Module):
    """Attention whose queries, keys and values are from one linear map."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.proj = nn.Linear(D, 3 * D), nn.Linear(D, D)

    def forward(self, x: Tensor) -> Tensor:
        S, n, _ = x.shape
        q, k, v = self.qkv(x).view(S, n, 3, HEADS, D // HEADS).permute(2, 0, 3, 1, 4)
        weights = (q @ k.mT / (D // HEADS) ** 0.5).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(S, n, D))


class ReleasedBlock(nn.Module):
    """A block with the names of timm and, for time attention, of the released code."""

    def __init__(self, divided: bool) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(D, eps=1e-6), nn.LayerNorm(D, eps=1e-6)
        self.attn = ReleasedAttention()
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(D, 2 * D), "fc2": nn.Linear(2 * D, D)})
        if divided:
            self.temporal_norm1 = nn.LayerNorm(D, eps=1e-6)
            self.temporal_attn = ReleasedAttention()
            self.temporal_fc = nn.Linear(D, D)

    def time(self, x: Tensor) -> Tensor:
        return self.temporal_fc(self.temporal_attn(self.temporal_norm1(x)))

    def branches(self) -> tuple[Branch | None, Branch, Branch]:
        return (
            self.time if hasattr(self, "temporal_fc") else None,
            lambda x: self.attn(self.norm1(x)),
            lambda x: self.mlp["fc2"](nn.functional.gelu(self.mlp["fc1"](self.norm2(x)))),
        )


class Released(nn.Module):
    """The released code's model; the space-only one has the names of a timm vision transformer."""

    def __init__(self, scheme: str) -> None:
        super().__init__()
        self.scheme = scheme
        self.cls_token = nn.Parameter(torch.zeros(1, 1, D))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + POSITIONS, D))
        if scheme != "space_only":
            self.time_embed = nn.Parameter(torch.zeros(1, T, D))
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(3, D, PATCH, PATCH)})
        self.blocks = nn.ModuleList(
            ReleasedBlock(scheme == "divided_space_time") for _ in range(BLOCKS)
        )
        self.norm, self.head = nn.LayerNorm(D, eps=1e-6), nn.Linear(D, K)

    def forward(self, video: Tensor) -> Tensor:
        return clip_logits(
            video,
            scheme=self.scheme,
            cls_token=self.cls_token,
            positions=self.pos_embed,
            times=getattr(self, "time_embed", None),
            embed=self.patch_embed["proj"],
            blocks=[block.branches() for block in self.blocks],
            norm=self.norm,
            head=self.head,
        )


class MmactionAttention(nn.Module):
    """Attention of torch; if divided, with the norm before it and the map after it."""

    def __init__(self, *, norm: bool, temporal: bool) -> None:
        super().__init__()
        self.attn = nn.MultiheadAttention(D, HEADS, batch_first=True)
        if norm:
            self.norm = nn.LayerNorm(D, eps=1e-6)
        if temporal:
            self.temporal_fc = nn.Linear(D, D)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(x) if hasattr(self, "norm") else x
        x, _ = self.attn(x, x, x)
        return self.temporal_fc(x) if hasattr(self, "temporal_fc") else x


class MmactionFfn(nn.Module):
    """Two linear maps, in nested sequences."""

    def __init__(self, *, norm: bool) -> None:
        super().__init__()
        first = nn.Sequential(nn.Linear(D, 2 * D), nn.GELU(), nn.Dropout(0))
        self.layers = nn.Sequential(first, nn.Linear(2 * D, D), nn.Dropout(0))
        if norm:
            self.norm = nn.LayerNorm(D, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(self.norm(x) if hasattr(self, "norm") else x)


class MmactionBlock(nn.Module):
    """A block of mmaction2; if divided, the norms are inside the attentions."""

    def __init__(self, divided: bool) -> None:
        super().__init__()
        kinds = (True, False) if divided else (False,)
        self.attentions = nn.ModuleList(
            MmactionAttention(norm=divided, temporal=temporal) for temporal in kinds
        )
        self.ffns = nn.ModuleList([MmactionFfn(norm=divided)])
        self.norms = nn.ModuleList(nn.LayerNorm(D, eps=1e-6) for _ in range(0 if divided else 2))

    def branches(self) -> tuple[Branch | None, Branch, Branch]:
        if len(self.attentions) == 2:
            return self.attentions[0], self.attentions[1], self.ffns[0]
        return (
            None,
            lambda x: self.attentions[0](self.norms[0](x)),
            lambda x: self.ffns[0](self.norms[1](x)),
        )


class Mmaction(nn.Module):
    """mmaction2's model: a backbone and a head."""

    def __init__(self, scheme: str) -> None:
        super().__init__()
        self.scheme = scheme
        self.backbone = nn.Module()
        self.backbone.cls_token = nn.Parameter(torch.zeros(1, 1, D))
        self.backbone.pos_embed = nn.Parameter(torch.zeros(1, 1 + POSITIONS, D))
        if scheme != "space_only":
            self.backbone.time_embed = nn.Parameter(torch.zeros(1, T, D))
        self.backbone.patch_embed = nn.ModuleDict({"projection": nn.Conv2d(3, D, PATCH, PATCH)})
        blocks = (MmactionBlock(scheme == "divided_space_time") for _ in range(BLOCKS))
        self.backbone.transformer_layers = nn.ModuleDict({"layers": nn.ModuleList(blocks)})
        self.backbone.norm = nn.LayerNorm(D, eps=1e-6)
        self.cls_head = nn.ModuleDict({"fc_cls": nn.Linear(D, K)})

    def forward(self, video: Tensor) -> Tensor:
        backbone = self.backbone
        return clip_logits(
            video,
            scheme=self.scheme,
            cls_token=backbone.cls_token,
            positions=backbone.pos_embed,
            times=getattr(backbone, "time_embed", None),
            embed=backbone.patch_embed["projection"],
            blocks=[block.branches() for block in backbone.transformer_layers["layers"]],
            norm=backbone.norm,
            head=self.cls_head["fc_cls"],
        )
