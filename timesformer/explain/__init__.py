"""Attention to heatmaps: pure functions on the states of a forward pass."""

from .rollout import BlockAttention, Query, Shares, average_heads, last_attention, rollout

__all__ = ["BlockAttention", "Query", "Shares", "average_heads", "last_attention", "rollout"]
