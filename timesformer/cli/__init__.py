"""The command line, `python -m timesformer` or `timesformer`."""
