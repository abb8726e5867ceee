"""Explanation methods: a model and pixel values to heatmaps, a file for each method."""

from .attention_maps import (
    BlockAttention,
    Flow,
    PatchIndex,
    fuse_heads,
    space_flow,
    time_flow,
    trace_attention,
)
from .deletion import Check, deletion_test
from .qk import numbers_per_block, queries_and_keys
from .registry import METHODS, Method, best_method, explain
from .rollout import rollout_flow, rollout_flows
from .target import score_of
from .types import Explanation, Heads, Heatmap, Options, Paper, Prediction, Target

__all__ = [
    "METHODS",
    "BlockAttention",
    "Check",
    "Explanation",
    "Flow",
    "Heads",
    "Heatmap",
    "Method",
    "Options",
    "Paper",
    "PatchIndex",
    "Prediction",
    "Target",
    "best_method",
    "deletion_test",
    "explain",
    "fuse_heads",
    "numbers_per_block",
    "queries_and_keys",
    "rollout_flow",
    "rollout_flows",
    "score_of",
    "space_flow",
    "time_flow",
    "trace_attention",
]
