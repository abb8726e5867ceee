"""Attention to heatmaps: pure functions on a model and the states of its forward pass."""

from .attention import (
    BlockAttention,
    Heads,
    Query,
    Shares,
    fused,
    space_attention,
    time_attention,
    watch,
)
from .gradcam import gradcam
from .methods import METHODS, Method
from .occlusion import occlusion
from .relevance import Relevance, relevance
from .rollout import rollout
from .score import score_of

__all__ = [
    "METHODS",
    "BlockAttention",
    "Heads",
    "Method",
    "Query",
    "Relevance",
    "Shares",
    "fused",
    "gradcam",
    "occlusion",
    "relevance",
    "rollout",
    "score_of",
    "space_attention",
    "time_attention",
    "watch",
]
