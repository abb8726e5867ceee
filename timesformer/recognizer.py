"""Recognizers: clips to predictions and heatmaps, with a loaded checkpoint."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor

from .checkpoints.checkpoint import input_shape_notes, load_checkpoint
from .errors import CheckpointError
from .explain import (
    METHODS,
    Check,
    Explanation,
    Heads,
    Options,
    Prediction,
    Target,
    best_method,
    deletion_test,
    explain,
)
from .explain.target import target_indices
from .explain.types import as_numbers
from .hub.source import Source
from .kernels.onednn import packs
from .kernels.prepare import is_int8, prepare
from .models.outputs import probabilities_of
from .models.timesformer import TimesformerForVideoClassification
from .preprocess import Preprocess
from .progress import Progress, ignore_progress
from .video.clip import Clip, check_count, read_clip
from .video.files import VideoFile
from .video.sandbox import read_clip_sandboxed

DTYPES = ("float32", "bfloat16", "float16", "int8")  # that `load` knows by name


@dataclass(frozen=True)
class Protocol:
    """A test protocol: `clips` clips spread over the video, `crops` crops each, logits averaged."""

    clips: int
    crops: Literal[1, 3]


PROTOCOLS: Mapping[str, Protocol] = {
    "center": Protocol(clips=1, crops=1),
    "fb": Protocol(clips=1, crops=3),  # of the released code and the paper's tables
}


def protocol_named(name: str) -> Protocol:
    """Return one of PROTOCOLS, or a protocol such as "4x3": four clips of three crops.

    Raises ValueError for other names.
    """
    if match := re.fullmatch(r"([1-9]\d?)[x\u00d7]3", name):
        return Protocol(clips=int(match[1]), crops=3)
    if name not in PROTOCOLS:
        known = ", ".join(PROTOCOLS)
        raise ValueError(f"protocol is {name!r}; choose {known}, or N x 3, such as 4x3")
    return PROTOCOLS[name]


@dataclass(frozen=True, eq=False)
class Recognizer:
    """A model with its preprocessing and labels, without state: threads can share it.

    methods: explanation methods, the best measured first; empty if none were measured.
    """

    model: TimesformerForVideoClassification
    preprocess: Preprocess
    labels: tuple[str, ...]
    notes: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()

    @property
    def device(self) -> torch.device:
        """Device of the weights."""
        return self.model.classifier.weight.device

    @property
    def dtype(self) -> torch.dtype:
        """Precision of the weights."""
        return self.model.classifier.weight.dtype

    @property
    def precision(self) -> str:
        """Precision of matrix products: "int8", or the dtype of the weights."""
        return "int8" if is_int8(self.model) else str(self.dtype).removeprefix("torch.")

    @property
    def processor(self) -> str:
        """Kind of device and precision, such as "CPU, bfloat16"."""
        kind = "GPU" if self.device.type == "cuda" else self.device.type.upper()
        return f"{kind}, {self.precision}"

    def adapted(self, *, num_frames: int | None = None, size: int | None = None) -> "Recognizer":
        """Return the recognizer for another number of frames or crop size.

        The frames span the same time. The crop, with a side of `size` pixels, is the same part of
        the frame. The notes name the differences to training. Raises ValueError for a number of
        frames or a size that the model cannot have.
        """
        for name, value in (("num_frames", num_frames), ("size", size)):
            if value is not None:
                check_count(name, value)
        config, old = self.model.config, self.preprocess
        T = old.num_frames if num_frames is None else num_frames
        crop = old.crop_size if size is None else (size, size)
        config.grid_of(*crop)  # refuses a crop that the patches do not divide
        scale = max(crop) / max(old.crop_size)
        span = None if old.sampling_rate is None else old.sampling_rate * old.num_frames
        preprocess = replace(
            old,
            num_frames=T,
            sampling_rate=span and max(1, round(span / max(1, T))),
            crop_size=crop,
            short_side=round(old.short_side * scale),
            stretch=old.stretch and (round(old.stretch[0] * scale), round(old.stretch[1] * scale)),
        )
        old_notes = input_shape_notes(config, old)
        notes = [note for note in self.notes if note not in old_notes]
        return replace(
            self, preprocess=preprocess, notes=(*notes, *input_shape_notes(config, preprocess))
        )

    def read(
        self,
        path: VideoFile,
        *,
        start: float = 0.0,
        sandboxed: bool = False,
        apart: bool | None = None,
    ) -> Clip:
        """Return the clip of a video, from `start` seconds on, that this checkpoint expects.

        `path` can also be a file opened for reading bytes. With `sandboxed`, another process
        decodes the video within limits: use it for the videos of strangers. `apart` is the
        deprecated name of `sandboxed`. Raises ClipError if the video has no readable frame from
        `start` on. The error names a missing file, but not with `sandboxed`. Raises ValueError for
        other objects as `path` or `start`.
        """
        if apart is not None:
            warnings.warn("apart is now sandboxed", DeprecationWarning, stacklevel=2)
            sandboxed = apart
        T, rate = self.preprocess.num_frames, self.preprocess.sampling_rate
        if sandboxed:
            return read_clip_sandboxed(path, num_frames=T, sampling_rate=rate, start=start)
        return read_clip(path, num_frames=T, sampling_rate=rate, start=start)

    def read_several(self, path: VideoFile, count: int, *, start: float = 0.0) -> list[Clip]:
        """Return `count` clips of a video, spread evenly from `start` as in the released test.

        The result is a single clip if a clip spans the whole video. Raises errors as `read`, and
        ValueError for a `count` that is not a whole number from 1 up.
        """
        check_count("count", count)
        first, seconds = self.read(path, start=start), self.preprocess.seconds
        spare = 0.0 if seconds is None else first.duration - start - seconds
        if spare <= 0:
            return [first]
        more = (self.read(path, start=start + spare * i / count) for i in range(1, count))
        return [first, *more]

    def predict(self, *clips: Clip, crops: Literal[1, 3] = 1, top_k: int = 5) -> list[Prediction]:
        """Return the `top_k` most likely classes, the most likely first.

        Several clips, or three crops of each, are averaged by their logits. Raises ValueError
        without clips, for another number of crops, and for a `top_k` below 1.
        """
        check_count("top_k", top_k)
        if not clips:
            raise ValueError("clips are missing; give at least one clip")
        if crops not in (1, 3):
            raise ValueError(f"crops is {crops!r}; choose 1 or 3")
        logits: list[Tensor] = []
        for clip in clips:
            views = self.preprocess.three_crops(clip) if crops == 3 else [self.preprocess(clip)]
            logits += [self.logits(view.pixel_values) for view in views]
        return list(self.ranked(torch.cat(logits).mean(dim=0))[:top_k])

    def explain(
        self,
        clip: Clip,
        *,
        method: str | None = None,
        target: Target | None = None,
        negative: bool = False,
        patch: tuple[int, int, int] | None = None,
        block: int | None = None,
        heads: Heads = "mean",
        norm_aware: bool = False,
        sharper: bool = False,
        on_progress: Progress = ignore_progress,
    ) -> Explanation:
        """Return the heatmaps of a clip by one of METHODS, with all predictions.

        The default is the method that was measured best for this checkpoint, of those that take the
        options. If none were measured, it is Libra, or rollout for options that Libra lacks.
        The heatmaps are (T, h, w), with a mean of 1. With `sharper` they are (T, 2*h, 2*w): the
        mean over four clips, shifted by half a patch. This takes four times as long.
        A class-independent method explains the cls token, or the token of `patch`: its frame, row
        and column. `block` selects a block, the last by default. `heads` is "mean", "max", "min" or
        the number of a head. `norm_aware` weights the residual by norms.
        A class-specific method explains the most likely class, or `target`: a label, its number, or
        two for a contrast. With `negative`, the heatmaps show evidence against `target`.
        Slow methods and sharper heatmaps call `on_progress`. Raises ValueError for options that do
        not fit the method, the clip or each other.
        """
        options = Options(method or "", target, negative, patch, block, heads, norm_aware, sharper)
        if method is None:
            scheme = self.model.config.attention_type
            best = best_method(self.methods, scheme, options.given)
            options = replace(options, method=best)
        pixel_values, box = self.preprocess(clip)
        pixel_values = self.at_model(pixel_values)
        logits, patches, moved = explain(
            self.model, pixel_values, options, labels=self.labels, on_progress=on_progress
        )
        h, w = self.grid(pixel_values)
        grid = (2 * h, 2 * w) if sharper else (h, w)
        heatmaps = patches[0].unflatten(1, grid).float().cpu().numpy()
        shares = None if moved is None else moved[0].unflatten(1, grid).float().cpu().numpy()
        predictions = self.ranked(logits[0].float().cpu())
        classes: tuple[int, ...] = ()
        if METHODS[options.method].is_class_specific:
            explained = predictions[0].index if target is None else target
            classes = target_indices(explained, self.labels)
        return Explanation(
            heatmaps=heatmaps / (heatmaps.mean() or 1),
            box=box,
            predictions=predictions,
            options=options,
            processor=self.processor,
            target=classes,
            moved=shares,
        )

    def check(
        self, clip: Clip, explanation: Explanation, *, on_progress: Progress = ignore_progress
    ) -> Check:
        """Return the deletion test of an explanation: mask its top patches, and random ones.

        The test takes 48 predictions; `on_progress` is called after each of 4 heatmaps. Raises
        TimesformerError for heatmaps of zeros, and ValueError for another object than an
        Explanation.
        """
        if not isinstance(explanation, Explanation):
            raise ValueError(
                f"the explanation is a {type(explanation).__name__}; give a result of explain(clip)"
            )
        index = explanation.tested_class()
        pixel_values = self.at_model(self.preprocess(clip).pixel_values)
        return deletion_test(
            self.model,
            pixel_values,
            explanation.on_grid(self.grid(pixel_values)),
            index=index,
            label=self.labels[index],
            on_progress=on_progress,
        )

    @torch.inference_mode()
    def logits(self, pixel_values: Tensor) -> Tensor:
        """Return logits (B, K) float32 on the CPU, of pixel values (B, T, 3, H, W).

        Raises ValueError for other objects, such as frames or clips.
        """
        logits: Tensor = self.model(self.at_model(pixel_values)).logits
        return logits.float().cpu()

    def at_model(self, pixel_values: Tensor) -> Tensor:
        """Return pixel values on the device and in the dtype of the weights.

        Raises ValueError for other objects than tensors of real numbers.
        """
        is_tensor = isinstance(pixel_values, Tensor)
        if not (is_tensor and pixel_values.is_floating_point() and pixel_values.numel()):
            kind = (
                f"{pixel_values.dtype} of shape {tuple(pixel_values.shape)}"
                if is_tensor
                else (f"a {type(pixel_values).__name__}")
            )
            raise ValueError(
                f"pixel_values are {kind}; give a tensor (B, T, 3, H, W) of floating-point "
                "numbers, such as preprocess(clip).pixel_values"
            )
        return pixel_values.to(self.device, self.dtype)

    def ranked(self, logits: Tensor) -> tuple[Prediction, ...]:
        """Return all classes of logits (K,), the most likely first."""
        config = self.model.config
        probabilities = probabilities_of(logits, config)
        order = probabilities.argsort(descending=True, stable=True).tolist()
        numbers = as_numbers(probabilities, config)
        return tuple(Prediction(self.labels[i], numbers[i], i) for i in order)

    def grid(self, pixel_values: Tensor) -> tuple[int, int]:
        """Return the patch grid (h, w) of pixel values (B, T, 3, H, W)."""
        return self.model.config.grid_of(*pixel_values.shape[-2:])


def load(
    name: str | Source,
    *,
    device: torch.device | str | None = None,
    dtype: torch.dtype | str | None = None,
    revision: str | None = None,
    num_attention_heads: int | None = None,
) -> Recognizer:
    """Load the recognizer of an embedded model ("motion"), a Hub id, a folder or a weights file.

    The defaults are the GPU, if there is one, and float32, in which heatmaps are exact. "bfloat16"
    is faster. "int8" runs on the CPU: products of int8, all else in float32. Predictions in int8
    depend slightly on the other clips of a batch. `num_attention_heads` is for weights without a
    config.json, whose shapes do not tell it. Weights are frozen; to train a model use
    `from_pretrained`. Raises CheckpointError, and torch.OutOfMemoryError if the device has too
    little memory.
    """
    chosen = _dtype(dtype) if dtype else None
    int8 = chosen == torch.int8
    target_device = device or ("cuda" if torch.cuda.is_available() and not int8 else "cpu")
    if int8 and not (str(target_device).startswith("cpu") and packs(torch.int8)):
        raise CheckpointError("checkpoint.int8_processor", device=str(target_device))
    checkpoint = load_checkpoint(name, revision=revision, num_attention_heads=num_attention_heads)
    try:
        precision = torch.float32 if int8 else chosen or torch.float32
        model = prepare(checkpoint.model, int8=int8, dtype=precision).to(target_device)
    except torch.OutOfMemoryError:  # a caller may load on another device
        raise
    except (RuntimeError, AssertionError) as error:  # torch raises either
        raise CheckpointError("checkpoint.device", device=str(target_device)) from error
    return Recognizer(
        model, checkpoint.preprocess, checkpoint.labels, checkpoint.notes, checkpoint.methods
    )


def _dtype(dtype: torch.dtype | str) -> torch.dtype:
    value = getattr(torch, dtype, None) if isinstance(dtype, str) else dtype
    if not isinstance(value, torch.dtype) or not (value.is_floating_point or value == torch.int8):
        raise ValueError(f"dtype is {dtype!r}; choose one of {', '.join(DTYPES)}")
    return value
