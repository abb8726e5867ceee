"""Labelled clips that are drawn: training data and bundled examples."""
