"""Small random models and clips that several test files share."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from timesformer import (
    Clip,
    Preprocess,
    Recognizer,
    TimesformerConfig,
    TimesformerForVideoClassification,
    save_checkpoint,
)
from timesformer.errors import CheckpointError
from timesformer.explain import METHODS
from timesformer.i18n import Message
from timesformer.synthetic import motion

SCHEMES = ("divided_space_time", "joint_space_time", "space_only")
TINY = {
    "image_size": 32,
    "patch_size": 8,
    "num_frames": 4,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "id2label": {0: "wave", 1: "jump", 2: "sit", 3: "run", 4: "rest"},
}
PREPROCESS = Preprocess(
    num_frames=4,
    sampling_rate=2,
    short_side=32,
    crop_size=(32, 32),
    mean=(0.45, 0.45, 0.45),
    std=(0.225, 0.225, 0.225),
)
MOTION_PREPROCESS = Preprocess(
    num_frames=8,
    sampling_rate=4,
    short_side=32,
    crop_size=(32, 32),
    mean=(0.5,) * 3,
    std=(0.5,) * 3,
)  # clips of 1.1 s


def randomized(model: nn.Module, seed: int = 0) -> nn.Module:
    """Add random numbers to every parameter, also where the default is 0 or 1."""
    generator = torch.Generator().manual_seed(seed)
    for parameter in model.parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        parameter.data = parameter.data + noise * (0.2 if parameter.ndim > 1 else 0.1)
    return model.eval()


def tiny_config(scheme: str = SCHEMES[0], **changes: object) -> TimesformerConfig:
    return TimesformerConfig(**(TINY | {"attention_type": scheme} | changes))


def tiny_model(scheme: str = SCHEMES[0], **changes: object) -> TimesformerForVideoClassification:
    """Return the same model at every call."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return randomized(TimesformerForVideoClassification(tiny_config(scheme, **changes)))


def tiny_checkpoint(folder: Path, scheme: str = SCHEMES[0], **changes: object) -> Path:
    """Write a whole checkpoint of random weights into a folder."""
    save_checkpoint(tiny_model(scheme, **changes), PREPROCESS, folder)
    return folder


def random_pixels(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def random_clip(T: int = 4, H: int = 48, W: int = 64, seed: int = 0) -> Clip:
    frames = np.random.default_rng(seed).integers(0, 256, (T, H, W, 3), dtype=np.uint8)
    return Clip(frames, np.arange(T) / 15, T / 15)


def methods_of(recognizer: Recognizer) -> list[str]:
    """Return the methods that work with the recognizer's scheme."""
    scheme = recognizer.model.config.attention_type
    return [name for name, method in METHODS.items() if scheme in method.schemes]


class Trap:
    """An object that makes a folder when its pickle is loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple:
        return os.mkdir, (str(self.folder),)


def refused(read: Callable[[Path], object], path: Path) -> Message:
    """Return the message with which a checkpoint is refused; it must not contain its folder."""
    with pytest.raises(CheckpointError) as caught:
        read(path)
    message = caught.value.message
    assert message.endswith(".")
    assert str(path.parent) not in message
    return message


def motion_recognizer(scheme: str = "divided_space_time") -> Recognizer:
    """Return a small random model with the ten labels of drawn clips."""
    model = tiny_model(scheme, num_frames=8, id2label=dict(enumerate(motion.LABELS)))
    return Recognizer(model, MOTION_PREPROCESS, motion.LABELS)
