"""A loaded checkpoint at work: clips to predictions and heatmaps."""

from dataclasses import dataclass, replace
from os import PathLike
from typing import Literal

import torch
from torch import Tensor

from .checkpoints.checkpoint import input_shape_notes, load_checkpoint
from .errors import CheckpointError, TimesformerError
from .explain import (
    METHODS,
    Check,
    Explanation,
    Heads,
    Options,
    Prediction,
    Target,
    deletion_test,
    explain,
)
from .explain.target import target_indices
from .hub.source import Source
from .kernels.onednn import capabilities, packs
from .kernels.prepare import is_int8, prepare
from .models.timesformer import TimesformerForVideoClassification
from .preprocess import Prepared, Preprocess
from .progress import Progress, ignore_progress
from .video.clip import Clip, read_clip
from .video.sandbox import read_clip_sandboxed

DTYPES = ("float32", "bfloat16", "float16", "int8")  # that people choose from


@dataclass(frozen=True, eq=False)
class Recognizer:
    """A model with its preprocessing and labels; holds no state, so threads may share it."""

    model: TimesformerForVideoClassification
    preprocess: Preprocess
    labels: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.model.classifier.weight.device

    @property
    def dtype(self) -> torch.dtype:
        """The precision of the weights."""
        return self.model.classifier.weight.dtype

    @property
    def precision(self) -> str:
        """In what it multiplies: "int8", or the dtype of the weights."""
        return "int8" if is_int8(self.model) else str(self.dtype).removeprefix("torch.")

    @property
    def processor(self) -> str:
        """What it computes on, and in which precision: "CPU, bfloat16"."""
        kind = "GPU" if self.device.type == "cuda" else self.device.type.upper()
        return f"{kind}, {self.precision}"

    def adapted(self, *, num_frames: int | None = None, size: int | None = None) -> "Recognizer":
        """The same model on other frames than it was made for, spread over as long a time.

        `size` is the side of a square crop in pixels, of the same part of the frame. The notes say
        how far it is from home. Raises ValueError for a size that the patches do not divide.
        """
        config, old = self.model.config, self.preprocess
        T = old.num_frames if num_frames is None else num_frames
        crop = old.crop_size if size is None else (size, size)
        patch = config.patch_shape
        if crop[0] % patch[0] or crop[1] % patch[1]:
            raise ValueError(
                f"size is {size}; the patches of {patch[0]} x {patch[1]} do not divide it"
            )
        span = None if old.sampling_rate is None else old.sampling_rate * old.num_frames
        preprocess = replace(
            old,
            num_frames=T,
            sampling_rate=span and max(1, round(span / max(1, T))),
            crop_size=crop,
            short_side=round(old.short_side * max(crop) / max(old.crop_size)),
        )
        were_away = input_shape_notes(config, old)
        notes = [note for note in self.notes if note not in were_away]
        return replace(
            self, preprocess=preprocess, notes=(*notes, *input_shape_notes(config, preprocess))
        )

    def read(
        self,
        path: str | PathLike[str],
        *,
        start: float = 0.0,
        sandboxed: bool = False,
        apart: bool = False,
    ) -> Clip:
        """Return the clip of a video, from `start` seconds on, that this checkpoint expects.

        With `sandboxed`, another process decodes the video within limits: use it for the videos of
        strangers. `apart` is the former name of `sandboxed`. Raises ClipError.
        """
        T, rate = self.preprocess.num_frames, self.preprocess.sampling_rate
        if sandboxed or apart:
            return read_clip_sandboxed(path, num_frames=T, sampling_rate=rate, start=start)
        return read_clip(path, num_frames=T, sampling_rate=rate, start=start)

    def read_several(
        self, path: str | PathLike[str], count: int, *, start: float = 0.0
    ) -> list[Clip]:
        """`count` clips of a video, the first at `start`, spread evenly as in the released test.

        Just one where a clip of this checkpoint spans the whole video. Raises ClipError.
        """
        first = self.read(path, start=start)
        seconds = self.preprocess.seconds
        if seconds is None:
            return [first]
        spare = first.duration - start - seconds
        if spare <= 0:
            return [first]
        more = (self.read(path, start=start + spare * i / count) for i in range(1, count))
        return [first, *more]

    def predict(self, *clips: Clip, crops: Literal[1, 3] = 1, top_k: int = 5) -> list[Prediction]:
        """The `top_k` likeliest classes, likeliest first.

        Of several clips, or three crops of each, it is the mean of the logits that decides.
        """
        views = (view for clip in clips for view in self._views(clip, crops))
        logits = torch.cat([self.logits(view.pixel_values) for view in views])
        return list(self.ranked(logits.mean(dim=0))[:top_k])

    def _views(self, clip: Clip, crops: Literal[1, 3]) -> list[Prepared]:
        return self.preprocess.three_crops(clip) if crops == 3 else [self.preprocess(clip)]

    def explain(
        self,
        clip: Clip,
        *,
        method: str = "rollout",
        target: Target | None = None,
        negative: bool = False,
        patch: tuple[int, int, int] | None = None,
        block: int | None = None,
        heads: Heads = "mean",
        norm_aware: bool = False,
        on_progress: Progress = ignore_progress,
    ) -> Explanation:
        """Return the heatmaps of a clip by one of METHODS, with all predictions.

        A method for no class explains the cls token, or the token of `patch` (frame, row, column).
        `block` selects a block, the last by default; `heads` is "mean", "max", "min" or the number
        of a head. `norm_aware` weighs the residual by norms.
        A method for a class explains the likeliest, or `target`: a label, its number, or two for a
        contrast. `negative` asks for evidence against `target`. `on_progress` is called by slow
        methods. Raises ValueError for options that do not fit the method, the clip or each other.
        """
        options = Options(method, target, negative, patch, block, heads, norm_aware)
        prepared = self.preprocess(clip)
        pixel_values = self.at_model(prepared.pixel_values)
        logits, patches = explain(
            self.model, pixel_values, options, labels=self.labels, on_progress=on_progress
        )
        heatmaps = patches[0].unflatten(1, self.grid(pixel_values)).float().cpu().numpy()
        predictions = self.ranked(logits[0].float().cpu())
        about: tuple[int, ...] = ()
        if METHODS[method].is_class_specific:
            about = target_indices(predictions[0].index if target is None else target, self.labels)
        return Explanation(
            heatmaps=heatmaps / (heatmaps.mean() or 1),
            box=prepared.box,
            predictions=predictions,
            options=options,
            processor=self.processor,
            about=about,
        )

    def check(
        self, clip: Clip, explanation: Explanation, *, on_progress: Progress = ignore_progress
    ) -> Check:
        """Whether the answer changes more when the hottest patches of `clip` are covered than any.

        Takes 48 answers; `on_progress` is called after each map. Raises TimesformerError
        where there is no heat.
        """
        if not explanation.heatmaps.any():
            raise TimesformerError("explain.no_heat")
        index = (*explanation.about, explanation.predictions[0].index)[0]
        return deletion_test(
            self.model,
            self.at_model(self.preprocess(clip).pixel_values),
            explanation.heatmaps,
            index=index,
            label=self.labels[index],
            on_progress=on_progress,
        )

    @torch.inference_mode()
    def logits(self, pixel_values: Tensor) -> Tensor:
        """Logits (B, K) float32, on the CPU, of pixel values (B, T, 3, H, W) from anywhere."""
        logits: Tensor = self.model(self.at_model(pixel_values)).logits
        return logits.float().cpu()

    def at_model(self, pixel_values: Tensor) -> Tensor:
        """Pixel values where the weights are, and in their dtype."""
        return pixel_values.to(self.device, self.dtype)

    def ranked(self, logits: Tensor) -> tuple[Prediction, ...]:
        """All classes of logits (K,), likeliest first."""
        probabilities = logits.softmax(-1)
        order = probabilities.argsort(descending=True, stable=True).tolist()
        return tuple(Prediction(self.labels[i], float(probabilities[i]), i) for i in order)

    def grid(self, pixel_values: Tensor) -> tuple[int, int]:
        """(h, w), the patches down and across a frame of pixel values (B, T, 3, H, W)."""
        (H, W), (height, width) = pixel_values.shape[-2:], self.model.config.patch_shape
        return H // height, W // width


def load(
    name: str | Source,
    *,
    device: torch.device | str | None = None,
    dtype: torch.dtype | str | None = None,
    revision: str | None = None,
) -> Recognizer:
    """The recognizer of an embedded model ("motion"), a Hub id, a folder or a file of weights.

    `device` is the GPU where there is one, else the CPU; `dtype` is `fastest_dtype` of it unless
    asked for. "int8", for the CPU, multiplies whole numbers where nothing runs backwards, and does
    all else in float32; an answer then depends a little on what is answered beside it. Weights are
    frozen: a model that is to learn is had by `from_pretrained`.
    Raises CheckpointError with what is wrong and what to do.
    """
    asked = _dtype(dtype) if dtype else None
    int8 = asked == torch.int8
    place = device or ("cuda" if torch.cuda.is_available() and not int8 else "cpu")
    if int8 and not (str(place).startswith("cpu") and packs(torch.int8)):
        raise CheckpointError("checkpoint.int8_processor", device=str(place))
    checkpoint = load_checkpoint(name, revision=revision)
    try:
        precision = torch.float32 if int8 else asked or fastest_dtype(torch.device(place))
        model = prepare(checkpoint.model, int8=int8, dtype=precision).to(place)
    except (RuntimeError, AssertionError) as error:  # torch raises either
        raise CheckpointError("checkpoint.device", device=str(place)) from error
    return Recognizer(model, checkpoint.preprocess, checkpoint.labels, checkpoint.notes)


def fastest_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 where the processor computes in it, else float32.

    By how much it moves probabilities is measured: `python -m tests.benchmarks precision`.
    """
    if device.type == "cuda":
        able = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        has = capabilities()
        able = device.type == "cpu" and (has.get("avx512_bf16") or has.get("amx_bf16", False))
    return torch.bfloat16 if able else torch.float32


def _dtype(dtype: torch.dtype | str) -> torch.dtype:
    found = getattr(torch, dtype, None) if isinstance(dtype, str) else dtype
    if not isinstance(found, torch.dtype) or not (found.is_floating_point or found == torch.int8):
        raise ValueError(f"dtype is {dtype!r}; choose one of {', '.join(DTYPES)}")
    return found
