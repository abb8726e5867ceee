"""The command line, `python -m timesformer`."""
