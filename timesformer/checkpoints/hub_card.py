"""Text of the card that goes with a checkpoint on the Hub."""

from ..models.card import model_card
from ..models.config import TimesformerConfig
from ..preprocess import Preprocess
from ..video.clip import GRID_FPS


def checkpoint_card(repository: str, config: TimesformerConfig, preprocess: Preprocess) -> str:
    """Return the card of a model together with its preprocessing."""
    return model_card(repository, config, clips=_clips(preprocess))


def _clips(preprocess: Preprocess) -> str:
    rate = preprocess.sampling_rate
    spread = f"one in {rate} of {GRID_FPS} a second" if rate else "spread over the whole video"
    order = preprocess.channel_order.upper()
    mean, std = (
        ", ".join(f"{value:g}" for value in values) for values in (preprocess.mean, preprocess.std)
    )
    resized = f"the short side resized to {preprocess.short_side} pixels"
    if preprocess.stretch:
        resized = "resized to {} x {} pixels".format(*preprocess.stretch)
    colours = f"{order} minus ({mean}), divided by ({std})"
    return f"{preprocess.num_frames} frames, {spread}; {resized}; {colours}"
