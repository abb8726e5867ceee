"""Attention to heatmaps: pure functions on a model and the states of its forward pass."""

from .attention_maps import (
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
from .gradsam import gradsam
from .methods import METHODS, Method
from .occlusion import occlusion
from .qk import numbers_of_a_block, queries_and_keys
from .relevance import Relevance, relevance
from .rollout import rollout, rollouts
from .target import score_of

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
    "gradsam",
    "numbers_of_a_block",
    "occlusion",
    "queries_and_keys",
    "relevance",
    "rollout",
    "rollouts",
    "score_of",
    "space_attention",
    "time_attention",
    "watch",
]
