"""The heat that the picture has without motion, and the heat that motion adds.

Each frame is also seen frozen, in a clip that repeats it. A token of the real clip is the token of
the frozen frame plus what motion adds. Only frames with another content can add anything. So motion
adds nothing if all frames are equal, and in a model that never compares frames.
"""

import math

import torch
from torch import Tensor

from ..models.timesformer import TimesformerForVideoClassification
from ..progress import Progress, ignore_progress
from .libra import measure_later_blocks, positive_share
from .target import batch_size, most_likely
from .types import Heatmap, share_of


@torch.inference_mode(False)
def moved(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    *,
    target: Tensor | None = None,
    negative: bool = False,
    on_progress: Progress = ignore_progress,
) -> Heatmap:
    """Return the heat of pixel_values (B, T, C, H, W), and the share of it that is due to motion.

    Arguments are those of `libra_pointed`. The heat is the sum of two, both made as there. One is
    that of each frame where it is frozen. The other is that of the clip, but with what motion adds
    in the place of the tokens. `on_progress` is called with frames.
    """
    B, T = pixel_values.shape[:2]
    if target is None:
        with torch.no_grad():
            target = most_likely(model(pixel_values).logits)
    heatmaps = []
    for index, of_clip in enumerate(target.expand(B, -1)):
        clip, tokens, scenery = pixel_values[index], [], []
        tokens_per_frame = math.prod(model.config.grid_of(*clip.shape[-2:]))
        for frames in torch.arange(T, device="cpu").split(batch_size(T * tokens_per_frame)):
            tokens_of, heat = _frozen(model, clip, frames, of_clip, negative)
            tokens.append(tokens_of)
            scenery.append(heat)
            on_progress(index * T + int(frames[-1]) + 1, B * T)
        logits, motion = _added(model, clip, torch.cat(tokens, dim=1), of_clip, negative)
        heat = motion + torch.cat(scenery)
        heatmaps.append(Heatmap(logits, heat[None], share_of(motion, heat)[None]))
    return Heatmap(*(torch.cat(parts) for parts in zip(*heatmaps, strict=True)))


def _frozen(
    model: TimesformerForVideoClassification,
    clip: Tensor,
    frames: Tensor,
    target: Tensor,
    negative: bool,
) -> tuple[Tensor, Tensor]:
    """Return tokens (blocks, n, N, D) and heat (n, N) of `frames` (n,), each in a clip of its own.

    Such a clip repeats the frame; its tokens and its heat are those at the frame's own time.
    """
    rows = torch.arange(len(frames), device="cpu")
    clips = clip[frames][:, None].expand(-1, len(clip), -1, -1, -1)

    def measure(_: int, tokens: Tensor, gradients: Tensor) -> tuple[Tensor, Tensor]:
        heat = positive_share(tokens, gradients, negative=negative)
        return tokens[rows, frames], heat[rows, frames]

    _, measured, weights = measure_later_blocks(model, clips, measure, target=target)
    tokens, heats = (torch.stack(parts) for parts in zip(*measured, strict=True))
    return tokens, (heats.sum(0) * weights[rows, frames]).sqrt()


def _added(
    model: TimesformerForVideoClassification,
    clip: Tensor,
    frozen: Tensor,
    target: Tensor,
    negative: bool,
) -> tuple[Tensor, Tensor]:
    """Return logits (1, K), and the heat (T, N) of what motion adds to `frozen` tokens."""

    def measure(number: int, tokens: Tensor, gradients: Tensor) -> Tensor:
        added = _without_rounding(tokens - frozen[number], tokens)
        return positive_share(added, gradients, negative=negative)

    logits, heats, weights = measure_later_blocks(model, clip[None], measure, target=target)
    return logits, (torch.stack(heats).sum(0) * weights).sqrt()[0]


def _without_rounding(added: Tensor, tokens: Tensor) -> Tensor:
    """Return differences of tokens (B, T, N, D), with 0 for those that are rounding errors.

    A batch of another size can round otherwise. The bound is 6e-6 of a token in float32, and 3% in
    bfloat16.
    """
    bound = torch.finfo(tokens.dtype).eps ** 0.75
    is_real = added.norm(dim=-1, keepdim=True) > bound * tokens.norm(dim=-1, keepdim=True)
    return added * is_real
