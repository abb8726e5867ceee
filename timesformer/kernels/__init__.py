"""Faster inference for a loaded model; everything else works without this folder."""
