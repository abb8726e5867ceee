"""Checkpoint names and files, on disk or on the Hugging Face Hub; knows no model class."""
