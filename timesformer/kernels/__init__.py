"""Faster inference for a loaded model; models/ and explain/ do not import it."""
