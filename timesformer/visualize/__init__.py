"""Heatmaps and predictions as pictures, captions, HTML and files."""
