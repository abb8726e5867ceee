"""Faster inference for a loaded model; everything works without this folder."""
