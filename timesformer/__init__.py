"""TimeSformer in pure PyTorch, with the heatmaps of where and when it looks."""

from .checkpoints.checkpoint import push_checkpoint, save_checkpoint
from .checkpoints.registry import embedded_models
from .errors import CheckpointError, ClipError, TimesformerError
from .explain import Check, Explanation, Prediction
from .models.config import TimesformerConfig
from .models.outputs import TimesformerOutput
from .models.timesformer import TimesformerForVideoClassification, TimesformerModel
from .preprocess import Preprocess
from .recognizer import Recognizer, load
from .training.from_images import start_from_images
from .video.clip import Clip, read_clip
from .video.encode import write_mp4

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
