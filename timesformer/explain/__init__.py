"""Attention to heatmaps: pure functions on the states of a forward pass."""

from .relevance import Relevance, Score, relevance
from .rollout import BlockAttention, Query, Shares, average_heads, last_attention, rollout

__all__ = [
    "BlockAttention",
    "Query",
    "Relevance",
    "Score",
    "Shares",
    "average_heads",
    "last_attention",
    "relevance",
    "rollout",
]
