"""TimeSformer in pure PyTorch, with the heatmaps of where and when it looks."""

from .checkpoints import embedded_models, push_checkpoint, save_checkpoint
from .config import TimesformerConfig
from .errors import CheckpointError, ClipError, TimesformerError
from .explanations import Check, Explanation, Prediction
from .model import TimesformerForVideoClassification, TimesformerModel, TimesformerOutput
from .preprocess import Preprocess
from .recognizer import Recognizer, load
from .start import start_from_images
from .video import Clip, read_clip, write_mp4

__all__ = [
    "Check",
    "CheckpointError",
    "Clip",
    "ClipError",
    "Explanation",
    "Prediction",
    "Preprocess",
    "Recognizer",
    "TimesformerConfig",
    "TimesformerError",
    "TimesformerForVideoClassification",
    "TimesformerModel",
    "TimesformerOutput",
    "embedded_models",
    "load",
    "push_checkpoint",
    "read_clip",
    "save_checkpoint",
    "start_from_images",
    "write_mp4",
]
